"""Looking names of subjects up in one index, for ``creditindex.naming``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from creditindex.elastic import translate
from creditindex.elastic.asking import column, total_of
from creditindex.query import NameHit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from creditindex.elastic.asking import Answer, Asking
    from creditindex.plan import Condition

FIELDS = ("label", "subject", "current")


class IndexNames:
    """The names of one index that may be shown on one day."""

    def __init__(self, asking: Asking, today: date) -> None:
        self._asking = asking
        self._shown = translate.shown(today.toordinal())

    def ranked(self, condition: Condition, limit: int, start: int = 0) -> tuple[list[NameHit], int]:
        """Names in their fixed order, and how many there are."""
        query = translate.every([translate.condition(condition), *self._shown])
        answer = self._ask(query, limit, [{"rank": "asc"}], {"from": start, "track_total_hits": True})
        return _hits(answer), total_of(answer)

    def frequencies(self, pieces: Sequence[str]) -> tuple[Mapping[str, int], int]:
        """How frequent pieces are: each a filter of one aggregation, which the dictionary answers."""
        filters = [translate.term("sort", "name"), *(translate.term("s_gram", piece) for piece in pieces)]
        answer = self._asking.search({"size": 0, "aggs": {"in": {"filters": {"filters": filters}}}})
        everyone, *counts = [int(each["doc_count"]) for each in answer["aggregations"]["in"]["buckets"]]
        return dict(zip(pieces, counts, strict=True)), everyone

    def likely(self, probes: Sequence[tuple[str, float]], limit: int) -> list[NameHit]:
        """The names with the heaviest sum of pieces."""
        weighed = [translate.weighed(translate.term("s_gram", piece), weight) for piece, weight in probes]
        query = {"bool": {"filter": self._shown, "should": weighed, "minimum_should_match": 1}}
        return _hits(self._ask(query, limit, [{"_score": "desc"}, {"rank": "asc"}], {}))

    def _ask(self, query: Any, limit: int, sort: Any, more: dict[str, Any]) -> Answer:  # noqa: ANN401 -- trees
        fields = {"docvalue_fields": list(FIELDS)}
        return self._asking.search({"query": query, "size": limit, "sort": sort} | fields | more)


def _hits(answer: Answer) -> list[NameHit]:
    found = []
    for hit in answer["hits"]["hits"]:
        label, subject, current = (column(hit, name) for name in FIELDS)
        code, name = orjson.loads(label)
        found.append(NameHit(subject, code, name, bool(current), "containing"))
    return found
