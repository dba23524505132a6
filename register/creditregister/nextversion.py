"""The current versions of records, whole, to make their next ones of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, select

from creditregister.publication import Draft
from creditregister.publicity import Term
from creditregister.schema import record, record_version

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

#: What a next version keeps of the one before, unless it is said otherwise.
SAME = ("n", "id", "kind", "unit_id", "subject_id", "name", "decided", "content", "digest", "public")
#: Why a record is held whose list has no page any more.
UNLISTED = "unlisted"
#: Why versions are made that say the same as the one before: kinds or masks, rules, pages of lists changed.
SAME_AGAIN = frozenset({"reproject", "rules", UNLISTED})

Current = dict[str, Any]


def current(
    connection: Connection, condition: ColumnElement[bool], after: int = 0, limit: int | None = None
) -> list[Current]:
    """The records after that number for which the condition holds, with their versions' columns."""
    version = record_version.c
    own = [version.content, version.digest, version.public]
    window = [version[name].label(f"term_{name}") for name in Term._fields]
    query = (
        select(record, *own, *window)
        .join(record_version, and_(version.n == record.c.n, version.version == record.c.version))
        .where(condition, record.c.n > after)
        .order_by(record.c.n)
        .limit(limit)
    )
    return [dict(row._mapping) for row in connection.execute(query)]  # noqa: SLF001 -- a column is "class"


def term_of(row: Current) -> Term:
    """The window that the version was given."""
    return Term(*(row[f"term_{name}"] for name in Term._fields))


def following(row: Current, state: str, *, batch: int | None = None, **changed: Any) -> Draft:  # noqa: ANN401 -- values of a draft
    """The next version, in that state; what is not ``changed`` stays as it is."""
    return Draft(
        **{name: row[name] for name in SAME} | {"term": term_of(row), "klass": row["class"]} | changed,
        version=row["version"] + 1,
        batch_id=batch,
        row=None,
        state=state,
    )
