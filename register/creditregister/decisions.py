"""Fields that a decision 决定 has fixed: no delivery overwrites them (DESIGN 3).

A decision (on an objection, a repair, by a court) is made by people elsewhere. Here it becomes a version of
its record, and the fields that it sets are remembered; a delivered row that says otherwise is in conflict
and held. Who decided, when and why stands with the version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Connection, select

from creditregister.schema import fixed_field
from creditregister.store import insert_many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from creditregister.kinds import Content, Value

#: Variables of one IN list; SQLite allows 32,766.
CHUNK = 8_000

#: Field → the value it was given; none: it is to be empty.
Fixed = dict[str, "Value | None"]


def of(connection: Connection, numbers: Sequence[int]) -> dict[int, Fixed]:
    """The fixed fields of those of the records that have any."""
    found: dict[int, Fixed] = {}
    for at in range(0, len(numbers), CHUNK):
        query = select(fixed_field).where(fixed_field.c.n.in_(numbers[at : at + CHUNK]))
        for row in connection.execute(query.order_by(fixed_field.c.n, fixed_field.c.field)).all():
            found.setdefault(row.n, {})[row.field] = orjson.loads(row.value)
    return found


def remember(connection: Connection, n: int, version: int, values: Mapping[str, Value | None]) -> None:
    """Note that this version of a record fixed these fields; a later decision on a field replaces it."""
    connection.execute(
        fixed_field.delete().where(fixed_field.c.n == n, fixed_field.c.field.in_(list(values)))
    )
    rows = [(n, name, orjson.dumps(value).decode(), version) for name, value in values.items()]
    insert_many(connection, fixed_field, ("n", "field", "value", "version"), rows)


def contradicted(content: Content, fixed: Fixed) -> list[str]:
    """The fixed fields that a content has otherwise."""
    return [name for name, value in fixed.items() if (content.get(name) or None) != (value or None)]


def laid_over(content: Content, fixed: Fixed) -> dict[str, Value]:
    """The content with every fixed field as it was decided."""
    merged = {**content, **fixed}
    return {name: value for name, value in merged.items() if value}
