"""Counts over the whole register that stay exact and cheap: counted in blocks of record numbers.

A block is counted in several short reads. It is counted again only if the ledger names a record of it, or on
another day, when periods have begun or ended: so an answer costs the newest block during a load, and nothing
at all while nothing changes.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from sqlalchemy import and_, select

from creditregister import ledger, records
from creditregister.schema import ledger as entries
from creditregister.schema import record

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from datetime import date

    from sqlalchemy import Connection
    from sqlalchemy.sql.elements import ColumnElement

    from creditregister.ledger import Head
    from creditregister.store import Store

#: Record numbers of one block, whose counts are kept together, and of one read.
BLOCK, AT_ONCE = 1 << 17, 1 << 15

Key = TypeVar("Key", bound="Hashable")


@dataclass(frozen=True, slots=True)
class Counted(Generic[Key]):
    """All counts of one day and one state of the ledger."""

    day: date
    head: Head
    counts: Mapping[Key, int]


@dataclass(slots=True)
class Tally(Generic[Key]):
    """Counts as one process keeps them; made once, used by all its threads.

    ``count`` counts the records that meet a condition, on a day.
    """

    count: Callable[[Connection, ColumnElement[bool], date], Counter[Key]]
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _blocks: dict[int, Counter[Key]] = field(default_factory=dict)
    _kept: Counted[Key] | None = None

    def at(self, store: Store, today: date) -> Counted[Key]:
        """The counts of this day and of the ledger as it is now."""
        with self._lock:
            with store.read() as connection:
                head = ledger.head(connection)
                if self._kept is not None and (head, today) == (self._kept.head, self._kept.day):
                    return self._kept
                stale = self._stale(connection, today)
            for block in stale:
                self._blocks[block] = self._counted(store, block, today)
            counts: Counter[Key] = Counter()
            for counted in self._blocks.values():
                counts.update(counted)
            # The head was read first: what changes meanwhile lies behind it, and is counted again next time.
            self._kept = Counted(today, head, counts)
            return self._kept

    def _counted(self, store: Store, block: int, today: date) -> Counter[Key]:
        counts: Counter[Key] = Counter()
        end = (block + 1) * BLOCK
        for first in range(block * BLOCK, end, AT_ONCE):
            within = and_(record.c.n >= first, record.c.n < min(first + AT_ONCE, end))
            with store.read() as connection:
                counts.update(self.count(connection, within, today))
        return counts

    def _stale(self, connection: Connection, today: date) -> list[int]:
        """The blocks that must be counted: those that the ledger names since, or all of them."""
        known = self._kept
        entry = ledger.at(connection, known.head.seq) if known and known.head.seq else None
        if known is None or entry is None or entry.hash != known.head.hash or today != known.day:
            self._blocks.clear()
            last = records.last_number(connection)
            return list(range(last // BLOCK + 1))
        named = select(entries.c.n // BLOCK).where(entries.c.seq > known.head.seq, entries.c.n.is_not(None))
        return sorted(connection.scalars(named.distinct()))
