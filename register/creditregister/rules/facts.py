"""Facts read from a record's content, by ``config/rules/_facts.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditregister import dates
from creditregister.rules.grades import suggest_grade
from creditregister.rules.model import GRADES, Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from creditregister.dates import Civil
    from creditregister.kinds import Kind
    from creditregister.rules.book import Condition, Reading

#: Codes by which a content says that something has no end.
_FOR_EVER = ("yes", "permanent")


def facts_of(
    kind: Kind,
    content: Mapping[str, object],
    reading: Reading,
    *,
    published: Civil | None = None,
    promised: date | None = None,
    stated: Iterable[str] = (),
) -> Facts:
    """What the rules ask for, from a checked content; ``stated`` are conditions that staff or unit declared.

    Raises:
        DateError: a content that was never checked holds a date that cannot be read.
    """
    own = _civil(content.get(kind.date))
    decided = own or (_civil(content.get(kind.date_fallback)) if kind.date_fallback else None)
    grade = _first(content, reading, "grade")
    valid_to = _date(content, reading, "valid_to")
    return Facts(
        kind=kind.id,
        decided=decided,
        grade=grade if grade in GRADES else None,
        conditions=frozenset(stated) | {one.id for one in reading.conditions if holds(one, content)},
        published=published,
        conduct_ended=_date(content, reading, "conduct_ended"),
        effective=_date(content, reading, "effective"),
        valid_to=valid_to,
        lifted=_date(content, reading, "lifted"),
        extended_to=_date(content, reading, "extended_to"),
        own_end=_date(content, reading, "own_end"),
        permanent=_first(content, reading, "permanent") in _FOR_EVER
        or (valid_to is not None and valid_to.open),
        stand_in=own is None and decided is not None,
        promised=promised,
        suggestion=suggest_grade(content, reading.grades) if reading.graded and grade not in GRADES else None,
    )


def holds(condition: Condition, content: Mapping[str, object]) -> bool:
    """Whether the content says that a condition holds."""
    all_given: list[str] = []
    # Plain loops: a load asks this of each row for every condition of its kind.
    for name in condition.fields:
        for value in _values(content.get(name)):
            if value in condition.codes:
                return True
            for word in condition.words:
                if word in value:
                    return True
            all_given.append(value)
    return bool(condition.only and all_given) and condition.only.issuperset(all_given)


def _values(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return (value,)
    return [str(one) for one in value] if isinstance(value, list | tuple) else ()


def _first(content: Mapping[str, object], reading: Reading, what: str) -> str:
    """The first of the fields that stand for something and are given."""
    for name in reading.fields.get(what, ()):
        value = content.get(name)
        if isinstance(value, str) and value:
            return value
    return ""


def _date(content: Mapping[str, object], reading: Reading, what: str) -> Civil | None:
    value = _first(content, reading, what)
    return dates.parse(value) if value else None


def _civil(value: object) -> Civil | None:
    return dates.parse(value) if isinstance(value, str) and value else None
