"""``credit-register`` as a person uses it: init, units, trace, ledger verify, reproject."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text, update

from creditregister import checkpoint, kinds, records
from creditregister.cli import main
from creditregister.opening import Register, open_register
from creditregister.projection import project
from creditregister.reprojection import reproject
from creditregister.schema import record_version
from creditregister.text import canonical
from support.registers import deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.delivered import Delivered

FACTS = {
    "subject_name": "云泽明湖食品有限公司",
    "facts": "未按规定公示",
    "penalty_content": "罚款",
    "body": "云泽局",
}


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Register:
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "data"))
    return make_register(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def penalty(facts: str) -> Delivered:
    content = FACTS | {"facts": facts, "decision_date": "2026-05-20", "severity": "general"}
    public = project(kinds.load()["penalty"], content, "organisation")
    return row(1, name=FACTS["subject_name"], content=canonical(content).decode(), public=public)


def public_id(register: Register) -> str:
    with register.store.read() as connection:
        return records.scan(connection, 0, 1)[0].id


def test_init_makes_everything_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "new"))
    first = run("init", "--json")
    assert (first.exit_code, len(json.loads(first.output)["made"])) == (0, 6)
    again = run("init")
    assert (again.exit_code, again.output.strip()) == (0, "Everything was there already.")


def test_trace_tells_every_version(register: Register) -> None:
    deliver(register, [penalty("甲")])
    deliver(register, [penalty("乙")])
    told = json.loads(run("trace", public_id(register), "--json").output)
    assert [item["version"] for item in told["versions"]] == [1, 2]
    assert [item["action"] for item in told["ledger"]] == ["publish", "correct"]
    assert told["versions"][1]["file"] == "rows.csv"
    assert "version 2" in run("trace", public_id(register)).output


@pytest.mark.parametrize("given", ["aaaa", "a" * 26, "\N{SNOWMAN}" * 26])
def test_an_unknown_record_is_a_sentence(register: Register, given: str) -> None:
    assert register.store.exists()
    told = run("trace", given)
    assert told.exit_code == 2
    assert "No record has the id" in told.output


def test_verify_ends_with_one_where_something_differs(register: Register, tmp_path: Path) -> None:
    deliver(register, [penalty("甲")])
    with register.store.read() as connection:
        checkpoint.renew(connection, register.settings, register.keys)
    kept = checkpoint.path(register.settings)
    assert run("ledger", "verify", "--against", str(kept)).exit_code == 0
    foreign = make_register(tmp_path / "foreign")
    deliver(foreign, [row(9)])
    with foreign.store.read() as connection:
        checkpoint.renew(connection, foreign.settings, foreign.keys)
    refused = run("ledger", "verify", "--against", str(checkpoint.path(foreign.settings)))
    assert refused.exit_code == 2
    with register.store.write() as connection:
        connection.execute(update(record_version).values(public=b"{}"))
    told = run("ledger", "verify", "--json")
    assert told.exit_code == 1
    assert json.loads(told.output)["differences"] == 1


def test_a_changed_kind_changes_nothing_until_it_is_reprojected(register: Register) -> None:
    deliver(register, [penalty("甲")])
    assert json.loads(run("reproject", "--json").output)["changed"] == 0
    with register.store.write() as connection:
        connection.execute(text("UPDATE record_version SET content = replace(content, '甲', '丙')"))
    dry = reproject(open_register(register.settings, register.clock), kinds.load(), dry_run=True)
    assert dry == 1
    with register.store.read() as connection:
        assert records.scan(connection, 0, 1)[0].document["fields"]["facts"] == "甲"
    assert "1 records were corrected" in run("reproject").output
    with register.store.read() as connection:
        (item,) = records.scan(connection, 0, 9)
    assert (item.version, item.document["fields"]["facts"]) == (2, "丙")
    assert run("ledger", "verify").exit_code == 0


def test_units_import(register: Register, tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text("name,code\n云泽二局,\n", encoding="utf-8")
    assert run("units", "import", str(file)).exit_code == 0
    file.write_text("name,code\n,\n", encoding="utf-8")
    wrong = run("units", "import", str(file))
    assert (wrong.exit_code, "row 2" in wrong.output) == (2, True)
    assert register.store.exists()
