"""Civil dates 日期 as source units write them: a day, a quarter or a year, never more than is known.

All dates are Asia/Shanghai civil dates. A moment with another offset becomes the Shanghai day and
says so (``converted``). What can be read in two ways (01/02/2026, 26-4-1) is refused with a sentence,
because a publicity period counted from a guessed day would be wrong in law (DOMAIN 1.11, Counting).
"""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final, Literal, NoReturn

from creditregister.clock import SHANGHAI
from creditregister.codes import find_identities
from creditregister.text import FOLDS

Precision = Literal["day", "quarter", "year"]

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100
_LONGEST: Final = 200
_ISO_LENGTH: Final = 10
#: Spreadsheet day 0: of 1900 (with its leap day that never was, so right from 1900-03-01 on), of 1904.
_EPOCH_1900: Final = date(1899, 12, 30)
_EPOCH_1904: Final = date(1904, 1, 1)
_LAST_SERIAL: Final = 73_050  # 2099-12-31 counted from 1900
_FIRST_COMPACT: Final = _FIRST_YEAR * 10_000

_OPEN_WORDS: Final = frozenset(
    ("长期", "长期有效", "永久", "永久有效", "永久性", "无固定期限", "无期限", "无限期", "不限", "长久"),
)
_OPEN_DAYS: Final = frozenset({date(2099, 12, 31), date(9999, 12, 31)})


