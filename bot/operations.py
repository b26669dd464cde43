"""What each `receipts` subcommand does: opens the library, asks `knowledge`, prints. Each returns the exit status."""

import asyncio
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import typer
from rich.console import Console
from rich.text import Text

from bot.answers import Identity, article_line, check_line, error_line, search_line
from bot.cards import card_of
from bot.cases import case_line
from bot.demo import COLLECTION, TOUR, Stop, demo_library
from bot.logs import LogStyle, set_up
from bot.member_sheets import dispute_line
from bot.questions import Question, question, read_batch
from bot.settings import Settings, SettingsError
from bot.sheets import polled_words
from bot.terminal import advice, progress, show_card, show_search, standard_error, standard_output, visible
from knowledge import backups
from knowledge.checker import FactCheck, FactChecker, Search
from knowledge.desk import Desk
from knowledge.errors import ClaimError, KnowledgeError, LibraryError
from knowledge.ingest import ArticleReader, Refusal, read_articles
from knowledge.library import CollectionInfo, Library
from knowledge.models import Article, NewArticle
from knowledge.verdicts import Verdict
from knowledge.writer import Addition

if TYPE_CHECKING:
    from bot.web import Web
    from knowledge.refreshing import Refreshed

ANSWERED, SOME_REFUSED, NOTHING_DONE, INTERRUPTED = 0, 1, 2, 130

_ACTOR = "terminal"

Answer = TypeVar("Answer")


def show_demo() -> int:
    """A tour over bundled articles, and a chat where there is somebody to chat with."""
    with _advising("The demo’s library"), demo_library() as library:
        return _chat(FactChecker(library), COLLECTION, TOUR, then_stay=sys.stdin.isatty() and sys.stdout.isatty())


def show_demo_page(port: int) -> int:
    """A chat over bundled articles, in a browser."""
    with _advising("The demo’s library"), demo_library() as library:
        return _serve_page(FactChecker(library), COLLECTION, port)


def open_console(database: str | None, collection: str) -> int:
    """A chat on a library."""
    with _library(database) as library:
        return _chat(FactChecker(library), collection, (), then_stay=True)


def _chat(checker: FactChecker, collection: str, stops: Sequence[Stop], *, then_stay: bool) -> int:
    from bot.harness.console import console  # discord.py takes longer to import than most commands to run

    async def talk() -> None:
        async with console(checker, collection, internet) as chat:
            await chat.tour(stops)
            if then_stay:
                await chat.run()

    with _internet() as internet, suppress(KeyboardInterrupt):
        asyncio.run(talk())
    return ANSWERED


def open_page(database: str | None, collection: str, port: int) -> int:
    """A chat on a library, in a browser."""
    with _library(database) as library:
        return _serve_page(FactChecker(library), collection, port)


def _serve_page(checker: FactChecker, collection: str, port: int) -> int:
    from bot.harness.web_console import web_console

    async def serve() -> None:
        async with web_console(checker, collection, internet, port=port) as url:
            _say("Open this address in a browser of this machine. It is for you alone; Ctrl-C ends it.")
            _print(url)
            await asyncio.Event().wait()

    try:
        with _internet() as internet, suppress(KeyboardInterrupt):
            asyncio.run(serve())
    except OSError as error:
        _say(f"The page cannot be served: {error.strerror or error}.")
        return NOTHING_DONE
    return ANSWERED


def run_bot(database: str | None, collection: str, log_style: LogStyle | None, metrics_port: int | None) -> int:
    """The Discord bot."""
    from bot.serving import run

    settings = _settings()
    set_up(log_style or settings.log)
    with _library(database) as library, _internet() as internet:
        return run(settings, FactChecker(library), shared=collection, web=internet, metrics_port=metrics_port)


def import_articles(database: str | None, collection: str, paths: Sequence[Path]) -> int:
    """Read files and folders into a collection."""
    with _library(database) as library:
        work = _Import(read_articles(paths))
        try:
            work.run(library, collection)
        except KeyboardInterrupt:
            work.summarise()
            _say("Interrupted. What is counted above is kept; the same command goes on from there.")
            return INTERRUPTED
        except LibraryError as error:
            work.summarise()
            _say(advice(error, _address(database)))
            return max(work.status, SOME_REFUSED)
    work.summarise()
    return work.status


