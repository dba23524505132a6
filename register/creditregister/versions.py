"""The versions of records as they are stored, and the rows that they came from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import orjson
from sqlalchemy import Connection, select

from creditregister.redrafting import rebuilt
from creditregister.schema import person_secret, record, record_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from creditregister.delivered import Delivered
    from creditregister.keys import Keys
    from creditregister.kinds import Kind


@dataclass(frozen=True, slots=True)
class Version:
    """One version: what it says, why it was made, by which batch (none: otherwise)."""

    version: int
    content: str
    digest: bytes
    shown: bool
    reason: str
    batch: int | None


class Sealed(NamedTuple):
    """What was sealed with a version, one field of it."""

    version: int
    field: str
    key_id: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class History:
    """A record as it is now, with all its versions in their order, and what is sealed of them."""

    n: int
    klass: str
    state: str
    batch: int | None
    versions: tuple[Version, ...]
    secrets: tuple[Sealed, ...]

    def at(self, version: int) -> Version:
        """The version with that number."""
        return next(each for each in self.versions if each.version == version)


def histories(connection: Connection, numbers: Sequence[int]) -> list[History]:
    """The records of these private numbers, in their order; at most as many as one statement takes."""
    query = select(record.c.n, record.c["class"], record.c.state, record.c.batch_id)
    heads = connection.execute(query.where(record.c.n.in_(numbers)).order_by(record.c.n)).all()
    found: dict[int, list[Version]] = {}
    chosen = select(record_version).where(record_version.c.n.in_(numbers))
    for row in connection.execute(chosen.order_by(record_version.c.n, record_version.c.version)):
        one = Version(row.version, row.content, row.digest, row.public is not None, row.reason, row.batch_id)
        found.setdefault(row.n, []).append(one)
    secrets: dict[int, list[Sealed]] = {}
    sealed = select(person_secret).where(person_secret.c.n.in_(numbers))
    for row in connection.execute(sealed):
        secrets.setdefault(row.n, []).append(Sealed(row.version, row.field, row.key_id, row.sealed))
    return [
        History(n, klass, state, batch, tuple(found.get(n, ())), tuple(secrets.get(n, ())))
        for n, klass, state, batch in heads
    ]


def row_of(keys: Keys, kind: Kind, of: History, version: Version) -> Delivered:
    """The row from which a version came, with what was sealed then."""
    content = orjson.loads(version.content)
    return rebuilt(kind, content, _secrets(keys, of, version), of.klass, shown=version.shown)


def _secrets(keys: Keys, of: History, version: Version) -> dict[str, str]:
    """What was sealed with the newest version up to this one that says the same, and has anything sealed."""
    same = {
        each.version
        for each in of.versions
        if each.digest == version.digest and each.version <= version.version
    }
    newest = max((each.version for each in of.secrets if each.version in same), default=0)
    return {
        each.field: keys.unseal(each.key_id, each.sealed, f"{of.n}/{each.field}")
        for each in of.secrets
        if each.version == newest
    }
