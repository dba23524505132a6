"""How well names are found from what people type: ours beside the plain trial of DESIGN 4, by class of pair."""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from creditregister.text import fold
from support.indexes import build, embedded, name, names
from support.short_names import labelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from creditindex.engine import Engine
    from support.short_names import Pair

TEN = 10


@dataclass(frozen=True)
class Figures:
    """Shares of pairs: the name that is meant first, and among ten; ours and the plain trial's."""

    pairs: int
    first: float
    ten: float
    plain_first: float
    plain_ten: float


class Plain:
    """The plain trial: names that contain the text, then those that share most bigrams with it."""

    def __init__(self, known: Sequence[str]) -> None:
        self._known, self._folded = known, [fold(each) for each in known]
        self._sizes = [len(_bigrams(each)) for each in self._folded]
        self._having: dict[str, list[int]] = defaultdict(list)
        for place, each in enumerate(self._folded):
            for pair in _bigrams(each):
                self._having[pair].append(place)

    def ten(self, typed: str) -> list[str]:
        """Its ten best names."""
        text = fold(typed)
        wanted = _bigrams(text)
        shared = Counter(place for pair in wanted for place in self._having.get(pair, ()))

        def order(place: int) -> tuple[bool, float, int]:
            overlap = shared[place] / (len(wanted) + self._sizes[place])
            return text not in self._folded[place], -overlap, len(self._folded[place])

        return [self._known[place] for place in sorted(shared, key=order)[:TEN]]


def measure(engine: Engine, plain: Plain, pairs: Iterable[Pair]) -> dict[str, Figures]:
    """The figures of each class of pair, and of ``all``."""
    told: dict[str, list[tuple[bool, ...]]] = defaultdict(list)
    for pair in pairs:
        ours = [hit.name for hit in names(engine, pair.text, limit=TEN).best]
        theirs = plain.ten(pair.text)
        right = (
            ours[:1] == [pair.meant],
            pair.meant in ours,
            theirs[:1] == [pair.meant],
            pair.meant in theirs,
        )
        told[pair.kind].append(right)
        told["all"].append(right)
    return {
        kind: Figures(len(rows), *(sum(column) / len(rows) for column in zip(*rows, strict=True)))
        for kind, rows in told.items()
    }


def milliseconds(engine: Engine, pairs: Iterable[Pair]) -> tuple[float, float]:
    """Processor time of one question for names: the median, and what 99 % stay below."""
    spent = []
    for pair in pairs:
        began = time.thread_time()
        names(engine, pair.text)
        spent.append(1_000 * (time.thread_time() - began))
    spent.sort()
    return spent[len(spent) // 2], spent[len(spent) * 99 // 100]


def _bigrams(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def table(companies: int, each: int, seed: int) -> Iterator[str]:
    """The table of docs/search.md."""
    known, pairs = labelled(companies, each, seed)
    with tempfile.TemporaryDirectory() as folder:
        subjects = [name(n, text) for n, text in enumerate(known, 1)]
        engine = build(embedded(Path(folder)), subjects)
        yield "| what is typed | pairs | first | in ten | plain trial: first | in ten |"
        yield "| --- | --- | --- | --- | --- | --- |"
        for kind, told in measure(engine, Plain(known), pairs).items():
            shares = (told.first, told.ten, told.plain_first, told.plain_ten)
            yield f"| {kind} | {told.pairs} | {' | '.join(f'{100 * share:.1f} %' for share in shares)} |"
        fresh = build(embedded(Path(folder) / "timed"), subjects)
        half, most = milliseconds(fresh, pairs)
        yield f"\n{companies:,} names: processor time p50 {half:.1f} ms, p99 {most:.1f} ms."


if __name__ == "__main__":
    sizes = [int(each) for each in sys.argv[1:]] or [30_000, 120, 20]
    print("\n".join(table(*sizes)))  # noqa: T201 -- a table for people