def check(database: str | None, collection: str, asked: str | BinaryIO, limit: int) -> int:
    """Check claims and draw the answers."""
    out = standard_output()
    return _answer(
        database, asked, _checking(collection, limit), lambda _, it: show_card(out, card_of(it)), _draw_refusal
    )


def check_as_json(database: str | None, collection: str, asked: str | BinaryIO, limit: int) -> int:
    """Check claims and print the answers as JSON."""
    return _answer(
        database, asked, _checking(collection, limit), lambda name, it: _write(check_line(name, it)), _write_refusal
    )


def search(database: str | None, collection: str, asked: str | BinaryIO, limit: int) -> int:
    """Search for words and draw the passages."""
    out = standard_output()
    return _answer(database, asked, _searching(collection, limit), lambda _, it: show_search(out, it), _draw_refusal)


def search_as_json(database: str | None, collection: str, asked: str | BinaryIO, limit: int) -> int:
    """Search for words and print the passages as JSON."""
    return _answer(
        database, asked, _searching(collection, limit), lambda name, it: _write(search_line(name, it)), _write_refusal
    )


def list_articles(database: str | None, collection: str) -> int:
    """Print every article, one a line."""
    with _library(database) as library:
        for article in library.articles(collection):
            date = article.published_on.isoformat() if article.published_on else "-"
            row = (str(article.id), date, article.publisher or "-", article.title or "-", article.url)
            _print("\t".join(map(visible, row)))
    return ANSWERED


def show_article(database: str | None, collection: str, reference: str) -> int:
    """Print what is known of an article, and its text."""
    with _library(database) as library:
        article = library.article(collection, reference)
        versions = library.versions(article)
    facts = {
        "Title": article.title,
        "Publisher": article.publisher,
        "Date": article.published_on.isoformat() if article.published_on else "",
        "URL": article.url,
        "Id": str(article.id),
        "Added": f"{article.added_at:%Y-%m-%d %H:%M} UTC",
        "Versions": str(len(versions)),
    }
    for name, value in facts.items():
        if value:
            _print(f"{name}: {visible(value)}")
    _print("")
    for line in versions[-1].text.splitlines():
        _print(visible(line))
    return ANSWERED


def remove_article(database: str | None, collection: str, reference: str) -> int:
    """Remove an article with all its versions."""
    with _library(database) as library:
        article = library.remove(collection, reference, actor=_ACTOR)
    _print(f"Removed {article.id}: {visible(article.title or article.url)}")
    return ANSWERED


def export_articles(database: str | None, collection: str) -> int:
    """Print every article as JSONL, its newest text verbatim."""
    with _library(database) as library:
        for article in library.articles(collection):
            _write(article_line(article, library.versions(article)[-1].text))
    return ANSWERED


def refresh_article(database: str | None, collection: str, reference: str) -> int:
    """Fetch the page of an article again."""
    return _refresh(database, collection, lambda desk: (desk.find(reference),))


def refresh_publisher(database: str | None, collection: str, publisher: str) -> int:
    """Fetch the pages of all articles of a publisher again."""
    return _refresh(database, collection, lambda desk: desk.to_refresh(publisher))


def _refresh(database: str | None, collection: str, choose: Callable[[Desk], Sequence[Article]]) -> int:
    failed = False
    with _library(database) as library, _internet() as internet:
        chosen = choose(Desk(library, collection, _ACTOR))
        for one in internet.refresh(library, collection, chosen, _ACTOR):
            failed = _told(one) or failed
    if not chosen:
        _say("There are no such articles.")
        return NOTHING_DONE
    return SOME_REFUSED if failed else ANSWERED


def refresh_due(database: str | None) -> int:
    """Fetch the pages again whose turn it is, in all collections that have it so."""
    failed = False

    def tell(one: "Refreshed") -> None:
        nonlocal failed
        failed = _told(one) or failed

    with _library(database) as library, _internet() as internet:
        if not internet.refresh_due(library, tell):
            _say("Another process is at it already.")
    return SOME_REFUSED if failed else ANSWERED


