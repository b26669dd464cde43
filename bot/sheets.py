"""What moderators see of their articles: `Sheet` → Discord message, and the words on each kind of sheet.

Like a card a sheet holds plain text, which is cleaned and escaped when it is laid out; mentions of people and channels
are made of ids alone and ping nobody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.catalogue import noted, plural, say
from bot.escaping import BUTTON_URL_LIMIT, Piece, clean, fitted, labelled, lines_within, moment, plain, web_address
from knowledge.desk import Added, Page, Removal, ServerSettings, Suggestion
from knowledge.domains import DomainRule
from knowledge.feeds import FollowedFeed
from knowledge.members import FORGOTTEN
from knowledge.models import Article, AuditEntry, DomainPolicy, FeedsGoTo, NewArticle, Review
from knowledge.writer import Addition

if TYPE_CHECKING:
    import discord

    from knowledge.polling import Polled
    from knowledge.refreshing import Refreshed

_COLOUR = 0x5B6770
_TITLE_SHARE, _TEXT_SHARE, _LINES_SHARE = 300, 900, 2500


class Line(NamedTuple):
    """A label and what it says, or words alone where the label is empty; `at` is shown in the reader's own time."""

    label: str
    text: str
    at: datetime | None = None


class Named(NamedTuple):
    """A label, and roles or channels as Discord mentions them."""

    label: str
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One message for moderators. `said` is foreign text, shown as a quote; `who` are accounts that it names."""

    title: str
    lines: tuple[Line, ...] = ()
    said: str = ""
    remark: str = ""
    link: str = ""
    who: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()


def sheet_layout(sheet: Sheet, *buttons: "discord.ui.Item[Any]") -> "discord.ui.LayoutView":
    """The sheet as a Discord message, its buttons below in rows of five."""
    import discord

    ui = discord.ui
    blocks: list[discord.ui.Item[Any]] = [ui.TextDisplay(f"### {fitted(plain(sheet.title), _TITLE_SHARE)}")]
    if sheet.said:
        blocks.append(ui.TextDisplay(f"> {fitted(plain(clean(sheet.said)), _TEXT_SHARE)}"))
    if sheet.lines:
        blocks.append(ui.TextDisplay(lines_within([_pieces(line) for line in sheet.lines], _LINES_SHARE)))
    if sheet.named:
        blocks.append(ui.TextDisplay("\n".join(map(_named_line, sheet.named))))
    if sheet.who:
        blocks.append(ui.TextDisplay(f"-# {' '.join(map(mention, sheet.who))}"))
    if sheet.remark:
        blocks.append(ui.TextDisplay(f"-# {fitted(plain(sheet.remark), _TITLE_SHARE)}"))
    address = web_address(sheet.link) if sheet.link else None
    links: list[discord.ui.Item[Any]] = []
    if address and len(address) <= BUTTON_URL_LIMIT:
        links.append(ui.Button(label=say("Open the article"), url=address))
    row = [*links, *buttons]
    blocks += [ui.ActionRow(*row[start : start + 5]) for start in range(0, len(row), 5)]
    return ui.LayoutView(timeout=None).add_item(ui.Container(*blocks, accent_colour=_COLOUR))


_MOST_NAMED = 20


def _named_line(named: Named) -> str:
    left = len(named.mentions) - _MOST_NAMED
    more = f" {say('and {n} more', n=left)}" if left > 0 else ""
    return f"**{named.label}:** {' '.join(named.mentions[:_MOST_NAMED])}{more}"


def _pieces(line: Line) -> list[Piece]:
    text = clean(line.text)
    pieces = labelled(line.label, text) if line.label else plain(text)
    if line.at is None:
        return pieces
    return [*pieces, *plain(" · "), moment(line.at)] if line.label else [moment(line.at), *plain(" "), *pieces]


_ACCOUNT = re.compile(r"discord:(\d{15,20})")


def mention(actor: str) -> str:
    """An actor as Discord shows an account; anything else by its kind alone."""
    account = _ACCOUNT.fullmatch(actor)
    if actor.startswith("feed:"):
        return say("a feed")
    if actor == FORGOTTEN:
        return say("somebody whose name is no longer kept")
    return f"<@{account[1]}>" if account else say("an operator")


def account_of(name: str) -> int:
    """The number in a name such as "discord:1234"; 0 where there is none."""
    number = name.removeprefix("discord:")
    return int(number) if number.isascii() and number.isdecimal() else 0


# --- one article ---

_FIRST_WORDS = 500


def preview(article: NewArticle, *, is_known: bool = False) -> Sheet:
    """An article before it is added, or before its new text is."""
    return Sheet(
        title=article.title or say("An article without a title"),
        lines=(
            *_facts(article.publisher, article.published_on, article.language, len(article.text), article.url),
            *_reviewed(article),
        ),
        said=article.text[:_FIRST_WORDS] + (" …" if len(article.text) > _FIRST_WORDS else ""),
        remark=say("It is here with another text: adding it makes a new version, and keeps the old one.")
        if is_known
        else say("Nothing is added yet. This can wait for a day."),
        link=article.url,
    )


_REVIEWS_SHOWN = 3


def _reviewed(article: NewArticle) -> tuple[Line, ...]:
    """The claims that a page reviews, which are added with it."""
    reviews = [one.review for one in article.reviews if one.review]
    lines = [Line(say("Reviews"), _review_words(one)) for one in reviews[:_REVIEWS_SHOWN]]
    if len(reviews) > _REVIEWS_SHOWN:
        lines.append(Line("", say("and {n} more", n=len(reviews) - _REVIEWS_SHOWN)))
    return tuple(lines)


def _review_words(review: Review) -> str:
    claim, rating = review.claim[:150], review.rating[:60] or say("none")
    return say("“{claim}”, rated “{rating}” by {reviewer}", claim=claim, rating=rating, reviewer=review.reviewer)


def _facts(publisher: str, date: object, language: str, characters: int, url: str) -> tuple[Line, ...]:
    facts = (
        (say("Publisher"), publisher or say("unknown: it will be shown by its address")),
        (say("Date"), str(date or say("unknown"))),
        (say("Language"), language),
        (say("Length"), plural("{n} character", "{n} characters", characters) if characters else ""),
        (say("Address"), url),
    )
    return tuple(Line(label, text) for label, text in facts if text)


def article_sheet(article: Article, text: str = "", *, title: str = "") -> Sheet:
    """An article that is there; `title` says more than its own where something was done to it."""
    more = [Line(say("Label"), say(article.label))] if article.label else []
    if article.review:
        review = article.review
        claimant = review.get("claimant") or say("somebody")
        claimed = say("“{claim}”, by {claimant}", claim=review.get("claim", ""), claimant=claimant)
        more += [Line(say("Reviewed"), claimed)]
        more += [Line(say("Rating, as the reviewer gives it"), str(review.get("rating") or say("none")))]
    number = say("number {number}, version {version}", number=str(article.id), version=article.version)
    added = Line(say("Added"), number, article.added_at)
    facts = _facts(article.publisher, article.published_on, article.language, len(text), article.url)
    return Sheet(
        title=title or article.title or article.url,
        lines=(*([Line(say("Title"), article.title)] if title else []), *facts, *more, added),
        said=text[:_FIRST_WORDS] + (" …" if len(text) > _FIRST_WORDS else ""),
        link=article.url,
    )


_ADDITIONS = {
    Addition.ADDED: noted("Added"),
    Addition.NEW_VERSION: noted("Added as a new version: its text had changed"),
    Addition.UNCHANGED: noted("Already here, with the same text"),
}


def added_sheet(added: Added) -> Sheet:
    """What adding an article came to."""
    return article_sheet(added.article, title=say(_ADDITIONS[added.addition]))


# --- pages that are fetched again ---


def refreshed_sheet(done: Sequence["Refreshed"], *, left: int = 0) -> Sheet:
    """What fetching some pages again came to; `left` are for another time."""
    if not done:
        return Sheet(say("No such articles have a page that can be fetched again"))
    changed = [one.article for one in done if one.outcome == "changed"]
    failed = [one for one in done if one.reason]
    same = len(done) - len(changed) - len(failed)
    lines = [Line(say("Changed"), f"{one.id}, {one.title or one.url}"[:200]) for one in changed]
    lines += [Line(say("Not to be had"), f"{one.article.id}, {one.article.url[:120]}: {one.reason}") for one in failed]
    lines += [Line(say("As they were"), f"{same}")] if same else []
    remark = say("What a page has no longer is still found, and marked so.") if changed else ""
    remark = say("{n} more are left: ask again.", n=left) if left else remark
    title = plural("Fetched {n} page again", "Fetched {n} pages again", len(done))
    return Sheet(title, tuple(lines), remark=remark)


# --- many articles ---


def listing(page: Page[Article], offset: int, *, about: str = "") -> Sheet:
    """A page of the articles."""
    if not page.total:
        remark = say("None {about}.", about=about) if about else say("/source add brings one in.")
        return Sheet(say("No articles"), remark=remark)
    last = offset + len(page.items)
    return Sheet(
        title=say("Articles {first} to {last} of {total}", first=offset + 1, last=last, total=page.total),
        lines=tuple(Line(f"{article.id}", _in_a_line(article)) for article in page.items),
        remark=about,
    )


def _in_a_line(article: Article) -> str:
    parts = [str(article.published_on or say("no date")), article.publisher, article.title or article.url]
    return ", ".join(part[:90] for part in parts if part) + (f" ({say(article.label)})" if article.label else "")


def confirmation(articles: int, what: str) -> Sheet:
    """What is about to be removed."""
    return Sheet(
        title=plural("Remove {n} article?", "Remove {n} articles?", articles),
        lines=(Line("", what),),
        remark=say("Removed articles are found by no check. This can be undone for 24 hours."),
    )


def removal_sheet(removal: Removal) -> Sheet:
    """What was removed."""
    return Sheet(
        title=plural("Removed {n} article", "Removed {n} articles", removal.articles),
        lines=(Line("", removal.what),),
        remark=say("This can be undone for 24 hours."),
    )


def undone_sheet(removal: Removal) -> Sheet:
    """What came back."""
    title = plural("Brought back {n} article", "Brought back {n} articles", removal.articles)
    return Sheet(title=title, lines=(Line("", removal.what),))


# --- imports ---


@dataclass(frozen=True, slots=True)
class ImportState:
    """How far an import is: `done` of `total` bytes read, what was stored, what was refused."""

    name: str
    done: int
    total: int
    added: int = 0
    changed: int = 0
    known: int = 0
    refused: int = 0
    end: str = ""
    """Why it is over; empty while it goes on."""


def import_sheet(state: ImportState) -> Sheet:
    """The progress of an import, or what it came to."""
    share = 100 * state.done // max(1, state.total)
    refused = say("{n}", n=state.refused)
    if state.end and state.refused:
        refused = say("{n}, each named in the file below", n=state.refused)
    return Sheet(
        title=f"{state.end}: {state.name}"
        if state.end
        else say("Importing {name}: {share} %", name=state.name, share=share),
        lines=(
            Line(say("New"), say("{n}", n=state.added)),
            Line(say("With a new text"), say("{n}", n=state.changed)),
            Line(say("Known already"), say("{n}", n=state.known)),
            Line(say("Refused"), refused),
        ),
        remark="" if state.end else say("What is counted is kept, also where this is stopped."),
    )


# --- log, domains, suggestions, settings ---


def log_sheet(page: Page[AuditEntry], offset: int) -> Sheet:
    """A page of what was done."""
    if not page.total:
        return Sheet(say("Nothing was done here yet"))
    last = offset + len(page.items)
    return Sheet(
        title=say(
            "Changes {first} to {last} of {total}, the newest first", first=offset + 1, last=last, total=page.total
        ),
        lines=tuple(Line("", log_line(entry), entry.at) for entry in page.items),
        remark=say("Accounts are numbers here, as they are stored."),
    )


def changes_sheet(entries: Sequence[AuditEntry]) -> Sheet:
    """What was just done, the newest first in `entries`, for the log channel."""
    lines = tuple(Line("", log_line(entry)) for entry in reversed(entries))
    return Sheet(say("The articles of this server changed"), lines)


_HASHES = frozenset({"sha256", "version"})


# The words of the log for what the audit calls by a short name of its own. What has none here is shown as it is.
_DEEDS = {
    "add": noted("added"),
    "update": noted("brought up to date"),
    "edit": noted("edited"),
    "remove": noted("removed"),
    "remove_publisher": noted("removed all of a publisher"),
    "undo": noted("brought back"),
    "suggest": noted("suggested"),
    "approve": noted("approved"),
    "reject": noted("declined"),
    "draft": noted("looked at"),
    "change_draft": noted("edited before adding"),
    "publish": noted("decided to add"),
    "discard": noted("did not add"),
    "add_feed": noted("followed the feed"),
    "move_feed": noted("followed the feed to its new address"),
    "remove_feed": noted("followed the feed no longer"),
    "allow": noted("allowed a domain"),
    "block": noted("blocked a domain"),
    "unlist": noted("took a domain off the list"),
    "settings": noted("changed the settings"),
    "takedown": noted("took down"),
    "disable": noted("switched the articles off"),
    "enable": noted("switched the articles on"),
}
_FIELDS = {
    "title": noted("title"),
    "publisher": noted("publisher"),
    "published_on": noted("date"),
    "date": noted("date"),
    "url": noted("address"),
    "label": noted("label"),
    "language": noted("language"),
}


def log_line(entry: AuditEntry) -> str:
    """One change in a line: who, what, what it was about, and what is different now."""
    before, after = entry.before or {}, entry.after or {}
    changed = [key for key in after if key in before and before[key] != after[key] and key not in _HASHES]
    now = ", ".join(say("{what} is now {value}", what=_field(key), value=_shown(key, after[key])) for key in changed)
    about = str(after.get("title") or before.get("title") or entry.url)[:120]
    who, deed = entry.actor.removeprefix("discord:"), say(_DEEDS.get(entry.action, entry.action))
    told = say("{who}: {deed} {about}", who=who, deed=deed, about=about) if about else f"{who}: {deed}"
    return f"{told} ({now})" if now else told


def _field(key: str) -> str:
    return say(_FIELDS.get(key, key))


def _shown(key: str, value: object) -> str:
    if value in (None, "", []):
        return say("empty")
    return say(str(value)) if key == "label" else str(value)[:60]


def domains_sheet(rules: Sequence[DomainRule]) -> Sheet:
    """Which publishers' domains may be added."""
    allowed = [rule.domain for rule in rules if rule.policy is DomainPolicy.ALLOW]
    blocked = [rule.domain for rule in rules if rule.policy is DomainPolicy.BLOCK]
    lines = [Line(say("Allowed"), ", ".join(allowed) or say("every domain that is not blocked"))]
    if blocked:
        lines.append(Line(say("Blocked"), ", ".join(blocked)))
    return Sheet(
        title=say("Publishers’ domains"),
        lines=tuple(lines),
        remark=say("Only the allowed domains can be added.") if allowed else say("A rule holds for subdomains too."),
    )


