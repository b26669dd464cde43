"""Makes quotes as people bring them: what was really printed, cut, misspelt, reworded and talked around. Seeded."""

import random
import re
import string
from collections.abc import Callable, Sequence

from knowledge.text import Span, sentences

LEVELS = (
    "clean", "case", "typos", "edit10", "edit20", "edit30", "fragment", "edited_fragment", "elided", "bracketed",
    "chatter", "chatter_edit10", "several_sentences", "number", "negation",
)  # fmt: skip
"""The kinds of noise, mild ones first."""

_BEFORE = (
    "lol did anyone see this: ", "is this real?? ", "ok so apparently ", "Can somebody check this for me? ",
    "my uncle posted ", "hey guys, quick question. ", "no way he said ", "fact check please: ",
)  # fmt: skip
_AFTER = (
    " smh",
    " is that true?",
    " ... what do you think?",
    " lmao",
    " I can't find a source",
    " (saw it on facebook)",
    "",
)
_MARKS = "".join(mark for mark in string.punctuation if mark not in "%$&")
_INSERTED = "really very now just also always never people country big great money plan today thing".split()


def stretch(text: str, span: Span, level: str, rng: random.Random) -> Span:
    """What of a text is quoted: the sentence at `span`, and one or two more for "several_sentences"."""
    if level != "several_sentences":
        return span
    whole = sentences(text)
    last = whole[min(len(whole) - 1, whole.index(span) + rng.choice((1, 2)))]
    return Span(span.start, last.end)


def noisy(quoted: str, level: str, rng: random.Random) -> str:
    """Some words with noise of a level."""
    return _MAKERS[level](quoted, rng)


def edited(sentence: str, share: float, rng: random.Random) -> str:
    """A sentence with a share of its words dropped, swapped or added to."""
    words = sentence.split()
    for _ in range(max(1, round(share * len(words)))):
        place = rng.randrange(len(words))
        kind = rng.random()
        if kind < 0.4 and len(words) > 4:
            del words[place]
        elif kind < 0.8:
            words[place] = rng.choice(_INSERTED)
        else:
            words.insert(place, rng.choice(_INSERTED))
    return " ".join(words)


def fragment(sentence: str, rng: random.Random) -> str:
    """Six to ten words in a row."""
    words = sentence.split()
    length = min(len(words), rng.randint(6, 10))
    start = rng.randint(0, len(words) - length)
    return " ".join(words[start : start + length])


def _with_digits(sentence: str, rng: random.Random) -> str:
    """The sentence or a fragment of it, the one that has a digit."""
    short = fragment(sentence, rng)
    return short if any(map(str.isdecimal, short)) else sentence


def _number(sentence: str, rng: random.Random) -> str:
    """A fragment, or the sentence, with its first number changed."""
    digits = re.search(r"\d+", sentence)
    if digits is None:
        return sentence
    other = str(int(digits[0][:6]) + rng.choice((1, 2, 3, 10, 20)))
    return f"{sentence[: digits.start()]}{other}{sentence[digits.end() :]}"


_VERBS = re.compile(r"\b(is|are|was|were|will|would|can|could|should|did|does|has|have)\b(?! not|n't)")


def _negation(sentence: str, rng: random.Random) -> str:
    """A sentence with a "not" more, or one less where it has any."""
    if " not " in sentence:
        return sentence.replace(" not ", " ", 1)
    return _VERBS.sub(r"\1 not", sentence, count=1)


def _case(sentence: str, rng: random.Random) -> str:
    changed = rng.choice((str.upper, str.lower, str.title, str.swapcase))(sentence)
    return re.sub(rf"[{re.escape(_MARKS)}“”‘’](?!\w)|(?<!\w)[“”‘\"']", "", changed)


def _typos(sentence: str, rng: random.Random) -> str:
    words = sentence.split()
    for place, word in enumerate(words):
        if len(word) > 3 and word.isalpha() and rng.random() < 0.15:
            spot = rng.randrange(1, len(word) - 1)
            kind = rng.randrange(3)
            if kind == 0:
                word = word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :]
            elif kind == 1:
                word = word[:spot] + word[spot + 1 :]
            else:
                word = word[:spot] + rng.choice(string.ascii_lowercase) + word[spot:]
            words[place] = word
    return " ".join(words)


def _elided(sentence: str, rng: random.Random) -> str:
    words = sentence.split()
    if len(words) < 12:
        return sentence
    first = rng.randint(4, len(words) - 7)
    gone = rng.randint(2, min(6, len(words) - first - 4))
    return f"{' '.join(words[:first])} {rng.choice(('…', '...', '[…]'))} {' '.join(words[first + gone :])}"


def _bracketed(sentence: str, rng: random.Random) -> str:
    words = sentence.split()
    place = rng.randrange(1, max(2, len(words) - 1))
    return " ".join([*words[:place], "[the president]", *words[place:]])


def _chatter(sentence: str, rng: random.Random) -> str:
    marks = rng.choice((("“", "”"), ('"', '"'), ("", "")))
    bare = re.sub(r"[“”\"]", "", sentence)
    return f"{rng.choice(_BEFORE)}{marks[0]}{bare}{marks[1]}{rng.choice(_AFTER)}"


_MAKERS: dict[str, Callable[[str, random.Random], str]] = {
    "clean": lambda sentence, rng: sentence,
    "case": _case,
    "typos": _typos,
    "edit10": lambda sentence, rng: edited(sentence, 0.1, rng),
    "edit20": lambda sentence, rng: edited(sentence, 0.2, rng),
    "edit30": lambda sentence, rng: edited(sentence, 0.3, rng),
    "fragment": fragment,
    "edited_fragment": lambda sentence, rng: edited(fragment(sentence, rng), 0.15, rng),
    "elided": _elided,
    "bracketed": _bracketed,
    "chatter": _chatter,
    "number": lambda sentence, rng: _number(_with_digits(sentence, rng), rng),
    "several_sentences": lambda sentence, rng: edited(sentence, 0.1, rng),
    "negation": lambda sentence, rng: _negation(rng.choice((sentence, fragment(sentence, rng))), rng),
    "chatter_edit10": lambda sentence, rng: _chatter(edited(sentence, 0.1, rng), rng),
}


def quotable(text: str) -> Sequence[Span]:
    """The sentences of a text that somebody might quote: of eight to forty words."""
    return [span for span in sentences(text) if 8 <= len(text[span.start : span.end].split()) <= 40]
