"""Applying changed kinds or masks to what is public already, openly, as corrections (DESIGN 1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Connection, select

from creditregister import publication
from creditregister.nextversion import current, following
from creditregister.projection import project
from creditregister.publication import Author
from creditregister.schema import record
from creditregister.store import Turn

if TYPE_CHECKING:
    from creditregister.kinds import Kinds
    from creditregister.opening import Register
    from creditregister.publication import Draft

PAGE = 500


def reproject(register: Register, kinds: Kinds, *, dry_run: bool) -> int:
    """Recompute the public bytes of every public record; each that differs becomes a correction.

    A record of which nothing may be shown any more is taken back. Returns how many differ. With
    ``dry_run`` nothing is changed.
    """
    after, changed = 0, 0
    while True:
        with register.store.read() as connection:
            after, drafts = _page(connection, kinds, after)
        changed += len(drafts)
        if drafts and not dry_run:
            author = Author("credit-register reproject", "reproject", register.clock.now())
            with register.store.write(Turn.BULK) as connection:
                still = _still_current(connection, drafts)
                publication.correct(connection, [draft for draft in still if draft.public], author)
                publication.take_back(connection, [draft for draft in still if not draft.public], author)
        if after == 0:
            return changed


def _still_current(connection: Connection, drafts: list[Draft]) -> list[Draft]:
    """Those that nobody changed or withdrew between reading and writing; the next run sees the others."""
    query = select(record.c.n, record.c.version).where(
        record.c.n.in_([draft.n for draft in drafts]), record.c.state == "public"
    )
    versions = dict(connection.execute(query).all())
    return [draft for draft in drafts if versions.get(draft.n) == draft.version - 1]


def _page(connection: Connection, kinds: Kinds, after: int) -> tuple[int, list[Draft]]:
    """The records after ``after`` that differ, and where the next page begins (0: there is none)."""
    rows = current(connection, record.c.state == "public", after, PAGE)
    drafts = []
    for row in rows:
        public = project(kinds[row["kind"]], orjson.loads(row["content"]), row["class"])
        if public != row["public"]:
            drafts.append(following(row, "public" if public else "hidden", public=public))
    return (rows[-1]["n"] if len(rows) == PAGE else 0), drafts
