"""Counting: the total, and the facets beside it, both limited to what may be shown (DESIGN 4, Facets).

Two ways lead to the same counts. One pass over the *cube* (kind × area × year × state in one number) also
answers what each dimension would count without its own filter; but each bucket that comes back costs as
much as a hundred hits. So between few hits and many, each dimension gets a *pass* over its own column.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from creditindex import terms
from creditindex.counts import SPELLINGS, facets
from creditindex.embedded.translate import guarded
from creditindex.query import DIMENSIONS, Facets, Filters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import tantivy

    from creditindex.embedded.snapshots import Snapshot

#: Buckets that may come back; more than a deployment's kinds × areas × years × states can be.
BUCKETS = 65_000
#: Hits up to which, and from which on, the cube is cheaper than a pass for each dimension (measured).
FEW, MANY = 100, 60_000
CUBE = ("kind", "area", "year", "state")


class Counting:
    """Counts one question on one snapshot."""

    def __init__(self, snapshot: Snapshot, kinds: Mapping[int, str]) -> None:
        self._snapshot = snapshot
        self._kinds = kinds

    def count(
        self, query: tantivy.Query, filters: Filters, extra: Mapping[str, Any] | None = None
    ) -> tuple[int, Facets, dict[str, Any]]:
        """The total, the facets, and the answer to ``extra`` aggregations over the same hits."""
        translate = self._snapshot.translator.filtered
        narrowed = {name for name, _ in filters.items()}
        wanted = {name: _terms(name) for name in DIMENSIONS if name not in narrowed or name == "kind"}
        found = self._aggregate(translate(query, filters), {**wanted, **(extra or {})})
        total = _sum(found["kind"])
        counted = {name: _counted(found[name]) for name in wanted}
        for name in narrowed:
            other = translate(query, filters, without=name)
            counted[name] = _counted(self._aggregate(other, {name: _terms(name)})[name])
        return total, facets(counted, self._kinds), found

    def count_by_cube(self, query: tantivy.Query, filters: Filters) -> tuple[int, Facets]:
        """The same by one pass over the cube; with filters, by another one over the bodies."""
        if not filters:
            found = self._aggregate(query, {"cube": _terms("cube"), "body": _terms("body")})
        else:
            translate = self._snapshot.translator.filtered
            found = self._aggregate(translate(query, Filters(body=filters.body)), {"cube": _terms("cube")})
            inner = translate(query, filters, without="body")
            found |= self._aggregate(inner, {"body": _terms("body")})
        buckets = found["cube"]["buckets"]
        sums = _narrowed_sums(buckets, self._chosen(filters)) if filters else _sums(buckets)
        counted: dict[str, Mapping[Any, int]] = {name: sums[name] for name in CUBE}
        counted["body"] = _counted(found["body"])
        # A list that was cut off would lose hits silently: what it left out belongs to the total.
        total = sums["total"].get(0, 0) + (0 if filters else int(found["cube"]["sum_other_doc_count"]))
        return total, facets(counted, self._kinds)

    def _aggregate(self, query: tantivy.Query, wanted: Mapping[str, Any]) -> dict[str, Any]:
        with guarded():
            found: dict[str, Any] = self._snapshot.searcher.aggregate(query, dict(wanted))
        return found

    def _chosen(self, filters: Filters) -> dict[str, frozenset[int]]:
        numbers = {name: number for number, name in self._kinds.items()}
        return {
            "kind": frozenset(numbers.get(value, -1) for value in filters.kind),
            "area": frozenset(int(value) for value in filters.area if value.isdigit()),
            "year": frozenset(int(value) for value in filters.year if value.isdigit()),
            "state": frozenset(terms.state_number(value) for value in filters.state),
        }


def _terms(name: str) -> dict[str, Any]:
    """All buckets of a column, or the most frequent bodies of all."""
    if name == "body":
        return {"terms": {"field": name, "size": SPELLINGS, "segment_size": BUCKETS}}
    return {"terms": {"field": name, "size": BUCKETS}}


def _counted(found: Mapping[str, Any]) -> dict[int | str, int]:
    """The counts that came back, by value; numbers come as floats."""
    buckets = found["buckets"]
    return {
        key if isinstance(key := each["key"], str) else int(key): int(each["doc_count"]) for each in buckets
    }


def _sum(found: Mapping[str, Any]) -> int:
    return sum(int(each["doc_count"]) for each in found["buckets"]) + int(found["sum_other_doc_count"])


def _sums(buckets: Sequence[Mapping[str, Any]]) -> dict[str, dict[int, int]]:
    """Sums over the cube for each dimension, and of all. Written out: it runs over thousands of buckets."""
    kinds: dict[int, int] = {}
    areas: dict[int, int] = {}
    years: dict[int, int] = {}
    states: dict[int, int] = {}
    total = 0
    for bucket in buckets:
        kind, area, year, state = terms.uncube(int(bucket["key"]))
        count = bucket["doc_count"]
        total += count
        kinds[kind] = kinds.get(kind, 0) + count
        areas[area] = areas.get(area, 0) + count
        years[year] = years.get(year, 0) + count
        states[state] = states.get(state, 0) + count
    return {"kind": kinds, "area": areas, "year": years, "state": states, "total": {0: total}}


def _narrowed_sums(
    buckets: Sequence[Mapping[str, Any]], chosen: Mapping[str, frozenset[int]]
) -> dict[str, Counter[int]]:
    """Sums over the cube: for each dimension with the filters of the others, and the total with all."""
    sums: dict[str, Counter[int]] = {name: Counter() for name in (*CUBE, "total")}
    for bucket in buckets:
        values = terms.uncube(int(bucket["key"]))
        count = int(bucket["doc_count"])
        missed = [
            place for place, name in enumerate(CUBE) if chosen[name] and values[place] not in chosen[name]
        ]
        if not missed:
            sums["total"][0] += count
            for name, value in zip(CUBE, values, strict=True):
                sums[name][value] += count
        elif len(missed) == 1:
            sums[CUBE[missed[0]]][values[missed[0]]] += count
    return sums
