"""Answers that were dear are kept until the index changes (ENGINES 4): hot words, and the browsing pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

#: Entries a process keeps; a page with all its facets takes about 15 KB.
ENTRIES = 256
#: Seconds from which on an answer was dear.
DEAR = 0.0005

Value = TypeVar("Value")


class Cache(Generic[Value]):
    """The answers last used, by all that they depend on: the generation of the index is part of every key."""

    def __init__(self, entries: int = ENTRIES) -> None:
        self._entries = entries
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        """What is kept under the key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, value: Value, seconds: float) -> None:
        """Keep an answer that took so long, if that was dear."""
        if seconds < DEAR:
            return
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > self._entries:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
