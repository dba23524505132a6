"""Rows that wait for their unit's word 待核: kept sealed, each once, until somebody answers (DESIGN 3).

A row that is delivered again waits no second time; one that was answered comes out as unchanged. The last
word of a unit on a record counts: a row waits no longer once a later one of the same record waits too, or was
taken in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Connection, Row, Select, bindparam, select, update

from creditregister.delivered import Outcome, Problem, Result, pack, unpack
from creditregister.errors import CreditError
from creditregister.records import id_text
from creditregister.schema import batch, held, record, unit
from creditregister.store import insert_many

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from creditregister.batches import Batch
    from creditregister.delivered import Delivered
    from creditregister.keys import Keys

#: Variables of one IN list; SQLite allows 32,766.
CHUNK = 8_000
COLUMNS = (
    "digest", "key", "batch_id", "row", "unit_id", "kind", "code", "message", "record_n", "key_id", "sealed",
    "state", "at",
)  # fmt: skip
_ANSWERED = "该行此前已由单位答复，按答复处理，不再重复"


class UnknownHeldError(CreditError):
    """No row with this number waits; the message says so."""


@dataclass(frozen=True, slots=True)
class Held:
    """One row that waits: its reasons, where it came from, the record that it looks like (public id)."""

    id: int
    unit_id: int
    unit: str
    kind: str
    codes: tuple[str, ...]
    message: str
    batch: int
    file: str
    row: int
    near: int | None
    record: str
    at: int
    key_id: str
    sealed: bytes
    digest: bytes


def hold(
    connection: Connection, keys: Keys, batch: Batch, results: Sequence[Result], now: int
) -> list[Result]:
    """Keep the held ones among the results of a chunk; those that were answered before become unchanged.

    What waits of a record whose key a result has waits no longer. ``now`` is when their unit said so: of a
    row that meets its next doubt, when it was delivered.
    """
    found = list(results)
    digests = {
        place: _digest(keys, batch, result.held, codes_of(result))
        for place, result in enumerate(results)
        if result.held is not None
    }
    states = _states(connection, list(digests.values()))
    rows: dict[bytes, tuple[object, ...]] = {}
    for place, digest in digests.items():
        if states.get(digest) == "resolved":
            found[place] = _answered(results[place])
        elif not batch.dry:
            rows[digest] = _row(keys, batch, results[place], digest, now)
    _renew(connection, [rows.pop(digest) for digest in states if digest in rows])
    _supersede(connection, batch, [result.key for result in found if result.key], batch.said_at or now)
    insert_many(connection, held, COLUMNS, list(rows.values()))
    return found


def _supersede(connection: Connection, batch: Batch, keys: Sequence[bytes], now: int) -> None:
    """Close what waits of these records since before that moment: the unit has said something later."""
    mine = (
        held.c.state == "open",
        held.c.unit_id == batch.unit.id,
        held.c.kind == batch.kind,
        held.c.at < now,
    )
    known = select(held.c.id).where(*mine, held.c.key.is_not(None)).limit(1)
    if batch.dry or not keys or connection.scalar(known) is None:
        return
    for at in range(0, len(keys), CHUNK):
        change = update(held).where(*mine, held.c.key.in_(keys[at : at + CHUNK]))
        connection.execute(change.values(state="superseded", answered_at=now))


def codes_of(result: Result) -> tuple[str, ...]:
    """Why a row is held: the codes of its reasons."""
    return tuple(dict.fromkeys(each.code for each in result.problems if each.outcome == "held"))


def listed(
    connection: Connection, *, unit_id: int | None = None, kind: str = "", code: str = ""
) -> list[Held]:
    """Every row that waits, the oldest first; of one unit, kind or reason only, where these are given."""
    query = _selection().where(held.c.state == "open").order_by(held.c.id)
    if unit_id is not None:
        query = query.where(held.c.unit_id == unit_id)
    if kind:
        query = query.where(held.c.kind == kind)
    found = [_held(row) for row in connection.execute(query)]
    return [each for each in found if not code or code in each.codes]


def get(connection: Connection, number: int) -> Held:
    """The row that waits under this number.

    Raises:
        UnknownHeldError: none does, or it was answered.
    """
    query = _selection().where(held.c.id == number, held.c.state == "open")
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownHeldError(f"No row waits under the number {number}: `credit-index held` lists them.")
    return _held(row)


def opened(keys: Keys, row: Held) -> Delivered:
    """The row itself."""
    return unpack(keys.unseal(row.key_id, row.sealed, _bound(row.digest)))


def answer(connection: Connection, number: int, word: str, by: int, now: int) -> None:
    """Note how a row was answered, by which account; it waits no longer.

    Raises:
        UnknownHeldError: somebody answered it meanwhile.
    """
    change = update(held).where(held.c.id == number, held.c.state == "open")
    values = {"state": "resolved", "answer": word, "answered_by": by, "answered_at": now}
    if connection.execute(change.values(**values)).rowcount != 1:
        raise UnknownHeldError(f"Row {number} was answered by somebody else meanwhile.")


def _states(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    for at in range(0, len(digests), CHUNK):
        query = select(held.c.digest, held.c.state).where(held.c.digest.in_(digests[at : at + CHUNK]))
        found |= dict(connection.execute(query).all())
    return found


def _renew(connection: Connection, rows: Sequence[tuple[object, ...]]) -> None:
    """Rows that came again wait as they came now, under the same number."""
    if rows:
        names = [name for name in COLUMNS if name != "digest"]
        change = update(held).where(held.c.digest == bindparam("_digest"))
        values = [dict(zip(("_digest", *names), row, strict=True)) for row in rows]
        connection.execute(
            change.values({name: bindparam(name) for name in names} | {"answered_at": None}), values
        )


def _digest(keys: Keys, batch: Batch, row: Delivered, codes: Sequence[str]) -> bytes:
    """Of the whole row and its reasons, keyed: it holds what is sealed."""
    fact = [batch.unit.id, batch.kind, list(codes), row.content, row.secrets]
    return keys.digest("held", orjson.dumps(fact, option=orjson.OPT_SORT_KEYS))


def _row(keys: Keys, batch: Batch, result: Result, digest: bytes, now: int) -> tuple[object, ...]:
    sealed = keys.seal(pack(result.held) if result.held else "", _bound(digest))
    message = " ".join(each.message for each in result.problems if each.outcome == "held")
    about = (
        digest,
        result.key or None,
        batch.id,
        result.row,
        batch.unit.id,
        batch.kind,
        " ".join(codes_of(result)),
        message,
    )
    return (*about, result.near, *sealed, "open", now)


def _bound(digest: bytes) -> str:
    return f"held {digest.hex()}"


def _answered(result: Result) -> Result:
    rest = tuple(each for each in result.problems if each.outcome != "held")
    said = Problem(result.row, "warned", "", "answered", f"第 {result.row} 行：{_ANSWERED}。")
    return Result(result.row, Outcome.UNCHANGED, (*rest, said))


def _selection() -> Select[Any]:
    return (
        select(held, unit.c.name.label("unit"), batch.c.file, record.c.id.label("record"))
        .join(unit, unit.c.id == held.c.unit_id)
        .join(batch, batch.c.id == held.c.batch_id)
        .outerjoin(record, record.c.n == held.c.record_n)
    )


def _held(row: Row[Any]) -> Held:
    return Held(
        id=row.id,
        unit_id=row.unit_id,
        unit=row.unit,
        kind=row.kind,
        codes=tuple(row.code.split()),
        message=row.message,
        batch=row.batch_id,
        file=row.file,
        row=row.row,
        near=row.record_n,
        record=id_text(row.record) if row.record else "",
        at=row.at,
        key_id=row.key_id,
        sealed=row.sealed,
        digest=row.digest,
    )
