"""A rule file's own examples, run: facts must give the stated window, an event the stated last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditregister.dates import DateError
from creditregister.kinds.problems import Wrong
from creditregister.rules.book import RuleBook
from creditregister.rules.clocks import deadline
from creditregister.rules.evaluating import evaluate
from creditregister.rules.making import make_facts
from creditregister.rules.model import Jurisdiction

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from creditregister.rules.files import ExampleShape, SetShape
    from creditregister.rules.model import RuleSet, Window

_DAYS = ("shown_from", "min_end", "max_end", "earliest_repair", "held_from")


def failures(book: RuleBook, shapes: Mapping[str, SetShape]) -> Iterator[Wrong]:
    """Examples that fail, and confirmed rules and time limits without one."""
    sets = {one.id: one for one in book.sets}
    for name, shape in shapes.items():
        touched = {given.clock for given in shape.clock_example}
        for place, example in enumerate(shape.example):
            window = yield from _run(book, sets, f"{name}.toml", place, example)
            touched |= _touched(name, window)
        for place in range(len(shape.clock_example)):
            yield from _run_clock(book, sets[name], place, shape)
        yield from _without(name, shape, touched)


def _run(
    book: RuleBook, sets: Mapping[str, RuleSet], file: str, place: int, example: ExampleShape
) -> Generator[Wrong, None, Window | None]:
    """Run one example against its own set and those that it names; the window that came out."""
    key, own = f"example.{place}", sets[file.removesuffix(".toml")]
    missing = [other for other in example.beside if other not in sets]
    if missing:
        yield Wrong(file, f"{key}.with", f"there is no set {missing[0]!r}", "name sets by their files")
        return None
    beside = tuple(sets[one] for one in example.beside)
    alone = RuleBook((own, *beside), book.signs, book.calendar, book.reading)
    try:
        facts = make_facts(example.facts)
    except DateError as error:
        yield Wrong(file, f"{key}.facts", error.en, "correct the date")
        return None
    window = evaluate(facts, alone, _jurisdiction(own, example), example.on)
    for said in _differences(example, window):
        yield Wrong(file, f"{key} ({example.zh})", said, "correct the rule or the example")
    return window


def _touched(name: str, window: Window | None) -> set[str]:
    """The rules of a set that an example was about."""
    steps = window.steps if window else ()
    return {step.rule.partition("/")[2] for step in steps if step.rule.startswith(f"{name}/")}


def _jurisdiction(one: RuleSet, example: ExampleShape) -> Jurisdiction:
    """Where the example plays: by default where the set holds."""
    own = one.jurisdiction
    portal = example.portal or ("gsxt" if own == "gsxt" else "credit")
    return Jurisdiction(example.area or (own if own.isdigit() else ""), portal)


def _differences(example: ExampleShape, window: Window) -> Iterator[str]:
    """What comes out otherwise than stated."""
    if window.state != example.state:
        yield f"state is {window.state}, not {example.state}"
    for name in _DAYS:
        stated, found = getattr(example, name), getattr(window, name)
        if stated is not None and stated != found:
            yield f"{name} is {found}, not {stated}"
    if example.no_end and window.max_end is not None:
        yield f"max_end is {window.max_end}, and there should be none"
    if example.no_repair and window.earliest_repair is not None:
        yield f"earliest_repair is {window.earliest_repair}, and there should be none"


def _run_clock(book: RuleBook, one: RuleSet, place: int, shape: SetShape) -> Iterator[Wrong]:
    given = shape.clock_example[place]
    file, key = f"{one.id}.toml", f"clock_example.{place}"
    clock = next((clock for clock in one.clocks if clock.id == given.clock), None)
    if clock is None:
        yield Wrong(file, f"{key}.clock", f"there is no clock {given.clock!r}", "name one of this file")
        return
    region = one.jurisdiction if one.jurisdiction.isdigit() else ""
    due = deadline(clock, given.event, book.calendar, region, extended=given.extended).day
    if due != given.due:
        yield Wrong(file, f"{key} ({given.clock})", f"due is {due}, not {given.due}", "correct one of them")


def _without(name: str, shape: SetShape, touched: set[str]) -> Iterator[Wrong]:
    """A number that nobody tried is not law yet."""
    for table in ("exception", "period", "clock"):
        for entry in getattr(shape, table):
            if entry.id not in touched and not entry.unconfirmed:
                remedy = "add an example with its result" + (
                    " ([[clock_example]])" if table == "clock" else ""
                )
                yield Wrong(f"{name}.toml", f"{table}.{entry.id}", "has no example", remedy)
