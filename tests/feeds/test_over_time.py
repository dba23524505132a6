"""Deliveries over time by the commands: whole lists, two persons, undoing, held rows; killed at any commit."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from creditindex.cli import main as credit_index
from creditregister.cli import main as credit_register
from support import tables
from support.registers import UNIT, make_register
from support.town import unified

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COUNTS = ("rows", "accepted", "refused", "held", "unchanged", "updated", "withdrawn", "warnings")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register with two accounts that the commands find by its settings; its folder."""
    make_register(tmp_path).store.close()
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CREDIT_TODAY", tables.TODAY.isoformat())
    monkeypatch.setenv("CREDIT_LOAD__PAUSE_MS", "0")
    for name, number in (("甲", "P1234567"), ("乙", "P7654321")):
        said(credit_register, "staff", "add", name, given=number)
    return tmp_path / "data"


def said(program: Any, *words: str, given: str = "", code: int = 0) -> dict[str, Any]:
    """What a command prints with ``--json``; it must end with this exit code."""
    done = CliRunner().invoke(program, [*words, "--json"], input=f"{given}\n" if given else None)
    assert done.exit_code == code, done.output
    values: dict[str, Any] = json.loads(done.stdout)
    return values


def load(path: Path, numbers: Sequence[int], *options: str, code: int = 0, **changes: str) -> dict[str, Any]:
    """Deliver these penalties as one file."""
    tables.write(path, [tables.penalty(number, **changes) for number in numbers])
    return said(credit_index, "load", str(path), "--source", UNIT, *options, code=code)


def counts(summary: dict[str, Any]) -> dict[str, int]:
    return {name: summary[name] for name in COUNTS if summary[name]}


def ask(data: Path, question: str) -> list[Any]:
    connection = sqlite3.connect(f"file:{data / 'register.sqlite'}?mode=ro", uri=True)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def public(data: Path) -> list[tuple[int, int]]:
    """Number and version of what is public."""
    return ask(data, "SELECT n, version FROM record WHERE state = 'public' ORDER BY n")


