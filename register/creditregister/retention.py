"""Retention 保存期限: what is destroyed when its time is over (``config/retention.toml``; DESIGN 3).

The table says what, from which event, for how long and why; this module finds what is due and destroys it, a
small transaction at a time. Twice, or after days of silence, the result is the same.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Connection, and_, exists, func, select, update

from creditregister import erasure, lawfiles
from creditregister.schema import UNPUBLISHED, batch, held, record, row_problem
from creditregister.schema import erasure as erased
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.kinds.problems import Wrong
    from creditregister.settings import Settings
    from creditregister.store import Store

FILE = "retention.toml"
#: The folder of problems files, in the data folder.
PROBLEMS = "problems"
DAY = 86_400_000
#: Records that one transaction erases: citizens' own writes wait for no more than that.
AT_ONCE = 200
#: What a withdrawn record is: it was public, and is no more (hidden: it turned out to be of a minor).
WITHDRAWN = ("ended", "annulled", "hidden")


class Source(BaseModel):
    """Where a term comes from, in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Term(BaseModel):
    """For how long one thing is kept: ``days`` after the event, for which purpose, by which law."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: Literal["delivery", "withdrawal"]
    days: int = Field(ge=0)
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    source: Source

    def before(self, now: int) -> int:
        """The moment before which an event's term is over."""
        return now - self.days * DAY


class Terms(BaseModel):
    """The whole table; a line that is missing, or one that nobody knows, is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refused_rows: Term = Field(alias="refused-rows")
    person_records: Term = Field(alias="person-records")
    company_records: Term = Field(alias="company-records")
    unpublished_persons: Term = Field(alias="unpublished-person-records")
    unpublished_companies: Term = Field(alias="unpublished-company-records")


@dataclass(frozen=True, slots=True)
class Done:
    """What one run destroyed: raw rows, problems files, records of persons, records of companies."""

    rows: int = 0
    files: int = 0
    persons: int = 0
    companies: int = 0


@functools.cache
def load(path: Path | None = None) -> Terms:
    """The table as shipped, or the operator's own (``store.retention``).

    Raises:
        LawError: the file cannot be used; every error of it, a line each.
    """
    chosen = path or shipped("config") / FILE
    wrong: list[Wrong] = []
    table = lawfiles.read(chosen, wrong)
    terms = lawfiles.shaped(Terms, chosen.name, table, wrong) if table is not None else None
    if terms is None:
        raise lawfiles.LawError(wrong)
    return terms


def run(store: Store, settings: Settings, terms: Terms, now: int) -> Done:
    """Destroy what is over; safe to be killed and to be run again."""
    with store.write() as connection:
        rows = _forget_rows(connection, terms.refused_rows.before(now))
    files = _forget_files(settings.data / PROBLEMS, terms.refused_rows.before(now))
    persons = companies = 0
    for line in _lines(terms):
        count = _erase(store, line, now)
        persons, companies = persons + count * line.person, companies + count * (not line.person)
    if rows or persons or companies:
        store.scrub()
    return Done(rows, files, persons, companies)


def due(connection: Connection, terms: Terms, now: int) -> tuple[int, int]:
    """How many records of persons and of companies a run would erase now."""
    found = {True: 0, False: 0}
    for line in _lines(terms):
        query = select(func.count()).select_from(record).where(_over(line, now))
        found[line.person] += connection.scalar(query) or 0
    return found[True], found[False]


class _Line(NamedTuple):
    """One line of the table that is about records: its name, its term, whose records it means."""

    name: str
    term: Term
    person: bool


def _lines(terms: Terms) -> list[_Line]:
    fields = ("person_records", "company_records", "unpublished_persons", "unpublished_companies")
    return [
        _Line(str(Terms.model_fields[field].alias), getattr(terms, field), "person" in field)
        for field in fields
    ]


def _erase(store: Store, line: _Line, now: int) -> int:
    basis = f"{line.name}: {line.term.days} days after {line.term.after}, {line.term.source.en}"
    count = 0
    while True:
        with store.write() as connection:
            numbers = list(connection.scalars(select(record.c.n).where(_over(line, now)).limit(AT_ONCE)))
            count += erasure.erase(connection, numbers, erasure.Act(basis, "retention", now))
        if len(numbers) < AT_ONCE:
            return count


def _over(line: _Line, now: int) -> ColumnElement[bool]:
    """Records whose term is over; what was never shown counts from the delivery that brought it."""
    person = record.c["class"] == "person"
    whose = person if line.person else ~person
    rest = whose & ~exists().where(erased.c.n == record.c.n)
    before = line.term.before(now)
    if line.term.after == "withdrawal":
        return record.c.state.in_(WITHDRAWN) & (record.c.withdrawn_at < before) & rest
    # Batches are numbered in their order, so that the index holds what is due in one piece.
    last = select(func.max(batch.c.id)).where(batch.c.started_at < before).scalar_subquery()
    return and_(UNPUBLISHED, record.c.batch_id <= last, rest)


def _forget_rows(connection: Connection, before: int) -> int:
    """Destroy the values of rows that were refused, or held and answered or superseded, before that moment.

    What was wrong with them stays, and of an answered row the digest by which it is known again.
    """
    old = update(row_problem).where(row_problem.c.at < before, row_problem.c.sealed.is_not(None))
    answered = update(held).where(held.c.state != "open", held.c.answered_at < before, held.c.sealed != b"")
    gone = connection.execute(old.values(sealed=None, key_id=None)).rowcount
    return gone + connection.execute(answered.values(sealed=b"", key_id="")).rowcount


def _forget_files(folder: Path, before: int) -> int:
    """Remove problems files that were written before that day: they hold names as they were delivered."""
    old = [path for path in sorted(folder.glob("*.csv")) if path.stat().st_mtime * 1000 < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
