"""The law that binds this deployment, and the window 公示期 that it gives a record (DESIGN 1.4, 3).

Between the rules, which know neither settings nor storage, and all that asks them: a delivery, the nightly
job, a change of rules, a page. Pure: the day is passed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from creditregister import kinds as all_kinds
from creditregister.rules import Jurisdiction, Window, evaluate, facts_of, tighten
from creditregister.rules import load as load_rules
from creditregister.rules.counting import day_before

if TYPE_CHECKING:
    from collections.abc import Mapping

    from creditregister.dates import Civil
    from creditregister.kinds import Kinds
    from creditregister.rules import RuleBook
    from creditregister.settings import Settings

#: The name of the rule where none has given a window yet.
NO_RULE = "none"


class Moment(NamedTuple):
    """When something is done, in milliseconds; on which civil day, and by which law."""

    now: int
    today: date
    law: Law


class Term(NamedTuple):
    """A window as it is stored with a version: ISO days, "" where there is none.

    ``max_end`` is the last day by the rules; on ``held_from`` a set comes into force that needs what the
    record lacks; ``rule`` names the rules that gave the end, as ``set/rule``.
    """

    shown_from: str = ""
    min_end: str = ""
    max_end: str = ""
    repair_from: str = ""
    held_from: str = ""
    rule: str = NO_RULE

    @property
    def computed(self) -> bool:
        """Whether rules gave it."""
        return self.rule != NO_RULE

    @property
    def shown_until(self) -> str:
        """The last day on which it may be shown as things stand; empty: no end is set."""
        if not self.held_from:
            return self.max_end
        before = day_before(date.fromisoformat(self.held_from)).isoformat()
        return min(self.max_end or before, before)

    def window(self, on: date, *, never: bool = False) -> Window:
        """As the rules know windows, without the reasons; ``never``: it was not to be published."""
        return Window(
            state="never" if never else "open",
            on=on,
            shown_from=_day(self.shown_from),
            min_end=_day(self.min_end),
            max_end=_day(self.max_end),
            earliest_repair=_day(self.repair_from),
            held_from=_day(self.held_from),
            sets=tuple(self.rule.split("+")) if self.computed else (),
            steps=(),
        )


def term_of(window: Window, before: Term | None = None) -> Term:
    """What is stored of a window; one that is shut has no days, so the record keeps those that it had before.

    Whatever opens it again is measured by them.
    """
    if window.state in {"held", "never"} and before is not None and before.computed:
        return before
    return Term(
        _text(window.shown_from),
        _text(window.min_end),
        _text(window.max_end),
        _text(window.earliest_repair),
        _text(window.held_from),
        window.rule,
    )


@dataclass(frozen=True)
class Law:
    """The rules, where they are applied, and the kinds that they speak of."""

    book: RuleBook
    jurisdiction: Jurisdiction
    kinds: Kinds

    def window(
        self,
        kind: str,
        content: Mapping[str, object],
        on: date,
        *,
        published: Civil | None = None,
        before: Window | None = None,
    ) -> Window:
        """The window of a record on the day ``on``, never longer than the one that it had ``before``.

        ``published`` is the day of its first publication, none where it has not been public yet.
        """
        known = self.kinds[kind]
        reading = self.book.reading_of(known)
        facts = facts_of(known, content, reading, published=published)
        window = evaluate(facts, self.book, self.jurisdiction, on)
        if before is None:
            return window
        # A kind without a field for it is never held for want of a grade.
        ungraded = facts.grade is None and bool(reading.fields.get("grade"))
        return tighten(before, window, ungraded=ungraded)


def load(settings: Settings, kinds: Kinds | None = None) -> Law:
    """The law as the settings name it.

    Raises:
        LawError: with every error of every file, failing examples included.
    """
    known = all_kinds.load() if kinds is None else kinds
    wanted = settings.rules
    book = load_rules(added=wanted.added, kinds=known)
    return Law(book, Jurisdiction(wanted.jurisdiction, wanted.portal), known)


def _text(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
