"""How right the checker is in the other languages that have a file: `python -m tests.quality.languages [--each N]`.

Real sentences of the articles in each language, changed in one thing (called altered, and told as what it is), written
in another way (not called altered), and with their speaker or another's. The ways to change them know their own words,
not those of the files that are measured.
"""

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge import ClaimError, FactCheck, FactChecker, Finding, FindingKind, Library, Verdict
from knowledge.models import NewArticle
from tests.quality.corpus import DATA, articles
from tests.quality.noise import quotable

LANGUAGES = ("de", "es", "fr", "pt")
SEED = 20261125
_WRONG = (Verdict.ALTERED, Verdict.SPLICED, Verdict.MISATTRIBUTED)

Way = Callable[[str, random.Random], str | None]
"""A sentence written otherwise; None where there is nothing to change."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is changed in the sentences of a language."""

    numbers: Sequence[str]
    months: Sequence[str]
    before_month: str
    negations: Sequence[tuple[str, str]]
    """Patterns of a negated statement, and what stands for them without the negation."""
    negatable: tuple[str, str]
    """A pattern of what can be negated, and how."""
    retyped: Sequence[tuple[str, str]]
    says: str


VOCABULARIES: Mapping[str, Vocabulary] = {
    "de": Vocabulary(
        numbers="zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig vierzig fünfzig".split(),
        months="Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
        before_month=r"im|seit|bis|Anfang|Ende|\d\.",
        negations=[(r"\bnicht (?!nur\b|zuletzt\b|einmal\b)", ""), (r"\bkein(e[nmrs]?)?\b", r"ein\1")],
        negatable=(r"\b(ist|sind|war|waren|wird|werden|kann|können|soll|sollen|muss) (?!nicht\b|kein)", r"\1 nicht "),
        retyped=[(" Prozent", " %"), ("ß", "ss"), ("ü", "ue"), ("„", '"'), ("Millionen", "Mio."), ("–", "-")],
        says="sagte|sagt|erklärte|betonte|meinte|so",
    ),
    "es": Vocabulary(
        numbers="dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cuarenta cincuenta".split(),
        months="enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
        before_month="de|en|desde|hasta",
        negations=[(r"\b[Nn]o (?=(?:es|son|ha|han|se|hay|está|puede|lo|le|tiene|fue|hubo|quiere|había)\b)", "")],
        negatable=(r"(?<!\bno )(?<!\bse )\b(es|son|ha|han|está|están|puede|fue|tiene|había)(?= )", r"no \1"),
        retyped=[("%", " por ciento"), ("á", "a"), ("ó", "o"), ("“", '"'), ("ñ", "n"), ("—", "-")],
        says="dijo|afirmó|declaró|señaló|aseguró|explicó|indicó|añadió|agregó",
    ),
    "fr": Vocabulary(
        numbers="deux trois quatre cinq six sept huit dix onze douze vingt trente quarante cinquante".split(),
        months="janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
        before_month=r"en|de|depuis|d’|\d",
        negations=[(r"\b(?:ne |n['’])(\w+) pas\b", r"\1")],
        negatable=(r"(?<!n['’])(?<!\bne )\b(sont|doit|peut|peuvent|sera|seront|fait)(?= (?!pas\b))", r"ne \1 pas"),
        retyped=[(" %", " pour cent"), ("é", "e"), ("«", '"'), ("’", "'"), ("è", "e"), ("–", "-")],
        says="a déclaré|a dit|a affirmé|a expliqué|a indiqué|a ajouté|déclare|affirme|explique|estime|a-t-il",
    ),
    "pt": Vocabulary(
        numbers="dois três quatro cinco seis sete oito nove dez onze doze vinte trinta quarenta cinquenta".split(),
        months="janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
        before_month="de|em|desde|até",
        negations=[(r"\b[Nn]ão (?!só\b|apenas\b)", "")],
        negatable=(r"(?<!\bnão )(?<!\bse )\b(é|são|foi|está|estão|pode|tem|havia|deve)(?= )", r"não \1"),
        retyped=[("%", " por cento"), ("ã", "a"), ("ç", "c"), ("“", '"'), ("é", "e"), ("—", "-")],
        says="disse|diz|afirmou|afirma|declarou|explicou|contou",
    ),
}


# --- ways to change a sentence ---


def _swapped(pattern: str, other: Callable[[str, random.Random], str]) -> Way:
    """The way that puts another word for one that a pattern finds."""
    compiled = re.compile(pattern)

    def way(sentence: str, rng: random.Random) -> str | None:
        places = list(compiled.finditer(sentence))
        if not places:
            return None
        place = rng.choice(places)
        return f"{sentence[: place.start()]}{other(place[0], rng)}{sentence[place.end() :]}"

    return way


