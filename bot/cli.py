"""The `receipts` command line: names, options and help. What a subcommand does is in `bot.operations`.

Nothing but typer is imported here, so that help and wrong use are answered at once.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from bot.logs import LogStyle

app = typer.Typer(
    name="receipts",
    help="Finds the passage that a quote or a claim comes from, and says word by word what was changed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
source = typer.Typer(no_args_is_help=True, help="The articles of a collection.")
index = typer.Typer(no_args_is_help=True, help="The search index of a collection.")
feed = typer.Typer(no_args_is_help=True, help="The feeds that a collection follows.")
feedback = typer.Typer(no_args_is_help=True, help="What members said of answers.")
collections = typer.Typer(no_args_is_help=True, help="The collections of the library, for operators.")
app.add_typer(source, name="source")
app.add_typer(feed, name="feed")
app.add_typer(feedback, name="feedback")
app.add_typer(collections, name="collection")
app.add_typer(index, name="index")

_NAME_LIMIT = 200
"""Characters of a collection's name; the longest that Discord needs is some 30."""


def _named(name: str) -> str:
    if not name.strip() or len(name) > _NAME_LIMIT or not name.isprintable():
        raise typer.BadParameter("a name has letters, and at most 200 characters")
    return name


Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="The library, such as sqlite:///receipts.db, which is the default; else RECEIPTS_DATABASE_URL.",
    ),
]
Collection = Annotated[
    str,
    typer.Option(
        "--collection", metavar="NAME", help="Whose articles; a server’s are discord:<guild id>.", callback=_named
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, one object a line.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many articles at most.")]
Batch = Annotated[
    str | None,
    typer.Option("--batch", metavar="FILE", help='Lines of {"id": …, "claim": …}; "-" is standard input.'),
]
Reference = Annotated[str, typer.Argument(metavar="ARTICLE", help="The article’s id, URL or title.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The collection.", callback=_named)]
InBrowser = Annotated[bool, typer.Option("--web", help="Show the chat as a page, in a browser of this machine.")]
Port = Annotated[
    int, typer.Option("--port", metavar="N", min=0, max=65535, help="Port of the page; a free one, if none is given.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; nothing asks again.")]

_SHARED = "shared"
_LIMIT = 5


@app.command()
def demo(web: InBrowser = False, port: Port = 0, database: Database = None, collection: Collection = _SHARED) -> None:
    """A tour and then a chat with the bot, on a temporary library of bundled articles."""
    from bot import operations

    raise typer.Exit(operations.show_demo_page(port) if web else operations.show_demo())


@app.command()
def console(
    web: InBrowser = False, port: Port = 0, database: Database = None, collection: Collection = _SHARED
) -> None:
    """The same chat on your own library."""
    from bot import operations

    if web:
        raise typer.Exit(operations.open_page(database, collection, port))
    raise typer.Exit(operations.open_console(database, collection))


@app.command()
def run(
    log: Annotated[
        LogStyle | None, typer.Option("--log", help="How the log looks; else RECEIPTS_LOG, else plain.")
    ] = None,
    metrics_port: Annotated[
        int | None,
        typer.Option(
            "--metrics-port",
            metavar="N",
            min=0,
            max=65535,
            help="Serve /healthz and /metrics on this port of 127.0.0.1; 0 is a free one, which the log names.",
        ),
    ] = None,
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """The Discord bot (needs DISCORD_TOKEN)."""
    from bot import operations

    raise typer.Exit(operations.run_bot(database, collection, log, metrics_port))


@app.command()
def health(
    port: Annotated[int, typer.Argument(metavar="PORT", min=1, max=65535, help="What --metrics-port of it was.")],
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """Whether the bot of this machine can answer: exits 0, 1 where something is missing, 2 where none runs."""
    from bot.health import ask_health

    status, line = ask_health(port)
    typer.echo(line, err=status != 0)
    raise typer.Exit(status)


@app.command("import")
def import_(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Article files, or folders of them.")],
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """Add articles: .txt .md .html .csv .jsonl, .json of ClaimReview (also .gz, .xz) and folders."""
    from bot import operations

    if not all(paths):
        raise typer.BadParameter("a path is empty")
    raise typer.Exit(operations.import_articles(database, collection, [Path(path) for path in paths]))


@app.command()
def check(
    claim: Annotated[str | None, typer.Argument(help="A quote or a claim.", show_default=False)] = None,
    as_json: AsJson = False,
    limit: Limit = _LIMIT,
    batch: Batch = None,
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """Where a quote or a claim comes from, and what was changed."""
    with _asked(claim, batch) as asked:
        from bot import operations

        respond = operations.check_as_json if as_json else operations.check
        raise typer.Exit(respond(database, collection, asked, limit))


@app.command()
def search(
    words: Annotated[str | None, typer.Argument(help="Words to look for.", show_default=False)] = None,
    as_json: AsJson = False,
    limit: Limit = _LIMIT,
    batch: Batch = None,
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """The ranked passages for some words, with no acceptance test and no verdict."""
    with _asked(words, batch) as asked:
        from bot import operations

        respond = operations.search_as_json if as_json else operations.search
        raise typer.Exit(respond(database, collection, asked, limit))


@source.command("list")
def source_list(database: Database = None, collection: Collection = _SHARED) -> None:
    """Every article, one a line: id, date, publisher, title, URL."""
    from bot import operations

    raise typer.Exit(operations.list_articles(database, collection))


@source.command("show")
def source_show(article: Reference, database: Database = None, collection: Collection = _SHARED) -> None:
    """One article: what is known of it, and its text."""
    from bot import operations

    raise typer.Exit(operations.show_article(database, collection, article))


@source.command("remove")
def source_remove(article: Reference, database: Database = None, collection: Collection = _SHARED) -> None:
    """Remove an article with all its versions."""
    from bot import operations

    raise typer.Exit(operations.remove_article(database, collection, article))


@source.command("refresh")
def source_refresh(
    article: Annotated[
        str | None, typer.Argument(metavar="ARTICLE", help="The article’s id, URL or title.", show_default=False)
    ] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", metavar="NAME", help="All of a publisher.")] = None,
    due: Annotated[bool, typer.Option("--due", help="All whose turn it is, of all collections; for cron.")] = False,
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """Fetch pages again and keep what has changed as a new version; exits 1 where one cannot be had."""
    from bot import operations

    if [article is not None, publisher is not None, due].count(True) != 1:
        raise typer.BadParameter("give an article, or --publisher NAME, or --due")
    if due:
        raise typer.Exit(operations.refresh_due(database))
    if article is not None:
        raise typer.Exit(operations.refresh_article(database, collection, article))
    raise typer.Exit(operations.refresh_publisher(database, collection, publisher or ""))


@source.command("export")
def source_export(database: Database = None, collection: Collection = _SHARED) -> None:
    """Print every article as JSONL, which “receipts import” reads."""
    from bot import operations

    raise typer.Exit(operations.export_articles(database, collection))


@feed.command("add")
def feed_add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The feed’s address, RSS or Atom.")],
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """Follow a feed, once it is seen to be one."""
    from bot import operations

    raise typer.Exit(operations.add_feed(database, collection, url))


@feed.command("list")
def feed_list(database: Database = None, collection: Collection = _SHARED) -> None:
    """Every feed, one a line: number, next poll, title, URL, what went wrong last."""
    from bot import operations

    raise typer.Exit(operations.list_feeds(database, collection))


@feed.command("remove")
def feed_remove(
    url: Annotated[str, typer.Argument(metavar="URL", help="The feed’s address or number.")],
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """Follow a feed no longer; its articles stay."""
    from bot import operations

    raise typer.Exit(operations.remove_feed(database, collection, url))


@feed.command("poll")
def feed_poll(database: Database = None, collection: Collection = _SHARED) -> None:
    """Ask the feeds whose turn it is, of all collections, whatever --collection says; exits 1 where one failed."""
    from bot import operations

    raise typer.Exit(operations.poll_feeds(database))


@feedback.command("list")
def feedback_list(database: Database = None, collection: Collection = _SHARED) -> None:
    """Every disputed answer, one a line: number, verdict, how many say what of it, claim, address."""
    from bot import operations

    raise typer.Exit(operations.list_disputes(database, collection))


@feedback.command("export")
def feedback_export(
    number: Annotated[int, typer.Argument(metavar="N", help="The disputed answer’s number.")],
    verdict: Annotated[str, typer.Option("--verdict", metavar="WORD", help="The verdict that is right.")],
    why: Annotated[str, typer.Option("--why", help="Why it is right.")] = "",
    article: Annotated[
        str, typer.Option("--article", metavar="URL", help="The right article, where another one was shown.")
    ] = "",
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """Print a disputed answer as a labelled case, a line of tests/quality/claims.jsonl."""
    from bot import operations

    raise typer.Exit(operations.export_case(database, collection, number, verdict, why, article))


@collections.command("list")
def collection_list(database: Database = None, collection: Collection = _SHARED) -> None:
    """Every collection, one a line: name, articles, what is settled."""
    from bot import operations

    raise typer.Exit(operations.list_collections(database))


@collections.command("show")
def collection_show(name: Name, database: Database = None, collection: Collection = _SHARED) -> None:
    """What a collection holds and has settled."""
    from bot import operations

    raise typer.Exit(operations.show_collection(database, name))


@collections.command("disable")
def collection_disable(name: Name, database: Database = None, collection: Collection = _SHARED) -> None:
    """Stop a collection: nothing is checked against it and nothing added."""
    from bot import operations

    raise typer.Exit(operations.switch_collection(database, name, disabled=True))


@collections.command("enable")
def collection_enable(name: Name, database: Database = None, collection: Collection = _SHARED) -> None:
    """Let a collection go on that was stopped."""
    from bot import operations

    raise typer.Exit(operations.switch_collection(database, name, disabled=False))


@collections.command("quota")
def collection_quota(
    name: Name,
    articles: Annotated[int, typer.Argument(metavar="N", min=0, help="How many articles at most; 0 for any number.")],
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """Say how many articles a collection may have."""
    from bot import operations

    raise typer.Exit(operations.set_quota(database, name, articles))


@collections.command("delete")
def collection_delete(
    name: Name, yes: Yes = False, database: Database = None, collection: Collection = _SHARED
) -> None:
    """Delete a collection with its articles, settings and log, for good."""
    from bot import operations

    raise typer.Exit(operations.delete_collection(database, name, sure=yes))


@app.command()
def takedown(
    url: Annotated[str, typer.Argument(metavar="URL", help="The article’s address.")],
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """Delete an article for good from every collection, whatever --collection says."""
    from bot import operations

    raise typer.Exit(operations.take_down(database, url))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to; it must not exist.")],
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """Copy the whole library into a file, while the bot goes on."""
    from bot import operations

    raise typer.Exit(operations.back_up(database, file))


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    yes: Yes = False,
    database: Database = None,
    collection: Collection = _SHARED,
) -> None:
    """Put a backup in the library’s place, once it is found to be in order; a library that is there is kept beside."""
    from bot import operations

    raise typer.Exit(operations.restore(database, file, sure=yes))


@index.command("rebuild")
def index_rebuild(database: Database = None, collection: Collection = _SHARED) -> None:
    """Make the index anew from the articles."""
    from bot import operations

    raise typer.Exit(operations.rebuild_index(database, collection))


@index.command("verify")
def index_verify(database: Database = None, collection: Collection = _SHARED) -> None:
    """Compare the index with the articles; exits 1 where they differ."""
    from bot import operations

    raise typer.Exit(operations.verify_index(database, collection))


@index.command("stats")
def index_stats(database: Database = None, collection: Collection = _SHARED) -> None:
    """The size of a collection and of its index."""
    from bot import operations

    raise typer.Exit(operations.show_stats(database, collection))


@contextmanager
def _asked(words: str | None, batch: str | None) -> Iterator[str | BinaryIO]:
    """The words of the command line, or the batch, open."""
    if batch == "-" and words is None:
        yield sys.stdin.buffer
    elif batch is not None and words is None:
        try:
            file = Path(batch).open("rb")  # noqa: SIM115 - closed below; only opening it may be wrong use
        except OSError as error:
            raise typer.BadParameter(f"the batch cannot be read: {error.strerror}") from error
        with file:
            yield file
    elif words is not None and batch is None:
        yield words
    else:
        raise typer.BadParameter("give either words in quotes, or --batch FILE")
