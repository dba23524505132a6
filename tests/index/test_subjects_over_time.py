"""Renames, merges and late codes in the index: followed like any other change, equal to a rebuild.

Random histories of deliveries and decisions are played against a model of a few lines.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creditindex import verify as checking
from creditregister import identities, proof, records, subjects
from creditregister.delivered import Outcome
from creditregister.identities import SubjectError
from creditregister.publication import Author
from support.indexes import engine_of, find, follower, names, penalty, rebuild
from support.registers import NOON, UNIT, deliver, make_register
from support.town import unified

if TYPE_CHECKING:
    from pathlib import Path

    from creditindex.engine import Engine
    from creditregister.opening import Register

REGISTRY = "云泽省登记机关"
CODES = [unified(number) for number in (11, 12, 13)]
NAMES = ["云泽春水食品有限公司", "赤水秋山物流股份有限公司", "青石夏木贸易有限公司", "北岭冬雪建材有限公司"]
DAYS = [f"20{year}-01-01" for year in range(20, 26)]


def author(action: str) -> Author:
    return Author("工作人员甲", action, NOON)


def rename(register: Register, code: str, name: str, day: str) -> None:
    with register.store.write() as connection:
        identities.rename(
            connection,
            code,
            name,
            since=date.fromisoformat(day),
            author=author("rename"),
            today=date(2026, 6, 1),
        )


def merge(register: Register, code: str, into: str) -> int:
    with register.store.write() as connection:
        return identities.merge(connection, code, into, author("merge")).event


@pytest.fixture
def register(tmp_path: Path) -> Register:
    made = make_register(tmp_path, subjects={"name_sources": [REGISTRY]})
    deliver(
        made,
        [penalty(n, NAMES[place], CODES[place]) for n, place in ((1, 0), (2, 1), (3, 0))],
    )
    return made


@pytest.fixture
def engine(register: Register) -> Engine:
    made = engine_of(register)
    rebuild(register, made).run()
    return made


def test_a_rename_is_found_under_both_names_after_one_step(register: Register, engine: Engine) -> None:
    rename(register, CODES[0], NAMES[2], "2026-03-01")
    assert follower(register, engine).step().applied == 1
    assert [hit.current for hit in names(engine, NAMES[2]).exact] == [True]
    assert [hit.current for hit in names(engine, NAMES[0]).exact] == [False]
    assert find(engine, NAMES[2]).total == 2, "its records are found by the name that it bears now"
    assert find(engine, NAMES[0]).total == 2, "and by the one that stands in them"
    assert checking.verify(register, engine).listed == []


def test_a_merge_is_found_under_the_codes_of_both_after_one_step(register: Register, engine: Engine) -> None:
    following = follower(register, engine)
    event = merge(register, CODES[1], CODES[0])
    assert following.step().applied == 2
    assert [find(engine, code).total for code in CODES[:2]] == [3, 3]
    assert [hit.code for hit in names(engine, NAMES[1]).exact] == [CODES[0]]
    with register.store.write() as connection:
        identities.undo(connection, event, author("undo"))
    assert following.step().applied == 2
    assert [find(engine, code).total for code in CODES[:2]] == [2, 1]
    assert [hit.code for hit in names(engine, NAMES[1]).exact] == [CODES[1]]
    assert checking.verify(register, engine).listed == []


def test_a_code_that_comes_later_finds_the_records_from_before(register: Register, engine: Engine) -> None:
    number = "990100000000014"
    first = penalty(7, NAMES[3], "", registration_number=number)
    later = penalty(8, NAMES[3], CODES[2], registration_number=number)
    deliver(register, [replace(first, codes={"registration": number})])
    deliver(register, [replace(later, codes={"registration": number, "unified": CODES[2]})])
    follower(register, engine).step()
    assert find(engine, CODES[2]).total == find(engine, number).total == 2
    assert [hit.code for hit in names(engine, NAMES[3]).exact] == [CODES[2]]


# -- random histories ----------------------------------------------------------------------------------------


@dataclass
class Model:
    """What must be true, kept the simplest way: days of names, and which code stands for which subject."""

    told: dict[str, dict[str, str]] = field(default_factory=dict)  # subject → name → last day attested
    current: dict[str, str] = field(default_factory=dict)
    into: dict[str, str] = field(default_factory=dict)
    merges: list[tuple[str, str, int, set[str]]] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)  # code of each record

    def root(self, code: str) -> str:
        while code in self.into:
            code = self.into[code]
        return code

    def deliver(self, code: str, name: str, day: str, *, source: bool) -> None:
        self.delivered.append(code)
        who = self.root(code)
        if who not in self.told:
            self.told[who], self.current[who] = {name: day if source else ""}, name
        elif source:
            self.attest(who, name, day)

    def attest(self, who: str, name: str, day: str) -> None:
        if day >= self.told[who][self.current[who]]:
            self.current[who] = name
        self.told[who][name] = max(day, self.told[who].get(name, ""))


_STEP = st.one_of(
    st.tuples(
        st.just("deliver"),
        st.sampled_from(CODES),
        st.sampled_from(NAMES),
        st.sampled_from(DAYS),
        st.booleans(),
    ),
    st.tuples(st.just("rename"), st.sampled_from(CODES), st.sampled_from(NAMES), st.sampled_from(DAYS)),
    st.tuples(st.just("merge"), st.sampled_from(CODES), st.sampled_from(CODES)),
    st.tuples(st.just("undo")),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_STEP, max_size=12))
def test_random_histories_agree_with_a_simple_model(
    tmp_path_factory: pytest.TempPathFactory, history: list[tuple[object, ...]]
) -> None:
    register = make_register(tmp_path_factory.mktemp("model"), subjects={"name_sources": [REGISTRY]})
    engine = engine_of(register)
    rebuild(register, engine).run()
    following = follower(register, engine)
    model, numbers = Model(), itertools.count(1)
    for step in history:
        _play(register, model, step, numbers)
    while following.step().applied:
        pass
    following.close()
    _compare(register, engine, model)
    assert proof.verify(register.store).differences == []
    assert checking.verify(register, engine).listed == []


def _play(register: Register, model: Model, step: tuple[object, ...], numbers: itertools.count[int]) -> None:
    sort, *given_values = step
    known = {model.root(code) for code in model.delivered}
    if sort == "deliver":
        code, name, day, source = given_values
        made = replace(penalty(next(numbers), str(name), str(code)), decided=str(day))
        assert deliver(register, [made], unit=REGISTRY if source else UNIT) == [Outcome.ACCEPTED]
        model.deliver(str(code), str(name), str(day), source=bool(source))
    elif sort == "rename" and (who := model.root(str(given_values[0]))) in known:
        rename(register, str(given_values[0]), str(given_values[1]), str(given_values[2]))
        model.attest(who, str(given_values[1]), str(given_values[2]))
    elif sort == "merge":
        gone, kept = (model.root(str(code)) for code in given_values)
        if gone not in known or kept not in known or gone == kept:
            with pytest.raises(SubjectError):
                merge(register, str(given_values[0]), str(given_values[1]))
            return
        event = merge(register, str(given_values[0]), str(given_values[1]))
        came = set(model.told[gone]) - set(model.told[kept])
        model.told[kept] |= {name: model.told[gone][name] for name in came}
        model.into[gone] = kept
        model.merges.append((gone, kept, event, came))
    elif sort == "undo" and model.merges:
        gone, kept, event, came = model.merges.pop()
        with register.store.write() as connection:
            identities.undo(connection, event, author("undo"))
        del model.into[gone]
        for name in came:  # what was attested to the other one since is its own now
            if model.told[kept][name] == model.told[gone][name] and model.current[kept] != name:
                del model.told[kept][name]


def _compare(register: Register, engine: Engine, model: Model) -> None:
    roots = {model.root(code) for code in model.delivered}
    with register.store.read() as connection:
        shown = records.scan(connection, 0, 99)
        found = {root: subjects.by_code(connection, root) for root in roots}
    for root, subject in found.items():
        assert subject is not None
        mine = [code for code in model.delivered if model.root(code) == root]
        assert subject.name == model.current[root]
        assert {name.name for name in subject.names} == set(model.told[root])
        assert sum(each.subject_id == subject.id for each in shown) == len(mine)
        for code in set(mine):
            assert find(engine, code).total == len(mine)
        assert {hit.name for hit in names(engine, subject.name).exact if hit.code == subject.code} == {
            subject.name
        }
    assert len(shown) == len(model.delivered)
