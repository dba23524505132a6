"""What is known of a record already, as far as a delivered row is compared with it; never row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, func, select

from creditregister.publicity import Term
from creditregister.schema import record, record_key, record_version, subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.sql.elements import ColumnElement

#: Variables of one IN list; SQLite allows 32,766.
CHUNK = 8_000


@dataclass(frozen=True, slots=True)
class Stored:
    """The current version of a record; version 0: it is made or changed by the very delivery that asks."""

    n: int
    id: bytes
    version: int
    state: str
    unit_id: int
    digest: bytes
    name: str
    subject_id: int | None
    klass: str
    code: str
    published_at: int
    decided: str
    term: Term

    @property
    def closed(self) -> bool:
        """Whether a decision, its own end or an erasure closed it: no delivery reopens it.

        What was over or kept back on delivery, and never shown, was withdrawn by nobody: it may be corrected.
        """
        if not self.digest:
            return True  # erased: what it said is gone for good
        if self.state in {"public", "held", "waiting", "never"}:
            return False
        return self.state not in {"ended", "hidden"} or self.published_at > 0


class Parties:
    """The records of documents by their subjects and names: a document may have thousands."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, int | str], Stored] = {}

    def note(self, document: bytes, *found: Stored) -> None:
        """Let these records of a document be found; of one name first one whose subject has no code."""
        for each in found:
            if each.subject_id is not None:
                self._known.setdefault((document, each.subject_id), each)
            before = self._known.get((document, each.name))
            if each.name and (before is None or (before.code and not each.code)):
                self._known[document, each.name] = each

    def of_subject(self, document: bytes, subject_id: int | None) -> Stored | None:
        """The record about this subject."""
        return None if subject_id is None else self._known.get((document, subject_id))

    def of_name(self, document: bytes, name: str, code: str) -> Stored | None:
        """The record about a subject of this name, unless both have codes: those say that they are two."""
        found = self._known.get((document, name))
        return None if found is None or (code and found.code) else found


def by_keys(connection: Connection, keys: Sequence[bytes]) -> dict[bytes, list[Stored]]:
    """The records to which these natural keys lead."""
    found: dict[bytes, list[Stored]] = {}
    wanted = list(dict.fromkeys(keys))
    query = _selection(record_key.c.key).join(record_key, record_key.c.n == record.c.n)
    for at in range(0, len(wanted), CHUNK):
        part = query.where(record_key.c.key.in_(wanted[at : at + CHUNK]))
        for key, *values in connection.execute(part).all():
            found.setdefault(key, []).append(_stored(values))
    return found


def by_numbers(connection: Connection, numbers: Sequence[int]) -> dict[int, Stored]:
    """The records of these private numbers; at most as many as one transaction changes."""
    found = connection.execute(_selection(record.c.n).where(record.c.n.in_(numbers))).all()
    return {n: _stored(values) for n, *values in found}


def term_before(connection: Connection, n: int, digest: bytes) -> Term | None:
    """The window that a record had when it last had this content; none: it never had."""
    columns = [record_version.c[name] for name in Term._fields]
    query = select(*columns).where(record_version.c.n == n, record_version.c.digest == digest)
    row = connection.execute(query.order_by(record_version.c.version.desc()).limit(1)).one_or_none()
    return Term(*row) if row else None


def was_so_before(connection: Connection, match: Stored, digest: bytes) -> bool:
    """Whether any version of the record had this content."""
    if match.version == 0:
        return False
    before = select(record_version.c.version).where(
        record_version.c.n == match.n, record_version.c.digest == digest
    )
    return connection.scalar(before.limit(1)) is not None


def _stored(values: Sequence[Any]) -> Stored:
    own = len(values) - len(Term._fields)
    return Stored(*[*values[:own], Term(*values[own:])])


def _selection(first: ColumnElement[Any]) -> Select[Any]:
    """What is compared with a row, behind one further column."""
    current = (record_version.c.n == record.c.n) & (record_version.c.version == record.c.version)
    return (
        select(
            first, record.c.n, record.c.id, record.c.version, record.c.state, record.c.unit_id,
            record_version.c.digest, record.c.name, record.c.subject_id, record.c["class"],
            func.coalesce(subject.c.code, ""), record.c.published_at,
            record.c.decided, *(record_version.c[name] for name in Term._fields),
        )
        .join_from(record, record_version, current)
        .outerjoin(subject, subject.c.id == record.c.subject_id)
    )  # fmt: skip
