"""A whole list ``--full``: which records of a unit and kind a delivery does not name (DESIGN 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from creditregister.schema import record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.sql.elements import ColumnElement

    from creditregister.store import Store

#: Records of one read: short, so that no reader starves the checkpoints.
PAGE = 20_000
#: States of a record that is public, or may become so without another delivery.
SHOWN_OR_TO_COME = ("public", "waiting", "held")
_BITS = 8


class Seen:
    """Which records a delivery has named: one bit for each private number, a megabyte for eight million."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, numbers: Iterable[int]) -> None:
        """Note these records."""
        for n in numbers:
            place, bit = divmod(n, _BITS)
            if place >= len(self._bits):
                self._bits.extend(bytes(max(place + 1 - len(self._bits), len(self._bits))))
            self._bits[place] |= 1 << bit

    def __contains__(self, n: int) -> bool:
        place, bit = divmod(n, _BITS)
        return place < len(self._bits) and bool(self._bits[place] >> bit & 1)


def count_public(connection: Connection, unit_id: int, kind: str) -> int:
    """How many records of that kind the unit has in public."""
    return (
        connection.scalar(select(func.count()).select_from(record).where(*_of(unit_id, kind, "public"))) or 0
    )


def absent(store: Store, unit_id: int, kind: str, seen: Seen) -> list[tuple[int, int]]:
    """Number and version of the unit's records of that kind that nobody named.

    Those that wait to be shown are among them, else they would be shown later.
    """
    found: list[tuple[int, int]] = []
    for state in SHOWN_OR_TO_COME:
        after, full = 0, True
        while full:
            query = select(record.c.n, record.c.version).where(*_of(unit_id, kind, state), record.c.n > after)
            with store.read() as connection:
                page = connection.execute(query.order_by(record.c.n).limit(PAGE)).all()
            found += [(n, version) for n, version in page if n not in seen]
            full = len(page) == PAGE
            after = page[-1].n if page else 0
    return found


def _of(unit_id: int, kind: str, state: str) -> tuple[ColumnElement[bool], ...]:
    return record.c.unit_id == unit_id, record.c.kind == kind, record.c.state == state
