"""Answering ``names`` and ``suggest`` on one snapshot: subjects by name (DESIGN 4, Search 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from tantivy import Order, Query

from creditindex.embedded.translate import but_not, day_of, guarded
from creditindex.engine import Suggestion
from creditindex.plan import searchable
from creditindex.query import NameHit, NameQuery, Names
from creditindex.terms import EDGE, GRAM

if TYPE_CHECKING:
    from datetime import date

    import tantivy

    from creditindex.embedded.snapshots import Snapshot
    from creditindex.query import How


class Naming:
    """Looks for names of subjects on one snapshot, as they may be shown on one day."""

    def __init__(self, snapshot: Snapshot, today: date) -> None:
        self._snapshot = snapshot
        self._translator = snapshot.translator
        self._day = day_of(today)

    def names(self, query: NameQuery) -> Names:
        """Exact, containing and closest names."""
        folded = searchable(query.text)
        if not folded:
            return Names()
        equal = self._translator.term("s_exact", folded)
        exact, equals = self._ranked(equal, query.limit, query.start, "exact")
        longer = but_not(self._containing(folded), equal)
        containing, others = self._ranked(longer, query.limit, max(0, query.start - equals), "containing")
        return Names(exact=tuple(exact), containing=tuple(containing), total=equals + others)

    def suggest(self, prefix: str, limit: int) -> list[Suggestion]:
        """Names that begin with the text, then names that contain it; none for an empty text."""
        folded = searchable(prefix)
        if not folded:
            return []
        begins = self._translator.phrase("s_name", EDGE + folded)
        found = self._ranked(begins, limit, 0, "containing")[0]
        if len(found) < limit:
            found += self._ranked(self._containing(folded), limit * 2, 0, "containing")[0]
        unique = {(hit.name, hit.code): Suggestion(hit.name, hit.code) for hit in found}
        return list(unique.values())[:limit]

    def _containing(self, folded: str) -> tantivy.Query:
        if len(folded) <= GRAM:
            return self._translator.term("s_gram", folded)
        return self._translator.phrase("s_name", folded)

    def _ranked(self, query: Query, limit: int, start: int, how: How) -> tuple[list[NameHit], int]:
        """Names in their fixed order, and how many there are."""
        with guarded():
            found: Any = self._snapshot.searcher.search(
                self._translator.shown(query, self._day),
                limit=limit,
                offset=start,
                order_by_field="rank",
                order=Order.Asc,
            )
        return self._hits([address for _, address in found.hits], how), found.count

    def _hits(self, addresses: list[tantivy.DocAddress], how: How) -> list[NameHit]:
        searcher = self._snapshot.searcher
        if not addresses:
            return []
        subjects = searcher.fast_field_values("subject", addresses)
        current = searcher.fast_field_values("current", addresses)
        labels = [orjson.loads(str(searcher.doc(each).get_first("label"))) for each in addresses]
        return [
            NameHit(int(subject or 0), code, name, bool(now), how)
            for subject, now, (code, name) in zip(subjects, current, labels, strict=True)
        ]
