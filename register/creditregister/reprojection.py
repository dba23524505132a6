"""Applying changed kinds or masks to what is public already, openly, as corrections (DESIGN 1.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, and_, select

from creditregister import publication
from creditregister.projection import project
from creditregister.publication import Author, Draft
from creditregister.schema import record, record_version
from creditregister.store import Turn

if TYPE_CHECKING:
    from creditregister.kinds import Kinds
    from creditregister.opening import Register

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
                current = _still_current(connection, drafts)
                publication.correct(connection, [draft for draft in current if draft.public], author)
                publication.take_back(connection, [draft for draft in current if not draft.public], author)
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
    current = and_(record_version.c.n == record.c.n, record_version.c.version == record.c.version)
    query = (
        select(record, record_version.c.content, record_version.c.digest, record_version.c.public)
        .join(record_version, current)
        .where(record.c.n > after, record.c.state == "public")
        .order_by(record.c.n)
        .limit(PAGE)
    )
    rows = [row._mapping for row in connection.execute(query)]  # noqa: SLF001 -- a column is called "class"
    drafts = []
    for row in rows:
        public = project(kinds[row["kind"]], orjson.loads(row["content"]), row["class"])
        if public != row["public"]:
            drafts.append(_draft(dict(row), public))
    return (rows[-1]["n"] if len(rows) == PAGE else 0), drafts


def _draft(row: dict[str, Any], public: bytes) -> Draft:
    same = ("n", "id", "kind", "unit_id", "subject_id", "name", "decided", "content", "digest")
    return Draft(
        **{name: row[name] for name in same},
        version=row["version"] + 1,
        klass=row["class"],
        public=public,
        batch_id=None,
        row=None,
        state="public" if public else "hidden",
    )
