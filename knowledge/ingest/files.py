"""Article files and folders → `NewArticle`s, one at a time; what cannot be read becomes a `Refusal`.

Nothing here holds more than one row or one document, whatever the size of the file.
"""

import codecs
import csv
import io
import json
import os
import re
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from knowledge.errors import IngestError, NoArticleText
from knowledge.ingest.claimreview import exported_review, read_reviews
from knowledge.ingest.extractor import Extractor
from knowledge.ingest.markdown import read_markdown
from knowledge.ingest.unpacking import PACKINGS, Counted, UnpackingError, bounded_lines, unpacked
from knowledge.ingest.validation import valid_article
from knowledge.models import NewArticle

ROW_LIMIT = 8 * 1024**2
"""Bytes of one JSONL line or CSV row: a text at its own limit fits with every letter written `\\uXXXX`."""

DOCUMENT_LIMIT = 8 * 1024**2
"""Bytes of one .txt, .md or .html file: a text at its own limit in any script, and pages with their scripts."""

REVIEWS_LIMIT = 32 * 1024**2
"""Bytes of one .json file of reviews, which is parsed as a whole, in some ten times as much memory."""

REFUSALS_IN_A_ROW = 1000
"""After so many unusable rows without a good one between them a file is given up: it is no article file."""

FOLDER_DEPTH = 64
"""Folders within folders; deeper is a mistake or a trap."""

_HEAD = 4096
"""Bytes looked at to tell text from anything else."""

_TITLE_LENGTH = 150
"""Characters. 99 of 100 titles in 27,452 news articles are shorter; a first paragraph hardly ever is."""

