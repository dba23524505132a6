"""Who may do what only one process may do at a time, such as following the ledger (DESIGN 4, Follow).

A lease runs out by itself, so a killed holder blocks nobody for long; each new holder gets a higher *epoch*,
and work of an earlier epoch is refused where it would be committed (fencing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select, update

from creditregister.schema import lease

if TYPE_CHECKING:
    from creditregister.store import Store


@dataclass(frozen=True, slots=True)
class Lease:
    """A right to act until ``until`` (milliseconds), as long as no higher epoch was given out."""

    name: str
    holder: str
    epoch: int
    until: int


def take(store: Store, name: str, holder: str, now: int, milliseconds: int) -> Lease | None:
    """Take or renew the lease ``name``; none where somebody else holds it and it has not run out."""
    until = now + milliseconds
    with store.write() as connection:
        row = connection.execute(select(lease).where(lease.c.name == name)).one_or_none()
        if row is None:
            values = {"name": name, "holder": holder, "epoch": 1, "until": until}
            connection.execute(insert(lease).values(**values))
            return Lease(name, holder, 1, until)
        if row.holder != holder and row.until > now:
            return None
        epoch = row.epoch if row.holder == holder else row.epoch + 1
        change = update(lease).where(lease.c.name == name)
        connection.execute(change.values(holder=holder, epoch=epoch, until=until))
        return Lease(name, holder, epoch, until)


def holds(connection: Connection, mine: Lease) -> bool:
    """Whether no later holder has taken over; to be asked right before each commit and swap."""
    return bool(connection.scalar(select(lease.c.epoch).where(lease.c.name == mine.name)) == mine.epoch)


def held(connection: Connection, name: str, now: int) -> bool:
    """Whether anybody holds the lease ``name`` now."""
    until = connection.scalar(select(lease.c.until).where(lease.c.name == name))
    return until is not None and until > now


def release(store: Store, mine: Lease) -> None:
    """Give a lease back before it runs out, so that the next holder need not wait."""
    with store.write() as connection:
        change = update(lease).where(lease.c.name == mine.name, lease.c.epoch == mine.epoch)
        connection.execute(change.values(until=0))
