"""Market bans 市场禁入: whether a subject is barred from a field on a day (FEATURES C6).

Only a record that is public today proves anything; who is barred without one here is not said to be free. A
ban ends by itself after its last day; one that was lifted before is public no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from creditregister import records
from creditregister.projection import first_day

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from creditregister.records import Published

KIND = "market-ban"
#: Bans of one subject that are looked at; the newest first.
MOST = 100


@dataclass(frozen=True, slots=True)
class Ban:
    """A public ban: the fields (none: the source gave none), its first and last day as ISO text.

    ``ends`` is empty for a permanent ban, and where the source gave no end.
    """

    record: Published
    fields: tuple[str, ...]
    begins: str
    ends: str
    permanent: bool

    def holds(self, on: date) -> bool:
        """Whether it is in force on that day."""
        return self.begins <= on.isoformat() <= (self.ends or "9999")


def of_subject(connection: Connection, subject_id: int, today: date) -> tuple[list[Ban], bool]:
    """The newest bans of a subject that are public on that day, and whether there are more than these."""
    found = records.of_subject(connection, subject_id, today, KIND, MOST + 1)
    return [_ban(each) for each in found[:MOST]], len(found) > MOST


def barring(bans: list[Ban], field: str, on: date) -> list[Ban]:
    """Those that bar from the field on the day; one whose source names no field may mean any."""
    return [ban for ban in bans if ban.holds(on) and (field in ban.fields or not ban.fields)]


def _ban(published: Published) -> Ban:
    document = published.document
    fields: dict[str, Any] = document["fields"]
    # Of a year or a quarter the day that ends its publicity, which is the first.
    ends = first_day(fields.get("valid_to", ""))
    named = fields.get("ban_field") or []
    return Ban(
        published,
        tuple(named),
        first_day(fields.get("valid_from", "")) or document["decided"],
        ends,
        fields.get("duration") == "permanent" and not ends,
    )
