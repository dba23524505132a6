"""Facets by the names of their values, in one fixed order, the same for both engines (DESIGN 4, Facets)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from creditindex.query import DIMENSIONS, Count, Facets
from creditindex.terms import STATES
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Bodies that a page offers, and spellings of bodies that are counted for them.
BODIES, SPELLINGS = 30, 300


def facets(counted: Mapping[str, Mapping[Any, int]], kinds: Mapping[int, str]) -> Facets:
    """The facets from counts by dimension and value: numbers as an index holds them, bodies by name."""
    return Facets(**{name: _counts(name, counted[name], kinds) for name in DIMENSIONS})


def _counts(name: str, counted: Mapping[Any, int], kinds: Mapping[int, str]) -> tuple[Count, ...]:
    """The most frequent first, years the newest first; what is not known of a record is no value."""
    named = _namer(name, kinds)
    counts = [Count(named(value), count) for value, count in counted.items() if value]
    if name == "year":
        return tuple(sorted(counts, key=lambda each: each.value, reverse=True))
    ordered = sorted(counts, key=_most)
    return tuple(ordered) if name != "body" else _bodies(ordered)


def _most(count: Count) -> tuple[int, str]:
    return -count.count, count.value


def _bodies(spellings: list[Count]) -> tuple[Count, ...]:
    """The most frequent bodies: all spellings of one together, under the most frequent of them."""
    sums: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for each in spellings:
        folded = fold(each.value)
        sums[folded] += each.count
        shown.setdefault(folded, each.value)
    return tuple(sorted((Count(shown[each], sums[each]) for each in sums), key=_most)[:BODIES])


def _namer(name: str, kinds: Mapping[int, str]) -> Callable[[int | str], str]:
    if name == "kind":
        return lambda number: kinds.get(int(number), str(number))
    if name == "state":
        return lambda number: STATES[int(number)]
    return str
