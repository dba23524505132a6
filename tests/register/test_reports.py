"""What a unit owes against what came: reported, zero-reported, missing, not yet due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditregister import calendar, reports
from creditregister.reports import Delivery
from creditregister.schedules import Schedule

PLACE: dict[str, Any] = {"since": date(2025, 7, 1), "calendar": calendar.load(), "region": ""}
TODAY = date(2026, 6, 1)
MONTHLY = Schedule(1, "licence", "month", date(2026, 1, 1))


def states(*came: tuple[str, int], schedule: Schedule = MONTHLY, today: date = TODAY) -> list[str]:
    received = [Delivery(date.fromisoformat(day), rows, 1) for day, rows in came]
    found = reports.reports(schedule, received, **PLACE, today=today)
    return [report.state for report in found]


def test_each_period_needs_a_delivery() -> None:
    assert states(("2026-01-20", 5), ("2026-03-02", 5), ("2026-04-30", 5)) == [
        "reported",
        "reported",  # 2 March is within seven working days of the end of February
        "missing",
        "reported",
        "open",  # of May, due on 9 June
    ]


def test_a_last_day_behind_days_nobody_announced_is_provisional() -> None:
    weekly = Schedule(1, "licence", "week", date(2026, 11, 30))
    found = list(reports.reports(weekly, [], **PLACE, today=date(2026, 12, 28)))
    assert [(str(report.due), report.provisional) for report in found] == [
        ("2026-12-15", False),
        ("2026-12-22", True),
        ("2026-12-29", True),
        ("2027-01-06", True),
    ]


@pytest.mark.parametrize(
    ("day", "state"), [("2026-02-01", "reported"), ("2026-02-10", "reported"), ("2026-02-11", "missing")]
)
def test_a_period_may_be_delivered_within_seven_working_days_of_its_end(day: str, state: str) -> None:
    assert states((day, 3), today=date(2026, 2, 12)) == [state]


def test_a_file_with_headings_only_is_a_zero_report() -> None:
    assert states(("2026-01-31", 0), ("2026-02-20", 0), ("2026-02-21", 4))[:2] == ["zero", "reported"]


def test_what_came_before_the_schedule_counts_for_nothing() -> None:
    assert states(("2025-12-30", 9), today=date(2026, 2, 12)) == ["missing"]


def test_one_delivery_is_not_two() -> None:
    assert states(("2026-02-03", 4), today=date(2026, 3, 20)) == ["reported", "missing"]


def test_only_the_periods_of_the_last_months_are_told() -> None:
    old = Schedule(1, "licence", "month", date(2020, 1, 1))
    found = list(reports.reports(old, [], **PLACE, today=TODAY))
    assert (found[0].first, len(found)) == (date(2025, 7, 1), 11)


DAYS = st.integers(0, 300)


@given(
    every=st.sampled_from(["week", "month", "quarter"]),
    came=st.lists(st.tuples(DAYS, st.integers(0, 3)), max_size=30),
    another=DAYS,
)
def test_no_delivery_is_counted_twice_and_none_makes_it_worse(
    every: str, came: list[tuple[int, int]], another: int
) -> None:
    def of(days: list[tuple[int, int]]) -> list[str]:
        schedule = Schedule(1, "licence", every, date(2025, 8, 1))
        received = [Delivery(date(2025, 8, 1) + timedelta(days=day), rows, 1) for day, rows in sorted(days)]
        found = list(reports.reports(schedule, received, **PLACE, today=TODAY))
        assert all((report.state == "missing") <= (report.due < TODAY) for report in found)
        return [report.state for report in found]

    states = of(came)
    assert states.count("reported") + states.count("zero") <= len(came)
    assert of([*came, (another, 1)]).count("missing") <= states.count("missing")
