"""`/receipts`: help for everybody everywhere, the status of a place, and the settings for moderators."""

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.harness import LoopbackDiscord
from bot.harness.fixtures import People
from bot.harness.session import bot_on
from bot.harness.world import Role
from bot.status import plot, status_layout
from knowledge.checker import FactChecker
from knowledge.desk import Desk, ServerSettings
from knowledge.library import Library
from knowledge.models import FeedsGoTo
from knowledge.statistics import Day, Status, status_of
from tests.conftest import make_article

TOLD = "A new poll shows that 47% of Republican voters favor Tuberville."


@pytest.fixture
def desk(discord: LoopbackDiscord, library: Library) -> Desk:
    """The articles of the first server, which has none yet."""
    return Desk(library, f"discord:{discord.guilds[0].id}", "test")


# --- help ---


async def test_help_tells_every_way_to_ask_and_what_each_answer_means(people: People, desk: Desk) -> None:
    first = await people.ada.slash("receipts help")
    assert first.is_private
    for way in ("/check", "Apps → Check this message", "/suggest"):
        assert way in first.text

    second = await people.ada.press(first, "What the answers mean")
    for verdict in ("≡ **Verbatim**", "≠ **Altered**", "∅ **Not found**"):
        assert verdict in second.text
    assert "no claim, no message, not who asked" in second.text
    assert "What Receipts does" in (await people.ada.press(second, "What you can do")).text


async def test_help_shows_an_example_from_the_servers_own_articles(people: People, desk: Desk) -> None:
    desk.add(make_article(f"The runoff is on Tuesday. {TOLD}"))

    text = (await people.ada.slash("receipts help")).text

    assert f"> “{TOLD}”\n≡ Verbatim" in text
    assert "57% of Republican voters" in text
    assert "≠ Altered: the source says 47%, not 57%" in text


async def test_an_example_cannot_format_or_mention(people: People, desk: Desk) -> None:
    desk.add(make_article("The <@&100000000000000001> board says that **47** of its @everyone members left the room."))

    text = (await people.ada.slash("receipts help")).text

    assert r"\*\*47\*\*" in text
    assert "<@&100000000000000001>" not in text.replace("\\<", "")
    assert "@everyone" not in text


async def test_help_says_how_to_begin_where_there_are_no_articles(discord: LoopbackDiscord, people: People) -> None:
    empty = "no articles to search here yet"
    for person, words in ((people.ada, "/suggest** names one"), (people.mo, "/source add** adds one")):
        text = (await person.slash("receipts help")).text
        assert empty in text
        assert words in text


async def test_help_works_in_direct_messages_and_where_the_bot_is_not(discord: LoopbackDiscord, people: People) -> None:
    for person in (people.dan, people.eve):
        first = await person.slash("receipts help")
        assert TOLD in first.text  # of the shared articles, which are searched there
        assert "/suggest" not in first.text
        assert "whoever runs the bot" in (await person.press(first, "What the answers mean")).text


async def test_help_of_stopped_articles_has_no_example(
    discord: LoopbackDiscord, people: People, desk: Desk, library: Library
) -> None:
    desk.add(make_article(TOLD))
    library.switch(
        f"discord:{people.ada.channel.guild.id if people.ada.channel.guild else ''}", disabled=True, actor=""
    )

    assert TOLD not in (await people.ada.slash("receipts help")).text


# --- status ---


async def test_the_status_counts_checks_and_what_found_nothing_or_was_refused(people: People, desk: Desk) -> None:
    assert "None yet." in (await people.ada.slash("receipts status")).text
    desk.add(make_article(TOLD))
    await people.ada.check(TOLD)
    await people.ada.check("nothing that anybody ever wrote anywhere")
    await people.ada.check("no")

    status = await people.bea.slash("receipts status")
    assert "0 articles" in status.text  # another server's
    status = await people.ada.slash("receipts status")

    assert "1 article, 1 passage" in status.text
    assert "2 (1) +1" in status.text
    assert "95 of 100 answered within" in status.text


async def test_what_was_counted_is_written_when_the_bot_ends(
    empty_discord: LoopbackDiscord, people: People, library: Library
) -> None:
    async with bot_on(empty_discord, FactChecker(library)):
        await people.dan.check(TOLD)

    assert status_of(library, "shared", dt.datetime.now(dt.UTC).date()).days[-1].checks == 1


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 5000)), min_size=1, max_size=7))
def test_a_plot_shows_a_part_of_each_kind_that_there_is(numbers: list[tuple[int, int, int]]) -> None:
    days = [Day(dt.date(2031, 5, 1 + n), found + missed, missed, no) for n, (found, missed, no) in enumerate(numbers)]

    lines = plot(days)

    for day, line, kinds in zip(days, lines, numbers, strict=True):
        assert line.startswith(f"`{day.day:%m-%d} ")
        assert [block in line for block in "█▒░"] == [number > 0 for number in kinds]
        assert sum(map(line.count, "█▒░")) <= 8
        assert f"{day.checks:,}" in line


