"""Dated rules 规则: how long a record is shown, from which day, with what reason (DOMAIN 1.8, 1.11).

The modules in import order: ``counting`` (days, months, years), ``model`` and ``book`` (the values),
``sentences`` and ``together`` (what is said), ``judging`` (one rule), ``choosing`` (which rules),
``evaluating`` (the window), ``explaining`` (the window in words), ``grades`` and ``facts`` (from a content),
``clocks`` (time limits of bodies), ``files`` ``making`` ``checks`` ``examples`` ``loading`` (the folder
``config/rules``). All of it is pure: no database, no clock, no web. Everything that others use stands here.
"""

from __future__ import annotations

from creditregister.lawfiles import LawError
from creditregister.rules.book import RuleBook
from creditregister.rules.clocks import deadline
from creditregister.rules.counting import Period, add_months, end_of
from creditregister.rules.evaluating import evaluate, settled, tighten
from creditregister.rules.explaining import explain
from creditregister.rules.facts import facts_of
from creditregister.rules.grades import suggest_grade
from creditregister.rules.loading import load
from creditregister.rules.model import (
    Clock,
    Facts,
    Jurisdiction,
    Rule,
    RuleSet,
    Step,
    Suggestion,
    Window,
)

__all__ = [
    "Clock",
    "Facts",
    "Jurisdiction",
    "LawError",
    "Period",
    "Rule",
    "RuleBook",
    "RuleSet",
    "Step",
    "Suggestion",
    "Window",
    "add_months",
    "deadline",
    "end_of",
    "evaluate",
    "explain",
    "facts_of",
    "load",
    "settled",
    "suggest_grade",
    "tighten",
]
