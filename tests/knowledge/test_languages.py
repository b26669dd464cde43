"""The files of the languages, what texts are read as by them, and that a file is all that a language takes."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import knowledge
from knowledge import FindingKind, Verdict
from knowledge.alignment import Source, align
from knowledge.claims import read_quote
from knowledge.differences import differences
from knowledge.languages import ENGLISH, common_language, language_of, languages, read_language
from knowledge.text import normalise
from knowledge.verdicts import Finding, judge

CODES = sorted(languages())


def compared(code: str, claim: str, source: str) -> tuple[Finding, ...]:
    quote, text = read_quote(claim, languages()[code]), normalise(source, language=languages()[code])
    return differences(quote, text, align(quote, Source(text.words)), (), marked=True)


# --- the files ---


@pytest.mark.parametrize("code", CODES)
def test_words_of_a_file_are_in_normal_form(code: str) -> None:
    grammar = languages()[code].grammar
    for word in grammar.without_content | grammar.negations | languages()[code].numbers.units:
        assert word == word.casefold()
        assert not set(word) & set('.,’"')


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_opposites_and_what_people_ask(code: str) -> None:
    language = languages()[code]
    assert language.forms.opposites
    assert language.numbers.units
    assert language is ENGLISH or language.speech.lead_in


SMALLEST = """
name = "Quillish"
[grammar]
function = "zo ze um"
negations = "nix"
[numbers.values]
2 = "duo"
[dates]
months = ["uno", "due", "tri", "kva", "fim", "sis", "sep", "ok", "niu", "dek", "elv", "tol"]
[speech]
verbs = "zegde"
"""


def test_a_file_needs_little() -> None:
    language = read_language("qx", SMALLEST)

    assert language.name == "Quillish"
    assert language.numbers.decimal == "."


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('name = "Quillish"', "", "qx.toml: name is to be a text"),
        ("[speech]", "[spech]", "there is no [spech]; there are grammar, contractions"),
        ("negations", "negation", "qx.toml: grammar.negation: there is no such key"),
        ('"zo ze um"', "3", "qx.toml: grammar.function is to be a text"),
        ('"zo ze um"', '"zo nix"', "qx.toml: grammar.function has the negation nix"),
        ('"tol"]', "]", "qx.toml: dates.months is to have 12 lines, and has 11"),
        ('2 = "duo"', 'two = "duo"', "qx.toml: numbers.values.two is to be a number"),
        ('verbs = "zegde"', "", "qx.toml: speech.verbs is missing"),
        ("[speech]", '[forms]\nopposites = ["up-down"]\n[speech]', "up-down is to be two words with a slash"),
        ("[speech]", "[speech", "qx.toml: "),
    ],
)
def test_a_mistake_in_a_file_is_told_by_its_key(old: str, new: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=r"qx\.toml") as caught:
        read_language("qx", SMALLEST.replace(old, new))

    assert complaint in str(caught.value)


QUILLISH = """
name = "Quillish"
[grammar]
function = "zo ze um ik lo ek"
negations = "nix"
[numbers]
joining = "ek"
[numbers.values]
2 = "duo"
5 = "vem"
40 = "kvadek"
[numbers.scales]
1000 = "kilu"
[dates]
months = [
    "unomon", "duomon", "trimon", "kvamon", "fimon", "sismon", "semon", "okmon", "niumon", "demon", "elmon", "tomon"
]
written_small = true
[forms]
endings = ["- ak"]
opposites = ["glisu/subu"]
[speech]
verbs = "zegde"
lead_in = ["veru lo"]
that = "ke"
"""
ARTICLE = (
    "Zo pontu um Veldru nix fermak lo 3 trimon 2031. Ze kostu supu ek kvadek vem kilu kronu. "
    "“Ik nix vendru zo pontu”, zegde Ada Brook. Zo maru ek ze vilu um Veldru glisu lo vespru."
)
ASKED = {
    "Zo pontu um Veldru nix fermak lo 3 trimon 2031": ["verbatim"],
    "Ze kostu supu ek 45000 kronu": ["verbatim"],
    "Zo maru ek ze vilu um Veldru subu lo vespru": ["altered", "antonym"],
    "Zo pontu um Veldru fermak lo 3 trimon 2031": ["altered", "negation"],
    "Zo pontu um Veldru nix ferm lo 3 trimon 2031": ["close", "wording"],
    "Zo pontu um Veldru nix fermak lo 3 fimon 2031": ["altered", "name"],
    "“Ik nix vendru zo pontu”, zegde Karl Ott": ["misattributed", "speaker"],
    "Veru lo ke zo maru ek ze vilu um Veldru glisu lo vespru?": ["verbatim"],
}
CHECK = """
import json, sys
from knowledge import FactChecker, Library
from knowledge.dates import stated_dates
from knowledge.models import NewArticle
article, asked, database = json.load(sys.stdin)
with Library.open(database) as library:
    new = NewArticle(url="https://example.org/q", title="Pontu", text=article)
    list(library.add_all("shared", [new], actor="test"))
    checks = {claim: FactChecker(library).check(claim) for claim in asked}
