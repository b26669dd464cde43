"""Everybody reads the bot in the language of their own Discord, a server's log channel in that of the server."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cards import card_of
from bot.catalogue import languages, speaking
from bot.cooldowns import MEMBER
from bot.harness import LoopbackDiscord, Member, bot_on
from bot.harness.components import texts
from knowledge.checker import FactCheck, FactChecker
from knowledge.library import Library
from tests.bot.conftest import POLL, until
from tests.bot.test_cards import fact_checks, problems
from tests.bot.test_details import problems_of_details
from tests.bot.test_watches import server, told
from tests.catalogue import read

CLAIM = "57% of Republican voters favor Tuberville"


@pytest.fixture
def library(library: Library, empty_discord: LoopbackDiscord) -> Library:
    """The article in the first server too."""
    library.add(f"discord:{empty_discord.guilds[0].id}", POLL, actor="test")
    return library


@pytest.fixture
def gerda(empty_discord: LoopbackDiscord) -> Member:
    """A moderator whose Discord is in German."""
    return Member(empty_discord, "Gerda", roles=["Moderator"], locale="de")


async def test_a_german_reads_german(discord: LoopbackDiscord, gerda: Member) -> None:
    card = await gerda.check(CLAIM)
    details = await gerda.press(card, "Details")

    assert card.text.startswith("### ≠ Verändert: in der Quelle steht 47%, nicht 57%\n-# Behauptung: ")
    assert "**In der Quelle**" in card.text
    assert card.buttons == ["Details", "Entfernen"]
    assert "**Zahl:** „57%“ statt „47%“ in der Quelle" in details.text
    assert "1 Artikel in " in details.text


async def test_help_names_the_commands_as_a_german_is_shown_them(discord: LoopbackDiscord, gerda: Member) -> None:
    screen = await gerda.slash("receipts help")
    assert "**/prüfen** findet, woher ein Zitat oder eine Behauptung kommt" in screen.text

    answers = await gerda.press(screen, "Was die Antworten heißen")
    assert "**Anders zugeschrieben**: die Worte sind da" in answers.text
    assert "Jede Änderung steht in **/quelle protokoll**." in answers.text


async def test_errors_are_german_too(discord: LoopbackDiscord, gerda: Member) -> None:
    empty = await gerda.check("...")
    unknown = await gerda.slash("source show", article="99")
    day = await gerda.slash("source list", since="01.05.2031")

    assert "Nicht geprüft: da sind keine Worte zum Prüfen" in empty.text
    assert "/quelle liste zeigt, was es gibt." in unknown.text
    assert "Schreib es wie 2031-05-01." in day.text


async def test_what_is_nowhere_is_not_found_and_not_ruled_on(discord: LoopbackDiscord, gerda: Member) -> None:
    card = await gerda.check("Eine Behauptung, die nirgends steht")

    assert "Nicht gefunden: nichts dergleichen in dem 1 durchsuchten Artikel" in card.text
    assert "Das spricht nicht gegen die Behauptung: Es sagt nur, was in diesen Artikeln steht." in card.text
    assert not re.search(r"\b(falsch|wahr|richtig)", card.text, re.IGNORECASE)
    assert card.buttons == ["Details", "Entfernen", "Quelle vorschlagen", "Bescheid, wenn es auftaucht"]


async def test_what_is_put_into_words_in_a_thread_is_german_too(discord: LoopbackDiscord, gerda: Member) -> None:
    reply = await gerda.slash("source block", domain="example.net")

    assert "**Gesperrt:** example.net" in reply.text


async def test_who_asks_too_often_is_told_in_their_language(discord: LoopbackDiscord, gerda: Member) -> None:
    replies = await asyncio.gather(
        *(gerda.check(f"a claim of the number {number}") for number in range(MEMBER.a_minute + 1))
    )

    assert any(f"du hast mehr als {MEMBER.a_minute}-mal in einer Minute gefragt" in reply.text for reply in replies)


async def test_two_languages_in_one_channel_at_one_time_do_not_mix(discord: LoopbackDiscord, gerda: Member) -> None:
    others = [
        Member(discord, "Ada"),
        Member(discord, "Dirk", locale="de"),
        Member(discord, "Jun", locale="ja"),
        Member(discord, "Bob", locale="en-GB"),
    ]
    people = [gerda, *others] * 3

    cards = await asyncio.gather(*(person.check(CLAIM) for person in people))
    details = await asyncio.gather(*(person.press(card, "Details") for person, card in zip(people, cards, strict=True)))

    for person, card, more in zip(people, cards, details, strict=True):
        is_german = person.user.locale == "de"
        assert ("Verändert" in card.text, "Altered" in card.text) == (is_german, not is_german)
        assert ("Wie entschieden wurde" in more.text, "How it was decided" in more.text) == (is_german, not is_german)


async def test_a_card_in_one_language_has_buttons_that_answer_in_another(
    empty_discord: LoopbackDiscord, checker: FactChecker, gerda: Member
) -> None:
    ada = Member(empty_discord, "Ada")
    async with bot_on(empty_discord, checker):
        card = await gerda.check(f"“{CLAIM}”", speaker="Ada Quill", private=False)

    async with bot_on(empty_discord, checker):
        english = await ada.press(card, "Details")
        german = await gerda.press(card, "Details")

    assert "Said to be by Ada Quill" in english.text
    assert "Gesagt haben soll es Ada Quill" in german.text


async def test_what_turns_up_is_told_in_the_language_in_which_it_was_asked_for(
    discord: LoopbackDiscord, gerda: Member, library: Library
) -> None:
    reply = await gerda.check("Die Fähre fuhr am Sonntag mit 412 Fahrgästen zur Insel")

    asked = await gerda.press(reply, "Bescheid, wenn es auftaucht")
    assert "Noch ist nichts gespeichert: möchtest du Bescheid, wenn das auftaucht?" in asked.text
    assert "30 Tage lang; die Moderation sieht die Worte, keine Namen" in asked.text
    assert "in diesem Kanal." in asked.text
    await gerda.press(asked, "Ja, sag Bescheid")
    text = "Es war ein langer Tag. Die Fähre fuhr am Sonntag mit 390 Fahrgästen zur Insel, sagte der Hafenmeister."
    library.add(server(discord), replace(POLL, url="https://example.org/ferry", text=text), actor="test")
    await until(lambda: bool(told(discord, gerda)))

    (message,) = told(discord, gerda)
    assert "Verändert: in der Quelle steht 390, nicht 412" in message.text
    assert "„Beenden“ beendet alles, worauf du noch wartest." in message.text
    assert message.buttons == ["Beenden"]


async def test_commands_are_registered_with_german_names(discord: LoopbackDiscord) -> None:
    registered = dict(names("de", discord))

    assert registered["check"] == "prüfen"
    assert registered["check claim"] == "prüfen behauptung"
    assert registered["source add url"] == "quelle hinzufügen adresse"
    assert registered["Check this message"] == "Nachricht prüfen"


@pytest.mark.parametrize("language", sorted(languages()))
async def test_no_two_commands_of_one_place_have_the_same_name(discord: LoopbackDiscord, language: str) -> None:
    translated = [words for _, words in names(language, discord)]

    assert len(set(translated)) == len(translated)


@pytest.mark.parametrize("language", sorted(languages()))
async def test_sentences_name_commands_as_they_are_registered(discord: LoopbackDiscord, language: str) -> None:
    translated = dict(names(language, discord))

    for message in read(language):
        wanted = sorted(translated[name] for name in named_in(message.id, translated))
        assert sorted(named_in(message.string, translated.values())) == wanted, message.string


def named_in(sentences: Any, commands: Iterable[str]) -> list[str]:
    """The commands that a sentence names, or the first of its forms."""
    sentence = sentences if isinstance(sentences, str) else sentences[0]
    longest_first = sorted(map(re.escape, commands), key=len, reverse=True)
    return re.findall(rf"/({'|'.join(longest_first)})\b", sentence)


def names(locale: str, discord: LoopbackDiscord) -> Iterator[tuple[str, str]]:
    """Each command, part and option that is registered, after what leads to it: in English and in a language."""
    for command in discord.world.commands:
        yield from _names(locale, command)


def _names(locale: str, named: dict[str, Any], *before: tuple[str, str]) -> Iterator[tuple[str, str]]:
    translated = (named.get("name_localizations") or {}).get(locale, named["name"])
    path = (*before, (named["name"], translated))
    yield " ".join(one for one, _ in path), " ".join(one for _, one in path)
    for option in named.get("options") or []:
        yield from _names(locale, option, *path)


@pytest.mark.parametrize("language", sorted(languages()))
async def test_every_form_and_its_answer_fit(discord: LoopbackDiscord, language: str) -> None:
    """The Discord here refuses what is too long for a title, a label, a hint or a button."""
    moderator = Member(discord, "Moderator", roles=["Moderator"], locale=language)
    shown = await moderator.slash("receipts settings")

    await moderator.slash_for_form("source paste")
    await moderator.slash_for_form("source edit", article=POLL.url)
    await moderator.submit(await moderator.press_for_form(shown, shown.buttons[0]))


async def test_a_log_channel_is_told_in_the_language_of_its_server(
    empty_discord: LoopbackDiscord, checker: FactChecker, gerda: Member
) -> None:
    empty_discord.guilds[0].locale = "de"
    mo = Member(empty_discord, "Mo", roles=["Moderator"])
    channel = empty_discord.guilds[0].channels["moderators"]
    async with bot_on(empty_discord, checker):
        await gerda.slash("receipts settings", log_channel=channel.id)
        telling = asyncio.create_task(empty_discord.rest.answered("send"))
        reply = await mo.slash("source label", article=POLL.url, label="satire")
        await telling

    (*_, told) = ["\n".join(texts(message.payload["components"])) for message in channel.messages.values()]
    assert "Labelled as satire" in reply.text
    assert "Die Artikel dieses Servers haben sich geändert" in told
    assert f"{mo.user.id}: bearbeitet: https\\://example.org/poll (Kennzeichnung ist jetzt Satire)" in told


async def test_moments_are_shown_in_the_readers_own_time(discord: LoopbackDiscord, gerda: Member) -> None:
    await gerda.slash("source label", article=POLL.url, label="opinion")

    assert re.search(r"<t:\d+:\w>", (await gerda.slash("source log")).text)
    assert "**Datum:** 2020-07-12" in (await gerda.slash("source show", article=POLL.url)).text


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(fact_checks(), st.sampled_from(sorted(languages())))
def test_every_card_and_its_details_fit_in_every_language(fact_check: FactCheck, language: str) -> None:
    with speaking(language):
        assert problems(card_of(fact_check)) == []
        assert problems_of_details(fact_check) == []
