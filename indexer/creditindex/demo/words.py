"""The vocabulary of invented names and texts, read from ``words.toml`` beside this file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

_WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _words(name: str) -> tuple[str, ...]:
    return tuple(_WORDS[name])


def _pairs(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in _WORDS[name])


BRAND: str = _WORDS["brand"]
#: A character that GBK cannot encode, as a few real names have one: GB 18030 needs four bytes for it.
RARE_BRAND = "𬭎"
#: Legal forms 组织形式 and their share in per mille; those in English are named in ways of their own.
FORMS = (
    ("有限公司", 470),
    ("有限责任公司", 120),
    ("股份有限公司", 45),
    ("集团有限公司", 20),
    ("branch", 65),
    ("co-operative", 50),
    ("shop", 150),
    ("institution", 30),
    ("association", 20),
    ("合伙企业（有限合伙）", 15),
    ("厂", 15),
)
LATIN = _words("latin")
INDUSTRIES = _words("industries")
SHOPS = _words("shops")
INSTITUTIONS = _words("institutions")
ASSOCIATIONS = _words("associations")
#: By office: kind of violation, law, what was found.
VIOLATIONS: dict[str, list[tuple[str, str, str]]] = _WORDS["violations"]
PENALTY_KINDS = _words("penalty_kinds")
GOODS = _words("goods")
CLOSINGS = _words("closings")
#: By office, or ``other``: certificate and content.
LICENCES: dict[str, list[tuple[str, str]]] = _WORDS["licences"]
LICENCE_KINDS = _words("licence_kinds")
ENFORCEMENTS = _pairs("enforcements")
DUTIES = _words("duties")
DEBTOR_CASES = _words("debtor_cases")
PERFORMANCES = _words("performances")
COMMITMENT_KINDS = _words("commitment_kinds")
COMMITMENT_STATES = _words("commitment_states")
COMMITMENTS = _words("commitments")
PAPERS = _words("papers")
#: By office, or ``other``: field of dishonesty and facts.
SERIOUS: dict[str, list[tuple[str, str]]] = _WORDS["serious"]
ROLES = _words("roles")
THINGS = _words("things")
#: Clauses that lengthen a text of one sort.
CLAUSES: dict[str, list[str]] = _WORDS["clauses"]
