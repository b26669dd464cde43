"""What moderators see of their articles: `Sheet` → Discord message, and the words on each kind of sheet.

Like a card a sheet holds plain text, which is cleaned and escaped when it is laid out; mentions of people and channels
are made of ids alone and ping nobody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.escaping import BUTTON_URL_LIMIT, Piece, clean, fitted, labelled, lines_within, plain, web_address
from knowledge.desk import Added, Page, Removal, ServerSettings, Suggestion
from knowledge.domains import DomainRule
from knowledge.feeds import FollowedFeed
from knowledge.models import Article, AuditEntry, DomainPolicy, FeedsGoTo, NewArticle
from knowledge.writer import Addition

if TYPE_CHECKING:
    import discord

    from knowledge.polling import Polled
    from knowledge.refreshing import Refreshed

_COLOUR = 0x5B6770
_TITLE_SHARE, _TEXT_SHARE, _LINES_SHARE = 300, 900, 2500


class Line(NamedTuple):
    """A label and what it says, or words alone where the label is empty."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One message for moderators. `said` is foreign text, shown as a quote; `who` are accounts that it names."""

    title: str
    lines: tuple[Line, ...] = ()
    said: str = ""
    remark: str = ""
    link: str = ""
    who: tuple[str, ...] = ()


def sheet_layout(sheet: Sheet, *buttons: "discord.ui.Item[Any]") -> "discord.ui.LayoutView":
    """The sheet as a Discord message, its buttons below in rows of five."""
    import discord

    ui = discord.ui
    blocks: list[discord.ui.Item[Any]] = [ui.TextDisplay(f"### {fitted(plain(sheet.title), _TITLE_SHARE)}")]
    if sheet.said:
        blocks.append(ui.TextDisplay(f"> {fitted(plain(clean(sheet.said)), _TEXT_SHARE)}"))
    if sheet.lines:
        blocks.append(ui.TextDisplay(lines_within([_pieces(line) for line in sheet.lines], _LINES_SHARE)))
    if sheet.who:
        blocks.append(ui.TextDisplay(f"-# {' '.join(map(mention, sheet.who))}"))
    if sheet.remark:
        blocks.append(ui.TextDisplay(f"-# {fitted(plain(sheet.remark), _TITLE_SHARE)}"))
    address = web_address(sheet.link) if sheet.link else None
    links: list[discord.ui.Item[Any]] = []
    if address and len(address) <= BUTTON_URL_LIMIT:
        links.append(ui.Button(label="Open the article", url=address))
    row = [*links, *buttons]
    blocks += [ui.ActionRow(*row[start : start + 5]) for start in range(0, len(row), 5)]
    return ui.LayoutView(timeout=None).add_item(ui.Container(*blocks, accent_colour=_COLOUR))


def _pieces(line: Line) -> list[Piece]:
    text = clean(line.text)
    return labelled(line.label, text) if line.label else plain(text)


_ACCOUNT = re.compile(r"discord:(\d{15,20})")


def mention(actor: str) -> str:
    """An actor as Discord shows an account; anything else by its kind alone."""
    account = _ACCOUNT.fullmatch(actor)
    if actor.startswith("feed:"):
        return "a feed"
    return f"<@{account[1]}>" if account else "an operator"


# --- one article ---

_FIRST_WORDS = 500


def preview(article: NewArticle, *, is_known: bool = False) -> Sheet:
    """An article before it is added, or before its new text is."""
    return Sheet(
        title=article.title or "An article without a title",
        lines=(
            *_facts(article.publisher, article.published_on, article.language, len(article.text), article.url),
            *_reviewed(article),
        ),
        said=article.text[:_FIRST_WORDS] + (" …" if len(article.text) > _FIRST_WORDS else ""),
        remark="It is here with another text: adding it makes a new version, and keeps the old one."
        if is_known
        else "Nothing is added yet. This can wait for a day.",
        link=article.url,
    )


_REVIEWS_SHOWN = 3


def _reviewed(article: NewArticle) -> tuple[Line, ...]:
    """The claims that a page reviews, which are added with it."""
    reviews = [one.review for one in article.reviews if one.review]
    lines = [
        Line("Reviews", f"“{one.claim[:150]}”, which {one.reviewer or 'it'} rates “{one.rating[:60] or 'in no word'}”")
        for one in reviews[:_REVIEWS_SHOWN]
    ]
    if len(reviews) > _REVIEWS_SHOWN:
        lines.append(Line("", f"and {len(reviews) - _REVIEWS_SHOWN} claims more"))
    return tuple(lines)


def _facts(publisher: str, date: object, language: str, characters: int, url: str) -> tuple[Line, ...]:
    facts = (
        ("Publisher", publisher or "unknown: it will be shown by its address"),
        ("Date", str(date or "unknown")),
        ("Language", language),
        ("Length", f"{characters:,} characters" if characters else ""),
        ("Address", url),
    )
    return tuple(Line(label, text) for label, text in facts if text)


