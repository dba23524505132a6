"""From facts to a window, as pure functions (DOMAIN 1.11 "Precedence", "Transition").

Between sets the earliest end counts, whether a rule holds today, held earlier in the record's life, or is
known to hold later: a window that is computed once stays right when the rules change, and never grows. What
a rule forbids to show stays hidden whatever another one allows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from creditregister.rules import together as say
from creditregister.rules.choosing import boundaries, choose
from creditregister.rules.counting import day_before
from creditregister.rules.judging import Case, judge
from creditregister.rules.model import Facts, Jurisdiction, Step, Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from creditregister.kinds.model import Label
    from creditregister.rules.book import Plan, RuleBook
    from creditregister.rules.choosing import Pick
    from creditregister.rules.judging import Verdict


def evaluate(facts: Facts, book: RuleBook, jurisdiction: Jurisdiction, on: date) -> Window:
    """The window of a record on the day ``on``, with every step that led to it."""
    question = (facts, jurisdiction, on)
    known = book.recall(question)
    return book.remember(question, _evaluate(facts, book, jurisdiction, on)) if known is None else known


def _evaluate(facts: Facts, book: RuleBook, jurisdiction: Jurisdiction, on: date) -> Window:
    if facts.decided is None:
        return _shut("held", on, [say.no_decision_date()], {"no-date"})
    plan = book.plan(jurisdiction, facts.kind)
    since = facts.decided.first
    day = max(on, since)
    positive = book.signs.get(facts.kind) == "positive"
    case = Case(facts, day, book.calendar, positive=positive, region=jurisdiction.area)
    window = _at(case, plan, since, day)
    if "no-rule" in window.flags:
        window = replace(window, steps=window.steps + _elsewhere(facts, book, jurisdiction, on))
    if window.state == "open":
        window = _foresee(case, plan, since, window)
    return settled(replace(window, on=on))


def tighten(old: Window, new: Window, *, ungraded: bool = False) -> Window:
    """``new`` without what would lengthen ``old``: a change of rules or a new delivery never does.

    ``ungraded``: a grade is still to come, so the day stands from which ``old`` was to be held without it,
    also where the set that needed it is gone.
    """
    if old.state == "never" and new.state != "never":
        return replace(old, on=new.on, steps=(*old.steps, say.stays_shut()))
    if "held" in {old.state, new.state} or new.state == "never":
        return new
    steps = list(new.steps)
    held_from = _earliest([old.held_from, new.held_from]) if ungraded else new.held_from
    if held_from is not None and held_from != new.held_from:
        steps.append(say.still_ungraded(held_from))
        if held_from <= new.on:
            return _shut("held", new.on, steps, {*new.flags, "no-grade"})
    end, sets = new.max_end, new.sets
    if old.max_end is not None and (end is None or old.max_end < end):
        end, sets = old.max_end, old.sets
        steps.append(say.promised(end))
    return settled(
        replace(
            new,
            shown_from=_latest([old.shown_from, new.shown_from]),
            min_end=_earliest([old.min_end, new.min_end]),
            max_end=end,
            earliest_repair=_within(_earliest([old.earliest_repair, new.earliest_repair]), end),
            held_from=held_from,
            sets=sets,
            steps=tuple(steps),
        )
    )


# --- one day's rules ----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    """A window in the making."""

    steps: list[Step] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)
    end: date | None = None
    sets: tuple[str, ...] = ()

    def cap(self, day: date, step: Step, flag: str) -> None:
        """End earlier, for a reason that is no rule's."""
        if self.end is None or day < self.end:
            self.end = day
            self.steps.append(step)
            self.flags.add(flag)


