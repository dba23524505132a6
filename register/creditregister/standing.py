"""One unit's punctuality 时效 with one kind: what was counted, and the figures that follow (DOMAIN 1.9)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from creditregister.reports import Report

#: The site's working days of what was over on delivery.
NEVER_PUBLIC = -1
#: Months whose share in time is compared with that of as many before them.
RECENT = 3


class Timed(NamedTuple):
    """What is counted together: source unit, kind and month of the decision, and how long it took whom."""

    unit: int
    kind: str
    month: str
    lag: int
    late: bool
    site_lag: int
    site_late: bool
    provisional: bool


class Withdrawn(NamedTuple):
    """Withdrawals that are counted together: by unit and kind, and how many working days they took."""

    unit: int
    kind: str
    lag: int
    late: bool
    provisional: bool


@dataclass(frozen=True)
class Standing:
    """One unit's punctuality with one kind: its counts, and its periods where it has a schedule.

    ``every`` is how often it is due, empty without a schedule.
    """

    unit: int
    kind: str
    every: str
    counts: Mapping[Timed, int]
    withdrawn: Mapping[Withdrawn, int]
    reports: tuple[Report, ...]

    @cached_property
    def assessed(self) -> int:
        """Decisions that were looked at."""
        return sum(self.counts.values())

    @cached_property
    def late(self) -> int:
        """Of these, delivered after the last day."""
        return sum(count for timed, count in self.counts.items() if timed.late)

    @property
    def on_time(self) -> int:
        """Of these, delivered in time."""
        return self.assessed - self.late

    @cached_property
    def median(self) -> int | None:
        """The unit's working days, half of the decisions took no longer."""
        return median(_sums((timed.lag, count) for timed, count in self.counts.items()))

    @cached_property
    def site_median(self) -> int | None:
        """The site's working days, of what was published."""
        public = ((timed, count) for timed, count in self.counts.items() if timed.site_lag != NEVER_PUBLIC)
        return median(_sums((timed.site_lag, count) for timed, count in public))

    @cached_property
    def site_late(self) -> int:
        """Delivered in time and published too late."""
        return sum(count for timed, count in self.counts.items() if timed.site_late)

    @cached_property
    def withdrawals(self) -> tuple[int, int, int | None]:
        """How many were withdrawn, how many of them late, and the median of working days."""
        lags = _sums((each.lag, count) for each, count in self.withdrawn.items())
        late = sum(count for each, count in self.withdrawn.items() if each.late)
        return lags.total(), late, median(lags)

    @cached_property
    def provisional(self) -> tuple[int, int, int]:
        """How many decisions, withdrawals and periods may change with a notice of days off yet to come."""
        return (
            sum(count for timed, count in self.counts.items() if timed.provisional),
            sum(count for each, count in self.withdrawn.items() if each.provisional),
            sum(report.provisional for report in self.reports),
        )

    def periods(self, state: str) -> int:
        """Periods in a state."""
        return sum(report.state == state for report in self.reports)

    def months(self) -> dict[str, tuple[int, int]]:
        """In time and late, by month of the decision, the earliest first."""
        found: dict[str, tuple[int, int]] = {}
        for timed, count in sorted(self.counts.items()):
            on_time, late = found.get(timed.month, (0, 0))
            found[timed.month] = (on_time + count * (not timed.late), late + count * timed.late)
        return dict(sorted(found.items()))

    def trend(self, today: date) -> int | None:
        """Percentage points in time of the last three whole months against the three before them."""
        months, shares = self.months(), []
        for newest in (RECENT, 0):
            part = [month_before(today, newest + back) for back in range(1, RECENT + 1)]
            on_time = sum(months.get(month, (0, 0))[0] for month in part)
            late = sum(months.get(month, (0, 0))[1] for month in part)
            if not on_time + late:
                return None
            shares.append(100 * on_time / (on_time + late))
        return round(shares[1] - shares[0])


def month_before(today: date, back: int) -> str:
    """The month so many months before that of a day, as ``2026-04``."""
    month = today.year * 12 + today.month - 1 - back
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def median(lags: Counter[int]) -> int | None:
    """The lower median of numbers with their counts; none of nothing."""
    half, seen = (lags.total() + 1) // 2, 0
    for lag, count in sorted(lags.items()):
        seen += count
        if seen >= half:
            return lag
    return None


def _sums(pairs: Iterable[tuple[int, int]]) -> Counter[int]:
    found: Counter[int] = Counter()
    for lag, count in pairs:
        found[lag] += count
    return found
