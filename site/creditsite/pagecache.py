"""Finished pages as one worker keeps them, by a key that names all that they say (DESIGN 5).

A page is never found under anything but its tag (``freshness``), which changes with every entry of the
ledger: what was withdrawn is in no page that can still be found. Keys are digests, so that no text that
somebody typed is kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

#: Bytes of all pages that a worker keeps, and of one page.
MOST, LARGEST = 12 * 1024 * 1024, 128 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """One page: its bytes, and the headers that it was made with."""

    body: bytes
    headers: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Pages:
    """The pages last asked for, ``most`` bytes of them; used by all threads of a worker."""

    most: int = MOST
    _kept: OrderedDict[bytes, Kept] = field(default_factory=OrderedDict)
    _size: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: bytes) -> Kept | None:
        """The page under this key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: bytes, page: Kept) -> None:
        """Keep a page, unless it is too large, and forget those that nobody asked for the longest."""
        if len(page.body) > LARGEST:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self._size += len(page.body) - (len(before.body) if before else 0)
            self._kept[key] = page
            while self._size > self.most:
                self._size -= len(self._kept.popitem(last=False)[1].body)
