"""Invented bodies 决定机关 and source units 数据来源单位 of the demo province.

They stand in the file that ``credit-register units import`` reads (name, code, area, superior, aliases).
"""

from __future__ import annotations

from dataclasses import dataclass

from creditindex.demo import numbers
from creditindex.demo.places import CITIES, PLACES, PROVINCE, PROVINCE_AREA, city_area

#: A unit for trying things by hand: ``credit-index load FILE --source 示范单位``.
SAMPLE_UNIT = "示范单位"
#: Offices that every city has: name, short form in document numbers.
OFFICES = {
    "市场监督管理局": "市监",
    "行政审批局": "审批",
    "生态环境局": "环",
    "住房和城乡建设局": "建",
    "应急管理局": "应急",
    "交通运输局": "交",
    "人力资源和社会保障局": "人社",
    "发展和改革委员会": "发改",
}
#: How a city is written in document numbers; the first character, made unlike for all nine.
CITY_SHORT = {city: city[0] for city in CITIES}
# What an office was called before, as older files still have it.
_FORMER = {
    "市场监督管理局": "工商行政管理局",
    "行政审批局": "政务服务管理局",
    "应急管理局": "安全生产监督管理局",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as it stands in the units file."""

    name: str
    code: str
    area: str
    superior: str = ""
    aliases: tuple[str, ...] = ()


def all_units() -> list[Unit]:
    """Every unit, superiors before those below them."""
    found = [Unit(SAMPLE_UNIT, _code(PROVINCE_AREA, 1), PROVINCE_AREA)]
    found += [
        Unit(f"{PROVINCE}{office}", _code(PROVINCE_AREA, 10 + place), PROVINCE_AREA)
        for place, office in enumerate(OFFICES)
    ]
    high = Unit(f"{PROVINCE}高级人民法院", _code(PROVINCE_AREA, 30), PROVINCE_AREA)
    found.append(high)
    for place, city in enumerate(CITIES, start=1):
        found += _of_city(city, 100 * place, high.name)
    return found


def _of_city(city: str, serial: int, high_court: str) -> list[Unit]:
    area = city_area(city)
    offices = [
        Unit(
            f"{city}{office}",
            _code(area, serial + number),
            area,
            f"{PROVINCE}{office}",
            (f"{city}{_FORMER[office]}",) if office in _FORMER else (),
        )
        for number, office in enumerate(OFFICES)
    ]
    court = Unit(middle_court(city), _code(area, serial + 20), area, high_court)
    lower = [
        Unit(
            court_of(place.city, place.district),
            _code(place.area, serial + 21 + number),
            place.area,
            court.name,
        )
        for number, place in enumerate(place for place in PLACES if place.city == city)
    ]
    return [*offices, court, *lower]


def middle_court(city: str) -> str:
    """The intermediate court 中级人民法院 of a city."""
    return f"{PROVINCE}{city}中级人民法院"


def court_of(city: str, district: str) -> str:
    """The court of a district or county."""
    return f"{city}{district}人民法院"


def codes() -> dict[str, str]:
    """Unit name to unified code."""
    return {unit.name: unit.code for unit in all_units()}


def _code(area: str, serial: int) -> str:
    # Serial numbers from the top of the range, which subjects leave alone.
    return numbers.unified("11", area, numbers.organisation(31**6 - 1 - serial))
