"""Whom a row is about: its codes, recognised by shape in whatever column they stand, and its class.

In real files the 18-character code stands under 组织机构代码 and an identity number under 统一社会信用代码.
Classes decide what may ever be shown (DESIGN 3, Natural persons): when in doubt a row is taken for a
person, or held.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from creditindex.feeds.cells import NONE_GIVEN, Said, clean
from creditindex.feeds.problems import printable
from creditregister import codes
from creditregister.codes import SOLE_TRADER, CodeCheck, CodeKind
from creditregister.delivered import BAD_CODE
from creditregister.privacy import names, person
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from creditindex.feeds.workbook import Cell

#: Code kinds by which alone a subject is found again, and whose check may be trusted.
STRONG = (CodeKind.UNIFIED, CodeKind.ORGANISATION, CodeKind.REGISTRATION)
#: A sole trader's registration number has 6 to 9 in the seventh place.
_BUSINESS_SERIAL = frozenset("6789")
_SERIAL_PLACE = 6
_REMEMBERED = 16_384
#: What stands between two codes of one cell, and before one: 统一社会信用代码：….
_BETWEEN = re.compile(r"[\s、，,;；/|]+")
#: What stands between two subjects in one cell, and remarks, in which it means nothing.
_LISTED = re.compile(r"[、，;；/|\n]")
_REMARK = re.compile(r"[（(][^（()）]*[）)]")
_LABEL = re.compile(r"[^0-9A-Za-z:：]{2,12}[:：]")

check = lru_cache(_REMEMBERED)(codes.check)
looks_like_person = lru_cache(_REMEMBERED)(person.looks_like_person)
#: Certificates that only organisations have, though no subject is found again by them.
_CERTIFICATES = (CodeKind.INSTITUTION, CodeKind.SOCIAL)


@dataclass(slots=True)
class Party:
    """The subject of a row as far as its cells tell it."""

    codes: dict[str, str] = field(default_factory=dict)
    number: str = ""  # identity number
    said: list[tuple[int, Said]] = field(default_factory=list)  # place of the column
    issued: frozenset[str] = frozenset()  # codes that fail their check and were issued so

    def tell(self, place: int, outcome: str, code: str, message: str) -> None:
        """Note something about the cell in this column."""
        self.said.append((place, Said(outcome, code, message)))


def gather(cells: Iterable[tuple[int, str, Cell]], name: str, issued: frozenset[str] = frozenset()) -> Party:
    """All codes of one row.

    Args:
        cells: (place of the column, ``code`` or ``secret``, cell) for cells that may hold codes.
        name: the subject's name, which decides in the rare case that a code is also a valid identity number.
        issued: codes that fail their check, and that a unit has confirmed by the certificate.
    """
    party = Party(issued=issued)
    wrong: list[tuple[int, CodeCheck]] = []
    for place, sort, cell in cells:
        text = given(cell)
        if isinstance(text, Said):
            party.said.append((place, text))
        elif text:
            _one(party, wrong, (place, sort), text, name)
    for place, checked in wrong:
        _wrong(party, place, checked)
    _compare(party)
    return party


def given(cell: Cell) -> str | Said:
    """The text of a code or document number; empty for none; a number in a cell has lost something."""
    if isinstance(cell, str):
        text = clean(cell)[0]
        return "" if text in NONE_GIVEN else text
    return Said(
        "refused",
        "code-number",
        "是数值格式，代码的前导零或后几位可能已经丢失；请把该列设为“文本”格式后重新填写代码",
    )


def _one(
    party: Party, wrong: list[tuple[int, CodeCheck]], where: tuple[int, str], text: str, name: str
) -> None:
    place, sort = where
    checked = check(text)
    if not checked.valid and checked.kind is None:
        several = _several(text)
        for each in several:
            _one(party, wrong, where, each, name)
        if several:
            return
    if checked.kind is CodeKind.IDENTITY or _meant_as_identity(checked, sort, name):
        _identity(party, place, sort, checked.value)
    elif sort == "secret" and not (checked.valid and checked.kind in STRONG):
        party.number = party.number or text
    elif not checked.valid and checked.value in party.issued:
        party.tell(place, "warned", "as-issued", "的校验位不符，已由单位按证照确认确系如此签发")
        _right(party, place, checked)
    elif not checked.valid:
        wrong.append((place, checked))
    else:
        _right(party, place, checked)


def _several(text: str) -> list[str]:
    """The codes in a cell that holds several, or one behind its name; none if anything else is there."""
    pieces = [_LABEL.sub("", piece) for piece in _BETWEEN.split(text) if piece.strip()]
    codes_there = [piece for piece in pieces if check(piece).valid or check(piece).kind is CodeKind.IDENTITY]
    return codes_there if codes_there == pieces and pieces != [text] else []


def _meant_as_identity(checked: CodeCheck, sort: str, name: str) -> bool:
    """A number that passes both checks: in a person's column, or under a person's name, it is a person's."""
    if checked.kind is not CodeKind.UNIFIED or not checked.value[:17].isdigit():
        return False
    if sort == "secret":
        return codes.birth_date(checked.value) is not None
    odd = any(warning.code == "may_be_identity_number" for warning in checked.warnings)
    return odd and looks_like_person(name)


def _identity(party: Party, place: int, sort: str, number: str) -> None:
    if party.number and party.number != number:
        party.tell(place, "refused", "two-numbers", "与本行另一列的证件号码不同；请核对")
    party.number = number
    if sort == "code":
        party.tell(
            place,
            "warned",
            "identity-in-code",
            "填的是居民身份证号码，已加密保存，不会公开；请填在证件号码列",
        )


