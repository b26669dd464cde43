"""The bot's words: none goes past the catalogues, each has all of them, and everybody reads their own language."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue import languages, plural, say, speaking
from tests.catalogue import FOLDER, missing, read, sentences, updated, written

BOT = FOLDER.parent

# Words of a terminal, of logs and of files for programs are in English alone.
NOT_FOR_DISCORD = (
    "harness/*",
    "demo/*",
    "__main__.py",
    "answers.py",
    "cases.py",
    "catalogue.py",
    "cli.py",
    "errors.py",
    "health.py",
    "import_worker.py",
    "logs.py",
    "metrics.py",
    "monitoring.py",
    "observing.py",
    "operations.py",
    "questions.py",
    "serving.py",
    "settings.py",
    "terminal.py",
    "upkeep.py",
)
MODULES = [
    path for path in sorted(BOT.rglob("*.py")) if not any(path.relative_to(BOT).match(one) for one in NOT_FOR_DISCORD)
]

# Calls whose strings nobody in Discord reads, or which the command tree has translated.
_NOT_SHOWN = {"say", "plural", "noted", "getLogger", "compile", "debug", "info", "warning", "error", "exception"}
_COMMANDS = {"answering", "command", "context_menu", "Group", "describe", "rename", "Choice"}


def words_past_the_catalogue(tree: ast.Module) -> Iterator[tuple[int, object]]:
    """The strings of a module that look like words for a reader and are not looked up, with their lines."""
    passed = {id(node) for node in _passed(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in passed and looks_like_words(node.value):
            yield node.lineno, node.value


def looks_like_words(text: object) -> bool:
    if not isinstance(text, str):
        return False
    words = text.split()
    is_label = len(text) > 2 and text.istitle() and text.isalpha()
    return is_label or (len(words) > 1 and any(word.isalpha() and word.islower() for word in words))


def _passed(tree: ast.Module) -> Iterator[ast.AST]:
    """Everything within what is looked up, logged, raised, documented or annotated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _NOT_SHOWN | _COMMANDS or name.endswith("Error") or name == "TypeVar":
                yield from ast.walk(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            yield from ast.walk(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            yield from ast.walk(node.returns)
        elif isinstance(node, ast.ClassDef):
            for keyword in node.keywords:
                yield from ast.walk(keyword)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(BOT)))
def test_no_words_for_discord_go_past_the_catalogue(path: Path) -> None:
    assert list(words_past_the_catalogue(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_words_that_go_past_it_are_found() -> None:
    code = 'Sheet("No articles"); button("Remove"); say("looked up"); log.info("not for readers"); f"{n} of them left"'

    assert [words for _, words in words_past_the_catalogue(ast.parse(code))] == [
        "No articles",
        "Remove",
        " of them left",
    ]


# --- the catalogues ---


def placeholders(words: Any) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name is not None}


@pytest.mark.parametrize("language", sorted(languages()))
def test_a_catalogue_is_complete_and_up_to_date(language: str) -> None:
    """`python -m tests.catalogue` brings it up to date and lists what is missing."""
    assert missing(read(language)) == []
    assert written(updated(language)) == (FOLDER / f"{language}.po").read_bytes()


@pytest.mark.parametrize("language", sorted(languages()))
def test_translations_have_the_values_of_their_sentences(language: str) -> None:
    for message in read(language):
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        named = [placeholders(original) for original in originals]
        for translation in message.string if isinstance(message.string, tuple) else (message.string,):
            assert set.intersection(*named) <= placeholders(translation) <= set.union(*named), translation


def test_sentences_within_others_are_collected_too() -> None:
    found = {message.id for message in sentences()}

    assert {"Every difference", "{n} waiting. Suggested on {day}.", ("{n} passage", "{n} passages")} <= found


def test_there_is_german() -> None:
    assert "de" in languages()
    assert len(sentences()) > 300


# --- looking up ---


def test_plural_forms_and_large_numbers_are_those_of_the_language() -> None:
    one, many = "nothing like it in the {n} article searched", "nothing like it in the {n} articles searched"

    assert plural(one, many, 27452) == "nothing like it in the 27,452 articles searched"
    with speaking("de"):
        assert plural(one, many, 1) == "nichts dergleichen in dem 1 durchsuchten Artikel"
        assert plural(one, many, 27452) == "nichts dergleichen in den 27.452 durchsuchten Artikeln"


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "ja", "", "../de", "x" * 1000])
def test_a_locale_without_a_catalogue_reads_english(locale: str) -> None:
    with speaking(locale):
        assert say("Remove") == "Remove"


def test_what_a_catalogue_lacks_stays_english() -> None:
    with speaking("de"):
        assert say("no catalogue has {this}", this="that") == "no catalogue has that"


def test_values_are_no_sentences() -> None:
    assert say("the claim adds {claimed}", claimed="{claimed} {0} {") == "the claim adds {claimed} {0} {"
