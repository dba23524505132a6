"""Time, always passed in: no rule and no page reads the machine's clock by itself (DESIGN 3).

Moments are milliseconds since 1970-01-01T00:00Z; days are civil dates in Asia/Shanghai.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

#: Civil time of the register. China has had no summer time since 1991, so a fixed offset is exact.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class Clock(Protocol):
    """What the code asks for the time."""

    def now(self) -> int:
        """The moment, in milliseconds."""

    def today(self) -> date:
        """The civil date in Shanghai, or the rehearsed one."""


@dataclass(frozen=True)
class SystemClock:
    """The machine's clock; ``rehearsed`` (CREDIT_TODAY) replaces the day, never the moment."""

    rehearsed: date | None = None

    def now(self) -> int:
        """The moment, in milliseconds."""
        return time.time_ns() // 1_000_000

    def today(self) -> date:
        """The civil date in Shanghai, or the rehearsed one."""
        return self.rehearsed or civil(self.now())


@dataclass
class FixedClock:
    """A clock for tests, moved by hand."""

    ms: int
    day: date | None = None

    def now(self) -> int:
        """The moment, in milliseconds."""
        return self.ms

    def today(self) -> date:
        """The civil date in Shanghai, or the one that was set."""
        return self.day or civil(self.ms)


def civil(ms: int) -> date:
    """The civil date in Shanghai of a moment."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(SHANGHAI).date()


def midnight(day: date) -> int:
    """The moment at which a civil day begins in Shanghai, in milliseconds."""
    return int(datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).timestamp()) * 1000


def iso(ms: int) -> str:
    """A moment as text with its offset, such as ``2026-04-01T08:00:00+08:00``."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(SHANGHAI).isoformat(timespec="seconds")