def suggestion_sheet(suggestion: Suggestion, waiting: int) -> Sheet:
    """One suggestion, for moderators to decide on."""
    lines = [Line(say("Address"), suggestion.url)]
    if suggestion.note:
        lines.append(Line(say("Note"), suggestion.note))
    return Sheet(
        title=say("A suggested source"),
        lines=tuple(lines),
        who=(suggestion.actor,),
        remark=say("{n} waiting. Suggested on {day}.", n=waiting, day=f"{suggestion.at:%Y-%m-%d}"),
        link=suggestion.url,
    )


def suggested_sheet(suggestion: Suggestion, actor: str) -> Sheet:
    """What the one who suggests a source is told."""
    return Sheet(
        title=say("Suggested") if suggestion.actor == actor else say("Somebody suggested it already"),
        lines=(Line(say("Address"), suggestion.url),),
        remark=say("The moderators of this server decide."),
    )


# --- feeds ---

_GOES_TO = {FeedsGoTo.ARTICLES: noted("are added at once"), FeedsGoTo.QUEUE: noted("wait in /source queue")}


def feed_sheet(feed: FollowedFeed, goes_to: FeedsGoTo) -> Sheet:
    """A feed that is followed from now on."""
    return Sheet(
        title=say("Following {feed}", feed=feed.title or feed.url),
        lines=(Line(say("Feed number"), f"{feed.id}"), Line(say("Address"), feed.url)),
        remark=say("Its articles {go}, a few at a time; /receipts settings decides it.", go=say(_GOES_TO[goes_to])),
    )