def _told(one: "Refreshed") -> bool:
    """Print what came of a page; whether it could not be had."""
    _print(
        "\t".join(map(visible, (one.collection, str(one.article.id), one.outcome, one.article.url, one.reason or "-")))
    )
    return bool(one.reason)


def add_feed(database: str | None, collection: str, url: str) -> int:
    """Follow a feed, once it is seen to be one."""
    with _library(database) as library, _internet() as internet:
        found = internet.fetch_feed(url)
        feed = Desk(library, collection, _ACTOR).add_feed(url, found.title)
    _print(f"Following {feed.id}: {visible(feed.title or feed.url)}, {len(found.entries):,} entries now.")
    return ANSWERED


def list_feeds(database: str | None, collection: str) -> int:
    """Print every feed, one a line."""
    with _library(database) as library:
        for feed in Desk(library, collection, _ACTOR).feeds():
            next_poll = f"{feed.next_poll_at:%Y-%m-%d %H:%M}"
            row = (str(feed.id), next_poll, feed.title or "-", feed.url, feed.last_error or "-")
            _print("\t".join(map(visible, row)))
    return ANSWERED


def remove_feed(database: str | None, collection: str, reference: str) -> int:
    """Follow a feed no longer."""
    with _library(database) as library:
        feed = Desk(library, collection, _ACTOR).remove_feed(reference)
    _print(f"No longer following {feed.id}: {visible(feed.title or feed.url)}")
    return ANSWERED


def poll_feeds(database: str | None) -> int:
    """Ask the feeds whose turn it is, in all collections; a line for each."""
    from knowledge.polling import Polled

    failed = False

    def tell(polled: Polled) -> None:
        nonlocal failed
        failed = failed or bool(polled.problem)
        _print("\t".join(map(visible, (polled.collection, polled.feed.url, polled_words(polled)))))

    with _library(database) as library, _internet() as internet:
        if not internet.poll(library, tell, lambda: False):
            _say("Another process polls the feeds already.")
    return SOME_REFUSED if failed else ANSWERED


def list_disputes(database: str | None, collection: str) -> int:
    """Print every disputed answer."""
    with _library(database) as library:
        desk = Desk(library, collection, _ACTOR)
        for one in desk.disputed(0, desk.disputed(0, 0).total).items:
            _print(f"{one.id}\t{visible(dispute_line(one))}")
    return ANSWERED


def export_case(database: str | None, collection: str, number: int, verdict: str, why: str, article: str) -> int:
    """Print a disputed answer as a labelled case."""
    if verdict not in [*Verdict]:
        _say(f"There is no verdict {visible(verdict)}; there are {', '.join(Verdict)}.")
        return NOTHING_DONE
    with _library(database) as library:
        dispute = Desk(library, collection, _ACTOR).dispute(number)
    _write(case_line(dispute, Verdict(verdict), why, article))
    return ANSWERED


def rebuild_index(database: str | None, collection: str) -> int:
    """Make the index anew from the articles."""
    done = total = 0
    with _library(database) as library, progress(standard_error(), "Indexing") as report:
        for done, total in library.rebuild(collection):
            report(done, total, f"{done:,} of {_articles(total)}")
    _print(f"Indexed {done:,} of {_articles(total)}.")
    return ANSWERED


def verify_index(database: str | None, collection: str) -> int:
    """Compare the index with the articles; every difference is a line."""
    differs = False
    with _library(database) as library, progress(standard_error(), "Comparing") as report:
        for difference in library.verify(collection, lambda done, total: report(done, total, f"of {_articles(total)}")):
            differs = True
            _print(visible(difference))
        articles = library.stats(collection).articles
    if differs:
        _say("The index differs from the articles; “receipts index rebuild” makes it anew.")
        return SOME_REFUSED
    _print(f"The index agrees with its {_articles(articles)}.")
    return ANSWERED


def show_stats(database: str | None, collection: str) -> int:
    """Print the size of a collection and of its index."""
    with _library(database) as library:
        stats = library.stats(collection)
    _print(f"articles: {stats.articles:,} ({stats.versions:,} versions)")
    _print(f"passages: {stats.passages:,} ({stats.tail:,} of them not yet in a segment)")
    _print(f"segments: {len(stats.segments):,} ({', '.join(f'{size:,}' for size in stats.segments) or 'none'})")
    _print(f"postings: {stats.postings:,}")
    return ANSWERED


