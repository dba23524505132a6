"""Looking up natural persons: exact name and full number, nothing else (DESIGN 3, Natural persons).

The number is an identity number, a case number 案号, or the code of a business that trades under its
operator's name. The register holds only keyed hashes of name ‖ number; nothing here can be browsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from creditregister import records, references
from creditregister.schema import person_lookup, person_secret
from creditregister.store import insert_many
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from creditregister.delivered import Delivered
    from creditregister.keys import Keys
    from creditregister.records import Published

#: Records that one look-up shows at most.
MOST = 20
#: Variables of one IN list; SQLite allows 32,766.
AT_ONCE = 8_000


def lookups(keys: Keys, name: str, numbers: list[str]) -> list[bytes]:
    """The hashes under which a person's record is found, one for each way to write each number it has."""
    spelt = dict.fromkeys(form for number in numbers if number for form in _forms(number))
    return [keys.lookup(fold(name), form) for form in spelt]


def _forms(number: str) -> tuple[str, ...]:
    """A number folded; a case or document number also in its one form, so that its brackets do not matter."""
    reference = references.parse(number)
    return (fold(number), reference.canonical) if reference else (fold(number),)


def find(connection: Connection, keys: Keys, name: str, number: str, today: date) -> list[Published]:
    """The records of the person of exactly this name and number that are public today, at most ``MOST``."""
    query = (
        select(person_lookup.c.n)
        .where(person_lookup.c.hash.in_(lookups(keys, name, [number])))
        .where(person_lookup.c.key_id == keys.key("lookup").id)
        .distinct()
    )
    numbers = list(connection.scalars(query))
    return records.persons(connection, numbers, today)[:MOST]


def keep(connection: Connection, keys: Keys, rows: Sequence[tuple[int, int, Delivered]]) -> None:
    """Seal the numbers of (record, version, row), and make the hashes by which ``/people`` finds the records.

    The secrets of earlier versions stay with them; the hashes are those of the newest.
    """
    numbers = [n for n, _, _ in rows]
    for at in range(0, len(numbers), AT_ONCE):
        gone = person_lookup.c.n.in_(numbers[at : at + AT_ONCE])
        connection.execute(person_lookup.delete().where(gone))
    sealed, hashes = [], []
    for n, version, row in rows:
        for name, text in row.secrets.items():
            sealed.append((n, version, name, *keys.seal(text, f"{n}/{name}")))
        if row.klass == "person":
            found = lookups(keys, row.name, [row.number, row.case, *row.codes.values()])
            hashes += [(hashed, n, keys.key("lookup").id) for hashed in found]
    insert_many(connection, person_secret, ("n", "version", "field", "key_id", "sealed"), sealed)
    insert_many(connection, person_lookup, ("hash", "n", "key_id"), hashes)
