"""Answering ``find`` on one index: which stage answers, in which order, which page (DESIGN 4, Search).

One request a stage: hits in the order of tiers and keys, the total, and all facets. A dimension that is
filtered is counted by a search of its own in the same request, without its filter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from creditindex.counts import SPELLINGS, facets
from creditindex.elastic import translate
from creditindex.elastic.asking import column, total_of
from creditindex.query import DIMENSIONS, EXACT, Cursor, Hit, Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from creditindex.elastic.asking import Answer, Asking, Search
    from creditindex.elastic.translate import Query as Tree
    from creditindex.plan import Reading, Stage
    from creditindex.query import Facets, Query

#: Buckets that may come back of one dimension; more than areas, kinds, years and states there are.
BUCKETS = 10_000


class Finding:
    """Answers one question on one index."""

    def __init__(self, asking: Asking, kinds: Mapping[int, str], query: Query) -> None:
        self._asking = asking
        self._kinds = kinds
        self._query = query
        self._shown = translate.shown(query.today.toordinal())

    def page(self, reading: Reading) -> Page:
        """The page of the first stage that answers, or of the stage that the cursor names."""
        for stage in reading.stages:
            if self._query.after is None or self._query.after.stage == stage.name:
                page = self._answer(reading, stage)
                if page is not None:
                    return page
        return Page("nothing", (), 0, exact=True, facets=None, understood=reading.understood)

    def _answer(self, reading: Reading, stage: Stage) -> Page | None:
        """The page of this stage; none where it finds nothing, not even without the filters."""
        narrowed = [name for name, _ in self._query.filters.items()]
        main, *others = self._asking.several(
            [self._main(stage, narrowed), *(self._counting(stage, name) for name in narrowed)]
        )
        total = total_of(main)
        if not total and not (narrowed and self._asking.count(translate.every(self._parts(stage)))):
            return None
        hits = main["hits"]["hits"]
        tiers = [self._tier(stage, hit) for hit in hits]
        full = len(hits) == self._query.size
        return Page(
            stage=stage.name,
            hits=tuple(
                Hit(column(hit, "id"), column(hit, "version"), self._why(stage, tier))
                for hit, tier in zip(hits, tiers, strict=True)
            ),
            total=min(total, EXACT),
            exact=total <= EXACT,
            facets=self._facets(main, dict(zip(narrowed, others, strict=True))),
            understood=reading.understood,
            needles=stage.needles,
            cursor=Cursor(stage.name, tiers[-1], int(hits[-1]["sort"][-1])) if full else None,
        )

    def _main(self, stage: Stage, narrowed: list[str]) -> Search:
        """The question for hits, total and the dimensions that are not filtered."""
        parts = [*self._parts(stage), *translate.filtered(self._query.filters)]
        by_tier = self._by_tier(stage)
        key = "rank" if stage.by_name and self._query.order == "rank" else "newest"
        search: Search = {
            "query": translate.by_tier(parts, stage.tiers) if by_tier else translate.every(parts),
            "sort": [*([{"_score": "desc"}] if by_tier else []), {key: "asc"}],
            "size": self._query.size,
            "track_total_hits": True,
            "docvalue_fields": ["id", "version"],
            "aggs": {name: _terms(name) for name in DIMENSIONS if name not in narrowed},
        }
        after = self._query.after
        if after is None:
            search["from"] = (self._query.page - 1) * self._query.size
        else:
            place = [len(stage.tiers) - 1 - after.tier] if by_tier else []
            search["search_after"] = [*place, after.key]
        return search

    def _counting(self, stage: Stage, name: str) -> Search:
        """The question for one dimension as if it were not filtered."""
        parts = [*self._parts(stage), *translate.filtered(self._query.filters, without=name)]
        return {"query": translate.every(parts), "size": 0, "aggs": {name: _terms(name)}}

    def _parts(self, stage: Stage) -> list[Tree]:
        return [translate.condition(stage.tiers[-1].condition), *self._shown]

    def _by_tier(self, stage: Stage) -> bool:
        return len(stage.tiers) > 1 and self._query.order == "rank"

    def _tier(self, stage: Stage, hit: dict[str, Any]) -> int:
        """The tier that a hit is in; the last one holds all."""
        last = len(stage.tiers) - 1
        return last - int(hit["sort"][0]) if self._by_tier(stage) else last

    def _why(self, stage: Stage, tier: int) -> tuple[str, ...]:
        """Where a hit matches; not said where the last tier brings the hits of all."""
        return () if self._query.order == "newest" and len(stage.tiers) > 1 else stage.tiers[tier].why

    def _facets(self, main: Answer, others: Mapping[str, Answer]) -> Facets:
        counted = {name: _counted(others.get(name, main)["aggregations"][name], name) for name in DIMENSIONS}
        return facets(counted, self._kinds)


def _terms(name: str) -> dict[str, Any]:
    """All values of a dimension, or the most frequent bodies, for which each shard names more."""
    return {"terms": {"field": name, "size": SPELLINGS if name == "body" else BUCKETS, "shard_size": BUCKETS}}


def _counted(found: dict[str, Any], name: str) -> dict[Any, int]:
    buckets = found["buckets"]
    if name == "body":
        return {each["key"]: each["doc_count"] for each in buckets}
    return {int(each["key"]): each["doc_count"] for each in buckets}
