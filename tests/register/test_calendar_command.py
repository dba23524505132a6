"""``credit-register calendar``: green while every notice is there, red in December, with a day that is passed in."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from creditregister.cli import main
from creditregister.clock import FixedClock, midnight
from creditsite.companion import Days
from support.registers import make_register

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def ask(*options: str) -> Result:
    return CliRunner().invoke(main, ["calendar", *options])


@pytest.mark.parametrize("day", ["2023-01-01", "2026-06-01", "2026-11-30", "2025-12-31"])
def test_it_is_green_while_the_notices_are_there(day: str) -> None:
    done = ask("--on", day)
    assert (done.exit_code, "齐全" in done.output) == (0, True)


@pytest.mark.parametrize(("day", "year"), [("2026-12-01", 2027), ("2026-12-31", 2027), ("2031-05-05", 2031)])
def test_it_turns_red_and_says_what_to_do(day: str, year: int) -> None:
    done = ask("--on", day)
    assert done.exit_code == 1
    assert f"config/calendar/{year}.toml" in done.output
    told = json.loads(ask("--on", day, "--json").output)
    assert f"holidays of {year} are missing" in told["alarms"][0]["en"]
    assert told["on"] == day


def test_the_day_is_the_rehearsed_one_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_TODAY", "2026-12-05")
    assert ask().exit_code == 1
    monkeypatch.setenv("CREDIT_TODAY", "2026-10-05")
    assert ask().exit_code == 0


@pytest.mark.parametrize(("day", "said"), [(date(2026, 11, 30), 0), (date(2026, 12, 1), 1)])
def test_the_daily_job_says_it_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, day: date, said: int
) -> None:
    register = make_register(tmp_path, FixedClock(midnight(day)))
    with caplog.at_level("WARNING", logger="creditsite.companion"):
        Days(register).look()
    assert sum("holidays of 2027 are missing" in line for line in caplog.messages) == said
    monkeypatch.setenv("CREDIT_DATA", str(register.settings.data))
    done = CliRunner().invoke(main, ["daily", "--preview", day.isoformat(), "--json"])
    assert len(json.loads(done.output)["alarms"]) == said