def test_the_summary_counts_what_waits_as_held_and_what_is_absent_as_withdrawn(
    data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    load(path, range(1, 41))
    summary = load(path, range(1, 38), "--full")
    assert counts(summary) == {"rows": 37, "unchanged": 37, "withdrawn": 3}
    summary = load(path, range(1, 31), "--full", "--by", "甲", code=1, 处罚内容="警告。")
    assert counts(summary) == {"rows": 30, "held": 30}
    assert any("credit-index release 3" in note for note in summary["files"][0]["notes"])
    listed = said(credit_index, "held")
    assert [(each["batch"], each["orders"], each["by"]) for each in listed["waiting"]] == [
        (3, {"correct": 30, "withdraw": 7}, "甲")
    ]
    done = CliRunner().invoke(credit_index, ["release", "3", "--by", "甲"])
    assert (done.exit_code, "same person" in done.output) == (2, True)
    released = said(credit_index, "release", "3", "--by", "乙")
    assert (released["updated"], released["withdrawn"], released["held"]) == (30, 7, 0)
    assert len(public(data)) == 30


def test_a_rehearsal_counts_the_same(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    load(path, range(1, 41))
    before = list(sqlite3.connect(data / "register.sqlite").iterdump())
    for numbers, options in ((range(1, 38), ()), (range(1, 34), ()), (range(1, 20), ())):
        code = 0 if len(numbers) == 37 else 1
        rehearsed = load(path, numbers, "--full", "--dry-run", *options, code=code)
        assert list(sqlite3.connect(data / "register.sqlite").iterdump()) == before
        shutil.copytree(data, tmp_path / "kept", dirs_exist_ok=True)
        done = load(path, numbers, "--full", *options, code=code)
        assert counts(rehearsed) == counts(done)
        shutil.rmtree(data)
        shutil.copytree(tmp_path / "kept", data)


@pytest.mark.usefixtures("data")
def test_a_whole_list_that_is_stopped_says_so(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    load(path, range(1, 41))
    summary = load(path, range(1, 20), "--full", code=1)
    assert counts(summary) == {"rows": 19, "unchanged": 19}
    assert any("full_stop_share" in note for note in summary["files"][0]["notes"])


def test_a_file_that_breaks_off_changes_nothing(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_LOAD__ROWS_PER_TRANSACTION", "100")
    path = tmp_path / "list.csv"
    load(path, range(1, 41))
    rows = [tables.penalty(number, 处罚内容="警告。") for number in range(1, 3)]
    tables.write(path, [*rows, *(tables.penalty(number) for number in range(101, 801))])
    path.write_text(path.read_text("utf-8") + '"never closed', "utf-8")
    summary = said(credit_index, "load", str(path), "--source", UNIT, "--full", code=1)
    assert (summary["accepted"] > 0, summary["updated"], summary["withdrawn"]) == (True, 0, 0)
    assert any("没有执行" in note for note in summary["files"][0]["notes"])
    assert ask(data, "SELECT count(*) FROM waiting") == [(0,)]
    assert {version for _, version in public(data)} == {1}


@pytest.mark.usefixtures("data")
def test_two_whole_lists_at_once_are_a_wrong_use(tmp_path: Path) -> None:
    files = [str(tables.write(tmp_path / name, [tables.penalty(1)])) for name in ("a.csv", "b.csv")]
    done = CliRunner().invoke(credit_index, ["load", *files, "--source", UNIT, "--full"])
    assert (done.exit_code, "one file" in done.output) == (2, True)


def test_a_batch_is_undone_by_the_command(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    load(path, range(1, 4))
    before = public(data)
    load(path, range(4, 6))
    done = said(credit_index, "undo", "2", "--by", "甲")
    assert (done["batch"], done["withdrawn"], done["state"]) == (3, 2, "done")
    assert public(data) == before
    again = CliRunner().invoke(credit_index, ["undo", "2", "--by", "甲"])
    assert (again.exit_code, "undone already" in again.output) == (2, True)


def test_held_rows_are_listed_shown_and_answered(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    unsure: dict[str, Any] = {"行政相对人名称": "张乙丙", "统一社会信用代码": "", "行政相对人类别": ""}
    assert counts(load(path, [1], code=1, **unsure)) == {"rows": 1, "held": 1}
    (row,) = said(credit_index, "held")["held"]
    assert (row["codes"], row["row"], row["unit"], row["file"]) == (["possible-person"], 2, UNIT, "list.csv")
    shown = said(credit_index, "held", "show", "1")
    assert (shown["content"]["subject_name"], shown["class"]) == ("张乙丙", "person")
    wrong = CliRunner().invoke(credit_index, ["held", "resolve", "1", "--second", "--by", "甲"])
    assert (wrong.exit_code, "possible-person: klass" in wrong.output) == (2, True)
    answered = said(credit_index, "held", "resolve", "1", "--class", "organisation", "--by", "甲")
    assert answered["outcome"] == "accepted"
    assert ask(data, "SELECT class, name FROM record") == [("organisation", "张乙丙")]
    assert counts(load(path, [1], **unsure)) == {"rows": 1, "unchanged": 1, "warnings": 1}
    assert said(credit_index, "held")["held"] == []


def test_a_code_that_was_issued_with_a_wrong_check_is_accepted_once_confirmed(
    data: Path, tmp_path: Path
) -> None:
    path, code = tmp_path / "list.csv", unified(1)[:-1] + ("0" if unified(1)[-1] != "0" else "1")
    summary = load(path, [1], code=1, 统一社会信用代码=code)
    assert counts(summary) == {"rows": 1, "refused": 1}
    words = ["held", "issued", code.lower(), "--source", UNIT, "--certificate", "营业执照正本", "--by", "甲"]
    assert said(credit_index, *words)["code"] == code
    again = CliRunner().invoke(credit_index, words)
    assert (again.exit_code, "confirmed before" in again.output) == (2, True)
    right = CliRunner().invoke(credit_index, [*words[:2], unified(2), *words[3:]])
    assert (right.exit_code, "nothing to confirm" in right.output) == (2, True)
    summary = load(path, [1], 统一社会信用代码=code)
    assert counts(summary) == {"rows": 1, "accepted": 1, "warnings": 1}
    assert ask(data, "SELECT code FROM subject") == [(code,)]
    other = code[:-1] + next(mark for mark in "23456" if mark not in (code[-1], unified(1)[-1]))
    assert counts(load(path, [1], code=1, 统一社会信用代码=other)) == {"rows": 1, "refused": 1}


@pytest.mark.usefixtures("data")
def test_accounts_are_listed_with_their_persons(tmp_path: Path) -> None:
    said(credit_register, "staff", "add", "甲二", given="p1234567")
    said(credit_register, "staff", "disable", "乙")
    rows = said(credit_register, "staff", "list")["staff"]
    assert [(row["name"], bool(row["disabled"]), row["same_person_as"]) for row in rows] == [
        ("甲", False, None),
        ("乙", True, None),
        ("甲二", False, "甲"),
    ]
    path = tmp_path / "list.csv"
    tables.write(path, [tables.penalty(1)])
    done = CliRunner().invoke(credit_index, ["load", str(path), "--source", UNIT, "--by", "乙"])
    assert (done.exit_code, "disabled" in done.output) == (2, True)


#: Ends the process at one of the commits of a command, right before or right after it.
KILL = """
import os, signal, sys
from contextlib import contextmanager
from creditindex.cli import main
from creditregister.store import Store
write, step, moment, when = Store.write, [0], int(sys.argv.pop(1)), sys.argv.pop(1)
@contextmanager
def killed(self, *rest):
    with write(self, *rest) as connection:
        yield connection
        step[0] += 1
        if step[0] == moment and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
    if step[0] == moment:
        os.kill(os.getpid(), signal.SIGKILL)
Store.write = killed
main()
"""


def state(data: Path) -> list[Any]:
    """What the public sees, and what still waits; without ids, times and salts."""
    return [
        ask(data, "SELECT n, version, state, batch_id IS NULL FROM record ORDER BY n"),
        ask(data, "SELECT n, version, digest, reason FROM record_version ORDER BY n, version"),
        ask(data, "SELECT count(*) FROM waiting"),
        ask(data, "SELECT action, n, version FROM ledger ORDER BY n, seq"),
    ]


def kill(data: Path, words: Sequence[str], moment: int, when: str) -> int:
    command = [sys.executable, "-c", KILL, str(moment), when, *words]
    environment = {**os.environ, "CREDIT_DATA": str(data)}
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode


@pytest.mark.slow
@pytest.mark.parametrize("what", ["full", "release", "undo"])
def test_killed_at_any_commit_the_next_run_completes_it(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Nothing doubled, nothing lost: however it was killed, the end is that of a run that nobody disturbed."""
    monkeypatch.setenv("CREDIT_LOAD__ROWS_PER_TRANSACTION", "10")
    path = tmp_path / "list.csv"
    load(path, range(1, 41))
    words = ["load", str(path), "--source", UNIT, "--full"]
    if what == "full":
        monkeypatch.setenv("CREDIT_LOAD__FEW_ROWS", "40")
        monkeypatch.setenv("CREDIT_LOAD__ALONE_ROWS", "40")
    rows = [tables.penalty(number, 处罚内容="警告。") for number in range(1, 16)]
    tables.write(path, [*rows, *(tables.penalty(number) for number in (*range(16, 34), 99))])
    if what != "full":
        said(credit_index, *words, "--by", "甲", code=1)
        words = ["release", "2", "--by", "乙"]
    if what == "undo":
        said(credit_index, *words)
        monkeypatch.setenv("CREDIT_LOAD__FEW_ROWS", "40")
        monkeypatch.setenv("CREDIT_LOAD__ALONE_ROWS", "40")
        words = ["undo", "2", "--by", "甲"]
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(data, undisturbed)
    assert kill(undisturbed, words, 10_000, "after") == 0
    moment, rounds = 0, 0
    while True:
        moment, when = moment + 1, ("before", "after")[moment % 2]
        folder = tmp_path / f"killed-{moment}"
        shutil.copytree(data, folder)
        if kill(folder, words, moment, when) != -9:
            break
        rounds += 1
        monkeypatch.setenv("CREDIT_DATA", str(folder))
        done = CliRunner().invoke(credit_index, words)
        assert done.exit_code in (0, 2), "done, or: it was done already"
        assert state(folder) == state(undisturbed), (moment, when)
    assert rounds >= 5


@pytest.mark.usefixtures("data")
def test_wrong_codes_are_counted_by_the_unit_that_delivers_them(tmp_path: Path) -> None:
    assert said(credit_register, "coverage")["bad_codes"] == []
    wrong = unified(2)[:-1] + ("0" if unified(2)[-1] != "0" else "1")
    load(tmp_path / "one.csv", [1, 2, 3], code=1, 统一社会信用代码=wrong)
    load(tmp_path / "good.csv", [1, 2, 3])
    load(tmp_path / "future.csv", [4], code=1, 处罚决定日期="2099-01-01")
    assert said(credit_register, "coverage")["bad_codes"] == [{"unit": UNIT, "rows": 3}]
    shown = CliRunner().invoke(credit_register, ["coverage"])
    assert f"代码校验不通过  {UNIT}  3 行" in shown.output
    assert "代码校验" not in CliRunner().invoke(credit_register, ["coverage", "--missing"]).output
