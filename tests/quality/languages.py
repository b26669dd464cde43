"""How right the checker is in the other languages that have a file: `python -m tests.quality.languages [--each N]`.

Real sentences of the articles in each language, changed in one thing (called altered, and told as what it is), written
in another way (not called altered), and with their speaker or another's. The ways to change them know their own words,
not those of the files that are measured.
"""

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import islice
from tempfile import TemporaryDirectory

from knowledge import ClaimError, FactCheck, FactChecker, FindingKind, Library, Verdict
from knowledge.languages import language_of, languages
from knowledge.models import NewArticle
from tests.quality.corpus import DATA, articles
from tests.quality.noise import quotable

SEED = 20261125
_WRONG = (Verdict.ALTERED, Verdict.SPLICED, Verdict.MISATTRIBUTED)

Way = Callable[[str, random.Random], str | None]
"""A sentence written otherwise; None where there is nothing to change."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is changed in the sentences of a language."""

    numbers: Sequence[str]
    months: Sequence[str]
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
        negations=[(r"\bnicht (?!nur\b|zuletzt\b|einmal\b)", ""), (r"\bkein(e[nmrs]?)?\b", r"ein\1")],
        negatable=(r"\b(ist|sind|war|waren|wird|werden|kann|können|soll|sollen|muss) (?!nicht\b|kein)", r"\1 nicht "),
        retyped=[(" Prozent ", " % "), ("ß", "ss"), ("ü", "ue"), ("„", '"'), (" Millionen ", " Mio. "), ("–", "-")],
        says="sagte|sagt|erklärte|betonte|meinte|so",
    ),
    "es": Vocabulary(
        numbers="dos tres cuatro cinco seis siete ocho nueve diez once doce veinte treinta cuarenta cincuenta".split(),
        months="enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
        negations=[(r"\b[Nn]o (?=(?:es|son|ha|han|se|hay|está|puede|lo|le|tiene|fue|hubo|quiere|había)\b)", "")],
        negatable=(r"(?<!\bno )(?<!\bse )\b(es|son|ha|han|está|están|puede|fue|tiene|había)(?= )", r"no \1"),
        retyped=[("%", " por ciento"), ("á", "a"), ("ó", "o"), ("“", '"'), ("ñ", "n"), ("—", "-")],
        says="dijo|afirmó|declaró|señaló|aseguró|explicó|indicó|añadió|agregó",
    ),
    "fr": Vocabulary(
        numbers="deux trois quatre cinq six sept huit dix onze douze vingt trente quarante cinquante".split(),
        months="janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
        negations=[(r"\b(?:ne |n['’])(\w+) pas\b", r"\1")],
        negatable=(r"(?<!n['’])(?<!\bne )\b(sont|doit|peut|peuvent|sera|seront|fait)(?= (?!pas\b))", r"ne \1 pas"),
        retyped=[(" %", " pour cent"), ("é", "e"), ("«", '"'), ("’", "'"), ("è", "e"), ("–", "-")],
        says="a déclaré|a dit|a affirmé|a expliqué|a indiqué|a ajouté|déclare|affirme|explique|estime|a-t-il",
    ),
    "pt": Vocabulary(
        numbers="dois três quatro cinco seis sete oito nove dez onze doze vinte trinta quarenta cinquenta".split(),
        months="janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
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
            _swapped(rf"\b(?:{months})(?= \d)|(?<=\b(?:de|en|em|im) )(?:{months})\b", _other_of(words.months)),
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
        "without marks": lambda sentence, _: re.sub(r"(?<!\w)[.,;:!?«»„“”\"]|[.,;:!?«»„“”\"](?!\w)", "", sentence),
        "no last word": lambda sentence, _: sentence.rpartition(" ")[0],
        **retyped,
    }


def _all_replaced(old: str, new: str) -> Way:
    return lambda sentence, _: sentence.replace(old, new) if old in sentence else None


# --- measuring ---


