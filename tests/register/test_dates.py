"""Civil dates 日期: what is read, with which precision, and what is refused with which sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditregister import dates
from creditregister.dates import LONG_TERM, Civil, DateError, parse
from support import naughty

DAYS = st.dates(date(1900, 1, 1), date(2098, 12, 31))
FIRST_OF_APRIL = Civil(date(2026, 4, 1), date(2026, 4, 1))


@pytest.mark.parametrize(
    "text",
    [
        "2026-04-01",
        "2026-4-1",
        "2026/4/1",
        "2026/04/01",
        "2026.4.1",
        "2026.04.01.",
        "20260401",
        "2026年4月1日",
        "2026年04月01日",
        "2026年4月1号",
        "2026年4月1",
        " 2026 年 4 月 1 日 ",
        "２０２６－０４－０１",
        "２０２６年４月１日",
        "2026–04–01",
        "二〇二六年四月一日",
        "二○二六年四月一日",
        "二零二六年四月一日",
        "2026年四月一日",
        "2026-04-01 00:00:00",
        "2026-4-1 12:30",
        "2026/4/1 0:00",
        "2026-04-01T12:30:00.000",
        "2026年4月1日 12时30分",
        "2026年4月1日12时30分15秒",
        "2026年4月1日12:30",
        "20260401123000",
        "'2026-04-01",
        "\u200b2026-04-01\ufeff",
    ],
)
def test_a_day_in_many_forms(text: str) -> None:
    assert parse(text) == FIRST_OF_APRIL
    assert not parse(text).converted


@given(DAYS)
def test_every_form_of_every_day(day: date) -> None:
    han = str.maketrans("0123456789", "〇一二三四五六七八九")
    year = str(day.year).translate(han)
    forms = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{year}年{_han(day.month)}月{_han(day.day)}日",
        f"{day.isoformat()} 23:59:59",
    ]
    assert {parse(form) for form in forms} == {Civil(day, day)}


def _han(number: int) -> str:
    """Write 1–31 in Chinese: 十, 十二, 二十, 三十一."""
    ones = " 一二三四五六七八九"
    tens, one = divmod(number, 10)
    return ("" if tens < 2 else ones[tens]) + ("十" if tens else "") + (ones[one] if one else "")


@pytest.mark.parametrize(
    ("text", "day"), [("二〇二五年廿八月一日", None), ("二〇二五年一月廿八日", date(2025, 1, 28))]
)
def test_old_numerals(text: str, day: date | None) -> None:
    if day is None:
        with pytest.raises(DateError):
            parse(text)
    else:
        assert parse(text).first == day


@pytest.mark.parametrize(
    "text",
    [
        "2017年第一季度",
        "2017年一季度",
        "2017年第1季度",
        "2017年1季度",
        "2017年度第一季度",
        "2017-Q1",
        "2017Q1",
        "2017年Q1",
        "二〇一七年第一季度",
        "2017年第一季度虚构地区重点企业排放情况",
        "2017年第一季度：企业名单",
    ],
)
def test_a_quarter(text: str) -> None:
    assert parse(text) == Civil(date(2017, 1, 1), date(2017, 3, 31), "quarter")
    assert parse(text).text == "2017-Q1"


@pytest.mark.parametrize("value", ["2017", "2017年", "2017年度", "二〇一七年", 2017, 2017.0])
def test_a_year(value: str | float) -> None:
    assert parse(value) == Civil(date(2017, 1, 1), date(2017, 12, 31), "year")
    assert parse(value).text == "2017"


@pytest.mark.parametrize(
    "value",
    [
        "长期",
        "長期",
        "永久",
        "长期有效",
        "2099-12-31",
        "2099/12/31",
        "9999-12-31",
        "20991231",
        date(9999, 12, 31),
    ],
)
def test_long_term(value: str | date) -> None:
    civil = parse(value)
    assert civil == LONG_TERM
    assert civil.open
    assert civil.text == "长期"
    assert civil.last == date.max


@given(
    st.one_of(
        DAYS.map(str),
        DAYS.map(lambda day: f"{day.year}-Q{(day.month + 2) // 3}"),
        DAYS.map(lambda day: str(day.year)),
    )
)
def test_what_is_stored_is_read_back(text: str) -> None:
    assert parse(text).text == text


# --- spreadsheets -----------------------------------------------------------------------------------


@given(DAYS.filter(lambda day: day > date(1906, 1, 1)), st.floats(0, 0.999))
def test_serial_days_of_both_systems(day: date, time_of_day: float) -> None:
    from_1900 = (day - date(1899, 12, 30)).days + time_of_day
    assert parse(from_1900) == Civil(day, day)
    if day > date(1911, 1, 1):
        assert parse((day - date(1904, 1, 1)).days + time_of_day, epoch1904=True) == Civil(day, day)


def test_numbers_of_known_spreadsheets() -> None:
    assert parse(46113) == FIRST_OF_APRIL
    assert parse(44651, epoch1904=True) == FIRST_OF_APRIL
    assert parse(20260401) == FIRST_OF_APRIL


@pytest.mark.parametrize("value", [0, -1, 0.5, 99_999, 1e300, float("nan"), float("inf"), True, 20261301])
def test_numbers_that_are_no_dates(value: float) -> None:
    with pytest.raises(DateError):
        parse(value)


# --- moments ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "converted"),
    [
        ("2026-03-31T16:00:00Z", True),
        ("2026-03-31T16:00:00+00:00", True),
        ("2026-04-01T02:00:00+0900", True),
        ("2026-03-31 12:00:00-05:00", True),
        ("2026-04-01T00:00:00+08:00", False),
    ],
)
def test_a_moment_becomes_the_day_in_shanghai_and_says_so(text: str, converted: bool) -> None:  # noqa: FBT001 -- a case of the table
    assert parse(text) == FIRST_OF_APRIL
    assert parse(text).converted is converted


@given(
    st.datetimes(datetime.fromisoformat("1950-01-02"), datetime.fromisoformat("2098-12-30")),
    st.integers(-12, 14),
)
def test_moments_as_text_and_as_values_agree(moment: datetime, hours: int) -> None:
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    assert parse(aware.isoformat()) == parse(aware)
    assert parse(aware).first == (moment + timedelta(hours=8 - hours)).date()


def test_a_moment_without_offset_is_taken_as_shanghai_time() -> None:
    assert parse(datetime.fromisoformat("2026-04-01T23:59")) == FIRST_OF_APRIL
    assert parse(datetime(2026, 3, 31, 23, 59, tzinfo=UTC)) == FIRST_OF_APRIL
    assert parse(date(2026, 4, 1)) == FIRST_OF_APRIL


# --- refusals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" \u3000", "empty"),
        ("01/02/2026", "day_or_month_first"),
        ("13/02/2026", "day_or_month_first"),
        ("1-2-26", "day_or_month_first"),
        ("26-4-1", "two_digit_year"),
        ("26年4月1日", "two_digit_year"),
        ("26.4.1 12:00", "two_digit_year"),
        ("2026-04", "month_only"),
        ("2026年4月", "month_only"),
        ("2026年4月份", "month_only"),
        ("202604", "month_only"),
        ("46113", "serial_as_text"),
        ("46113.5", "serial_as_text"),
        ("2026-02-30", "no_such_day"),
        ("20261301", "no_such_day"),
        ("2025年2月29日", "no_such_day"),
        ("2026-04-01 25:00", "no_such_day"),
        ("2026-04-01T00:00:00+99:00", "no_such_day"),
        ("0206-04-01", "year_out_of_range"),
        ("1899-12-31", "year_out_of_range"),
        ("2101-01-01", "year_out_of_range"),
        ("3026", "year_out_of_range"),
        ("2017年第一季度至第三季度", "unreadable"),
        ("2017年上半年", "unreadable"),
        ("2026-W14-3", "unreadable"),
        ("明天", "unreadable"),
        ("1 Apr 2026", "unreadable"),
        ("/", "unreadable"),
    ],
)
def test_refused_with_a_reason(text: str, code: str) -> None:
    with pytest.raises(DateError) as refused:
        parse(text)
    assert refused.value.code == code
    assert str(refused.value) == refused.value.zh
    assert refused.value.zh.endswith("。")
    assert refused.value.en.endswith(".")


def test_the_sentence_says_what_was_given_and_what_to_write() -> None:
    with pytest.raises(DateError, match=r"“01/02/2026”.*2026-04-01"):
        parse("01/02/2026")


def test_an_identity_number_in_the_wrong_column_is_not_repeated() -> None:
    with pytest.raises(DateError) as refused:
        parse("360102197003071234")
    assert "1970" not in refused.value.zh + refused.value.en


@given(
    st.one_of(
        st.text(st.characters(), max_size=40),
        st.from_regex(r"[0-9]{1,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}.{0,8}", fullmatch=True),
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    answer = _read(text)
    if isinstance(answer, Civil):
        assert answer.first <= answer.last
        assert parse(answer.text) == answer
    else:
        assert answer.code


def _read(text: str) -> Civil | DateError:
    try:
        return parse(text)
    except DateError as error:
        return error


@pytest.mark.parametrize("text", naughty.ALL)
def test_naughty_strings_are_read_or_refused(text: str) -> None:
    assert isinstance(_read(text), Civil | DateError)


def test_a_long_text_costs_no_more_than_its_beginning() -> None:
    parse("2017年第一季度" + "情况" * 100_000)
    assert dates._parse_text.cache_info().maxsize is not None
