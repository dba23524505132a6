"""``credit-index load`` on a real register: counts that add up, exit codes, rehearsal, repetition, killing."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from creditindex.cli import main
from creditindex.feeds import ahead
from creditindex.feeds.box import Box
from creditregister import settings as setting_files
from support import tables
from support.registers import UNIT, make_register
from support.town import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from creditindex.feeds.box import End, Parcel

SUM = ("accepted", "refused", "held", "unchanged", "updated")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register that the command finds by its settings; its folder."""
    register = make_register(tmp_path)
    register.store.close()
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CREDIT_TODAY", tables.TODAY.isoformat())
    monkeypatch.setenv("CREDIT_LOAD__PAUSE_MS", "0")
    return tmp_path / "data"


def ask(data: Path, question: str) -> list[Any]:
    connection = sqlite3.connect(f"file:{data / 'register.sqlite'}?mode=ro", uri=True)
    try:
        return connection.execute(question).fetchall()
    finally:
        connection.close()


def records(data: Path) -> int:
    return int(ask(data, "SELECT count(*) FROM record")[0][0])


def mixed(path: Path) -> Path:
    """One row of each outcome that a first load can have, and a warned one."""
    rows = [
        tables.penalty(1),
        tables.penalty(2, 行政相对人类别="很怪"),
        tables.penalty(3, 处罚决定日期="2030-01-01"),
        tables.penalty(4, 行政相对人名称="张乙丙", 统一社会信用代码="", 行政相对人类别=""),
        tables.penalty(1),
    ]
    return tables.write(path, rows)


def test_counts_add_up_and_the_problems_file_names_the_rows(data: Path, tmp_path: Path) -> None:
    code, summary = tables.load(mixed(tmp_path / "mixed.csv"), "--source", UNIT)
    assert code == 1
    expected = {
        "rows": 5,
        "accepted": 2,
        "refused": 1,
        "held": 1,
        "unchanged": 1,
        "updated": 0,
        "withdrawn": 0,
    }
    assert {name: summary[name] for name in expected} == expected
    assert summary["warnings"] == 1
    assert summary["not_public"] == {"possible-person": 1}
    assert summary["rows"] == sum(summary[name] for name in SUM)
    [file] = summary["files"]
    assert {name: file[name] for name in expected} == expected
    assert (file["kind"], file["error"]) == ("penalty", None)
    problems = Path(file["problems"])
    assert problems.parent == data / "problems"
    assert [line.count("第 ") > 0 for line in problems.read_text("utf-8-sig").splitlines()] == [
        False,
        True,
        True,
        True,
    ]
    assert ask(data, "SELECT state FROM batch") == [("done",)]
    assert ask(data, "SELECT count(*) FROM held") == [(1,)]


def test_rows_that_are_not_public_are_counted_by_the_reason(data: Path, tmp_path: Path) -> None:
    rows = [
        tables.penalty(1),
        tables.penalty(2, 处罚决定日期="2024-05-20"),
        tables.penalty(3, 失信严重程度="轻微"),
        tables.penalty(4, 失信严重程度="轻微"),
        tables.penalty(5, 失信严重程度=""),
    ]
    path = tables.write(tmp_path / "first.csv", rows)
    code, summary = tables.load(path, "--source", UNIT)
    assert (code, summary["accepted"], summary["held"]) == (1, 4, 1)
    assert summary["not_public"] == {"never": 2, "no-grade": 1, "over": 1}
    assert summary["files"][0]["not_public"] == summary["not_public"]
    assert ask(data, "SELECT state, count(*) FROM record GROUP BY 1 ORDER BY 1") == [
        ("ended", 1),
        ("never", 2),
        ("public", 1),
    ]
    said = CliRunner().invoke(main, ["load", str(path), "--source", UNIT]).output
    assert "未公示：缺失信严重程度 1" in said


def test_the_same_file_again_and_a_corrected_one(data: Path, tmp_path: Path) -> None:
    path = tables.write(tmp_path / "first.csv", [tables.penalty(1), tables.penalty(2)])
    assert tables.load(path, "--source", UNIT)[0] == 0
    code, again = tables.load(path, "--source", UNIT)
    assert (code, again["unchanged"], again["accepted"]) == (0, 2, 0)
    tables.write(path, [tables.penalty(1), tables.penalty(2, 处罚内容="罚款二万元。")])
    code, corrected = tables.load(path, "--source", UNIT)
    assert (code, corrected["unchanged"], corrected["updated"]) == (0, 1, 1)
    assert ask(data, "SELECT max(version) FROM record") == [(2,)]


