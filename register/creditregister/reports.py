"""Deliveries 报送 against what a unit owes: each period reported, zero-reported or missing (DOMAIN 1.9)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import orjson
from sqlalchemy import select

from creditregister.clock import civil
from creditregister.schema import batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from creditregister.calendar import Calendar
    from creditregister.schedules import Schedule

#: A unit and a kind.
Pair = tuple[int, str]
#: States of a delivery that came: also while a second person has still to release what it changes.
CAME = ("done", "waiting", "approved")
#: Working days after the end of a period within which its delivery is in time: as long as a decision has.
GRACE = 7


class Delivery(NamedTuple):
    """One delivery: the day on which it was handed over, its rows, its number."""

    day: date
    rows: int
    batch: int


@dataclass(frozen=True, slots=True)
class Report:
    """One period of a schedule: ``due`` is the last day for its delivery.

    ``state`` is reported, zero, missing, or open while it may still come; ``provisional``: a notice of days
    off that is still to come may move ``due``.
    """

    first: date
    last: date
    due: date
    state: str
    provisional: bool


def deliveries(connection: Connection) -> dict[Pair, list[Delivery]]:
    """By unit and kind every delivery that was read to its end, the earliest first."""
    query = select(batch.c.unit_id, batch.c.kind, batch.c.received_at, batch.c.counts, batch.c.id)
    query = query.where(batch.c.state.in_(CAME)).order_by(batch.c.received_at, batch.c.id)
    found: dict[Pair, list[Delivery]] = {}
    for unit, kind, received, counts, number in connection.execute(query):
        one = Delivery(civil(received), orjson.loads(counts).get("rows", 0), number)
        found.setdefault((unit, kind), []).append(one)
    return found


def reports(
    schedule: Schedule,
    received: Sequence[Delivery],
    *,
    since: date,
    today: date,
    calendar: Calendar,
    region: str,
) -> Iterator[Report]:
    """What became of each period that began on or after ``since`` and is over.

    A delivery counts for the period in which it came; one that came within seven working days after a period
    without any counts for that. A file with headings only is a zero report 零报送.
    """
    left = deque(received)
    for first, last in schedule.periods(today):
        due = calendar.add_workdays(last, GRACE, region)
        taken: list[int] = []
        while left and left[0].day <= last:
            one = left.popleft()
            taken += [one.rows] if one.day >= first else []
        if not taken and left and left[0].day <= due.day:
            taken.append(left.popleft().rows)
        if first >= since:
            came = "reported" if any(taken) else "zero" if taken else ""
            state = came or ("missing" if today > due.day else "open")
            yield Report(first, last, due.day, state, due.provisional)