answers = {claim: [check.verdict, *(one.kind for one in check.findings)] for claim, check in checks.items()}
print(json.dumps([answers, str(stated_dates(article)[0].when)]))
"""


def test_a_language_takes_a_file_and_nothing_else(tmp_path: Path) -> None:
    copy = tmp_path / "knowledge"
    shutil.copytree(Path(knowledge.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "languages" / "qx.toml").write_text(QUILLISH, encoding="utf-8")

    asked = json.dumps([ARTICLE, list(ASKED), f"sqlite:///{tmp_path / 'quillish.db'}"])
    done = subprocess.run(
        [sys.executable, "-c", CHECK], input=asked, capture_output=True, text=True, cwd=tmp_path, check=True
    )

    answers, date = json.loads(done.stdout)
    assert answers == ASKED
    assert date == "2031-03-03"


# --- which language ---


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Die Brücke ist seit Montag für alle gesperrt, und niemand weiß, wie es mit ihr weitergeht.", "de"),
        ("El puente está cerrado desde el lunes y nadie sabe qué va a pasar con él.", "es"),
        ("Le pont est fermé depuis lundi et personne ne sait ce qui va se passer.", "fr"),
        ("A ponte está fechada desde segunda-feira e ninguém sabe o que vai acontecer com ela.", "pt"),
        ("The bridge has been closed since Monday, and nobody knows what will become of it.", "en"),
        ("Die Hard, Die Another Day, No Time", None),
        ("47 %", None),
        ("", None),
    ],
)
def test_a_text_is_in_the_language_of_its_words_of_grammar(text: str, code: str | None) -> None:
    language = language_of(text)

    assert (language.code if language else None) == code


def test_two_texts_in_two_languages_are_compared_by_the_rules_of_english() -> None:
    german, english = (
        "Das ist nicht die Brücke, die wir für euch gebaut haben.",
        "This is not the bridge that we built.",
    )

    assert common_language(german, german, german).code == "de"
    assert common_language(german, german, "Brücke gebaut").code == "de"
    assert common_language("Brücke gebaut", german, german).code == "de"
    assert common_language(german, german, english) is ENGLISH
    assert common_language(english, english, german) is ENGLISH


# --- what words are by the rules of a language ---


@pytest.mark.parametrize(
    ("code", "one", "other"),
    [
        ("de", "siebenundvierzig Prozent", "47 %"),
        ("de", "zweitausenddreihundertfünf", "2.305"),
        ("de", "1,5 Mrd. Euro", "1500 Millionen €"),
        ("de", "eine Million", "1 000 000"),
        ("de", "einundzwanzig", "21"),
        ("de", "3,50 Euro", "3.5 €"),
        ("es", "treinta y cinco por ciento", "35%"),
        ("es", "tres mil millones", "3.000.000.000"),
        ("es", "veintiún mil", "21 000"),
        ("es", "1,400 soles", "1.400 soles"),
        ("es", "mil novecientos ochenta y cuatro", "1984"),
        ("fr", "quatre-vingt-dix-sept pour cent", "97 %"),
        ("fr", "soixante et onze", "71"),
        ("fr", "deux cent mille", "200 000"),
        ("fr", "vingt et un", "21"),
        ("fr", "le 1er mars", "le premier mars"),
        ("pt", "cento e vinte e três mil", "123.000"),
        ("pt", "mil e quinhentos", "1500"),
        ("pt", "dois milhões", "2.000.000"),
    ],
)
def test_numbers_in_words_and_in_digits_are_one(code: str, one: str, other: str) -> None:
    language = languages()[code]

    assert normalise(one, language=language).words == normalise(other, language=language).words


@pytest.mark.parametrize(
    ("code", "text"),
    [("de", "zwei und drei"), ("de", "Achtung"), ("fr", "cinq et six"), ("pt", "dois e três"), ("es", "un gato")],
)
def test_what_is_no_one_number_stays_apart(code: str, text: str) -> None:
    assert len(normalise(text, language=languages()[code]).words) == len(text.split())


@pytest.mark.parametrize("code", CODES)
@given(text=st.text(alphabet="0123456789 .,%€undmileqtrvzwxhsoçãéßü’'-", max_size=60))
def test_every_word_stands_where_it_is_said_to_stand(code: str, text: str) -> None:
    normal = normalise(text, language=languages()[code])

    assert list(normal.starts) == sorted(normal.starts)
    assert all(0 <= start < end <= len(text) for start, end in zip(normal.starts, normal.ends, strict=True))


# --- what differences are ---

DE = "Die Stadt will das alte Schwimmbad im Oktober nicht länger bezahlen und hat dafür gute Gründe."
FR = "La mairie ne veut plus payer la vieille piscine au mois d’octobre et elle a de bonnes raisons."
ES = "El ayuntamiento no quiere pagar más la vieja piscina en octubre y tiene buenas razones para ello."
PT = "A prefeitura não quer mais pagar a velha piscina em outubro e tem boas razões para isso."


@pytest.mark.parametrize(
    ("code", "source", "old", "new", "kind"),
    [
        ("de", DE, "nicht ", "", FindingKind.NEGATION),
        ("de", DE, "gute Gründe", "keine guten Gründe", FindingKind.NEGATION),
        ("de", DE, "Oktober", "November", FindingKind.NAME),
        ("de", DE, "gute", "schlechte", FindingKind.ANTONYM),
        ("fr", FR, "ne veut plus", "veut", FindingKind.NEGATION),
        ("fr", FR, "octobre", "mai", FindingKind.NAME),
        ("fr", FR, "bonnes", "mauvaises", FindingKind.ANTONYM),
        ("es", ES, "no quiere", "quiere", FindingKind.NEGATION),
        ("es", ES, "octubre", "marzo", FindingKind.NAME),
        ("es", ES, "vieja", "nueva", FindingKind.ANTONYM),
        ("pt", PT, "não quer", "quer", FindingKind.NEGATION),
        ("pt", PT, "outubro", "março", FindingKind.NAME),
        ("pt", PT, "velha", "nova", FindingKind.ANTONYM),
    ],
)
def test_what_bears_meaning_is_told_as_what_it_is(
    code: str, source: str, old: str, new: str, kind: FindingKind
) -> None:
    findings = compared(code, source.replace(old, new), source)

    assert kind in [finding.kind for finding in findings]
    assert judge(findings) is Verdict.ALTERED


@pytest.mark.parametrize(
    ("code", "source", "old", "new"),
    [
        ("de", DE, "das alte", "ein altes"),
        ("de", DE, "länger", "laenger"),
        ("de", DE, "und hat", "hat"),
        ("fr", FR, "vieille", "vielle"),
        ("fr", FR, "et elle", "elle"),
        ("es", ES, "razones", "razónes"),
        ("es", ES, "la vieja", "esta vieja"),
        ("pt", PT, "razões", "razoes"),
        ("pt", PT, "boas razões", "boa razão"),
    ],
)
def test_what_bears_no_meaning_leaves_a_quote_close(code: str, source: str, old: str, new: str) -> None:
    assert judge(compared(code, source.replace(old, new), source)) is Verdict.CLOSE


def test_ne_alone_negates_and_is_no_loss_beside_pas() -> None:
    source = "Nous ne pouvons pas payer la piscine"

    assert judge(compared("fr", "Nous pouvons pas payer la piscine", source)) is Verdict.CLOSE
    assert judge(compared("fr", "Nous ne pouvons payer la piscine", source)) is Verdict.ALTERED


def test_a_quote_that_begins_behind_its_negation_says_the_opposite() -> None:
    findings = compared("es", "Quiere pagar más la vieja piscina", ES)

    assert findings[0].kind is FindingKind.NEGATION
    assert compared("es", "quiere pagar la piscina", "Dijo que no. Quiere pagar la piscina")[0:1] == ()


def test_a_german_noun_is_no_name_and_a_german_name_is_one() -> None:
    source = "Am Abend hat Angela Lorenz den Antrag der Stadt zum Bad unterschrieben."

    def kinds(old: str, new: str) -> list[FindingKind]:
        return [one.kind for one in compared("de", source.replace(old, new), source)]

    assert kinds("Antrag", "Antrags") == [FindingKind.WORDING]
    assert kinds("Lorenz", "Lorens") == [FindingKind.NAME]


@pytest.mark.parametrize("word", ["no", "die", "pas", "nicht", "sin", "não", "ni"])
def test_words_that_negate_elsewhere_negate_nothing_in_english(word: str) -> None:
    source = f"She said the {word} sign on the old mill was painted by a friend of hers."

    assert compared("en", source, source) == ()
    if word != "no":
        kinds = [one.kind for one in compared("en", source.replace(f"{word} ", ""), source)]
        assert kinds == [FindingKind.OMITTED]
