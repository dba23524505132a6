"""Working days: the notices' own days, regions, years without a notice, and the turn of a year."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditregister import calendar
from creditregister.errors import CreditError

SHIPPED = calendar.load()
ONE = timedelta(days=1)
DAYS = st.dates(date(2022, 6, 1), date(2028, 6, 30))
REGIONS = st.sampled_from(["", "360000", "450100", "64", "650000"])


# --- vectors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("2026-02-13", 7, "2026-03-02"),  # the Spring Festival with both of its make-up workdays
        ("2026-09-30", 7, "2026-10-15"),  # National Day, make-up workday 10 October
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2025-01-24", 1, "2025-01-26"),  # a Sunday that is worked
        ("2023-09-28", 1, "2023-10-07"),
        ("2026-11-24", 0, "2026-11-24"),
    ],
)
def test_the_nth_working_day(start: str, n: int, end: str) -> None:
    deadline = SHIPPED.add_workdays(date.fromisoformat(start), n)
    assert deadline.day == date.fromisoformat(end)
    assert not deadline.provisional
    assert end in deadline.explanation.zh
    assert end in deadline.explanation.en


@pytest.mark.parametrize(
    ("day", "yes", "reason"),
    [
        ("2026-02-14", True, "星期六，春节调休上班"),
        ("2026-02-17", False, "春节放假"),
        ("2026-03-07", False, "星期六"),
        ("2026-03-09", True, "星期一"),
        ("2022-12-31", False, "元旦放假"),  # said by the notice of the year after
    ],
)
def test_why_a_day_is_one(day: str, *, yes: bool, reason: str) -> None:
    seen = SHIPPED.is_workday(date.fromisoformat(day))
    assert (seen.yes, seen.provisional, seen.reason.zh) == (yes, False, reason)


def test_an_explanation_names_the_holidays_on_the_way() -> None:
    label = SHIPPED.add_workdays(date(2026, 2, 13), 7).explanation
    assert "2026-02-16 至 2026-02-23 春节放假" in label.zh
    assert "2026-02-14、2026-02-28 星期六，春节调休上班" in label.zh
    assert "2026-02-14, 2026-02-28 Saturday, make-up workday for Spring Festival" in label.en


def test_the_other_way_round() -> None:
    assert SHIPPED.workdays_between(date(2026, 2, 13), date(2026, 3, 2)) == calendar.Lag(7, False)
    assert SHIPPED.workdays_between(date(2026, 3, 2), date(2026, 2, 13)) == calendar.Lag(0, False)
    assert SHIPPED.workdays_between(date(2026, 3, 2), date(2026, 3, 2)) == calendar.Lag(0, False)


def test_a_rest_day_shifts_the_last_day_of_a_limit() -> None:
    shifted = SHIPPED.next_workday(date(2026, 10, 3))
    assert shifted.day == date(2026, 10, 8)
    assert "顺延" in shifted.explanation.zh
    assert SHIPPED.next_workday(date(2026, 10, 8)).day == date(2026, 10, 8)


def test_no_length_is_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        SHIPPED.add_workdays(date(2026, 1, 1), -1)


# --- what is not known yet ----------------------------------------------------------------------------


def test_a_year_without_a_notice_is_provisional_and_has_its_statutory_days() -> None:
    new_year = SHIPPED.is_workday(date(2027, 1, 1))
    assert (new_year.yes, new_year.provisional) == (False, True)
    assert SHIPPED.is_workday(date(2027, 3, 2)).provisional
    assert SHIPPED.is_workday(date(2018, 10, 1)).provisional
    assert not SHIPPED.is_workday(date(2018, 10, 1)).yes


def test_the_last_ten_days_of_december_wait_for_the_next_notice() -> None:
    assert not SHIPPED.is_workday(date(2026, 12, 21)).provisional
    assert SHIPPED.is_workday(date(2026, 12, 22)).provisional
    assert not SHIPPED.is_workday(date(2025, 12, 31)).provisional, "the notice for 2026 is there"


def test_a_deadline_says_when_it_crosses_what_is_not_known() -> None:
    deadline = SHIPPED.add_workdays(date(2026, 12, 18), 7)
    assert deadline.provisional
    assert "暂定" in deadline.explanation.zh
    assert "provisional" in deadline.explanation.en
    assert SHIPPED.workdays_between(date(2026, 12, 18), date(2027, 1, 8)).provisional


def test_december_asks_for_next_years_notice() -> None:
    assert SHIPPED.alarms(date(2026, 11, 30)) == ()
    (alarm,) = SHIPPED.alarms(date(2026, 12, 1))
    assert "config/calendar/2027.toml" in alarm.zh
    assert "2027" in alarm.en
    assert len(SHIPPED.alarms(date(2027, 1, 1))) == 1, "a year that runs without its notice is red too"
    assert SHIPPED.alarms(date(2025, 12, 31)) == ()


# --- regions -----------------------------------------------------------------------------------------


def test_regions_have_days_of_their_own() -> None:
    day = date(2026, 4, 20)
    assert SHIPPED.is_workday(day).yes
    seen = SHIPPED.is_workday(day, "450100")
    assert (seen.yes, seen.reason.zh) == (False, "壮族三月三放假")
    assert SHIPPED.is_workday(day, "360100").yes


def test_what_was_not_confirmed_makes_deadlines_near_it_provisional() -> None:
    assert SHIPPED.is_workday(date(2026, 4, 22), "45").provisional
    assert not SHIPPED.is_workday(date(2026, 4, 24), "45").provisional
    assert SHIPPED.add_workdays(date(2026, 5, 25), 7, "64").provisional


# --- properties ---------------------------------------------------------------------------------------


@given(DAYS, st.integers(0, 60), REGIONS)
def test_adding_and_counting_agree(day: date, n: int, region: str) -> None:
    end = SHIPPED.add_workdays(day, n, region)
    assert SHIPPED.workdays_between(day, end.day, region) == calendar.Lag(n, end.provisional)
    assert n == 0 or SHIPPED.is_workday(end.day, region).yes


@given(DAYS, DAYS, st.integers(0, 30), REGIONS)
def test_an_earlier_start_never_ends_later(one: date, other: date, n: int, region: str) -> None:
    first, second = sorted((one, other))
    assert SHIPPED.add_workdays(first, n, region).day <= SHIPPED.add_workdays(second, n, region).day


@given(DAYS, REGIONS)
def test_a_shifted_day_is_the_first_working_day(day: date, region: str) -> None:
    shifted = SHIPPED.next_workday(day, region).day
    assert SHIPPED.is_workday(shifted, region).yes
    assert all(not SHIPPED.is_workday(day + step * ONE, region).yes for step in range((shifted - day).days))


# --- files ---------------------------------------------------------------------------------------------

GOOD = """
year = 2031
source = "通知"
address = "https://example.org/2031"
[[holiday]]
zh = "元旦"
en = "New Year"
off = [2031-01-01, 2031-01-03]
work = [2031-01-04]
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("year = 2031", "year = 2030"), "2031.toml: year: is 2030; name the file by its year"),
        (GOOD.replace("work = [2031-01-04]", "work = [2031-01-06]"), "2031-01-06 is a Monday"),
        (GOOD.replace("2031-01-03", "2031-02-03"), "is no holiday; give first and last day off"),
        (GOOD.replace("work = [2031-01-04]", "work = [2032-01-04]"), "2032-01-04 is not of 2031"),
        (GOOD.replace("2031-01-04", "2031-01-03"), "2031.toml: holiday.0: 2031-01-03 stands there twice"),
        (GOOD.replace("source", "sorce"), "2031.toml: sorce: is no key here; did you mean 'source'?"),
        (GOOD.replace('source = "通知"\n', ""), "2031.toml: source: is missing; add it; docs/rules.md"),
        ("year =", "2031.toml: file: is no TOML"),
    ],
)
def test_a_wrong_notice_is_refused_with_place_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "2031.toml").write_text(text, "utf-8")
    with pytest.raises(CreditError) as raised:
        calendar.load(tmp_path)
    assert said in str(raised.value)


