"""From shapes of files to values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from creditregister import dates
from creditregister.kinds.model import Label
from creditregister.rules.book import Condition, GradeHints, Reading
from creditregister.rules.model import Clock, Facts, Rule, RuleSet, Selector
from creditregister.rules.sentences import article_in_english

if TYPE_CHECKING:
    from creditregister.dates import Civil
    from creditregister.rules.files import (
        ClockShape,
        Dated,
        FactsShape,
        PeriodShape,
        ReadingShape,
        SetShape,
    )

#: A rule without ``until`` holds for good.
FOR_GOOD = date.max


def make_set(name: str, shape: SetShape) -> RuleSet:
    """The set that a file states."""
    return RuleSet(
        id=name,
        label=Label(shape.zh, shape.en),
        law=shape.law,
        source=shape.source,
        jurisdiction=shape.jurisdiction,
        start=shape.begins,
        until=shape.until or FOR_GOOD,
        yields_to=shape.yields_to,
        needs_grade=frozenset(shape.needs_grade),
        leaves=frozenset(shape.leaves),
        rules=tuple(
            _rule(shape, entry, exception=entry in shape.exception)
            for entry in (*shape.exception, *shape.period)
        ),
        clocks=tuple(_clock(shape, entry) for entry in shape.clock),
    )


def _rule(whole: SetShape, shape: PeriodShape, *, exception: bool) -> Rule:
    return Rule(
        id=shape.id,
        label=Label(shape.zh, shape.en),
        source=_source(whole, shape),
        selectors=tuple(selector(text) for text in shape.kinds),
        grades=frozenset(shape.grades),
        start=shape.begins or whole.begins,
        until=shape.until or whole.until or FOR_GOOD,
        publish=shape.publish,
        clock=shape.clock,
        fallback=shape.fallback,
        starts=shape.starts,
        missing=shape.missing,
        latest_start=shape.latest_start,
        minimum=shape.minimum,
        maximum=shape.maximum,
        extendable=shape.extendable,
        or_until=shape.or_until is not None,
        stops=bool(shape.stops),
        marked=shape.afterwards == "marked",
        repair=shape.repair,
        exception=exception,
        unconfirmed=shape.unconfirmed,
    )


def _clock(whole: SetShape, shape: ClockShape) -> Clock:
    return Clock(
        id=shape.id,
        label=Label(shape.zh, shape.en),
        source=_source(whole, shape),
        action=shape.action,
        binds=shape.binds,
        kinds=shape.kinds,
        after=shape.after,
        within=shape.within,
        start=shape.begins or whole.begins,
        until=shape.until or whole.until or FOR_GOOD,
        stops=shape.stops,
        shifts=shape.shifts,
        extend=shape.extend,
        extended_by=shape.extended_by or "",
        missed=Label(shape.missed.zh, shape.missed.en) if shape.missed else None,
        unconfirmed=shape.unconfirmed,
    )


def _source(whole: SetShape, shape: Dated) -> Label:
    """Law and article."""
    zh = f"《{shape.law or whole.law}》{shape.article}"
    english = (shape.law_en or shape.law) if shape.law else whole.en
    return Label(zh, f"{english}, {shape.article_en or article_in_english(shape.article)}")


def selector(text: str) -> Selector:
    """``penalty:food`` as a selector."""
    kind, _, condition = text.partition(":")
    return Selector(kind, condition)


def make_facts(shape: FactsShape) -> Facts:
    """The facts of an example.

    Raises:
        DateError: a date cannot be read.
    """
    return Facts(
        kind=shape.kind,
        decided=dates.parse(shape.decided),
        grade=shape.grade,
        conditions=frozenset(shape.conditions),
        published=_civil(shape.published),
        conduct_ended=_civil(shape.conduct_ended),
        effective=_civil(shape.effective),
        valid_to=_civil(shape.valid_to),
        lifted=_civil(shape.lifted),
        extended_to=_civil(shape.extended_to),
        own_end=_civil(shape.own_end),
        permanent=shape.permanent,
    )


def _civil(value: date | str | None) -> Civil | None:
    return None if value is None else dates.parse(value)


def make_reading(shape: ReadingShape) -> Reading:
    """How facts are read from a content."""
    conditions = tuple(
        Condition(
            id=name,
            label=Label(entry.zh, entry.en),
            fields=entry.fields,
            words=entry.words,
            codes=frozenset(entry.codes),
            only=frozenset(entry.only),
        )
        for name, entry in shape.conditions.items()
    )
    hints = GradeHints(
        codes={grade: frozenset(codes) for grade, codes in shape.grades.codes.items()},
        words=dict(shape.grades.words),
        huge_fine=Decimal(shape.grades.huge_fine),
    )
    return Reading(fields=dict(shape.fields), conditions=conditions, grades=hints)
