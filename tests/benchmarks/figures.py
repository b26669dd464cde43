"""What was measured of one engine at one size, and what follows from it."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Figures:
    """Filled while a trial runs. What is None or empty was not measured; `status` or `remarks` say why.

    `ranks` has an entry for each quote of what is indexed: the place of its passage among the hits, from 0 on.
    """

    engine: str
    passages: int
    status: str = ""
    remarks: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    ranks: list[int | None] = field(default_factory=list)
    build_s: float | None = None
    disk_mb: float | None = None
    memory_mb: float | None = None
    add_ms: float | None = None
    rebuilds: bool = False
    cold_start_s: float | None = None

    @property
    def queries(self) -> int:
        """How many queries the figures rest on."""
        return len(self.milliseconds)

    def recall(self, places: int) -> float | None:
        """The share of quotes whose passage is among the first `places` hits."""
        if not self.ranks:
            return None
        return sum(rank is not None and rank < places for rank in self.ranks) / len(self.ranks)

    def within(self, share: float) -> float | None:
        """The milliseconds within which a share of the queries was answered."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None

    @property
    def passages_a_second(self) -> float | None:
        """How fast the index was built."""
        return self.passages / self.build_s if self.build_s else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One size: how much was indexed and asked, and the figures of every engine in their order."""

    passages: int
    articles: int
    quotes: int
    others: int
    figures: tuple[Figures, ...]
    load: float | None = None
    """Processes that wanted a core during the queries, of which the benchmark is one; None where nobody counts them."""
