"""Answers that were dear are kept until the index changes (ENGINES 4): hot words, and the browsing pages."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

#: Entries a process keeps; a page with all its facets takes about 15 KB.
ENTRIES = 256
#: Seconds from which on an answer was dear.
DEAR = 0.0005

Value = TypeVar("Value")


class Cache(Generic[Value]):
    """The answers last used, by all that they depend on: the generation of the index is part of every key.

    ``most`` is what all together may weigh; by default each weighs one. Used by all threads of a process.
    """

    def __init__(self, most: int = ENTRIES, weigh: Callable[[Value], int] = lambda _: 1) -> None:
        self._most = most
        self._weigh = weigh
        self._weight = 0
        self._kept: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        """What is kept under the key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: Hashable, value: Value, seconds: float = DEAR) -> None:
        """Keep an answer that took so long, if that was dear; forget what nobody asked for the longest."""
        if seconds < DEAR:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self._weight += self._weigh(value) - (0 if before is None else self._weigh(before))
            self._kept[key] = value
            while self._weight > self._most:
                self._weight -= self._weigh(self._kept.popitem(last=False)[1])

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._weight = 0
