"""The time line of a record's publicity 公示时间轴: its days as values, drawn by ``templates/clock.html``.

Marks stand where the days lie between the first and the last of them; the table twin beside the drawing has
every day in words, so that the drawing may do without any.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from creditregister.clock import civil
from creditregister.kinds import Label

if TYPE_CHECKING:
    from creditregister.records import Published
    from creditregister.rules import Window

LABELS = {
    "decided": Label("决定（认定）", "Decided"),
    "published": Label("本站公示", "Published here"),
    "begins": Label("开始公示", "Shown from"),
    "minimum": Label("最短期限届满", "Minimum ends"),
    "repair": Label("最早可申请修复", "Earliest repair"),
    "end": Label("最后公示日", "Last day shown"),
    "held": Label("缺少程度，此后暂缓", "Lacks a grade: held afterwards"),
    "today": Label("今天", "Today"),
}
#: Room at both ends of the line, in percent, so that no mark is cut off.
_MARGIN = 3.0
#: Days drawn beyond the last one known, where no end is set.
_OPEN_DAYS = 60


@dataclass(frozen=True, slots=True)
class Point:
    """A day on the line: which one, when, and its place in percent of the width."""

    name: str
    day: date
    x: str

    @property
    def label(self) -> Label:
        """What the day is."""
        return LABELS[self.name]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The points in the order of time, today among them; ``ends``: whether a last day is set."""

    points: tuple[Point, ...]
    today: str
    ends: bool


def timeline(record: Published, window: Window, today: date) -> Timeline:
    """The days of a public record that its readers ask for."""
    return _drawn(_days(record, window, today), today, ends=window.last_shown is not None)


def _drawn(days: dict[str, date], today: date, *, ends: bool) -> Timeline:
    """The days on their line, and today among them."""
    first = min([*days.values(), today])
    last = max([*days.values(), today])
    span = max(1, (last - first + timedelta(days=0 if ends else _OPEN_DAYS)).days)

    def place(day: date) -> str:
        return f"{_MARGIN + (100 - 2 * _MARGIN) * (day - first).days / span:.1f}%"

    points = [Point(name, day, place(day)) for name, day in days.items()]
    points.append(Point("today", today, place(today)))
    return Timeline(tuple(sorted(points, key=lambda point: point.day)), place(today), ends)


def simulated(decided: date, window: Window, today: date) -> Timeline | None:
    """The days of a record that nobody has delivered; none where it would not be shown at all."""
    if window.shown_from is None:
        return None
    days = {"decided": decided} | _of_window(window, decided)
    return _drawn(days, today, ends=window.last_shown is not None)


def _days(record: Published, window: Window, today: date) -> dict[str, date]:
    published = civil(record.published_at)
    decided = date.fromisoformat(record.decided) if record.decided else None
    found = {
        "decided": decided,
        # On a rehearsed day the real moment of publication may still be to come.
        "published": published if published <= today else None,
    }
    return {name: day for name, day in found.items() if day is not None} | _of_window(window, decided)


def _of_window(window: Window, decided: date | None) -> dict[str, date]:
    found = {
        "begins": window.shown_from if window.shown_from != decided else None,
        "minimum": window.min_end if window.min_end != window.earliest_repair else None,
        "repair": window.earliest_repair,
        "held" if window.last_shown != window.max_end else "end": window.last_shown,
    }
    return {name: day for name, day in found.items() if day is not None}
