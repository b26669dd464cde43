"""The contract reports what is broken and nothing else; a wide session keeps it."""

import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.harness import File, LoopbackDiscord, Member, Place
from bot.harness.components import Payload
from bot.harness.endpoints import ENDPOINTS
from bot.harness.faults import RateLimited
from bot.harness.rest import Exchange
from tests.harness.contract import UNDESCRIBED, Contract, description_path, known_contract, transcript_problems
from tests.harness.specimen import Specimen, specimen_on

COMMANDS = "/applications/{application_id}/commands"
CALLBACK = "/interactions/{id}/{token}/callback"
FOLLOW_UP = "/webhooks/{application_id}/{token}"
ORIGINAL = "/webhooks/{application_id}/{token}/messages/{message_id}"


@pytest.fixture
def contract() -> Contract:
    """Discord's description; the test is skipped where it is absent."""
    found = known_contract()
    if found is None:
        pytest.skip(f"without {description_path()} nothing is compared with Discord's description")
    return found


def test_discords_description_is_there(contract: Contract) -> None:
    assert isinstance(contract, Contract)


def sent(method: str, template: str, body: Any = None, *, status: int = 204, answer: Any = None) -> Exchange:
    """A request with an answer."""
    return Exchange(method, template, {}, body, (), status, answer, {})


def command(**changes: Any) -> Payload:
    """A command with two options, and changes."""
    options = [
        {"type": 3, "name": "claim", "description": "What was said", "required": True, "max_length": 100},
        {"type": 4, "name": "count", "description": "How many", "choices": [{"name": "One", "value": 1}]},
    ]
    return {"type": 1, "name": "check", "description": "Check a claim", "options": options, **changes}


def option(**changes: Any) -> Payload:
    """A command whose first option is changed."""
    return command(options=[{"type": 3, "name": "claim", "description": "What was said", **changes}])


def message(**data: Any) -> Payload:
    """An answer with a message."""
    return {"type": 4, "data": {"content": "words", "allowed_mentions": {"parse": []}, **data}}


def row(*children: Payload) -> Payload:
    """An answer with a row of components."""
    return message(components=[{"type": 1, "components": list(children)}])


BUTTON: Payload = {"type": 2, "style": 1, "label": "Press", "custom_id": "press"}
MENU: Payload = {"type": 3, "custom_id": "menu", "options": [{"label": "One", "value": "1"}]}
INPUT: Payload = {"type": 4, "custom_id": "why", "style": 1}


def modal(**data: Any) -> Payload:
    """An answer with a form of one field, and changes."""
    label = {"type": 18, "label": "Why", "component": INPUT}
    return {"type": 9, "data": {"custom_id": "form", "title": "A form", "components": [label], **data}}


def card(**changes: Any) -> Payload:
    """An answer with components of the second version, the first child of whose container is changed."""
    text = {"type": 10, "content": "words", **changes}
    return {"type": 4, "data": {"flags": 1 << 15, "components": [{"type": 17, "components": [text]}]}}


SOUND: list[tuple[str, str, Any]] = [
    ("PUT", COMMANDS, None),
    ("POST", CALLBACK, message()),
    ("POST", CALLBACK, row(BUTTON)),
    ("POST", CALLBACK, row(MENU)),
    ("POST", CALLBACK, modal()),
    ("POST", CALLBACK, card()),
    ("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}),
    ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "One", "value": 1}]}}),
    ("POST", CALLBACK, message(embeds=[{"title": "T", "timestamp": "2026-01-01T00:00:00+00:00", "color": 5}])),
    ("POST", CALLBACK, message(attachments=[{"id": 0, "filename": "a.txt"}])),
    ("POST", FOLLOW_UP, message()["data"]),
    ("PATCH", ORIGINAL, message()["data"]),
]

