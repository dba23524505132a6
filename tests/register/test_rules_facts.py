"""Facts read from a record's content, suggested grades, and time limits of bodies."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from creditregister import dates, kinds, rules
from creditregister.rules import Jurisdiction

BOOK = rules.load()
KINDS = kinds.load()
PENALTY = KINDS["penalty"]


def facts(kind: str, **content: object) -> rules.Facts:
    return rules.facts_of(KINDS[kind], content, BOOK.reading)


def grade(**content: object) -> str:
    hint = rules.suggest_grade(content, BOOK.reading.grades)
    return hint.grade if hint else ""


# --- facts ----------------------------------------------------------------------------------------------


def test_dates_and_grade_come_from_the_fields_of_the_kind() -> None:
    found = facts("penalty", decision_date="2026-05-20", severity="general", publicity_end="2026-12-31")
    assert found.decided == dates.parse("2026-05-20")
    assert found.own_end == dates.parse("2026-12-31")
    assert (found.grade, found.suggestion, found.stand_in) == ("general", None, False)


def test_a_commitment_counts_from_its_own_date() -> None:
    found = facts("commitment", made_on="2026-05-20", valid_to="长期", fulfilment="performing")
    assert found.decided == dates.parse("2026-05-20")
    assert found.permanent
    assert "breach" not in found.conditions
    assert "breach" in facts("commitment", made_on="2026-05-20", fulfilment="broken").conditions


def test_a_stand_in_is_marked() -> None:
    found = facts("dishonest-debtor", publish_date="2026-05-20", conduct=["refuses"])
    assert (found.decided, found.stand_in) == (dates.parse("2026-05-20"), True)
    assert "refuses-only" in found.conditions
    window = rules.evaluate(found, BOOK, Jurisdiction(), date(2026, 6, 1))
    assert "clock-fallback" in window.flags
    assert "refuses-only" not in facts("dishonest-debtor", conduct=["refuses", "evades"]).conditions


def test_a_permanent_ban_has_no_end() -> None:
    found = facts("market-ban", valid_from="2026-05-20", duration="permanent")
    window = rules.evaluate(found, BOOK, Jurisdiction(), date(2066, 6, 1))
    assert (window.state, window.max_end) == ("open", None)


def test_a_lifted_measure_is_known_by_its_date() -> None:
    assert facts("enforcement", decision_date="2026-05-20", released_on="2026-06-10").lifted == dates.parse(
        "2026-06-10"
    )


@pytest.mark.parametrize(
    ("content", "condition"),
    [
        ({"basis": "《中华人民共和国食品安全法》第一百二十四条"}, "food"),
        ({"basis": "《药品管理法》"}, "drugs"),
        ({"basis": "《中华人民共和国特种设备安全法》"}, "special-equipment"),
        ({"basis": "《中华人民共和国安全生产法》"}, "work-safety"),
        ({"basis": "《消防法》第六十条"}, "fire"),
        ({"document_name": "当场行政处罚决定书"}, "simplified"),
        ({"penalty_kind": ["warning", "criticism"]}, "reprimand"),
        ({"penalty_kind": ["warning"]}, "warning"),
        ({"penalty_kind": ["criticism"]}, "criticism"),
        ({"penalty_kind": ["fine", "revocation"]}, "restricted"),
    ],
)
def test_conditions_are_read_from_words_and_codes(content: dict[str, object], condition: str) -> None:
    assert condition in facts("penalty", **content).conditions
    assert (
        condition not in facts("penalty", basis="《城乡规划法》", penalty_kind=["warning", "fine"]).conditions
    )


def test_what_only_a_unit_can_say_is_stated() -> None:
    found = rules.facts_of(PENALTY, {}, BOOK.reading, stated=["necessary"], promised=date(2026, 1, 1))
    assert "necessary" in found.conditions
    assert found.promised == date(2026, 1, 1)


def test_every_kind_has_a_rule_and_every_rule_field_exists() -> None:
    """A kind without a rule would be held for ever; a field name that no kind has would be read in vain."""
    for name in KINDS:
        assert BOOK.plan(Jurisdiction(), name), f"no rule set speaks of {name}"
    known = {field.id for kind in KINDS.values() for field in kind.fields}
    waiting = {"conduct_ended", "term_extended_to"}  # asked for by rules, in no kind yet
    named = {name for names in BOOK.reading.fields.values() for name in names}
    assert named - known <= waiting
    assert {name for one in BOOK.reading.conditions for name in one.fields} <= known


# --- grades ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"penalty_kind": ["warning"]}, "minor"),
        ({"penalty_kind": ["warning", "criticism"]}, "minor"),
        ({"content": "按简易程序罚款200元"}, "minor"),
        ({"penalty_kind": ["warning", "fine"], "fine_amount": "4.54"}, "general"),
        ({"penalty_kind": ["confiscation"]}, "general"),
        ({"penalty_kind": ["fine"], "fine_amount": "100"}, "serious"),
        ({"content": "罚款16万元；按日连续处罚118.68万元。"}, "serious"),
        ({"content": "罚款1186800元。"}, "serious"),
        ({"content": "罚款4.54万元。"}, "general"),
        ({"penalty_kind": ["revocation"]}, "serious"),
        ({"penalty_kind": ["fine", "exclusion"]}, "serious"),
        ({"content": "吊销营业执照"}, "serious"),
        ({}, ""),
    ],
)
def test_a_suggested_grade(content: dict[str, object], expected: str) -> None:
    assert grade(**content) == expected


def test_a_suggestion_gives_its_reason() -> None:
    hint = rules.suggest_grade({"penalty_kind": ["fine"], "fine_amount": "250"}, BOOK.reading.grades)
    assert hint is not None
    assert "250 万元" in hint.reason.zh
    assert "250" in hint.reason.en


# --- time limits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("area", "action", "kind", "event", "due"),
    [
        ("", "publish", "penalty", "2026-02-13", "2026-03-02"),  # seven working days before twenty
        ("", "publish", "enforcement", "2026-03-02", "2026-03-11"),
        ("", "withdraw", "penalty", "2026-09-30", "2026-10-10"),
        ("410100", "withdraw", "penalty", "2026-02-13", "2026-02-14"),  # Henan: one working day
        ("310000", "withdraw", "penalty", "2026-03-02", "2026-03-05"),
        ("440300", "mark", "penalty", "2026-03-02", "2026-03-02"),
        ("330100", "check", "penalty", "2026-03-02", "2026-03-09"),
    ],
)
def test_the_strictest_time_limit_comes_first(
    area: str, action: str, kind: str, event: str, due: str
) -> None:
    day = date.fromisoformat(event)
    clock = BOOK.clocks(Jurisdiction(area), action, kind, day)[0]
    deadline = rules.deadline(clock, day, BOOK.calendar, area)
    assert deadline.day == date.fromisoformat(due)
    assert clock.source.zh in deadline.explanation.zh
    assert clock.source.en in deadline.explanation.en


def test_a_deadline_that_crosses_the_year_is_provisional() -> None:
    clock = BOOK.clocks(Jurisdiction(), "publish", "penalty", date(2026, 12, 28))[0]
    assert rules.deadline(clock, date(2026, 12, 28), BOOK.calendar).provisional


def test_calendar_days_of_a_measure_are_not_shifted_and_others_are() -> None:
    clock = BOOK.clocks(Jurisdiction(), "measure", "enforcement", date(2026, 3, 2))[0]
    assert rules.deadline(clock, date(2026, 3, 5), BOOK.calendar).day == date(2026, 4, 4)
    assert rules.deadline(clock, date(2026, 3, 2), BOOK.calendar, extended=True).day == date(2026, 5, 1)


# --- real files -------------------------------------------------------------------------------------------------


@pytest.mark.skipif("CREDIT_TEST_SHARED" not in os.environ, reason="CREDIT_TEST_SHARED names no folder")
@pytest.mark.parametrize(
    ("on", "area", "states"),
    [
        (date(2018, 6, 1), "310000", {"open"}),
        (date(2018, 6, 1), "", {"held"}),
        (date(2026, 11, 24), "310000", {"over", "never"}),
        (date(2026, 11, 24), "", {"over", "held", "never"}),
    ],
)
def test_a_real_file_of_2017_is_treated_lawfully(on: date, area: str, states: set[str]) -> None:
    from openpyxl import load_workbook  # noqa: PLC0415 -- only where the file is

    path = Path(os.environ["CREDIT_TEST_SHARED"]) / "data" / "real" / "env_emission_penalties_2017.xlsx"
    with closing(load_workbook(path)) as book:
        rows = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    seen = set()
    for row in rows:
        content = {"decision_date": dates.parse(str(row[0])).text, "content": str(row[3])}
        found = rules.facts_of(PENALTY, content, BOOK.reading)
        seen.add(rules.evaluate(found, BOOK, Jurisdiction(area), on).state)
    assert len(rows) > 100
    assert seen <= states


@pytest.mark.parametrize("portal", ["credit", "gsxt"])
@pytest.mark.parametrize("area", ["", "31", "370100", "440300", "350982"])
def test_no_condition_that_a_rule_asks_for_is_left_out(area: str, portal: Literal["credit", "gsxt"]) -> None:
    known = {one.id for one in BOOK.reading.conditions}
    for kind in BOOK.signs:
        read = {one.id for one in BOOK.reading_of(KINDS[kind]).conditions}
        plan = BOOK.plan(Jurisdiction(area, portal), kind)
        asked = {group.condition for _, groups in plan for group in groups} - {""}
        assert asked & known <= read
    assert len(BOOK.reading_of(KINDS["licence"]).conditions) < len(BOOK.reading.conditions)
