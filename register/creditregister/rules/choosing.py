"""Which rules speak of a record, by place, kind, condition, grade and day (DOMAIN 1.11 "Precedence").

A record is bound by the rules that hold today and by those under which it stood before: a change of rules
may end its publicity earlier, never later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from creditregister.rules.counting import day_after
from creditregister.rules.model import NO_GRADE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from creditregister.rules.book import Group, Plan
    from creditregister.rules.model import Facts, Rule, RuleSet


@dataclass(frozen=True, slots=True)
class Pick:
    """A set's rule for a record.

    ``ungraded``: the set needs a grade that the record lacks; ``rule`` is the first of the ``choices``
    between which the grade would decide.
    """

    set: RuleSet
    rule: Rule
    ungraded: bool
    choices: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Picks:
    """The rules that hold now, and earlier ones under which the record stood."""

    now: tuple[Pick, ...]
    before: tuple[Pick, ...]
    #: (set that stands back, set it yields to)
    yielded: tuple[tuple[RuleSet, RuleSet], ...]


def choose(plan: Plan, facts: Facts, since: date, day: date) -> Picks:
    """The rules for a record that was decided on ``since``, as they stand on ``day``."""
    now: list[Pick] = []
    before: list[Pick] = []
    for one, groups in plan:
        current = _pick(one, groups, facts, day)
        if current is not None:
            now.append(current)
        for moment in _moments(one, groups, since, day):
            earlier = _pick(one, groups, facts, moment)
            known = {pick.rule.id for pick in before if pick.set is one}
            if earlier is None or earlier.ungraded or earlier.rule.id in known:
                continue
            if current is None or earlier.rule is not current.rule:
                before.append(earlier)
    return _yielding(now, before)


def boundaries(plan: Plan, day: date) -> list[date]:
    """The days after ``day`` on which other rules begin to hold, in order."""
    days = {
        edge
        for _, groups in plan
        for group in groups
        for rule in group.rules
        for edge in (rule.start, day_after(rule.until))
        if day < edge < date.max
    }
    return sorted(days)


def _moments(one: RuleSet, groups: tuple[Group, ...], since: date, day: date) -> Iterator[date]:
    """The days from ``since`` to before ``day`` on which the set began to say something else."""
    edges = {rule.start for group in groups for rule in group.rules} | {since}
    for edge in sorted(edges):
        if since <= edge < day and one.start <= edge <= one.until:
            yield edge


def _pick(one: RuleSet, groups: tuple[Group, ...], facts: Facts, day: date) -> Pick | None:
    """The first group in force whose condition holds; in it the rule for the record's grade."""
    for group in groups:
        if group.condition and group.condition not in facts.conditions:
            continue
        rules = tuple(rule for rule in group.rules if rule.in_force(day))
        if not rules:
            continue
        wanted = facts.grade or NO_GRADE
        for rule in rules:
            if not rule.grades or wanted in rule.grades:
                return Pick(one, rule, ungraded=False)
        return Pick(one, rules[0], ungraded=True, choices=rules)
    return None


def _yielding(now: list[Pick], before: list[Pick]) -> Picks:
    """Leave out what stands back behind another set that speaks of the record today."""
    speaking = {pick.set.id: pick.set for pick in now}
    yielded = {
        pick.set.id: (pick.set, speaking[other])
        for pick in now
        for other in pick.set.yields_to
        if other in speaking
    }
    return Picks(
        tuple(pick for pick in now if pick.set.id not in yielded),
        tuple(pick for pick in before if pick.set.id not in yielded),
        tuple(yielded.values()),
    )
