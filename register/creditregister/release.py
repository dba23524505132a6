"""How much a delivery may change by itself, and what waits for a second person 复核 (DESIGN 3).

New records are stored as they come. What a delivery would change or take away is known when its file was
read to the end: a little is carried out at once; more waits until another person releases it, and a whole
list that would take away too much takes away nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, and_, or_, select, update

from creditregister import kinds as kind_files
from creditregister import staff, waiting, wholeness
from creditregister.carrying import Carried, carry_out, reopened
from creditregister.errors import CreditError
from creditregister.schema import batch as batch_table
from creditregister.schema import unit
from creditregister.store import Turn
from creditregister.waiting import Order

if TYPE_CHECKING:
    from creditregister.batches import Batch
    from creditregister.opening import Register
    from creditregister.settings import LoadSettings
    from creditregister.staff import Account

#: Orders that enter the queue in one transaction.
PART = 1_000


class ReleaseError(CreditError):
    """A batch that cannot be released, or not by this person; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a delivery's changes.

    ``changes``: rows and absent records together; ``limit``: how many it may change alone; ``absent``:
    records that a whole list does not name; ``stopped``: they are too many, and stay; ``doubtful``: rows
    that could not be read, each of which may be one of the absent; ``carried``: none while it waits.
    """

    changes: int
    limit: int
    absent: int = 0
    stopped: bool = False
    doubtful: int = 0
    carried: Carried | None = None

    @property
    def waits(self) -> bool:
        """Whether a second person is needed."""
        return self.changes > self.limit or (self.absent > 0 and self.doubtful > 0 and not self.stopped)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch that waits for a second person: how many changes of each sort, and who stands for it."""

    batch: int
    unit: str
    kind: str
    file: str
    orders: dict[str, int]
    by: str
    at: int


def limit(load: LoadSettings, public: int) -> int:
    """How many records a delivery may change alone, where its unit has ``public`` of the kind in public."""
    return min(load.alone_rows, max(load.few_rows, int(public * load.alone_share)))


def too_many(load: LoadSettings, public: int, absent: int) -> bool:
    """Whether a whole list lacks so much that it is more likely wrong than true."""
    all_of_them = absent >= public
    return absent > public * load.full_stop_share and (absent > load.few_rows or all_of_them)


def settle(register: Register, batch: Batch, doubtful: int = 0) -> Settled:
    """Decide on the changes of a delivery that was read to its end, and carry them out if it may.

    ``doubtful`` rows were refused, so nobody knows which records they mean.
    """
    found = _judged(register, batch, doubtful)
    if batch.dry:
        return found
    with register.store.write(Turn.BULK) as connection:
        _supersede(connection, batch)
        change = update(batch_table).where(batch_table.c.id == batch.id)
        connection.execute(change.values(state="waiting" if found.waits else "approved"))
    if found.waits:
        return found
    done = carry_out(register, batch)
    _conclude(register, batch.id)
    return replace(found, carried=done)


def _judged(register: Register, batch: Batch, doubtful: int) -> Settled:
    """Count what would change; what a whole list would take away enters the queue."""
    load, absent = register.settings.load, []
    allowed = limit(load, batch.public)
    if batch.seen is not None:
        absent = wholeness.absent(register.store, batch.unit.id, batch.kind, batch.seen)
    if absent and too_many(load, batch.public, len(absent)):
        return Settled(len(batch.queued), allowed, len(absent), stopped=True, doubtful=doubtful)
    orders = [Order(n, version, "withdraw") for n, version in absent if n not in batch.queued]
    for at in range(0, 0 if batch.dry else len(orders), PART):
        with register.store.write(Turn.BULK) as connection:
            waiting.put(connection, register.keys, batch.id, orders[at : at + PART])
    return Settled(len(batch.queued) + len(orders), allowed, len(orders), doubtful=doubtful)


