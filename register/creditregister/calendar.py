"""Working days 工作日, counted by notices, make-up days and regions (DOMAIN 1.9, 1.11 "Counting").

The days off of a year are known from its notice only (``config/calendar/<year>.toml``). A year without one
has its statutory holidays and ordinary weekends, and every answer that touches it says that it is
provisional. So are the last ten days of December until next year's notice is loaded: the notice for 2019
changed 29 and 31 December 2018.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from creditregister.daysoff import DECEMBER, SATURDAY, Entry, read_folder, statutory
from creditregister.kinds.model import Label
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ONE = timedelta(days=1)
#: From this day of December on, the coming year's notice may still move days.
_UNSETTLED = 22
_WEEKDAYS = (
    Label("星期一", "Monday"),
    Label("星期二", "Tuesday"),
    Label("星期三", "Wednesday"),
    Label("星期四", "Thursday"),
    Label("星期五", "Friday"),
    Label("星期六", "Saturday"),
    Label("星期日", "Sunday"),
)


@dataclass(frozen=True, slots=True)
class Workday:
    """Whether a day is a working day, whether a notice to come may change that, and why."""

    day: date
    yes: bool
    provisional: bool
    reason: Label


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a time limit, whether a notice to come may move it, and how it was counted."""

    day: date
    provisional: bool
    explanation: Label


@dataclass(frozen=True, slots=True)
class Lag:
    """Working days from one day to another; 0 if the second is not later."""

    days: int
    provisional: bool


