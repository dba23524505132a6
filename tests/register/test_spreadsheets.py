"""Tables that go into a spreadsheet: RFC 4180, Chinese that Excel reads, and never a formula."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditregister import spreadsheets
from creditregister.spreadsheets import RUNS, meant, safe

CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


def read(table: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))


def test_a_table_is_what_excel_and_rfc_4180_expect() -> None:
    table = spreadsheets.table([("名称", "数"), ('甲"乙,丙\n丁', 12)])
    assert table == '\ufeff名称,数\r\n"甲""乙,丙\n丁",12\r\n'.encode()


@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=4), max_size=5))
def test_every_cell_comes_back_and_none_is_a_formula(rows: list[list[str]]) -> None:
    came = read(spreadsheets.table(rows))
    assert [[meant(cell) for cell in row] for row in came] == rows
    assert not any(cell.startswith(RUNS) for row in came for cell in row)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠A", " =1", "\u3000=1"]
)
def test_what_a_spreadsheet_would_run_is_a_text(cell: str) -> None:
    assert safe(cell) == f"'{cell}"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(read(spreadsheets.table([[cell]]))[0])
    assert sheet["A1"].data_type == "s"


def test_a_number_stays_a_number() -> None:
    assert spreadsheets.table([(-5, "-5")]) == "\ufeff-5,'-5\r\n".encode()
