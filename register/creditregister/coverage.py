"""Coverage 覆盖: which unit has delivered which kind, how lately, and what is due and did not come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from creditregister import reports, schedules
from creditregister.delivered import BAD_CODE
from creditregister.schema import batch, row_problem

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from creditregister.punctuality import Measure
    from creditregister.reports import Delivery, Report


@dataclass(frozen=True, slots=True)
class Covered:
    """One unit and kind, with deliveries or a schedule.

    ``last`` is the last delivery, none where there was never one; ``every`` is how often it is due, empty
    without a schedule; ``reports`` are its periods of the last twelve months.
    """

    unit: int
    kind: str
    deliveries: int
    last: Delivery | None
    every: str
    reports: tuple[Report, ...]

    @property
    def missing(self) -> int:
        """Periods without a delivery."""
        return sum(report.state == "missing" for report in self.reports)

    @property
    def state(self) -> str:
        """``never`` (due and never delivered), ``overdue``, ``current``, or ``free`` (without a schedule)."""
        if not self.every:
            return "free"
        if self.last is None and self.missing:
            return "never"
        settled = [report.state for report in self.reports if report.state != "open"]
        return "overdue" if settled and settled[-1] == "missing" else "current"


def read(connection: Connection, measure: Measure, today: date) -> list[Covered]:
    """Every unit and kind that was delivered or is due, by unit and kind."""
    owed = {(each.unit_id, each.kind): each for each in schedules.read(connection)}
    received = reports.deliveries(connection)
    found = []
    for key in sorted(owed.keys() | received.keys()):
        came, schedule = received.get(key, []), owed.get(key)
        every = schedule.every if schedule else ""
        periods = measure.reports(schedule, came, today)
        found.append(Covered(*key, len(came), came[-1] if came else None, every, periods))
    return found


def bad_codes(connection: Connection) -> dict[int, int]:
    """By unit: how many of its rows were ever refused for a code that fails its check 代码校验不通过."""
    one = select(row_problem.c.batch_id, row_problem.c.row).where(row_problem.c.code == BAD_CODE).distinct()
    rows = one.subquery()
    query = select(batch.c.unit_id, func.count()).join(rows, rows.c.batch_id == batch.c.id)
    return dict(connection.execute(query.group_by(batch.c.unit_id)).all())