def _at(case: Case, plan: Plan, since: date, day: date) -> Window:
    """The window by the rules that hold on ``day`` and those that held before it."""
    picks = choose(plan, case.facts, since, day)
    if not picks.now:
        return _shut("held", day, [say.no_rule(case.facts.kind, day)], {"no-rule"})
    now = [one.set for one in picks.now]
    verdicts = [judge(case, one.set, one.rule) for one in (*picks.now, *picks.before) if not one.ungraded]
    never = [step for verdict in verdicts if verdict.state == "never" for step in verdict.steps]
    if never:
        return _shut("never", day, never, {"never"})
    draft = _combined(case, verdicts, changed=any(one.set not in now for one in picks.before))
    draft.steps += [say.yields(one, other) for one, other in picks.yielded]
    _source_end(case.facts, draft)
    ungraded = [one for one in picks.now if one.ungraded]
    if ungraded:
        _any_grade(case, ungraded, draft, day)
    over = draft.end is not None and draft.end < day
    if not over and ungraded:
        steps = [say.needs_grade(one.set, one.rule, case.facts.suggestion) for one in ungraded]
        window = _shut("held", day, [*draft.steps, *steps], draft.flags | {"no-grade"})
        return replace(window, suggestion=case.facts.suggestion)
    if not over and any(verdict.state == "held" for verdict in verdicts):
        return _shut("held", day, draft.steps, draft.flags | {"no-date"})
    never_repaired = any(one.rule.repair == "never" for one in picks.now)
    repair = None if never_repaired else _earliest(verdict.repair for verdict in verdicts)
    return Window(
        state="over" if over else "open",
        on=day,
        shown_from=_begins(case, plan, since, verdicts),
        min_end=_earliest(verdict.minimum for verdict in verdicts),
        max_end=draft.end,
        earliest_repair=_within(repair, draft.end),
        sets=draft.sets,
        steps=tuple(draft.steps),
        flags=frozenset(draft.flags),
    )


def _begins(case: Case, plan: Plan, since: date, verdicts: Sequence[Verdict]) -> date:
    """The first day of publicity.

    Where rules of different times count it from different events, it is the first day on which the rules of
    that day showed the record: a rule that comes later does not interrupt what has begun.
    """
    if len({rule.starts for _, groups in plan for group in groups for rule in group.rules}) > 1:
        edges = [since, *boundaries(plan, since)]
        for edge, following in zip(edges, [*edges[1:], date.max], strict=True):
            begins = _begins_under(replace(case, today=edge), plan, since)
            if begins is not None and max(edge, begins) < following:
                return max(edge, begins)
    return _latest(verdict.shown_from for verdict in verdicts) or since


def _begins_under(case: Case, plan: Plan, since: date) -> date | None:
    """From when the rules that hold on the day of the case show the record; None if they do not."""
    now = choose(plan, case.facts, since, case.today).now
    if not now or any(one.ungraded for one in now):
        return None
    return _latest(judge(case, one.set, one.rule).shown_from for one in now) or since


def _combined(case: Case, verdicts: Sequence[Verdict], *, changed: bool) -> _Draft:
    """All verdicts' steps, and the earliest of their ends with the rules that gave it.

    ``changed``: the record stood under a set that does not hold any more.
    """
    draft = _Draft()
    if case.facts.stand_in:
        draft.steps.append(say.stand_in())
        draft.flags.add("clock-fallback")
    for verdict in verdicts:
        draft.steps += [step for step in verdict.steps if step not in draft.steps]
        draft.flags |= verdict.flags
    draft.end = _earliest(verdict.end for verdict in verdicts)
    deciding = [verdict for verdict in verdicts if verdict.end == draft.end]
    draft.sets = tuple(dict.fromkeys(verdict.name for verdict in deciding))
    if draft.end is not None and len({verdict.end for verdict in verdicts}) > 1:
        draft.steps.append(say.earliest(deciding[0].rule.source, draft.end, changed=changed))
    return draft


def _source_end(facts: Facts, draft: _Draft) -> None:
    """The source's own earlier end wins, a later one is flagged; a promised end is never exceeded."""
    own = facts.own_end
    if own is not None and not own.open and (draft.end is None or own.first < draft.end):
        draft.cap(own.first, say.own_end_earlier(own.first), "own-end-earlier")
    elif own is not None and draft.end is not None and own.first > draft.end:
        draft.steps.append(say.own_end_later(own.text))
        draft.flags.add("own-end-later")
    if facts.promised is not None:
        draft.cap(facts.promised, say.promised(facts.promised), "promised")