BROKEN: list[tuple[str, str, Any, str]] = [
    ("PUT", COMMANDS, [command(name="x" * 33)], "request.0.name: 'xxx"),
    ("PUT", COMMANDS, [command(default_member_permissions="32")], "request.0.default_member_permissions: '32'"),
    ("PUT", COMMANDS, [command(contexts=[])], "request.0.contexts: [] should be non-empty"),
    ("PUT", COMMANDS, [command(contexts=[0, 7])], "request.0.contexts.1: 7 is not one of"),
    ("PUT", COMMANDS, [command(colour="red")], "ApplicationCommandUpdateRequest has no field 'colour'"),
    ("PUT", COMMANDS, [option(type=12)], "request.0.options.0: the type is 12 and not one of"),
    ("PUT", COMMANDS, [option(max_length=6001)], "request.0.options.0.max_length: 6001 is greater"),
    ("PUT", COMMANDS, [option(choices=[{"name": "One", "value": 1}])], "request.0.options.0.choices.0.value: 1 is not"),
    ("PUT", COMMANDS, [option(description="x" * 101)], "request.0.options.0.description"),
    ("POST", CALLBACK, {"data": {"content": "words"}}, "request: the type is None"),
    ("POST", CALLBACK, {"type": 3}, "request: the type is 3"),
    ("POST", CALLBACK, message(content="x" * 2001), "request.data.content"),
    ("POST", CALLBACK, message(content=5), "request.data.content: 5 is not of type"),
    ("POST", CALLBACK, message(words="x"), "has no field 'words'"),
    ("POST", CALLBACK, message(embeds=[{"description": "x" * 4097}]), "request.data.embeds.0.description"),
    ("POST", CALLBACK, message(embeds=[{"title": "x"}] * 11), "request.data.embeds: "),
    ("POST", CALLBACK, message(embeds=[{"title": "x", "timestamp": "yesterday"}]), "'yesterday' is not a 'date-time'"),
    ("POST", CALLBACK, message(embeds=[{"title": "x", "url": "nowhere"}]), "'nowhere' is not a 'uri'"),
    ("POST", CALLBACK, message(embeds=[{"title": "x", "color": 1 << 24}]), "request.data.embeds.0.color"),
    ("POST", CALLBACK, message(allowed_mentions={"parse": ["all"]}), "allowed_mentions.parse.0: 'all' is not one of"),
    ("POST", CALLBACK, row({**BUTTON, "style": 7}), "components.0.components.0.style: 7 is not one of"),
    ("POST", CALLBACK, row({**BUTTON, "label": "x" * 81}), "components.0.components.0.label"),
    ("POST", CALLBACK, row({**BUTTON, "custom_id": "x" * 101}), "components.0.components.0.custom_id"),
    ("POST", CALLBACK, row(INPUT), "components.0.components.0: the type is 4 and not one of"),
    ("POST", CALLBACK, row({**MENU, "options": MENU["options"] * 26}), "components.0.components.0.options"),
    ("POST", CALLBACK, row({**MENU, "min_values": -1}), "components.0.components.0.min_values"),
    ("POST", CALLBACK, card(content=""), "components.0.components.0.content: '' should be non-empty"),
    ("POST", CALLBACK, card(colour=1), "TextDisplayComponentForMessageRequest has no field 'colour'"),
    ("POST", CALLBACK, modal(title="x" * 46), "request.data.title"),
    ("POST", CALLBACK, modal(components=[]), "request.data.components: [] should be non-empty"),
    ("POST", CALLBACK, modal(components=[{"type": 10}]), "request.data.components.0: 'content' is a required"),
    ("POST", CALLBACK, modal(components=[BUTTON]), "request.data.components.0: the type is 2"),
    ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "One"}]}}, "'value' is a required property"),
    ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "x", "value": 1}] * 26}}, "request.data.choices"),
    ("POST", FOLLOW_UP, {"content": "x" * 2001}, "request.content"),
    ("POST", FOLLOW_UP, {"attachments": [{"filename": "a.txt"}]}, "request.attachments.0: 'id' is a required"),
    ("PATCH", ORIGINAL, {"embeds": "none"}, "request.embeds: 'none' is not of type"),
    ("PATCH", ORIGINAL, None, "request: the body is missing"),
    ("GET", "/users/@me", {}, "request: there is a body"),
    ("GET", "/users/@him", None, "not described"),
]


@pytest.mark.parametrize(("method", "template", "body"), SOUND)
def test_a_sound_request_is_let_through(contract: Contract, method: str, template: str, body: Any) -> None:
    sound = [command(), option(), {"type": 3, "name": "Read this"}] if method == "PUT" else body

    assert [line for line in contract.problems(sent(method, template, sound)) if " request" in line] == []


@pytest.mark.parametrize(("method", "template", "body", "reason"), BROKEN)
def test_a_broken_request_is_reported(contract: Contract, method: str, template: str, body: Any, reason: str) -> None:
    found = [line for line in contract.problems(sent(method, template, body)) if reason in line]

    assert found, contract.problems(sent(method, template, body))


def test_a_request_that_discord_refused_for_its_body_may_be_broken(contract: Contract) -> None:
    refusal = {
        "code": 50035,
        "message": "Invalid Form Body",
        "errors": {"name": {"_errors": [{"code": "X", "message": "y"}]}},
    }

    assert contract.problems(sent("PUT", COMMANDS, [{}], status=400, answer=refusal)) == []


def test_fields_that_discord_takes_without_describing_them_are_counted(contract: Contract) -> None:
    before = contract.tolerated["ApplicationCommandUpdateRequest", "nsfw"]
    registered = sent("PUT", COMMANDS, [command(nsfw=False)], status=200, answer=[])

    assert contract.problems(registered) == []
    assert contract.tolerated["ApplicationCommandUpdateRequest", "nsfw"] == before + 1


