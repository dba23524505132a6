"""The work list 待补报清单 of what lacks a grade 失信严重程度: held rows, records that are or will be held.

Each with the grade that its content suggests and why; the authority's published standard decides, so a
suggestion publishes nothing. Units get it before the night on which a set comes into force that needs grades.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import and_

from creditregister import holding, nextversion, units
from creditregister.kinds import SUBJECT_NAME
from creditregister.records import id_text
from creditregister.schema import record, record_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from creditregister.opening import Register
    from creditregister.rules import Suggestion

PAGE = 500
_CODE = "no-grade"


class Ungraded(NamedTuple):
    """One that lacks a grade.

    ``held`` is the number of a row that waits, or 0; ``record`` the public id of a record, or empty;
    ``since`` the day from which it is held, an ISO day (empty: it waits since it was delivered). Persons are
    named by document only. ``lacking``: the rules as they are do miss it.
    """

    unit: str
    kind: str
    held: int
    record: str
    name: str
    document: str
    since: str
    suggestion: Suggestion | None
    lacking: bool


def listed(register: Register, *, unit_id: int | None = None, kind: str = "") -> Iterator[Ungraded]:
    """The rows that wait, then the records, each as they came; of one unit or kind only, where given."""
    yield from _rows(register, unit_id, kind)
    yield from _records(register, unit_id, kind)


def _rows(register: Register, unit_id: int | None, kind: str) -> Iterator[Ungraded]:
    with register.store.read() as connection:
        waiting = holding.listed(connection, unit_id=unit_id, kind=kind, code=_CODE)
    for row in waiting:
        delivered = holding.opened(register.keys, row)
        content = orjson.loads(delivered.content)
        found = _looked_at(register, row.kind, delivered.klass, content, "")
        yield found._replace(unit=row.unit, held=row.id, record=row.record)


def _records(register: Register, unit_id: int | None, kind: str) -> Iterator[Ungraded]:
    lacking = and_(record.c.state.in_(("public", "held")), record_version.c.held_from != "")
    if unit_id is not None:
        lacking = and_(lacking, record.c.unit_id == unit_id)
    if kind:
        lacking = and_(lacking, record.c.kind == kind)
    after = 0
    while True:
        with register.store.read() as connection:
            rows = nextversion.current(connection, lacking, after, PAGE)
            owners = {one: units.get(connection, one).name for one in {row["unit_id"] for row in rows}}
        for row in rows:
            content = orjson.loads(row["content"])
            found = _looked_at(register, row["kind"], row["class"], content, row["term_held_from"])
            if found.lacking:
                yield found._replace(unit=owners[row["unit_id"]], record=id_text(row["id"]))
        if len(rows) < PAGE:
            return
        after = rows[-1]["n"]


def _looked_at(register: Register, kind: str, klass: str, content: Mapping[str, Any], since: str) -> Ungraded:
    """What the rules miss on the day from which it is held."""
    day = register.clock.today()
    window = register.law.window(kind, content, max(day, date.fromisoformat(since)) if since else day)
    name = "" if klass == "person" else str(content.get(SUBJECT_NAME, ""))
    document = str(content.get(register.law.kinds[kind].reference) or "")
    lacking = _CODE in window.flags
    return Ungraded("", kind, 0, "", name, document, since, window.suggestion, lacking=lacking)
