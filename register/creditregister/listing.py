"""How many entries each list 名单 has in public, by the year of their listing (FEATURES C1, statistics)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import orjson
from sqlalchemy import Connection, and_, select

from creditregister.records import open_on
from creditregister.schema import record, record_version
from creditregister.tally import Tally

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.sql.elements import ColumnElement

    from creditregister.kinds import Kinds
    from creditregister.lists import Lists


class Entry(NamedTuple):
    """What entries of lists are counted by: the list's id, and the year in which they were listed."""

    list: str
    year: str


def tally(lists: Lists, kinds: Kinds) -> Tally[Entry]:
    """Counts how many companies' entries of each list are public, as one process keeps them."""

    def count(connection: Connection, within: ColumnElement[bool], today: date) -> Counter[Entry]:
        current = and_(record_version.c.n == record.c.n, record_version.c.version == record.c.version)
        query = (
            select(record.c.kind, record.c.decided, record_version.c.public)
            .join(record_version, current)
            .where(
                within,
                record.c.kind.in_([name for name, kind in kinds.items() if kind.listed]),
                record.c.state == "public",
                record.c["class"] != "person",
                open_on(today.isoformat()),
            )
        )
        found: Counter[Entry] = Counter()
        for name, decided, public in connection.execute(query):
            kind = kinds[name]
            fields = orjson.loads(public)["fields"] if kind.listed_by else {}
            found.update(Entry(each.id, decided[:4]) for each in lists.of(kind, fields))
        return found

    return Tally(count)
