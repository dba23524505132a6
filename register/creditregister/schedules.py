"""Reporting schedules 报送周期: which unit reports which kind how often, and since when (DOMAIN 1.9).

Only with a schedule can something be missing 漏报. A period is a calendar week, month, quarter, half or whole
year; the first one is the first that lies wholly after the day on which reporting begins.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, insert, select

from creditregister import units
from creditregister.errors import CreditError
from creditregister.kinds import Label
from creditregister.schema import schedule
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

COLUMNS = ("unit", "kind", "every", "since")
#: How often, in words, and how many months a period has; a week has none.
EVERY = {
    "week": (Label("每周", "weekly"), 0),
    "month": (Label("每月", "monthly"), 1),
    "quarter": (Label("每季度", "quarterly"), 3),
    "half": (Label("每半年", "twice a year"), 6),
    "year": (Label("每年", "yearly"), 12),
}
_WEEK, _YEAR = 7, 12


class ScheduleFileError(CreditError):
    """A file of schedules that cannot be taken in; the message gives row, reason and remedy."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What one unit owes: a kind, how often, from which day on."""

    unit_id: int
    kind: str
    every: str
    since: date

    def periods(self, today: date) -> list[tuple[date, date]]:
        """First and last day of every period that was over before ``today``, the earliest first."""
        starts = self._starts()
        begun = []
        while (first := next(starts)) <= today:
            begun.append(first)
        return [(first, following - timedelta(days=1)) for first, following in pairwise(begun)]

    def _starts(self) -> Iterator[date]:
        """The first day of each period from ``since`` on, without end."""
        months = EVERY[self.every][1]
        if not months:
            ordinal = self.since.toordinal() + -self.since.weekday() % _WEEK
            while True:
                yield date.fromordinal(ordinal)
                ordinal += _WEEK
        month = self.since.year * _YEAR + self.since.month - 1 + (self.since.day > 1)
        month += -month % months
        while True:
            yield date(month // _YEAR, month % _YEAR + 1, 1)
            month += months


def read(connection: Connection) -> list[Schedule]:
    """Every schedule, by unit and kind."""
    query = select(schedule).order_by(schedule.c.unit_id, schedule.c.kind)
    return [
        Schedule(row.unit_id, row.kind, row.every, date.fromisoformat(row.since))
        for row in connection.execute(query)
    ]


def import_file(connection: Connection, path: Path, kinds: Collection[str]) -> int:
    """Take in a CSV of schedules (unit, kind, every, since); returns how many rows it had.

    The schedule of a unit and kind that stands in the file replaces the one before; an empty ``every`` ends
    it. All or nothing.

    Raises:
        ScheduleFileError: a missing column, a kind, period or day that does not exist, a row twice.
        UnknownUnitError: a unit that nobody knows.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise ScheduleFileError(
                f"{path.name}: columns {', '.join(missing)} are missing; needed: {COLUMNS}."
            )
        rows = [{name: (row.get(name) or "").strip() for name in COLUMNS} for row in reader]
    met: set[tuple[int, str]] = set()
    for number, row in enumerate(rows, 2):
        where = f"{path.name} row {number}"
        unit = units.resolve(connection, row["unit"])
        if row["kind"] not in kinds:
            raise ScheduleFileError(f"{where}: there is no kind {row['kind']!r}; kinds: {', '.join(kinds)}.")
        if (unit.id, row["kind"]) in met:
            raise ScheduleFileError(
                f"{where}: {row['unit']} and {row['kind']} stand there twice; keep one row."
            )
        met.add((unit.id, row["kind"]))
        same = (schedule.c.unit_id == unit.id, schedule.c.kind == row["kind"])
        connection.execute(delete(schedule).where(*same))
        if row["every"]:
            values = {"unit_id": unit.id, "kind": row["kind"], "every": _every(row, where)}
            connection.execute(insert(schedule).values(**values, since=_since(row, where)))
    return len(rows)


def _every(row: dict[str, str], where: str) -> str:
    known = {fold(word): name for name, (label, _) in EVERY.items() for word in (name, label.zh, label.en)}
    if fold(row["every"]) not in known:
        raise ScheduleFileError(f"{where}: every is {row['every']!r}; write one of {', '.join(EVERY)}.")
    return known[fold(row["every"])]


def _since(row: dict[str, str], where: str) -> str:
    try:
        return date.fromisoformat(row["since"]).isoformat()
    except ValueError as error:
        raise ScheduleFileError(
            f"{where}: since is {row['since']!r}; write a day, such as 2026-01-01."
        ) from error
