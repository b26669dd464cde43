"""Bytes of every kind through `read_page`, guided by coverage: `python -m tests.knowledge.ingest.fuzz_pages -runs=N`.

For developers who have atheris, which is no dependency; options are libFuzzer's own. It ends with what made reading
fail otherwise than by a reason.
"""

import sys

import atheris

with atheris.instrument_imports(include=["knowledge.ingest", "trafilatura", "htmldate", "courlan"]):
    from knowledge.errors import NoArticleText, PageProblem
    from knowledge.ingest.articles import decoded
    from knowledge.ingest.pages import read_page


def read(data: bytes) -> None:
    """Read some bytes as a page."""
    try:
        page = read_page(decoded(data, "text/html"), "https://example.org/a")
    except NoArticleText as error:
        if error.problem is PageProblem.UNREADABLE:
            raise
    else:
        "".join((page.title, page.text, page.url)).encode()


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
