"""Days off 放假 and make-up workdays 调休 as files: ``config/calendar`` read and checked (DOMAIN 1.9).

``<year>.toml`` is the State Council's notice for a year, ``_regions.toml`` holds what 广西, 宁夏 and 新疆
have beside it. What is stated wrongly is refused with place, reason and remedy, all errors at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import Field as Limit

from creditregister.kinds.files import Shape, Text
from creditregister.kinds.model import Label
from creditregister.kinds.problems import Wrong
from creditregister.lawfiles import MANUAL, LawError, read, shaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

REGIONS = "_regions.toml"
SATURDAY = 5
DECEMBER = 12
#: The longest holiday that a notice may state; more is a slip of the pen.
_LONGEST = 14


@dataclass(frozen=True, slots=True)
class Entry:
    """What a notice, a region or the statute says of a day; ``sure``: it was announced."""

    off: bool
    name: Label
    sure: bool


Days = dict[date, Entry]


@lru_cache(maxsize=200)
def statutory(year: int) -> Mapping[date, Entry]:
    """The statutory holidays of a year without a notice; make-up workdays are nobody's to guess."""
    import holidays  # noqa: PLC0415 -- a quarter second, for years without notice only

    name = Label("法定节假日", "statutory holiday")
    return {
        day: Entry(off=True, name=name, sure=False) for day in holidays.country_holidays("CN", years=year)
    }


class HolidayShape(Shape):
    """``[[holiday]]`` of a year: first and last day off, make-up workdays."""

    zh: Text
    en: Text
    off: tuple[date, date]
    work: tuple[date, ...] = ()


class YearShape(Shape):
    """``<year>.toml``: a State Council notice."""

    year: int = Limit(ge=1950, le=2100)
    source: Text
    address: Text
    holiday: tuple[HolidayShape, ...] = Limit(min_length=1)


class RegionalShape(Shape):
    """``[[regions.<code>.holiday]]``: first and last day off in each year."""

    zh: Text
    en: Text
    off: tuple[tuple[date, date], ...]


class RegionShape(Shape):
    """``[regions.<two digits>]``; ``unconfirmed``: its days are computed, no notice was seen."""

    zh: Text
    en: Text
    unconfirmed: bool = False
    holiday: tuple[RegionalShape, ...] = ()


class RegionsShape(Shape):
    """``_regions.toml``."""

    regions: dict[str, RegionShape]


def read_folder(folder: Path) -> tuple[dict[int, Days], dict[str, Days]]:
    """The notices by year, and the regions' own days by the two digits of their area code.

    Raises:
        LawError: with every error of every file.
    """
    wrong: list[Wrong] = []
    notices: dict[int, Days] = {}
    regions: dict[str, Days] = {}
    for path in sorted(folder.glob("*.toml")):
        table = read(path, wrong)
        if table is None:
            continue
        if path.name == REGIONS:
            regions = _read_regions(table, wrong)
        elif (year := shaped(YearShape, path.name, table, wrong)) is not None:
            notices[year.year] = _notice(path, year, wrong)
    if not notices and not wrong:
        wrong.append(Wrong(str(folder), "file", "there is no year in it", f"add <year>.toml; {MANUAL}"))
    if wrong:
        raise LawError(wrong)
    return notices, regions


def _notice(path: Path, shape: YearShape, wrong: list[Wrong]) -> Days:
    if path.stem != str(shape.year):
        wrong.append(Wrong(path.name, "year", f"is {shape.year}", "name the file by its year"))
    days: Days = {}
    for place, holiday in enumerate(shape.holiday):
        key, name = f"holiday.{place}", Label(holiday.zh, holiday.en)
        stated = [(day, True) for day in _days(path.name, f"{key}.off", holiday.off, wrong)]
        stated += [(day, False) for day in holiday.work]
        for day, off in stated:
            _check_day(path.name, key, day, shape.year, off=off, wrong=wrong)
            if day in days:
                wrong.append(Wrong(path.name, key, f"{day} stands there twice", "keep one of them"))
            days[day] = Entry(off, name, sure=True)
    return days


def _check_day(file: str, key: str, day: date, year: int, *, off: bool, wrong: list[Wrong]) -> None:
    if day.year != year and (day.year, day.month) != (year - 1, DECEMBER):
        wrong.append(Wrong(file, key, f"{day} is not of {year}", "correct the day, or move it to its year"))
    if not off and day.weekday() < SATURDAY:
        remedy = "a make-up workday falls on a weekend; correct the day"
        wrong.append(Wrong(file, f"{key}.work", f"{day} is a {day:%A}", remedy))


def _days(file: str, key: str, span: tuple[date, date], wrong: list[Wrong]) -> Iterator[date]:
    first, last = span
    if not 0 <= (last - first).days < _LONGEST:
        wrong.append(Wrong(file, key, f"{first} to {last} is no holiday", "give first and last day off"))
        return
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)


def _read_regions(table: dict[str, Any], wrong: list[Wrong]) -> dict[str, Days]:
    shape = shaped(RegionsShape, REGIONS, table, wrong)
    found: dict[str, Days] = {}
    for code, region in (shape.regions if shape else {}).items():
        days = found.setdefault(code, {})
        for holiday in region.holiday:
            for span in holiday.off:
                for day in _days(REGIONS, f"regions.{code}", span, wrong):
                    name = Label(holiday.zh, holiday.en)
                    days[day] = Entry(off=True, name=name, sure=not region.unconfirmed)
    return found