def list_collections(database: str | None) -> int:
    """Print every collection, one a line."""
    with _library(database) as library:
        for one in library.collections():
            _print("\t".join((visible(one.name), _articles(one.articles), *_settled(one))))
    return ANSWERED


def show_collection(database: str | None, name: str) -> int:
    """Print what a collection holds and has settled."""
    with _library(database) as library:
        one = library.collection(name)
        desk = Desk(library, name, _ACTOR)
        settings, rules, waiting, changes = desk.settings(), desk.domains(), desk.queue(limit=0), desk.log(limit=0)
    facts = {
        "Name": one.name,
        "Since": f"{one.created_at:%Y-%m-%d %H:%M} UTC",
        "Articles": f"{one.articles:,}" + (f" of {one.quota:,}" if one.quota is not None else ""),
        "Disabled": "yes" if one.disabled else "no",
        "Reads the shared articles": "yes" if one.reads_shared else "no",
        "Moderators’ roles": ", ".join(settings.roles) or "none",
        "Log channel": settings.log_channel or "none",
        "Domains": ", ".join(f"{rule.policy} {rule.domain}" for rule in rules) or "no rules",
        "Suggestions waiting": f"{waiting.total:,}",
        "Changes logged": f"{changes.total:,}",
    }
    for fact, value in facts.items():
        _print(f"{fact}: {visible(value)}")
    return ANSWERED


def switch_collection(database: str | None, name: str, *, disabled: bool) -> int:
    """Stop a collection, or let it go on."""
    with _library(database) as library:
        library.switch(name, disabled=disabled, actor=_ACTOR)
    _print(f"{'Disabled' if disabled else 'Enabled'} {visible(name)}.")
    return ANSWERED


def set_quota(database: str | None, name: str, articles: int) -> int:
    """Say how many articles a collection may have, 0 for any number; also of one that has none yet."""
    with _library(database) as library:
        Desk(library, name, _ACTOR).change_settings(quota=articles or None)
    limit = f"may have {_articles(articles)}" if articles else "has no quota any more"
    _print(f"{visible(name)} {limit}.")
    return ANSWERED


def delete_collection(database: str | None, name: str, *, sure: bool) -> int:
    """Delete a collection with everything that belongs to it."""
    with _library(database) as library:
        articles = _articles(library.collection(name).articles)
        if not sure:
            _say(f"This deletes {visible(name)} with {articles}, its settings and its log, for good; say --yes.")
            return NOTHING_DONE
        library.delete_collection(name)
    _print(f"Deleted {visible(name)} with {articles}.")
    return ANSWERED


def take_down(database: str | None, url: str) -> int:
    """Delete an article for good from every collection."""
    with _library(database) as library:
        names = library.take_down(url, actor=_ACTOR)
    for name in names:
        _print(f"Taken down from {visible(name)}.")
    if not names:
        _say(f"No collection has {visible(url)}.")
        return NOTHING_DONE
    return ANSWERED


def back_up(database: str | None, file: Path) -> int:
    """Copy the whole library into a new file."""
    with _library(database) as library:
        size = backups.back_up(library, file)
    _print(f"Wrote {visible(str(file))}, {size / 1024**2:,.1f} MiB.")
    return ANSWERED


def restore(database: str | None, file: Path, *, sure: bool) -> int:
    """Put a backup in the library's place."""
    address = _address(database)
    with _advising(address):
        if backups.database_file(address).exists() and not sure:
            _say("There is a library already; say --yes to put the backup in its place. It is kept beside it.")
            return NOTHING_DONE
        with progress(standard_error(), "Looking through it") as report:
            restored = backups.restore(
                address,
                file,
                replace=sure,
                progress=lambda done, total: report(done, total, f"of {_articles(total)}"),
            )
    _print(f"Restored {_articles(restored.articles)} in {restored.collections:,} collections.")
    if restored.kept:
        _print(f"The former library is {visible(str(restored.kept))}.")
    return ANSWERED


def _settled(one: CollectionInfo) -> Iterator[str]:
    """What is not as usual with a collection."""
    if one.quota is not None:
        yield f"at most {one.quota:,}"
    if one.reads_shared:
        yield "reads shared"
    if one.disabled:
        yield "disabled"


