"""Files of every kind become articles; whatever is broken becomes one refusal, and the rest goes in."""

import bz2
import csv
import datetime as dt
import gzip
import io
import json
import lzma
import os
import struct
import time
import tracemalloc
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import IngestError
from knowledge.ingest import Refusal, files, read_articles, unpacking
from knowledge.ingest.extractor import Extractor
from knowledge.ingest.validation import TEXT_LIMIT, URL_LIMIT, valid_article
from knowledge.models import NewArticle

URL = "https://example.org/a"
SITE = "example.org"  # what stands for a publisher that nobody names


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for every example of a property."""
    return tmp_path_factory.mktemp("any")


EXTRACTOR = Extractor()
"""Of all tests, for its process takes a second to start; it ends with this one."""


def read(*paths: Path) -> list[NewArticle | Refusal]:
    return list(read_articles(paths, EXTRACTOR))


def article_in(path: Path) -> NewArticle:
    (item,) = read(path)
    assert isinstance(item, NewArticle), item
    return item


def refusal_of(path: Path) -> Refusal:
    (item,) = read(path)
    assert isinstance(item, Refusal), item
    return item


def written(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def row(**fields: object) -> str:
    return json.dumps({"url": URL, "text": "Some words.", **fields}) + "\n"


# --- what each format holds ---


def test_a_date_line_gives_a_text_its_date_and_address(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", " date 2020-07-11 https://example.org/a\n\nFirst.\n\nSecond.\n")

    assert article_in(path) == NewArticle(
        url=URL, text="First.\n\nSecond.", publisher=SITE, published_on=dt.date(2020, 7, 11)
    )


def test_a_text_without_a_date_line_has_the_address_of_its_file(tmp_path: Path) -> None:
    path = written(tmp_path / "näh.txt", "Date nights are back in town.\n")

    article = article_in(path)

    assert article.url == path.as_uri()
    assert article.text == "Date nights are back in town."
    assert article.published_on is None


def test_a_date_line_may_name_no_address(tmp_path: Path) -> None:
    article = article_in(written(tmp_path / "a.txt", "date 2020-07-11\nWords."))

    assert (article.text, article.published_on) == ("Words.", dt.date(2020, 7, 11))


def test_a_short_first_line_on_its_own_is_the_title_and_stays_in_the_text(tmp_path: Path) -> None:
    article = article_in(written(tmp_path / "a.txt", f"date 2020-07-11 {URL}\nOtters are back\n\nThey are."))

    assert article.title == "Otters are back"
    assert article.text == "Otters are back\n\nThey are."


def test_a_first_sentence_is_no_title(tmp_path: Path) -> None:
    assert article_in(written(tmp_path / "a.txt", "Otters are back.\n\nThey are.")).title == ""


def test_windows_line_ends_and_a_byte_order_mark_are_no_part_of_a_text(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", b"\xef\xbb\xbfdate 2020-07-11 https://example.org/a\r\n\r\nOne.\r\nTwo.\r\n")

    assert article_in(path) == NewArticle(url=URL, text="One.\nTwo.", publisher=SITE, published_on=dt.date(2020, 7, 11))


def test_markdown_gives_its_front_matter_and_loses_its_markup(tmp_path: Path) -> None:
    source = f"""---
url: {URL}
date: 2031-05-04
publisher: "The Courier"
---
# The **big** title

