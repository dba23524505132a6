"""Counts that were dear to make are kept until the index changes (ENGINES 4)."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from creditindex.query import Facets

#: Entries a process keeps; one with all its facets takes about 10 KB.
ENTRIES = 256
#: Hits from which on counting takes longer than half a millisecond.
WORTH = 2_000


class Cache:
    """The counts last used, by whatever they depend on: the generation of the index is always part of it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[int, Facets]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> tuple[int, Facets] | None:
        """What is kept under the key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, total: int, facets: Facets) -> None:
        """Keep counts, if they were dear."""
        if total < WORTH:
            return
        with self._lock:
            self._kept[key] = (total, facets)
            while len(self._kept) > ENTRIES:
                self._kept.popitem(last=False)
