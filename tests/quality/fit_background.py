"""Counts words over the real articles for knowledge/background.txt: `python -m tests.quality.fit_background`.

Only words and their rounded weights leave them.
"""

import math
import sys
from collections import Counter, defaultdict
from pathlib import Path

from knowledge.background import MOST
from knowledge.text import bare_words, is_spaceless, normalise, sentences
from tests.quality.corpus import rows

FEWEST_SENTENCES = 2_000
"""Of a language, for its counts to mean anything."""
FEWEST_USES = 5
FEWEST_USES_OF_BIGRAMS = 40


def main() -> None:
    """Write the table and say how large it is."""
    target = Path("knowledge/background.txt")
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    articles = 0
    for article in rows("articles.jsonl.xz"):
        articles += 1
        for span in sentences(article["text"]):
            total[article["lang"]] += 1
            words = normalise(article["text"][span.start : span.end]).words
            uses[article["lang"]].update(set(bare_words(words)))
    share: dict[str, float] = {}  # by the language with the most sentences that uses the word
    for language, _ in total.most_common():
        if total[language] < FEWEST_SENTENCES:
            continue
        count = uses[language]
        for term, number in count.items():
            fewest = FEWEST_USES_OF_BIGRAMS if is_spaceless(term) else FEWEST_USES
            if number >= fewest and len(term) <= 30 and not term[0].isdecimal():
                share.setdefault(term, number / total[language])
    lines: defaultdict[float, list[str]] = defaultdict(list)
    for term, value in share.items():
        lines[round(min(MOST, math.log(1 + 1 / value)), 1)].append(term)
    with target.open("w", encoding="utf-8") as out:
        out.write(f"# {len(share)} words by weight, counted over {sum(total.values())} sentences of {articles} news\n")
        out.write("# articles (2012-2020, English, Chinese, German) by tests/quality/fit_background.py on 2026-11-23\n")
        for value in sorted(lines):
            out.write(f"{value} {' '.join(sorted(lines[value]))}\n")
    sys.stdout.write(f"{len(share)} words, {target.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
