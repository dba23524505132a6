"""Applying changed rules, and changed pages of lists, to what is public or waits, openly (DOMAIN 1.11).

Each change is a version. Rules only ever shorten: what ends later by the new ones keeps its end, what is held
stays held until its unit supplies what is missing. An entry of a list whose page was taken away is held, and
comes back with the page, until the end that it had.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson
from sqlalchemy import and_, or_, select

from creditregister import dates, nextversion, publication
from creditregister import lists as list_files
from creditregister.clock import civil
from creditregister.nextversion import UNLISTED, Current, current, following
from creditregister.publication import Author
from creditregister.publicity import term_of
from creditregister.records import id_text
from creditregister.schema import record, record_version
from creditregister.store import Turn

if TYPE_CHECKING:
    from datetime import date

    from creditregister.lists import Lists
    from creditregister.opening import Register
    from creditregister.publication import Draft
    from creditregister.publicity import Law, Term

PAGE = 500
#: Changes that are listed; all are counted.
LISTED = 50
#: State of the new window -> what becomes of a record.
_BECOMES: Final = {"open": "public", "not-yet": "waiting", "over": "ended", "never": "never", "held": "held"}


#: Of what is held only what its list's page can bring back.
_LOOKED_AT: Final = or_(
    record.c.state.in_(("public", "waiting")),
    and_(record.c.state == "held", record_version.c.reason == UNLISTED),
)


@dataclass(slots=True)
class Change:
    """What a change does: records looked at, and by what becomes of them how many change.

    They end earlier or now, are held, come back, or keep their end and may be repaired sooner. ``refused``:
    ids of those that stay as they are, because their public bytes hold what must never be shown.
    """

    looked_at: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    listed: list[dict[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class _Step(NamedTuple):
    """A record and its next version, with the reason in one word."""

    row: Current
    draft: Draft
    reason: str


def apply(register: Register, today: date, *, dry_run: bool, pages_only: bool = False) -> Change:
    """Bring what is public or waits in line with the rules of today; with ``dry_run`` change nothing.

    ``pages_only``: rules are left alone, entries of lists follow the pages that there are.
    """
    pages = list_files.load(kinds=register.law.kinds)
    condition, found, after = _LOOKED_AT, Change(), 0
    if pages_only:
        listed = [name for name, kind in register.law.kinds.items() if kind.listed]
        condition = and_(condition, record.c.kind.in_(listed))
    while True:
        with register.store.read() as connection:
            rows = current(connection, condition, after, PAGE)
        found.looked_at += len(rows)
        each = (_next(register.law, pages, row, today, pages_only=pages_only) for row in rows)
        steps = []
        for step in each:
            if step is not None and step.draft.state == "public" and publication.leaks(step.draft.public):
                found.refused.append(id_text(step.draft.id))
            elif step is not None:
                steps.append(step)
        for step in steps:
            _note(found, step)
        if steps and not dry_run:
            _store(register, steps)
        if len(rows) < PAGE:
            return found
        after = rows[-1]["n"]


def _next(law: Law, pages: Lists, row: Current, today: date, *, pages_only: bool) -> _Step | None:
    """The record's next version, where rules or pages of today say otherwise than its last one."""
    content = orjson.loads(row["content"])
    waits_for_page = row["state"] == "held"
    if pages.without_page(law.kinds[row["kind"]], content):
        return None if waits_for_page else _Step(row, following(row, "held"), UNLISTED)
    if pages_only and not waits_for_page:
        return None
    draft = _by_the_rules(law, row, content, today)
    return _Step(row, draft, "rules") if draft is not None else None


def _by_the_rules(law: Law, row: Current, content: dict[str, object], today: date) -> Draft | None:
    """The record's next version, where the rules of today end its publicity earlier, or it may come back."""
    term = nextversion.term_of(row)
    published = dates.parse(civil(row["published_at"])) if row["published_at"] else None
    before = term.window(today) if term.computed else None
    window = law.window(row["kind"], content, today, published=published, before=before)
    state = _BECOMES[window.state]
    if state == "held" and term.held_from and term.held_from <= today.isoformat() and row["state"] != "held":
        return None  # it is known already; the nightly job holds it
    if state == "never" and row["published_at"]:
        state = "ended"  # what was public has ended; what never was never begins
    new = term_of(window, term)
    if state == "held":
        new = new._replace(held_from=min(term.held_from or "9", today.isoformat()))
    elif state in {"public", "waiting"} and term.held_from:
        # Rules that ask for less than before lengthen nothing either: the grade is still to come.
        new = new._replace(held_from=min(term.held_from, new.held_from or term.held_from))
    same = term.computed and _ends(new) == _ends(term) and not _sooner(term, new, today)
    if same and state == row["state"] != "held":
        return None
    return following(row, state, term=new)


def _ends(term: Term) -> tuple[str, str, str]:
    return term.shown_from, term.shown_until, term.max_end


def _sooner(before: Term, new: Term, today: date) -> bool:
    """Whether repair may be applied for from an earlier day, while that still makes a difference."""
    return bool(new.repair_from) and max(new.repair_from, today.isoformat()) < (before.repair_from or "9")


def _note(found: Change, step: _Step) -> None:
    row, draft = step.row, step.draft
    before = nextversion.term_of(row)
    what = {"ended": "ended", "never": "ended", "held": "held"}.get(draft.state, "shortened")
    if row["state"] == "held" and what == "shortened":
        what = "restored"
    elif what == "shortened" and before.computed and _ends(before) == _ends(draft.term):
        what = "repairable sooner"
    found.counts[what] += 1
    if len(found.listed) < LISTED:
        was, until = row["shown_until"], draft.term.shown_until
        if what == "repairable sooner":
            was, until = before.repair_from, draft.term.repair_from
        elif what in {"ended", "held"}:
            until = draft.state
        named = {"id": id_text(row["id"]), "kind": row["kind"], "was": was or "-"}
        found.listed.append(named | {"becomes": until or "-", "rule": draft.term.rule})


def _store(register: Register, steps: list[_Step]) -> None:
    """Write those that nobody changed meanwhile; the next run sees the others."""
    with register.store.write(Turn.BULK) as connection:
        numbers = [step.draft.n for step in steps]
        query = select(record.c.n, record.c.version, record.c.state).where(record.c.n.in_(numbers))
        now = {n: (version, state) for n, version, state in connection.execute(query)}
        still = [step for step in steps if now[step.draft.n] == (step.row["version"], step.row["state"])]
        for reason in dict.fromkeys(step.reason for step in still):
            author = Author("credit-register rules apply", reason, register.clock.now())
            these = [step for step in still if step.reason == reason]
            public = [step.draft for step in these if step.row["state"] == "public"]
            publication.correct(connection, [d for d in public if d.state == "public"], author)
            publication.take_back(connection, [d for d in public if d.state != "public"], author)
            others = [step.draft for step in these if step.row["state"] != "public"]
            publication.keep(connection, [d for d in others if d.state != "public"], author)
            publication.restore(connection, [d for d in others if d.state == "public"], author)
