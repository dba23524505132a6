"""What happened to one record: every version, who, when, why (可溯; FEATURES B4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, select

from creditregister.clock import iso
from creditregister.errors import CreditError
from creditregister.records import id_bytes
from creditregister.schema import (
    batch,
    erasure,
    fixed_field,
    held,
    ledger,
    record,
    record_version,
    staff,
    unit,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


class UnknownRecordError(CreditError):
    """No record has this id."""


def trace(connection: Connection, text: str) -> dict[str, Any]:
    """A record with all its versions and ledger entries, as plain values for a command to print.

    Raises:
        UnknownRecordError: no record has this id.
    """
    row = connection.execute(select(record).where(record.c.id == (id_bytes(text) or b""))).one_or_none()
    if row is None:
        raise _unknown(text)
    now = row._mapping  # noqa: SLF001 -- the documented way to read a column called "class"
    return {
        "id": text,
        "kind": now["kind"],
        "class": now["class"],
        "state": now["state"],
        "owner": connection.scalar(select(unit.c.name).where(unit.c.id == now["unit_id"])),
        "erased": _erased(connection, now["n"]),
        "versions": _versions(connection, now["n"]),
        "ledger": _entries(connection, now["n"]),
        "decided": _decided(connection, now["n"]),
        "held": _held(connection, now["n"]),
    }


def numbers_of(connection: Connection, ids: Sequence[str]) -> list[int]:
    """The private numbers of records by their public ids, in that order.

    Raises:
        UnknownRecordError: no record has one of these ids.
    """
    found = []
    for text in ids:
        n = connection.scalar(select(record.c.n).where(record.c.id == (id_bytes(text) or b"")))
        if n is None:
            raise _unknown(text)
        found.append(n)
    return found


def _unknown(text: str) -> UnknownRecordError:
    return UnknownRecordError(f"No record has the id {text}: 26 characters, as in the address /r/<id>.")


def _erased(connection: Connection, n: int) -> dict[str, Any] | None:
    """When, by whom and on which basis the record was erased; none where it was not."""
    row = connection.execute(select(erasure).where(erasure.c.n == n)).one_or_none()
    return None if row is None else {"at": iso(row.at), "who": row.who, "basis": row.basis}


def _versions(connection: Connection, n: int) -> list[dict[str, Any]]:
    first, second = staff.alias("first"), staff.alias("second")
    query = (
        select(
            record_version,
            batch.c.file,
            batch.c.undoes,
            first.c.name.label("delivered_by"),
            second.c.name.label("released_by"),
        )
        .outerjoin(batch, batch.c.id == record_version.c.batch_id)
        .outerjoin(first, first.c.id == batch.c.by_id)
        .outerjoin(second, second.c.id == batch.c.released_by)
        .where(record_version.c.n == n)
        .order_by(record_version.c.version)
    )
    return [_version(row._mapping) for row in connection.execute(query)]  # noqa: SLF001 -- as above


def _version(row: RowMapping) -> dict[str, Any]:
    return {
        "version": row["version"],
        "at": iso(row["at"]),
        "who": row["who"],
        "why": row["reason"],
        "batch": row["batch_id"],
        "file": row["file"],
        "row": row["row"],
        "delivered_by": row["delivered_by"],
        "released_by": row["released_by"],
        "undoes": row["undoes"],
        "digest": row["digest"].hex(),
    }


def _entries(connection: Connection, n: int) -> list[dict[str, Any]]:
    query = select(ledger).where(ledger.c.n == n).order_by(ledger.c.seq)
    return [
        {
            "seq": row.seq,
            "time": iso(row.time),
            "action": row.action,
            "version": row.version,
            "reason": row.reason,
            "hash": row.hash.hex(),
        }
        for row in connection.execute(query)
    ]


def _decided(connection: Connection, n: int) -> list[dict[str, Any]]:
    """Fields that a decision fixed, with the version that did it: who and when stand there."""
    query = select(fixed_field.c.field, fixed_field.c.version).where(fixed_field.c.n == n)
    return [dict(row) for row in connection.execute(query.order_by(fixed_field.c.field)).mappings()]


def _held(connection: Connection, n: int) -> list[dict[str, Any]]:
    """Rows that look like the record or contradict it, and what was answered."""
    query = (
        select(held, staff.c.name)
        .outerjoin(staff, staff.c.id == held.c.answered_by)
        .where(held.c.record_n == n)
        .order_by(held.c.id)
    )
    return [
        {
            "id": row.id,
            "codes": row.code.split(),
            "batch": row.batch_id,
            "row": row.row,
            "answer": row.answer,
            "by": row.name,
            "at": iso(row.answered_at) if row.answered_at else None,
        }
        for row in connection.execute(query)
    ]
