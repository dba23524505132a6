"""Invented places 虚构地区: one province, nine cities, five districts each.

No division in the official tables (villages aside) bears one of these names; the area codes stand under
the reserved prefix of ``numbers``.
"""

from __future__ import annotations

from dataclasses import dataclass

from creditindex.demo.numbers import AREA_PREFIX

PROVINCE = "云泽省"
#: How the province is written in case numbers: (2025)泽0102执12号.
PROVINCE_SHORT = "泽"
_CITIES = ("砚州", "霜塘", "澜安", "鹿汀", "槐川", "枫岚", "沧宁", "墨洲", "葭州")
_DISTRICTS = ("望栖区", "雁渚区", "榆湾区", "蓼原县", "苇原县")


@dataclass(frozen=True, slots=True)
class Place:
    """A district or county: its own name, its city, and its area code of six digits."""

    city: str
    district: str
    area: str
    city_area: str

    @property
    def short_city(self) -> str:
        """The city without 市, as names and document numbers have it."""
        return self.city[:-1]

    @property
    def court(self) -> str:
        """The short form 法院代字 of its court."""
        return f"{PROVINCE_SHORT}{self.area[len(AREA_PREFIX) :]}"

    @property
    def full(self) -> str:
        """Province, city and district in one."""
        return f"{PROVINCE}{self.city}{self.district}"


def _all() -> tuple[Place, ...]:
    return tuple(
        Place(
            city=f"{city}市",
            district=district,
            area=f"{AREA_PREFIX}{c:02d}{d:02d}",
            city_area=f"{AREA_PREFIX}{c:02d}00",
        )
        for c, city in enumerate(_CITIES, start=1)
        for d, district in enumerate(_DISTRICTS, start=1)
    )


PLACES = _all()
CITIES = tuple(f"{city}市" for city in _CITIES)
PROVINCE_AREA = f"{AREA_PREFIX}0000"


def city_area(city: str) -> str:
    """The area code of a city, such as 砚州市."""
    return f"{AREA_PREFIX}{CITIES.index(city) + 1:02d}00"
