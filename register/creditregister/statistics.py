"""Statistics 统计 of what is public today, per kind, source unit, area and year (FEATURES K11).

Companies are counted exactly, by the same conditions as a search, so that both always agree. Natural persons
are counted to the ten below: fewer than ten are "few", and no sum or difference of what is shown gives a
smaller number away.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from sqlalchemy import case, func, select

from creditregister.records import open_on
from creditregister.schema import record
from creditregister.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlalchemy import Connection
    from sqlalchemy.sql.elements import ColumnElement

    from creditregister.ledger import Head
    from creditregister.tally import Counted

Dimension = Literal["kind", "unit", "area", "year"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
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

    def by_unit_and_kind(self) -> dict[tuple[str, str], int]:
        """How many records of companies there are of each unit and kind."""
        found: Counter[tuple[str, str]] = Counter()
        for cell, count in self.cells.items():
            if not cell.person:
                found[cell.unit, cell.kind] += count
        return found

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


def tally() -> Tally[Cell]:
    """The counts of a process."""
    return Tally(count)


def figures(counted: Counted[Cell]) -> Statistics:
    """The counts as statistics."""
    return Statistics(counted.day, counted.head, counted.counts)


def count(connection: Connection, within: ColumnElement[bool], today: date) -> Counter[Cell]:
    """The public records that meet a condition, by all dimensions at once."""
    person = case((record.c["class"] == "person", 1), else_=0)
    area = func.substr(record.c.area, 1, AREA_DIGITS)
    year = func.substr(record.c.decided, 1, 4)
    query = (
        select(record.c.kind, record.c.unit_id, area, year, person, func.count())
        .where(
            within,
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
