"""``credit-register rules`` and ``daily``; an unsound file of rules stops every program with its place."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from creditregister import records
from creditregister.cli import main
from creditregister.lawfiles import LawError
from creditregister.schema import record_version
from creditsite.app import create_app
from support.registers import content, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CREDIT_TODAY", "2026-06-01")
    made = make_register(tmp_path)
    deliver(made, [row(1)])
    return made


def test_explain_says_until_when_and_why(register: Register) -> None:
    with register.store.read() as connection:
        (found,) = records.scan(connection, 0, 1)
    said = CliRunner().invoke(main, ["rules", "explain", found.id, "--on", "2027-05-21"])
    assert said.exit_code == 0
    assert "2027-05-21：公示期已届满，不再公示。" in said.output
    assert "最长公示 1 年，至 2027-05-20。（《信用修复管理办法》第二章）" in said.output
    values = json.loads(CliRunner().invoke(main, ["rules", "explain", found.id, "--json"]).output)
    assert (values["state"], values["shown"], values["max_end"]) == ("open", True, "2027-05-20")
    assert CliRunner().invoke(main, ["rules", "explain", "x" * 26]).exit_code == 2


@pytest.mark.usefixtures("register")
def test_daily_previews_and_does_a_days_work(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = json.loads(CliRunner().invoke(main, ["daily", "--preview", "2027-05-21", "--json"]).output)
    assert (seen["preview"], seen["ended"], seen["kinds"]) == (True, 1, {"penalty": {"ended": 1}})
    monkeypatch.setenv("CREDIT_TODAY", "2027-05-21")
    done = [json.loads(CliRunner().invoke(main, ["daily", "--json"]).output)["ended"] for _ in range(2)]
    assert done == [1, 0]
    assert (
        json.loads(CliRunner().invoke(main, ["rules", "apply", "--dry-run", "--json"]).output)["looked_at"]
        == 0
    )


def test_daily_names_what_it_could_not_publish_and_ends_with_1(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    term = {"decision_date": "2026-05-20", "valid_from": "2026-07-01", "valid_to": "2028-06-30"}
    deliver(register, [row(2, content=content(**term))], kind="market-ban")
    with register.store.write() as connection:
        mine = update(record_version).where(record_version.c.n == 2)
        connection.execute(mine.values(public='{"facts":"当事人 11010519491231002X"}'.encode()))
    with register.store.read() as connection:
        (waits,) = records.by_any_number(connection, [2])
    monkeypatch.setenv("CREDIT_TODAY", "2027-05-21")
    done = CliRunner().invoke(main, ["daily", "--json"])
    told = json.loads(done.output)
    # The others are met, and what is over is destroyed.
    assert (done.exit_code, told["refused"], told["ended"]) == (1, [waits.id], 1)
    assert "destroyed" in told
    said = CliRunner().invoke(main, ["daily"])
    assert said.exit_code == 1
    assert f"未予公示，请更正后重新报送：{waits.id}" in said.output


def test_an_unsound_file_of_rules_is_refused_at_start(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "mine.toml").write_text('zh = "x"\n', encoding="utf-8")
    monkeypatch.setenv("CREDIT_RULES__ADDED", str(folder))
    said = CliRunner().invoke(main, ["rules", "apply", "--dry-run"])
    assert said.exit_code == 2
    assert "mine.toml" in said.output
    settings = register.settings.model_copy(
        update={"rules": register.settings.rules.model_copy(update={"added": folder})}
    )
    with pytest.raises(LawError, match=r"mine\.toml"):
        create_app(settings)
