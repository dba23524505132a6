"""The older codes 旧代码, which old records and old documents carry (DOMAIN 2.2)."""

from __future__ import annotations

import re
from typing import Final

from creditregister.codes.arithmetic import organisation_check, registration_check
from creditregister.codes.shapes import ORGANISATION, TAX
from creditregister.codes.values import CodeCheck, CodeKind, Problem

_REGISTRATION: Final = re.compile(r"[0-9]{15}|[0-9]{13}")
_INSTITUTION: Final = re.compile(r"(?:事证第)?([0-9]{12})号?")
_SOCIAL: Final = re.compile(r"[社民基]\w{0,4}证字|社政字|社会团体")
_LONGEST_SOCIAL: Final = 50
_OLD_REGISTRATION: Final = 13


def check_older(text: str, value: str) -> CodeCheck | None:
    """Check a normalised code against the older kinds by its shape; None if it has none of them.

    Fifteen digits are a registration number, unless only the organisation code at their end (then:
    a tax number) has the right check.
    """
    if ORGANISATION.fullmatch(value):
        return _organisation(text, value)
    if _REGISTRATION.fullmatch(value) and not _ends_in_organisation(value):
        return _registration(text, value)
    if institution := _INSTITUTION.fullmatch(value):
        return CodeCheck(text, institution[1], CodeKind.INSTITUTION, valid=True)
    if TAX.fullmatch(value):
        return CodeCheck(text, value, CodeKind.TAX, valid=True)
    if len(value) <= _LONGEST_SOCIAL and _SOCIAL.search(value):
        return CodeCheck(text, value, CodeKind.SOCIAL, valid=True)
    return None


def _organisation(text: str, value: str) -> CodeCheck:
    expected = organisation_check(value)
    problem = Problem(
        "check",
        f"组织机构代码第 9 位校验码是“{value[8]}”，按前 8 位计算应为“{expected}”。",
        f"The check of the organisation code (place 9) is “{value[8]}”, the first eight call for"
        f" “{expected}”.",
    )
    valid = expected == value[8]
    return CodeCheck(
        text,
        value,
        CodeKind.ORGANISATION,
        valid,
        problems=() if valid else (problem,),
        organisation=value,
    )


def _ends_in_organisation(value: str) -> bool:
    """Tell whether only reading the digits as area + organisation code makes a check come out right."""
    if len(value) == _OLD_REGISTRATION or registration_check(value) == value[-1]:
        return False
    return organisation_check(value[-9:-1]) == value[-1]


def _registration(text: str, value: str) -> CodeCheck:
    if len(value) == _OLD_REGISTRATION:
        return CodeCheck(text, value, CodeKind.REGISTRATION, valid=True, warnings=(_NO_CHECK,))
    expected = registration_check(value)
    problem = Problem(
        "check",
        f"工商注册号第 15 位校验码是“{value[14]}”，按前 14 位计算应为“{expected}”。",
        f"The check of the registration number (place 15) is “{value[14]}”, the first 14 call for"
        f" “{expected}”.",
    )
    valid = expected == value[14]
    return CodeCheck(
        text,
        value,
        CodeKind.REGISTRATION,
        valid,
        problems=() if valid else (problem,),
    )


_NO_CHECK: Final = Problem(
    "no_check",
    "13 位的旧注册号没有校验码，无法核验。",
    "A registration number of 13 digits has no check character.",
)
