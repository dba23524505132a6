"""Subjects 信用主体 that are identified by a code: finding, matching, naming (DESIGN 3, Subjects).

A name without a code never becomes a subject, and natural persons are never in here. Any code leads to its
subject: the unified code first, else the organisation code inside it, else the registration number.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Connection, String, and_, bindparam, case, func, or_, select

from creditregister.prepared import Prepared, several, spread
from creditregister.schema import record, subject, subject_code, subject_name
from creditregister.text import canonical, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.sql.elements import ColumnElement

#: The order in which codes identify, and in which one of them names the subject's page.
STRENGTH = ("unified", "organisation", "registration", "institution", "social", "tax")
#: Where a unified code carries the organisation code: characters 9 to 17 (GB 32100).
INSIDE = slice(8, 17)
#: Names or numbers that one statement looks up: more than a page of hits holds.
AT_ONCE = 25
#: Subjects in one IN list.
IN_ONE = 1_000
#: Subjects of one name that a page lists; beyond it the page says how many there are.
SAME_NAME = 20


@dataclass(frozen=True, slots=True)
class SubjectName:
    """A name of a subject, now or formerly 曾用名.

    ``since`` and ``attested`` are the first and the last day on which a name source or the staff gave it,
    ``until`` the day from which the next name was borne; each empty where nobody said.
    """

    name: str
    folded: str
    current: bool
    since: str = ""
    attested: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """An identified subject with all its names and codes (kind of code → value).

    ``further`` are codes that came with subjects merged into it; ``version`` counts the changes of names and
    codes since it was made.
    """

    id: int
    name: str
    code: str
    type: str
    area: str
    names: tuple[SubjectName, ...] = ()
    codes: dict[str, str] = field(default_factory=dict)
    further: tuple[tuple[str, str], ...] = ()
    merged_into: int | None = None
    version: int = 0

    @property
    def former(self) -> tuple[SubjectName, ...]:
        """Names that it bears no more."""
        return tuple(name for name in self.names if not name.current)

    def public(self) -> bytes:
        """What the site says of its identity, as canonical bytes: the ledger commits to them."""
        names = [{"name": name.name, "now": name.current, "until": name.until} for name in self.names]
        codes = [[kind, value] for kind, value in sorted((*self.codes.items(), *self.further))]
        return canonical(
            {"code": self.code, "name": self.name, "type": self.type, "names": names, "codes": codes}
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A subject as a list of results shows it."""

    id: int
    name: str
    folded: str
    code: str
    type: str


