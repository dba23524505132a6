"""How many documents a condition may match, and how dear it is to find out: a guess from the dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditindex import plan
from creditindex.terms import cover

if TYPE_CHECKING:
    import tantivy

    from creditindex.plan import Condition

#: Documents to be compared from which on one pass for hits and counts is cheaper than two (measured).
DEAR = 1_000


def estimate(searcher: tantivy.Searcher, condition: Condition) -> int:
    """At most so many documents match."""
    match condition:
        case plan.Term(field, value):
            return searcher.doc_freq(field, value)
        case plan.Phrase(field, value):
            return min(searcher.doc_freq(field, pair) for _, pair in cover(value))
        case plan.All(parts):
            return min(estimate(searcher, part) for part in parts)
        case plan.AnyOf(parts):
            return sum(estimate(searcher, part) for part in parts)
        case plan.Everything():
            return searcher.num_docs


def is_dear(searcher: tantivy.Searcher, condition: Condition) -> bool:
    """Whether finding the matches costs far more than counting them: long lists of places, or of words."""
    return _compares(condition) and estimate(searcher, condition) >= DEAR


def _compares(condition: Condition) -> bool:
    match condition:
        case plan.Phrase():
            return True
        case plan.All(parts):
            return len(parts) > 1 or _compares(parts[0])
        case plan.AnyOf(parts):
            return any(_compares(part) for part in parts)
        case _:
            return False