def _any_grade(case: Case, ungraded: Sequence[Pick], draft: _Draft, day: date) -> None:
    """What is over by the longest of the grades is over: no unit need be asked for it."""
    for one in ungraded:
        verdicts = [judge(case, one.set, rule) for rule in one.choices]
        shown = [verdict for verdict in verdicts if verdict.state != "never"]
        ends = [verdict.end for verdict in shown if verdict.end is not None]
        if len(ends) < len(shown) or not ends:
            continue
        last = max(ends)
        if last < day:
            draft.steps.append(say.any_grade(last))
            draft.flags.add("any-grade")
            if draft.end is None or last < draft.end:
                draft.end = last
                draft.sets = tuple(verdict.name for verdict in shown if verdict.end == last)


# --- what is known of later days -------------------------------------------------------------------------


def _foresee(case: Case, plan: Plan, since: date, window: Window) -> Window:
    """Shorten by rules that are known to come into force while the record is shown."""
    for day in boundaries(plan, window.on):
        if window.max_end is not None and day > window.max_end:
            break
        then = _at(case, plan, since, day)
        source = _source(then)
        if then.state == "held":
            step = say.held_then(source, day)
            return replace(
                window, held_from=day, steps=(*window.steps, step), flags=window.flags | then.flags
            )
        end = then.max_end if then.state == "open" else day_before(day)
        if end is not None and (window.max_end is None or end < window.max_end):
            steps = (*window.steps, *_new(then, window), say.from_then_on(source, day, end))
            window = replace(window, max_end=end, sets=then.sets or window.sets, steps=steps)
        window = _repair_then(window, then, day)
    return replace(window, earliest_repair=_within(window.earliest_repair, window.max_end))


def _repair_then(window: Window, then: Window, day: date) -> Window:
    """Repair from the earlier day, once the rule that allows it holds."""
    if then.earliest_repair is None:
        return window
    repair = max(then.earliest_repair, day)
    if window.earliest_repair is not None and window.earliest_repair <= repair:
        return window
    step = say.repair_from_then_on(_source(then), repair)
    return replace(window, earliest_repair=repair, steps=(*window.steps, *_new(then, window), step))


def _source(then: Window) -> Label:
    """Law and article of the rule that decides ``then``."""
    named = [step.source for step in then.steps if step.rule in then.sets]
    return (named or [step.source for step in then.steps])[-1]


def _new(then: Window, window: Window) -> list[Step]:
    """The steps that were not said yet."""
    return [step for step in then.steps if step not in window.steps]


# --- small parts -------------------------------------------------------------------------------------------


def _shut(state: str, on: date, steps: Iterable[Step], flags: set[str]) -> Window:
    """A window that is not open: held or never."""
    found = tuple(steps)
    sets = tuple(dict.fromkeys(step.rule for step in found if "/" in step.rule))
    return Window(
        "never" if state == "never" else "held",
        on,
        None,
        None,
        None,
        None,
        sets,
        found,
        flags=frozenset(flags),
    )


def settled(window: Window) -> Window:
    """The state on ``window.on``, now that the days are known."""
    if window.state in {"held", "never"} or window.shown_from is None:
        return window
    end = window.max_end
    if end is not None and (end < window.on or end < window.shown_from):
        return replace(window, state="over")
    return replace(window, state="not-yet" if window.on < window.shown_from else "open")


def _elsewhere(facts: Facts, book: RuleBook, jurisdiction: Jurisdiction, on: date) -> tuple[Step, ...]:
    """Sets in force that speak of the kind, but on other platforms."""
    portals = [one for one in book.sets if one.jurisdiction in {"gsxt", "credit"} - {jurisdiction.portal}]
    kinds = {facts.kind, book.signs.get(facts.kind, "")}
    return tuple(
        say.elsewhere(one)
        for one in portals
        if one.start <= on <= one.until
        and any(selector.kind in kinds for rule in one.rules for selector in rule.selectors)
    )


def _earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _within(repair: date | None, end: date | None) -> date | None:
    """No repair after the end: there is nothing left to repair."""
    return None if repair is not None and end is not None and repair > end else repair
