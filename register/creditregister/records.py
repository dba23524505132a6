"""Reading records 信息 as they are at this moment (DESIGN 1, first idea; section 3).

What is shown comes from here, never from the index: a withdrawn record, another version, a term that ended
last night are not returned. Natural persons are returned only by the functions that say so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import (
    BindParameter,
    Connection,
    Integer,
    LargeBinary,
    Select,
    String,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from creditregister import subjects
from creditregister.clock import civil
from creditregister.prepared import Prepared, several, spread
from creditregister.publicity import Term
from creditregister.schema import record, record_version, subject, unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.sql.elements import ColumnElement

#: Ids that one statement looks up: a page of hits.
AT_ONCE = 20
#: Length of a public id: 128 random bits in base32 without padding, in lower case.
ID_LENGTH = 26
#: States of records that were public; what never was has no moment of withdrawal and is unknown.
WITHDRAWN = frozenset({"ended", "annulled", "held", "waiting"})
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_LETTERS = frozenset(_ALPHABET)
_PAIRS = tuple(first + second for first in _ALPHABET for second in _ALPHABET)
#: Python reads numbers of base 32 with other digits.
_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")


@dataclass(frozen=True, slots=True)
class Published:
    """A record as it is shown now; ``public`` are the canonical bytes that were published.

    ``n`` is the private number, ``klass`` organisation, business or person; days are ISO text, an empty
    ``shown_until`` means that no end is set; ``published_at`` is in milliseconds, 0 if it never was public.
    ``min_end`` and what follows are the rest of its window (``publicity.Term``). ``bears`` is the name
    that its subject bears now, empty without one, ``codes`` all codes of its subject, for the index only.
    """

    n: int
    id: str
    version: int
    kind: str
    klass: str
    state: str
    public: bytes
    subject_id: int | None
    decided: str
    shown_from: str
    shown_until: str
    rule: str
    marks: tuple[str, ...]
    seq: int
    published_at: int
    unit: str
    batch: int
    row: int
    min_end: str
    max_end: str
    repair_from: str
    held_from: str
    bears: str = ""
    codes: tuple[str, ...] = ()

    @property
    def term(self) -> Term:
        """The window that its current version was given."""
        days = (self.shown_from, self.min_end, self.max_end, self.repair_from, self.held_from)
        return Term(*days, self.rule)

    @property
    def document(self) -> dict[str, Any]:
        """The public bytes, read."""
        document: dict[str, Any] = orjson.loads(self.public)
        return document


@dataclass(frozen=True, slots=True)
class Standing:
    """What the site may say of an id: ``public``, ``ended``, ``annulled`` (410) or ``unknown`` (404)."""

    state: str
    record: Published | None = None
    withdrawn_at: int = 0


@dataclass(frozen=True, slots=True)
class Borne:
    """What is public under one name of a body: how many records, the first and the last day of decision."""

    count: int
    first: str
    last: str


def id_text(raw: bytes) -> str:
    """A public id as it stands in addresses; ten bits at a time, since a page of hits asks for twenty."""
    number = int.from_bytes(raw, "big") << 2
    return "".join([_PAIRS[number >> shift & 0x3FF] for shift in range(120, -1, -10)])


def id_bytes(text: str) -> bytes | None:
    """The bytes of a public id, or none where the text is none."""
    if len(text) != ID_LENGTH:
        return None
    if not _LETTERS.issuperset(text):
        return None
    number = int(text.translate(_DIGITS), 32)
    # The last character carries two unused bits; a second spelling of the same id is not an address.
    return None if number & 3 else (number >> 2).to_bytes(16, "big")


def open_on(today: str | BindParameter[str]) -> ColumnElement[bool]:
    """The condition that a record's publicity window holds ``today``."""
    until = record.c.shown_until
    return and_(record.c.shown_from <= today, or_(until == "", until >= today))


def by_ids(connection: Connection, ids: Sequence[str], today: date) -> dict[str, Published]:
    """Those of the ids that anybody may see on that day; persons are never among them."""
    raw = [found for found in map(id_bytes, ids) if found]
    found: dict[str, Published] = {}
    for start in range(0, len(raw), AT_ONCE):
        values = spread("id", raw[start : start + AT_ONCE], AT_ONCE)
        rows = _BY_IDS.rows(connection, {**values, "today": today.isoformat()})
        found |= {item.id: item for item in map(_published, rows)}
    return found


