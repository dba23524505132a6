"""What a new day does 每日作业: what is over leaves, what was to wait begins (DESIGN 3, 6 ``daily``).

Pages, counts and suggestions know the day by themselves, so nothing is shown a minute too long whenever this
runs. It brings ledger and states in line: run twice, it does nothing more; after days of silence it does all
of them at once; a clock that was set back reopens nothing, since what ended has another state.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import and_, case, delete, func, insert, or_, select, tuple_

from creditregister import lists, publication, records, rule_change
from creditregister.pacing import Pace
from creditregister.publication import Author, patiently
from creditregister.rule_change import Change
from creditregister.schema import ENDING, WAITING, meta, record, record_version
from creditregister.store import Turn

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Column, Connection, Select
    from sqlalchemy.sql.elements import ColumnElement

    from creditregister.opening import Register
    from creditregister.records import Published

#: The key of ``meta`` that says for which pages of lists entries were looked through.
PAGES: Final = "lists"
_PAGES = select(meta.c.value).where(meta.c.key == PAGES)
#: What becomes of a record -> the reason in the ledger's private column: ``ended`` was public until its last
#: day; ``held`` lacks what a set now in force needs; ``begun`` waited for its first day; ``lapsed`` was not
#: public, and nothing can make it so any more.
FATES: Final = {"ended": "expired", "held": "no-grade", "begun": "begun", "lapsed": "lapsed"}


@dataclass(slots=True)
class Done:
    """What was done, or would be: records by kind and what becomes of them (``FATES``).

    ``pages``: entries that are held because their list has no page any more, or came back with it.
    ``refused``: ids of what was to begin and was left alone, because its public bytes hold what must never be
    shown; it waits on, and is named every night until it is corrected.
    """

    day: date
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    pages: Change = field(default_factory=Change)
    refused: list[str] = field(default_factory=list)

    def of(self, fate: str) -> int:
        """All records with this fate."""
        return sum(count for (_, each), count in self.counts.items() if each == fate)

    @property
    def total(self) -> int:
        """All records that change."""
        return self.counts.total()


def run(register: Register, today: date) -> Done:
    """Do what ``today`` brings; in small transactions, so that people who write get their turn."""
    done, pace = Done(today), Pace(register.settings.load)
    for due in due_on(today):
        after = ("", 0)
        while True:
            with pace.part(pace.rows):
                met, refused = patiently(partial(_part, register, due, today, after, pace.rows))
            if not met and not refused:
                break
            done.counts.update((item.kind, fate) for fate, items in met.items() for item in items)
            done.refused += [item.id for item in refused]
            # What was left alone is still due: the next part begins behind it.
            after = max(((getattr(item, due.day.name), item.n) for item in refused), default=after)
    _follow_pages(register, done, dry_run=False)
    done.refused += done.pages.refused
    return done


def preview(register: Register, day: date) -> Done:
    """What ``run`` would do on that day as things stand now; nothing is changed."""
    done = Done(day)
    # Of a large register more may be due than can be counted in a short read.
    with register.store.snapshot() as connection:
        for due in due_on(day):
            fate = _fate(day)
            query = select(record.c.kind, fate, func.count()).join(record_version, _CURRENT)
            query = query.where(due.condition).group_by(record.c.kind, fate)
            done.counts.update({(kind, what): count for kind, what, count in connection.execute(query)})
    _follow_pages(register, done, dry_run=True)
    return done


def _follow_pages(register: Register, done: Done, *, dry_run: bool) -> None:
    """Where lists have other pages than when this was last done, let their entries follow."""
    digest = lists.load(kinds=register.law.kinds).digest
    with register.store.read() as connection:
        if connection.scalar(_PAGES) == digest:
            return
    done.pages = rule_change.apply(register, done.day, dry_run=dry_run, pages_only=True)
    if dry_run or done.pages.refused:
        return
    with register.store.write(Turn.BULK) as connection:
        connection.execute(delete(meta).where(meta.c.key == PAGES))
        connection.execute(insert(meta).values(key=PAGES, value=digest))


_CURRENT = and_(record_version.c.n == record.c.n, record_version.c.version == record.c.version)


class Due(NamedTuple):
    """What is due, and the day of a record by which it is: both stand in an index, in this order."""

    condition: ColumnElement[bool]
    day: Column[str]


def due_on(day: date) -> tuple[Due, Due]:
    """What ended before the day, and what was to begin by it."""
    today, ends, begins = day.isoformat(), record.c.shown_until, record.c.shown_from
    return Due(and_(ENDING, ends < today), ends), Due(and_(WAITING, begins <= today), begins)


def _fate(day: date) -> ColumnElement[str]:
    """What becomes of a record that is due, as the database computes it."""
    today, version = day.isoformat(), record_version.c
    over = and_(version.max_end != "", version.max_end < today)
    held = and_(version.held_from != "", version.held_from <= today)
    return case(
        (record.c.state == "public", case((and_(held, ~over), "held"), else_="ended")),
        (or_(record.c.state == "held", over, held), "lapsed"),
        else_="begun",
    )


class _Part(NamedTuple):
    """What one transaction did: records by what became of them, and those that it left alone."""

    met: dict[str, list[Published]]
    refused: list[Published]


def _part(register: Register, due: Due, day: date, after: tuple[str, int], most: int) -> _Part:
    """One transaction, for the next records that are due, behind that day and number."""
    # They are read before it, so that nobody waits for that; what changes meanwhile makes it be done again.
    with register.store.read() as connection:
        fates = {row.n: row.fate for row in connection.execute(next_due(due, day, after, most))}
        found: dict[str, list[Published]] = {}
        for item in records.by_any_number(connection, list(fates)):
            found.setdefault(fates[item.n], []).append(item)
    begun = found.pop("begun", [])
    refused = [item for item in begun if publication.leaks(item.public)]
    # One record that may not be shown keeps none of the others from its day.
    if fine := [item for item in begun if item not in refused]:
        found["begun"] = fine
    if found:
        with register.store.write(Turn.BULK) as connection:
            for fate, items in found.items():
                _meet(connection, fate, items, register.clock.now())
    return _Part(found, refused)


def next_due(due: Due, day: date, after: tuple[str, int], most: int) -> Select[tuple[int, str]]:
    """The next records that are due, and what becomes of each; in the order of the index."""
    query = select(record.c.n, _fate(day).label("fate")).join(record_version, _CURRENT).where(due.condition)
    return query.where(tuple_(due.day, record.c.n) > after).order_by(due.day, record.c.n).limit(most)


def _meet(connection: Connection, fate: str, items: list[Published], now: int) -> None:
    author = Author("credit-register daily", FATES[fate], now)
    if fate == "begun":
        publication.begin(connection, items, author)
    elif fate == "lapsed":
        publication.lapse(connection, items)
    else:
        publication.withdraw(connection, items, fate, author)
