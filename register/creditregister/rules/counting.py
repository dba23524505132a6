"""Counting of days, months and years (DOMAIN 1.11 "Counting").

The first day is not counted; a period of months or years ends on the corresponding day, or on the last day
of a month that has no such day (2026-11-30 + 3 months = 2027-02-28). A record is shown through that day.
Holidays never shift it; working days are the calendar's business (``creditregister.calendar``).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Unit = Literal["wd", "day", "month", "year"]

_MONTHS: Final = 12
_FORM: Final = re.compile(r"(0|[1-9][0-9]{0,3}) (wd|days?|months?|years?)")
_ZH: Final = {"wd": "个工作日", "day": "日", "month": "个月", "year": "年"}
_EN: Final = {"wd": "working day", "day": "day", "month": "month", "year": "year"}


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a rule states it: 7 wd, 30 days, 3 months, 1 year."""

    count: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``7 wd``, ``30 days``, ``3 months`` or ``1 year``.

        Raises:
            ValueError: it is none of these.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is no period; write 7 wd, 30 days, 3 months or 1 year")
        units: dict[str, Unit] = {"wd": "wd", "day": "day", "month": "month", "year": "year"}
        return cls(int(match[1]), units[match[2].removesuffix("s")])

    @property
    def zh(self) -> str:
        """As Chinese text says it: 3 个月."""
        return f"{self.count} {_ZH[self.unit]}"

    @property
    def en(self) -> str:
        """As English text says it: 3 months."""
        return f"{self.count} {_EN[self.unit]}{'' if self.count == 1 else 's'}"

    @property
    def rough_days(self) -> int:
        """Its length in days, near enough to say which of two periods is longer."""
        return self.count * {"wd": 1, "day": 1, "month": 30, "year": 365}[self.unit]


def add_months(day: date, months: int) -> date:
    """The corresponding day some months later, never beyond the last day that a calendar has."""
    month = day.month - 1 + months
    year = day.year + month // _MONTHS
    if year > date.max.year:
        return date.max
    month = month % _MONTHS + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def end_of(start: date, period: Period) -> date:
    """The last day of a period whose first day is not counted.

    Raises:
        ValueError: it counts working days; those depend on the calendar.
    """
    if period.unit == "wd":
        raise ValueError("Working days are counted by creditregister.calendar.")
    if period.unit == "day":
        return start + timedelta(days=min(period.count, (date.max - start).days))
    return add_months(start, period.count * (_MONTHS if period.unit == "year" else 1))


def day_before(day: date) -> date:
    """The day before, or the first day that a calendar has."""
    return day if day == date.min else day - timedelta(days=1)


def day_after(day: date) -> date:
    """The day after, or the last day that a calendar has."""
    return day if day == date.max else day + timedelta(days=1)