def standing(connection: Connection, text: str, today: date, gone_after_days: int = 400) -> Standing:
    """What ``/r/<id>`` answers: the record, 410 with its class, or 404 (DESIGN 3, After withdrawal)."""
    raw = id_bytes(text)
    rows = _BY_ID.rows(connection, {"id": raw}) if raw else ()
    if not rows or rows[0][4] == "person":
        return Standing("unknown")
    item = _published(rows[0])
    open_now = item.shown_from <= today.isoformat() and (item.shown_until or "9") >= today.isoformat()
    if item.state == "public" and open_now:
        return Standing("public", item)
    if item.state == "public" and item.shown_until and item.shown_until < today.isoformat():
        return Standing("ended")
    withdrawn = connection.scalar(select(record.c.withdrawn_at).where(record.c.id == raw)) or 0
    recent = _days_between(withdrawn, today) <= gone_after_days
    if item.state in WITHDRAWN and recent:
        return Standing(item.state if item.state == "annulled" else "ended", item, withdrawn)
    return Standing("unknown")


def made_at(connection: Connection, item: Published) -> int:
    """The moment at which this version of a record was made, in milliseconds."""
    wanted = and_(record_version.c.n == item.n, record_version.c.version == item.version)
    made: int = connection.execute(select(record_version.c.at).where(wanted)).scalar_one()
    return made


def by_numbers(connection: Connection, numbers: Sequence[int]) -> dict[int, Published]:
    """Those of the private numbers that are public now, whatever the day; for the index's follower."""
    if not numbers:
        return {}
    query = _selection().where(record.c.n.in_(list(numbers)), _companies())
    return {item.n: item for item in _with_codes(connection, _read(connection, query))}


def by_any_number(connection: Connection, numbers: Sequence[int]) -> list[Published]:
    """The records of these private numbers whatever class, state and day; for the register itself."""
    return _read(connection, _selection().where(record.c.n.in_(list(numbers)))) if numbers else []


def numbers_of_subjects(connection: Connection, ids: Sequence[int]) -> list[int]:
    """The private numbers of all public records of these subjects; for the index's follower."""
    query = select(record.c.n).where(record.c.subject_id.in_(list(ids)), _companies())
    return list(connection.scalars(query)) if ids else []


def scan(connection: Connection, after_n: int, limit: int, until: int | None = None) -> list[Published]:
    """Public company records in the order of their number, up to ``until``; for a rebuild of the index."""
    query = _selection().where(record.c.n > after_n, _companies()).order_by(record.c.n)
    if until is not None:
        query = query.where(record.c.n <= until)
    return _with_codes(connection, _read(connection, query.limit(limit)))


def persons(connection: Connection, numbers: Sequence[int], today: date) -> list[Published]:
    """Natural persons' records of these numbers, as far as open today; only ``/people`` asks for them."""
    query = _selection().where(
        record.c.n.in_(list(numbers)),
        record.c.state == "public",
        record.c["class"] == "person",
        open_on(today.isoformat()),
    )
    return _read(connection, query.order_by(record.c.decided.desc(), record.c.n))


def of_subject(
    connection: Connection, subject_id: int, today: date, kind: str, limit: int
) -> list[Published]:
    """A subject's newest records of one kind."""
    values = {"subject": subject_id, "kind": kind, "today": today.isoformat(), "most": limit}
    return [_published(row) for row in _OF_SUBJECT.rows(connection, values)]


def counts_of_subject(connection: Connection, subject_id: int, today: date) -> dict[str, int]:
    """How many public records of each kind a subject has."""
    return dict(_OF_KINDS.rows(connection, {"subject": subject_id, "today": today.isoformat()}))


