"""The rule book: all sets, arranged by what they say of a kind in a place."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from creditregister.rules.model import NECESSARY, Facts, Jurisdiction, Rule, RuleSet, Window

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from creditregister.calendar import Calendar
    from creditregister.kinds.model import Kind, Label
    from creditregister.rules.model import Clock, Grade

#: Answers that a book keeps; some 2 kB each.
_MOST_WINDOWS = 20_000


@dataclass(frozen=True, slots=True)
class Condition:
    """What makes a condition such as "food" hold: words in texts, or codes of a code list."""

    id: str
    label: Label
    fields: tuple[str, ...]
    words: tuple[str, ...]
    codes: frozenset[str]
    only: frozenset[str]


@dataclass(frozen=True, slots=True)
class GradeHints:
    """From which words and codes of a content a grade is suggested; ``huge_fine`` in 万元."""

    codes: Mapping[Grade, frozenset[str]]
    words: Mapping[Grade, tuple[str, ...]]
    huge_fine: Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """How facts are read from a content: fields of dates, conditions, hints for grades.

    ``graded``: a rule asks for a grade, so one may be suggested.
    """

    fields: Mapping[str, tuple[str, ...]]
    conditions: tuple[Condition, ...]
    grades: GradeHints
    graded: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Rules of a set for one selector, of which the grade picks one."""

    condition: str
    rules: tuple[Rule, ...]


#: Facts, where, on which day.
Question = tuple[Facts, Jurisdiction, date]
#: The sets that speak of a kind somewhere, with their rules for it.
Plan = tuple[tuple[RuleSet, tuple[Group, ...]], ...]


@dataclass(frozen=True)
class RuleBook:
    """All sets, and what kinds they speak of: id -> sign. ``digest`` changes when any of the files does."""

    sets: tuple[RuleSet, ...]
    signs: Mapping[str, str]
    calendar: Calendar
    reading: Reading
    digest: str = ""
    _plans: dict[tuple[Jurisdiction, str], Plan] = field(default_factory=dict, repr=False, compare=False)
    _readings: dict[str, Reading] = field(default_factory=dict, repr=False, compare=False)
    _windows: dict[Question, Window] = field(default_factory=dict, repr=False, compare=False)

    def recall(self, question: Question) -> Window | None:
        """The answer to a question that was asked before: the same facts come again and again in a file."""
        return self._windows.get(question)

    def remember(self, question: Question, window: Window) -> Window:
        """Keep an answer; all are forgotten when there are too many."""
        if len(self._windows) >= _MOST_WINDOWS:
            self._windows.clear()
        self._windows[question] = window
        return window

    def plan(self, jurisdiction: Jurisdiction, kind: str) -> Plan:
        """The sets that hold there and say something of the kind; computed once for each."""
        key = (jurisdiction, kind)
        if key not in self._plans:
            binding = [one for one in self.sets if one.binds(jurisdiction)]
            found = ((one, _groups(one, kind, self.signs.get(kind, ""))) for one in binding)
            self._plans[key] = tuple((one, groups) for one, groups in found if groups)
        return self._plans[key]

    def reading_of(self, kind: Kind) -> Reading:
        """How the facts of that kind are read: what a rule asks of it, anywhere, and its fields can tell."""
        if kind.id not in self._readings:
            named = {kind.id, self.signs.get(kind.id, "")}
            rules = [
                (rule, each.condition)
                for one in self.sets
                for rule in one.rules
                for each in rule.selectors
                if each.kind in named
            ]
            asked = {condition for _, condition in rules} | {NECESSARY}
            self._readings[kind.id] = Reading(
                {what: _of(kind, names) for what, names in self.reading.fields.items()},
                tuple(
                    replace(one, fields=_of(kind, one.fields))
                    for one in self.reading.conditions
                    if one.id in asked
                ),
                self.reading.grades,
                graded=any(rule.grades for rule, _ in rules),
            )
        return self._readings[kind.id]

    def clocks(self, jurisdiction: Jurisdiction, action: str, kind: str, day: date) -> tuple[Clock, ...]:
        """The time limits that hold there for an event of that day, the strictest first."""
        found = [
            clock
            for one in self.sets
            if one.binds(jurisdiction)
            for clock in one.clocks
            if clock.action == action and clock.binds_kind(kind) and clock.in_force(day)
        ]
        return tuple(sorted(found, key=lambda clock: clock.within.rough_days))


def _of(kind: Kind, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the fields that the kind has."""
    return tuple(name for name in names if name in kind.by_id)


def _groups(one: RuleSet, kind: str, sign: str) -> tuple[Group, ...]:
    """Exceptions first, then rules with a condition in the order of the file, then those without."""
    named = any(selector.kind == kind for rule in one.rules for selector in rule.selectors)
    if kind in one.leaves and not named:
        return ()
    wanted = kind if named else sign
    found: dict[tuple[bool, bool, str], list[Rule]] = {}
    for rule in one.rules:
        for selector in rule.selectors:
            if selector.kind == wanted:
                key = (not rule.exception, not selector.condition, selector.condition)
                found.setdefault(key, []).append(rule)
    ordered = sorted(found, key=lambda key: key[:2])
    return tuple(Group(key[2], tuple(found[key])) for key in ordered)
