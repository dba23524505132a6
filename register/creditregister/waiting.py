"""Changes that a batch asks for and that are not carried out yet: a queue, its rows sealed (DESIGN 3).

A delivery first puts what it would change here; when the whole file was read, it is carried out or waits for
a second person. Each transaction that carries out a part takes it off the queue, so that an interrupted one
is completed and nothing is done twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import Connection, func, select, update

from creditregister.delivered import Delivered, pack, unpack
from creditregister.schema import waiting
from creditregister.store import insert_many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from creditregister.keys import Keys

COLUMNS = ("batch_id", "n", "action", "version", "row", "key_id", "sealed")


class Order(NamedTuple):
    """One change of one record.

    ``correct`` it by a delivered row, ``replace`` it by what people decided, ``restore`` one that is not
    shown, or ``withdraw`` it.
    ``version`` is the one that the record had when it was asked for; a record that has moved on since then
    is left alone.
    """

    n: int
    version: int
    action: str
    row: Delivered | None = None


def put(connection: Connection, keys: Keys, batch: int, orders: Sequence[Order]) -> None:
    """Add to the queue of a batch."""
    rows = []
    for order in orders:
        sealed = keys.seal(pack(order.row), _bound(batch, order.n)) if order.row else (None, None)
        number = order.row.row if order.row else None
        rows.append((batch, order.n, order.action, order.version, number, *sealed))
    insert_many(connection, waiting, COLUMNS, rows)


def take(connection: Connection, keys: Keys, batch: int, limit: int) -> list[Order]:
    """Take the next orders off the queue, in the order of the records' numbers."""
    query = select(waiting).where(waiting.c.batch_id == batch).order_by(waiting.c.n).limit(limit)
    found = connection.execute(query).all()
    orders = [
        Order(
            row.n,
            row.version,
            row.action,
            unpack(keys.unseal(row.key_id, row.sealed, _bound(batch, row.n))) if row.sealed else None,
        )
        for row in found
    ]
    if orders:
        gone = waiting.delete().where(waiting.c.batch_id == batch, waiting.c.n <= orders[-1].n)
        connection.execute(gone)
    return orders


def follow(connection: Connection, numbers: Sequence[int]) -> None:
    """These records have got another version that says the same: what was asked of them still stands."""
    if numbers:
        mine = update(waiting).where(waiting.c.n.in_(numbers))
        connection.execute(mine.values(version=waiting.c.version + 1))


def count(connection: Connection, batch: int) -> dict[str, int]:
    """How many changes of each sort wait in a batch."""
    query = select(waiting.c.action, func.count()).where(waiting.c.batch_id == batch)
    return dict(connection.execute(query.group_by(waiting.c.action)).all())


def forget(connection: Connection, batch: int) -> None:
    """Drop what a batch asked for: it failed, or a later delivery stands in its place."""
    connection.execute(waiting.delete().where(waiting.c.batch_id == batch))


def _bound(batch: int, n: int) -> str:
    return f"waiting {batch}/{n}"
