"""Identity numbers 居民身份证号 (GB 11643): recognised wherever they stand, so that they can be hidden.

A code of 18 digits may be a unified code or an identity number. The decision, in figures:

* Of all identity numbers 1 in 31 fits the check of a unified code, 1 in 341 also that of the
  organisation code inside. Of all unified codes with digits only, about 1 in 20,000 has a birth date
  at places 7–14 *and* the check of an identity number. With both checks right it is therefore far
  more likely a person, and hiding a body's code does less harm than showing a person's: **identity**.
* First digit 9 (companies; since 2023 also the card of permanent foreign residents): there are a
  hundred million such companies and few such cards, so with both checks and the inner one right it
  is a **unified code**.
* Check of the identity number wrong, but a province and a birth date before 2016 stand where they
  should: a slip or a disguised number, **identity**, unless the check of a unified code is right.
  (Document numbers are often made of area, a recent date and a serial; those are left alone.)
* 17 digits with a province and a birth date before 2016: the check character was lost, **identity**.
* 15 digits with a birth date (numbers before 1999, no check): **identity**, unless the check of a
  registration number is right (nine in ten identity numbers fail it; 1 in 27 registration numbers
  has a birth date, and these are what stands in code columns).

A column that can only hold a body's code is checked with ``check_unified`` instead, which warns.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from creditregister.codes.arithmetic import (
    identity_check,
    organisation_check,
    registration_check,
    unified_check,
)
from creditregister.codes.shapes import IDENTITY

#: The first two digits of identity numbers: provinces, and 81–83 for residents from the islands.
PROVINCES: Final = frozenset(
    (
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ),
)
#: Fixed years, not "today": whether a number is a person's must not depend on when it is asked.
_CENTURIES: Final = frozenset(("18", "19", "20"))
_FIRST_YEAR: Final = 1890
_LAST_YEAR: Final = 2049
_LAST_YEAR_OF_SLIPS: Final = 2015
_LONG: Final = 18
_SHORT: Final = 15


def is_identity_number(value: str) -> bool:
    """Tell whether a *normalised* code is to be treated as an identity number (see the module)."""
    born = birth_date(value)
    if born is None:
        return False
    slip = value[:2] in PROVINCES and born.year <= _LAST_YEAR_OF_SLIPS
    if len(value) != _LONG:
        return slip and (len(value) != _SHORT or registration_check(value) != value[-1])
    unified = unified_check(value) == value[-1]
    if identity_check(value) == value[-1]:
        return not (unified and value[0] == "9" and organisation_check(value[8:16]) == value[16])
    return slip and not unified


def birth_date(value: str) -> date | None:
    """Return the date of birth in what has the form of an identity number, None if there is no such day."""
    if not IDENTITY.fullmatch(value):
        return None
    digits = f"19{value[6:12]}" if len(value) == _SHORT else value[6:14]
    if digits[:2] not in _CENTURIES:
        return None
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return born if _FIRST_YEAR <= born.year <= _LAST_YEAR else None
