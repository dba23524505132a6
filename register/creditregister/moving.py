"""A register taken whole from one database into another: to move it, to back it up, to restore it (DESIGN 3).

Every table is copied as it is: ids, private numbers, versions, salts, ledger and tree stay equal, whichever
of the two databases holds them before and after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, insert, select

from creditregister import checkpoint, ledger
from creditregister.clock import iso
from creditregister.errors import CreditError
from creditregister.opening import upgrade
from creditregister.schema import meta, metadata
from creditregister.store import Turn, insert_all, lock_ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from creditregister.store import Store

#: Rows that are fetched together.
PAGE = 10_000


class MoveError(CreditError):
    """A register that cannot be taken over; the message says why, and nothing was changed."""


def move(source: Store, target: Store, now: int, told: Callable[[str, int], None]) -> dict[str, int]:
    """Take the register into ``target``; afterwards ``source`` can be read, and never be appended to.

    All writers wait meanwhile. Killed at any moment, ``target`` is empty and ``source`` goes on; ``told``
    hears of each table and its rows. Returns how many rows each table had.

    Raises:
        MoveError: ``target`` holds a register already, or there is none to move.
    """
    upgrade(source)
    with source.write(Turn.WHOLE) as old:
        lock_ledger(old)
        refuse_nothing(old, source.label)
        counts = fill(old, target, told)
        where = f"{target.label}, {iso(now)}"
        old.execute(insert(meta).values(key=ledger.MOVED, value=where))
    return counts


def fill(old: Connection, target: Store, told: Callable[[str, int], None]) -> dict[str, int]:
    """Make the tables in an empty database and copy all of ``old`` into it, in one transaction.

    Raises:
        MoveError: something is there already, or does not arrive as it was sent.
    """
    target.database.make()
    upgrade(target)
    with target.write(Turn.WHOLE) as new:
        _refuse_rows(new, target.label)
        counts = copy(old, new, told)
        if checkpoint.now(old) != checkpoint.now(new):
            raise MoveError("The ledger that arrived is not the one that was sent; nothing was kept.")
    return counts


def copy(old: Connection, new: Connection, told: Callable[[str, int], None]) -> dict[str, int]:
    """Every row of every table, in the order in which tables refer to each other."""
    counts = {}
    for table in metadata.sorted_tables:
        names = [column.name for column in table.columns]
        query = select(table).order_by(*table.primary_key).execution_options(yield_per=PAGE)
        counts[str(table.name)] = insert_all(new, table, names, map(tuple, old.execute(query)))
        told(table.name, counts[table.name])
    return counts


def refuse_filled(target: Store) -> None:
    """Look before a long work whether its target is empty.

    Raises:
        MoveError: it holds a register.
    """
    target.database.make()
    upgrade(target)
    with target.read() as connection:
        _refuse_rows(connection, target.label)


def _refuse_rows(connection: Connection, label: str) -> None:
    if connection.scalar(select(func.count()).select_from(meta)):
        raise MoveError(f"{label} holds a register already; name an empty database.")


def refuse_nothing(connection: Connection, label: str) -> None:
    """Refuse a database that has tables, but in which no log was ever begun, or whose log goes on elsewhere.

    Raises:
        MoveError: there is nothing to copy.
    """
    if not ledger.origin(connection):
        raise MoveError(f"There is no register at {label} to be copied.")
    ledger.refuse_moved(connection)