def _right(party: Party, place: int, checked: CodeCheck) -> None:
    kind = str(checked.kind)
    before = party.codes.setdefault(kind, checked.value)
    if before != checked.value:
        message = f"“{checked.value}”与本行另一列的同类代码“{before}”不同；请核对后只留一个"
        party.tell(place, "refused", "two-codes", message)
    for warning in checked.warnings:
        if warning.code != "no_check":
            party.tell(place, "warned", f"code-{warning.code}", warning.zh.rstrip("。"))


def _wrong(party: Party, place: int, checked: CodeCheck) -> None:
    """A code that fails its check; beside a good one an old code is left out, else the row is refused."""
    why = "".join(problem.zh for problem in checked.problems).rstrip("。")
    spare = any(kind in party.codes for kind in STRONG) or party.number
    if checked.kind is not CodeKind.UNIFIED and (spare or checked.kind is None):
        party.tell(
            place, "warned", "code-unused", f"“{printable(checked.given)}”未作为代码采用：{why}；请核对"
        )
        return
    meant = f"，是否应为 {'、'.join(checked.meant[:3])}" if checked.meant else ""
    remedy = "请按证照核对，确系如此签发的请先确认（credit-index held issued）"
    message = f"“{printable(checked.given)}”不是有效的代码：{why}{meant}；{remedy}"
    party.tell(place, "refused", BAD_CODE, message)


def _compare(party: Party) -> None:
    unified, organisation = party.codes.get("unified"), party.codes.get("organisation")
    if unified and organisation and unified[8:17] != organisation:
        party.tell(
            -1,
            "warned",
            "codes-differ",
            f"组织机构代码 {organisation} 与统一社会信用代码 {unified} 的第 9 至 17 位不同",
        )
        # The code inside the unified one is checked by it; the other one would lead to another subject.
        del party.codes["organisation"]


def classify(party: Party, name: str, given_type: str, operator: str) -> str:
    """The class of the subject: ``organisation``, ``business`` or ``person``.

    Notes a reason to hold the row in ``party`` where class and codes contradict each other, or where the name
    is several subjects'.
    """
    if _LISTED.search(name) and _several_subjects(name):
        message = "一格里像是有几个主体；请每个主体报送一行，确系一个主体名称的，请确认主体类别"
        party.tell(-1, "held", "class-conflict", message)
    unified = party.codes.get("unified", "")
    if given_type == "person":
        if unified and not unified.startswith(SOLE_TRADER):
            party.tell(
                -1, "held", "class-conflict", "类别是自然人，却有单位的统一社会信用代码；请确认主体类别"
            )
        return "person"
    legal = given_type in ("legal", "unincorporated")
    # A unified code says what its holder is; a registration number of the old sort only hints at it.
    if (
        given_type == "business"
        or unified.startswith(SOLE_TRADER)
        or (_is_business(party.codes) and not legal)
    ):
        if legal:
            # The courts' list has two words only, 自然人 and 法人或其他组织; the code is stricter.
            party.tell(-1, "warned", "class-differs", "类别是单位，代码却是个体工商户的，按后者处理；请核对")
        return "person" if person.business_is_person(name, operator or None) else "business"
    if any(kind in party.codes for kind in STRONG):
        if looks_like_person(name) or (operator and fold(operator) == fold(name)):
            party.tell(-1, "held", "possible-person", "有单位代码，名称却像自然人姓名；请核对名称和主体类别")
        return "organisation"
    if party.number:
        return _numbered(party, name, given_type)
    told = any(kind in party.codes for kind in _CERTIFICATES) or names.names_organisation(name)
    if (told or not name) and not looks_like_person(name):
        return "organisation"
    # The word for all organisations does not help here: lists set it for every row, persons' included.
    message = "没有代码，名称里也看不出单位，可能是自然人；请填写代码，或确认主体类别"
    party.tell(-1, "held", "possible-person", message)
    return "person"


def _several_subjects(name: str) -> bool:
    """Whether a cell lists organisations, or organisations and persons: one code would stand for them all."""
    parts = [part.strip() for part in _LISTED.split(_REMARK.sub("", name))]
    told = [names.bears_form(part) for part in parts]
    return (
        len(parts) > 1
        and any(told)
        and all(is_one or looks_like_person(part) for is_one, part in zip(told, parts, strict=True))
    )


def _is_business(found: dict[str, str]) -> bool:
    unified, registration = found.get("unified", ""), found.get("registration", "")
    if unified:
        return unified.startswith(SOLE_TRADER)
    return len(registration) > _SERIAL_PLACE and registration[_SERIAL_PLACE] in _BUSINESS_SERIAL


def _numbered(party: Party, name: str, given_type: str) -> str:
    """Somebody with an identity document and no code of an organisation."""
    if given_type in ("legal", "unincorporated") or not looks_like_person(name):
        party.tell(
            -1,
            "held",
            "class-conflict",
            "只有证件号码，没有单位代码，而名称或类别像是单位；请补充统一社会信用代码，或把类别改为自然人",
        )
    return "person"


def identity(found: dict[str, str]) -> str:
    """What tells a subject from others: its organisation code, also inside a unified one, else another."""
    if "unified" in found:
        return found["unified"][8:17]
    for kind in ("organisation", "registration", "tax", "institution", "social"):
        if kind in found:
            return found[kind]
    return ""


def area(found: dict[str, str]) -> str:
    """The six digits of the area 行政区划 inside a code; empty where there are none."""
    if "unified" in found:
        return found["unified"][2:8]
    return found.get("registration", "")[:6]
