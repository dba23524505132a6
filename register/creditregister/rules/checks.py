"""What a rule file cannot be trusted without: no gap, no overlap, known names, sources of exceptions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from creditregister.kinds.problems import Wrong, nearest
from creditregister.lawfiles import MANUAL
from creditregister.rules.counting import day_after
from creditregister.rules.making import FOR_GOOD, selector
from creditregister.rules.model import GRADES, NO_GRADE, SIGNS
from creditregister.rules.sentences import article_in_english

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from creditregister.rules.files import ClockShape, PeriodShape, SetShape


def check(file: str, shape: SetShape, kinds: Collection[str], conditions: Collection[str]) -> Iterator[Wrong]:
    """Everything that is wrong with one file and can be seen without the others."""
    yield from _order(file, "file", shape.begins, shape.until)
    yield from _ids(file, shape)
    rules = [("exception", rule) for rule in shape.exception] + [("period", rule) for rule in shape.period]
    for table, rule in rules:
        yield from _rule(file, f"{table}.{rule.id}", shape, rule)
        for text in rule.kinds:
            yield from _selector(file, f"{table}.{rule.id}.kinds", text, kinds, conditions)
    for clock in shape.clock:
        yield from _clock(file, f"clock.{clock.id}", shape, clock, kinds)
    for rule in shape.exception:
        if rule.law is None:
            remedy = "name the law that allows it in `law` and its `article`"
            yield Wrong(file, f"exception.{rule.id}.law", "an exception stands on a law of its own", remedy)
    for kind in shape.leaves:
        if kind not in kinds:
            yield Wrong(file, "leaves", f"{kind!r} is no kind", nearest(kind, sorted(kinds), "kinds"))
    yield from _coverage(file, shape)


def check_names(shapes: dict[str, SetShape]) -> Iterator[Wrong]:
    """What sets say of each other."""
    for name, shape in shapes.items():
        file = f"{name}.toml"
        for other in shape.yields_to:
            if other not in shapes or other == name:
                remedy = nearest(other, [one for one in shapes if one != name], "sets")
                yield Wrong(file, "yields_to", f"{other!r} is no other set", remedy)
            elif name in shapes[other].yields_to:
                remedy = "one of the two has to stand; take it out of one file"
                yield Wrong(file, "yields_to", f"{other!r} yields to this set too", remedy)


def _order(file: str, key: str, first: date | None, last: date | None) -> Iterator[Wrong]:
    if first is not None and last is not None and last < first:
        yield Wrong(file, f"{key}.until", f"{last} is before {first}", "correct one of the two days")


def _ids(file: str, shape: SetShape) -> Iterator[Wrong]:
    """Ids stand in reasons and in stored windows: one meaning each."""
    seen: set[str] = set()
    for entry in (*shape.exception, *shape.period, *shape.clock):
        if entry.id in seen:
            yield Wrong(file, "id", f"{entry.id!r} stands there twice", "give each its own id")
        seen.add(entry.id)


def _rule(file: str, key: str, whole: SetShape, rule: PeriodShape) -> Iterator[Wrong]:
    yield from _inside(file, key, whole, rule)
    lengths = {"minimum": rule.minimum, "maximum": rule.maximum, "extendable": rule.extendable}
    for name, length in lengths.items():
        if length is not None and length.unit == "wd":
            yield Wrong(file, f"{key}.{name}", "counts working days", "publicity has days, months or years")
    if rule.minimum and rule.maximum and rule.minimum.rough_days > rule.maximum.rough_days:
        yield Wrong(file, f"{key}.minimum", "is longer than the maximum", "correct one of the two")
    if rule.publish == "no" and (rule.minimum or rule.maximum):
        yield Wrong(
            file, f"{key}.publish", "nothing is shown, so there is no period", "leave the periods out"
        )
    if rule.latest_start is not None and rule.latest_start.unit != "wd":
        yield Wrong(file, f"{key}.latest_start", "is not in working days", "write it like 20 wd")
    if rule.repair == "minimum" and rule.minimum is None and rule.publish != "no":
        remedy = 'give `minimum`, or say `repair = "duty"`, "never", "body" or "none"'
        yield Wrong(file, f"{key}.repair", "repair begins at a minimum that is not given", remedy)


def _inside(file: str, key: str, whole: SetShape, rule: PeriodShape | ClockShape) -> Iterator[Wrong]:
    yield from _order(file, key, rule.begins, rule.until)
    outside = (rule.begins and rule.begins < whole.begins) or (
        rule.until and rule.until > (whole.until or FOR_GOOD)
    )
    if outside:
        remedy = "move `from` or `until` of one of them"
        yield Wrong(file, f"{key}.from", "holds longer than its set", remedy)
    if rule.article_en is None and not article_in_english(rule.article).isascii():
        remedy = "say it in English in `article_en`"
        yield Wrong(file, f"{key}.article", f"{rule.article!r} is more than the number of an article", remedy)


def _clock(
    file: str, key: str, whole: SetShape, clock: ClockShape, kinds: Collection[str]
) -> Iterator[Wrong]:
    yield from _inside(file, key, whole, clock)
    for kind in clock.kinds:
        if kind not in kinds:
            yield Wrong(file, f"{key}.kinds", f"{kind!r} is no kind", nearest(kind, sorted(kinds), "kinds"))
    if (clock.extend is None) != (clock.extended_by is None):
        remedy = "say how far (`extend`) and by whom (`extended_by`), or neither"
        yield Wrong(file, f"{key}.extend", "an extension has a length and somebody who grants it", remedy)


def _selector(
    file: str, key: str, text: str, kinds: Collection[str], conditions: Collection[str]
) -> Iterator[Wrong]:
    one = selector(text)
    known = [*sorted(kinds), *SIGNS]
    if one.kind not in known:
        yield Wrong(file, key, f"{one.kind!r} is no kind", nearest(one.kind, known, "kinds"))
    if one.condition and one.condition not in conditions:
        remedy = nearest(one.condition, sorted(conditions), "conditions")
        yield Wrong(file, key, f"{one.condition!r} is no condition", remedy)


# --- gaps and overlaps ------------------------------------------------------------------------------------


def _coverage(file: str, shape: SetShape) -> Iterator[Wrong]:
    """For each selector and grade exactly one rule on each day of the set."""
    rules: dict[str, list[PeriodShape]] = defaultdict(list)
    for table, entries in (("exception ", shape.exception), ("", shape.period)):
        for rule in entries:
            for text in rule.kinds:
                rules[table + text].append(rule)
    graded = set()
    for text, found in rules.items():
        plain = {grade for rule in found for grade in rule.grades or (*GRADES, NO_GRADE)}
        for grade in (*GRADES, *((NO_GRADE,) if NO_GRADE in plain else ())):
            fitting = [rule for rule in found if not rule.grades or grade in rule.grades]
            yield from _seamless(file, f"{text} ({grade})", shape, fitting)
        if NO_GRADE not in plain:
            graded.add(text.removeprefix("exception "))
    for text in sorted(graded ^ set(shape.needs_grade)):
        says = "has rules by grade only" if text in graded else "has a rule without a grade"
        remedy = "list it there" if text in graded else "take it out there, or give it rules by grade only"
        yield Wrong(file, "needs_grade", f"{text!r} {says}", remedy)


def _seamless(file: str, what: str, shape: SetShape, rules: Sequence[PeriodShape]) -> Iterator[Wrong]:
    """The rules follow each other from the first day of the set to its last."""
    end = shape.until or FOR_GOOD
    spans = sorted((rule.begins or shape.begins, rule.until or end, rule.id) for rule in rules)
    if not spans:
        yield Wrong(file, "period", f"{what} has no rule", f"add one, or leave grades out; {MANUAL}")
        return
    due, before = shape.begins, ""
    for first, last, name in spans:
        if first > due:
            remedy = f"let a rule begin on {due}"
            yield Wrong(file, f"period.{name}", f"a gap for {what} from {due} to {first}", remedy)
        elif first < due:
            remedy = f"let {name!r} begin on {due}, or give it other kinds or grades"
            yield Wrong(file, f"period.{name}", f"overlaps {before!r} for {what}", remedy)
        due, before = day_after(last), name
    if spans[-1][1] < end:
        yield Wrong(
            file, f"period.{before}", f"a gap for {what} from {due} on", "let a rule go on from there"
        )
