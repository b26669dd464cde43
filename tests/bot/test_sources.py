"""`/source` as moderators use it, and as members cannot: from the command to what they see and what is stored."""

import asyncio
import datetime as dt
import gzip
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.harness import CannotDoError, File, LoopbackDiscord, Member, Reply, bot_on
from bot.harness.fixtures import People
from bot.harness.world import Role
from knowledge.checker import FactChecker
from knowledge.desk import Desk
from knowledge.errors import IngestError
from knowledge.library import Library
from knowledge.models import NewArticle

OTTERS = NewArticle(
    url="https://news.example.org/otters",
    title="Otters move into the old mill",
    publisher="Alder Falls Courier",
    published_on=dt.date(2031, 5, 10),
    language="en",
    text="The otters moved into the old mill on Friday. Nobody had seen them there before.",
)
CLAIM = "The otters moved into the old mill on Friday"


def fetch(url: str) -> NewArticle:
    """What the web has in these tests."""
    if url != OTTERS.url:
        raise IngestError(url, "has no readable article")
    return OTTERS


@pytest_asyncio.fixture
async def discord(empty_discord: LoopbackDiscord, checker: FactChecker) -> AsyncIterator[LoopbackDiscord]:
    """A Discord with the bot in it, whose web has one article."""
    async with bot_on(empty_discord, checker, fetch=fetch):
        yield empty_discord


async def found(member: Member) -> bool:
    return "Verbatim" in (await member.check(CLAIM)).text


# --- adding one ---


