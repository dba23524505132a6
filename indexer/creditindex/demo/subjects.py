"""Invented subjects 信用主体: organisations and individual businesses, each a function of seed and index.

Nothing is kept in memory but the most asked for; so a million records need no list of their subjects.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from creditindex.demo import numbers, people, words
from creditindex.demo.places import PLACES, Place

_SUBJECT, _BUSINESS = 21, 22
_FORMS = tuple(form for form, share in words.FORMS for _ in range(share))
# Department and organisation kind of GB 32100: the first two characters of the unified code.
_KINDS = {"co-operative": "93", "shop": "92", "institution": "12", "association": "51"}
# The last ten thousand serial numbers of organisation codes belong to the units of ``units``.
_SERIALS = 31**6 - 10_000
_LATIN_PER_MILLE = 12
_BRACKETS_PER_CENT = 8
#: How many subjects stay in memory.
_KEPT = 60_000


@dataclass(frozen=True, slots=True)
class Subject:
    """An identified subject; ``shape`` says which codes a delivery gives: unified, old, both or none."""

    name: str
    former: str
    unified: str
    organisation: str
    registration: str
    area: str
    business: bool
    representative: people.Person
    shape: str
    place: Place


@lru_cache(maxsize=_KEPT)
def subject(seed: int, index: int) -> Subject:
    """The subject of that index; one in seven is an individual business with its own trade name."""
    bits = numbers.mixed(seed, _SUBJECT, index)
    bits, form_draw = divmod(bits, len(_FORMS))
    bits, place_draw = divmod(bits, len(PLACES))
    bits, shape_draw = divmod(bits, 1000)
    form, place = _FORMS[form_draw], PLACES[place_draw]
    # Every 97th bears the name of the one before it: the page must warn of the same name.
    twin = index - 1 if index % 97 == 96 else index
    name_bits = numbers.mixed(seed, _SUBJECT, twin, 1)
    if twin != index:
        form, place = _twin_of(seed, twin)
    name = _name(name_bits, form, place)
    former = _name(numbers.mixed(seed, _SUBJECT, index, 2), form, place) if shape_draw % 8 == 0 else ""
    organisation = numbers.organisation(bits % _SERIALS)
    return Subject(
        name=name,
        former=former,
        unified=numbers.unified(_KINDS.get(form, "91"), place.area, organisation),
        organisation=organisation,
        registration=numbers.registration(place.area, bits // _SERIALS % 10**8),
        area=place.area,
        business=form == "shop",
        representative=people.representative(seed, index),
        shape=_shape(shape_draw),
        place=place,
    )


@dataclass(frozen=True, slots=True)
class Operated:
    """An individual business under its operator's name: personal data, treated as a natural person."""

    name: str
    unified: str
    operator: people.Person
    area: str


def operated(seed: int, index: int) -> Operated:
    """The individual business of that index whose name holds the operator's, or is nothing but it."""
    bits = numbers.mixed(seed, _BUSINESS, index)
    bits, draw = divmod(bits, len(PLACES))
    bits, bare = divmod(bits, 5)
    bits, shop = divmod(bits, len(words.SHOPS))
    place, operator = PLACES[draw], people.operator(seed, index)
    trade = f"{place.city}{place.district}{operator.name}{words.SHOPS[shop]}"
    return Operated(
        name=operator.name if bare == 0 else trade,
        unified=numbers.unified("92", place.area, numbers.organisation(bits % _SERIALS)),
        operator=operator,
        area=place.area,
    )


def _twin_of(seed: int, index: int) -> tuple[str, Place]:
    bits, form_draw = divmod(numbers.mixed(seed, _SUBJECT, index), len(_FORMS))
    return _FORMS[form_draw], PLACES[bits % len(PLACES)]


def _shape(draw: int) -> str:
    """In per mille: old codes only 25, unified and old 150, no code at all 15, else the unified code."""
    if draw < 25:
        return "old"
    if draw < 175:
        return "both"
    return "none" if draw < 190 else "unified"


def _name(bits: int, form: str, place: Place) -> str:
    """Region, brand, industry and legal form, in the orders that names really have."""
    bits, style = divmod(bits, 100)
    bits, industry_draw = divmod(bits, len(words.INDUSTRIES))
    bits, extra = divmod(bits, 1000)
    brand = _brand(bits)
    industry = words.INDUSTRIES[industry_draw]
    if form in _SPECIAL:
        return _SPECIAL[form](place, brand, industry, extra)
    if extra < _LATIN_PER_MILLE:
        brand += words.LATIN[extra % len(words.LATIN)]
    if style < _BRACKETS_PER_CENT:
        left, right = "（）" if style % 4 else "()"
        return f"{brand}{left}{place.short_city}{right}{industry}{form}"
    return f"{place.city if style % 2 else place.short_city}{brand}{industry}{form}"


def _shop(place: Place, brand: str, _industry: str, extra: int) -> str:
    return f"{place.city}{place.district}{brand}{words.SHOPS[extra % len(words.SHOPS)]}"


def _institution(place: Place, _brand: str, _industry: str, extra: int) -> str:
    return f"{place.city}{place.district}{words.INSTITUTIONS[extra % len(words.INSTITUTIONS)]}"


def _association(place: Place, brand: str, _industry: str, extra: int) -> str:
    return f"{place.city}{brand}{words.ASSOCIATIONS[extra % len(words.ASSOCIATIONS)]}"


def _cooperative(place: Place, brand: str, _industry: str, _extra: int) -> str:
    return f"{place.district}{brand}种植养殖农民专业合作社"


def _branch(place: Place, brand: str, industry: str, _extra: int) -> str:
    return f"云泽{brand}{industry}有限公司{place.short_city}分公司"


_SPECIAL = {
    "shop": _shop,
    "institution": _institution,
    "association": _association,
    "co-operative": _cooperative,
    "branch": _branch,
}


def _brand(bits: int) -> str:
    """Two characters, three in one of four names, one that GBK lacks in one of five hundred."""
    bits, first = divmod(bits, len(words.BRAND))
    bits, second = divmod(bits, len(words.BRAND))
    bits, third = divmod(bits, 4 * len(words.BRAND))
    brand = words.BRAND[first] + (words.RARE_BRAND if bits % 500 == 0 else words.BRAND[second])
    return brand + words.BRAND[third] if third < len(words.BRAND) else brand
