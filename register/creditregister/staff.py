"""Accounts of the staff 工作人员, each bound to a person (DESIGN 3; SECURITY 3).

Where two persons are needed, it is the persons that are compared: of the number of an identity document only
a keyed digest is kept, and two accounts that share it are one person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, insert, select, update

from creditregister.codes import is_identity
from creditregister.errors import CreditError
from creditregister.schema import staff
from creditregister.text import fold

if TYPE_CHECKING:
    from creditregister.keys import Keys

#: Characters of the shortest document number that tells one person from another.
SHORTEST = 6
#: Characters of a national identity number (GB 11643), which carries a check.
NATIONAL = 18
LONGEST_NAME = 80


class StaffError(CreditError):
    """A name or number that cannot be an account, or is none; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account; ``person`` is the digest by which persons are compared, ``disabled_at`` 0 while in use."""

    id: int
    name: str
    person: bytes
    created_at: int
    disabled_at: int


def add(connection: Connection, keys: Keys, name: str, number: str, now: int) -> Account:
    """Make an account for the person with this identity document.

    Raises:
        StaffError: the name is empty, too long or taken, or the number cannot be right.
    """
    name, number = name.strip(), fold(number)
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise StaffError(f"The name of an account has 1 to {LONGEST_NAME} characters that can be seen.")
    if _find(connection, name) is not None:
        raise StaffError(f"There is an account {name} already: choose another name.")
    if len(number) < SHORTEST:
        raise StaffError(f"The number of an identity document has at least {SHORTEST} characters.")
    if len(number) == NATIONAL and number[:-1].isdigit() and not is_identity(number):
        raise StaffError("The identity number fails its check: a digit is wrong or missing.")
    values = {"name": name, "person": keys.digest("staff", number.encode()), "created_at": now}
    connection.execute(insert(staff).values(**values))
    return get(connection, name)


def get(connection: Connection, name: str) -> Account:
    """The account of that name, if it may act.

    Raises:
        StaffError: there is none, or it was disabled.
    """
    found = _find(connection, name.strip())
    if found is None:
        raise StaffError(f"There is no account {name}: `credit-register staff add` makes one.")
    if found.disabled_at:
        raise StaffError(f"The account {name} is disabled: it may do nothing any more.")
    return found


def by_id(connection: Connection, number: int | None) -> Account | None:
    """The account with that number, disabled or not."""
    row = connection.execute(select(staff).where(staff.c.id == number)).one_or_none()
    return None if row is None else _account(row)


def disable(connection: Connection, name: str, now: int) -> Account:
    """Take an account out of use; what it did stays with its name.

    Raises:
        StaffError: there is none, or it is disabled already.
    """
    found = get(connection, name)
    connection.execute(update(staff).where(staff.c.id == found.id).values(disabled_at=now))
    return found


def everybody(connection: Connection) -> list[Account]:
    """All accounts, the oldest first."""
    return [_account(row) for row in connection.execute(select(staff).order_by(staff.c.id))]


def _find(connection: Connection, name: str) -> Account | None:
    row = connection.execute(select(staff).where(staff.c.name == name)).one_or_none()
    return None if row is None else _account(row)


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.name, row.person, row.created_at, row.disabled_at or 0)
