"""Conditions as queries of Elasticsearch, tree by tree: a text is only ever a value in them (SECURITY).

No ``query_string``, no wildcard, no script: what is built here is listed by
``tests/index/test_elastic_queries.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from creditindex import plan
from creditindex.terms import bigrams, filtered_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from creditindex.plan import Condition, Tier
    from creditindex.query import Filters

    Query = dict[str, Any]


def condition(asked: Condition) -> Query:
    """The query for a condition."""
    match asked:
        case plan.Term(field, value):
            return term(field, value)
        case plan.Phrase(field, value):
            return {"match_phrase": {field: bigrams(value)}}
        case plan.All(parts):
            return every([condition(part) for part in parts])
        case plan.AnyOf(parts):
            return any_of([condition(part) for part in parts])
        case plan.Everything():
            return term("sort", "record")
        case _:
            assert_never(asked)


def term(field: str, value: str | int) -> Query:
    """A field holds this very term."""
    return {"term": {field: value}}


def every(parts: Sequence[Query]) -> Query:
    """All of the queries; nothing is scored."""
    return {"bool": {"filter": list(parts)}}


def any_of(parts: Sequence[Query]) -> Query:
    """Any of the queries."""
    return {"bool": {"should": list(parts), "minimum_should_match": 1}}


def shown(day: int) -> list[Query]:
    """The window of publicity: what may be shown on the day."""
    return [{"range": {"from": {"lte": day}}}, {"range": {"until": {"gte": day}}}]


def filtered(filters: Filters, *, without: str = "") -> list[Query]:
    """The filters, except those of one dimension."""
    return [
        {"terms": {"filter": [filtered_by(name, value) for value in values]}}
        for name, values in filters.items()
        if name != without
    ]


def by_tier(parts: Sequence[Query], tiers: Sequence[Tier]) -> Query:
    """All of the queries, scored by the best tier of a hit: the first of three gives 2, the last 0."""
    best = [weighed(condition(tier.condition), len(tiers) - 1 - at) for at, tier in enumerate(tiers[:-1])]
    return {"bool": {"filter": list(parts), "should": [{"dis_max": {"queries": best}}]}}


def weighed(query: Query, weight: float) -> Query:
    """A query whose hits all have this score."""
    return {"constant_score": {"filter": query, "boost": weight}}


def above(field: str, value: int) -> Query:
    """A number above ``value``."""
    return {"range": {field: {"gt": value}}}