async def test_a_link_is_previewed_and_added(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    preview = await people.mo.slash("source add", url=OTTERS.url)

    assert preview.is_private
    assert preview.buttons == ["Add", "Edit first", "Cancel"]
    for part in ("Otters move into the old mill", "Alder Falls Courier", "2031-05-10", "Language:** en", "The otters"):
        assert part in preview.text
    assert "Nothing is added yet" in preview.text
    assert not await found(people.ada)

    await people.mo.press(preview, "Add")

    assert "Added" in preview.text
    assert preview.buttons == []
    assert await found(people.ada)
    assert desk.find(OTTERS.url).publisher == "Alder Falls Courier"


async def test_a_preview_can_be_edited_first(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    preview = await people.mo.slash("source add", url=OTTERS.url)
    form = await people.mo.press_for_form(preview, "Edit first")
    assert form.prefilled("Title") == OTTERS.title
    assert form.prefilled("Date") == "2031-05-10"

    edited = await people.mo.submit(form, {"Title": "Otters in the mill", "Publisher": "The Example"})
    await people.mo.press(edited, "Add")

    assert desk.find(OTTERS.url).title == "Otters in the mill"
    assert desk.find(OTTERS.url).publisher == "The Example"


async def test_a_preview_can_be_cancelled(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    preview = await people.mo.slash("source add", url=OTTERS.url)

    await people.mo.press(preview, "Cancel")

    assert "Not added" in preview.text
    assert desk.browse().total == 0


async def test_what_is_here_already_is_said_to_be(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    desk.add(OTTERS)

    sheet = await people.mo.slash("source add", url=OTTERS.url)

    assert "Already here, with the same text" in sheet.text
    assert sheet.buttons == []
    assert desk.browse().total == 1


async def test_what_is_here_with_another_text_becomes_a_new_version(
    discord: LoopbackDiscord, people: People, desk: Desk, library: Library
) -> None:
    desk.add(replace(OTTERS, text="The otters have not come yet."))

    preview = await people.mo.slash("source add", url=OTTERS.url)
    assert "makes a new version" in preview.text
    await people.mo.press(preview, "Add")

    assert len(library.versions(desk.find(OTTERS.url))) == 2
    assert await found(people.ada)


async def test_a_page_without_an_article_is_refused_in_words(discord: LoopbackDiscord, people: People) -> None:
    reply = await people.mo.slash("source add", url="https://example.org/nothing")

    assert "that did not become an article" in reply.text
    assert "has no readable article" in reply.text


async def test_a_preview_is_added_once_where_two_press_at_once(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    preview = await people.mo.slash("source add", url=OTTERS.url)

    first, second = await asyncio.gather(people.mo.press(preview, "Add"), people.mo.press(preview, "Add"))

    assert desk.browse().total == 1
    assert [entry.action for entry in desk.log().items].count("add") == 1
    assert "somebody was first" in (first.text + second.text)


async def test_a_preview_works_after_a_restart(
    empty_discord: LoopbackDiscord, people: People, checker: FactChecker, desk: Desk
) -> None:
    async with bot_on(empty_discord, checker, fetch=fetch):
        preview = await people.mo.slash("source add", url=OTTERS.url)
        form = await people.mo.press_for_form(preview, "Edit first")
    async with bot_on(empty_discord, checker, fetch=fetch):
        edited = await people.mo.submit(form, {"Title": "Otters in the mill"})
        await people.mo.press(edited, "Add")

    assert desk.find(OTTERS.url).title == "Otters in the mill"


# --- pasting ---


async def test_two_who_send_the_same_form_at_once_each_get_their_own(discord: LoopbackDiscord, people: People) -> None:
    fields = [{"Title": title, "Address": f"https://example.org/{title}", "Text": "Words."} for title in ("a", "b")]
    forms = [await person.slash_for_form("source paste") for person in (people.mo, people.max)]

    first, second = await asyncio.gather(people.mo.submit(forms[0], fields[0]), people.max.submit(forms[1], fields[1]))

    assert "https\\://example.org/a" in first.text
    assert "https\\://example.org/b" in second.text


async def test_a_text_is_pasted(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    form = await people.mo.slash_for_form("source paste")
    filled = {"Title": OTTERS.title, "Address": OTTERS.url, "Date": "2031-05-10", "Text": OTTERS.text}

    preview = await people.mo.submit(form, filled)
    await people.mo.press(preview, "Add")

    assert await found(people.ada)
    assert desk.find(OTTERS.url).published_on == dt.date(2031, 5, 10)


async def test_a_text_too_long_for_a_field_comes_as_a_file(discord: LoopbackDiscord, people: People) -> None:
    form = await people.mo.slash_for_form("source paste")
    long = OTTERS.text + "\n\n" + "More was said of it later. " * 400
    file = File("otters.txt", long.encode())

    preview = await people.mo.submit(form, {"Address": OTTERS.url, "Or its text as a file": file})
    await people.mo.press(preview, "Add")

    assert await found(people.ada)


@pytest.mark.parametrize(
    ("filled", "why"),
    [
        ({"Address": "not an address", "Text": "Some words."}, "URL"),
        ({"Address": "https://example.org/a", "Text": "Some words.", "Date": "yesterday"}, "date"),
        ({"Address": "https://example.org/a"}, "text"),
    ],
    ids=["address", "date", "text"],
)
async def test_a_form_that_cannot_be_read_says_why(
    discord: LoopbackDiscord, people: People, desk: Desk, filled: dict[str, str], why: str
) -> None:
    form = await people.mo.slash_for_form("source paste")

    reply = await people.mo.submit(form, filled)

    assert "that did not become an article" in reply.text
    assert why in reply.text
    assert desk.browse().total == 0


# --- importing ---


def rows(number: int) -> bytes:
    """A file of so many articles."""
    made = ({"url": f"https://example.org/{n}", "title": f"Article {n}", "text": f"Story {n}."} for n in range(number))
    return b"".join(json.dumps(row).encode() + b"\n" for row in made)


async def ended(member: Member) -> str:
    """The last state of the import whose message is in the channel."""
    while True:
        reports = [reply for reply in member.sees() if "import" in reply.text.lower() and not reply.is_private]
        if reports and not reports[-1].buttons:
            return reports[-1].text
        await (reports[-1].changed() if reports else asyncio.sleep(0.01))


async def test_a_file_is_imported_with_its_progress_in_the_channel(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    content = rows(30) + b'{"url": "nonsense", "text": "x"}\nnot json\n'

    reply = await people.mo.slash("source import", file=File("articles.jsonl", content))

    assert "The import has begun" in reply.text
    text = await ended(people.mo)
    assert "Imported: articles.jsonl" in text
    assert "**New:** 30" in text
    assert "**Refused:** 2" in text
    assert desk.browse().total == 30
    (report,) = [reply for reply in people.mo.sees() if "Imported" in reply.text]
    (file,) = [
        content for attachment, content in discord.world.files.values() if attachment["filename"] == "refused.txt"
    ]
    assert file.decode().count("\n") == 1
    assert "articles.jsonl:31" in file.decode()
    assert report.buttons == []


async def test_a_packed_file_is_imported_too(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    await people.mo.slash("source import", file=File("articles.jsonl.gz", gzip.compress(rows(3))))
    await ended(people.mo)

    assert desk.browse().total == 3


async def test_an_import_that_is_over_cannot_be_stopped(discord: LoopbackDiscord, people: People) -> None:
    await people.mo.slash("source import", file=File("articles.jsonl", rows(1)))
    await ended(people.mo)
    button = {"type": 2, "style": 4, "label": "Stop", "custom_id": "receipts:1:stop:999"}
    discord.world.post(people.mo.channel, discord.world.bot, {"components": [{"type": 1, "components": [button]}]})

    reply = await people.mo.press(people.mo.sees()[-1], "Stop")

    assert "no longer running" in reply.text


# --- looking, changing, removing ---


async def test_articles_are_listed_in_pages_the_newest_first(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    for day in range(1, 13):
        date = dt.date(2031, 5, day)
        desk.add(NewArticle(f"https://example.org/{day}", "Some words.", f"Day {day}", "The Example", date))

    page = await people.mo.slash("source list", publisher="The Example")

    assert "Articles 1 to 10 of 12" in page.text
    assert page.text.index("Day 12") < page.text.index("Day 3")
    await people.mo.press(page, "Older")
    assert "Articles 11 to 12 of 12" in page.text
    assert "Day 1" in page.text
    with pytest.raises(CannotDoError):
        await people.mo.press(page, "Older")
    await people.mo.press(page, "Newer")
    assert "Articles 1 to 10 of 12" in page.text


async def test_a_list_can_be_narrowed(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    desk.add(OTTERS)
    desk.add(NewArticle("https://example.org/a", "Words.", "A poll", "The Example", dt.date(2030, 1, 1)))

    assert "Otters" in (await people.mo.slash("source list", words="otters")).text
    assert "A poll" in (await people.mo.slash("source list", until="2030-12-31")).text
    assert "No articles" in (await people.mo.slash("source list", since="2032-01-01")).text
    assert "that is no date" in (await people.mo.slash("source list", since="last month")).text


@pytest.mark.parametrize("reference", [OTTERS.url, OTTERS.title, "OTTERS MOVE INTO THE OLD MILL"])
async def test_an_article_is_shown_by_address_and_title(
    discord: LoopbackDiscord, people: People, desk: Desk, reference: str
) -> None:
    desk.add(OTTERS)

    reply = await people.mo.slash("source show", article=reference)

    assert "Nobody had seen them there before" in reply.text
    assert reply.links == [OTTERS.url]


async def test_articles_and_publishers_complete_while_one_types(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    added = desk.add(OTTERS)

    articles = await people.mo.complete("source show", "article", "otters")
    publishers = await people.mo.complete("source list", "publisher", "alder")

    assert articles == [{"name": OTTERS.title, "value": str(added.article.id)}]
    assert publishers == [{"name": "Alder Falls Courier", "value": "Alder Falls Courier"}]


async def test_an_article_is_edited(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    desk.add(OTTERS)
    form = await people.mo.slash_for_form("source edit", article=OTTERS.url)

    reply = await people.mo.submit(form, {"Title": "Otters in the mill", "Date": "2031-05-11"})

    assert "Changed" in reply.text
    assert desk.find(OTTERS.url).title == "Otters in the mill"
    assert desk.find(OTTERS.url).published_on == dt.date(2031, 5, 11)


async def test_a_label_is_on_every_card_that_cites_the_article(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    desk.add(OTTERS)

    await people.mo.slash("source label", article=OTTERS.url, label="satire")

    assert "satire, say this server’s moderators" in (await people.ada.check(CLAIM)).text
    await people.mo.slash("source label", article=OTTERS.url, label="none")
    assert "satire" not in (await people.ada.check(CLAIM)).text


async def test_an_article_is_removed_after_a_question_and_can_come_back(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    desk.add(OTTERS)
    sheet = await people.mo.slash("source remove", article=OTTERS.url)
    assert "Remove 1 article?" in sheet.text
    assert await found(people.ada)

    await people.mo.press(sheet, "Remove")
    assert "Removed 1 article" in sheet.text
    assert not await found(people.ada)

    await people.mo.press(sheet, "Undo")
    assert "Brought back 1 article" in sheet.text
    assert await found(people.ada)


async def test_all_articles_of_a_publisher_are_removed(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    desk.add(OTTERS)
    for number in range(3):
        desk.add(NewArticle(f"https://example.org/{number}", "Words.", f"Number {number}", "The Example"))
    sheet = await people.mo.slash("source remove", publisher="The Example")
    assert "Remove 3 articles?" in sheet.text

    await people.mo.press(sheet, "Remove all")

    assert [article.url for article in desk.browse().items] == [OTTERS.url]


async def test_what_is_exported_is_imported_again(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    desk.add(OTTERS)

    await people.mo.slash("source export")

    (exported,) = [content for file, content in discord.world.files.values() if file["filename"] == "articles.jsonl"]
    row = json.loads(exported)
    assert (row["url"], row["text"], row["date"]) == (OTTERS.url, OTTERS.text, "2031-05-10")


async def test_every_change_is_in_the_log_with_who_did_it(discord: LoopbackDiscord, people: People) -> None:
    preview = await people.mo.slash("source add", url=OTTERS.url)
    await people.mo.press(preview, "Add")
    await people.ann.slash("source label", article=OTTERS.url, label="opinion")

    log = await people.mo.slash("source log")

    assert f"{people.mo.user.id}: " in log.text
    assert f"{people.ann.user.id}: edit" in log.text
    assert "label is now opinion" in log.text
    assert "Otters move into the old mill" in log.text


async def test_domains_decide_what_may_be_added(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    assert "Blocked:** example.org" in (await people.mo.slash("source block", domain="example.org")).text

    preview = await people.mo.slash("source add", url=OTTERS.url)
    if preview.buttons:
        preview = await people.mo.press(preview, "Add")

    assert "articles of example.org are not wanted here" in preview.text
    assert desk.browse().total == 0
    await people.mo.slash("source unlist", domain="example.org")
    assert "that is no domain" in (await people.mo.slash("source allow", domain="no domain at all")).text


# --- suggestions ---


async def test_a_member_suggests_and_a_moderator_approves(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    thanks = await people.ada.slash("suggest", url=OTTERS.url, note="They moved in")
    assert thanks.is_private
    assert "The moderators of this server decide" in thanks.text

    sheet = await people.mo.slash("source queue")
    assert f"<@{people.ada.user.id}>" in sheet.text
    assert "They moved in" in sheet.text
    await people.mo.press(sheet, "Approve")
    await people.mo.press(sheet, "Add")

    assert await found(people.ada)


async def test_a_suggestion_that_cannot_be_fetched_goes_on_waiting(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    await people.ada.slash("suggest", url="https://example.org/nothing")
    sheet = await people.mo.slash("source queue")

    refusal = await people.mo.press(sheet, "Approve")

    assert "that did not become an article" in refusal.text
    assert desk.queue().total == 1
    await people.mo.press(sheet, "Decline")
    assert "Declined" in sheet.text
    assert "No suggestion waits" in (await people.mo.slash("source queue")).text


# --- settings ---


async def test_a_role_can_be_let_moderate(discord: LoopbackDiscord, people: People) -> None:
    guild = discord.guilds[0]
    role = Role(discord.world.snowflake(), "Helper", 0)
    await discord.gateway.add_role(guild, role)
    helper = Member(discord, "Hal", roles=["Helper"])
    reply = await people.mo.slash("receipts settings", role=role.id)
    assert "and 1 role" in reply.text

    guild.shown_to_everybody.add("source")
    assert "No articles" in (await helper.slash("source list")).text
    await people.mo.slash("receipts settings", role=role.id)
    assert "only moderators" in (await helper.slash("source list")).text


async def test_a_log_channel_is_told_of_every_change(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    channel = discord.guilds[0].channels["moderators"]
    await people.mo.slash("receipts settings", log_channel=channel.id)
    desk.add(OTTERS)

    telling = asyncio.create_task(discord.rest.answered("send"))
    await people.mo.slash("source label", article=OTTERS.url, label="satire")
    await telling

    told = [str(message.payload["components"]) for message in channel.messages.values()]
    assert any("label is now satire" in text for text in told)


async def test_the_shared_articles_are_searched_where_a_server_says_so(
    discord: LoopbackDiscord, people: People
) -> None:
    claim = "47% of Republican voters favor Tuberville"
    assert "Not found" in (await people.ada.check(claim)).text

    await people.mo.slash("receipts settings", shared=True)

    assert "Verbatim" in (await people.ada.check(claim)).text
    assert "Not found" in (await people.bea.check(claim)).text


# --- who may not ---


COMMANDS = [
    ("source add", {"url": OTTERS.url}),
    ("source list", {}),
    ("source show", {"article": "1"}),
    ("source edit", {"article": "1"}),
    ("source label", {"article": "1", "label": "satire"}),
    ("source remove", {"article": "1"}),
    ("source export", {}),
    ("source log", {}),
    ("source allow", {"domain": "example.org"}),
    ("source block", {"domain": "example.org"}),
    ("source unlist", {"domain": "example.org"}),
    ("source queue", {}),
]


@pytest.mark.parametrize(("command", "options"), COMMANDS, ids=[command for command, _ in COMMANDS])
async def test_a_member_is_not_shown_a_command_and_refused_where_it_is_shown(
    discord: LoopbackDiscord, people: People, desk: Desk, command: str, options: dict[str, str]
) -> None:
    desk.add(OTTERS)
    with pytest.raises(CannotDoError, match="there is no command"):
        await people.ada.slash(command, **options)

    discord.guilds[0].shown_to_everybody.add("source")
    reply = await people.ada.slash(command, **options)

    assert "only moderators of this server may do that" in reply.text
    assert reply.is_private
    assert len(desk.log().items) == 1


async def test_a_member_cannot_paste_import_or_change_the_settings(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    discord.guilds[0].shown_to_everybody.add("source")
    form = await people.ada.slash_for_form("source paste")

    for reply in (
        await people.ada.submit(form, {"Address": OTTERS.url, "Text": OTTERS.text}),
        await people.ada.slash("source import", file=File("articles.jsonl", rows(1))),
        await people.ada.slash("receipts settings", shared=True),
    ):
        assert "only moderators of this server may do that" in reply.text
    assert desk.browse().total == 0
    assert not desk.settings().reads_shared


async def test_nothing_completes_for_a_member(discord: LoopbackDiscord, people: People, desk: Desk) -> None:
    desk.add(OTTERS)
    discord.guilds[0].shown_to_everybody.add("source")

    assert await people.ada.complete("source show", "article", "otters") == []
    assert await people.ada.complete("source list", "publisher", "alder") == []


def with_button(discord: LoopbackDiscord, member: Member, custom_id: str) -> Reply:
    """A message with a button of any id, as somebody could forge it."""
    button = {"type": 2, "style": 1, "label": "Forged", "custom_id": custom_id}
    row = {"type": 1, "components": [button]}
    return Reply(discord.world.post(member.channel, discord.world.bot, {"components": [row]}))


@pytest.mark.parametrize("who", ["ada", "max"])
async def test_no_button_of_a_forged_id_reads_or_changes_what_another_server_holds(
    discord: LoopbackDiscord, people: People, desk: Desk, who: str
) -> None:
    person: Member = getattr(people, who)
    article = desk.add(OTTERS).article
    draft = desk.draft(NewArticle("https://example.org/secret", "A secret story.", "Secret"))
    suggestion = desk.suggest("https://example.org/secret", "a secret")
    gone = desk.add(NewArticle("https://example.org/gone", "Gone words.", "Gone")).article
    removal = desk.remove(str(gone.id))
    changes = desk.log(limit=50).total
    forged = [
        f"receipts:1:draft:add:{draft}",
        f"receipts:1:draft:edit:{draft}",
        f"receipts:1:draft:cancel:{draft}",
        f"receipts:1:drop:{article.id}",
        "receipts:1:drop-all:Alder Falls Courier",
        f"receipts:1:undo:{removal.id}",
        f"receipts:1:list:0:{'-' * 16}\x1f",
        "receipts:1:log:0",
        f"receipts:1:suggestion:approve:{suggestion.id}",
        f"receipts:1:suggestion:decline:{suggestion.id}",
        "receipts:1:stop:1",
    ]

    for custom_id in forged:
        reply = await person.press(with_button(discord, person, custom_id), "Forged")
        assert "ecret" not in reply.text
        assert "Otters" not in reply.text
        assert "Gone" not in reply.text

    assert desk.log(limit=50).total == changes
    assert desk.find(OTTERS.url).id == article.id
    assert desk.draft_of(draft).title == "Secret"
    assert desk.queue().total == 1


async def test_no_reference_reads_what_another_server_holds(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    article = desk.add(OTTERS).article

    for reference in (str(article.id), OTTERS.url, OTTERS.title):
        assert "there is no such article here" in (await people.max.slash("source show", article=reference)).text
    assert await people.max.complete("source show", "article", "otters") == []
    assert "Not found" in (await people.bea.check(CLAIM)).text


async def test_in_direct_messages_and_elsewhere_there_is_nothing_to_moderate(
    discord: LoopbackDiscord, people: People
) -> None:
    for person in (people.dan, people.eve):
        shown = {command["name"] for command in person.commands}
        assert shown == {"check", "Check this message", "search", "receipts", "privacy"}


async def test_two_moderators_at_once_lose_and_double_nothing(
    discord: LoopbackDiscord, people: People, desk: Desk
) -> None:
    desk.add(OTTERS)
    sheets = [await person.slash("source remove", article=OTTERS.url) for person in (people.mo, people.ann)]

    replies = await asyncio.gather(people.mo.press(sheets[0], "Remove"), people.ann.press(sheets[1], "Remove"))

    texts = [reply.text for reply in replies]
    assert sum("Removed 1 article" in text for text in texts) == 1
    assert sum("there is no such article here" in text for text in texts) == 1
    assert [entry.action for entry in desk.log().items].count("remove") == 1