def test_a_revoked_record_is_withdrawn_and_counted(data: Path, tmp_path: Path) -> None:
    path = tables.write(tmp_path / "first.csv", [tables.penalty(1) | {"当前状态": "正常"}])
    tables.load(path, "--source", UNIT)
    tables.write(path, [tables.penalty(1) | {"当前状态": "撤销"}])
    _, summary = tables.load(path, "--source", UNIT)
    assert (summary["updated"], summary["withdrawn"]) == (1, 1)
    assert ask(data, "SELECT state FROM record") == [("annulled",)]


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_and_workbook_gives_the_same_records(tmp_path: Path, encoding: str) -> None:
    rows = [tables.penalty(number) for number in range(1, 6)]
    tables.load(tables.write(tmp_path / "plain.csv", rows), "--source", UNIT)
    _, other = tables.load(tables.write(tmp_path / "other.csv", rows, encoding), "--source", UNIT)
    book = tables.workbook(tmp_path / "book.xlsx", [list(rows[0]), *(list(row.values()) for row in rows)])
    _, third = tables.load(book, "--source", UNIT)
    assert (other["unchanged"], third["unchanged"]) == (5, 5)


def test_a_rehearsal_counts_the_same_and_stores_nothing(data: Path, tmp_path: Path) -> None:
    tables.load(
        tables.write(tmp_path / "first.csv", [tables.penalty(1), tables.penalty(7)]), "--source", UNIT
    )
    tables.write(tmp_path / "first.csv", [tables.penalty(7, 处罚内容="警告。")])
    before = list(sqlite3.connect(data / "register.sqlite").iterdump())
    path = mixed(tmp_path / "mixed.csv")
    arguments = (path, tmp_path / "first.csv", "--source", UNIT)
    _, rehearsed = tables.load(*arguments, "--dry-run")
    assert list(sqlite3.connect(data / "register.sqlite").iterdump()) == before
    _, done = tables.load(*arguments)
    names = ("rows", *SUM, "withdrawn", "warnings")
    assert {name: rehearsed[name] for name in names} == {name: done[name] for name in names}
    assert (done["updated"], done["unchanged"]) == (1, 2)


@pytest.mark.parametrize("name", ["empty.csv", "empty.xlsx"])
def test_a_file_with_headings_only_is_a_zero_report(data: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("xlsx"):
        tables.workbook(path, [list(tables.PENALTY)])
    else:
        path.write_text(",".join(tables.PENALTY) + "\r\n", encoding="gb18030")
    code, summary = tables.load(path, "--source", UNIT)
    assert (code, summary["rows"]) == (0, 0)
    assert "零报送" in summary["files"][0]["notes"][-1]
    ((kind, state, counts),) = ask(data, "SELECT kind, state, counts FROM batch")
    assert (kind, state, json.loads(counts)["rows"]) == ("penalty", "done", 0)


def test_the_day_of_delivery_is_kept_and_cannot_be_to_come(data: Path, tmp_path: Path) -> None:
    path = tables.write(tmp_path / "rows.csv", [tables.penalty(1)])
    code, _ = tables.load(path, "--source", UNIT, "--received", "2026-05-22")
    assert code == 0
    # 2026-05-22 00:00 in Shanghai.
    assert ask(data, "SELECT received_at FROM batch") == [(1_779_379_200_000,)]
    wrong = CliRunner().invoke(main, ["load", str(path), "--source", UNIT, "--received", "2026-06-02"])
    assert wrong.exit_code == 2
    assert "yet to come" in wrong.output


def test_an_unknown_source_is_an_error_unless_it_is_new(data: Path, tmp_path: Path) -> None:
    path = tables.write(tmp_path / "one.csv", [tables.penalty(1)])
    done = CliRunner().invoke(main, ["load", str(path), "--source", "云泽省示范单"])
    assert done.exit_code == 2
    assert UNIT in done.output
    code, rehearsed = tables.load(path, "--source", "云泽省另一单位", "--new-source", "--dry-run")
    assert (code, rehearsed["accepted"]) == (0, 1)
    assert ask(data, "SELECT count(*) FROM unit") == [(1,)]
    assert tables.load(path, "--source", "云泽省另一单位", "--new-source")[0] == 0
    assert ask(data, "SELECT name, confirmed FROM unit ORDER BY id DESC LIMIT 1") == [("云泽省另一单位", 0)]


@pytest.mark.usefixtures("data")
def test_missing_columns_refuse_each_row_but_say_so_once(tmp_path: Path) -> None:
    rows = [{"企业名称": f"云泽市甲{n}有限公司", "处罚结果": "警告"} for n in range(1, 31)]
    path = tables.write(tmp_path / "short.csv", rows)
    code, summary = tables.load(path, "--source", UNIT, "--kind", "penalty")
    assert (code, summary["rows"], summary["refused"]) == (1, 30, 30)
    assert sum("处罚决定日期" in note for note in summary["files"][0]["notes"]) == 1
    lines = Path(summary["problems"]).read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "全部,拒收" in lines[1]
    said = ("处罚日期=2026-04-01", "body=云泽市示范监管局", "severity=general")
    given = [part for each in said for part in ("--with", each)]
    code, summary = tables.load(path, "--source", UNIT, "--kind", "penalty", *given)
    assert (code, summary["accepted"]) == (0, 30)


def test_a_dialect_may_say_what_the_words_of_its_source_mean(data: Path, tmp_path: Path) -> None:
    dialect = tmp_path / "own.toml"
    dialect.write_text('kind = "penalty"\n[values.severity]\n"2" = "serious"\n', "utf-8")
    path = tables.write(tmp_path / "older.csv", [tables.penalty(1, 失信严重程度="2")])
    code, summary = tables.load(path, "--source", UNIT, "--dialect", dialect)
    assert (code, summary["accepted"], summary["warnings"]) == (0, 1, 0)
    [(content,)] = ask(data, "SELECT content FROM record_version")
    assert json.loads(content)["severity"] == "serious"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--kind", "penalties"),
        ("--with", "body"),
        ("--with", "=x"),
        ("--with", "bodyy=x"),
        ("--with", "decision_date=昨天"),
        ("--with", "证件号码=1"),
        ("--dialect", "nowhere"),
    ],
)
def test_wrong_use_ends_with_2_and_a_remedy(data: Path, tmp_path: Path, wrong: tuple[str, str]) -> None:
    path = tables.write(tmp_path / "one.csv", [tables.penalty(1)])
    done = CliRunner().invoke(main, ["load", str(path), "--source", UNIT, *wrong])
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert records(data) == 0


