"""Counts of what is public: equal to a count by hand after any history, and silent about few persons."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from creditregister import publication, records, statistics
from creditregister import tally as tally_module
from creditregister.publication import Author
from creditregister.records import by_any_number
from creditregister.schema import record
from creditregister.statistics import Row, coarse
from creditregister.tally import Tally
from creditregister.text import canonical
from support.registers import deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection
    from sqlalchemy.sql.elements import ColumnElement

    from creditregister.delivered import Delivered
    from creditregister.opening import Register
    from creditregister.statistics import Cell, Statistics

TODAY = date(2026, 6, 1)


def company(number: int, *, area: str = "990100", decided: str = "2026-05-20") -> Delivered:
    public = canonical({"v": 1, "name": f"云泽甲{number}有限公司", "area": area, "date": decided})
    return row(number, public=public, decided=decided)


def person(number: int) -> Delivered:
    return replace(company(number), klass="person", name="郑无名", number=f"990100198502031{number:03d}")


def figures(tally: Tally[Cell], register: Register, day: date) -> Statistics:
    return statistics.figures(tally.at(register.store, day))


def rows(register: Register, by: str = "kind", **narrowed: str) -> dict[str, tuple[int, int | None]]:
    found = figures(statistics.tally(), register, TODAY).rows(by, narrowed)  # type: ignore[arg-type]  # as an address may have it
    return {each.value: (each.companies, each.persons) for each in found}


def withdraw(register: Register, n: int) -> None:
    with register.store.write() as connection:
        author = Author("test", "test", register.clock.now())
        publication.withdraw(connection, by_any_number(connection, [n]), "ended", author)


def test_counts_stand_by_every_dimension_and_may_be_narrowed(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(
        register, [company(1), company(2, area="990200"), company(3, decided="2025-01-02")], kind="penalty"
    )
    deliver(register, [company(4), company(5, area="", decided="")], kind="licence", unit="云泽二局")
    assert rows(register) == {"penalty": (3, 0), "licence": (2, 0)}
    assert rows(register, "area") == {"9901": (3, 0), "9902": (1, 0), "": (1, 0)}
    assert list(rows(register, "year")) == ["2026", "2025", ""]
    assert rows(register, "year", kind="penalty") == {"2026": (2, 0), "2025": (1, 0)}
    assert rows(register, "kind", area="99") == {"penalty": (3, 0), "licence": (1, 0)}
    assert sum(count for count, _ in rows(register, "unit").values()) == 5
    assert len(rows(register, "unit")) == 2


def test_a_withdrawal_and_a_term_that_is_over_count_at_once(tmp_path: Path) -> None:
    register, tally = make_register(tmp_path), statistics.tally()
    deliver(register, [company(1), company(2), company(3)])
    with register.store.write() as connection:
        connection.execute(update(record).where(record.c.n == 2).values(shown_until="2026-06-01"))
        connection.execute(update(record).where(record.c.n == 3).values(shown_from="2026-06-02"))
    assert figures(tally, register, TODAY).total({}) == Row("", 2, 0)
    assert figures(tally, register, date(2026, 6, 2)).total({}) == Row("", 2, 0)
    assert figures(tally, register, date(2026, 6, 3)).total({}).companies == 2
    withdraw(register, 1)
    assert figures(tally, register, date(2026, 6, 3)).total({}).companies == 1
    assert figures(tally, register, TODAY).total({}).companies == 1


def test_only_blocks_that_changed_are_counted_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = make_register(tmp_path)
    monkeypatch.setattr(tally_module, "BLOCK", 4)
    counted: list[int] = []

    def noted(connection: Connection, within: ColumnElement[bool], today: date) -> Counter[Cell]:
        found = statistics.count(connection, within, today)
        counted.append(found.total())
        return found

    tally = Tally(noted)
    deliver(register, [company(n) for n in range(1, 10)])
    assert figures(tally, register, TODAY).total({}).companies == 9
    assert tally.at(register.store, TODAY) is tally.at(register.store, TODAY)
    assert counted == [3, 4, 2]
    withdraw(register, 6)
    deliver(register, [company(10)])
    assert figures(tally, register, TODAY).total({}).companies == 9
    assert counted == [3, 4, 2, 3, 3]
    figures(tally, register, date(2026, 6, 2))
    assert counted == [3, 4, 2, 3, 3, 3, 3, 3]


def test_a_block_may_be_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = make_register(tmp_path)
    deliver(register, [company(n) for n in range(1, 20)])
    monkeypatch.setattr(tally_module, "BLOCK", 7)
    monkeypatch.setattr(tally_module, "AT_ONCE", 3)
    assert figures(statistics.tally(), register, TODAY).total({}).companies == 19


def test_another_register_in_its_place_is_counted_anew(tmp_path: Path) -> None:
    tally = statistics.tally()
    for name, many in (("one", 3), ("other", 2)):
        register = make_register(tmp_path / name)
        deliver(register, [company(n) for n in range(many)])
        assert figures(tally, register, TODAY).total({}).companies == many


@pytest.mark.parametrize(("persons", "said"), [(0, 0), (1, None), (9, None), (10, 10), (19, 10), (120, 120)])
def test_persons_are_counted_to_the_ten_below(persons: int, said: int | None) -> None:
    assert coarse(persons) == said


def test_few_persons_are_not_counted_out(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [person(n) for n in range(1, 10)], kind="dishonest-debtor")
    deliver(register, [person(n) for n in range(10, 23)], kind="penalty")
    deliver(register, [company(30)], kind="licence")
    assert rows(register) == {"dishonest-debtor": (0, None), "penalty": (0, 10), "licence": (1, 0)}
    # 22 in all: neither the total nor a difference of what is shown tells how many debtors there are.
    assert figures(statistics.tally(), register, TODAY).total({}) == Row("", 1, 20)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["load", "withdraw", "again"]), st.integers(1, 12)), min_size=1, max_size=8
    )
)
def test_after_any_history_the_counts_are_those_of_a_full_count(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    register, tally = make_register(tmp_path_factory.mktemp("history")), statistics.tally()
    for step, number in steps:
        if step == "load":
            deliver(register, [company(number, area=f"99{number % 3}000")])
        elif step == "again":
            deliver(register, [company(number, area="991100", decided=f"202{number % 6}-01-01")])
        else:
            with register.store.read() as connection:
                known = {each.n for each in records.scan(connection, 0, 100)}
            for n in known & {number}:
                withdraw(register, n)
        counted = figures(tally, register, TODAY)
        with register.store.read() as connection:
            public = records.scan(connection, 0, 100)
        expected = Counter(str(each.document["area"])[:4] for each in public)
        assert {each.value: each.companies for each in counted.rows("area", {})} == expected
