"""Erasing 删除: an act with a basis, after which nothing of a record can be told (DESIGN 3, PIPL art. 47).

Destroyed are the contents and public bytes of all versions, their salts, identity numbers, look-up hashes,
and the delivered rows that were kept beside it. What stays: that a record of this number was there, the
keyed digests by which a later delivery of the same fact is recognised and held, and the ledger, whose
entries tell nothing without the salts. So the tree stays whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, or_, select, tuple_, update

from creditregister import publication, records, staff
from creditregister.errors import CreditError
from creditregister.publication import Author
from creditregister.schema import erasure, held, metadata, record, record_key, record_version, row_problem
from creditregister.store import insert_many

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Records of one statement.
AT_ONCE = 500
#: Every table that says something of a record, but for those that stay or are emptied in place. A table that
#: is added later is destroyed too, unless somebody decides otherwise here.
BESIDE = tuple(
    table
    for table in metadata.sorted_tables
    if table not in {record_version, record_key, erasure}
    and any(key.column is record.c.n for key in table.foreign_keys)
)


class ErasureError(CreditError):
    """What cannot be erased; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Act:
    """Why something is erased, by whom, when: kept for good, since nothing else will tell."""

    basis: str
    who: str
    at: int


def ordered(connection: Connection, by: str, second: str, basis: str, now: int) -> Act:
    """An act that two persons stand for (DESIGN 5: two persons for every withdrawal by the staff).

    Raises:
        ErasureError: both accounts are of one person.
        StaffError: one of them is no account, or is disabled.
    """
    one, other = staff.get(connection, by), staff.get(connection, second)
    if one.person == other.person:
        raise ErasureError(f"{one.name} and {other.name} are the same person: erasing needs another one.")
    return Act(basis, f"{one.name}, {other.name}", now)


def erase(connection: Connection, numbers: Sequence[int], act: Act) -> int:
    """Destroy everything that these records hold; what is public is withdrawn first. How many were erased.

    Whoever calls this commits, and then has the store scrub what the database still keeps of deleted rows.

    Raises:
        ErasureError: no basis was given.
    """
    if not act.basis.strip():
        raise ErasureError("Erasing needs a basis: the law and article, or the decision, that demands it.")
    found = records.by_any_number(connection, numbers)
    open_ones = [item for item in found if item.state == "public"]
    publication.withdraw(connection, open_ones, "ended", Author(act.who, "erased", act.at))
    # What waits for its day or for a grade must never begin.
    publication.lapse(connection, [item for item in found if item.state in {"held", "waiting"}])
    done = set(connection.scalars(select(erasure.c.n).where(erasure.c.n.in_(list(numbers)))))
    wanted = [n for n in dict.fromkeys(numbers) if n not in done]
    for start in range(0, len(wanted), AT_ONCE):
        _destroy(connection, wanted[start : start + AT_ONCE])
    rows = [(n, act.at, act.who, act.basis) for n in wanted]
    insert_many(connection, erasure, ("n", "at", "who", "basis"), rows)
    return len(wanted)


def _destroy(connection: Connection, numbers: list[int]) -> None:
    places = connection.execute(
        select(record_version.c.batch_id, record_version.c.row)
        .where(record_version.c.n.in_(numbers), record_version.c.batch_id.is_not(None))
        .distinct()
    ).all()
    publication.empty(connection, numbers)
    for table in BESIDE:
        connection.execute(delete(table).where(table.c.n.in_(numbers)))
    rows = [(batch, row) for batch, row in places]
    raw = update(row_problem).where(tuple_(row_problem.c.batch_id, row_problem.c.row).in_(rows))
    connection.execute(raw.values(sealed=None, key_id=None))
    waiting = or_(held.c.record_n.in_(numbers), tuple_(held.c.batch_id, held.c.row).in_(rows))
    connection.execute(delete(held).where(waiting))
