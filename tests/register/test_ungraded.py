"""The work list of what lacks a grade: rows that wait, records that are held, records that will be."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from creditindex.cli import main
from creditregister import daily, ungraded
from creditregister.clock import FixedClock
from creditregister.delivered import Outcome
from support.registers import NOON, UNIT, deliver, make_register
from support.town import row, unified

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.delivered import Delivered
    from creditregister.opening import Register

MARCH = date(2026, 3, 1)
OTHER = "云泽省另一单位"


def penalty(number: int, kind: str = "fine", grade: str = "", **values: Any) -> Delivered:
    name = values.pop("name", f"云泽甲{number}食品有限公司")
    code = values.pop("code", unified(number))
    return row("penalty", number, name, code, penalty_kind=[kind], severity=grade, **values)


def bare(number: int, kind: str, **values: Any) -> Delivered:
    """A penalty of February, when no set needed a grade yet."""
    return penalty(number, kind, decision_date="2026-02-01", content=kind, **values)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return make_register(tmp_path, FixedClock(NOON - (date(2026, 6, 1) - MARCH).days * 86_400_000))


def june(register: Register) -> None:
    clock = register.clock
    assert isinstance(clock, FixedClock)
    clock.ms = NOON


def seen(register: Register, **narrow: Any) -> list[tuple[int, str, str, str]]:
    """(number of the row, document, since when, suggested grade) of everything on the list."""
    return [
        (each.held, each.document, each.since, each.suggestion.grade if each.suggestion else "")
        for each in ungraded.listed(register, **narrow)
    ]


def test_records_are_on_the_list_before_the_night_and_after_it(register: Register) -> None:
    ready = penalty(3, grade="general", decision_date="2026-02-01")
    assert deliver(register, [bare(1, "revocation"), bare(2, "fine"), ready]) == [Outcome.ACCEPTED] * 3
    listed = [
        (0, "云市监2〔2026〕1号", "2026-04-01", "serious"),
        (0, "云市监2〔2026〕2号", "2026-04-01", "general"),
    ]
    assert seen(register) == listed
    june(register)
    assert daily.run(register, date(2026, 6, 1)).of("held") == 2
    assert seen(register) == listed
    graded = penalty(1, "revocation", "serious", decision_date="2026-02-01", content="revocation")
    assert deliver(register, [graded]) == [Outcome.UPDATED]
    assert seen(register) == listed[1:]


def test_rows_that_wait_are_on_it_and_it_is_narrowed_by_unit_and_kind(register: Register) -> None:
    june(register)
    assert deliver(register, [penalty(1, "warning")]) == [Outcome.HELD]
    assert deliver(register, [penalty(2, "fine")], unit=OTHER) == [Outcome.HELD]
    assert seen(register) == [
        (1, "云市监2〔2026〕1号", "", "minor"),
        (2, "云市监2〔2026〕2号", "", "general"),
    ]
    assert [number for number, *_ in seen(register, unit_id=2)] == [2]
    assert seen(register, kind="licence") == []


def test_the_command_says_it_in_words_and_for_programs(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(register, [bare(1, "revocation")])
    june(register)
    deliver(register, [penalty(2, "warning")])
    monkeypatch.setenv("CREDIT_DATA", str(register.settings.data))
    monkeypatch.setenv("CREDIT_TODAY", "2026-06-01")
    if register.settings.database_url:
        monkeypatch.setenv("CREDIT_DATABASE_URL", register.settings.database_url.get_secret_value())
    said = CliRunner().invoke(main, ["held", "ungraded", "--unit", UNIT])
    assert said.exit_code == 0
    first, second = said.output.splitlines()
    assert first.startswith("待核 1　")
    assert first.endswith("云泽甲2食品有限公司　建议 轻微（仅警告或者通报批评）")
    assert "自 2026-04-01 起暂缓公示" in second
    assert second.endswith("建议 严重（处罚种类：revocation）")
    told = json.loads(CliRunner().invoke(main, ["held", "ungraded", "--json"]).output)["ungraded"]
    assert [each["held"] for each in told] == [1, None]
    assert told[0]["suggested"] == {
        "grade": "minor",
        "reason": {"zh": "仅警告或者通报批评", "en": "only a warning or public criticism"},
    }


def test_a_person_is_named_by_document_only(register: Register) -> None:
    person = bare(1, "fine", name="闻人听雪", code="", klass="person", secret="99010119900307123X")
    deliver(register, [person])
    (found,) = ungraded.listed(register)
    assert (found.name, found.document) == ("", "云市监2〔2026〕1号")
