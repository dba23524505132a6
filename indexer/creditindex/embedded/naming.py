"""Looking names of subjects up on one snapshot, for ``creditindex.naming``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from tantivy import Order

from creditindex.embedded.translate import day_of, guarded
from creditindex.query import NameHit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import tantivy

    from creditindex.embedded.snapshots import Snapshot
    from creditindex.plan import Condition

#: How many times as many names are looked at as are wanted, so that the first of equal ones are among them.
TIED = 8


class SnapshotNames:
    """The names of one snapshot that may be shown on one day."""

    def __init__(self, snapshot: Snapshot, today: date) -> None:
        self._snapshot = snapshot
        self._translator = snapshot.translator
        self._day = day_of(today)

    def ranked(self, condition: Condition, limit: int, start: int = 0) -> tuple[list[NameHit], int]:
        """Names in their fixed order, and how many there are."""
        query = self._translator.shown(self._translator.condition(condition), self._day)
        with guarded():
            found: Any = self._snapshot.searcher.search(
                query, limit=limit, offset=start, order_by_field="rank", order=Order.Asc
            )
        return self._hits([address for _, address in found.hits]), found.count

    def frequencies(self, pieces: Sequence[str]) -> tuple[Mapping[str, int], int]:
        """How frequent pieces are, from the dictionary: names that may not be shown count too."""
        searcher = self._snapshot.searcher
        with guarded():
            return {piece: searcher.doc_freq("s_gram", piece) for piece in pieces}, self._snapshot.names

    def likely(self, probes: Sequence[tuple[str, float]], limit: int) -> list[NameHit]:
        """The names with the heaviest sum of pieces."""
        query = self._translator.shown(self._translator.weighed("s_gram", probes), self._day)
        with guarded():
            searcher = self._snapshot.searcher
            found: Any = searcher.search(query, limit=limit * TIED, count=False)
            addresses = [address for _, address in found.hits]
            ranks = searcher.fast_field_values("rank", addresses) if addresses else []
        # Among equal sums tantivy takes the order of its segments, which another build has otherwise.
        order = sorted(zip(found.hits, ranks, strict=True), key=lambda each: (-each[0][0], each[1]))
        return self._hits([address for (_, address), _ in order[:limit]])

    def _hits(self, addresses: list[tantivy.DocAddress]) -> list[NameHit]:
        searcher = self._snapshot.searcher
        if not addresses:
            return []
        with guarded():
            subjects = searcher.fast_field_values("subject", addresses)
            current = searcher.fast_field_values("current", addresses)
            labels = [orjson.loads(str(searcher.doc(each).get_first("label"))) for each in addresses]
        return [
            NameHit(int(subject or 0), code, name, bool(now), "containing")
            for subject, now, (code, name) in zip(subjects, current, labels, strict=True)
        ]