def in_order(codes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes by kind, the strongest first, with the organisation code that a unified code holds."""
    unified = codes.get("unified")
    if unified and not codes.get("organisation"):
        codes = {**codes, "organisation": unified[INSIDE]}
    return [(kind, codes[kind]) for kind in STRENGTH if codes.get(kind)]


def in_time(names: Iterable[SubjectName]) -> tuple[SubjectName, ...]:
    """The current name, then the former ones, the newest first, each with the day that ended it."""
    ordered = sorted(
        names, key=lambda name: (name.current, name.attested, name.since, name.folded), reverse=True
    )
    begun = sorted(name.since for name in ordered if name.since)
    return tuple(
        replace(name, until="" if name.current else next((day for day in begun if day > name.attested), ""))
        for name in ordered
    )


def by_code(connection: Connection, code: str) -> Subject | None:
    """The subject that has this code, of whatever kind; an organisation code leads to its unified code."""
    ids = [who for (who,) in _BY_CODE.rows(connection, {"code": code, **_KINDS})]
    found = by_ids(connection, ids[:1])
    return next(iter(found.values()), None)


def by_ids(connection: Connection, ids: Sequence[int]) -> dict[int, Subject]:
    """Subjects with names and codes by their private number."""
    return _whole(connection, _each(connection, _SUBJECTS, list(dict.fromkeys(ids))))


def scan(connection: Connection, after_id: int, limit: int, until: int | None = None) -> list[Subject]:
    """Subjects in the order of their number, up to ``until``; for a rebuild of the index."""
    query = select(*_COLUMNS).where(subject.c.id > after_id).order_by(subject.c.id).limit(limit)
    if until is not None:
        query = query.where(subject.c.id <= until)
    return list(_whole(connection, connection.execute(query).all()).values())


def last_id(connection: Connection) -> int:
    """The highest number of a subject; 0 where there is none."""
    return connection.scalar(select(func.max(subject.c.id))) or 0


def codes_with_pages(
    connection: Connection, numbers: range, kinds: Sequence[str], today: date, limit: int
) -> list[str]:
    """Codes of the subjects with these numbers who have a record of these kinds public on that day."""
    own = record.c.subject_id == subject.c.id
    known = select(record.c.n).where(own, record.c.kind.in_(kinds), *_public_on(today.isoformat()))
    query = select(subject.c.code).where(subject.c.id >= numbers.start, subject.c.id < numbers.stop)
    query = query.where(known.exists()).order_by(subject.c.id)
    return list(connection.scalars(query.limit(limit)))


def codes_of(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """All codes of each of these subjects, of every kind."""
    wanted = list(dict.fromkeys(ids))
    found: dict[int, list[str]] = {number: [] for number in wanted}
    for start in range(0, len(wanted), IN_ONE):
        have = select(subject_code.c.subject_id, subject_code.c.value)
        some = have.where(subject_code.c.subject_id.in_(wanted[start : start + IN_ONE]))
        for who, value in connection.execute(some.order_by(subject_code.c.value)):
            found[who].append(value)
    return {who: tuple(values) for who, values in found.items()}


def without_code(connection: Connection, name: str, today: str) -> int:
    """How many public records bear this name without a code: they count for no subject (DESIGN 3)."""
    query = select(func.count()).where(
        record.c.name == fold(name),
        record.c.name != "",
        record.c.subject_id.is_(None),
        *_public_on(today),
    )
    return connection.scalar(query) or 0


def same_name(connection: Connection, own: Subject, today: str) -> list[Subject]:
    """Other subjects that bear the same name now and have public records: the page warns of them."""
    others = (
        select(*_COLUMNS)
        .where(subject.c.folded == fold(own.name), subject.c.id != own.id, _has_public_record(today))
        .order_by(subject.c.id)
        .limit(SAME_NAME)
    )
    return list(_whole(connection, connection.execute(others).all()).values())


def same_names(connection: Connection, names: Sequence[str], today: str) -> dict[str, int]:
    """How many subjects with public records bear each of these folded names, where it is more than one."""
    found: dict[str, int] = {}
    for start in range(0, len(names), AT_ONCE):
        values = spread("name", names[start : start + AT_ONCE], AT_ONCE)
        found |= {row[0]: row[1] for row in _SAME_NAMES.rows(connection, {**values, "today": today})}
    return found


def listed(connection: Connection, ids: Sequence[int], today: str) -> dict[int, Listed]:
    """Those of the subjects that have a public record on that day, as a list of results shows them."""
    found: dict[int, Listed] = {}
    for start in range(0, len(ids), AT_ONCE):
        values = spread("id", ids[start : start + AT_ONCE], AT_ONCE)
        rows = _LISTED.rows(connection, {**values, "today": today})
        found |= {row[0]: Listed(*row) for row in rows}
    return found


def by_name_prefix(connection: Connection, text: str, today: str, limit: int) -> list[Subject]:
    """Subjects whose name, now or formerly, begins with ``text``: the search that needs no index."""
    folded = fold(text)
    if not folded:
        return []
    inside = and_(subject_name.c.folded >= folded, subject_name.c.folded < folded + "\U0010ffff")
    ids = select(subject_name.c.subject_id).where(inside)
    query = select(*_COLUMNS).where(subject.c.id.in_(ids), _has_public_record(today))
    rows = connection.execute(query.order_by(func.length(subject.c.folded), subject.c.id).limit(limit)).all()
    return list(_whole(connection, rows).values())


def with_public_records(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """First and last day on which each subject has a public record; an empty last day is an open end."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    open_end = func.max(case((record.c.shown_until == "", 1), else_=0))
    query = (
        select(record.c.subject_id, func.min(record.c.shown_from), func.max(record.c.shown_until), open_end)
        .where(record.c.subject_id.in_(wanted), record.c.state == "public", record.c["class"] != "person")
        .group_by(record.c.subject_id)
    )
    return {who: (first, "" if endless else last) for who, first, last, endless in connection.execute(query)}


def _has_public_record(today: str | BindParameter[str]) -> ColumnElement[bool]:
    return select(record.c.n).where(record.c.subject_id == subject.c.id, *_public_on(today)).exists()


def _public_on(today: str | BindParameter[str]) -> tuple[ColumnElement[bool], ...]:
    return (
        record.c.state == "public",
        record.c["class"] != "person",
        record.c.shown_from <= today,
        or_(record.c.shown_until == "", record.c.shown_until >= today),
    )


def _each(connection: Connection, statement: Prepared, ids: Sequence[int]) -> list[Sequence[Any]]:
    """The rows of a statement for each of these subjects, as many at once as it takes."""
    found: list[Sequence[Any]] = []
    for start in range(0, len(ids), AT_ONCE):
        found += statement.rows(connection, spread("id", ids[start : start + AT_ONCE], AT_ONCE))
    return found


def _whole(connection: Connection, rows: Sequence[Sequence[Any]]) -> dict[int, Subject]:
    """Subjects, each a row of ``_COLUMNS``, with their names and codes."""
    ids = [row[0] for row in rows]
    names: dict[int, list[SubjectName]] = {number: [] for number in ids}
    codes: dict[int, dict[str, str]] = {number: {} for number in ids}
    further: dict[int, list[tuple[str, str]]] = {number: [] for number in ids}
    for who, name, folded, current, since, attested in _each(connection, _NAMES, ids):
        names[who].append(SubjectName(name, folded, bool(current), since, attested))
    for who, kind, value, current in _each(connection, _CODES, ids):
        if current:
            codes[who][kind] = value
        else:
            further[who].append((kind, value))
    return {
        who: Subject(
            who, name, code, kind, area, in_time(names[who]), codes[who], tuple(further[who]), into, version
        )
        for who, name, code, kind, area, into, version in rows
    }


_COLUMNS = (
    *(subject.c.id, subject.c.name, subject.c.code, subject.c.type, subject.c.area),
    *(subject.c.merged_into, subject.c.version),
)
_TODAY = bindparam("today", type_=String)
#: The statements of a page: who has a code, who somebody is, ``same_names`` and ``listed``.
_BY_CODE = Prepared(
    select(subject_code.c.subject_id).where(
        subject_code.c.value == bindparam("code", type_=String),
        subject_code.c.kind.in_(several("kind", len(STRENGTH))),
    )
)
_KINDS = spread("kind", STRENGTH, len(STRENGTH))
_SUBJECTS = Prepared(select(*_COLUMNS).where(subject.c.id.in_(several("id", AT_ONCE))))
_NAMES = Prepared(
    select(
        subject_name.c.subject_id,
        *(subject_name.c.name, subject_name.c.folded, subject_name.c.current),
        *(subject_name.c.since, subject_name.c.attested),
    ).where(subject_name.c.subject_id.in_(several("id", AT_ONCE)))
)
_CODES = Prepared(
    select(subject_code.c.subject_id, subject_code.c.kind, subject_code.c.value, subject_code.c.current)
    .where(subject_code.c.subject_id.in_(several("id", AT_ONCE)))
    .order_by(subject_code.c.value)
)
_SAME_NAMES = Prepared(
    select(subject.c.folded, func.count())
    .where(subject.c.folded.in_(several("name", AT_ONCE)), _has_public_record(_TODAY))
    .group_by(subject.c.folded)
    .having(func.count() > 1)
)
_LISTED = Prepared(
    select(subject.c.id, subject.c.name, subject.c.folded, subject.c.code, subject.c.type).where(
        subject.c.id.in_(several("id", AT_ONCE)), _has_public_record(_TODAY)
    )
)
