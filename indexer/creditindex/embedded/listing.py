"""What a snapshot holds, whatever may be shown of it: for ``verify``, ``status`` and checks of a build."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tantivy import Occur, Order, Query

from creditindex.embedded.schema import id_of
from creditindex.embedded.translate import every, guarded
from creditindex.engine import Version
from creditregister.records import id_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from creditindex.embedded.snapshots import Snapshot


class Listing:
    """Lists one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._translator = snapshot.translator

    def records(self) -> int:
        """How many documents of records there are."""
        return self._count(self._translator.term("sort", "record"))

    def names(self) -> int:
        """How many names of subjects there are."""
        return self._count(self._translator.term("sort", "name"))

    def versions(self, after: int, limit: int) -> list[Version]:
        """Records above the number ``after``, in order."""
        query = every([self._translator.term("sort", "record"), self._translator.above("n", after)])
        with guarded():
            searcher = self._snapshot.searcher
            found: Any = searcher.search(query, limit=limit, count=False, order_by_field="n", order=Order.Asc)
            addresses = [address for _, address in found.hits]
            names = ("n", "id_high", "id_low", "version")
            columns = [searcher.fast_field_values(name, addresses) for name in names] if addresses else []
        return [
            Version(int(n or 0), id_text(id_of(int(high or 0), int(low or 0))), int(version or 0))
            for n, high, low, version in zip(*columns, strict=True)
        ]

    def named(self, subjects: Sequence[int]) -> dict[int, int]:
        """How many names of each subject there are."""
        wanted = [(Occur.Should, self._translator.term("key", f"s{subject}")) for subject in subjects]
        if not wanted:
            return {}
        with guarded():
            searcher = self._snapshot.searcher
            found: Any = searcher.search(Query.boolean_query(wanted), limit=len(subjects) * 50, count=False)
            addresses = [address for _, address in found.hits]
            values = searcher.fast_field_values("subject", addresses) if addresses else []
        return dict(Counter(int(value or 0) for value in values))

    def _count(self, query: Query) -> int:
        with guarded():
            found: Any = self._snapshot.searcher.search(query, limit=1, count=True)
        return int(found.count)
