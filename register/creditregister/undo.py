"""Undoing a batch 撤回批次: back to what was before it, as far as nobody has decided otherwise (DESIGN 3).

What the batch made new is withdrawn, what it changed gets its content of before as a new version, what it
withdrew is shown again. A record that another delivery has changed since, or that a decision has touched
otherwise than by fixing fields, is left alone. An undoing is a batch itself: it needs a second person by
the same rule, it can be traced, and it can be undone.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, select

from creditregister import decisions, staff, waiting
from creditregister import kinds as kind_files
from creditregister.carrying import reopened
from creditregister.deliveries import begin
from creditregister.nextversion import SAME_AGAIN
from creditregister.redrafting import redrafted
from creditregister.release import ReleaseError, Settled, finish_all, settle
from creditregister.schema import batch as batch_table
from creditregister.schema import record, record_version
from creditregister.store import Turn
from creditregister.units import get as get_unit
from creditregister.versions import History, Version, histories, row_of
from creditregister.waiting import Order
from creditregister.wholeness import SHOWN_OR_TO_COME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from creditregister.keys import Keys
    from creditregister.kinds import Kind
    from creditregister.opening import Register

#: Records that are looked through, and enter the queue, at once.
PAGE = 500
#: Why versions are made that an undoing goes past: they say what a decision said, or the same as before.
_KEPT = SAME_AGAIN | {"decision"}
#: Why versions are made that only take their record from the public.
_GONE = frozenset({"absent", "undone"})
#: States of a batch that can be undone.
_OVER = ("done", "waiting", "failed", "superseded")


class Undone(NamedTuple):
    """The batch that undoes, what came of it, and how many records it leaves as they are."""

    batch: int
    settled: Settled
    left: int


def undo(register: Register, number: int, by: str) -> Undone:
    """Undo a batch in the name of this account; more than a little waits for a second person.

    Raises:
        ReleaseError: there is no such batch, it runs, or it was undone already.
        StaffError: there is no such account.
    """
    finished = finish_all(register)
    with register.store.write(Turn.BULK) as connection:
        account = staff.get(connection, by)
        before = select(batch_table.c.id).where(batch_table.c.undoes == number)
        for done in connection.scalars(before.where(batch_table.c.id.in_(list(finished)))).all():
            return Undone(done, Settled(0, 0, carried=finished[done]), 0)
        target = _get(connection, number)
        file, now = f"undo {number}", register.clock.now()
        digest = hashlib.sha256(file.encode()).digest()
        unit = get_unit(connection, target.unit_id)
        new = begin(
            connection,
            register.keys,
            (unit, target.kind),
            (file, digest),
            now,
            by_id=account.id,
            undoes=number,
        )
    with register.store.read() as connection:
        batch = reopened(connection, register.settings, new)
    kind, left = kind_files.load()[target.kind], 0
    for numbers in _touched(register, target):
        with register.store.read() as connection:
            fixed = decisions.of(connection, numbers)
            found = [
                _order(register.keys, kind, target, each, fixed.get(each.n, {}))
                for each in histories(connection, numbers)
            ]
        orders = [order for order in found if order is not None]
        left += len(found) - len(orders)
        with register.store.write(Turn.BULK) as connection:
            waiting.put(connection, register.keys, new, orders)
        batch.queued |= dict.fromkeys((order.n for order in orders), b"")
    return Undone(new, settle(register, batch), left)


def _get(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(batch_table).where(batch_table.c.id == number)).one_or_none()
    if row is None:
        raise ReleaseError(f"There is no batch {number}.")
    if row.state == "undone":
        raise ReleaseError(f"Batch {number} was undone already.")
    if row.state not in _OVER:
        raise ReleaseError(
            f"Batch {number} is {row.state}: let it end, or deliver the same file again to complete it."
        )
    return row


def _touched(register: Register, target: Row[Any]) -> Iterator[list[int]]:
    """The records that the batch made and that are shown or to be, then those that it changed, by pages.

    One that came as 撤销 was never shown; undone like the others, it may come again as it should have.
    """
    own = (
        record.c.unit_id == target.unit_id,
        record.c.kind == target.kind,
        record.c.batch_id == target.id,
    )
    made = [select(record.c.n).where(*own, record.c.state == state) for state in SHOWN_OR_TO_COME]
    made.append(select(record.c.n).where(*own, record.c.state == "annulled", record.c.published_at == 0))
    changed = (
        select(record_version.c.n)
        .join(record, record.c.n == record_version.c.n)
        .where(
            record_version.c.batch_id == target.id,
            record_version.c.version > 1,
            record.c.batch_id.is_distinct_from(target.id),
        )
        .distinct()
    )
    for query, n in (*((each, record.c.n) for each in made), (changed, record_version.c.n)):
        after = 0
        while True:
            with register.store.read() as connection:
                page = list(connection.scalars(query.where(n > after).order_by(n).limit(PAGE)))
            if page:
                yield page
                after = page[-1]
            if len(page) < PAGE:
                break


def _order(keys: Keys, kind: Kind, target: Row[Any], of: History, fixed: decisions.Fixed) -> Order | None:
    """What brings a record back to before the batch; none: it is left as it is."""
    own = [each.version for each in of.versions if each.batch == target.id]
    later = [each for each in of.versions if each.version > own[-1]]
    last = of.versions[-1].version
    if of.batch == target.id:
        return None if later and not _same(later) else Order(of.n, last, "withdraw")
    shown = of.at(own[-1]).reason == ("undo" if target.undoes else "delivery")
    if any(each.reason not in _KEPT for each in later) or (shown and of.state != "public"):
        return None
    before = of.at(own[0] - 1)
    if before.reason in _GONE:
        return Order(of.n, last, "withdraw") if of.state == "public" else None
    if not before.content:
        return None  # it was erased meanwhile: there is nothing to go back to
    row = row_of(keys, kind, of, before)
    if fixed:
        row = redrafted(kind, row, decisions.laid_over(orjson.loads(row.content), fixed))
    return Order(of.n, last, "replace" if of.state == "public" else "restore", row)


def _same(versions: list[Version]) -> bool:
    """Whether versions only show the same in another form."""
    return all(each.reason in SAME_AGAIN for each in versions)
