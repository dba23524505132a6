"""Codes that fail their check and were issued so 确系如此签发 (DESIGN 3, Problems).

Such codes exist. Who has the certificate in hand confirms one; from then on rows that bear it are accepted,
with a warning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from creditregister.codes import CodeKind, check
from creditregister.errors import CreditError
from creditregister.schema import issued_code

if TYPE_CHECKING:
    from creditregister.staff import Account
    from creditregister.units import Unit

#: Kinds of code that carry a check and name a body.
_CHECKED = (CodeKind.UNIFIED, CodeKind.ORGANISATION, CodeKind.REGISTRATION)


class IssuedError(CreditError):
    """A code that needs no such confirmation, or can have none; the message says why."""


def confirm(connection: Connection, code: str, certificate: str, *, unit: Unit, by: Account, now: int) -> str:
    """Note that this code was issued as it is; returns it in its plain form.

    Raises:
        IssuedError: it is right, it is no code of a body, or it was confirmed before.
    """
    checked = check(code)
    if checked.valid:
        raise IssuedError(f"{checked.value} passes its check: there is nothing to confirm.")
    if checked.kind not in _CHECKED:
        raise IssuedError("Only the code of a body that fails its check can be confirmed as issued.")
    if not certificate.strip():
        raise IssuedError("Say which certificate was seen: its name, number and date.")
    if checked.value in values(connection):
        raise IssuedError(f"{checked.value} was confirmed before.")
    said = {"value": checked.value, "certificate": certificate.strip(), "at": now}
    connection.execute(insert(issued_code).values(unit_id=unit.id, by_id=by.id, **said))
    return checked.value


def values(connection: Connection) -> list[str]:
    """All codes that were confirmed."""
    return list(connection.scalars(select(issued_code.c.value).order_by(issued_code.c.value)))
