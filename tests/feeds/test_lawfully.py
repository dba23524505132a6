"""Old files with old dates behave lawfully: over today; public, or held, as the law of their own time says.

One list and one table of penalties, as authorities put such files on the web: without grades, the list without
dates, the penalties by quarters, without codes and document numbers.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from support import tables
from support.registers import UNIT, make_register
from support.town import unified

SHARED = os.environ.get("CREDIT_TEST_SHARED", "")
#: The words of the list's field, which name two lists that have a page.
LISTED = "失信被执行人名单、工商吊销企业名单"
#: What neither of the two files gives.
GIVEN = {
    "serious-list": {"decision_date": "2018-03-20", "facts": "列入失信主体名单", "body": "云泽省示范监管局"},
    "penalty": {"body": "云泽省示范监管局"},
}


class Files(NamedTuple):
    """The two files, and how many rows each has."""

    listed: Path
    listed_rows: int
    penalties: Path
    penalty_rows: int


def made(folder: Path) -> Files:
    """Both files with invented companies, shaped as the real ones are."""
    listed = [["企业名称", "工商注册号", "组织机构代码", "统一信用代码", "失信领域"]]
    listed += [[f"云泽甲{n}电子商务有限公司", "", "", unified(n), LISTED] for n in range(1, 9)]
    penalties = [["时间", "区域", "企业名称", "处罚结果", "整改情况"]]
    penalties += [
        [f"2017年第{quarter}季度国家重点监控企业", "云泽省", f"云泽乙{n}水处理有限公司", result, "已整改完成"]
        for n, (quarter, result) in enumerate(
            (quarter, result) for quarter in "一二三四" for result in ("警告。", "罚款4.54万元。")
        )
    ]
    return Files(
        tables.workbook(folder / "list.xlsx", listed),
        8,
        tables.workbook(folder / "penalties.xlsx", penalties),
        8,
    )


@pytest.fixture(params=["made", "real"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    """The made files, and the real ones where the folder of files has them."""
    if request.param == "made":
        return made(tmp_path)
    if not SHARED:
        pytest.skip("CREDIT_TEST_SHARED names no folder of real files")
    real = Path(SHARED) / "data" / "real"
    return Files(
        real / "ecommerce_blacklist_gansu_91855.xlsx", 500, real / "env_emission_penalties_2017.xlsx", 171
    )


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a register that the command finds by its settings."""
    make_register(tmp_path).store.close()
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CREDIT_TODAY", tables.TODAY.isoformat())
    return tmp_path / "data"


def load(path: Path, kind: str) -> dict[str, Any]:
    given = [part for name, value in GIVEN[kind].items() for part in ("--with", f"{name}={value}")]
    _, summary = tables.load(path, "--source", UNIT, "--kind", kind, *given)
    return {name: summary[name] for name in ("rows", "accepted", "held", "refused", "not_public")}


def ask(data: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{data / 'register.sqlite'}?mode=ro", uri=True)) as connection:
        return connection.execute(question).fetchall()


def entries(data: Path) -> int:
    return int(str(ask(data, "SELECT count(*) FROM ledger WHERE n IS NOT NULL")[0][0]))


def test_today_all_of_it_is_over_and_nothing_is_public(data: Path, files: Files) -> None:
    for path, rows, kind in (
        (files.listed, files.listed_rows, "serious-list"),
        (files.penalties, files.penalty_rows, "penalty"),
    ):
        told = {"rows": rows, "accepted": rows, "held": 0, "refused": 0, "not_public": {"over": rows}}
        assert load(path, kind) == told
    states = ask(data, "SELECT kind, state, published_at, count(*) FROM record GROUP BY 1, 2, 3 ORDER BY 1")
    assert states == [
        ("penalty", "ended", 0, files.penalty_rows),
        ("serious-list", "ended", 0, files.listed_rows),
    ]
    assert entries(data) == 0
    warned = ask(data, "SELECT DISTINCT outcome, code FROM row_problem WHERE code = 'over'")
    assert warned == [("warned", "over")]


def test_in_their_own_time_and_in_shanghai_they_are_shown_for_five_years(
    data: Path, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_TODAY", "2018-06-01")
    monkeypatch.setenv("CREDIT_RULES__JURISDICTION", "31")
    assert load(files.listed, "serious-list")["accepted"] == files.listed_rows
    assert load(files.penalties, "penalty")["accepted"] == files.penalty_rows
    found = ask(data, "SELECT kind, state, shown_until, rule FROM record GROUP BY 1, 2, 3, 4 ORDER BY 1, 3")
    ends = ["2022-01-01", "2022-04-01", "2022-07-01", "2022-10-01"]
    assert found == [
        *(("penalty", "public", end, "shanghai/five-years") for end in ends),
        ("serious-list", "public", "2023-03-20", "shanghai/five-years"),
    ]
    assert entries(data) == files.listed_rows + files.penalty_rows


def test_in_their_own_time_and_without_a_place_no_rule_is_in_force(
    data: Path, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_TODAY", "2018-06-01")
    for path, rows, kind in (
        (files.listed, files.listed_rows, "serious-list"),
        (files.penalties, files.penalty_rows, "penalty"),
    ):
        told = {"rows": rows, "accepted": 0, "held": rows, "refused": 0, "not_public": {"no-rule": rows}}
        assert load(path, kind) == told
    codes = ask(data, "SELECT kind, code, count(*) FROM held GROUP BY 1, 2 ORDER BY 1")
    assert codes == [
        ("penalty", "no-rule", files.penalty_rows),
        ("serious-list", "no-rule", files.listed_rows),
    ]
    assert ask(data, "SELECT count(*) FROM record") == [(0,)]
    assert entries(data) == 0