_DATE_LINE = re.compile(r"\s*date[ \t]+(\d\S{0,40})(?:[ \t]+(\S+))?[ \t]*(?:\n|\Z)", re.IGNORECASE)
_CHARSET = re.compile(
    rb"""<meta[^<>]{0,200}charset=["']?(utf-8|iso-8859-\d+|windows-125\d|gbk|gb2312|gb18030"""
    rb"""|big5|shift_jis|euc-jp|euc-kr|koi8-[ru])\b""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that did not become an article: the file, with ":line" where it has rows, and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


def read_articles(paths: Iterable[Path], extractor: Extractor | None = None) -> "ArticleReader":
    """The articles and refusals of some files and folders, in the order given; folders are sorted by name.

    Saved pages are read by the `extractor`, without one by one of its own.
    """
    return ArticleReader(paths, extractor)


class ArticleReader:
    """Reads article files one after another; the counters move while it is iterated.

    `total_bytes` is their size on disk and `bytes_read` how far reading is; `skipped` counts files of
    unknown kinds inside folders.
    """

    def __init__(self, paths: Iterable[Path], extractor: Extractor | None = None) -> None:
        self._extractor = extractor
        self.total_bytes = 0
        self.skipped = 0
        self._read = 0
        self._file: Counted | None = None
        self._found: list[Path | Refusal] = []
        for path in paths:
            self._find(path)

    @property
    def bytes_read(self) -> int:
        """Bytes of the files on disk that have been read so far."""
        return self._read + (self._file.count if self._file else 0)

    def __iter__(self) -> Iterator[NewArticle | Refusal]:
        """Every article and refusal; a second iteration reads the files again."""
        self._read = 0
        with nullcontext(self._extractor) if self._extractor else Extractor() as extractor:
            for found in self._found:
                if isinstance(found, Refusal):
                    yield found
                else:
                    yield from self._file_content(found, extractor)

    def _file_content(self, path: Path, extractor: Extractor) -> Iterator[NewArticle | Refusal]:
        place = _place(path)
        begun = False
        try:
            with Counted(path) as file, unpacked(file, _suffixes(path).packing) as stream:
                self._file = file
                for item in _content(path, place, stream, extractor):
                    begun = True
                    yield item
        except OSError as error:
            yield Refusal(place, f"cannot be read ({error.strerror or error})")
        except UnpackingError as error:
            yield Refusal(place, f"{error}; what came before is in" if begun else str(error))
        except IngestError as error:
            yield Refusal(error.place, error.reason)
        finally:
            self._read = self.bytes_read
            self._file = None

    def _find(self, path: Path) -> None:
        try:
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                self._find_in_folder(path)
            elif not stat.S_ISREG(status.st_mode):
                self._refuse(path, "is not a regular file")
            elif _suffixes(path).kind not in _FORMATS:
                self._refuse(path, f"is of an unknown kind; known are {KNOWN_KINDS}")
            else:
                self._found.append(path)
                self.total_bytes += status.st_size
        except FileNotFoundError:
            self._refuse(path, "does not exist")
        except (OSError, ValueError) as error:
            self._refuse(path, f"cannot be read ({getattr(error, 'strerror', None) or error})")

    def _find_in_folder(self, top: Path) -> None:
        """Add a folder's files, sorted; hidden ones are left out, and a folder is entered only once."""
        entered: set[tuple[int, int]] = set()
        pending = [(top, 0)]
        while pending:
            path, depth = pending.pop()
            try:
                status = path.stat()
                if stat.S_ISDIR(status.st_mode):
                    if (key := (status.st_dev, status.st_ino)) in entered:
                        continue
                    entered.add(key)
                    if depth > FOLDER_DEPTH:
                        self._refuse(path, f"lies more than {FOLDER_DEPTH} folders deep")
                        continue
                    inside = sorted(path.iterdir(), reverse=True)
                    pending += [(item, depth + 1) for item in inside if item.name[0] != "."]
                elif not stat.S_ISREG(status.st_mode) or _suffixes(path).kind not in _FORMATS:
                    self.skipped += 1
                else:
                    self._found.append(path)
                    self.total_bytes += status.st_size
            except OSError as error:
                self._refuse(path, f"cannot be read ({error.strerror or error})")

    def _refuse(self, path: Path, reason: str) -> None:
        self._found.append(Refusal(_place(path), reason))


@dataclass(frozen=True, slots=True)
class _Suffixes:
    kind: str
    packing: str


def _suffixes(path: Path) -> _Suffixes:
    """`.jsonl` and `.xz` of `articles.JSONL.xz`."""
    suffix = path.suffix.lower()
    if suffix in PACKINGS:
        return _Suffixes(Path(path.stem).suffix.lower(), suffix)
    return _Suffixes(suffix, "")


def _place(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _content(path: Path, place: str, stream: io.BufferedReader, extractor: Extractor) -> Iterator[NewArticle | Refusal]:
    head = stream.peek(_HEAD)[:_HEAD]
    if not head:
        raise IngestError(place, "is empty")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise IngestError(place, "is in UTF-16; save it as UTF-8")
    if b"\0" in head:
        raise IngestError(place, "is not text")
    if head.startswith(codecs.BOM_UTF8):
        stream.read(len(codecs.BOM_UTF8))
    kind = _suffixes(path).kind
    if rows := _ROWS.get(kind):
        yield from _patiently(place, rows(place, stream))
    elif kind in _PAGES:
        yield from _html_file(path, place, _whole(place, stream), extractor)
    else:
        yield _DOCUMENTS[kind](path, place, _whole(place, stream))


def _patiently(place: str, rows: Iterator[NewArticle | Refusal]) -> Iterator[NewArticle | Refusal]:
    """The rows, until too many in a row are refused."""
    begun = False
    refused = 0
    for row in rows:
        yield row
        begun = True
        refused = refused + 1 if isinstance(row, Refusal) else 0
        if refused == REFUSALS_IN_A_ROW:
            raise IngestError(place, f"given up after {refused:,} unusable rows in a row")
    if not begun:
        raise IngestError(place, "holds no articles")


def _whole(place: str, stream: io.BufferedReader, limit: int = DOCUMENT_LIMIT) -> bytes:
    content = stream.read(limit + 1)
    if len(content) > limit:
        raise IngestError(place, f"is larger than {limit // 1024**2} MiB")
    return content


def _decoded(place: str, content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise IngestError(place, "is not in UTF-8; save it as UTF-8") from error


def _text_file(path: Path, place: str, content: bytes) -> NewArticle:
    """A text, perhaps under a line `date YYYY-MM-DD URL`; a short first line of its own is the title too."""
    text = _decoded(place, content).replace("\r\n", "\n").replace("\r", "\n")
    date = url = ""
    if line := _DATE_LINE.match(text):
        date, url = line[1], line[2] or ""
        text = text[line.end() :]
    text = text.strip("\n").rstrip()
    first, _, rest = text.partition("\n")
    is_title = rest.startswith("\n") and 0 < len(first.strip()) <= _TITLE_LENGTH
    title = first.strip() if is_title and first.rstrip()[-1] not in ".!?…:;,\"'”’»" else ""
    return valid_article(place, url=url or _file_url(path), text=text, title=title, date=date)


def _markdown_file(path: Path, place: str, content: bytes) -> NewArticle:
    document = read_markdown(_decoded(place, content))
    fields = document.fields
    return valid_article(
        place,
        url=fields.get("url") or _file_url(path),
        text=document.text,
        title=fields.get("title") or document.title,
        publisher=fields.get("publisher") or fields.get("outlet", ""),
        date=fields.get("date", ""),
        language=fields.get("lang", ""),
    )


def _html_file(path: Path, place: str, content: bytes, extractor: Extractor) -> Iterator[NewArticle | Refusal]:
    """The article of a page, and the claims that it reviews."""
    if charset := _CHARSET.search(content[:_HEAD]):
        content = content.decode(charset[1].decode(), "replace").encode("utf-8", "replace")
    try:
        page = extractor.read(_decoded(place, content))
    except NoArticleText as error:
        raise IngestError(place, error.reason) from error
    try:
        yield valid_article(
            place,
            url=page.url or _file_url(path),
            text=page.text,
            title=page.title,
            publisher=page.publisher,
            date=page.date,
            language=page.language,
        )
    except IngestError as error:
        yield Refusal(error.place, error.reason)
    if page.reviews:
        yield from _reviews(json.loads(page.reviews), place, page.url)


def _json_reviews(place: str, stream: io.BufferedReader) -> Iterator[NewArticle | Refusal]:
    """The claims that a file of ClaimReview reviews."""
    yield from _reviews(_parsed(place, _whole(place, stream, REVIEWS_LIMIT)), place, "")


def _reviews(document: object, place: str, page: str) -> Iterator[NewArticle | Refusal]:
    for review in read_reviews(document, place, page):
        yield Refusal(review.place, review.reason) if isinstance(review, IngestError) else review


def _file_url(path: Path) -> str:
    return path.resolve().as_uri()


def _jsonl_rows(place: str, stream: io.BufferedReader) -> Iterator[NewArticle | Refusal]:
    for number, line in enumerate(bounded_lines(stream, ROW_LIMIT), 1):
        try:
            if line is None:
                raise IngestError(f"{place}:{number}", _OVERLONG)
            if line.strip():
                yield _jsonl_article(f"{place}:{number}", line)
        except IngestError as error:
            yield Refusal(error.place, error.reason)


def _jsonl_article(place: str, line: bytes) -> NewArticle:
    row = _parsed(place, line)
    if not isinstance(row, dict):
        raise IngestError(place, "is JSON, but not an object")
    return _article_of_row(place, row)


def _parsed(place: str, source: bytes) -> object:
    try:
        return json.loads(source.decode())
    except UnicodeDecodeError as error:
        raise IngestError(place, "is not in UTF-8") from error
    except json.JSONDecodeError as error:
        raise IngestError(place, f"is not JSON ({error.msg}, column {error.colno})") from error
    except (ValueError, RecursionError) as error:
        raise IngestError(place, "is not JSON of this world (nested too deep, or endless digits)") from error


def _csv_rows(place: str, stream: io.BufferedReader) -> Iterator[NewArticle | Refusal]:
    csv.field_size_limit(ROW_LIMIT)
    records = _CsvRecords(stream)
    names = [name.strip().lower() for name in records.header()]
    if not {"url", "text"} <= set(names):
        raise IngestError(f"{place}:1", 'the first row must name the columns, "url" and "text" among them')
    in_ruins = False
    for record in records:
        here = f"{place}:{record.line}"
        try:
            if record.problem:
                raise IngestError(here, record.problem)
            if len(record.cells) != len(names):
                # The lines after a broken quote are shreds of one row, reported once.
                if in_ruins:
                    continue
                raise IngestError(here, f"has {len(record.cells)} columns where the first row has {len(names)}")
            article = _article_of_row(here, dict(zip(names, record.cells, strict=True)))
        except IngestError as error:
            in_ruins = in_ruins or bool(record.problem)
            yield Refusal(error.place, error.reason)
        else:
            in_ruins = False
            yield article


@dataclass(frozen=True, slots=True)
class _CsvRecord:
    line: int
    cells: list[str]
    problem: str = ""


class _CsvRecords:
    """CSV rows that may span lines. After broken quoting it goes on with the line after the row's first."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._lines = enumerate(bounded_lines(stream, ROW_LIMIT), 1)
        self._returned: deque[tuple[int, bytes | None]] = deque()
        self._taken: list[tuple[int, bytes | None]] = []
        self._delimiter = ","

    def header(self) -> list[str]:
        """The first row, which also settles the delimiter."""
        number, line = next(self._lines, (1, None))
        self._returned.append((number, line))
        self._delimiter = max(",;\t", key=(line or b"").decode("utf-8", "replace").count)
        return next(iter(self), _CsvRecord(1, [])).cells

    def __iter__(self) -> Iterator[_CsvRecord]:
        while self._returned or (first := next(self._lines, None)):
            if not self._returned and first:
                self._returned.append(first)
            record = self._record()
            if record.cells or record.problem:
                yield record

    def _record(self) -> _CsvRecord:
        self._taken = []
        line = self._returned[0][0]
        try:
            reader = csv.reader(self._texts(), delimiter=self._delimiter, strict=True)
            return _CsvRecord(line, next(reader, []))
        except (csv.Error, _OverlongError, UnicodeDecodeError) as error:
            self._returned.extendleft(reversed(self._taken[1:]))
            if isinstance(error, UnicodeDecodeError):
                return _CsvRecord(line, [], "is not in UTF-8")
            problem = _OVERLONG if len(self._taken) == 1 and self._taken[0][1] is None else ""
            return _CsvRecord(line, [], problem or "has broken quoting")

    def _texts(self) -> Iterator[str]:
        size = 0
        while item := self._returned.popleft() if self._returned else next(self._lines, None):
            self._taken.append(item)
            if item[1] is None or (size := size + len(item[1])) > ROW_LIMIT:
                raise _OverlongError
            yield item[1].decode()


class _OverlongError(Exception):
    """A CSV row passed its limit."""


def _article_of_row(place: str, row: dict[str, object]) -> NewArticle:
    words = {name: _words(place, name, row) for name in ("url", "text", "title", "outlet", "publisher", "date")}
    language = row.get("lang")
    article = valid_article(
        place,
        url=words["url"],
        text=words["text"],
        title=words["title"],
        publisher=words["outlet"] or words["publisher"],
        date=words["date"],
        language=language if isinstance(language, str) else "",
    )
    review = exported_review(row.get("review"), place)
    return replace(article, review=review) if review else article


def _words(place: str, name: str, row: dict[str, object]) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise IngestError(place, f'"{name}" is not text')
    return value


_OVERLONG = f"is longer than {ROW_LIMIT // 1024**2} MiB"

_ROWS: MappingProxyType[str, Callable[[str, io.BufferedReader], Iterator[NewArticle | Refusal]]] = MappingProxyType(
    {".jsonl": _jsonl_rows, ".csv": _csv_rows, ".json": _json_reviews}
)

_DOCUMENTS: MappingProxyType[str, Callable[[Path, str, bytes], NewArticle]] = MappingProxyType(
    {".txt": _text_file, ".md": _markdown_file}
)

_PAGES = frozenset({".html", ".htm"})

_FORMATS = frozenset({*_ROWS, *_DOCUMENTS, *_PAGES})

KNOWN_KINDS = ".txt .md .html .csv .jsonl and .json of ClaimReview, each also with .gz or .xz"