def test_a_query_that_is_not_described_is_reported(contract: Contract) -> None:
    asked = replace(sent("POST", CALLBACK, message()), query={"with_respones": "1"})

    assert contract.problems(asked) == [f"POST {CALLBACK} (204) query: with_respones is not described"]


# --- answers ---


async def _answered(emulator: LoopbackDiscord) -> Exchange:
    """A message in answer to a button, with a card in it, as the emulator answers."""
    ada = Member(emulator, "Ada")
    await ada.press(await ada.slash("card"), "More")
    return next(
        one
        for one in emulator.transcript
        if one.template == CALLBACK and one.answer["resource"]["message"]["components"]
    )


def _message_of(answer: Payload) -> Payload:
    found: Payload = answer["resource"]["message"]
    return found


Change = Callable[[Payload], object]

BROKEN_ANSWERS: Mapping[str, tuple[Change, str]] = {
    "an id is a number": (lambda a: a["interaction"].update(id=5), "answer.interaction.id: 5 is not of type"),
    "the type is missing": (lambda a: a["interaction"].pop("type"), "answer.interaction: 'type' is a required"),
    "a deferral has a message": (lambda a: a["resource"].update(type=5), "answer.resource: the type is 5"),
    "the flags are missing": (lambda a: _message_of(a).pop("flags"), "'flags' is a required"),
    "the content is null": (lambda a: _message_of(a).update(content=None), "content: None is not of type"),
    "the time has no zone": (
        lambda a: _message_of(a).update(timestamp="2026-01-01T00:00:00"),
        "is not a 'date-time'",
    ),
    "the author has no name": (lambda a: _message_of(a)["author"].pop("username"), "'username' is a required"),
    "the author has a field more": (lambda a: _message_of(a)["author"].update(clan=None), "UserResponse has no field"),
    "what it answers is of no kind": (
        lambda a: _message_of(a)["interaction_metadata"].update(type=4),
        "interaction_metadata: the type is 4",
    ),
    "the owners are numbers": (
        lambda a: _message_of(a)["interaction_metadata"].update(authorizing_integration_owners={"0": 1}),
        "authorizing_integration_owners.0: 1 is not of type",
    ),
    "a component has no number": (lambda a: _message_of(a)["components"][0].pop("id"), "'id' is a required"),
    "a picture is not resolved": (
        lambda a: _message_of(a)["components"][0]["components"][1]["accessory"].update(media={"url": "attachment://x"}),
        "'proxy_url' is a required",
    ),
    "a component is of no kind": (
        lambda a: _message_of(a)["components"].append({"type": 99}),
        "components.1: the type is 99",
    ),
    "the message is of no kind": (lambda a: _message_of(a).update(type=99), "99 is not one of"),
}


@pytest.mark.parametrize("name", BROKEN_ANSWERS)
async def test_a_broken_answer_is_reported(
    contract: Contract, specimen: Specimen, empty_discord: LoopbackDiscord, name: str
) -> None:
    change, reason = BROKEN_ANSWERS[name]
    exchange = await _answered(empty_discord)
    broken = copy.deepcopy(exchange.answer)
    change(broken)

    assert contract.problems(exchange) == []
    assert [line for line in contract.problems(replace(exchange, answer=broken)) if reason in line]


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (404, {"message": "Unknown interaction"}, "'code' is a required"),
        (404, {"message": "Unknown interaction", "code": "10062"}, "'10062' is not of type"),
        (404, None, "answer: None is not of type"),
        (429, {"message": "Slow down", "code": 0, "global": False}, "'retry_after' is a required"),
        (204, {"interaction": {}}, "there is a body"),
        (200, None, "answer: None is not of type"),
        (302, None, "the status is none of"),
    ],
)
def test_a_status_has_its_own_kind_of_answer(contract: Contract, status: int, answer: Any, reason: str) -> None:
    found = contract.problems(sent("POST", CALLBACK, message(), status=status, answer=answer))

    assert [line for line in found if reason in line], found


def test_headers_of_the_rate_limits_are_numbers(contract: Contract) -> None:
    exchange = replace(sent("POST", CALLBACK, message()), headers={"X-RateLimit-Reset-After": "soon"})

    assert contract.problems(exchange) == [
        f"POST {CALLBACK} (204) answer: the header X-RateLimit-Reset-After is no number"
    ]


# --- the emulator ---


def test_every_endpoint_of_the_emulator_is_described(contract: Contract) -> None:
    for endpoint in ENDPOINTS:
        found = contract.problems(sent(endpoint.method, endpoint.template))
        assert not [line for line in found if line.endswith("not described")]