def unfollowed_sheet(feed: FollowedFeed) -> Sheet:
    """A feed that is followed no longer."""
    title = say("No longer following {feed}", feed=feed.title or feed.url)
    return Sheet(title, (Line(say("Address"), feed.url),), remark=say("Its articles stay."))


def feeds_sheet(feeds: Sequence[FollowedFeed]) -> Sheet:
    """The feeds that are followed."""
    if not feeds:
        return Sheet(say("No feeds"), remark=say("/feed add follows one."))
    return Sheet(
        title=plural("{n} feed", "{n} feeds", len(feeds)),
        lines=tuple(Line(f"{feed.id}", _feed_line(feed), feed.next_poll_at) for feed in feeds),
        remark=say("The time is that of the next look."),
    )


def _feed_line(feed: FollowedFeed) -> str:
    parts = [feed.title[:60], feed.url[:120]]
    if feed.last_error:
        failed = plural("failed last time", "failed {n} times", feed.failures)
        parts.append(f"{failed}: {feed.last_error[:120]}")
    return ", ".join(part for part in parts if part)


def polled_words(polled: "Polled") -> str:
    """What a poll of a feed came to, in a line."""
    if polled.problem:
        return polled.problem
    counts = {
        noted("{n} added"): polled.added,
        noted("{n} put into the queue"): polled.queued,
        noted("{n} refused"): polled.refused,
        noted("{n} left for later"): polled.left,
    }
    told = ", ".join(say(words, n=number) for words, number in counts.items() if number) or say("nothing new")
    return f"{told} ({polled.reason})" if polled.reason else told


