"""The result page as values: every record read from the register at this moment (DESIGN 1, first idea).

The index gives (id, version); the register gives the record. Another version, a withdrawn record, a term that
ended at midnight fall out here, whatever the index says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from creditindex.plan import by_pinyin
from creditindex.query import PAGES, SIZE, NameQuery
from creditregister import projection, records, subjects
from creditregister.text import fold
from creditsite import excerpt, labels, reasons, services
from creditsite.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from creditindex.engine import Engine
    from creditindex.query import By, Hit, NameHit, Names, Page
    from creditregister.codes import CodeCheck
    from creditregister.kinds import Kind, Kinds, Label
    from creditregister.records import Published
    from creditregister.subjects import Listed, Subject
    from creditsite.asked import Asked
    from creditsite.excerpt import Excerpt, Segments

#: Where a hit may have matched so that its texts are worth looking through.
IN_TEXT = frozenset({"title", "content"})
#: Subjects that stand above the records.
NAMES_ON_TOP = 5


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record in a list.

    ``until`` is the last day on which it is shown 公示至, empty where no end is set. ``now`` is its subject's
    name where that is another one than the record's; ``same_name`` is how many subjects bear its name, where
    it is more than one.
    """

    id: str
    kind: Kind
    name: Segments
    folded: str
    code: str
    identified: bool
    number: Segments
    body: str
    date: str
    until: str
    state: str
    marks: tuple[str, ...]
    excerpt: Excerpt | None
    why: list[Reason]
    now: Segments
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
    why: list[Label]
    same_name: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that the result page shows; ``page`` is none on a list of names.

    ``by_pinyin`` counts the names that would be found if the text were taken for pinyin.
    """

    page: Page | None
    records: list[RecordRow]
    subjects: list[SubjectRow]
    names_total: int
    last: int
    by_pinyin: int = 0

    @property
    def code(self) -> CodeCheck | None:
        """What was understood of a code that was typed."""
        return self.page.understood.code if self.page else None

    @property
    def capped(self) -> bool:
        """Whether there is more than can be turned to."""
        total = self.page.total if self.page else self.names_total
        return total > PAGES * SIZE

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
    spelt = _by_pinyin(engine, asked)
    return Found(page, rows, top, names.total, min(PAGES, -(-page.total // SIZE)), spelt)


def find_names(connection: Connection, engine: Engine, asked: Asked) -> Found:
    """One page of the list of all subjects whose name is or contains the text, or is read like it.

    Raises:
        EngineAwayError: there is no index to ask.
    """
    today = asked.query.today
    by: By = "pinyin" if asked.view == "pinyin" else "text"
    names = engine.names(NameQuery(asked.text, today, SIZE, (asked.page - 1) * SIZE, by))
    # Equal names are the first of the list, however many pages they fill.
    rows = _subjects(connection, [], (*names.exact, *names.containing), (fold(asked.text),), today)
    _, rows = _warn(connection, [], rows, today)
    return Found(None, [], rows[:SIZE], names.total, min(PAGES, -(-names.total // SIZE)))


def rows_of(kinds: Kinds, found: Iterable[Published], needles: Sequence[str], today: date) -> list[RecordRow]:
    """Records as rows of a list; a record of a kind that is no longer shipped has no row."""
    return [_row(kinds[each.kind], each, needles, needles, today) for each in found if each.kind in kinds]


def subject_row(subject: Subject | Listed, hit: NameHit | None, needles: Sequence[str]) -> SubjectRow:
    """A subject as a row of a list, with the former name that matched."""
    former = hit.name if hit is not None and not hit.current and hit.name != subject.name else ""
    return SubjectRow(
        code=subject.code,
        name=excerpt.marked(subject.name, needles),
        folded=fold(subject.name),
        former=excerpt.marked(former, needles) if former else [],
        type=subject.type,
        how=hit.how if hit is not None else "code",
        why=reasons.of_subject(hit, former=bool(former)),
    )


def _names_beside(engine: Engine, asked: Asked, page: Page) -> Names:
    """Subjects by name, only on the first page and not beside a code that was found."""
    wanted = asked.page == 1 and page.stage != "identifier"
    return engine.names(NameQuery(asked.text if wanted else "", asked.query.today, NAMES_ON_TOP))


def _by_pinyin(engine: Engine, asked: Asked) -> int:
    """How many names there are by pinyin, where the text may be any."""
    if asked.page > 1 or by_pinyin(asked.text) is None:
        return 0
    return engine.names(NameQuery(asked.text, asked.query.today, 1, by="pinyin")).total


def _coded(connection: Connection, code: CodeCheck | None) -> list[int]:
    """The subjects of the code that was typed, or of those that were probably meant."""
    if code is None:
        return []
    found = (subjects.by_code(connection, value) for value in dict.fromkeys((code.value, *code.meant)))
    return [subject.id for subject in found if subject is not None]


def _records(connection: Connection, kinds: Kinds, page: Page, today: date) -> list[RecordRow]:
    """The hits that are still what the index knows; only what was found in a content is looked for in it."""
    shown = records.by_ids(connection, [hit.id for hit in page.hits], today)
    rows = []
    for hit in page.hits:
        record = shown.get(hit.id)
        if record and record.version == hit.version and record.kind in kinds:
            found_inside = IN_TEXT.intersection(hit.why) or (page.stage == "words" and not hit.why)
            inside = page.needles if found_inside else ()
            row = _row(kinds[record.kind], record, page.needles, inside, today)
            current = record.bears if row.now else ""
            why = reasons.of_record(row.kind, record.document, page.needles, current)
            rows.append(replace(row, why=why or _told(hit, page.needles)))
    return rows


def _told(hit: Hit, needles: Sequence[str]) -> list[Reason]:
    """The reasons that the index gives: for words of a code list, which a record holds as codes."""
    return [Reason(labels.WHY[each]) for each in hit.why] if needles else []


def _row(
    kind: Kind, record: Published, needles: Sequence[str], inside: Sequence[str], today: date
) -> RecordRow:
    document = record.document
    name: str = document["name"]
    return RecordRow(
        id=record.id,
        kind=kind,
        name=excerpt.marked(name, needles),
        folded=fold(name),
        code=document["code"],
        identified=record.subject_id is not None,
        number=reasons.number(document["number"], needles),
        body=document["body"],
        date=document["date"],
        until=record.shown_until,
        state=projection.state_on(kind, document, today, services.current().law.book.calendar),
        marks=record.marks,
        excerpt=excerpt.of_record(kind, document["fields"], inside),
        why=[],
        now=excerpt.marked(record.bears, needles) if fold(record.bears) not in {"", fold(name)} else [],
    )


def _subjects(
    connection: Connection, first: list[int], found: Iterable[NameHit], needles: Sequence[str], today: date
) -> list[SubjectRow]:
    """Subjects in order, one row each, those that have something public today."""
    hits: dict[int, NameHit] = {}
    for hit in found:
        hits.setdefault(hit.subject_id, hit)
    order = list(dict.fromkeys((*first, *hits)))
    shown = subjects.listed(connection, order, today.isoformat())
    return [subject_row(shown[who], hits.get(who), needles) for who in order if who in shown]


def _warn(
    connection: Connection, rows: list[RecordRow], top: list[SubjectRow], today: date
) -> tuple[list[RecordRow], list[SubjectRow]]:
    """Say of each name how many subjects bear it, where it is more than one."""
    names = {row.folded for row in rows} | {row.folded for row in top}
    several = subjects.same_names(connection, sorted(names), today.isoformat()) if names else {}
    if not several:
        return rows, top
    return (
        [replace(row, same_name=several[row.folded]) if row.folded in several else row for row in rows],
        [replace(row, same_name=several[row.folded]) if row.folded in several else row for row in top],
    )