def _replaced(pattern: str, new: str) -> Way:
    """The way that writes the first place of a pattern otherwise."""
    compiled = re.compile(pattern)

    def way(sentence: str, _: random.Random) -> str | None:
        changed = compiled.sub(new, sentence, count=1)
        return changed if changed != sentence else None

    return way


def _other_of(words: Sequence[str]) -> Callable[[str, random.Random], str]:
    return lambda word, rng: rng.choice([one for one in words if one != word])


def _other_digit(number: str, rng: random.Random) -> str:
    place = rng.choice([at for at, character in enumerate(number) if character.isdecimal()])
    digit = rng.choice([one for one in "123456789" if one != number[place]])
    return f"{number[:place]}{digit}{number[place + 1 :]}"


_NUMBER = r"(?<![\w.,:/-])\d+(?:[.,]\d+)?(?![\w:/-]|[.,]\d)"
_FULL_NAME = r"(?<=[a-zà-ÿ,] )[A-ZÀ-Ý][a-zà-ÿ]+ [A-ZÀ-Ý][a-zà-ÿ]{3,}(?![\w-]| [A-ZÀ-Ý])"


def changes(code: str, names: Sequence[str]) -> Mapping[str, tuple[Way, frozenset[FindingKind]]]:
    """The ways that change what a sentence says, each with the kinds that tell it."""
    words = VOCABULARIES[code]
    numbers, months = "|".join(words.numbers), "|".join(words.months)
    kinds = FindingKind
    telling_names = frozenset({kinds.NAME, kinds.SPEAKER})
    negation = frozenset({kinds.NEGATION})
    lost = {f"negation lost {at}": (_replaced(*pair), negation) for at, pair in enumerate(words.negations, 1)}
    return {
        "number in digits": (_swapped(_NUMBER, _other_digit), frozenset({kinds.NUMBER})),
        "number in words": (_swapped(rf"\b(?:{numbers})\b", _other_of(words.numbers)), frozenset({kinds.NUMBER})),
        "month": (
            _swapped(rf"(?<=\s)(?:{months})(?= \d)|(?:(?<=\b(?:de|en|em|im)\s)(?:{months})\b)", _other_of(words.months)),
            telling_names,
        ),
        "name": (_swapped(_FULL_NAME, _other_of(names)), telling_names),
        "negation more": (_replaced(*words.negatable), negation),
        **lost,
    }


def other_writings(code: str) -> Mapping[str, Way]:
    """The ways that change nothing of what a sentence says."""
    retyped = {f"retyped {old.strip()}": _all_replaced(old, new) for old, new in VOCABULARIES[code].retyped}
    return {
        "as it is": lambda sentence, _: sentence,
        "small letters": lambda sentence, _: sentence.lower(),
        "capitals": lambda sentence, _: sentence.upper(),
        "without marks": lambda sentence, _: re.sub(r"[.,;:!?«»„“”\"]", "", sentence),
        "no last word": lambda sentence, _: sentence.rpartition(" ")[0],
        **retyped,
    }


def _all_replaced(old: str, new: str) -> Way:
    return lambda sentence, _: sentence.replace(old, new) if old in sentence else None


# --- measuring ---


@dataclass(frozen=True, slots=True)
class Tagged:
    """A quotation with the speaker whom its tag names."""

    quote: str
    speaker: str


def tagged(code: str, texts: Sequence[str]) -> Iterator[Tagged]:
    """The quotations behind whose closing mark stand a verb and a full name."""
    says = VOCABULARIES[code].says
    pattern = re.compile(
        rf"[„“«\"]\s?(?P<quote>[^„“”«»\"\n]{{30,300}}?),?\s?[“”»\"],?\s(?:{says})\s(?:[\w’'-]+\s){{0,3}}?"
        r"(?P<name>[A-ZÀ-Ý][a-zà-ÿ-]+\s[A-ZÀ-Ý][a-zà-ÿ-]{2,})\b"
    )
    for text in texts:
        yield from (Tagged(match["quote"], match["name"]) for match in pattern.finditer(text))