async def test_a_wide_session_is_as_described(contract: Contract, empty_discord: LoopbackDiscord) -> None:
    async with specimen_on(empty_discord):
        await _live(empty_discord)

    exchanges = list(empty_discord.transcript)
    assert [line for exchange in exchanges for line in contract.problems(exchange)] == []
    assert {(one.method, one.template) for one in exchanges} >= {
        ("POST", CALLBACK),
        ("POST", FOLLOW_UP),
        ("PATCH", ORIGINAL),
        ("DELETE", ORIGINAL),
        ("GET", ORIGINAL),
        ("POST", "/channels/{channel_id}/messages"),
        ("PATCH", "/channels/{channel_id}/messages/{message_id}"),
        ("POST", "/users/@me/channels"),
    }


async def _live(emulator: LoopbackDiscord) -> None:
    ann, dan = Member(emulator, "Ann", roles=["Admin"]), Member(emulator, "Dan", Place.DIRECT)
    for name in ("card", "embed", "menus", "write", "library count"):
        await ann.slash(name)
        await dan.slash(name)
    await ann.slash("announce", text="news")
    await ann.slash("sheet", table=File("a.csv", b"1"))
    first = await ann.slash("later")
    while first.text != "first, changed":
        await first.changed()
    shown = await dan.slash("buttons")
    await dan.submit(await dan.press_for_form(shown, "Form"), {"Radio": "No"})
    await dan.complete("find", "fruit", "a")


@pytest.mark.parametrize("place", Place)
async def test_what_the_gateway_tells_is_as_described(
    contract: Contract, empty_discord: LoopbackDiscord, place: Place
) -> None:
    ada = Member(empty_discord, "Ada", place, roles=["Moderator"] if place is not Place.DIRECT else ())
    guild = empty_discord.guilds[0].payload(empty_discord.world.bot)
    parts: list[tuple[str, Any]] = [
        ("UserResponse", ada.user.payload),
        ("UserResponse", empty_discord.world.bot.payload),
        ("GuildChannelResponse" if ada.channel.guild else "PrivateChannelResponse", ada.channel.payload),
        ("MessageResponse", ada.post("words").payload),
        ("MessageAttachmentResponse", ada.attach(File("a b.txt", b"words"))),
        *(("GuildRoleResponse", role) for role in guild["roles"]),
        *(("GuildChannelResponse", channel) for channel in guild["channels"]),
        *(("GuildMemberResponse", member) for member in guild["members"]),
    ]

    for name, part in parts:
        assert contract.part_problems(name, part) == []


async def test_refusals_and_rate_limits_are_as_described(
    contract: Contract, specimen: Specimen, empty_discord: LoopbackDiscord
) -> None:
    ada = Member(empty_discord, "Ada")
    empty_discord.faults.plan("follow_up", RateLimited(0.01))
    ada.user.is_closed = True
    with empty_discord.expecting("refused with 50007"):
        await ada.slash("write")
    first = await ada.slash("later")
    while first.text != "first, changed":
        await first.changed()

    refused = [exchange for exchange in empty_discord.transcript if exchange.status >= 400]
    assert {exchange.status for exchange in refused} == {403, 429}
    assert [line for exchange in refused for line in contract.problems(exchange)] == []


async def test_a_test_fails_where_its_transcript_is_not_as_described(
    contract: Contract, specimen: Specimen, empty_discord: LoopbackDiscord
) -> None:
    await Member(empty_discord, "Ada").slash("library count")
    assert transcript_problems(empty_discord.transcript) == []
    broken = replace(empty_discord.transcript[-1], answer={"interaction": {}})

    assert len(transcript_problems([*empty_discord.transcript, broken])) == 2


async def test_the_transcript_keeps_answers_as_they_were(specimen: Specimen, empty_discord: LoopbackDiscord) -> None:
    ada = Member(empty_discord, "Ada")
    await ada.press(await ada.slash("buttons"), "Update")

    contents = [
        one.answer["resource"]["message"]["content"] for one in empty_discord.transcript if one.template == CALLBACK
    ]
    assert contents == ["press", "updated"]


def test_what_is_tolerated_is_described_nowhere(contract: Contract) -> None:
    schemas = contract.schemas

    for name, field in UNDESCRIBED:
        assert field not in schemas[name]["properties"]


@pytest.mark.benchmark
async def test_the_cost_of_a_request(contract: Contract, empty_discord: LoopbackDiscord) -> None:
    async with specimen_on(empty_discord):
        await _live(empty_discord)
    exchanges = list(empty_discord.transcript)
    for exchange in exchanges:
        contract.problems(exchange)
    begun = time.perf_counter()
    for _ in range(10):
        for exchange in exchanges:
            contract.problems(exchange)
    milliseconds = 100 * (time.perf_counter() - begun) / len(exchanges)

    assert milliseconds < 5