class DateError(ValueError):
    """A date that cannot be read, or could be read in two ways: ``code``, and a sentence each."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(zh)
        self.code = code
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Civil:
    """The days from ``first`` to ``last``, as exactly as the source knows them.

    ``open`` is "long term" 长期, an end that is not set; then both days are the last that exists.
    """

    first: date
    last: date
    precision: Precision = "day"
    open: bool = False
    #: It was a moment with another offset than Shanghai's; worth a warning, not part of the value.
    converted: bool = field(default=False, compare=False)

    @property
    def text(self) -> str:
        """The form in which contents hold it: 2026-04-01, 2017-Q1, 2017 or 长期; ``parse`` reads it."""
        if self.open:
            return "长期"
        if self.precision == "year":
            return f"{self.first.year:04d}"
        if self.precision == "quarter":
            return f"{self.first.year:04d}-Q{(self.first.month + 2) // 3}"
        return self.first.isoformat()


#: 长期: what 2099-12-31 and 9999-12-31 customarily mean.
LONG_TERM: Final = Civil(date.max, date.max, open=True)


def parse(value: str | float | date, *, epoch1904: bool = False) -> Civil:
    """Read a date from a cell: text, a spreadsheet's number, a date or a moment.

    A number is a serial day of a spreadsheet (``epoch1904``: counted from 1904), or a year, or
    year, month and day in eight digits; a serial day given as text is refused, it may be anything.

    Raises:
        DateError: with a sentence that says what is wrong and what to write instead.
    """
    if isinstance(value, str):
        return _parse_text(value[:_LONGEST])
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return _day(value)
    return _number(value, epoch1904=epoch1904)


def _moment(value: datetime) -> Civil:
    """Take the Shanghai day of a moment; one without offset is taken as Shanghai time."""
    if value.tzinfo is None or value.utcoffset() == timedelta(hours=8):
        return _day(value.date())
    try:
        day = _day(value.astimezone(SHANGHAI).date())
    except OverflowError:
        _refuse_year(value.year)
    return Civil(day.first, day.last, open=day.open, converted=True)


def _day(day: date) -> Civil:
    if day in _OPEN_DAYS:
        return LONG_TERM
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        _refuse_year(day.year)
    return Civil(day, day)


def _year(year: int) -> Civil:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        _refuse_year(year)
    return Civil(date(year, 1, 1), date(year, 12, 31), "year")


def _quarter(year: int, quarter: int) -> Civil:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        _refuse_year(year)
    month = quarter * 3
    last = date(year, month, calendar.monthrange(year, month)[1])
    return Civil(date(year, month - 2, 1), last, "quarter")


def _number(value: float, *, epoch1904: bool) -> Civil:
    """Read a number: a year, eight digits, or a serial day whose fraction is the time of the day."""
    if isinstance(value, bool) or not math.isfinite(value) or value < 1:
        _refuse("number", "这个数字不是日期。", "This number is no date.")
    if value == int(value) and _FIRST_YEAR <= value <= _LAST_YEAR:
        return _year(int(value))
    if value == int(value) and value >= _FIRST_COMPACT:
        return _parse_text(str(int(value)))
    if value > _LAST_SERIAL:
        _refuse(
            "number",
            "这个数字超出了电子表格日期的范围。",
            "This number is out of the range of a spreadsheet's dates.",
        )
    return _day((_EPOCH_1904 if epoch1904 else _EPOCH_1900) + timedelta(days=int(value)))


# --- text -------------------------------------------------------------------------------------------

#: As the fold, but white space stays: 2026-4-1 12:30 must not become 2026-4-112:30.
_PLAIN: Final = FOLDS | {code: " " for code, folded in FOLDS.items() if not folded and chr(code).isspace()}
_GAPS: Final = re.compile(r"(?<=[年月日号/.-]) +| {1,9}+(?=[年月日号/.-])")
_DAYS: Final = tuple(
    re.compile(form)
    for form in (
        r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2}+)(?P=mark)(?P<day>[0-9]{1,2}+)\.?",
        r"(?P<year>[0-9]{4})年(?P<month>[0-9]{1,2}+)月(?P<day>[0-9]{1,2}+)[日号]?",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
    )
)
# "or nothing" instead of a possessive group: Python before 3.11.5 loses what is captured inside of one.
_TIME: Final = re.compile(
    r"[ t]?+(?P<hour>[0-9]{1,2}+)[:时点](?:(?P<minute>[0-9]{1,2}+)[:分]?+|)"
    r"(?:(?<=[:分])(?P<second>[0-9]{1,2}+)(?:\.[0-9]{1,9}+)?+秒?+|) ?(?P<offset>z|[+-][0-9]{2}:?[0-9]{2})?",
)
_COMPACT_MOMENT: Final = re.compile(r"([0-9]{8})(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]")
#: Also in front of a sentence (2017年第一季度国家重点监控企业…), but not the first of several quarters.
_QUARTER: Final = re.compile(r"([0-9]{4})年?度?第?([一二三四1-4])季度?+(?! ?[至到和及与、~-])")
_SHORT_QUARTER: Final = re.compile(r"([0-9]{4})[年-]? ?q([1-4])")
_YEAR: Final = re.compile(r"([0-9]{4})(?:年度?)?")
_MONTH: Final = re.compile(r"[0-9]{4}(?:年[0-9]{1,2}月?份?|[-/.][0-9]{1,2})|[0-9]{6}")
_TWO_DIGITS: Final = re.compile(r"'?[0-9]{2}(?:年|[-/.])[0-9]{1,2}(?:月|[-/.])[0-9]{1,2}(?![0-9]).*")
_DAY_FIRST: Final = re.compile(r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ](?:[0-9]{4}|[0-9]{2})(?![0-9]).*")
_SERIAL: Final = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")

_NUMERALS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_HAN_YEAR: Final = re.compile(r"[〇零一二三四五六七八九]{4}(?=年)")
_HAN_NUMBER: Final = re.compile(r"[一二三四五六七八九十廿卅]{1,3}(?=[月日号])")


@lru_cache(maxsize=8192)
def _parse_text(text: str) -> Civil:
    """Read text; cached, because the same days are repeated over and over in a file."""
    if iso := _iso(text):
        return _day(iso)
    plain = _GAPS.sub("", text.translate(_PLAIN).strip(" '"))
    if not plain:
        _refuse("empty", "日期为空。", "The date is empty.")
    if plain in _OPEN_WORDS:
        return LONG_TERM
    return _read(_arabic(plain)) or _explain(_arabic(plain), text)


def _iso(text: str) -> date | None:
    """Read 2026-04-01, which nearly all dates in files are; the library alone would take weeks too."""
    if len(text) != _ISO_LENGTH or not text[4] == text[7] == "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _arabic(plain: str) -> str:
    """Write Chinese numerals as digits: 二〇二六年四月一日 → 2026年4月1日."""
    plain = _HAN_YEAR.sub(lambda match: match[0].translate(_NUMERALS), plain, count=1)
    return _HAN_NUMBER.sub(lambda match: str(_han_number(match[0])), plain)


def _han_number(text: str) -> int:
    """Read a Chinese number up to 39: 四, 十二, 二十一, 廿八, 三十."""
    tens, ten, ones = text.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    number = int(ones.translate(_NUMERALS) or 0)
    return number + 10 * int(tens.translate(_NUMERALS) or 1) if ten else number


def _read(plain: str) -> Civil | None:
    """Read the forms that say what they mean; None if it is none of them."""
    for form in _DAYS:
        if (match := form.match(plain)) and (civil := _with_time(match, plain[match.end() :])):
            return civil
    if match := _COMPACT_MOMENT.fullmatch(plain):
        return _parse_text(match[1])
    if match := _QUARTER.match(plain) or _SHORT_QUARTER.fullmatch(plain):
        return _quarter(int(match[1]), int(match[2].translate(_NUMERALS)))
    if match := _YEAR.fullmatch(plain):
        return _year(int(match[1]))
    return None


def _with_time(match: re.Match[str], rest: str) -> Civil | None:
    """Make the day, or the Shanghai day of the moment; None if what follows the day is no time."""
    at = _TIME.fullmatch(rest)
    if rest and (at is None or not (rest[0] in " t" or match[0][-1] in "日号")):
        return None
    try:
        day = date(int(match["year"]), int(match["month"]), int(match["day"]))
        if at is None:
            return _day(day)
        hour, minute, second = (int(at[part] or 0) for part in ("hour", "minute", "second"))
        clock = time(hour, minute, second, tzinfo=_offset(at["offset"]))
        return _moment(datetime.combine(day, clock))
    except DateError:
        raise
    except ValueError:
        return _refuse(
            "no_such_day",
            f"“{match[0]}{rest}”不是一个存在的日期或时间。",
            f"“{match[0]}{rest}” is no day or time that exists.",
        )


def _offset(text: str | None) -> timezone:
    """Read Z, +08:00 or +0800; without one it is Shanghai time."""
    if text is None:
        return SHANGHAI
    digits = text.replace(":", "")
    minutes = 0 if text == "z" else int(digits[1:3]) * 60 + int(digits[3:5])
    return timezone(timedelta(minutes=-minutes if text.startswith("-") else minutes))


# --- refusals ---------------------------------------------------------------------------------------

_SAY: Final = (
    (
        _DAY_FIRST,
        "day_or_month_first",
        "{}分不清日、月、年的先后，请写成 2026-04-01 的形式。",
        "{} can be read day first or month first; write it like 2026-04-01.",
    ),
    (
        _TWO_DIGITS,
        "two_digit_year",
        "{}的年份只有两位，请写四位年份，如 2026-04-01。",
        "{} has a year of two digits; write four, like 2026-04-01.",
    ),
    (
        _MONTH,
        "month_only",
        "{}只有年月，没有日；请写到日（2026-04-01）、季度（2026-Q2）或年（2026）。",
        "{} is a month; give a day (2026-04-01), a quarter (2026-Q2) or a year (2026).",
    ),
    (
        _SERIAL,
        "serial_as_text",
        "{}像电子表格的日期序号，却是文本；请把该列设为日期格式后重新导出。",
        "{} looks like a spreadsheet's day number, but is text; format the column as date and export again.",
    ),
)


def _explain(plain: str, text: str) -> NoReturn:
    """Refuse a date that could not be read, as exactly as its form allows."""
    quoted = _quoted(text)
    for form, code, zh, en in _SAY:
        if form.fullmatch(plain):
            _refuse(code, zh.format(quoted), en.format(quoted))
    _refuse(
        "unreadable",
        f"{quoted}不是能识别的日期，请写成 2026-04-01 的形式。",
        f"{quoted} is not a date in a known form; write it like 2026-04-01.",
    )


def _quoted(text: str) -> str:
    """Quote what was given, shortened; an identity number in the wrong column is not repeated."""
    if find_identities(text):
        return "这里的内容"
    shortest = 20
    return f"“{text}”" if len(text) <= shortest else f"“{text[:shortest]}…”"


def _refuse_year(year: int) -> NoReturn:
    _refuse(
        "year_out_of_range",
        f"年份 {year} 不在 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间。",
        f"The year {year} is not between {_FIRST_YEAR} and {_LAST_YEAR}.",
    )


def _refuse(code: str, zh: str, en: str) -> NoReturn:
    raise DateError(code, zh, en)
