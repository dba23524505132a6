"""Random histories, and those that seldom come about by chance, against the model of ``support.histories``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from support.histories import Histories, Said
from support.registers import make_register

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONE, TWO, THREE = (Said(facts, "警告") for facts in "一二三")
GONE, FINED = Said("撤", "警告", revoked=True), Said("三", "罚款")
Step = tuple["Callable[..., None]", dict[str, object]]
H = Histories


def step(what: Callable[..., None], **values: object) -> Step:
    return what, values


#: What seldom comes about by chance: each history begins with the records 1 to 4 as ``ONE``.
KNOWN: dict[str, list[Step]] = {
    "an answer keeps what was decided while its row waited": [
        step(H.another_units_delivery, rows={1: TWO}),
        step(H.a_decision, pick=0, content="罚款"),
        step(H.an_answer, pick=0),
        step(H.a_release, pick=0),
        step(H.another_units_delivery, rows={1: TWO}),
        step(H.an_undoing, pick=2),
    ],
    "an answer out of date is refused": [
        step(H.another_units_delivery, rows={1: TWO}),
        step(H.a_delivery, rows={1: THREE}),
        step(H.an_answer, pick=0),
    ],
    "an answer beside a decision is refused once the record went on": [
        step(H.a_decision, pick=0, content="罚款"),
        step(H.a_delivery, rows={1: TWO}),
        step(H.another_units_delivery, rows={1: FINED}),
        step(H.an_answer, pick=1),
        step(H.a_release, pick=0),
        step(H.an_answer, pick=0),
    ],
    "what a decision overtook needs a second person": [
        step(H.a_delivery, rows={1: TWO, 2: TWO, 3: TWO}),
        step(H.a_decision, pick=0, content="罚款"),
        step(H.a_release, pick=0),
        step(H.an_answer, pick=0),
        step(H.a_release, pick=0),
    ],
    "what was dropped is not asked about again": [
        step(H.another_units_delivery, rows={1: TWO}),
        step(H.an_answer, pick=0, drop=True),
        step(H.another_units_delivery, rows={1: TWO, 2: TWO}),
    ],
    "a conflict is taken in beside its decision": [
        step(H.a_decision, pick=0, content="罚款"),
        step(H.a_delivery, rows={1: TWO}),
        step(H.an_answer, pick=0),
        step(H.a_delivery, rows={1: TWO}),
    ],
    "what was revoked is never reopened but by undoing": [
        step(H.a_revocation, number=1, said=GONE),
        step(H.a_revocation, number=1, said=GONE),
        step(H.a_delivery, rows={1: ONE, 2: TWO}, again=THREE),
        step(H.a_delivery, rows={1: TWO}),
        step(H.an_answer, pick=0, drop=True),
        step(H.an_undoing, pick=1),
    ],
}


@pytest.mark.parametrize("steps", KNOWN.values(), ids=KNOWN)
def test_known_histories_agree_with_the_model(tmp_path: Path, steps: list[Step]) -> None:
    Histories.make = lambda number: make_register(tmp_path / number)
    history = Histories()
    history.begin(rows=dict.fromkeys(range(1, 5), ONE))
    for what, values in steps:
        what(history, **values)
        history.what_is_shown_is_what_the_model_says()
        history.what_waits_is_what_the_model_says()
        history.what_is_held_is_what_the_model_says()
    history.teardown()


@pytest.mark.slow
def test_random_histories_agree_with_the_model(tmp_path: Path) -> None:
    Histories.make = lambda number: make_register(tmp_path / number)
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
