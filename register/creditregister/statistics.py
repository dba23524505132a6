"""Statistics 统计 of what is public today, per kind, source unit, area and year (FEATURES K11).

Companies are counted exactly, by the same conditions as a search, so that both always agree. Natural persons
are counted to the ten below: fewer than ten are "few", and no sum or difference of what is shown gives a
smaller number away.

The register is counted in blocks of record numbers, each in a short read. A block is counted again only if
the ledger names a record of it, or on another day, when periods have begun or ended: so an answer costs the
newest block during a load, and nothing at all while nothing changes.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from sqlalchemy import case, func, select

from creditregister import ledger
from creditregister.records import open_on
from creditregister.schema import ledger as entries
from creditregister.schema import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy import Connection

    from creditregister.ledger import Head
    from creditregister.store import Store

Dimension = Literal["kind", "unit", "area", "year"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
#: Record numbers of one block; a block is counted in about a third of a second.
BLOCK = 1 << 18
#: Natural persons are counted to the ten below.
PERSONS_STEP = 10
#: Digits of an area code that are counted by, as in a search: the city.
AREA_DIGITS = 4


class Cell(NamedTuple):
    """What is counted together: ``unit`` by its number; ``area`` and ``year`` may be empty."""

    kind: str
    unit: str
    area: str
    year: str
    person: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a dimension: how many records of companies, how many of persons (none: fewer than ten)."""

    value: str
    companies: int
    persons: int | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """All counts of one day and one state of the ledger."""

    day: date
    head: Head
    cells: Mapping[Cell, int]

    def rows(self, by: Dimension, narrowed: Mapping[Dimension, str]) -> list[Row]:
        """The counts by one dimension, the most frequent first, years the newest first."""
        companies: Counter[str] = Counter()
        persons: Counter[str] = Counter()
        for cell, count in self._of(narrowed):
            (persons if cell.person else companies)[getattr(cell, by)] += count
        values = companies.keys() | persons.keys()
        rows = [Row(value, companies[value], coarse(persons[value])) for value in values]
        if by == "year":
            return sorted(rows, key=lambda row: row.value, reverse=True)
        return sorted(rows, key=lambda row: (-row.companies, -(row.persons or 0), row.value))

    def total(self, narrowed: Mapping[Dimension, str]) -> Row:
        """All of it in one row."""
        found: Counter[bool] = Counter()
        for cell, count in self._of(narrowed):
            found[cell.person] += count
        return Row("", found[False], coarse(found[True]))

    def values(self, of: Dimension) -> list[str]:
        """Every value of a dimension that something public has."""
        return sorted({getattr(cell, of) for cell in self.cells} - {""})

    def _of(self, narrowed: Mapping[Dimension, str]) -> Iterable[tuple[Cell, int]]:
        wanted = list(narrowed.items())
        return (
            (cell, count)
            for cell, count in self.cells.items()
            if all(_within(name, getattr(cell, name), value) for name, value in wanted)
        )


def coarse(persons: int) -> int | None:
    """A number of persons as it may be said: to the ten below; none stands for one to nine."""
    if 0 < persons < PERSONS_STEP:
        return None
    return persons // PERSONS_STEP * PERSONS_STEP


def _within(name: Dimension, value: str, wanted: str) -> bool:
    """Whether a value is the wanted one; an area holds those whose code begins with its own."""
    return value.startswith(wanted) if name == "area" else value == wanted


@dataclass(slots=True)
class Tally:
    """The counts as one process keeps them; made once, used by all its threads."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _head: Head | None = None
    _day: date | None = None
    _blocks: dict[int, Counter[Cell]] = field(default_factory=dict)
    _kept: Statistics | None = None

    def at(self, store: Store, today: date) -> Statistics:
        """The statistics of this day and of the ledger as it is now."""
        with self._lock:
            with store.read() as connection:
                head = ledger.head(connection)
                if self._kept is not None and (head, today) == (self._head, self._day):
                    return self._kept
                stale = self._stale(connection, today)
            for block in stale:
                with store.read() as connection:
                    self._blocks[block] = _count(connection, block, today)
            # The head was read first: what changes meanwhile lies behind it, and is counted again next time.
            self._head, self._day = head, today
            cells: Counter[Cell] = Counter()
            for counted in self._blocks.values():
                cells.update(counted)
            self._kept = Statistics(today, head, cells)
            return self._kept

    def _stale(self, connection: Connection, today: date) -> list[int]:
        """The blocks that must be counted: those that the ledger names since, or all of them."""
        known = self._head
        entry = ledger.at(connection, known.seq) if known and known.seq else None
        if known is None or entry is None or entry.hash != known.hash or today != self._day:
            self._blocks.clear()
            last = connection.scalar(select(func.max(record.c.n))) or 0
            return list(range(last // BLOCK + 1))
        named = select(entries.c.n // BLOCK).where(entries.c.seq > known.seq, entries.c.n.is_not(None))
        return sorted(connection.scalars(named.distinct()))


def _count(connection: Connection, block: int, today: date) -> Counter[Cell]:
    """The public records of one block, by all dimensions at once."""
    person = case((record.c["class"] == "person", 1), else_=0)
    area = func.substr(record.c.area, 1, AREA_DIGITS)
    year = func.substr(record.c.decided, 1, 4)
    query = (
        select(record.c.kind, record.c.unit_id, area, year, person, func.count())
        .where(
            record.c.n >= block * BLOCK,
            record.c.n < (block + 1) * BLOCK,
            record.c.state == "public",
            open_on(today.isoformat()),
        )
        .group_by(record.c.kind, record.c.unit_id, area, year, person)
    )
    return Counter(
        {
            Cell(kind, str(unit_id), area, year, bool(person)): count
            for kind, unit_id, area, year, person, count in connection.execute(query)
        }
    )
