"""A decision 决定 becomes a version of its record, and its fields are safe from deliveries (DESIGN 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Connection, select

from creditregister import decisions, units
from creditregister.batches import Batch
from creditregister.delivered import Outcome
from creditregister.errors import CreditError
from creditregister.intake import Chunk
from creditregister.kinds import CODE_FIELDS, SUBJECT_NAME
from creditregister.matching import Matcher
from creditregister.records import id_bytes
from creditregister.redrafting import redrafted
from creditregister.schema import record
from creditregister.versions import histories, row_of
from creditregister.waiting import Order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from creditregister.keys import Keys
    from creditregister.kinds import Kind, Value
    from creditregister.publication import Author
    from creditregister.publicity import Moment


class DecisionError(CreditError):
    """A decision that cannot be carried out; the message says why. Nothing was changed."""


def decide(
    connection: Connection,
    keys: Keys,
    moment: Moment,
    public_id: str,
    values: Mapping[str, Value | None],
    *,
    author: Author,
) -> int:
    """Set fields of a public record for good (none: empty), inside the caller's transaction.

    From then on no delivery changes these fields; one that says otherwise is held as a conflict. Whose
    record it is, and by what it is identified, is not decided here. Returns the number of the new version.

    Raises:
        DecisionError: no such public record, or a field that cannot be decided.
    """
    raw = id_bytes(public_id)
    row = connection.execute(select(record).where(record.c.id == raw)).one_or_none() if raw else None
    if row is None or row.state != "public":
        raise DecisionError(f"There is no public record {public_id}: nothing can be decided about it.")
    kind = moment.law.kinds[row.kind]
    _refuse_fields(kind, values)
    (history,) = histories(connection, [row.n])
    before = row_of(keys, kind, history, history.at(row.version))
    content = decisions.laid_over(orjson.loads(before.content), dict(values))
    after = redrafted(kind, before, content)
    batch = Batch(0, units.get(connection, row.unit_id), row.kind, author.who, reason=author.reason)
    chunk = Chunk(connection, keys, Matcher(), batch, moment)
    (result,) = chunk.carry_out([(Order(row.n, row.version, "replace", after), after)])
    if result.outcome is not Outcome.UPDATED:
        raise DecisionError(f"Record {public_id} cannot be changed so: {result.problems[0].message}")
    version: int = row.version + 1
    decisions.remember(connection, row.n, version, values)
    return version


def _refuse_fields(kind: Kind, values: Mapping[str, Value | None]) -> None:
    fixed = {SUBJECT_NAME, *CODE_FIELDS, *kind.identity}
    for name in values:
        field = kind.by_id.get(name)
        if field is None or field.type == "secret" or name in fixed:
            raise DecisionError(
                f"The field {name} of {kind.id} cannot be decided: "
                "it is unknown, sealed, or says which record it is."
            )
    if not values:
        raise DecisionError("A decision sets at least one field.")
