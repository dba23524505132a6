"""What each unit owes: periods by the calendar, files that replace, slips that are named."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditregister import kinds, schedules
from creditregister.schedules import EVERY, Schedule, ScheduleFileError
from creditregister.units import UnknownUnitError
from support.registers import UNIT, make_register

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def take_in(register: Register, folder: Path, *lines: str) -> list[Schedule]:
    path = folder / "schedules.csv"
    path.write_text("\n".join(["unit,kind,every,since", *lines]) + "\n", encoding="utf-8-sig")
    with register.store.write() as connection:
        schedules.import_file(connection, path, kinds.load())
    with register.store.read() as connection:
        return schedules.read(connection)


@pytest.mark.parametrize(
    ("every", "since", "first", "last"),
    [
        ("week", date(2026, 9, 2), date(2026, 9, 7), date(2026, 11, 22)),
        ("week", date(2026, 9, 7), date(2026, 9, 7), date(2026, 11, 22)),
        ("month", date(2026, 1, 1), date(2026, 1, 1), date(2026, 10, 31)),
        ("month", date(2025, 12, 2), date(2026, 1, 1), date(2026, 10, 31)),
        ("quarter", date(2026, 2, 1), date(2026, 4, 1), date(2026, 9, 30)),
        ("half", date(2025, 7, 1), date(2025, 7, 1), date(2026, 6, 30)),
        ("year", date(2024, 1, 2), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_periods_follow_the_calendar(every: str, since: date, first: date, last: date) -> None:
    periods = Schedule(1, "licence", every, since).periods(date(2026, 11, 24))
    assert (periods[0][0], periods[-1][1]) == (first, last)


@given(every=st.sampled_from(sorted(EVERY)), since=DAYS, today=DAYS)
def test_periods_touch_each_other_and_are_over(every: str, since: date, today: date) -> None:
    periods = Schedule(1, "licence", every, since).periods(today)
    assert all(since <= first <= last < today for first, last in periods)
    assert all(following == last + timedelta(days=1) for (_, last), (following, _) in pairwise(periods))


def test_a_file_replaces_and_ends_what_it_names(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    (one,) = take_in(register, tmp_path, f"{UNIT},licence,每月,2026-01-01")
    assert (one.kind, one.every, one.since) == ("licence", "month", date(2026, 1, 1))
    both = take_in(register, tmp_path, f"{UNIT},penalty,week,2026-02-01")
    assert [each.kind for each in both] == ["licence", "penalty"]
    changed = take_in(register, tmp_path, f"{UNIT},licence,quarter,2026-01-01", f"{UNIT},penalty,,")
    assert [(each.kind, each.every) for each in changed] == [("licence", "quarter")]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{UNIT},nonsense,month,2026-01-01", "there is no kind 'nonsense'"),
        (f"{UNIT},licence,daily,2026-01-01", "write one of week, month"),
        (f"{UNIT},licence,month,01.01.2026", "write a day, such as"),
        (f"{UNIT},licence,month,2026-01-01\n{UNIT},licence,week,2026-01-01", "twice"),
    ],
)
def test_a_slip_is_named_and_nothing_is_changed(tmp_path: Path, line: str, said: str) -> None:
    register = make_register(tmp_path)
    before = take_in(register, tmp_path, f"{UNIT},penalty,week,2026-01-01")
    with pytest.raises(ScheduleFileError, match=said):
        take_in(register, tmp_path, f"{UNIT},penalty,,", line)
    with register.store.read() as connection:
        assert schedules.read(connection) == before


def test_an_unknown_unit_is_not_guessed(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    with pytest.raises(UnknownUnitError, match=UNIT):
        take_in(register, tmp_path, f"{UNIT}局,licence,month,2026-01-01")