def borne(connection: Connection, names: Sequence[int], today: date) -> dict[int, Borne]:
    """What is public under each of these names of bodies, where anything is."""
    query = (
        select(record.c.body, func.count(), func.min(record.c.decided), func.max(record.c.decided))
        .where(record.c.body.in_(names), _companies(), open_on(today.isoformat()))
        .group_by(record.c.body)
    )
    return {name: Borne(*rest) for name, *rest in connection.execute(query)}


def of_bodies(connection: Connection, names: Sequence[int], today: date, limit: int) -> list[Published]:
    """The newest decisions of bodies of these names."""
    query = _selection().where(record.c.body.in_(names), _companies(), open_on(today.isoformat()))
    return _read(connection, query.order_by(record.c.decided.desc(), record.c.n.desc()).limit(limit))


def counts_of_bodies(connection: Connection, names: Sequence[int], today: date) -> dict[str, int]:
    """How many public records of each kind name a body so."""
    query = _counts(and_(record.c.body.in_(names), open_on(today.isoformat())))
    return dict(connection.execute(query).all())


def last_number(connection: Connection) -> int:
    """The highest number of a record, whatever its state; 0 where there is none."""
    return connection.scalar(select(func.max(record.c.n))) or 0


def count_public(connection: Connection) -> int:
    """All public company records, whatever the day: what an index must hold."""
    return connection.scalar(select(func.count()).select_from(record).where(_companies())) or 0


def _counts(condition: ColumnElement[bool]) -> Select[Any]:
    return select(record.c.kind, func.count()).where(condition, _companies()).group_by(record.c.kind)


def _companies() -> ColumnElement[bool]:
    return and_(record.c.state == "public", record.c["class"] != "person")


def _selection() -> Select[Any]:
    columns = (
        record.c.n,
        record.c.id,
        record.c.version,
        record.c.kind,
        record.c["class"],
        record.c.state,
        record_version.c.public,
        record.c.subject_id,
        record.c.decided,
        record.c.shown_from,
        record.c.shown_until,
        record.c.rule,
        record.c.marks,
        record.c.seq,
        record.c.published_at,
        unit.c.name,
        record.c.batch_id,
        record.c.row,
        record_version.c.min_end,
        record_version.c.max_end,
        record_version.c.repair_from,
        record_version.c.held_from,
        func.coalesce(subject.c.name, ""),
    )
    current = and_(record_version.c.n == record.c.n, record_version.c.version == record.c.version)
    found = select(*columns).join(record_version, current).join(unit, unit.c.id == record.c.unit_id)
    return found.outerjoin(subject, subject.c.id == record.c.subject_id)


def _read(connection: Connection, query: Select[Any]) -> list[Published]:
    return [_published(row) for row in connection.execute(query)]


def _with_codes(connection: Connection, found: list[Published]) -> list[Published]:
    known = subjects.codes_of(connection, [each.subject_id for each in found if each.subject_id is not None])
    return [replace(each, codes=known.get(each.subject_id or 0, ())) for each in found]


def _published(row: Sequence[Any]) -> Published:
    values = list(row)
    values[1] = id_text(values[1])
    values[12] = tuple(values[12].split()) if values[12] else ()
    return Published(*values)


def _days_between(moment: int, today: date) -> int:
    return (today - civil(moment)).days


_TODAY, _OWN = bindparam("today", type_=String), record.c.subject_id == bindparam("subject", type_=Integer)
#: ``standing`` as a statement: every page of a record asks it.
_BY_ID = Prepared(_selection().where(record.c.id == bindparam("id", type_=LargeBinary)))
#: ``by_ids`` as a statement: it is asked for every page of hits.
_BY_IDS = Prepared(_selection().where(record.c.id.in_(several("id", AT_ONCE)), _companies(), open_on(_TODAY)))
#: ``counts_of_subject`` and ``of_subject`` as statements: a subject's page asks the second for every kind.
_OF_KINDS = Prepared(_counts(and_(_OWN, open_on(_TODAY))))
_OF_SUBJECT = Prepared(
    _selection()
    .where(
        _OWN,
        record.c.kind == bindparam("kind", type_=String),
        _companies(),
        open_on(_TODAY),
    )
    .order_by(record.c.decided.desc(), record.c.n.desc())
    .limit(bindparam("most", type_=Integer))
)