def news_sheet(polled: Sequence["Polled"]) -> Sheet:
    """What feeds brought, for the log channel."""
    lines = tuple(Line(one.feed.title or one.feed.url, polled_words(one)) for one in polled)
    return Sheet(say("Feeds brought something new"), lines)


def settings_sheet(settings: ServerSettings) -> Sheet:
    """How a server has the bot set up."""
    roles = tuple(f"<@&{role}>" for role in settings.roles)
    channels = (f"<#{settings.log_channel.removeprefix('discord:')}>",) if settings.log_channel else ()
    named = (Named(say("Roles that moderate too"), roles), Named(say("Log channel"), channels))
    quota = plural("{n} article", "{n} articles", settings.quota) if settings.quota else say("none")
    return Sheet(
        title=say("Settings of this server"),
        lines=(
            Line(
                say("Moderators"),
                plural("who may manage messages, and {n} role", "who may manage messages, and {n} roles", len(roles)),
            ),
            *([] if channels else [Line(say("Log channel"), say("none yet"))]),
            Line(
                say("Answers to /check"),
                say("shown to the asker alone, unless the asker says otherwise")
                if settings.private_by_default
                else say("shown to everybody, unless the asker says otherwise"),
            ),
            Line(say("Shared articles are searched too"), say("yes") if settings.reads_shared else say("no")),
            Line(say("New articles of feeds"), say(_GOES_TO[settings.feeds_go_to])),
            Line(say("Pages are fetched again from time to time"), say("yes") if settings.refreshes else say("no")),
            Line(say("Cards lead to archived copies too"), say("yes") if settings.links_archive else say("no")),
            Line(say("Quota"), quota),
        ),
        named=tuple(one for one in named if one.mentions),
        remark=say("Discord itself decides to whom it shows /source: see Server Settings, Integrations, Receipts."),
    )
