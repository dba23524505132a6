"""Search while the index is away: codes and beginnings of names, straight from the register (DESIGN 4).

It reads the same view as the pages: public records of companies. Nothing is found here that the index hides.
Numbers of documents and cases are not answered: the register keeps them in keyed digests together with their
body. What is not found here may well exist, so the page never says that there is nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from creditindex.query import SIZE, Filters
from creditregister import codes, records, subjects
from creditregister.text import fold
from creditsite import results
from creditsite.results import Found

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from creditregister.kinds import Kinds
    from creditregister.subjects import Subject
    from creditsite.asked import Asked


def answered(asked: Asked) -> Asked:
    """What of a question can be answered: its text alone, no filter, order, page or list of names."""
    return replace(asked, query=replace(asked.query, filters=Filters(), order="rank", page=1), view="")


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
        return [coded] if subjects.listed(connection, [coded.id], today) else []
    return subjects.by_name_prefix(connection, text, today, SIZE)
