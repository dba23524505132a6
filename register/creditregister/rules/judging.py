"""What one rule says of one record: from when, at least until, at most until, repair from when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from creditregister.rules import sentences as say
from creditregister.rules.counting import day_before, end_of
from creditregister.rules.model import NECESSARY, Step

if TYPE_CHECKING:
    from creditregister.calendar import Calendar, Deadline
    from creditregister.dates import Civil
    from creditregister.rules.model import Event, Facts, Rule, RuleSet


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's own answer; ``end`` and ``repair`` are days, None where it sets none."""

    state: Literal["shown", "never", "held"]
    set: RuleSet
    rule: Rule
    steps: tuple[Step, ...]
    shown_from: date | None = None
    minimum: date | None = None
    end: date | None = None
    repair: date | None = None
    flags: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """``set/rule``."""
        return f"{self.set.id}/{self.rule.id}"


@dataclass(frozen=True, slots=True)
class Case:
    """A record before the rules: its facts, the day of the question, and how working days are counted."""

    facts: Facts
    today: date
    calendar: Calendar
    #: A positive record's imprecise validity counts as its last day, which is the kinder reading there.
    positive: bool = False
    #: The area code whose days off count.
    region: str = ""

    def day(self, event: Event) -> date | None:
        """The day that stands for an event, None if it is not known."""
        civil = self.facts.event(event)
        if civil is None and event == "validity-end" and self.facts.permanent:
            return date.max
        if civil is None:
            # Law that counts from publication counts from today while nothing is published yet.
            return self.today if event == "publication" else None
        return civil.last if self.positive and event == "validity-end" else civil.first


def judge(case: Case, one: RuleSet, rule: Rule) -> Verdict:
    """What ``rule`` of the set ``one`` says of a record."""
    refused = rule.publish == "no" or (
        rule.publish == "if-necessary" and NECESSARY not in case.facts.conditions
    )
    if refused:
        return Verdict("never", one, rule, (say.never(one, rule),))
    shown_from = case.day(rule.starts) or case.day("decision")
    for event in (rule.clock, *rule.fallback):
        day = case.day(event)
        if day is not None:
            return _counted(case, one, rule, (event, day), shown_from)
    if rule.missing == "held":
        return Verdict("held", one, rule, (say.no_date(one, rule),), shown_from=shown_from)
    return _until_stopped(case, one, rule, shown_from)


def _until_stopped(case: Case, one: RuleSet, rule: Rule, shown_from: date | None) -> Verdict:
    """No term runs (yet): shown until something ends it."""
    steps = [say.no_term(one, rule)]
    end = _stopped(case, one, rule, None, steps)
    repair = shown_from if rule.repair == "duty" else None
    return Verdict("shown", one, rule, tuple(steps), shown_from=shown_from, end=end, repair=repair)


def _counted(
    case: Case, one: RuleSet, rule: Rule, begin: tuple[Event, date], shown_from: date | None
) -> Verdict:
    """Count the clock from an event and its day."""
    event, (start, owed) = begin[0], _start(case, rule, begin[1])
    if event == "validity-end" and start == date.max:
        return _until_stopped(case, one, rule, shown_from)
    civil = case.facts.event(event)
    steps = [say.clock(one, rule, event, start)]
    flags = set()
    if owed is not None:
        steps.append(say.latest_start(one, rule, owed))
        flags |= {"provisional"} if owed.provisional else set()
    if event != rule.clock:
        steps.append(say.fallback(one, rule, event))
        flags.add("clock-fallback")
    if civil is not None and civil.precision != "day" and not civil.open:
        steps.append(say.imprecise(civil, start))
        flags.add("imprecise")
    if rule.unconfirmed:
        steps.append(say.unconfirmed(one, rule))
        flags.add("unconfirmed")
    minimum = end_of(start, rule.minimum) if rule.minimum else None
    repair = {"minimum": minimum, "duty": shown_from}.get(rule.repair)
    steps += say.minimum(one, rule, minimum, repair)
    if rule.marked:
        last = _stopped(case, one, rule, _maximum(case, one, rule, start, []), [])
        steps += [say.marked(one, rule, last)] if last else []
        flags |= {"expired"} if last and case.today > last else set()
        return Verdict("shown", one, rule, tuple(steps), shown_from, minimum, None, repair, frozenset(flags))
    end = _stopped(case, one, rule, _maximum(case, one, rule, start, steps), steps)
    return Verdict("shown", one, rule, tuple(steps), shown_from, minimum, end, repair, frozenset(flags))


def _start(case: Case, rule: Rule, start: date) -> tuple[date, Deadline | None]:
    """The day from which is counted, and the time limit that sets it, where one does.

    Late publication does not start a clock later than the law demands.
    """
    decided = case.day("decision")
    if rule.latest_start is None or decided is None:
        return start, None
    due = case.calendar.add_workdays(decided, rule.latest_start.count, case.region)
    return (due.day, due) if due.day <= start else (start, None)


def _maximum(case: Case, one: RuleSet, rule: Rule, start: date, steps: list[Step]) -> date | None:
    """The last day by the rule's maximum, a longer restriction or a court's extension included."""
    end = end_of(start, rule.maximum) if rule.maximum else None
    if end is None:
        steps.append(say.no_term(one, rule))
        return None
    steps.append(say.maximum(one, rule, end))
    extended = case.facts.extended_to
    if rule.extendable and extended is not None and extended.first > end:
        end = min(extended.first, end_of(end, rule.extendable))
        steps.append(say.extended(one, rule, end))
    if rule.or_until:
        return _or_until(case, one, rule, end, steps)
    return end


def _or_until(case: Case, one: RuleSet, rule: Rule, end: date, steps: list[Step]) -> date | None:
    """A restriction that lasts longer is shown as long as it lasts."""
    lasts: Civil | None = case.facts.valid_to
    if case.facts.permanent or (lasts is not None and lasts.open):
        steps.append(say.as_long_as(one, rule, None))
        return None
    if lasts is None or lasts.first <= end:
        return end
    steps.append(say.as_long_as(one, rule, lasts.first))
    return lasts.first


def _stopped(case: Case, one: RuleSet, rule: Rule, end: date | None, steps: list[Step]) -> date | None:
    """What was lifted, removed or cleared is not shown on that very day any more."""
    lifted = case.day("lifting") if rule.stops else None
    if lifted is None:
        return end
    last = day_before(lifted)
    if end is not None and end <= last:
        return end
    steps.append(say.lifted(one, rule, lifted, last))
    return last