A [linked](https://example.org/b "b") word and *another*
one in snake_case. <!-- not this -->

## Below

> “Quoted,” she said.

- one
- two
"""
    assert article_in(written(tmp_path / "a.md", source)) == NewArticle(
        url=URL,
        title="The big title",
        publisher="The Courier",
        published_on=dt.date(2031, 5, 4),
        text="A linked word and another one in snake_case.\n\nBelow\n\n“Quoted,” she said.\n\none\n\ntwo",
    )


def test_a_page_gives_its_paragraphs_and_what_it_says_of_itself(tmp_path: Path) -> None:
    page = f"""<!DOCTYPE html><html lang="en"><head><title>Site | Title</title>
<link rel="canonical" href="{URL}"><meta property="og:title" content="Otters &amp; cubs">
<meta property="og:site_name" content="Radio"><script type="application/ld+json">
{{"@graph": [{{"@type": "NewsArticle", "datePublished": "2031-05-25T06:00:00+02:00"}}]}}</script></head>
<body><nav><p>Menu</p></nav><article><h1>Otters</h1><p>They are <b>back</b>.</p><!-- <p>no</p> -->
<p>All four, 3 < 4.</p></article><script>var p = "<p>no</p>"</script><footer><p>Imprint</p></footer>"""

    assert article_in(written(tmp_path / "a.html", page)) == NewArticle(
        url=URL,
        title="Otters & cubs",
        publisher="Radio",
        published_on=dt.date(2031, 5, 25),
        language="en",
        text="They are back.\n\nAll four, 3 < 4.",
    )


def test_a_page_is_read_in_the_encoding_that_it_names(tmp_path: Path) -> None:
    page = '<meta charset="windows-1252"><p>“Schön”</p>'.encode("windows-1252")

    assert article_in(written(tmp_path / "a.html", page)).text == "“Schön”"


def test_jsonl_keeps_texts_verbatim(tmp_path: Path) -> None:
    text = "  One.\r\n\tTwo – “three” \U0001f9a6\n"
    path = written(tmp_path / "a.jsonl", row(text=text, date="2031-05-04", title="T", outlet="O", lang="en", id=7))

    assert article_in(path) == NewArticle(
        url=URL, text=text, title="T", publisher="O", published_on=dt.date(2031, 5, 4), language="en"
    )


STORABLE = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=50).filter(str.strip)


@given(STORABLE)
def test_any_storable_text_comes_out_of_jsonl_as_it_went_in(folder: Path, text: str) -> None:
    assert article_in(written(folder / "any.jsonl", row(text=text))).text == text


def test_csv_finds_its_columns_by_name_and_its_delimiter(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv",
        f'Date;URL;Title;Publisher;Text;Note\r\n2031-05-04;{URL};T;P;"One; ""two""\r\nthree";x\r\n',
    )

    assert article_in(path) == NewArticle(
        url=URL, text='One; "two"\r\nthree', title="T", publisher="P", published_on=dt.date(2031, 5, 4)
    )


@given(st.lists(STORABLE, min_size=1))
def test_what_csv_writes_is_read_back(folder: Path, texts: list[str]) -> None:
    content = io.StringIO(newline="")
    csv.writer(content).writerows([["url", "text"], *([URL, text] for text in texts)])
    path = written(folder / "any.csv", content.getvalue())

    assert read(path) == [NewArticle(url=URL, text=text, publisher=SITE) for text in texts]


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_packed_files_are_unpacked_even_in_several_pieces(tmp_path: Path, suffix: str) -> None:
    compress = gzip.compress if suffix == ".gz" else lzma.compress
    path = written(tmp_path / f"a.JSONL{suffix}", compress(row().encode()) + compress(row(url=URL + "b").encode()))

    assert [item.url for item in read(path) if isinstance(item, NewArticle)] == [URL, URL + "b"]


def test_folders_are_read_in_order_and_other_files_counted(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.txt", "sub/picture.png", ".hidden.txt", ".git/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        written(tmp_path / name, name)
    reader = read_articles([tmp_path])

    items = list(reader)

    assert [item.text for item in items if isinstance(item, NewArticle)] == ["a.md", "b.txt", "sub/c.txt"]
    assert len(items) == 3
    assert reader.skipped == 1
    assert reader.bytes_read == reader.total_bytes == len("b.txta.mdsub/c.txt")


# --- what is refused ---


def test_a_refusal_names_the_file_and_the_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", row() + "\n" + "{broken\n" + row())

    first, refusal, last = read(path)

    assert isinstance(first, NewArticle)
    assert isinstance(last, NewArticle)
    assert str(refusal) == f"{path}:3: is not JSON (Expecting property name enclosed in double quotes, column 2)"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("[1, 2]", "is JSON, but not an object"),
        ("null", "is JSON, but not an object"),
        ("[" * 100_000, "nested too deep"),
        ('{"url": ' + "9" * 5000 + "}", "endless digits"),
        (row(url=""), "has no URL"),
        (row(url=None), "has no URL"),
        (row(url=5), '"url" is not text'),
        (row(text=" \n"), "has no text"),
        (row(text=None), "has no text"),
        (row(text=["a"]), '"text" is not text'),
        (row(text="a\0b"), "NUL"),
        (row(text="a\ud83d"), "surrogate"),
        (row(title="\udc00"), "surrogate"),
        (row(text="x" * (TEXT_LIMIT + 1)), "longer than 1,000,000 characters"),
        (row(title="x" * 3000), "title is longer"),
        (row(outlet="x" * 3000), "publisher is longer"),
        (row(date="2031-02-30"), "date 2031-02-30 does not exist"),
        (row(date="yesterday"), "not of the form YYYY-MM-DD"),
        (row(date=20310504), '"date" is not text'),
        (row(url="ftp://example.org/a"), "does not begin with http"),
        (row(url="javascript:alert(1)"), "does not begin with http"),
        (row(url="example.org/a"), "does not begin with http"),
        (row(url="https://"), "names no site"),
        (row(url="https://[::1/a"), "malformed"),
        (row(url="https://example.org:port/"), "malformed"),
        (row(url="https://me:secret@example.org/"), "user name or password"),
        (row(url="https://example.org\\@evil.example/"), "blanks, control characters or a backslash"),
        (row(url="https://example.org/a b"), "blanks"),
        (row(url="https://example.org/\n"), None),
        (row(url="https://example.org/a\nb"), "blanks"),
        (row(url="https://example.org/\u202egpj.exe"), "control characters"),
        (row(url="https://example.org/" + "a" * URL_LIMIT), "URL is longer"),
    ],
)
def test_a_bad_row_is_refused_and_the_next_one_goes_in(tmp_path: Path, line: str, reason: str | None) -> None:
    path = written(tmp_path / "a.jsonl", line.strip("\n") + "\n" + row(url=URL + "/next"))

    bad, good = read(path)

    assert isinstance(good, NewArticle)
    if reason is None:
        assert isinstance(bad, NewArticle)
    else:
        assert isinstance(bad, Refusal)
        assert bad.place == f"{path}:1"
        assert reason in bad.reason
        assert len(str(bad).splitlines()) == 1


def test_a_line_in_another_encoding_is_refused_alone(tmp_path: Path) -> None:
    latin = row(text="Schön").encode().replace(b"\\u00f6", b"\xf6")
    path = written(tmp_path / "a.jsonl", latin + row().encode())

    bad, good = read(path)

    assert bad == Refusal(f"{path}:1", "is not in UTF-8")
    assert isinstance(good, NewArticle)


def test_a_line_of_50_megabytes_is_passed_over_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(row().encode() + b'{"text": "')
        for _ in range(50):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n' + row(url=URL + "/next").encode())

    tracemalloc.start()
    first, long, last = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert long == Refusal(f"{path}:2", "is longer than 8 MiB")
    assert isinstance(first, NewArticle)
    assert isinstance(last, NewArticle)
    assert peak < 4 * files.ROW_LIMIT


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.csv", "a.jsonl", "a.jsonl.gz", "a.txt.xz"])
def test_empty_files_are_refused(tmp_path: Path, name: str) -> None:
    assert refusal_of(written(tmp_path / name, b"")) == Refusal(str(tmp_path / name), "is empty")


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.csv", "a.jsonl"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(500), "is not text"),
        ("date 2020-07-11 https://example.org".encode("utf-16"), "is in UTF-16; save it as UTF-8"),
    ],
)
def test_binary_files_are_refused_once(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    assert refusal_of(written(tmp_path / name, content)).reason == reason


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
def test_documents_in_another_encoding_are_refused(tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name, "<p>Schön".encode("latin-1"))

    assert refusal_of(path).reason == "is not in UTF-8; save it as UTF-8"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", " \n\n", "has no text"),
        ("a.txt", f"date 2031-02-30 {URL}\nWords.", "date 2031-02-30 does not exist"),
        ("a.txt", "date 2031-02-03 www.example.org\nWords.", "does not begin with http"),
        ("a.txt", f"date 2031-02-03 {URL}\n", "has no text"),
        ("a.txt", "words " * (files.DOCUMENT_LIMIT // 6 + 1), "larger than 8 MiB"),
        ("a.md", "---\ndate: soon\n---\nWords.", "not of the form"),
        ("a.html", "<html><body><script>x</script></body></html>", "has no text"),
        ("a.csv", "title,body\na,b\n", "must name the columns"),
        ("a.csv", "url,text\n", "holds no articles"),
        ("a.jsonl", "\n\n", "holds no articles"),
    ],
)
def test_documents_that_hold_no_article_are_refused(tmp_path: Path, name: str, content: str, reason: str) -> None:
    assert reason in refusal_of(written(tmp_path / name, content)).reason


def test_a_csv_row_with_an_unclosed_quote_costs_only_itself(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f'url,text\n{URL}/1,one\n{URL}/2,"two\n{URL}/3,three\n{URL}/4,"four"\n')

    items = read(path)

    assert [item.text for item in items if isinstance(item, NewArticle)] == ["one", "three", "four"]
    assert [item for item in items if isinstance(item, Refusal)] == [Refusal(f"{path}:3", "has broken quoting")]


def test_the_shreds_of_a_broken_csv_row_are_reported_once(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f'url,text\n{URL}/1,"one "two\nthree\nfour"\n{URL}/5,five\n')

    items = read(path)

    assert [item.text for item in items if isinstance(item, NewArticle)] == ["five"]
    assert [item for item in items if isinstance(item, Refusal)] == [Refusal(f"{path}:2", "has broken quoting")]


def test_a_csv_row_with_too_many_columns_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", f"url,text\n{URL},one, two\n")

    assert refusal_of(path) == Refusal(f"{path}:2", "has 3 columns where the first row has 2")


def test_a_file_without_a_good_row_is_given_up(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", "{\n" * (2 * files.REFUSALS_IN_A_ROW))

    items = read(path)

    assert len(items) == files.REFUSALS_IN_A_ROW + 1
    assert items[-1] == Refusal(str(path), "given up after 1,000 unusable rows in a row")


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_what_comes_before_the_end_of_a_cut_off_file_goes_in(tmp_path: Path, suffix: str) -> None:
    compress = gzip.compress if suffix == ".gz" else lzma.compress
    rows = "".join(row(url=f"{URL}/{number}", text=os.urandom(500).hex()) for number in range(2000)).encode()
    path = written(tmp_path / f"a.jsonl{suffix}", compress(rows)[:-100_000])

    *articles, refusal = read(path)

    assert refusal == Refusal(str(path), "is cut off; what came before is in")
    assert len(articles) > 100
    assert all(isinstance(item, NewArticle) for item in articles)


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
@pytest.mark.parametrize("content", [b"no such packing", bz2.compress(b"words")])
def test_a_file_that_is_not_packed_as_its_name_says_is_refused(tmp_path: Path, suffix: str, content: bytes) -> None:
    assert "damaged or packed otherwise" in refusal_of(written(tmp_path / f"a.txt{suffix}", content)).reason


@pytest.mark.parametrize("suffix", [".gz", ".xz"])
def test_a_bomb_is_stopped_early(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.jsonl{suffix}"
    with gzip.open(path, "wb") if suffix == ".gz" else lzma.open(path, "wb", preset=0) as file:
        file.write(row().encode())
        for _ in range(100):
            file.write(b" " * 1024 * 1024)

    article, refusal = read(path)

    assert isinstance(article, NewArticle)
    assert isinstance(refusal, Refusal)
    assert "which is too much; what came before is in" in refusal.reason


def test_a_small_file_that_packs_very_well_is_no_bomb(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl.xz", lzma.compress(row(text="word " * 100_000).encode()))

    assert isinstance(article_in(path), NewArticle)


def test_an_xz_header_that_asks_for_much_memory_is_refused(tmp_path: Path) -> None:
    content = bytearray(lzma.compress(row().encode()))
    header = slice(12, 12 + (content[12] + 1) * 4)
    dictionary_size = content.index(b"\x21\x01", header.start) + 2
    content[dictionary_size] = 34  # 256 MiB, and the header's checksum to go with it
    content[header.stop - 4 : header.stop] = struct.pack("<I", zlib.crc32(content[header.start : header.stop - 4]))

    assert "Memory usage limit" in refusal_of(written(tmp_path / "a.jsonl.xz", bytes(content))).reason


def test_paths_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    loop = tmp_path / "loop.txt"
    loop.symlink_to(loop)
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)

    assert [str(item) for item in read(tmp_path / "none.txt", loop, pipe)] == [
        f"{tmp_path}/none.txt: does not exist",
        f"{tmp_path}/loop.txt: cannot be read (Too many levels of symbolic links)",
        f"{tmp_path}/pipe.txt: is not a regular file",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_that_may_not_be_read_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "Words.")
    path.chmod(0)

    assert refusal_of(path).reason == "cannot be read (Permission denied)"


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that fails to be read")
def test_a_file_that_fails_while_it_is_read_is_refused(tmp_path: Path) -> None:
    failing = tmp_path / "a.txt"
    failing.symlink_to("/proc/self/mem")

    assert refusal_of(failing).reason == "cannot be read (Input/output error)"


def test_a_named_file_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    refusal = refusal_of(written(tmp_path / "a.docx", "Words."))

    assert refusal.reason.startswith("is of an unknown kind; known are .txt .md")


def test_a_folder_that_contains_itself_is_read_once(tmp_path: Path) -> None:
    written(tmp_path / "a.txt", "Words.")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)

    assert article_in(tmp_path).text == "Words."


def test_a_file_name_that_is_no_unicode_can_be_reported(tmp_path: Path) -> None:
    refusal = refusal_of(written(tmp_path / os.fsdecode(b"\xff.txt"), b""))

    assert str(refusal).encode().endswith("\ufffd.txt: is empty".encode())


def test_a_real_corpus_packs_far_below_the_bomb_limit() -> None:
    assert unpacking.RATIO_FREE + unpacking.RATIO_LIMIT * 38_000_000 > 130_000_000


# --- hostile markup takes linear time ---


@pytest.mark.parametrize("piece", ["<a ", '<a b="', "<!--", "</", "<![", "&#", "<script></s", "<nav>", "<!", "<?"])
def test_pages_of_broken_tags_are_read_in_time(tmp_path: Path, piece: str) -> None:
    path = written(tmp_path / "a.html", "<p>Words.</p>" + piece * (300_000 // len(piece)))
    begun = time.monotonic()

    read(path)

    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("piece", ["*", "_", "`", "[", "![", "[a](", "<", "<!--", "> ", "*a _", "---\n", "# a\n"])
def test_markdown_of_broken_marks_is_read_in_time(tmp_path: Path, piece: str) -> None:
    path = written(tmp_path / "a.md", "Words.\n\n" + piece * (300_000 // len(piece)))
    begun = time.monotonic()

    read(path)

    assert time.monotonic() - begun < 5


@given(st.binary(max_size=400), st.sampled_from(["txt", "md", "html", "csv", "jsonl", "jsonl.gz", "csv.xz"]))
def test_no_bytes_make_reading_fail(folder: Path, content: bytes, kind: str) -> None:
    path = written(folder / f"any.{kind}", content)

    for item in read(path):
        assert isinstance(item, NewArticle | Refusal)


@given(st.text(max_size=200), st.sampled_from(["url", "text", "title", "publisher", "date", "language"]))
def test_no_words_make_validation_fail_otherwise_than_by_refusal(words: str, field: str) -> None:
    with suppress(IngestError):
        article = valid_article("here", **{"url": URL, "text": "Words.", field: words})

        article.text.encode()
        article.url.encode()
