"""The same record twice in one delivery: found in little memory, however long the file is.

Two rows with one key and different content would correct each other at every load, for ever (A → B → A).
The second is refused and the first named; with the same content it changes nothing. A key is remembered by
64 bits of its hash, which Python draws anew for each process, so that nobody can make two keys meet on
purpose; by chance two of ten million meet once in 400,000 files.
"""

from __future__ import annotations

from array import array

_MASK = (1 << 64) - 1
_FIRST = 1 << 12
#: Share of the places that may be taken before the table doubles.
_FULL = 0.6


class Seen:
    """Keys and contents of the rows so far: 20 bytes a place, 33 to 67 bytes a row."""

    def __init__(self) -> None:
        self._size = _FIRST
        self._count = 0
        self._keys = array("Q", bytes(8 * _FIRST))
        self._contents = array("Q", bytes(8 * _FIRST))
        self._rows = array("I", bytes(4 * _FIRST))

    def meet(self, key: object, content: str, row: int) -> tuple[int, bool]:
        """The first row with this key and whether its content was the same; (0, False) for a new key."""
        # 0 marks an empty place.
        hashed, digest = (hash(key) & _MASK) or 1, hash(content) & _MASK
        place = self._place(hashed)
        if self._keys[place]:
            return self._rows[place], self._contents[place] == digest
        self._keys[place], self._contents[place], self._rows[place] = hashed, digest, row
        self._count += 1
        if self._count > self._size * _FULL:
            self._double()
        return 0, False

    def _place(self, hashed: int) -> int:
        keys, mask = self._keys, self._size - 1
        place = hashed & mask
        while keys[place] and keys[place] != hashed:
            place = (place + 1) & mask
        return place

    def _double(self) -> None:
        keys, contents, rows = self._keys, self._contents, self._rows
        self._size *= 2
        self._keys = array("Q", bytes(8 * self._size))
        self._contents = array("Q", bytes(8 * self._size))
        self._rows = array("I", bytes(4 * self._size))
        for hashed, digest, row in zip(keys, contents, rows, strict=True):
            if hashed:
                place = self._place(hashed)
                self._keys[place], self._contents[place], self._rows[place] = hashed, digest, row
