"""Unified social credit code 统一社会信用代码 (GB 32100-2015 with amendment 1 of 2016): right or why not.

Only length, alphabet, digits of the area and the check character reject a code. An unknown pair of
department and kind, or an organisation code inside that does not fit its own check, is a warning:
such codes have really been issued.
"""

from __future__ import annotations

from typing import Final

from creditregister.codes.arithmetic import UNIFIED_ALPHABET, organisation_check, unified_check
from creditregister.codes.identity import is_identity_number
from creditregister.codes.meant import meant_by
from creditregister.codes.pairs import PAIRS
from creditregister.codes.shapes import UNIFIED, normalise
from creditregister.codes.values import CodeCheck, CodeKind, Problem

LENGTH: Final = 18
#: What the code of a sole trader 个体工商户 begins with.
SOLE_TRADER: Final = "92"
_AREA: Final = range(2, 8)
_MAY_BE_PERSON: Final = Problem(
    "may_be_identity_number",
    "这个代码同时符合居民身份证号码的校验规则，请核对是否误填。",
    "This code also fits the check of an identity number; make sure that it is not one.",
)
_PAIR: Final = Problem(
    "pair",
    "前两位（登记管理部门和机构类别）不在已知范围内，请核对证照。",
    "The first two characters (registration department, kind) are not a known pair.",
)


def check_unified(text: str) -> CodeCheck:
    """Check a text that can only be a unified code; the verdict explains itself.

    An identity number that stands there is not recognised as such unless it fails here, see
    ``check``; where it fits both, a warning says so.
    """
    value = normalise(text)
    if not UNIFIED.fullmatch(value):
        return misshapen(text, value)
    return checked(text, value)


def checked(text: str, value: str) -> CodeCheck:
    """Answer for a code of the right shape: only the check character decides."""
    valid = unified_check(value) == value[17]
    return CodeCheck(
        text,
        value,
        CodeKind.UNIFIED,
        valid,
        problems=() if valid else (_check_problem(value),),
        warnings=_warnings(value),
        meant=() if valid else meant_by(value),
        organisation=value[8:17],
    )


def _warnings(value: str) -> tuple[Problem, ...]:
    """Return what is odd about a well-formed code without making it wrong."""
    found: tuple[Problem, ...] = ()
    if value[:2] not in PAIRS:
        found = (_PAIR,)
    expected = organisation_check(value[8:16])
    if expected != value[16]:
        found = (*found, _organisation_problem(value, expected))
    if value[:17].isdigit() and is_identity_number(value):
        found = (*found, _MAY_BE_PERSON)
    return found


def misshapen(text: str, value: str) -> CodeCheck:
    """Answer for what cannot be a unified code, naming each place that is wrong."""
    problems = (*_length_problems(value), *_alphabet_problems(value), *_area_problems(value))
    if is_identity_number(value):
        return CodeCheck(text, value, CodeKind.IDENTITY, valid=False, problems=problems)
    return CodeCheck(
        text,
        value,
        CodeKind.UNIFIED,
        valid=False,
        problems=problems,
        meant=meant_by(value),
    )


def _length_problems(value: str) -> list[Problem]:
    if len(value) == LENGTH:
        return []
    return [
        Problem(
            "length",
            f"应为 {LENGTH} 位，实为 {len(value)} 位。",
            f"It has {len(value)} characters instead of {LENGTH}.",
        ),
    ]


def _alphabet_problems(value: str) -> list[Problem]:
    """Name the first characters that no unified code contains; the rest only repeat it."""
    foreign = [
        (place, each) for place, each in enumerate(value[: LENGTH + 2], 1) if each not in UNIFIED_ALPHABET
    ]
    return [
        Problem(
            "alphabet",
            f"第 {place} 位“{each}”不是统一社会信用代码使用的字符"
            "（只用数字和除 I、O、S、V、Z 外的大写字母）。",
            f"Character {place}, “{each}”, is not used in unified codes (digits and capital letters"
            " without I, O, S, V, Z).",
        )
        for place, each in foreign[:3]
    ]


def _area_problems(value: str) -> list[Problem]:
    """Name the first letter among places 3–8, which hold the six digits of the area."""
    for place in _AREA:
        character = value[place : place + 1]
        if character in UNIFIED_ALPHABET and not character.isdigit() and character:
            return [
                Problem(
                    "area",
                    f"第 3 至 8 位是行政区划代码，应为数字，第 {place + 1} 位却是“{character}”。",
                    f"Places 3–8 are the area and must be digits, but place {place + 1} is “{character}”.",
                ),
            ]
    return []


def _check_problem(value: str) -> Problem:
    expected = unified_check(value)
    return Problem(
        "check",
        f"第 18 位校验码是“{value[17]}”，按前 17 位计算应为“{expected}”，至少有一位写错。",
        f"The check character (place 18) is “{value[17]}”, the first 17 call for “{expected}”:"
        " at least one character is wrong.",
    )


def _organisation_problem(value: str, expected: str) -> Problem:
    return Problem(
        "organisation",
        f"第 9 至 17 位是组织机构代码，其校验码（第 17 位）是“{value[16]}”，计算应为“{expected}”。",
        f"Places 9–17 are the organisation code; its check (place 17) is “{value[16]}”,"
        f" calculated “{expected}”.",
    )
