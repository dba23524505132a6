"""Why a record is shown until when: its stored window with the reasons, as they stand on a day (DESIGN 1.4).

The stored window decides what is shown, so it also decides what is said. The reasons come from the rules as
they are now; where these would end publicity earlier and were not applied yet, the explanation says that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import select

from creditregister import dates, records
from creditregister.clock import civil
from creditregister.history import numbers_of
from creditregister.rules import settled
from creditregister.rules import together as say
from creditregister.schema import record as record_table
from creditregister.schema import record_version

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import Connection

    from creditregister.publicity import Law
    from creditregister.records import Published
    from creditregister.rules import Window
    from creditregister.rules.model import State

#: States in which a record was taken from the public whatever its window says -> what its window then is.
_TAKEN: Final[dict[str, State]] = {
    "ended": "over",
    "annulled": "never",
    "hidden": "never",
    "shielded": "never",
}


@dataclass(frozen=True, slots=True)
class Case:
    """What an explanation needs of a record: how it stands, its content, when it was withdrawn."""

    record: Published
    content: Mapping[str, Any]
    withdrawn: date | None


def read(connection: Connection, text: str) -> Case:
    """The record with this public id, whatever its class and state.

    Raises:
        UnknownRecordError: no record has this id.
    """
    (found,) = records.by_any_number(connection, numbers_of(connection, [text]))
    return case_of(connection, found)


def case_of(connection: Connection, record: Published) -> Case:
    """What an explanation needs, of a record that was read already."""
    wanted = (record_version.c.n == record.n) & (record_version.c.version == record.version)
    query = select(record_version.c.content, record_table.c.withdrawn_at)
    query = query.join(record_table, record_table.c.n == record_version.c.n).where(wanted)
    content, withdrawn = connection.execute(query).one()
    return Case(record, orjson.loads(content), civil(withdrawn) if withdrawn else None)


def explanation(law: Law, case: Case, on: date) -> Window:
    """The window of a record as it holds on a day, with every step that led to it."""
    window = _held_or_open(law, case, on)
    if window.state not in {"open", "not-yet"} or (case.withdrawn or on) > on:
        return window
    if case.record.state == "held":  # and lacks nothing that the rules ask for
        return replace(window, state="held", shown_from=None, steps=(*window.steps, say.unlisted()))
    if case.record.state not in _TAKEN:
        return window
    # Its days do not count any more: without a first one no day lies inside.
    steps = (*window.steps, say.taken())
    return replace(window, state=_TAKEN[case.record.state], shown_from=None, steps=steps)


def _held_or_open(law: Law, case: Case, on: date) -> Window:
    """The window by its days alone, whether or not the record was taken from the public since."""
    record = case.record
    published = dates.parse(civil(record.published_at)) if record.published_at else None
    fresh = law.window(record.kind, case.content, on, published=published)
    stored = _stored(record, on)
    if stored.state == fresh.state and stored.state in {"held", "never"}:
        return fresh
    if not record.term.computed:
        return fresh
    window = fresh
    if stored.state not in {"held", "never"}:
        window = law.window(record.kind, case.content, on, published=published, before=stored)
    steps = window.steps
    if stored.state == "never":
        steps += (say.stays_shut(),)
    elif (window.shown_from, window.last_shown) != (stored.shown_from, stored.last_shown):
        steps += (say.kept(stored.max_end),)
    return replace(stored, steps=steps, flags=window.flags)


def _stored(record: Published, on: date) -> Window:
    """The stored window as it stands on that day."""
    window = settled(record.term.window(on, never=record.state == "never"))
    lacking = window.held_from is not None and window.held_from <= on
    return replace(window, state="held") if lacking and window.state == "open" else window
