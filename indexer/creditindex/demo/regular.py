"""Units that report regularly: their newest decisions in small files, so that a demo shows punctuality.

The history of such a share ends before the first reporting month. Of that month there is a zero report
零报送, the next one is missing 漏报; then come files whose decisions are a few days old, some too late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

#: Rows of a demo from which on it has such deliveries; a smaller one has a handful of rows in a file.
ENOUGH = 2_000
#: Decisions of a regular delivery reach so many days back: a few of them are late for seven working days.
DAYS = 13
#: Days before today on which the newest deliveries came.
_CAME = (11, 4, 0)
#: The part of a share that comes in regular deliveries.
_PART = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a share: rows, the newest day of decision, how far back, and when it came, if not today."""

    rows: int
    today: date
    days: int = 0
    received: date | None = None


def since(today: date) -> date:
    """The day on which regular reporting began: the first of the month three months ago."""
    month = today.year * 12 + today.month - 4
    return date(month // 12, month % 12 + 1, 1)


def parts(rows: int, today: date) -> list[Part]:
    """The files of a share of so many rows, the history first."""
    begun = since(today)
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=15)
    came = [last_month, *(today - timedelta(days=days) for days in _CAME)]
    each = rows // _PART // len(came)
    history = Part(rows - each * len(came), begun - timedelta(days=1))
    nothing = _part(0, begun.replace(day=20))
    return [history, nothing, *(_part(each, day) for day in came)]


def _part(rows: int, received: date) -> Part:
    return Part(rows, received - timedelta(days=1), DAYS, received)
