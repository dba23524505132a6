"""Codes 代码 of subjects: what kind, right or wrong, why, and what was probably meant (DOMAIN 2.1, 2.2).

Real files put any code into any column, so ``check`` recognises the kind by shape. In order of import:

* ``values`` – the answer: ``CodeCheck``, ``CodeKind``, ``Problem``
* ``arithmetic`` – check characters, each after its standard
* ``shapes`` – the normal form and the shapes
* ``identity`` – identity numbers, and how they are told from unified codes
* ``pairs``, ``meant``, ``unified`` – the unified code
* ``older`` – organisation, registration, tax, institution and social organisation numbers
* ``runs`` – identity numbers in free text
"""

from __future__ import annotations

import re
from typing import Final

from creditregister.codes.arithmetic import identity_check
from creditregister.codes.identity import birth_date, is_identity_number
from creditregister.codes.older import check_older
from creditregister.codes.pairs import PAIRS
from creditregister.codes.runs import find_identities
from creditregister.codes.shapes import UNIFIED, normalise
from creditregister.codes.unified import SOLE_TRADER, check_unified, checked, misshapen
from creditregister.codes.values import CodeCheck, CodeKind, Problem

__all__ = [
    "SOLE_TRADER",
    "CodeCheck",
    "CodeKind",
    "Problem",
    "birth_date",
    "check",
    "check_unified",
    "find_identities",
    "is_identity",
    "looks_like_unified",
    "normalise",
]

#: Longest text that is looked at; what is longer is no code.
_LONGEST: Final = 60
_LONG: Final = 18
_ALMOST: Final = re.compile(r"[0-9A-Z]{16,20}")
_ALMOST_AREA: Final = 4
_DIGIT_LIKE: Final = frozenset("0123456789OIZS")
#: Departments whose number no area and therefore no tax number begins with.
_DISTINCT: Final = frozenset("9ANY")
_EMPTY: Final = Problem("empty", "代码为空。", "The code is empty.")
_SHAPE: Final = Problem(
    "shape",
    "看不出是哪一种代码：统一社会信用代码 18 位，组织机构代码 9 位，工商注册号 15 位。",
    "It has the shape of no known code: unified 18, organisation 9, registration 15 characters.",
)
_IDENTITY_CHECK: Final = Problem(
    "check",
    "像居民身份证号码，但校验码不对；仍按个人信息隐去。",
    "It looks like an identity number with a wrong check character; it is hidden all the same.",
)
_IDENTITY_LENGTH: Final = Problem(
    "length",
    "像居民身份证号码，但少一位；仍按个人信息隐去。",
    "It looks like an identity number with one character missing; it is hidden all the same.",
)
_ROUNDED: Final = Problem(
    "rounded",
    "电子表格把代码变成了科学记数，后几位已经丢失；请把该列设为文本后重新导出。",
    "A spreadsheet rounded this code; format the column as text and export it again.",
)
_SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]{1,20})?E\+?[0-9]{2}")


def check(text: str) -> CodeCheck:
    """Recognise a code by its shape, whatever column it stands in, and check it."""
    value = normalise(text[:_LONGEST])
    if UNIFIED.fullmatch(value) and not is_identity_number(value):
        return checked(text, value)
    if number := _identity_in(value):
        return _identity(text, number)
    if _is_slipped(value):
        return misshapen(text, value)
    return check_older(text, value) or CodeCheck(
        text,
        value,
        None,
        valid=False,
        problems=(_why_nothing(value),),
    )


def is_identity(text: str) -> bool:
    """Tell whether a text is, or contains as a tax number does, an identity number.

    True also for one with a wrong check character: it is to be hidden all the same.
    """
    return bool(_identity_in(normalise(text[:_LONGEST])))


def looks_like_unified(text: str) -> bool:
    """Tell whether a text, typed into a search box, was meant as a unified code, right or wrong."""
    value = normalise(text[:_LONGEST])
    if is_identity_number(value):
        return False
    return bool(UNIFIED.fullmatch(value)) or _is_slipped(value)


def _identity_in(value: str) -> str:
    """Return the identity number that a normalised code is or begins with, "" if there is none.

    The tax number of a person is the identity number and two more characters.
    """
    if is_identity_number(value):
        return value
    number = value[:-2]
    return number if len(number) == _LONG and is_identity_number(number) else ""


def _identity(text: str, number: str) -> CodeCheck:
    """Answer for an identity number: recognised, perhaps wrong, never a code of a company."""
    if len(number) == _LONG and identity_check(number) != number[-1]:
        return CodeCheck(text, number, CodeKind.IDENTITY, valid=False, problems=(_IDENTITY_CHECK,))
    if len(number) == _LONG - 1:
        return CodeCheck(text, number, CodeKind.IDENTITY, valid=False, problems=(_IDENTITY_LENGTH,))
    return CodeCheck(text, number, CodeKind.IDENTITY, valid=True)


def _is_slipped(value: str) -> bool:
    """Tell whether a normalised text is a unified code with a slip: wrong letters, one too many or few.

    With another length than 18 its first two characters must be a known pair, since tax numbers of 17
    and 20 characters begin with an area.
    """
    if not _ALMOST.fullmatch(value) or sum(each in _DIGIT_LIKE for each in value[2:8]) < _ALMOST_AREA:
        return False
    return len(value) == _LONG or (value[:2] in PAIRS and value[0] in _DISTINCT)


def _why_nothing(value: str) -> Problem:
    if not value:
        return _EMPTY
    return _ROUNDED if _SCIENTIFIC.fullmatch(value) else _SHAPE
