"""What a check of a code says: kind, value, problems, warnings and what was probably meant."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CodeKind(StrEnum):
    """The kinds of code a subject may have (DOMAIN 1.0, 代码_1 … 代码_6, and identity numbers)."""

    UNIFIED = "unified"
    """统一社会信用代码, 18 characters, GB 32100-2015."""
    ORGANISATION = "organisation"
    """组织机构代码, 8 + 1 characters, GB 11714; it lives on inside the unified code."""
    REGISTRATION = "registration"
    """工商注册号, 15 digits (13 before 2007)."""
    TAX = "tax"
    """税务登记号, 15, 17, 18 or 20 letters and digits, without a check of its own."""
    INSTITUTION = "institution"
    """事业单位证书号, 12 digits."""
    SOCIAL = "social"
    """社会组织登记证号, free text with 社证 and the like."""
    IDENTITY = "identity"
    """居民身份证号 and what contains one: recognised only to be hidden."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong or odd, for machines and in two languages."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True, repr=False)
class CodeCheck:
    """The answer to "what code is this, and is it right?".

    ``value`` is the normalised form, ``organisation`` the nine characters of the organisation code
    inside a unified code. Its ``repr`` never shows an identity number, so that none gets into a log.
    """

    given: str
    value: str
    kind: CodeKind | None
    valid: bool
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    meant: tuple[str, ...] = ()
    organisation: str | None = None

    def __repr__(self) -> str:
        """Name kind and verdict, and the value unless it is a person's number."""
        value = "…" if self.kind is CodeKind.IDENTITY else repr(self.value)
        found = ", ".join(each.code for each in self.problems + self.warnings)
        return f"CodeCheck({value}, kind={self.kind}, valid={self.valid}, [{found}])"
