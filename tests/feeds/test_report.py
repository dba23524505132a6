"""The problems file: the unit's own columns, safe in a spreadsheet, without a person's number."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex.feeds.box import Head
from creditindex.feeds.report import LISTED, Report, masked
from creditregister.delivered import Problem
from creditregister.spreadsheets import safe
from support.town import identity

if TYPE_CHECKING:
    from pathlib import Path

HEAD = Head(
    kind="penalty", row=1, columns=["名称", "证件号码", "=事实"], secret=[1], unknown=[], missing=[], form="", notes=[]
)  # fmt: skip


def written(path: Path | None) -> list[list[str]]:
    assert path is not None
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_rows_with_problems_stand_in_it_with_reasons(tmp_path: Path) -> None:
    report = Report(tmp_path / "problems", 7, "三月 处罚/../x.csv", HEAD)
    rows = {3: ["甲", "E1234567", "一"], 4: ["乙", "", "二"], 5: ["丙", "", "三"]}
    problems = [
        Problem(5, "warned", "", "c", "第 5 行：甲。"),
        Problem(5, "held", "", "c", "第 5 行：乙。"),
        Problem(3, "refused", "", "c", "第 3 行：丙。"),
    ]
    report.add(rows, problems)
    report.add_for_all("没有日期列。")
    report.close()
    assert written(report.path) == [
        ["名称", "证件号码", "'=事实", "行号", "结果", "原因"],
        ["甲", "E******7", "一", "3", "拒收", "第 3 行：丙。"],
        ["丙", "", "三", "5", "待核", "第 5 行：甲。 第 5 行：乙。"],
        ["", "", "", "全部", "拒收", "没有日期列。"],
    ]
    assert report.path is not None
    assert report.path.parent == tmp_path / "problems"
    assert report.path.stat().st_mode & 0o077 == 0


def test_a_column_that_is_odd_in_every_row_does_not_fill_the_file(tmp_path: Path) -> None:
    report = Report(tmp_path, 7, "x.csv", HEAD)
    warnings = [Problem(row, "warned", "body_code", "body-code", "") for row in range(1000)]
    listed = [problem for problem in warnings if report.wants(problem)]
    report.add({row: ["甲"] for row in range(1000)}, listed)
    report.close()
    lines = written(report.path)
    assert len(lines) == 1 + LISTED + 1
    assert lines[-1][3:] == [
        "全部",
        "提示",
        "同样的提示（body_code，body-code）共 1,000 条，只列出前 200 条。",
    ]


def test_no_problem_no_file(tmp_path: Path) -> None:
    report = Report(tmp_path / "problems", 7, "x.csv", HEAD)
    report.add({1: ["甲"]}, [])
    report.close()
    assert report.path is None
    assert not (tmp_path / "problems").exists()


def test_an_old_file_of_that_name_is_not_followed_by_old_rows(tmp_path: Path) -> None:
    for count in (3, 1):
        report = Report(tmp_path, 7, "x.csv", HEAD)
        report.add(
            {row: ["甲"] for row in range(count)}, [Problem(row, "held", "", "", "") for row in range(count)]
        )
        report.close()
    assert len(written(report.path)) == 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_formulas_become_text(start: str) -> None:
    assert safe(f"{start}1+1") == f"'{start}1+1"
    assert safe(f"1{start}1") == f"1{start}1"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0")))
def test_a_cell_keeps_its_text(text: str) -> None:
    assert safe(text).removeprefix("'") == text.removeprefix("'") or safe(text) == f"'{text}"


def test_a_spreadsheet_finds_no_formula_in_it(tmp_path: Path) -> None:
    cells = ["=1+1", "@SUM(A1)", "-2+3+cmd|' /C calc'!A0"]
    report = Report(tmp_path, 1, "x.csv", HEAD)
    report.add({1: cells}, [Problem(1, "refused", "", "", "=2")])
    report.close()
    book = openpyxl.Workbook()
    for row in written(report.path):
        book.active.append(row)
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_identity_numbers_are_masked_in_any_column() -> None:
    number = identity(1)
    short = number[:4] + "*" * 12 + number[-2:]
    assert masked(f"当事人{number}，另有{number}", secret=False) == f"当事人{short}，另有{short}"
    assert masked(number, secret=True) == short
    assert masked(" ", secret=True) == ""
    assert masked("第 12 号", secret=False) == "第 12 号"