def test_the_longest_bar_is_the_day_with_the_most_questions() -> None:
    days = [Day(dt.date(2031, 5, 8), 10, 2), Day(dt.date(2031, 5, 9), 37, 0, 3), Day(dt.date(2031, 5, 10))]

    assert plot(days) == ["`05-08 █▒       10 (2)`", "`05-09 ███████░ 37 +3`", "`05-10          0`"]


STATUS = Status(12, 345, 6, 2, dt.datetime(2031, 5, 9, 12, tzinfo=dt.UTC), (Day(dt.date(2031, 5, 9), 3, 0),), 50)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (STATUS, ["6 articles, searched too", "2, last polled <t:1936094400:f>", "within 50 ms"]),
        (replace(STATUS, p95_ms=1500), ["within 1.5 s"]),
        (replace(STATUS, p95_ms=math.inf), ["More than 5 of 100 took longer than 10 seconds"]),
        (replace(STATUS, feeds=0, polled_at=None, shared=None), ["**Feeds:** none"]),
    ],
)
def test_a_status_in_words(status: Status, words: Sequence[str]) -> None:
    shown = str(status_layout(status).to_components())  # type: ignore[no-untyped-call]

    assert all(word in shown for word in words)


# --- settings ---


async def test_moderators_settle_several_things_at_once(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    channel = discord.guilds[0].channels["moderators"]

    reply = await people.mo.slash(
        "receipts settings", log_channel=channel.id, private=True, shared=True, feeds=FeedsGoTo.QUEUE.value
    )

    assert "shown to the asker alone" in reply.text
    assert f"<#{channel.id}>" in reply.text
    settled = desk.settings()
    assert (settled.private_by_default, settled.reads_shared, settled.feeds_go_to) == (True, True, FeedsGoTo.QUEUE)
    assert [entry.action for entry in desk.log().items] == ["settings"]


async def test_settings_that_are_only_looked_at_change_nothing(people: People, desk: Desk) -> None:
    assert "shown to everybody" in (await people.mo.slash("receipts settings")).text

    assert desk.log().total == 0


async def test_the_form_opens_with_what_holds_and_settles_all_of_it_at_once(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    guild = discord.guilds[0]
    role = Role(discord.world.snowflake(), "Helper", 0)
    await discord.gateway.add_role(guild, role)
    channel = guild.channels["moderators"]
    shown = await people.mo.slash("receipts settings")

    form = await people.mo.press_for_form(shown, "Change")
    chosen: dict[str, bool | list[str]] = {
        "Roles that moderate too": [role.id],
        "Log channel": [channel.id],
        "Answers are shown": ["to the asker alone"],
        "Search the shared articles too": True,
    }
    changed = await people.mo.submit(form, chosen)

    assert changed.message is shown.message
    assert "shown to the asker alone" in shown.text
    settled = desk.settings()
    expected = ServerSettings((role.id,), f"discord:{channel.id}", reads_shared=True, private_by_default=True)
    assert settled == expected
    assert [entry.action for entry in desk.log().items] == ["settings"]

    again = await people.mo.submit(await people.mo.press_for_form(shown, "Change"))
    assert again.text == changed.text
    assert desk.settings() == expected
    assert (await people.ada.check("nothing that anybody ever wrote anywhere")).is_private


async def test_the_settings_are_changed_after_a_restart_too(
    empty_discord: LoopbackDiscord, people: People, library: Library
) -> None:
    desk = Desk(library, f"discord:{empty_discord.guilds[0].id}", "test")
    async with bot_on(empty_discord, FactChecker(library)):
        shown = await people.mo.slash("receipts settings")
        opened = await people.mo.press_for_form(shown, "Change")
    async with bot_on(empty_discord, FactChecker(library)):
        await people.mo.submit(opened, {"New articles of feeds go": ["to /source queue"]})
        assert desk.settings().feeds_go_to is FeedsGoTo.QUEUE
        form = await people.mo.press_for_form(shown, "Change")
        await people.mo.submit(form, {"New articles of feeds go": ["among the articles at once"]})
    assert desk.settings() == ServerSettings()


async def test_a_role_that_was_deleted_is_not_in_the_form(people: People, desk: Desk) -> None:
    desk.change_settings(roles=("100000000000000001",))
    shown = await people.mo.slash("receipts settings")

    await people.mo.submit(await people.mo.press_for_form(shown, "Change"))

    assert desk.settings() == ServerSettings()


async def test_who_does_not_moderate_any_more_cannot_send_the_form(people: People, desk: Desk) -> None:
    shown = await people.mo.slash("receipts settings")
    form = await people.mo.press_for_form(shown, "Change")

    refused = await people.ada.submit(form, {"Search the shared articles too": True})

    assert "only moderators" in refused.text
    assert not desk.settings().reads_shared


async def test_nobody_but_moderators_sees_or_settles_settings(people: People, desk: Desk) -> None:
    for person, words in ((people.ada, "only moderators"), (people.dan, "only in a server"), (people.eve, "only in a")):
        assert words in (await person.slash("receipts settings", private=True)).text

    assert not desk.settings().private_by_default
