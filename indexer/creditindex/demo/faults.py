"""Rows that are wrong on purpose: each kind of fault with the outcome it must have.

The outcomes are those of DESIGN 3, so that what a load reports can be compared with what was made.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from creditindex.demo.rows import Row

#: Share of the rows that are spoiled, and how many there are at least in the smallest demo.
SHARE = 0.005
AT_LEAST = 40
_CODES = {"unified", "registration", "organisation", "number", "representative_number", "party"}
#: What is over by the longest of all grades, three years, needs none; a file may be a year old.
_HELD_FOR = timedelta(days=2 * 365)
# Without one of these a row is known by its content only, so other content is another record.
_NUMBERS = ("document_number", "case_number", "commitment_number")


def share(records: int) -> float:
    """The share of spoiled rows in a demo of that size."""
    return max(SHARE, min(0.1, AT_LEAST / max(1, records)))


def spoiled(row: Row, before: Row | None, turn: int, newest: date) -> Row:
    """What a careless clerk would make of the row; ``before`` is the last good row of the file.

    The faults take turns, so that even a small demo has every kind. ``newest`` is the newest day of a
    decision in the file.
    """
    # A fault that cannot befall this row (no code in it, no second date) makes way for the next in line.
    for step in range(len(_FAULTS)):
        fault = _FAULTS[(turn + step) % len(_FAULTS)]
        found = fault(row, before)
        if fault is _no_grade and newest - row.day > _HELD_FOR:
            continue
        if found is not None:
            return found
    return row


def _spoiled(row: Row, fault: str, expected: str = "refused", **cells: str) -> Row:
    return replace(row, cells={**row.cells, **cells}, fault=fault, expected=expected)


def _bad_date(row: Row, _: Row | None) -> Row | None:
    return _spoiled(row, "bad-date", date="2025-13-40") if "date" in row.cells else None


def _future(row: Row, _: Row | None) -> Row | None:
    return _spoiled(row, "future-date", date=f"{row.day.year + 5}-01-01") if "date" in row.cells else None


def _bad_check(row: Row, _: Row | None) -> Row | None:
    code = row.cells.get("unified", "")
    if not code:
        return None
    return _spoiled(row, "bad-check", unified=code[:-1] + ("0" if code[-1] != "0" else "1"))


def _no_name(row: Row, _: Row | None) -> Row | None:
    return _spoiled(row, "no-name", name="")


def _no_facts(row: Row, _: Row | None) -> Row | None:
    if "facts" not in row.cells and "content" not in row.cells:
        return None
    blank = {key: "" for key in ("facts", "content") if key in row.cells}
    return _spoiled(row, "no-facts", **blank)


def _bad_number(row: Row, _: Row | None) -> Row | None:
    return _spoiled(row, "bad-number", fine="约三万") if "violation" in row.cells else None


def _no_grade(row: Row, _: Row | None) -> Row | None:
    """A penalty without the grade by which its term is counted: held while it is not over anyway."""
    if "violation" not in row.cells:
        return None
    return _spoiled(row, "no-grade", "held", severity="", publicity="")


def _ends_before_start(row: Row, _: Row | None) -> Row | None:
    if row.to is None or "from" not in row.cells:
        return None
    return replace(row, to=row.day - timedelta(days=30), fault="ends-before-start", expected="refused")


def _possible_person(row: Row, _: Row | None) -> Row | None:
    """A name of three characters that names no organisation, without any code: held."""
    if row.subject is not None or not row.representative:
        return None
    cells = dict.fromkeys(_CODES & row.cells.keys(), "")
    cells["name"] = row.representative
    return _spoiled(row, "possible-person", "held", **cells)


def _twice(_: Row, before: Row | None) -> Row | None:
    """The row before once more, as files have it when two exports are pasted together."""
    return replace(before, expected="unchanged", fault="twice") if before else None


def _twice_other(_: Row, before: Row | None) -> Row | None:
    """The same decision once more with other content: the later row is refused, naming the first."""
    if before is None or not any(before.cells.get(key) for key in _NUMBERS):
        return None
    key = next((key for key in ("content", "facts", "duty", "text") if key in before.cells), "")
    if not key:
        return None
    return _spoiled(before, "twice-other", **{key: before.cells[key] + "另有补充。"})


_FAULTS: tuple[Callable[[Row, Row | None], Row | None], ...] = (
    _bad_date,
    _future,
    _bad_check,
    _no_name,
    _no_facts,
    _bad_number,
    _no_grade,
    _ends_before_start,
    _possible_person,
    _twice,
    _twice_other,
)
