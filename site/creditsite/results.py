"""The result page as values: every record read from the register at this moment (DESIGN 1, first idea).

The index gives (id, version); the register gives the record. Another version, a withdrawn record, a term that
ended at midnight fall out here, whatever the index says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from creditindex import highlight
from creditindex.query import PAGES, SIZE, NameQuery
from creditregister import projection, records, subjects
from creditregister.text import fold
from creditsite import excerpt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from creditindex.engine import Engine
    from creditindex.query import NameHit, Names, Page
    from creditregister.codes import CodeCheck
    from creditregister.kinds import Kind, Kinds
    from creditregister.records import Published
    from creditregister.subjects import Subject
    from creditsite.asked import Asked
    from creditsite.excerpt import Excerpt, Segments

#: Subjects that stand above the records.
NAMES_ON_TOP = 5


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record in a list; ``same_name`` is how many subjects bear its name, where it is more than one."""

    id: str
    kind: Kind
    name: Segments
    folded: str
    code: str
    identified: bool
    number: Segments
    body: str
    date: str
    state: str
    marks: tuple[str, ...]
    excerpt: Excerpt | None
    same_name: int = 0


@dataclass(frozen=True, slots=True)
class SubjectRow:
    """One subject in a list; ``former`` is the former name 曾用名 that matched, if one did."""

    code: str
    name: Segments
    folded: str
    former: Segments
    type: str
    how: str
    same_name: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that the result page shows; ``page`` is none on the list of all names."""

    page: Page | None
    records: list[RecordRow]
    subjects: list[SubjectRow]
    names_total: int
    last: int

    @property
    def code(self) -> CodeCheck | None:
        """What was understood of a code that was typed."""
        return self.page.understood.code if self.page else None

    @property
    def capped(self) -> bool:
        """Whether there is more than can be turned to."""
        return self.page is not None and self.page.total > PAGES * SIZE

    @property
    def closest(self) -> bool:
        """Whether no subject bears or contains the text, so that only similar names are listed."""
        return bool(self.subjects) and all(row.how == "closest" for row in self.subjects)


def find(connection: Connection, engine: Engine, kinds: Kinds, asked: Asked) -> Found:
    """Ask the index, then the register.

    Raises:
        EngineAwayError: there is no index to ask.
    """
    today = asked.query.today
    page = engine.find(asked.query)
    names = _names_beside(engine, asked, page)
    rows = _records(connection, kinds, page, today)
    coded = _coded(connection, page.understood.code) if asked.page == 1 else []
    top = _subjects(connection, coded, names.best, (*page.needles, fold(asked.text)), today)
    rows, top = _warn(connection, rows, top, today)
    return Found(page, rows, top, names.total, min(PAGES, -(-page.total // SIZE)))


def find_names(connection: Connection, engine: Engine, asked: Asked) -> Found:
    """One page of the list of all subjects whose name is or contains the text.

    Raises:
        EngineAwayError: there is no index to ask.
    """
    today = asked.query.today
    names = engine.names(NameQuery(asked.text, today, SIZE, (asked.page - 1) * SIZE))
    listed = (*names.exact, *names.containing) if asked.page == 1 else names.containing
    rows = _subjects(connection, [], listed, (fold(asked.text),), today)
    _, rows = _warn(connection, [], rows, today)
    return Found(None, [], rows[:SIZE], names.total, min(PAGES, -(-names.total // SIZE)))


def rows_of(kinds: Kinds, found: Iterable[Published], needles: Sequence[str], today: date) -> list[RecordRow]:
    """Records as rows of a list; a record of a kind that is no longer shipped has no row."""
    return [_row(kinds[record.kind], record, needles, today) for record in found if record.kind in kinds]


def subject_row(subject: Subject, hit: NameHit | None, needles: Sequence[str]) -> SubjectRow:
    """A subject as a row of a list, with the former name that matched."""
    former = hit.name if hit is not None and not hit.current and hit.name != subject.name else ""
    return SubjectRow(
        code=subject.code,
        name=highlight.segments(subject.name, needles),
        folded=fold(subject.name),
        former=highlight.segments(former, needles) if former else [],
        type=subject.type,
        how=hit.how if hit is not None else "code",
    )


def _names_beside(engine: Engine, asked: Asked, page: Page) -> Names:
    """Subjects by name, only on the first page and not beside a code that was found."""
    wanted = asked.page == 1 and page.stage != "identifier"
    return engine.names(NameQuery(asked.text if wanted else "", asked.query.today, NAMES_ON_TOP))


def _coded(connection: Connection, code: CodeCheck | None) -> list[int]:
    """The subjects of the code that was typed, or of those that were probably meant."""
    if code is None:
        return []
    found = (subjects.by_code(connection, value) for value in dict.fromkeys((code.value, *code.meant)))
    return [subject.id for subject in found if subject is not None]


def _records(connection: Connection, kinds: Kinds, page: Page, today: date) -> list[RecordRow]:
    shown = records.by_ids(connection, [hit.id for hit in page.hits], today)
    current = (shown.get(hit.id) for hit in page.hits)
    versions = {hit.id: hit.version for hit in page.hits}
    alive = [record for record in current if record and record.version == versions[record.id]]
    return rows_of(kinds, alive, page.needles, today)


def _row(kind: Kind, record: Published, needles: Sequence[str], today: date) -> RecordRow:
    document = record.document
    return RecordRow(
        id=record.id,
        kind=kind,
        name=highlight.segments(document["name"], needles),
        folded=fold(document["name"]),
        code=document["code"],
        identified=record.subject_id is not None,
        number=highlight.segments(document["number"], needles),
        body=document["body"],
        date=document["date"],
        state=projection.state_on(kind, document, today.isoformat()),
        marks=record.marks,
        excerpt=excerpt.of_record(kind, document["fields"], needles),
    )


def _subjects(
    connection: Connection, first: list[int], found: Iterable[NameHit], needles: Sequence[str], today: date
) -> list[SubjectRow]:
    """Subjects in order, one row each, those that have something public today."""
    hits: dict[int, NameHit] = {}
    for hit in found:
        hits.setdefault(hit.subject_id, hit)
    order = list(dict.fromkeys((*first, *hits)))
    shown = subjects.with_public_records(connection, order)
    day = today.isoformat()
    open_now = [who for who in order if who in shown and shown[who][0] <= day <= (shown[who][1] or "9")]
    whole = subjects.by_ids(connection, open_now)
    return [subject_row(whole[who], hits.get(who), needles) for who in open_now if who in whole]


def _warn(
    connection: Connection, rows: list[RecordRow], top: list[SubjectRow], today: date
) -> tuple[list[RecordRow], list[SubjectRow]]:
    """Say of each name how many subjects bear it, where it is more than one."""
    names = {row.folded for row in rows} | {row.folded for row in top}
    if not names:
        return rows, top
    several = subjects.same_names(connection, sorted(names), today.isoformat())
    return (
        [replace(row, same_name=several[row.folded]) if row.folded in several else row for row in rows],
        [replace(row, same_name=several[row.folded]) if row.folded in several else row for row in top],
    )
