"""Time limits for bodies, platforms and applicants: the last day, with its reasons (DOMAIN 1.9, 1.11).

The day of the event is not counted; working days follow the calendar; a limit in days or months whose last
day is no working day ends on the next one: so it is with deadlines, never with the end of publicity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditregister.calendar import Deadline
from creditregister.kinds.model import Label
from creditregister.rules.counting import end_of

if TYPE_CHECKING:
    from datetime import date

    from creditregister.calendar import Calendar
    from creditregister.rules.counting import Period
    from creditregister.rules.model import Clock


def deadline(
    clock: Clock, event: date, calendar: Calendar, region: str = "", *, extended: bool = False
) -> Deadline:
    """The last day that ``clock`` allows after an event; ``extended``: with the extension that it knows."""
    last = _last(clock.within, event, calendar, region, shifts=clock.shifts)
    if extended and clock.extend is not None:
        more = _last(clock.extend, last.day, calendar, region, shifts=clock.shifts)
        last = Deadline(more.day, last.provisional or more.provisional, _both(last, more))
    return Deadline(last.day, last.provisional, _with_source(clock, last.explanation))


def _last(within: Period, event: date, calendar: Calendar, region: str, *, shifts: bool) -> Deadline:
    """The last day of one length of time."""
    if within.unit == "wd":
        return calendar.add_workdays(event, within.count, region)
    zh, en = f"自 {event} 的次日起算 {within.zh}", f"{within.en} counted from the day after {event}"
    last = end_of(event, within)
    if not shifts:
        return Deadline(
            last, provisional=False, explanation=Label(f"{zh}，至 {last}。", f"{en} end on {last}.")
        )
    shifted = calendar.next_workday(last, region)
    label = shifted.explanation
    return Deadline(shifted.day, shifted.provisional, Label(f"{zh}。{label.zh}", f"{en}. {label.en}"))


def _both(first: Deadline, second: Deadline) -> Label:
    one, other = first.explanation, second.explanation
    return Label(f"{one.zh}经延长：{other.zh}", f"{one.en} Extended: {other.en}")


def _with_source(clock: Clock, label: Label) -> Label:
    doubt = Label("（期限未经核实）", " (not confirmed)") if clock.unconfirmed else Label("", "")
    return Label(
        f"{clock.label.zh}（{clock.source.zh}）{doubt.zh}：{label.zh}",
        f"{clock.label.en} ({clock.source.en}){doubt.en}: {label.en}",
    )