def measured(code: str, members: Sequence[NewArticle], checker: FactChecker, each: int) -> Iterator[str]:
    """The lines of the table for one language."""
    rng = random.Random(SEED)
    sentences = [(one, one.text[span.start : span.end]) for one in members for span in quotable(one.text)]
    rng.shuffle(sentences)
    names = sorted({name for one in members for name in re.findall(_FULL_NAME, one.text)})
    for name, (way, kinds) in changes(code, names).items():
        claims = _some(sentences, way, rng, each)
        checks = [_check(checker, code, claim) for claim, _ in claims]
        found = [check for check in checks if check and check.verdict not in (Verdict.RELATED, Verdict.NOT_FOUND)]
        altered = [check for check in found if check.verdict in _WRONG]
        told = [check for check in altered if any(finding.kind in kinds for finding in check.findings)]
        yield _line(code, f"changed: {name}", len(claims), found=len(found), altered=len(altered), told=len(told))
        _show(claims, checks, lambda check: check in found and check not in told)
    for name, plain in other_writings(code).items():
        claims = _some(sentences, plain, rng, each)
        checks = [_check(checker, code, claim) for claim, _ in claims]
        alarms = [check for check in checks if check and check.verdict in _WRONG]
        found = [check for check in checks if check and check.verdict not in (Verdict.RELATED, Verdict.NOT_FOUND)]
        yield _line(code, f"not changed: {name}", len(claims), found=len(found), false=len(alarms))
        _show(claims, checks, lambda check: check in alarms)
    said = list(tagged(code, [one.text for one in members]))[:each]
    speakers = sorted({one.speaker for one in said})
    right = [_check(checker, code, f"“{one.quote}”", one.speaker) for one in said]
    wrong = [_check(checker, code, f"“{one.quote}”", _other_of(speakers)(one.speaker, rng)) for one in said]
    given = [check for check in right if check and check.evidence and check.evidence[0].speaker]
    yield _line(
        code,
        "speakers",
        len(said),
        given=len(given),
        false=sum(map(_tells_speaker, right)),
        told=sum(map(_tells_speaker, wrong)),
    )


def _some(
    sentences: Sequence[tuple[NewArticle, str]], way: Way, rng: random.Random, each: int
) -> list[tuple[str, str]]:
    """Up to `each` sentences changed in a way, each with what it was."""
    made: list[tuple[str, str]] = []
    for _, sentence in sentences:
        if len(made) == each:
            break
        if (claim := way(sentence, rng)) is not None:
            made.append((claim, sentence))
    return made


def _check(checker: FactChecker, code: str, claim: str, speaker: str | None = None) -> FactCheck | None:
    try:
        return checker.check(claim, collection=code, speaker=speaker)
    except ClaimError:
        return None


def _tells_speaker(check: FactCheck | None) -> bool:
    return check is not None and any(finding.kind is FindingKind.SPEAKER for finding in check.findings)


def _line(code: str, measure: str, count: int, **shares: int) -> str:
    values = "  ".join(f"{name} {100 * value / count:5.1f}" for name, value in shares.items()) if count else ""
    return f"{code}  {measure:28} {count:5,}  {values}".rstrip()


_SHOWN = 0


def _show(
    claims: Sequence[tuple[str, str]], checks: Sequence[FactCheck | None], is_missed: Callable[[FactCheck], bool]
) -> None:
    """Show some misses on standard error, where asked to."""
    missed = [(pair, check) for pair, check in zip(claims, checks, strict=True) if check and is_missed(check)]
    for (claim, sentence), check in missed[:_SHOWN]:
        sys.stderr.write(f"   {check.verdict}: {claim}\n      was: {sentence}\n      {_told(check.findings)}\n")


def _told(findings: Sequence[Finding]) -> str:
    return "; ".join(f"{one.kind}: {one.claimed!r} for {one.source!r}" for one in findings)


def main() -> int:
    """Measure every language and print the table; 2 where the data is absent."""
    global _SHOWN
    parser = argparse.ArgumentParser(prog="python -m tests.quality.languages", description=__doc__)
    parser.add_argument("--each", type=int, default=200, help="sentences that are changed in each way")
    parser.add_argument("--only", choices=LANGUAGES, nargs="+", default=LANGUAGES)
    parser.add_argument("--misses", type=int, default=0, help="how many misses of each way to show")
    options = parser.parse_args()
    if not (DATA / "articles.jsonl.xz").exists():
        sys.stderr.write(f"There are no real articles in {DATA}: name their folder in RECEIPTS_DATA.\n")
        return 2
    _SHOWN = options.misses
    with TemporaryDirectory(prefix="receipts-") as folder:
        with Library.open(f"sqlite:///{Path(folder) / 'languages.db'}") as library:
            for code in options.only:
                members = [one.article for one in articles() if one.article.language == code]
                for _ in library.add_all(code, members, actor="quality"):
                    pass
                for line in measured(code, members, FactChecker(library), options.each):
                    sys.stdout.write(f"{line}\n")
                    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