class Calendar:
    """The country's working days; of ``region``, an area code, two digits count."""

    def __init__(
        self, notices: Mapping[int, Mapping[date, Entry]], regions: Mapping[str, Mapping[date, Entry]]
    ) -> None:
        #: Years whose notice is loaded.
        self.years = frozenset(notices)
        self._days = {day: entry for days in notices.values() for day, entry in days.items()}
        self._regions = regions

    def is_workday(self, day: date, region: str = "") -> Workday:
        """Whether ``day`` is a working day in ``region``."""
        entry = self._entry(day, region)
        off = entry.off if entry else day.weekday() >= SATURDAY
        return Workday(day, not off, self._provisional(day, entry, region), _reason(day, entry))

    def add_workdays(self, day: date, n: int, region: str = "") -> Deadline:
        """The n-th working day after ``day``, which itself is not counted; ``n`` 0 is the day itself.

        Raises:
            ValueError: ``n`` is negative.
        """
        if n < 0:
            raise ValueError("A time limit has no negative length.")
        last, left, provisional = day, n, False
        notable: list[Workday] = []
        while left:
            last += _ONE
            seen = self.is_workday(last, region)
            left -= seen.yes
            provisional |= seen.provisional
            if seen.yes == (last.weekday() >= SATURDAY):
                notable.append(seen)
        return Deadline(last, provisional, _counted(day, n, last, notable, provisional=provisional))

    def next_workday(self, day: date, region: str = "") -> Deadline:
        """``day``, or the next working day if it is none: a rest day shifts the last day of a time limit.

        Never used for the end of publicity, which no holiday shifts (DOMAIN 1.11).
        """
        last, provisional = day, False
        while True:
            seen = self.is_workday(last, region)
            provisional |= seen.provisional
            if seen.yes:
                return Deadline(last, provisional, _shifted(day, last, provisional=provisional))
            last += _ONE

    def workdays_between(self, first: date, last: date, region: str = "") -> Lag:
        """Working days after ``first`` up to and including ``last``."""
        days, provisional = 0, False
        for ordinal in range(first.toordinal() + 1, last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            entry = self._entry(day, region)
            days += not (entry.off if entry else day.weekday() >= SATURDAY)
            provisional = provisional or self._provisional(day, entry, region)
        return Lag(days, provisional)

    def alarms(self, today: date) -> tuple[Label, ...]:
        """What the operator must load: the notice of this year, in December that of the next one too."""
        due = [today.year, *([today.year + 1] if today.month == DECEMBER else [])]
        return tuple(_missing(year) for year in due if year not in self.years)

    def _entry(self, day: date, region: str) -> Entry | None:
        own = self._regions.get(region[:2])
        entry = (own.get(day) if own else None) or self._days.get(day)
        if entry is None and day.year not in self.years:
            return statutory(day.year).get(day)
        return entry

    def _provisional(self, day: date, entry: Entry | None, region: str) -> bool:
        """Whether a notice that is not loaded may say otherwise of this day."""
        own = self._regions.get(region[:2])
        if own is not None and self._unsure_near(own, day):
            return True
        if entry is not None and entry.sure:
            return False
        unsettled = day.month == DECEMBER and day.day >= _UNSETTLED and day.year + 1 not in self.years
        return day.year not in self.years or unsettled

    @staticmethod
    def _unsure_near(own: Mapping[date, Entry], day: date) -> bool:
        """Whether an unconfirmed festival of the region is within a day, or its year is not in the data."""
        near = (own.get(date.fromordinal(day.toordinal() + step)) for step in (-1, 0, 1))
        return any(entry is not None and not entry.sure for entry in near) or all(
            other.year != day.year for other in own
        )


# --- sentences --------------------------------------------------------------------------------------


def _reason(day: date, entry: Entry | None) -> Label:
    week = _WEEKDAYS[day.weekday()]
    if entry is None:
        return week
    if entry.off:
        return Label(f"{entry.name.zh}放假", f"day off: {entry.name.en}")
    return Label(f"{week.zh}，{entry.name.zh}调休上班", f"{week.en}, make-up workday for {entry.name.en}")


def _counted(day: date, n: int, last: date, notable: list[Workday], *, provisional: bool) -> Label:
    zh = f"自 {day} 的次日起算 {n} 个工作日，至 {last}。"
    en = f"{n} working days counted from the day after {day} end on {last}."
    if notable:
        spans = _spans(notable)
        zh += "其间：" + "；".join(span.zh for span in spans) + "。"
        en += " On the way: " + "; ".join(span.en for span in spans) + "."
    return _with_doubt(Label(zh, en), provisional=provisional)


def _spans(notable: list[Workday]) -> list[Label]:
    """Days off with the same reason as one span, make-up workdays one by one."""
    days: dict[Label, list[Workday]] = {}
    for one in notable:
        days.setdefault(one.reason, []).append(one)
    return [_span(reason, found) for reason, found in days.items()]


def _span(reason: Label, found: list[Workday]) -> Label:
    first, last = found[0].day, found[-1].day
    if first == last:
        return Label(f"{first} {reason.zh}", f"{first} {reason.en}")
    if found[0].yes:
        return Label(
            "、".join(str(one.day) for one in found) + f" {reason.zh}",
            ", ".join(str(one.day) for one in found) + f" {reason.en}",
        )
    return Label(f"{first} 至 {last} {reason.zh}", f"{first} to {last} {reason.en}")


def _shifted(day: date, last: date, *, provisional: bool) -> Label:
    label = Label(f"期限至 {last}。", f"The time limit ends on {last}.")
    if last != day:
        label = Label(
            f"期限末日 {day} 为休息日，顺延至 {last}。",
            f"{day} is a day of rest, so the limit ends on {last}.",
        )
    return _with_doubt(label, provisional=provisional)


def _with_doubt(label: Label, *, provisional: bool) -> Label:
    if not provisional:
        return label
    return Label(
        f"{label.zh}其间有放假安排尚未公布或未经核实的日期，本日期为暂定。",
        f"{label.en} Days off on the way are not announced or not confirmed yet: the date is provisional.",
    )


def _missing(year: int) -> Label:
    return Label(
        f"缺少 {year} 年的放假安排：请按国务院办公厅通知录入 config/calendar/{year}.toml，"
        "在此之前涉及该年的期限均为暂定。",
        f"The holidays of {year} are missing: enter the State Council's notice as "
        f"config/calendar/{year}.toml; until then every deadline that touches that year is provisional.",
    )


def load(folder: Path | None = None) -> Calendar:
    """The calendar of ``folder``, by default the one that is shipped.

    Raises:
        LawError: with every error of every file.
    """
    return Calendar(*read_folder(folder or shipped("config") / "calendar"))
