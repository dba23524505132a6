"""Conditions as tantivy queries, built term by term: no text ever meets a query parser (SECURITY).

Every query built here is limited to what may be shown on a day, so that no count can forget it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, assert_never

from tantivy import FieldType, Occur, Query

from creditindex import plan
from creditindex.engine import EngineError
from creditindex.terms import cover, filtered_by

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    import tantivy

    from creditindex.plan import Condition
    from creditindex.query import Filters

#: Fields without places; tantivy must be told, or it looks for places that are not there.
_BASIC = frozenset({"key", "sort", "filter", "identifier", "prefix", "gram", "s_exact", "s_gram"})


@contextmanager
def guarded() -> Iterator[None]:
    """Turn what tantivy throws into an error of ours.

    A Rust panic comes as ``PanicException``, which is no ``Exception``: nothing above would catch it.
    """
    try:
        yield
    except ValueError as error:
        raise EngineError(f"The index could not answer: {error}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise EngineError("The index could not answer; the question is in no log.") from error
        raise


class Translator:
    """Makes queries for one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self.schema = schema

    def condition(self, condition: Condition) -> Query:
        """The query for a condition."""
        match condition:
            case plan.Term(field, value):
                return self.term(field, value)
            case plan.Phrase(field, value):
                return self.phrase(field, value)
            case plan.All(parts):
                return every([self.condition(part) for part in parts])
            case plan.AnyOf(parts):
                return Query.boolean_query([(Occur.Should, self.condition(part)) for part in parts])
            case plan.Everything():
                return self.term("sort", "record")
            case _:
                assert_never(condition)

    def term(self, field: str, value: str) -> Query:
        """One term; a score is never needed, so none is worked out."""
        option = "basic" if field in _BASIC else "position"
        return Query.term_query(self.schema, field, value, option)

    def phrase(self, field: str, value: str) -> Query:
        """A text in a field of bigrams; a phrase of one term would panic, so it becomes a term."""
        places = cover(value)
        if len(places) == 1:
            return self.term(field, places[0][1])
        return Query.phrase_query(self.schema, field, list(places))

    def shown(self, query: Query, day: int) -> Query:
        """The query, limited to what may be shown on the day."""
        return every([query, self.at_most("from", day), self.at_least("until", day)])

    def filtered(self, query: Query, filters: Filters, *, without: str = "") -> Query:
        """The query, narrowed by the filters except those of one dimension."""
        parts = [query]
        for name, values in filters.items():
            if name != without:
                parts.append(self.one_of(name, values))
        return every(parts)

    def one_of(self, dimension: str, values: Iterable[str]) -> Query:
        """A filter: any of the values."""
        wanted = [self.term("filter", filtered_by(dimension, value)) for value in values]
        if len(wanted) == 1:
            return wanted[0]
        return Query.boolean_query([(Occur.Should, each) for each in wanted])

    def weighed(self, field: str, pieces: Sequence[tuple[str, float]]) -> Query:
        """Any of the terms, best first: the score is the sum of the weights of those that are there."""
        return Query.boolean_query(
            [
                (Occur.Should, Query.const_score_query(self.term(field, piece), weight))
                for piece, weight in pieces
            ]
        )

    def at_most(self, field: str, value: int) -> Query:
        """A number that is not above ``value``."""
        return Query.range_query(self.schema, field, FieldType.Unsigned, None, value)

    def at_least(self, field: str, value: int) -> Query:
        """A number that is not below ``value``."""
        return Query.range_query(self.schema, field, FieldType.Unsigned, value, None)

    def above(self, field: str, value: int) -> Query:
        """A number above ``value``."""
        return Query.range_query(self.schema, field, FieldType.Unsigned, value, None, include_lower=False)


def every(parts: Sequence[Query]) -> Query:
    """All of the queries."""
    if len(parts) == 1:
        return parts[0]
    return Query.boolean_query([(Occur.Must, part) for part in parts])


def but_not(query: Query, other: Query) -> Query:
    """The query without what the other one finds."""
    return Query.boolean_query([(Occur.Must, query), (Occur.MustNot, other)])


def day_of(today: date) -> int:
    """A civil day as the index counts it."""
    return today.toordinal()