@dataclass(frozen=True, slots=True)
class Answer:
    """A claim, what it was made of, and its check; None where it was refused."""

    claim: str
    original: str
    check: FactCheck | None

    @property
    def is_found(self) -> bool:
        """Whether the claim's source was found."""
        return self.check is not None and self.check.verdict not in (Verdict.RELATED, Verdict.NOT_FOUND)

    @property
    def is_wrong(self) -> bool:
        """Whether the claim was called other than its source."""
        return self.check is not None and self.check.verdict in _WRONG

    def tells(self, kinds: Set[FindingKind]) -> bool:
        """Whether a finding of some kinds was told."""
        return self.check is not None and any(finding.kind in kinds for finding in self.check.findings)

    def __str__(self) -> str:
        findings = self.check.findings if self.check else ()
        told = "; ".join(f"{one.kind}: {one.claimed!r} for {one.source!r}" for one in findings)
        verdict = self.check.verdict if self.check else "refused"
        return f"   {verdict}: {self.claim}\n      was: {self.original}\n      {told}\n"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: shares of `count` samples, and the samples that were missed."""

    measure: str
    count: int
    hits: Mapping[str, int]
    missed: Sequence[Answer]

    def __str__(self) -> str:
        shares = (f"{name} {100 * hits / self.count:5.1f}" for name, hits in self.hits.items() if self.count)
        return f"{self.measure:32} {self.count:5,}  {'  '.join(shares)}".rstrip()


@dataclass(frozen=True, slots=True)
class Pool:
    """The articles in one language, and what checks claims against them."""

    code: str
    members: Sequence[NewArticle]
    checker: FactChecker

    def answers(self, way: Way, each: int) -> list[Answer]:
        """The answers to at most so many sentences changed in a way."""
        rng = random.Random(SEED)
        sentences = [one.text[span.start : span.end] for one in self.members for span in quotable(one.text)]
        rng.shuffle(sentences)
        claims = ((way(sentence, rng), sentence) for sentence in sentences)
        made = islice(((claim, sentence) for claim, sentence in claims if claim is not None), each)
        return [Answer(claim, sentence, self.check(claim)) for claim, sentence in made]

    def check(self, claim: str, speaker: str | None = None) -> FactCheck | None:
        """The fact check, None where the claim is refused."""
        try:
            return self.checker.check(claim, collection=self.code, speaker=speaker)
        except ClaimError:
            return None


def rows(pool: Pool, each: int) -> Iterator[Row]:
    """The lines of the table for one language."""
    names = sorted({name for one in pool.members for name in re.findall(_FULL_NAME, one.text)})
    for name, (way, kinds) in changes(pool.code, names).items():
        yield _changed(name, pool.answers(way, each), kinds)
    for name, plain in other_writings(pool.code).items():
        answers = pool.answers(plain, each)
        wrong = [one for one in answers if one.is_wrong]
        hits = {"found": sum(one.is_found for one in answers), "false": len(wrong)}
        yield Row(f"not changed: {name}", len(answers), hits, wrong)
    yield _speakers(pool, names, each)


def _changed(name: str, answers: Sequence[Answer], kinds: Set[FindingKind]) -> Row:
    found = [one for one in answers if one.is_found]
    altered = [one for one in found if one.is_wrong]
    missed = [one for one in found if not (one.is_wrong and one.tells(kinds))]
    hits = {"found": len(found), "altered": len(altered), "told": len(found) - len(missed)}
    return Row(f"changed: {name}", len(answers), hits, missed)


def _speakers(pool: Pool, names: Sequence[str], each: int) -> Row:
    """How often a quotation has a speaker, how often the right one is contradicted, and another one told."""
    rng = random.Random(SEED)
    said = list(islice(tagged(pool.code, [one.text for one in pool.members]), each))
    right = [Answer(one.quote, one.speaker, pool.check(f"“{one.quote}”", one.speaker)) for one in said]
    others = [(one, _other_of(names)(one.speaker, rng)) for one in said]
    wrong = [Answer(one.quote, other, pool.check(f"“{one.quote}”", other)) for one, other in others]
    contradicted = [one for one in right if one.tells(_SPEAKER)]
    hits = {
        "given": sum(bool(one.check and one.check.evidence and one.check.evidence[0].speaker) for one in right),
        "false": len(contradicted),
        "told": sum(one.tells(_SPEAKER) for one in wrong),
    }
    return Row("speakers", len(said), hits, [*contradicted, *(one for one in wrong if not one.tells(_SPEAKER))])


_SPEAKER = frozenset({FindingKind.SPEAKER})


@dataclass(frozen=True, slots=True)
class Tagged:
    """A quotation with the speaker whom its tag names."""

    quote: str
    speaker: str


def tagged(code: str, texts: Sequence[str]) -> Iterator[Tagged]:
    """The quotations behind whose closing mark stand a verb and a full name."""
    pattern = re.compile(
        rf"[„“«»\"]\s?(?P<quote>[^„“”«»\"\n]{{30,300}}?),?\s?[“”»«\"],?\s(?:{VOCABULARIES[code].says})\s"
        r"(?:[\w’'-]+\s){0,3}?(?P<name>[A-ZÀ-Ý][a-zà-ÿ-]+\s[A-ZÀ-Ý][a-zà-ÿ-]{2,})(?![\w-]|\s[A-ZÀ-Ý])"
    )
    for text in texts:
        yield from (Tagged(match["quote"], match["name"]) for match in pattern.finditer(text))


def articles_in(code: str) -> list[NewArticle]:
    """The articles in a language; some are labelled with another than they are written in."""
    labelled = [one.article for one in articles() if one.article.language == code]
    return [one for one in labelled if (language := language_of(one.text)) is not None and language.code == code]


def main() -> int:
    """Measure every language and print the table; 2 where the data is absent."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality.languages", description=__doc__)
    parser.add_argument("--each", type=int, default=300, help="sentences that are changed in each way")
    parser.add_argument("--only", choices=VOCABULARIES, nargs="+", default=list(VOCABULARIES))
    parser.add_argument("--misses", type=int, default=0, help="how many misses of each way to show")
    options = parser.parse_args()
    if not (DATA / "articles.jsonl.xz").exists():
        sys.stderr.write(f"There are no real articles in {DATA}: name their folder in RECEIPTS_DATA.\n")
        return 2
    with TemporaryDirectory(prefix="receipts-") as folder, Library.open(f"sqlite:///{folder}/languages.db") as library:
        for code in options.only:
            members = articles_in(code)
            list(library.add_all(code, members, actor="quality"))
            sys.stdout.write(f"{languages()[code].name}: {len(members)} articles\n")
            for row in rows(Pool(code, members, FactChecker(library)), options.each):
                sys.stdout.write("".join([f"  {row}\n", *map(str, row.missed[: options.misses])]))
                sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