def article_sheet(article: Article, text: str = "", *, title: str = "") -> Sheet:
    """An article that is there; `title` says more than its own where something was done to it."""
    more = [Line("Label", article.label)] if article.label else []
    if article.review:
        review = article.review
        more += [Line("Reviewed", f"“{review.get('claim', '')}”, by {review.get('claimant') or 'somebody'}")]
        more += [Line("Rating, as the reviewer gives it", str(review.get("rating") or "none"))]
    added = Line("Added", f"{article.added_at:%Y-%m-%d}, number {article.id}, version {article.version}")
    facts = _facts(article.publisher, article.published_on, article.language, len(text), article.url)
    return Sheet(
        title=title or article.title or article.url,
        lines=(*([Line("Title", article.title)] if title else []), *facts, *more, added),
        said=text[:_FIRST_WORDS] + (" …" if len(text) > _FIRST_WORDS else ""),
        link=article.url,
    )


_ADDITIONS = {
    Addition.ADDED: "Added",
    Addition.NEW_VERSION: "Added as a new version: its text had changed",
    Addition.UNCHANGED: "Already here, with the same text",
}


def added_sheet(added: Added) -> Sheet:
    """What adding an article came to."""
    return article_sheet(added.article, title=_ADDITIONS[added.addition])


# --- pages that are fetched again ---


def refreshed_sheet(done: Sequence["Refreshed"], *, left: int = 0) -> Sheet:
    """What fetching some pages again came to; `left` are for another time."""
    if not done:
        return Sheet("No such articles have a page that can be fetched again")
    changed = [one.article for one in done if one.outcome == "changed"]
    failed = [one for one in done if one.reason]
    same = len(done) - len(changed) - len(failed)
    lines = [Line("Changed", f"{one.id}, {one.title or one.url}"[:200]) for one in changed]
    lines += [Line("Not to be had", f"{one.article.id}, {one.article.url[:120]}: it {one.reason}") for one in failed]
    lines += [Line("As they were", f"{same:,}")] if same else []
    remark = "What a page has no longer is still found, and marked so." if changed else ""
    remark = f"{left:,} more are left: ask again." if left else remark
    return Sheet(f"Fetched {_count(len(done), 'page')} again", tuple(lines), remark=remark)


# --- many articles ---


def listing(page: Page[Article], offset: int, *, about: str = "") -> Sheet:
    """A page of the articles."""
    if not page.total:
        return Sheet("No articles", remark="/source add brings one in." if not about else f"None {about}.")
    last = offset + len(page.items)
    return Sheet(
        title=f"Articles {offset + 1:,} to {last:,} of {page.total:,}",
        lines=tuple(Line(f"{article.id}", _in_a_line(article)) for article in page.items),
        remark=about,
    )


def _in_a_line(article: Article) -> str:
    parts = [str(article.published_on or "no date"), article.publisher, article.title or article.url]
    return ", ".join(part[:90] for part in parts if part) + (f" ({article.label})" if article.label else "")


def confirmation(articles: int, what: str) -> Sheet:
    """What is about to be removed."""
    return Sheet(
        title=f"Remove {_articles(articles)}?",
        lines=(Line("", what),),
        remark="Removed articles are found by no check. This can be undone for 24 hours.",
    )


def removal_sheet(removal: Removal) -> Sheet:
    """What was removed."""
    return Sheet(
        title=f"Removed {_articles(removal.articles)}",
        lines=(Line("", removal.what),),
        remark="This can be undone for 24 hours.",
    )


def undone_sheet(removal: Removal) -> Sheet:
    """What came back."""
    return Sheet(title=f"Brought back {_articles(removal.articles)}", lines=(Line("", removal.what),))


def _articles(number: int) -> str:
    return _count(number, "article")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


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
    return Sheet(
        title=f"{state.end}: {state.name}" if state.end else f"Importing {state.name}: {share} %",
        lines=(
            Line("New", f"{state.added:,}"),
            Line("With a new text", f"{state.changed:,}"),
            Line("Known already", f"{state.known:,}"),
            Line(
                "Refused",
                f"{state.refused:,}" + (", each named in the file below" if state.end and state.refused else ""),
            ),
        ),
        remark="" if state.end else "What is counted is kept, also where this is stopped.",
    )


# --- log, domains, suggestions, settings ---


def log_sheet(page: Page[AuditEntry], offset: int) -> Sheet:
    """A page of what was done."""
    if not page.total:
        return Sheet("Nothing was done here yet")
    last = offset + len(page.items)
    return Sheet(
        title=f"Changes {offset + 1:,} to {last:,} of {page.total:,}, the newest first",
        lines=tuple(Line(f"{entry.at:%Y-%m-%d %H:%M}", log_line(entry)) for entry in page.items),
        remark="Times are UTC. Accounts are numbers here, as they are stored.",
    )


_HASHES = frozenset({"sha256", "version"})


def log_line(entry: AuditEntry) -> str:
    """One change in a line: who, what, what it was about, and what is different now."""
    before, after = entry.before or {}, entry.after or {}
    changed = [key for key in after if key in before and before[key] != after[key] and key not in _HASHES]
    now = ", ".join(f"{key} is now {str(after[key])[:60] or 'empty'}" for key in changed)
    about = str(after.get("title") or before.get("title") or entry.url)[:120]
    return f"{entry.actor.removeprefix('discord:')}: {entry.action} {about}" + (f" ({now})" if now else "")


