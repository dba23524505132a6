"""Which subject a delivered row belongs to, and which look like a slip of the pen (DESIGN 3, Subjects).

Matching is by the unified code, else by the organisation code inside it, else by the registration number and
the weaker codes. A name never decides: two subjects may bear the same one. Two subjects that turn out to hold
each other's codes stay two, with a warning: only a decision merges them (``identities.merge``).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, func, select, update

from creditregister.delivered import Problem
from creditregister.privacy.person import business_is_person
from creditregister.schema import subject, subject_code, subject_name
from creditregister.store import insert_many
from creditregister.subjects import STRENGTH
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from creditregister.delivered import Delivered

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
    """What matching needs of a subject: its folded names and its current codes.

    ``page`` is the code that its page stands under; ``name`` and ``attested`` are its current name and the
    last day on which a name source said so.
    """

    id: int
    type: str
    page: str
    names: set[str]
    codes: dict[str, str]
    name: str = ""
    attested: str = ""

    @property
    def best(self) -> str:
        """The code that its page should stand under: the strongest one."""
        return next((self.codes[kind] for kind in STRENGTH if kind in self.codes), self.page)


@dataclass(frozen=True, slots=True)
class Matched:
    """What matching made of a chunk of rows.

    ``ids``: the subject of each row (none: a person, or no code). ``problems``: warnings by row number.
    ``changed``: known subjects that have got a code. By row number too: ``named``, the subject, name and day
    that a row of a name source gave; ``persons``, the individual business that a row shows to be a person,
    and that person's identity number; ``strangers``, the rows of persons under the code of a business that
    bears another name.
    """

    ids: Sequence[int | None] = ()
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    changed: Sequence[int] = ()
    named: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    persons: dict[int, tuple[int, str]] = field(default_factory=dict)
    strangers: set[int] = field(default_factory=set)

    def placed(self, rows: Sequence[tuple[Delivered, Codes]]) -> list[tuple[Delivered, Codes, int | None]]:
        """Every row with its codes and its subject, of which one that waits for a word has none.

        By a code that is another's, no record of a person is found.
        """
        ids = iter(self.ids)
        return [
            (row, [] if row.row in self.strangers else codes, None if row.held else next(ids))
            for row, codes in rows
        ]


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
        self,
        connection: Connection,
        rows: Sequence[tuple[Delivered, Codes]],
        now: int,
        *,
        names_subjects: bool = False,
    ) -> Matched:
        """The subject of each row, found or made; ``names_subjects``: the rows come from a name source."""
        chunk: dict[tuple[str, str], Known] = {}
        wanted = {code for _, codes in rows for code in codes}
        for code in wanted:
            known = self._by_code.get(code)
            if known is not None:
                self._by_code.move_to_end(code)
                chunk[code] = known
        chunk |= _look_up(connection, [code for code in wanted if code not in chunk])
        first = (connection.scalar(select(func.max(subject.c.id))) or 0) + 1
        plan = _Plan(chunk, first, names_subjects=names_subjects)
        ids = [plan.place(row, codes) for row, codes in rows]
        plan.store(connection, now)
        self._remember(chunk)
        self._lose({who for who, _, _ in plan.named.values()} | {who for who, _ in plan.persons.values()})
        return Matched(ids, plan.problems, list(plan.changed), plan.named, plan.persons, plan.strangers)

    def _lose(self, gone: set[int]) -> None:
        """Drop what is remembered of subjects whose names are about to change: they are read again."""
        if gone:
            for code in [code for code, known in self._by_code.items() if known.id in gone]:
                del self._by_code[code]

    def _remember(self, chunk: dict[tuple[str, str], Known]) -> None:
        self._by_code.update(chunk)
        while len(self._by_code) > REMEMBERED:
            self._by_code.popitem(last=False)


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

    def __init__(self, chunk: dict[tuple[str, str], Known], first: int, *, names_subjects: bool) -> None:
        self.chunk = chunk
        self.problems: dict[int, list[Problem]] = {}
        self.changed: dict[int, Known] = {}
        self.named: dict[int, tuple[int, str, str]] = {}
        self.persons: dict[int, tuple[int, str]] = {}
        self.strangers: set[int] = set()
        self._names_subjects = names_subjects
        self._first = self._next = first
        self._new: list[tuple[Known, Delivered]] = []
        self._codes: list[tuple[str, str, int, int]] = []

    def place(self, row: Delivered, codes: Codes) -> int | None:
        if not codes:
            return None
        known = next((found for code in codes if (found := self._fitting(code, dict(codes), row))), None)
        if row.klass == "person":
            if known is not None and known.type == "business":
                self._compare_operator(known, row)
            return None
        if known is None:
            known = self._make(row)
        else:
            self._compare_names(known, row)
        for kind, value in codes:
            self._add_code(known, kind, value, row)
        return known.id

    def store(self, connection: Connection, now: int) -> None:
        subjects, names = [], []
        for known, row in self._new:
            folded = fold(row.name)
            subjects.append((known.id, row.name, folded, known.best, row.klass, row.area[:6], now, 0, 0))
            names.append((known.id, folded, row.name, 1, known.attested, known.attested))
        insert_many(
            connection,
            subject,
            ("id", "name", "folded", "code", "type", "area", "created_at", "version", "seq"),
            subjects,
        )
        insert_many(
            connection, subject_name, ("subject_id", "folded", "name", "current", "since", "attested"), names
        )
        insert_many(connection, subject_code, ("kind", "value", "subject_id", "current"), self._codes)
        for known in self.changed.values():
            moved = update(subject).where(subject.c.id == known.id).values(code=known.best)
            connection.execute(moved)

    def _make(self, row: Delivered) -> Known:
        folded = fold(row.name)
        known = Known(self._next, row.klass, "", {folded}, {}, folded)
        if self._names_subjects:
            known.attested = row.decided
        self._next += 1
        self._new.append((known, row))
        return known

    def _compare_names(self, known: Known, row: Delivered) -> None:
        """A name source's word is kept with its day; anybody else's other name is only warned of."""
        folded = fold(row.name)
        if self._names_subjects and row.decided and (folded != known.name or row.decided > known.attested):
            self.named[row.row] = known.id, row.name, row.decided
            known.names.add(folded)
        elif folded not in known.names:
            self._warn(
                row, "name-differs", "subject_name", "该代码在本平台登记的是另一名称，本条按所报名称显示"
            )

    def _compare_operator(self, known: Known, row: Delivered) -> None:
        """A business is a person only where its own name says so: any code may stand in a row by slip."""
        operator = orjson.loads(row.content).get("legal_rep", "") if row.content else ""
        said = (row.name, operator if isinstance(operator, str) else "")
        if any(business_is_person(name, one) for name in known.names for one in said):
            self.persons[row.row] = known.id, row.number
            return
        self.strangers.add(row.row)
        message = "代码是一家个体工商户的，其名称中没有本行姓名；本条只作为自然人的信息收录，请核对代码"
        self._warn(row, "code-of-another", "subject_name", message)

    def _fitting(self, code: tuple[str, str], codes: dict[str, str], row: Delivered) -> Known | None:
        known = self.chunk.get(code)
        if known is None or code[0] in {"unified", "organisation"}:
            return known
        own, theirs = codes.get("organisation"), known.codes.get("organisation")
        # A registration number that leads to another organisation was reused or mistyped: it decides nothing.
        # Nor does it alone lend a stronger code to a subject that bears another name.
        same = own == theirs if theirs else fold(row.name) in known.names
        return known if not own or same else None

    def _add_code(self, known: Known, kind: str, value: str, row: Delivered) -> None:
        holder = self.chunk.get((kind, value))
        if holder is None and kind not in known.codes:
            self.chunk[kind, value] = known
            known.codes[kind] = value
            self._codes.append((kind, value, known.id, 1))
            if known.id < self._first:
                self.changed[known.id] = known
        elif holder is None:
            self._warn(row, "code-differs", kind, f"代码 {value} 与该主体已登记的代码不一致，未采用；请核对")
        elif holder is not known:
            self._warn(
                row,
                "code-of-another",
                kind,
                f"代码 {value} 已登记在另一主体（{holder.best}）名下，未采用；"
                "如确为同一主体，由工作人员核实后合并（credit-register subjects merge）",
            )

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
    known: dict[int, Known] = {}
    for numbers in _chunks(sorted(set(ids.values()))):
        own = select(subject.c.id, subject.c.type, subject.c.code).where(subject.c.id.in_(numbers))
        known |= {row.id: Known(row.id, row.type, row.code, set(), {}) for row in connection.execute(own)}
        names = select(subject_name).where(subject_name.c.subject_id.in_(numbers))
        for row in connection.execute(names):
            known[row.subject_id].names.add(row.folded)
            if row.current:
                known[row.subject_id].name, known[row.subject_id].attested = row.folded, row.attested
        have = select(subject_code).where(subject_code.c.subject_id.in_(numbers), subject_code.c.current == 1)
        for row in connection.execute(have):
            known[row.subject_id].codes[row.kind] = row.value
    return {code: known[number] for code, number in ids.items()}


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[at : at + CHUNK] for at in range(0, len(values), CHUNK))
