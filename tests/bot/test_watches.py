"""*Tell me if it turns up*: asked before anything is kept, told once, stopped at any time, and what moderators see."""

from datetime import timedelta

import pytest

from bot.harness import File, LoopbackDiscord, Member, Reply, bot_on
from bot.harness.faults import ServerError
from bot.harness.fixtures import People
from knowledge.checker import FactChecker
from knowledge.library import Library
from knowledge.models import NewArticle
from knowledge.watches import MOST_WATCHES, Watch, Watches
from tests.bot.conftest import until
from tests.bot.test_cards import MENTION

CLAIM = "The ferry to Tern Island carried 412 passengers on Sunday"
TEXT = "It was a long day. The ferry to Tern Island carried 390 passengers on Sunday, said the harbour master."
TELL, YES, STOP, SHOW = "Tell me if it turns up", "Yes, tell me", "Stop", "Show me"


@pytest.fixture
def watches(library: Library) -> Watches:
    return Watches(library)


def article(text: str = TEXT, url: str = "https://example.org/ferry") -> NewArticle:
    return NewArticle(url=url, text=text, title="Ferries", publisher="The Example")


def server(discord: LoopbackDiscord) -> str:
    return f"discord:{discord.guilds[0].id}"


async def watch(person: Member, claim: str = CLAIM) -> Reply:
    """Ask, be told that there is nothing, and agree to be told."""
    return await person.press(await person.press(await person.check(claim), TELL), YES)


def told(discord: LoopbackDiscord, person: Member) -> list[Reply]:
    """The direct messages that somebody got from the bot."""
    channel = discord.world.direct_channel(person.user)
    return [Reply(message) for message in channel.messages.values()]


async def test_nothing_is_kept_before_somebody_agrees_to_what_is_kept(
    discord: LoopbackDiscord, people: People, watches: Watches
) -> None:
    reply = await people.ada.check(CLAIM)

    asked = await people.ada.press(reply, TELL)

    assert asked.is_private
    assert "Nothing is kept yet" in asked.text
    assert (
        "these words, your account, this channel, your language, for 30 days; moderators see the words, no names"
        in asked.text
    )
    assert "one direct message with the answer; where you take none, a mention in this channel" in asked.text
    assert "with that message, or when you press Stop, which deletes it" in asked.text
    assert CLAIM in asked.text
    assert watches.own(f"discord:{people.ada.user.id}") == ()

    confirmed = await people.ada.press(asked, YES)

    assert confirmed.is_private
    assert "You will be told when it turns up" in confirmed.text
    (kept,) = watches.own(f"discord:{people.ada.user.id}")
    place = f"discord:{people.ada.channel.id}"
    assert (kept.collection, kept.place, kept.text, kept.speaker) == (server(discord), place, CLAIM, None)


async def test_only_an_answer_that_found_nothing_offers_it(discord: LoopbackDiscord, people: People) -> None:
    assert TELL in (await people.dan.check(CLAIM)).buttons
    assert TELL not in (await people.dan.check("47% of Republican voters favor Tuberville")).buttons


async def test_an_article_that_a_moderator_pastes_is_told_in_a_direct_message_once(
    discord: LoopbackDiscord, people: People, watches: Watches
) -> None:
    await watch(people.ada)

    form = await people.mo.slash_for_form("source paste")
    preview = await people.mo.submit(form, {"Address": "https://example.org/ferry", "Text": TEXT})
    await people.mo.press(preview, "Add")
    await until(lambda: bool(told(discord, people.ada)))
    await until(lambda: not watches.own(f"discord:{people.ada.user.id}"))

    (message,) = told(discord, people.ada)
    assert "the source says 390, not 412" in message.text
    assert "You asked to be told of this" in message.text
    assert message.links[0].startswith("https://example.org/ferry")
    assert message.buttons == [STOP]


async def test_an_import_through_discord_is_looked_at(discord: LoopbackDiscord, people: People) -> None:
    await watch(people.ada)

    await people.mo.slash("source import", file=File("ferry.txt", f"2031-05-01 https://example.org/a\n{TEXT}".encode()))

    await until(lambda: bool(told(discord, people.ada)))


async def test_what_another_process_adds_while_no_bot_runs_is_told_when_it_is_back(
    empty_discord: LoopbackDiscord, checker: FactChecker, people: People, library: Library
) -> None:
    async with bot_on(empty_discord, checker):
        await watch(people.ada)
    with Library.open(library.url) as other:
        other.add(server(empty_discord), article(), actor="cli")
    async with bot_on(empty_discord, checker):
        await until(lambda: bool(told(empty_discord, people.ada)))
        (message,) = told(empty_discord, people.ada)
        assert "Stopped" not in message.text