def domains_sheet(rules: Sequence[DomainRule]) -> Sheet:
    """Which publishers' domains may be added."""
    allowed = [rule.domain for rule in rules if rule.policy is DomainPolicy.ALLOW]
    blocked = [rule.domain for rule in rules if rule.policy is DomainPolicy.BLOCK]
    lines = [Line("Allowed", ", ".join(allowed))] if allowed else [Line("Allowed", "every domain that is not blocked")]
    if blocked:
        lines.append(Line("Blocked", ", ".join(blocked)))
    return Sheet(
        title="Publishers’ domains",
        lines=tuple(lines),
        remark="Only the allowed domains can be added." if allowed else "A rule holds for subdomains too.",
    )


def suggestion_sheet(suggestion: Suggestion, waiting: int) -> Sheet:
    """One suggestion, for moderators to decide on."""
    lines = [Line("Address", suggestion.url)]
    if suggestion.note:
        lines.append(Line("Note", suggestion.note))
    return Sheet(
        title="A suggested source",
        lines=tuple(lines),
        who=(suggestion.actor,),
        remark=f"{waiting:,} waiting. Suggested on {suggestion.at:%Y-%m-%d}.",
        link=suggestion.url,
    )


def suggested_sheet(suggestion: Suggestion, actor: str) -> Sheet:
    """What the one who suggests a source is told."""
    return Sheet(
        title="Suggested" if suggestion.actor == actor else "Somebody suggested it already",
        lines=(Line("Address", suggestion.url),),
        remark="The moderators of this server decide.",
    )


# --- feeds ---

_GOES_TO = {FeedsGoTo.ARTICLES: "are added at once", FeedsGoTo.QUEUE: "wait in /source queue"}


def feed_sheet(feed: FollowedFeed, goes_to: FeedsGoTo) -> Sheet:
    """A feed that is followed from now on."""
    return Sheet(
        title=f"Following {feed.title or feed.url}",
        lines=(Line("Number", f"{feed.id}"), Line("Address", feed.url)),
        remark=f"Its articles {_GOES_TO[goes_to]}, a few at a time; /receipts settings decides it.",
    )


def unfollowed_sheet(feed: FollowedFeed) -> Sheet:
    """A feed that is followed no longer."""
    lines = (Line("Address", feed.url),)
    return Sheet(f"No longer following {feed.title or feed.url}", lines, remark="Its articles stay.")


def feeds_sheet(feeds: Sequence[FollowedFeed]) -> Sheet:
    """The feeds that are followed."""
    if not feeds:
        return Sheet("No feeds", remark="/feed add follows one.")
    return Sheet(
        title=f"{_count(len(feeds), 'feed')}",
        lines=tuple(Line(f"{feed.id}", _feed_line(feed)) for feed in feeds),
        remark="Times are UTC.",
    )


def _feed_line(feed: FollowedFeed) -> str:
    parts = [feed.title[:60], feed.url[:120], f"next at {feed.next_poll_at:%Y-%m-%d %H:%M}"]
    if feed.last_error:
        failed = f"failed {feed.failures:,} times" if feed.failures > 1 else "last time"
        parts.append(f"{failed}: {feed.last_error[:120]}")
    return ", ".join(part for part in parts if part)


def polled_words(polled: "Polled") -> str:
    """What a poll of a feed came to, in a line."""
    if polled.problem:
        return polled.problem
    counts = {
        "added": polled.added,
        "put into the queue": polled.queued,
        "refused": polled.refused,
        "left for later": polled.left,
    }
    told = ", ".join(f"{number:,} {what}" for what, number in counts.items() if number) or "nothing new"
    return f"{told} ({polled.reason})" if polled.reason else told


def news_sheet(polled: Sequence["Polled"]) -> Sheet:
    """What feeds brought, for the log channel."""
    lines = tuple(Line(one.feed.title or one.feed.url, polled_words(one)) for one in polled)
    return Sheet("Feeds brought something new", lines)


def settings_sheet(settings: ServerSettings) -> Sheet:
    """How a server has the bot set up."""
    yes_or_no = {True: "yes", False: "no"}
    return Sheet(
        title="Settings of this server",
        lines=(
            Line("Moderators", f"who may manage messages, and {_count(len(settings.roles), 'role')}"),
            Line("Log channel", "set" if settings.log_channel else "none"),
            Line("Shared articles are searched too", yes_or_no[settings.reads_shared]),
            Line("New articles of feeds", _GOES_TO[settings.feeds_go_to]),
            Line("Pages are fetched again from time to time", yes_or_no[settings.refreshes]),
            Line("Cards lead to archived copies too", yes_or_no[settings.links_archive]),
            Line("Quota", f"{settings.quota:,} articles" if settings.quota else "none"),
        ),
        remark="Discord itself decides to whom it shows /source: see Server Settings, Integrations, Receipts.",
    )
