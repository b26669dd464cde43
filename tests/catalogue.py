"""`python -m tests.catalogue [LANGUAGE…]`: brings the catalogues in bot/languages up to date with the code.

New sentences come in untranslated, those that are gone go out, and what is missing is listed. A language that has no
catalogue yet gets one.
"""

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from discord import app_commands

from bot.catalogue import GROUPS, NAME, languages
from bot.commands import COMMANDS, AnyCommand

FOLDER = Path(__file__).parents[1] / "bot" / "languages"
_FORMS = {"say": 1, "noted": 1, "plural": 2}
"""The functions that look words up, and how many forms of a sentence each is given."""


def sentences() -> Catalog:
    """Every sentence of the bot, in English: of the code, and of the commands that Discord is told of."""
    catalogue = Catalog(project="Receipts", charset="utf-8", fuzzy=False)
    for path in sorted(FOLDER.parent.rglob("*.py")):
        for sentence in _sentences_in(ast.parse(path.read_text(encoding="utf-8"))):
            catalogue.add(sentence)
    catalogue.add(",", context=GROUPS)
    for command in COMMANDS:
        for word, context in _words_of(command):
            catalogue.add(word, context=context)
    return catalogue


def _sentences_in(module: ast.Module) -> Iterator[str | tuple[str, ...]]:
    """The sentences that a module looks up, in f-strings too, which Babel does not look into before Python 3.12."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FORMS:
            given = node.args[: _FORMS[node.func.id]]
            forms = tuple(one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str))
            if forms:
                yield forms if len(forms) > 1 else forms[0]


def _words_of(command: AnyCommand) -> Iterator[tuple[str, str | None]]:
    """The words of a command and all that is below it, with the context of those that are names."""
    if isinstance(command, app_commands.ContextMenu):
        yield command.name, None
        return
    yield command.name, NAME
    yield command.description, None
    if isinstance(command, app_commands.Group):
        for below in command.commands:
            yield from _words_of(below)
        return
    for parameter in command.parameters:
        yield str(parameter.display_name), NAME
        yield str(parameter.description), None
        yield from ((choice.name, None) for choice in parameter.choices)


def read(language: str) -> Catalog:
    """The catalogue of a language, as it is in the repository."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> Catalog:
    """The catalogue of a language with exactly the sentences of the code, and the translations that it has of them."""
    new = Catalog(locale=language, project="Receipts", charset="utf-8", fuzzy=False)
    old = read(language) if (FOLDER / f"{language}.po").exists() else new
    for message in sentences():
        if message.id:
            known = old.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
            is_same = known is not None and known.id == message.id
            new.add(message.id, known.string if known is not None and is_same else None, context=message.context)
    return new


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file that is the same whenever it is written: of the header what a reader needs, no dates."""
    file = BytesIO()
    write_po(file, catalogue, width=120, sort_output=True, no_location=True)
    header, _, rest = file.getvalue().partition(b"\n\n")
    needed = (b"msgid", b"msgstr", b'"Language:', b'"Plural-Forms', b'"MIME-Version', b'"Content-')
    return b"\n".join(line for line in header.split(b"\n") if line.startswith(needed)) + b"\n\n" + rest


def missing(catalogue: Catalog) -> list[str]:
    """The sentences that a catalogue has no translation of."""
    return [str(message.id) for message in catalogue if message.id and not all(_strings(message.string))]


def _strings(string: Any) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, list | tuple) else (string,)


def _main(wanted: list[str]) -> None:
    for language in sorted(languages() | set(wanted)):
        catalogue = updated(language)
        (FOLDER / f"{language}.po").write_bytes(written(catalogue))
        for sentence in (left := missing(catalogue)):
            sys.stdout.write(f"{language}: {sentence}\n")
        sys.stdout.write(f"{language}: {len(left)} of {len(catalogue)} sentences are not translated\n")


if __name__ == "__main__":
    _main(sys.argv[1:])