async def test_a_related_article_or_one_of_another_server_is_not_told(
    discord: LoopbackDiscord, people: People, library: Library, watches: Watches
) -> None:
    await watch(people.ada)
    member = f"discord:{people.ada.user.id}"

    library.add(f"discord:{discord.guilds[1].id}", article(), actor="test")
    library.add("shared", article(), actor="test")
    library.add(
        server(discord), article("The ferry was late. Passengers of the Tern line waited on Sunday."), actor="t"
    )
    library.add(
        server(discord),
        article("A wholly different matter was discussed at length.", "https://example.org/b"),
        actor="t",
    )
    collections = [server(discord), f"discord:{discord.guilds[1].id}", "shared"]
    await until(lambda: all(_is_looked_at(library, one) for one in collections))

    assert [one.found_at for one in watches.own(member)] == [None]
    assert told(discord, people.ada) == []


def _is_looked_at(library: Library, collection: str) -> bool:
    with library.reading_of(collection) as (_, of):
        return of.watched_to == of.next_passage


async def test_direct_messages_and_user_installs_wait_for_the_shared_articles(
    discord: LoopbackDiscord, people: People, library: Library, watches: Watches
) -> None:
    for person in (people.dan, people.eve):
        asked = await person.press(await person.check(CLAIM), TELL)
        assert "these words, your account, your language, for 30 days" in asked.text
        assert "where you take none, nothing" in asked.text
        await person.press(asked, YES)
        assert [one.place for one in watches.own(f"discord:{person.user.id}")] == [""]
    before = len(told(discord, people.dan))

    library.add("shared", article(), actor="test")

    await until(lambda: bool(told(discord, people.eve)) and len(told(discord, people.dan)) > before)
    assert "390, not 412" in told(discord, people.eve)[-1].text


async def test_a_server_that_reads_the_shared_articles_is_told_of_these_too(
    discord: LoopbackDiscord, people: People, library: Library
) -> None:
    await people.mo.slash("receipts settings", shared=True)
    await watch(people.ada)

    library.add("shared", article(), actor="test")

    await until(lambda: bool(told(discord, people.ada)))


async def test_who_takes_no_direct_messages_is_called_in_the_channel_without_a_word_of_the_claim(
    discord: LoopbackDiscord, people: People, library: Library, watches: Watches
) -> None:
    await watch(people.ada)
    people.ada.user.is_closed = True
    posts = len(people.ada.channel.messages)

    with discord.expecting("50007"):
        library.add(server(discord), article(), actor="test")
        await until(lambda: len(people.ada.channel.messages) > posts)

    call = people.ada.sees()[-1]
    assert call.text == f"<@{people.ada.user.id}>, what you asked to be told of has turned up."
    sent = [one.body for one in discord.rest.transcript if one.template == "/channels/{channel_id}/messages"][-1]
    assert sent["allowed_mentions"]["parse"] == []
    assert sent["allowed_mentions"]["users"] == [int(people.ada.user.id)]
    assert "roles" not in sent["allowed_mentions"]
    stranger = await people.mo.press(call, SHOW)
    assert "that is for the one who asked" in stranger.text
    assert "that is for the one who asked" in (await people.mo.press(call, STOP)).text
    shown = await people.ada.press(call, SHOW)
    assert shown.is_private
    assert "390, not 412" in shown.text
    assert shown.buttons == [STOP]
    await until(lambda: not watches.own(f"discord:{people.ada.user.id}"))
    assert "ended already" in (await people.ada.press(call, SHOW)).text


async def test_without_direct_messages_and_without_a_channel_nobody_is_told(
    discord: LoopbackDiscord, people: People, library: Library, watches: Watches
) -> None:
    await watch(people.eve)
    people.eve.user.is_closed = True
    posts = len(people.eve.channel.messages)

    with discord.expecting("50007"):
        library.add("shared", article(), actor="test")
        await until(lambda: not watches.own(f"discord:{people.eve.user.id}"))

    assert len(people.eve.channel.messages) == posts


async def test_stop_under_the_confirmation_deletes_it_also_after_a_restart(
    empty_discord: LoopbackDiscord, checker: FactChecker, people: People, library: Library, watches: Watches
) -> None:
    async with bot_on(empty_discord, checker):
        asked = await people.ada.press(await people.ada.check(CLAIM), TELL)
    async with bot_on(empty_discord, checker):
        confirmed = await people.ada.press(asked, YES)
    async with bot_on(empty_discord, checker):
        assert "1 claim deleted" in (await people.ada.press(confirmed, STOP)).text
        assert watches.own(f"discord:{people.ada.user.id}") == ()
        assert "ended already" in (await people.ada.press(confirmed, STOP)).text
        library.add(server(empty_discord), article(), actor="test")
        await until(lambda: _is_looked_at(library, server(empty_discord)))
        assert told(empty_discord, people.ada) == []


async def test_stop_under_a_message_ends_all_that_the_member_waits_for(
    discord: LoopbackDiscord, people: People, library: Library, watches: Watches
) -> None:
    await watch(people.ada)
    await watch(people.ada, "Nobody has seen the golden heron of Alder Falls since March")
    await watch(people.mo, "Nobody has seen the golden heron of Alder Falls since March")
    library.add(server(discord), article(), actor="test")
    await until(lambda: len(watches.own(f"discord:{people.ada.user.id}")) == 1)
    direct = Member(discord, "Ada at home")
    direct.user, direct.channel = people.ada.user, discord.world.direct_channel(people.ada.user)

    assert "1 claim deleted" in (await direct.press(told(discord, people.ada)[0], STOP)).text

    assert watches.own(f"discord:{people.ada.user.id}") == ()
    assert len(watches.own(f"discord:{people.mo.user.id}")) == 1


