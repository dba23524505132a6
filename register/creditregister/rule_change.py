"""Applying changed rules to what is public or waits, openly: each change is a version (DOMAIN 1.11).

Only ever shorter: what ends later by the new rules keeps its end, what is held stays held until its unit
supplies what is missing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import orjson
from sqlalchemy import select

from creditregister import dates, nextversion, publication
from creditregister.clock import civil
from creditregister.nextversion import Current, current, following
from creditregister.publication import Author
from creditregister.publicity import term_of
from creditregister.records import id_text
from creditregister.schema import record
from creditregister.store import Turn

if TYPE_CHECKING:
    from datetime import date

    from creditregister.opening import Register
    from creditregister.publication import Draft
    from creditregister.publicity import Law

PAGE = 500
#: Changes that are listed; all are counted.
LISTED = 50
#: State of the new window -> what becomes of a record.
_BECOMES: Final = {"open": "public", "not-yet": "waiting", "over": "ended", "never": "never", "held": "held"}


@dataclass(slots=True)
class Change:
    """What a change of rules does: records looked at; how many end earlier, end now, or are held now."""

    looked_at: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    listed: list[dict[str, str]] = field(default_factory=list)


def apply(register: Register, today: date, *, dry_run: bool) -> Change:
    """Bring what is public or waits in line with the rules of today; with ``dry_run`` change nothing."""
    found, after = Change(), 0
    while True:
        with register.store.read() as connection:
            rows = current(connection, record.c.state.in_(("public", "waiting")), after, PAGE)
        found.looked_at += len(rows)
        changed = [(row, draft) for row in rows if (draft := _next(register.law, row, today)) is not None]
        for row, draft in changed:
            _note(found, row, draft)
        if changed and not dry_run:
            _store(register, changed)
        if len(rows) < PAGE:
            return found
        after = rows[-1]["n"]


def _next(law: Law, row: Current, today: date) -> Draft | None:
    """The record's next version, where the rules of today end its publicity earlier."""
    term = nextversion.term_of(row)
    published = dates.parse(civil(row["published_at"])) if row["published_at"] else None
    before = term.window(today) if term.computed else None
    content = orjson.loads(row["content"])
    window = law.window(row["kind"], content, today, published=published, before=before)
    state = _BECOMES[window.state]
    if state == "held" and term.held_from and term.held_from <= today.isoformat():
        return None  # it is known already; the nightly job holds it
    if state == "never" and row["state"] == "public":
        state = "ended"  # what was public has ended; what waited never begins
    new = term_of(window, term)
    if state == "held":
        new = term._replace(held_from=today.isoformat())
    same = (new.shown_from, new.shown_until) == (term.shown_from, term.shown_until) and term.computed
    if same and state == row["state"]:
        return None
    return following(row, state, term=new)


def _note(found: Change, row: Current, draft: Draft) -> None:
    what = {"ended": "ended", "never": "ended", "held": "held"}.get(draft.state, "shortened")
    found.counts[what] += 1
    if len(found.listed) < LISTED:
        until = draft.term.shown_until if what == "shortened" else draft.state
        was = {"id": id_text(row["id"]), "kind": row["kind"], "was": row["shown_until"] or "-"}
        found.listed.append(was | {"becomes": until or "-", "rule": draft.term.rule})


def _store(register: Register, changed: list[tuple[Current, Draft]]) -> None:
    """Write those that nobody changed meanwhile; the next run sees the others."""
    author = Author("credit-register rules apply", "rules", register.clock.now())
    with register.store.write(Turn.BULK) as connection:
        numbers = [draft.n for _, draft in changed]
        query = select(record.c.n, record.c.version, record.c.state).where(record.c.n.in_(numbers))
        now = {n: (version, state) for n, version, state in connection.execute(query)}
        still = [(row, draft) for row, draft in changed if now[draft.n] == (row["version"], row["state"])]
        public = [draft for row, draft in still if row["state"] == "public"]
        publication.correct(connection, [d for d in public if d.state == "public"], author)
        publication.take_back(connection, [d for d in public if d.state != "public"], author)
        waiting = [draft for row, draft in still if row["state"] == "waiting"]
        publication.keep(connection, [d for d in waiting if d.state != "public"], author)
        publication.restore(connection, [d for d in waiting if d.state == "public"], author)