def test_all_errors_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "2031.toml").write_text("year =", "utf-8")
    (tmp_path / "2032.toml").write_text(GOOD, "utf-8")
    (tmp_path / "_regions.toml").write_text("[regions.45]\nzh = '广西'\n", "utf-8")
    with pytest.raises(CreditError) as raised:
        calendar.load(tmp_path)
    assert [line.split(":")[0] for line in str(raised.value).splitlines()] == [
        "2031.toml",
        "2032.toml",
        "_regions.toml",
    ]


def test_an_empty_folder_is_no_calendar(tmp_path: Path) -> None:
    with pytest.raises(CreditError, match="there is no year in it"):
        calendar.load(tmp_path)


def test_a_notice_loaded_settles_its_year(tmp_path: Path) -> None:
    (tmp_path / "2031.toml").write_text(GOOD, "utf-8")
    loaded = calendar.load(tmp_path)
    assert not loaded.is_workday(date(2031, 5, 6)).provisional
    assert loaded.is_workday(date(2031, 1, 4)).yes
    assert loaded.is_workday(date(2030, 12, 30)).provisional


@pytest.mark.skipif("CREDIT_TEST_SHARED" not in os.environ, reason="CREDIT_TEST_SHARED names no folder")
@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_the_shipped_years_are_those_of_a_public_table(year: int) -> None:
    path = Path(os.environ["CREDIT_TEST_SHARED"]) / "data" / "calendar" / f"holiday_cn_{year}.json"
    for day in json.loads(path.read_text("utf-8"))["days"]:
        assert SHIPPED.is_workday(date.fromisoformat(day["date"])).yes is not day["isOffDay"], day
