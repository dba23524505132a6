"""``credit-index follow --once``, ``rebuild``, ``status`` and ``verify``, as an operator runs them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from creditindex.cli import main
from support.indexes import engine_of, penalty
from support.registers import deliver, make_register

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    """A register in CREDIT_DATA."""
    made = make_register(tmp_path)
    monkeypatch.setenv("CREDIT_DATA", str(made.settings.data))
    deliver(made, [penalty(n) for n in range(1, 6)])
    return made


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(main, [*arguments, "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_from_nothing_to_an_index_that_follows(register: Register) -> None:
    code, said = run("status")
    assert (code, said["standing"]) == (1, "missing")
    code, said = run("follow", "--once")
    assert (code, said["standing"], said["applied"]) == (1, "missing", 0)
    code, said = run("rebuild")
    assert (code, said["records"]) == (0, 5)
    deliver(register, [penalty(6)])
    code, said = run("status")
    assert (code, said["standing"], said["lag"], said["head"]) == (0, "behind", 1, 6)
    code, said = run("verify")
    assert (code, said["differences"]) == (1, 2)
    assert run("follow", "--once") == (0, {"applied": 1, "standing": "current", "leading": True})
    assert run("verify") == (0, {"records": 6, "subjects": 6, "differences": 0, "aside": 0, "listed": []})
    code, said = run("status")
    assert (code, said["standing"], said["lag"], said["health"]["records"]) == (0, "current", 0, 6)


def test_people_are_told_in_sentences(register: Register) -> None:
    runner = CliRunner()
    assert "set aside" in runner.invoke(main, ["rebuild"]).output
    assert "up to date" in runner.invoke(main, ["follow", "--once"]).output
    assert "The index is current" in runner.invoke(main, ["status"]).output
    assert "0 differences" in runner.invoke(main, ["verify"]).output
    position = engine_of(register).position()
    assert position is not None
    assert position.seq == 5


def test_without_a_register_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "nothing"))
    result = CliRunner().invoke(main, ["rebuild"])
    assert result.exit_code == 2
    assert "credit-register init" in result.output
