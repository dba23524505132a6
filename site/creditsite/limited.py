"""Search while the index is away: codes and beginnings of names, straight from the register (DESIGN 4).

It reads the same view as the pages: public records of companies. Nothing is found here that the index hides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditindex.query import SIZE
from creditregister import codes, records, subjects
from creditregister.text import fold
from creditsite import results
from creditsite.results import Found

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from creditregister.kinds import Kinds
    from creditregister.subjects import Subject
    from creditsite.asked import Asked


def find(connection: Connection, kinds: Kinds, asked: Asked) -> Found:
    """The subject of a code, else the subjects whose name begins with the text, with their newest records."""
    today = asked.query.today
    found = _subjects(connection, asked.text, today.isoformat())
    needles = (fold(asked.text),)
    newest = [
        record
        for kind in kinds
        for record in (
            records.of_subject(connection, found[0].id, today, kind, SIZE) if len(found) == 1 else ()
        )
    ]
    newest.sort(key=lambda record: (record.decided, record.n), reverse=True)
    rows = results.rows_of(kinds, newest[:SIZE], needles, today)
    listed = [results.subject_row(subject, None, needles) for subject in found]
    return Found(None, rows, listed, len(listed), 1 if found else 0)


def _subjects(connection: Connection, text: str, today: str) -> list[Subject]:
    if not text:
        return []
    check = codes.check(text)
    coded = subjects.by_code(connection, check.value) if check.value else None
    if coded is not None:
        return [coded] if subjects.with_public_records(connection, [coded.id]) else []
    return subjects.by_name_prefix(connection, text, today, SIZE)
