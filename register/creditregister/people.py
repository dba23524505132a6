"""Looking up natural persons: exact name and full number, nothing else (DESIGN 3, Natural persons).

The number is an identity number, a case number 案号, or the code of a business that trades under its
operator's name. The register holds only keyed hashes of name ‖ number; nothing here can be browsed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from creditregister import records
from creditregister.schema import person_lookup
from creditregister.text import fold

if TYPE_CHECKING:
    from datetime import date

    from creditregister.keys import Keys
    from creditregister.records import Published

#: Records that one look-up shows at most.
MOST = 20


def lookups(keys: Keys, name: str, numbers: list[str]) -> list[bytes]:
    """The hashes under which a person's record is found, one for each number it has."""
    return [keys.lookup(fold(name), fold(number)) for number in dict.fromkeys(numbers) if number]


def find(connection: Connection, keys: Keys, name: str, number: str, today: date) -> list[Published]:
    """The records of the person of exactly this name and number that are public today, at most ``MOST``."""
    wanted = keys.lookup(fold(name), fold(number))
    query = select(person_lookup.c.n).where(
        person_lookup.c.hash == wanted, person_lookup.c.key_id == keys.key("lookup").id
    )
    numbers = list(connection.scalars(query))
    return records.persons(connection, numbers, today)[:MOST]