@pytest.mark.usefixtures("data")
def test_files_that_cannot_be_read_do_not_stop_the_others(tmp_path: Path) -> None:
    good = tables.write(tmp_path / "good.csv", [tables.penalty(1)])
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    os.mkfifo(tmp_path / "pipe.csv")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 and nothing more")
    files = (empty, tmp_path / "absent.csv", tmp_path, tmp_path / "pipe.csv", broken, good)
    code, summary = tables.load(*files, "--source", UNIT)
    assert (code, summary["rows"], summary["accepted"]) == (1, 1, 1)
    errors = [file["error"] and file["error"]["code"] for file in summary["files"]]
    assert errors == ["empty", "no-file", "no-file", "no-file", "broken", None]
    assert all(file["error"]["message"].endswith("。") for file in summary["files"][:5])


def test_a_file_that_is_broken_further_down_says_how_far_it_came(data: Path, tmp_path: Path) -> None:
    path = tables.write(tmp_path / "cut.csv", [tables.penalty(number) for number in range(1, 1201)])
    path.write_text(path.read_text("utf-8") + '"never closed', "utf-8")
    code, summary = tables.load(path, "--source", UNIT)
    assert code == 1
    assert summary["files"][0]["error"]["code"] == "quotes"
    assert "第 1202 行" in summary["files"][0]["error"]["message"]
    assert ask(data, "SELECT state FROM batch") == [("failed",)]
    path.write_text(path.read_text("utf-8").replace('"never closed', ""), "utf-8")
    code, summary = tables.load(path, "--source", UNIT)
    assert (code, summary["rows"]) == (0, 1200)
    assert records(data) == 1200


@pytest.mark.usefixtures("data")
def test_a_file_that_changes_while_it_is_read_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tables.write(tmp_path / "growing.csv", [tables.penalty(number) for number in range(1, 1201)])
    parcels = Box.parcels

    def growing(self: Box) -> Iterator[Parcel | End]:
        with path.open("a", encoding="utf-8") as file:
            file.write("x" * 10)
        yield from parcels(self)

    monkeypatch.setattr(Box, "parcels", growing)
    code, summary = tables.load(path, "--source", UNIT)
    assert code == 1
    assert summary["files"][0]["error"]["code"] in ("changed", "quotes")