def release(register: Register, number: int, by: str) -> Carried | None:
    """Let a waiting batch be carried out in the name of a second person; none: another one is still needed.

    A batch that nobody has put a name to needs two: the first stands for it, the second releases it.

    Raises:
        ReleaseError: nothing waits there, or it is the same person.
    """
    with register.store.write(Turn.BULK) as connection:
        account = staff.get(connection, by)
        row = _get(connection, number)
        if row.state == "waiting":
            if not _second(connection, row, account, register.clock.now()):
                return None
        elif row.state != "approved":
            raise ReleaseError(f"Batch {number} is {row.state}: nothing of it waits for a release.")
    return finish(register, number)


def finish(register: Register, number: int) -> Carried:
    """Carry out a batch that was approved, also where an earlier process was killed over it."""
    with register.store.read() as connection:
        batch = reopened(connection, register.settings, number)
    done = carry_out(register, batch, kind_files.load())
    _conclude(register, number)
    return done


def finish_all(register: Register, unit_id: int | None = None) -> dict[int, Carried]:
    """Complete every batch that was approved and not carried out to its end, of one unit or of all."""
    query = select(batch_table.c.id).where(batch_table.c.state == "approved").order_by(batch_table.c.id)
    if unit_id is not None:
        query = query.where(batch_table.c.unit_id == unit_id)
    with register.store.read() as connection:
        numbers = list(connection.scalars(query))
    return {number: finish(register, number) for number in numbers}


def _conclude(register: Register, number: int) -> None:
    """A batch whose queue is empty is done, and what it undoes is undone."""
    with register.store.write(Turn.BULK) as connection:
        values = {"state": "done", "finished_at": register.clock.now()}
        own = update(batch_table).where(batch_table.c.id == number)
        connection.execute(own.values(**values))
        undone = connection.scalar(select(batch_table.c.undoes).where(batch_table.c.id == number))
        if undone is not None:
            waiting.forget(connection, undone)
            connection.execute(update(batch_table).where(batch_table.c.id == undone).values(state="undone"))


def waiting_batches(connection: Connection) -> list[Waiting]:
    """Everything that waits for a second person, the oldest first."""
    query = (
        select(batch_table, unit.c.name)
        .join(unit, unit.c.id == batch_table.c.unit_id)
        .where(batch_table.c.state == "waiting")
        .order_by(batch_table.c.id)
    )
    found = []
    for row in connection.execute(query).all():
        first = staff.by_id(connection, row.by_id)
        orders = waiting.count(connection, row.id)
        name = first.name if first else ""
        found.append(Waiting(row.id, row.name, row.kind, row.file, orders, name, row.started_at))
    return found


def _get(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(batch_table).where(batch_table.c.id == number)).one_or_none()
    if row is None:
        raise ReleaseError(f"There is no batch {number}: `credit-index held` lists those that wait.")
    return row


def _second(connection: Connection, row: Row[Any], account: Account, now: int) -> bool:
    """Approve, if this is another person than the first; else note who stands for the batch."""
    first = staff.by_id(connection, row.by_id)
    mine = update(batch_table).where(batch_table.c.id == row.id)
    if first is None:
        connection.execute(mine.values(by_id=account.id))
        return False
    if first.person == account.person:
        raise ReleaseError(
            f"Batch {row.id} is {first.name}'s own, and {account.name} is the same person: "
            "somebody else must release it."
        )
    connection.execute(mine.values(state="approved", released_by=account.id, released_at=now))
    return True


def _supersede(connection: Connection, batch: Batch) -> None:
    """What an earlier delivery of the same file, or an earlier whole list, left undone is undone for good."""
    own = connection.execute(select(batch_table).where(batch_table.c.id == batch.id)).one()
    same = batch_table.c.file_hash == own.file_hash
    if own.full:
        same = or_(same, and_(batch_table.c.full == 1, batch_table.c.state == "waiting"))
    query = select(batch_table.c.id).where(
        batch_table.c.unit_id == own.unit_id,
        batch_table.c.kind == own.kind,
        batch_table.c.id < own.id,
        batch_table.c.state.in_(("running", "waiting")),
        same,
    )
    for number in connection.scalars(query).all():
        waiting.forget(connection, number)
        change = update(batch_table).where(batch_table.c.id == number)
        connection.execute(change.values(state="superseded"))
