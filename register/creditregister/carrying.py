"""Carrying out what a batch asks for, part by part: each part is one transaction (DESIGN 3).

What was carried out is off the queue in the same transaction, so a process may be killed at any moment: the
next one goes on where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Connection, select, update

from creditregister import holding, projection, publication, staff, units, verdicts, waiting, wholeness
from creditregister.batches import Batch
from creditregister.delivered import Delivered, Outcome, Result
from creditregister.deliveries import LeakError, keep_problems
from creditregister.intake import Chunk
from creditregister.matching import Matcher
from creditregister.nextversion import current, following
from creditregister.pacing import Pace
from creditregister.publication import Author, patiently
from creditregister.schema import batch as batch_table
from creditregister.schema import record, record_key
from creditregister.store import Turn
from creditregister.wholeness import SHOWN_OR_TO_COME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from creditregister.kinds import Kinds
    from creditregister.opening import Register
    from creditregister.settings import Settings
    from creditregister.waiting import Order

_LEAK = "公示内容中似有个人信息，无法自动隐去"


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of a batch's orders: updated, withdrawn (a row may do both), held, and left alone."""

    updated: int = 0
    withdrawn: int = 0
    held: int = 0
    overtaken: int = 0

    def __add__(self, other: Carried) -> Carried:
        names = [each.name for each in fields(self)]
        return Carried(*(getattr(self, name) + getattr(other, name) for name in names))


def reopened(connection: Connection, settings: Settings, number: int) -> Batch:
    """A batch that was begun before, to be carried out now."""
    row = connection.execute(select(batch_table).where(batch_table.c.id == number)).one()
    unit = units.get(connection, row.unit_id)
    account = staff.by_id(connection, row.by_id) if row.undoes else None
    return Batch(
        row.id,
        unit,
        row.kind,
        f"staff {account.name}" if account else f"unit {unit.id}",
        reason="undo" if row.undoes else "delivery",
        below=units.below(connection, unit.id),
        public=wholeness.count_public(connection, unit.id, row.kind),
        # An undoing brings back what was shown, not what anybody says of a name.
        names_subjects=not row.undoes and units.is_among(connection, unit, settings.subjects.name_sources),
        said_at=row.started_at,
    )


def carry_out(register: Register, batch: Batch, kinds: Kinds | None = None) -> Carried:
    """Carry out everything in the queue of a batch; returns what came of it.

    With ``kinds`` the public bytes are computed anew: masks may have changed while the rows waited. A row
    that would leak is held, and the others do not suffer for it.
    """
    pace, total = Pace(register.settings.load), Carried()
    size = pace.rows
    while True:
        try:
            with pace.part(size):
                part = patiently(partial(_part, register, batch, size, kinds))
        except LeakError:
            size = size // 2
            if size == 0:
                _hold_leaking(register, batch)
                total, size = total + Carried(held=1), pace.rows
            continue
        if part is None:
            return total
        total, size = total + part, pace.rows


def _part(register: Register, batch: Batch, size: int, kinds: Kinds | None) -> Carried | None:
    """One transaction; none: the queue is empty."""
    now, keys = register.clock.now(), register.keys
    with register.store.write(Turn.BULK) as connection:
        orders = waiting.take(connection, keys, batch.id, size)
        if not orders:
            return None
        chunk = Chunk(connection, keys, Matcher(), batch, register.moment())
        results = chunk.carry_out(
            [(order, _projected(order.row, batch.kind, kinds)) for order in orders if order.row]
        )
        results = holding.hold(connection, keys, batch, results, now)
        problems = [problem for result in results for problem in result.problems]
        keep_problems(connection, keys, batch, problems, now)
        plain = [order for order in orders if order.row is None]
        gone = _withdraw(connection, batch, plain, now)
        done = _counted(results) + Carried(withdrawn=gone, overtaken=len(plain) - gone)
        _add(connection, batch.id, done)
    return done


def _counted(results: Sequence[Result]) -> Carried:
    outcomes = [result.outcome for result in results]
    return Carried(
        updated=outcomes.count(Outcome.UPDATED),
        withdrawn=sum(result.withdrawn for result in results),
        held=outcomes.count(Outcome.HELD),
    )


def _add(connection: Connection, number: int, done: Carried) -> None:
    """Note with the batch what was carried out, in the transaction that did it."""
    mine = batch_table.c.id == number
    counts = orjson.loads(connection.scalar(select(batch_table.c.counts).where(mine)) or "{}")
    before = Carried(**counts.get("carried", {}))
    counts["carried"] = before + done
    connection.execute(update(batch_table).where(mine).values(counts=orjson.dumps(counts).decode()))


def _projected(row: Delivered, kind: str, kinds: Kinds | None) -> Delivered:
    if kinds is None:
        return row
    return replace(row, public=projection.project(kinds[kind], orjson.loads(row.content), row.klass))


def _hold_leaking(register: Register, batch: Batch) -> None:
    """Set the next order aside: its public bytes hold what must never be shown."""
    now, keys = register.clock.now(), register.keys
    with register.store.write(Turn.BULK) as connection:
        for order in waiting.take(connection, keys, batch.id, 1):
            if order.row is not None:
                found = [verdicts.held(order.row, "leak", _LEAK, order.n)]
                holding.hold(connection, keys, batch, found, now)
                keep_problems(connection, keys, batch, found[0].problems, now)


def _withdraw(connection: Connection, batch: Batch, orders: Sequence[Order], now: int) -> int:
    """Take records away, as far as nothing has changed them since they were ordered away; how many."""
    versions, undone = {order.n: order.version for order in orders}, batch.reason == "undo"
    rows = [
        row
        for row in current(connection, record.c.n.in_(list(versions)))
        if row["version"] == versions[row["n"]]
        and (row["state"] in SHOWN_OR_TO_COME or (undone and row["published_at"] == 0))
    ]
    author = Author(batch.who, "undone" if undone else "absent", now)
    drafts = [following(row, "ended", batch=batch.id) for row in rows]
    shown = {row["n"] for row in rows if row["state"] == "public"}
    publication.take_back(connection, [draft for draft in drafts if draft.n in shown], author)
    publication.keep(connection, [draft for draft in drafts if draft.n not in shown], author)
    if undone:
        # What never should have been is not in the way of its own better delivery.
        numbers = [draft.n for draft in drafts]
        connection.execute(record_key.delete().where(record_key.c.n.in_(numbers)))
    return len(drafts)
