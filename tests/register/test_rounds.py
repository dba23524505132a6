"""Rounds 期 of a rating: a later one corrects the record, an earlier one that comes late changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from creditregister import proof, records, staff
from creditregister.delivered import Outcome
from creditregister.schema import row_problem
from creditregister.undo import undo
from support.registers import NOON, deliver, make_register
from support.town import row, unified

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.delivered import Delivered
    from creditregister.opening import Register

A, U, S, R = Outcome.ACCEPTED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.REFUSED
CLERK = "闻人甲"


def rating(day: str, grade: str) -> Delivered:
    name = "云泽甲一食品有限公司"
    return row("rating", 1, name, unified(1), decision_date=day, grade=grade, body="云泽省发展和改革委员会")


@pytest.fixture
def register(tmp_path: Path) -> Register:
    made = make_register(tmp_path)
    with made.store.write() as connection:
        staff.add(connection, made.keys, CLERK, "P1234567", NOON)
    return made


def shown(register: Register) -> list[tuple[str, str]]:
    with register.store.read() as connection:
        found = records.scan(connection, 0, 9)
    return [(each.document["fields"]["decision_date"], each.document["fields"]["grade"]) for each in found]


def warned(register: Register) -> list[str]:
    with register.store.read() as connection:
        return list(
            connection.scalars(select(row_problem.c.message).where(row_problem.c.code == "older-round"))
        )


def test_an_older_round_that_comes_late_changes_nothing(register: Register) -> None:
    assert deliver(register, [rating("2026-04-10", "good")], kind="rating") == [A]
    assert deliver(register, [rating("2026-01-10", "poor")], kind="rating") == [S]
    assert shown(register) == [("2026-04-10", "good")]
    (message,) = warned(register)
    assert "已有 2026-04-10 的更新一期结果" in message
    assert deliver(register, [rating("2026-05-10", "excellent")], kind="rating") == [U]
    assert shown(register) == [("2026-05-10", "excellent")]
    assert deliver(register, [rating("2026-04-10", "poor")], kind="rating") == [S]
    assert shown(register) == [("2026-05-10", "excellent")]


def test_the_same_round_is_corrected(register: Register) -> None:
    deliver(register, [rating("2026-04-10", "good")], kind="rating")
    assert deliver(register, [rating("2026-04-10", "medium")], kind="rating") == [U]
    assert shown(register) == [("2026-04-10", "medium")]
    assert warned(register) == []


def test_two_rounds_in_one_file(register: Register) -> None:
    """The newer first: the older is left aside; the older first: which of the two is meant, the unit must say."""
    newer, older = rating("2026-04-10", "good"), rating("2026-01-10", "poor")
    assert deliver(register, [newer, older], kind="rating") == [A, S]
    assert shown(register) == [("2026-04-10", "good")]
    assert deliver(register, [rating("2026-04-20", "poor"), rating("2026-04-15", "good")], kind="rating") == [
        U,
        S,
    ]
    assert shown(register) == [("2026-04-20", "poor")]


def test_a_round_that_was_wrong_is_undone_and_the_one_before_stands_again(register: Register) -> None:
    deliver(register, [rating("2026-04-10", "good")], kind="rating")
    deliver(register, [rating("2026-05-20", "poor")], kind="rating")
    undo(register, 2, CLERK)
    assert shown(register) == [("2026-04-10", "good")]
    assert deliver(register, [rating("2026-05-10", "excellent")], kind="rating") == [U]
    assert shown(register) == [("2026-05-10", "excellent")]
    assert proof.verify(register.store).count == 0


def test_a_decision_with_an_earlier_date_is_a_correction_as_ever(register: Register) -> None:
    name, code = "云泽甲一食品有限公司", unified(1)
    deliver(register, [row("penalty", 1, name, code, decision_date="2026-05-20")])
    assert deliver(register, [row("penalty", 1, name, code, decision_date="2026-05-10")]) == [U]
