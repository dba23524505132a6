"""For arbitrary deliveries, corrections, changes of rules and days: what is shown, said and counted agrees."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from creditregister import daily, explanation, records
from creditregister.clock import FixedClock
from creditregister.schema import record
from support.registers import LAW, NOON, content, deliver, make_register, row

if TYPE_CHECKING:
    import pytest

    from creditregister.opening import Register

FIRST = date(2026, 1, 15)
GRADES = ("", "minor", "general", "serious")
days = st.integers(0, 900).map(lambda more: FIRST + timedelta(days=more))
texts = days.map(date.isoformat)
rows = st.fixed_dictionaries(
    {
        "decision_date": texts,
        "severity": st.sampled_from(GRADES),
        "publicity_end": st.one_of(st.just(""), texts),
    }
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("deliver"), st.integers(1, 3), rows),
        st.tuples(st.just("night"), st.just(0), st.just({})),
    ),
    min_size=1,
    max_size=6,
)


def at(register: Register, day: date) -> None:
    clock = register.clock
    assert isinstance(clock, FixedClock)
    clock.ms = NOON + (day - date(2026, 6, 1)).days * 86_400_000


def shown_on(register: Register, day: date) -> set[int]:
    """The records that may be seen on a day, as every list and count of the register asks for them."""
    query = select(record.c.n).where(record.c.state == "public", records.open_on(day.isoformat()))
    with register.store.read() as connection:
        return set(connection.scalars(query))


def check(register: Register, day: date, ends: dict[int, str]) -> None:
    """What is shown agrees with the explanation, with what an id answers, and never lasts longer than it did."""
    shown = shown_on(register, day)
    with register.store.read() as connection:
        numbers = connection.scalars(select(record.c.n)).all()
        for item in records.by_any_number(connection, list(numbers)):
            window = explanation.explanation(LAW, explanation.case_of(connection, item), day)
            assert window.shows(day) == (item.n in shown), (item, window)
            standing = records.standing(connection, item.id, day)
            assert (standing.state == "public") == (item.n in shown), (item, standing)
            assert item.n not in shown or (item.shown_from <= day.isoformat() <= (item.shown_until or "9"))
            if item.term.computed:
                assert (item.max_end or "9") <= ends.get(item.n, "9"), item
                ends[item.n] = item.max_end or "9"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(story=steps, gaps=st.lists(st.integers(0, 200), min_size=6, max_size=6))
def test_shown_said_and_counted_agree_and_nothing_grows(
    tmp_path_factory: pytest.TempPathFactory, story: list[tuple[str, int, dict[str, Any]]], gaps: list[int]
) -> None:
    register = make_register(tmp_path_factory.mktemp("story"))
    day, ends = FIRST, dict[int, str]()
    for (what, number, fields), gap in zip(story, gaps, strict=False):
        day += timedelta(days=gap)
        at(register, day)
        if what == "night":
            daily.run(register, day)
            assert daily.run(register, day).total == 0
        elif fields["decision_date"] <= day.isoformat():
            deliver(register, [row(number, content=content(**fields), decided=fields["decision_date"])])
        check(register, day, ends)
    for later in (1, 100, 400, 1200):
        check(register, day + timedelta(days=later), ends)
    register.store.close()