def test_a_file_that_is_replaced_is_read_as_it_was_opened(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tables.write(tmp_path / "replaced.csv", [tables.penalty(1)])
    other = tables.write(tmp_path / "other.csv", [tables.penalty(2)])
    enter = Box.__enter__

    def replaced(self: Box) -> Box:
        shutil.move(other, path)
        return enter(self)

    monkeypatch.setattr(Box, "__enter__", replaced)
    assert tables.load(path, "--source", UNIT)[0] == 0
    assert ask(data, "SELECT name FROM subject") == [("云泽市甲1食品有限公司",)]


@pytest.mark.usefixtures("data")
def test_a_read_only_file_in_a_read_only_folder_loads(tmp_path: Path) -> None:
    folder = tmp_path / "sealed"
    folder.mkdir()
    path = tables.write(folder / "one.csv", [tables.penalty(1)])
    path.chmod(0o400)
    folder.chmod(0o500)
    try:
        assert tables.load(path, "--source", UNIT)[0] == 0
    finally:
        folder.chmod(0o700)


def test_identity_numbers_stand_nowhere_in_clear(data: Path, tmp_path: Path) -> None:
    number = identity(8)
    rows = [
        tables.penalty(1) | {"法定代表人证件号码": number, "备注": f"联系人身份证{number}"},
        tables.penalty(2, 行政相对人名称="张乙丙", 统一社会信用代码="", 行政相对人类别="自然人")
        | {"证件号码": number},
        tables.penalty(3, 处罚决定日期="昨天") | {"证件号码": number},
        tables.penalty(4, 行政相对人名称="李丁戊", 统一社会信用代码="", 行政相对人类别=""),
    ]
    path = tables.write(tmp_path / "persons.csv", rows)
    done = CliRunner().invoke(main, ["load", str(path), "--source", UNIT])
    assert number not in done.output
    for file in data.rglob("*"):
        if file.is_file():
            assert number.encode() not in file.read_bytes(), file.name


@pytest.mark.usefixtures("data")
def test_a_mended_problems_file_can_be_delivered_as_it_is(tmp_path: Path) -> None:
    _, summary = tables.load(mixed(tmp_path / "mixed.csv"), "--source", UNIT)
    text = Path(summary["problems"]).read_text("utf-8-sig")
    mended = text.replace("2030-01-01", "2026-01-01").replace("张乙丙,", "云泽市张乙丙食品有限公司,")
    (tmp_path / "mended.csv").write_text(mended, "utf-8")
    code, again = tables.load(tmp_path / "mended.csv", "--source", UNIT)
    assert (code, again["rows"], again["accepted"], again["unchanged"]) == (0, 3, 2, 1)


KILL = """
import os, signal, sys
from creditindex.cli import main
from creditregister.deliveries import Writer
write, step, moment, when = Writer.write, [0], int(sys.argv.pop(1)), sys.argv.pop(1)
def killed(self, *rest, **more):
    step[0] += 1
    if step[0] == moment and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    done = write(self, *rest, **more)
    if step[0] == moment:
        os.kill(os.getpid(), signal.SIGKILL)
    return done
Writer.write = killed
main()
"""


@pytest.mark.parametrize(("moment", "when"), [(1, "before"), (1, "after"), (3, "before"), (3, "after")])
def test_a_load_killed_at_any_moment_is_completed_by_the_next(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int, when: str
) -> None:
    monkeypatch.setenv("CREDIT_LOAD__ROWS_PER_TRANSACTION", "100")
    rows = [tables.penalty(number) for number in range(1, 2001)]
    rows[150] |= {"处罚决定日期": "昨天"}
    path = tables.write(tmp_path / "long.csv", rows)
    command = [sys.executable, "-c", KILL, str(moment), when, "load", str(path), "--source", UNIT]
    killed = subprocess.run(command, env=dict(os.environ), capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr.decode()
    stored = records(data)
    chunks = moment if when == "after" else moment - 1
    assert stored == chunks * 100 - (chunks > 1)
    code, summary = tables.load(path, "--source", UNIT)
    assert (code, summary["rows"], summary["refused"]) == (1, 2000, 1)
    assert summary["unchanged"] == stored
    assert summary["accepted"] == 1999 - stored
    assert records(data) == 1999
    assert ask(data, "SELECT count(*), max(seq) FROM ledger") == [(1999, 1999)]


def test_a_killed_child_leaves_a_delivery_that_can_be_completed(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "LIMIT", 1)  # else it would be done before it is killed
    path = tables.write(tmp_path / "long.csv", [tables.penalty(number) for number in range(1, 6001)])
    parcels = Box.parcels

    def killing(self: Box) -> Iterator[Parcel | End]:
        for number, parcel in enumerate(parcels(self)):
            if number == 2:
                self._child.kill()
            yield parcel

    monkeypatch.setattr(Box, "parcels", killing)
    code, summary = tables.load(path, "--source", UNIT)
    assert (code, summary["files"][0]["error"]["code"]) == (1, "killed")
    monkeypatch.undo()
    monkeypatch.setenv("CREDIT_DATA", str(data))
    monkeypatch.setenv("CREDIT_TODAY", tables.TODAY.isoformat())
    code, summary = tables.load(path, "--source", UNIT)
    assert (code, summary["rows"], records(data)) == (0, 6000, 6000)


def test_a_row_that_would_leak_is_held_and_the_others_are_stored(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child redacts all it can see; here it is blind, so that the wall behind it is met."""
    parcels = Box.parcels

    def blind(self: Box) -> Iterator[Parcel | End]:
        for parcel in parcels(self):
            rows = getattr(parcel, "delivered", [])
            for place, row in enumerate(rows):
                if row.row == 4:
                    public = row.public.replace("未按规定公示信息".encode(), "电话：13800138000，".encode())
                    rows[place] = replace(row, public=public)
            yield parcel

    monkeypatch.setattr(Box, "parcels", blind)
    path = tables.write(tmp_path / "leak.csv", [tables.penalty(number) for number in range(1, 8)])
    code, summary = tables.load(path, "--source", UNIT)
    assert (code, summary["accepted"], summary["held"]) == (1, 6, 1)
    assert records(data) == 6
    assert "第 4 行" in Path(summary["problems"]).read_text("utf-8-sig")


def test_a_real_register_keeps_its_peace_while_two_load(data: Path, tmp_path: Path) -> None:
    """Two loads at once take turns at the gate; nothing is lost."""
    files = [
        tables.write(tmp_path / f"{part}.csv", [tables.penalty(part * 1000 + n) for n in range(1, 301)])
        for part in (1, 2)
    ]
    results: list[int] = []

    def run(path: Path) -> None:
        command = [sys.executable, "-m", "creditindex", "load", str(path), "--source", UNIT]
        program = "from creditindex.cli import main; main()"
        done = subprocess.run(
            [command[0], "-c", program, *command[3:]], env=dict(os.environ), capture_output=True, check=False
        )
        results.append(done.returncode)

    threads = [threading.Thread(target=run, args=(path,)) for path in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [0, 0]
    assert records(data) == 600


SHARED = os.environ.get("CREDIT_TEST_SHARED", "")


@pytest.mark.skipif(not SHARED, reason="CREDIT_TEST_SHARED names no folder of real files")
def test_the_two_real_files(data: Path) -> None:
    real = Path(SHARED) / "data" / "real"
    given = ("--with", "decision_date=2018-01-01", "--with", "facts=列入失信主体名单")
    code, lists = tables.load(real / "ecommerce_blacklist_gansu_91855.xlsx", "--source", UNIT, *given)
    assert (code, lists["files"][0]["kind"], lists["accepted"]) == (0, "serious-list", 500)
    code, penalties = tables.load(real / "env_emission_penalties_2017.xlsx", "--source", UNIT)
    assert (code, penalties["files"][0]["kind"], penalties["accepted"]) == (0, "penalty", 171)
    assert ask(data, "SELECT count(*) FROM record WHERE kind = 'penalty' AND subject_id IS NULL") == [(171,)]
    quarters = ask(data, "SELECT DISTINCT decided FROM record WHERE kind = 'penalty' ORDER BY 1")
    assert [day for (day,) in quarters] == ["2017-01-01", "2017-04-01", "2017-07-01", "2017-10-01"]


@pytest.mark.usefixtures("data")
@pytest.mark.skipif(not SHARED, reason="CREDIT_TEST_SHARED names no folder of real files")
def test_odd_files_of_other_people_end_in_a_sentence() -> None:
    files = [path for path in sorted((Path(SHARED) / "data" / "tables").rglob("*")) if path.is_file()]
    code, summary = tables.load(*files, "--source", UNIT)
    assert code == 1
    assert summary["rows"] == 0
    for file in summary["files"]:
        assert "。请" in file["error"]["message"], json.dumps(file, ensure_ascii=False)
        assert file["error"]["code"] not in ("internal", "died", "nonsense", "crash"), json.dumps(file)


def test_settings_of_the_surrounding_shell_do_not_reach_the_tests() -> None:
    assert setting_files.load().data == Path("var")
