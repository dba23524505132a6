"""Whether the index may be asked at this moment, and how far it is behind the register (DESIGN 4, Follow).

An index of another ledger, or one that is ahead of it (a restored register), tells of records that never
were: it counts as away. One that is more than five seconds behind is used, but its totals are called "about"
and it shows no facets, no numbers of names and no counts of kinds, so that counts betray nothing that was
withdrawn meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from creditindex import opening
from creditindex.engine import EngineAwayError
from creditregister import ledger

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from creditindex.engine import Engine, Position
    from creditregister.ledger import Head

#: Milliseconds behind the ledger from which totals are no longer exact for a reader.
LATE_MS = 5_000


@dataclass(frozen=True, slots=True)
class Usable:
    """An index that may be asked; ``late`` is whether it is too far behind for exact counts."""

    position: Position
    late: bool


def usable(connection: Connection, engine: Engine, head: Head, now: int) -> Usable:
    """Compare the index with the ledger; ``now`` in milliseconds.

    Raises:
        EngineAwayError: there is none, or it follows another ledger.
    """
    position = engine.position()
    if position is not None and (position.seq, position.hash) == (head.seq, head.hash.hex()):
        return Usable(position, late=False)
    standing = opening.standing(connection, position)
    if position is None or standing not in {opening.Standing.CURRENT, opening.Standing.BEHIND}:
        raise EngineAwayError("There is no index of this register: run `credit-index rebuild`.")
    following = ledger.after(connection, position.seq, 1)
    return Usable(position, late=bool(following) and now - following[0].time > LATE_MS)