class _Import:
    """One run of `receipts import`: counts what went in and what was refused, and says so."""

    def __init__(self, reader: ArticleReader) -> None:
        self._reader = reader
        self._stored: Counter[Addition] = Counter()
        self._refused = 0

    @property
    def status(self) -> int:
        """The exit status that the counts amount to."""
        if not self._stored.total():
            return NOTHING_DONE
        return SOME_REFUSED if self._refused else ANSWERED

    def run(self, library: Library, collection: str) -> None:
        """Read and store everything; a refusal is reported when it is met."""
        err = standard_error()
        with progress(err, "Importing") as report:
            for stored in library.add_all(collection, self._usable(err), actor=_ACTOR):
                self._stored.update(stored)
                report(self._reader.bytes_read, self._reader.total_bytes, f"{self._stored.total():,} articles")

    def summarise(self) -> None:
        """Print what the import came to."""
        stored = self._stored
        _print(
            f"Read {_articles(stored.total())}: {stored[Addition.ADDED]:,} new, "
            f"{stored[Addition.NEW_VERSION]:,} with a new text, {stored[Addition.UNCHANGED]:,} known already."
        )
        if self._refused:
            _print(f"Refused {self._refused:,}, each named above with its file and line.")
        if self._reader.skipped:
            _print(f"Passed over {self._reader.skipped:,} files of other kinds.")

    def _usable(self, err: Console) -> Iterator[NewArticle]:
        for item in self._reader:
            if isinstance(item, Refusal):
                self._refused += 1
                err.print(Text(visible(str(item))), soft_wrap=True)
            else:
                yield item


def _answer(
    database: str | None,
    asked: str | BinaryIO,
    ask: Callable[[FactChecker, str], Answer],
    show: Callable[[Identity, Answer], None],
    refuse: Callable[[Identity, str], None],
) -> int:
    """Answer every question as it comes in, in order."""
    status = ANSWERED
    with _library(database) as library:
        checker = FactChecker(library)
        for item in _questions(asked):
            problem = item.problem
            if not problem:
                try:
                    answer = ask(checker, item.text)
                except ClaimError as error:
                    problem = advice(error, "")
                else:
                    show(item.identity, answer)
            if problem:
                refuse(item.identity, problem)
                status = SOME_REFUSED
    return status


def _questions(asked: str | BinaryIO) -> Iterable[Question]:
    return (question(asked),) if isinstance(asked, str) else read_batch(asked)


def _checking(collection: str, limit: int) -> Callable[[FactChecker, str], FactCheck]:
    return lambda checker, text: checker.check(text, collection=collection, limit=limit)


def _searching(collection: str, limit: int) -> Callable[[FactChecker, str], Search]:
    return lambda checker, text: checker.search(text, collection=collection, limit=limit)


def _draw_refusal(identity: Identity, problem: str) -> None:
    _say(problem if identity is None else visible(f"{identity}: {problem}"))


def _write_refusal(identity: Identity, problem: str) -> None:
    _write(error_line(identity, problem))


@contextmanager
def _library(database: str | None) -> Iterator[Library]:
    address = _address(database)
    with _advising(address), Library.open(address, backups.keep_older) as library:
        yield library


def _internet() -> "AbstractContextManager[Web]":
    """The web, as whoever runs this asks it."""
    from bot.web import web  # which takes longer to import than most commands to run

    return web(_settings().about_url)


def _address(database: str | None) -> str:
    return database or _settings().database_url


@contextmanager
def _advising(database: str) -> Iterator[None]:
    """Turn what knowledge cannot do into one line that says what to do next."""
    try:
        yield
    except KnowledgeError as error:
        _say(advice(error, database))
        raise typer.Exit(NOTHING_DONE) from error


def _settings() -> Settings:
    try:
        return Settings.load()
    except SettingsError as error:
        _say(str(error))
        raise typer.Exit(NOTHING_DONE) from error


def _articles(number: int) -> str:
    return f"{number:,} article{'' if number == 1 else 's'}"


def _print(line: str) -> None:
    typer.echo(line)


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _write(line: bytes) -> None:
    typer.echo(line, nl=False)
