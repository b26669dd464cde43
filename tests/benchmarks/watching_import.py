"""The importing process of `tests.benchmarks.watching`."""

import sys
import time
from itertools import islice

from knowledge.library import SHARED, Library
from tests.quality.corpus import Size, held


def main(url: str, amount: str) -> None:
    """Import so many of the articles and print how many seconds that took."""
    chosen = [one.article for one in islice(held(Size.ALL), int(amount))]
    begun = time.perf_counter()
    with Library.open(url) as library:
        for _ in library.add_all(SHARED, chosen, actor="benchmark"):
            pass
    sys.stdout.write(f"{time.perf_counter() - begun:.2f}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