async def test_a_claim_that_is_watched_for_already_is_not_asked_about_again(
    discord: LoopbackDiscord, people: People, watches: Watches
) -> None:
    await watch(people.ada)

    again = await people.ada.press(await people.ada.check(CLAIM), TELL)

    assert "You will be told when it turns up" in again.text
    assert again.buttons == [STOP]


async def test_what_came_in_between_is_shown_instead_of_kept(
    discord: LoopbackDiscord, people: People, library: Library, watches: Watches
) -> None:
    reply = await people.ada.check(CLAIM)
    asked = await people.ada.press(reply, TELL)
    library.add(server(discord), article(), actor="test")

    assert "390, not 412" in (await people.ada.press(asked, YES)).text
    assert "390, not 412" in (await people.ada.press(reply, TELL)).text

    assert watches.own(f"discord:{people.ada.user.id}") == ()


async def test_the_limit_is_told_in_words(discord: LoopbackDiscord, people: People, watches: Watches) -> None:
    member = f"discord:{people.ada.user.id}"
    for number in range(MOST_WATCHES):
        watches.add(server(discord), f"Claim number {number} of many", member=member)

    refused = await watch(people.ada)

    assert f"you wait for {MOST_WATCHES} claims already" in refused.text
    assert len(watches.own(member)) == MOST_WATCHES


async def test_a_long_claim_is_watched_for_as_it_is(discord: LoopbackDiscord, people: People, watches: Watches) -> None:
    claim = f"{CLAIM}, and @everyone says <@1> so. " * 40

    confirmed = await watch(people.ada, claim)

    (kept,) = watches.own(f"discord:{people.ada.user.id}")
    assert kept.text.count(CLAIM) == 40
    assert not MENTION.search(confirmed.text.replace("\\<", ""))


async def test_a_message_that_could_not_be_sent_is_sent_later(
    discord: LoopbackDiscord, people: People, library: Library
) -> None:
    await watch(people.ada)
    discord.faults.plan("direct", ServerError(501))

    library.add(server(discord), article(), actor="test")

    await until(lambda: bool(told(discord, people.ada)))


async def test_a_watch_is_deleted_after_thirty_days(
    empty_discord: LoopbackDiscord, checker: FactChecker, people: People, library: Library, watches: Watches
) -> None:
    discord = empty_discord
    async with bot_on(discord, checker):
        await watch(people.ada)
    discord.clock.advance(timedelta(days=30).total_seconds() - 600)
    async with bot_on(discord, checker):
        await people.mo.check("that the bot had time to tidy up")
        assert len(watches.own(f"discord:{people.ada.user.id}")) == 1
    discord.clock.advance(600)
    async with bot_on(discord, checker):
        await until(lambda: not watches.own(f"discord:{people.ada.user.id}"))


async def test_moderators_see_what_is_missing_with_counts_and_without_names(
    discord: LoopbackDiscord, people: People
) -> None:
    assert "No gaps" in (await people.mo.slash("receipts gaps")).text
    await watch(people.ada)
    await watch(people.ann, "the ferry to Tern Island carried 413 passengers on Sunday!")
    await watch(people.ann, "Nobody has seen the **golden** heron of Alder Falls since March")
    await watch(people.bea, "Kettle Bridge is to be closed for a whole year")

    gaps = await people.mo.slash("receipts gaps")

    assert gaps.is_private
    first, second = [line for line in gaps.text.splitlines() if line.startswith("**")]
    assert first.startswith("**2 members, since ")
    assert CLAIM in first
    assert second.startswith("**1 member, since ")
    assert "Kettle" not in gaps.text
    assert "<@" not in gaps.text


async def test_a_member_does_not_see_what_is_missing(discord: LoopbackDiscord, people: People) -> None:
    await watch(people.ada)

    refused = await people.ada.slash("receipts gaps")

    assert "only moderators of this server may do that" in refused.text
    assert "ferry" not in refused.text


async def test_two_shards_tell_once(
    empty_discord: LoopbackDiscord, checker: FactChecker, library: Library, watches: Watches
) -> None:
    discord = empty_discord
    discord.gateway.shards = 2
    person = Member(discord, "Ada")
    async with bot_on(discord, checker):
        await watch(person)
        library.add(server(discord), article(), actor="test")
        await until(lambda: not watches.own(f"discord:{person.user.id}"))
        assert len(told(discord, person)) == 1
    assert discord.gateway.identifies == 2


def test_a_watch_names_nothing_of_a_member_but_the_account() -> None:
    assert list(Watch.__slots__) == [
        "id",
        "collection",
        "member",
        "place",
        "text",
        "speaker",
        "locale",
        "at",
        "found_at",
    ]
