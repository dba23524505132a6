"""Which subject a delivered row belongs to, and which look like a slip of the pen (DESIGN 3, Subjects).

Matching is by the unified code, else by the organisation code inside it, else by the registration number and
the weaker codes. A name never decides: two subjects may bear the same one.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from creditregister.delivered import Problem
from creditregister.schema import subject, subject_code, subject_name
from creditregister.store import insert_many
from creditregister.subjects import STRENGTH
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from creditregister.delivered import Delivered

#: Where a unified code carries the organisation code: characters 9 to 17 (GB 32100).
INSIDE = slice(8, 17)
#: Subjects that a load keeps in mind; beyond it the oldest are looked up again.
REMEMBERED = 100_000
#: Variables of one IN list; SQLite allows 32,766.
CHUNK = 8_000
#: A name shorter than this differs too easily by one character for that to look like a slip.
SLIP_LENGTH = 6


#: Codes of one row: kind and value, the strongest first.
Codes = list[tuple[str, str]]


@dataclass(slots=True)
class Known:
    """What matching needs of a subject: its folded names and its codes."""

    id: int
    names: set[str]
    codes: dict[str, str]


@dataclass(slots=True)
class Matcher:
    """Finds or makes the subjects of a chunk of rows; remembers them from chunk to chunk.

    ``forget`` must be called when the transaction that it worked in was rolled back.
    """

    _by_code: OrderedDict[tuple[str, str], Known] = field(default_factory=OrderedDict)

    def forget(self) -> None:
        """Drop everything remembered: it may never have been committed."""
        self._by_code.clear()

    def match(
        self, connection: Connection, rows: Sequence[tuple[Delivered, Codes]], now: int
    ) -> tuple[list[int | None], dict[int, list[Problem]]]:
        """The subject of each row (none: a person, or no code), and warnings by row number."""
        chunk: dict[tuple[str, str], Known] = {}
        wanted = {code for row, codes in rows if row.klass != "person" for code in codes}
        for code in wanted:
            known = self._by_code.get(code)
            if known is not None:
                self._by_code.move_to_end(code)
                chunk[code] = known
        chunk |= _look_up(connection, [code for code in wanted if code not in chunk])
        plan = _Plan(chunk, (connection.scalar(select(func.max(subject.c.id))) or 0) + 1)
        ids = [plan.place(row, codes) if row.klass != "person" else None for row, codes in rows]
        plan.store(connection, now)
        self._remember(chunk)
        return ids, plan.problems

    def _remember(self, chunk: dict[tuple[str, str], Known]) -> None:
        self._by_code.update(chunk)
        while len(self._by_code) > REMEMBERED:
            self._by_code.popitem(last=False)


def row_codes(row: Delivered) -> Codes:
    """The codes of a row, the strongest first, with the organisation code that its unified code holds."""
    codes = row.codes
    unified = codes.get("unified")
    if unified and len(codes) == 1:
        return [("unified", unified), ("organisation", unified[INSIDE])]
    if unified and "organisation" not in codes:
        codes = codes | {"organisation": unified[INSIDE]}
    return [(kind, codes[kind]) for kind in STRENGTH if codes.get(kind)]


def looks_like_slip(name: str, code: str, other_name: str, other_code: str) -> bool:
    """Whether two subjects of one document are so close that one is probably a slip for the other.

    Two codes that are far apart belong to two subjects, however alike their names are.
    """
    if code and other_code:
        return code != other_code and (_one_apart(code, other_code) or name == other_name)
    return (
        name != other_name and min(len(name), len(other_name)) >= SLIP_LENGTH and _one_apart(name, other_name)
    )


def _one_apart(left: str, right: str) -> bool:
    """One character replaced, put in, left out, or two neighbours exchanged."""
    if left == right or abs(len(left) - len(right)) > 1:
        return False
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    a, b = left[start:], right[start:]
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


class _Plan:
    """The subjects of one chunk, found or to be made."""

    def __init__(self, chunk: dict[tuple[str, str], Known], first: int) -> None:
        self.chunk = chunk
        self.problems: dict[int, list[Problem]] = {}
        self._next = first
        self._new: list[tuple[Known, Delivered]] = []
        self._codes: list[tuple[str, str, int]] = []

    def place(self, row: Delivered, codes: Codes) -> int | None:
        if not codes:
            return None
        known = next((found for code in codes if (found := self._fitting(code, dict(codes)))), None)
        if known is None:
            known = Known(self._next, {fold(row.name)}, {})
            self._next += 1
            self._new.append((known, row))
        elif fold(row.name) not in known.names:
            self._warn(
                row, "name-differs", "subject_name", "该代码在本平台登记的是另一名称，本条按所报名称显示"
            )
        for kind, value in codes:
            self._add_code(known, kind, value, row)
        return known.id

    def store(self, connection: Connection, now: int) -> None:
        subjects, names = [], []
        for known, row in self._new:
            code = next(known.codes[kind] for kind in STRENGTH if kind in known.codes)
            folded = fold(row.name)
            subjects.append((known.id, row.name, folded, code, row.klass, row.area, now))
            names.append((known.id, folded, row.name, 1, row.decided))
        insert_many(
            connection, subject, ("id", "name", "folded", "code", "type", "area", "created_at"), subjects
        )
        insert_many(connection, subject_name, ("subject_id", "folded", "name", "current", "since"), names)
        insert_many(connection, subject_code, ("kind", "value", "subject_id"), self._codes)

    def _fitting(self, code: tuple[str, str], codes: dict[str, str]) -> Known | None:
        known = self.chunk.get(code)
        if known is None:
            return None
        own, theirs = codes.get("organisation"), known.codes.get("organisation")
        # A registration number that leads to another organisation was reused or mistyped: it decides nothing.
        return (
            known
            if code[0] in {"unified", "organisation"} or not own or not theirs or own == theirs
            else None
        )

    def _add_code(self, known: Known, kind: str, value: str, row: Delivered) -> None:
        holder = self.chunk.get((kind, value))
        if holder is None and kind not in known.codes:
            self.chunk[kind, value] = known
            known.codes[kind] = value
            self._codes.append((kind, value, known.id))
        elif holder is not known and known.codes.get(kind) != value:
            self._warn(row, "code-differs", kind, f"代码 {value} 与该主体已登记的代码不一致，未采用；请核对")

    def _warn(self, row: Delivered, code: str, name: str, message: str) -> None:
        found = Problem(row.row, "warned", name, code, f"第 {row.row} 行：{message}。")
        self.problems.setdefault(row.row, []).append(found)


def _look_up(connection: Connection, codes: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Known]:
    ids: dict[tuple[str, str], int] = {}
    for values in _chunks(sorted({value for _, value in codes})):
        query = select(subject_code).where(
            subject_code.c.value.in_(values), subject_code.c.kind.in_(STRENGTH)
        )
        ids |= {(row.kind, row.value): row.subject_id for row in connection.execute(query).all()}
    known = {number: Known(number, set(), {}) for number in ids.values()}
    for numbers in _chunks(sorted(known)):
        names = select(subject_name.c.subject_id, subject_name.c.folded)
        for number, folded in connection.execute(names.where(subject_name.c.subject_id.in_(numbers))).all():
            known[number].names.add(folded)
        have = select(subject_code).where(subject_code.c.subject_id.in_(numbers))
        for row in connection.execute(have).all():
            known[row.subject_id].codes[row.kind] = row.value
    return {code: known[number] for code, number in ids.items()}


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[at : at + CHUNK] for at in range(0, len(values), CHUNK))
