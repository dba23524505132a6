"""What workbooks hold: types of cells that betray lost digits, formulas without results, several sheets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from creditindex.feeds.headings import Dictionary
from creditindex.feeds.opened import open_table
from creditindex.feeds.problems import FileRefusedError
from support import tables

if TYPE_CHECKING:
    from pathlib import Path

    from creditindex.feeds.rows import Taken

HEADINGS = list(tables.PENALTY)


def row(**changes: Any) -> list[Any]:
    return [changes.get(name, value) for name, value in tables.PENALTY.items()]


def one(folder: Path, **changes: Any) -> Taken:
    path = tables.workbook(folder / "one.xlsx", [HEADINGS, row(**changes)])
    return tables.read(path)[0]


@pytest.mark.parametrize("value", [913101150000000000, 91310115.0, 5])
def test_a_number_in_a_column_of_codes_is_refused_with_advice(tmp_path: Path, value: float) -> None:
    taken = one(tmp_path, 统一社会信用代码=value)
    assert ("refused", "code-number") in tables.codes(taken)
    assert any(
        "“文本”格式" in problem.message and "统一社会信用代码" in problem.message
        for problem in taken.problems
    )


def test_a_long_number_that_lost_its_digits_is_refused_in_any_column(tmp_path: Path) -> None:
    assert ("refused", "rounded") in tables.codes(one(tmp_path, 行政处罚决定书文号=20260000000000012345))


def test_a_document_number_that_became_a_date_is_refused(tmp_path: Path) -> None:
    assert ("refused", "turned") in tables.codes(one(tmp_path, 行政处罚决定书文号=date(2026, 2, 3)))


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 5, 20),
        datetime(2026, 5, 20, 13, 30, tzinfo=UTC).replace(tzinfo=None),
        46162,
        46162.5,
        "2026年5月20日",
        20260520,
    ],
)
def test_dates_in_every_form_of_a_cell(tmp_path: Path, value: object) -> None:
    assert tables.content(one(tmp_path, 处罚决定日期=value))["decision_date"] == "2026-05-20"


def test_the_date_system_of_1904(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(HEADINGS)
    sheet.append(row(处罚决定日期=46162 - 1462))
    book.save(tmp_path / "mac.xlsx")
    taken = tables.read(tmp_path / "mac.xlsx")[0]
    assert tables.content(taken)["decision_date"] == "2026-05-20"


def test_small_numbers_are_text_without_a_point(tmp_path: Path) -> None:
    made = tables.content(one(tmp_path, 行政处罚决定书文号=17, **{"罚款金额（万元）": 4.54}))
    assert (made["document_number"], made["fine_amount"]) == ("17", "4.54")


def test_binary_noise_of_an_amount_is_no_error(tmp_path: Path) -> None:
    made = tables.content(one(tmp_path, **{"罚款金额（万元）": 0.1 + 0.2}))
    assert made["fine_amount"] == "0.3"


def test_a_formula_without_result_and_an_error_refuse_their_rows(tmp_path: Path) -> None:
    path = tables.workbook(
        tmp_path / "f.xlsx", [HEADINGS, row(违法事实="=A1&B1"), row(违法事实="=1/0"), row()]
    )
    taken = tables.read(path)
    assert [each.outcome for each in taken][:2] == ["refused", "refused"]
    assert ("refused", "formula") in tables.codes(taken[0])
    assert "违法事实" in taken[0].problems[0].message


def test_an_error_value_refuses_its_row(tmp_path: Path) -> None:
    cells = "".join(f'<c t="inlineStr"><is><t>{word}</t></is></c>' for word in HEADINGS)
    error = '<c r="A2" t="inlineStr"><is><t>甲</t></is></c><c r="G2" t="e"><v>#N/A</v></c>'
    body = tables.sheet(f'<row r="1">{cells}</row><row r="2">{error}</row>')
    taken = tables.read(tables.raw_sheet(tmp_path / "e.xlsx", body))
    assert ("refused", "error") in tables.codes(taken[0])


def test_a_formula_whose_result_is_empty_text_is_fine(tmp_path: Path) -> None:
    def cell(place: str, word: str) -> str:
        return f'<c r="{place}" t="inlineStr"><is><t>{word}</t></is></c>'

    letters = "ABCDEFGHIJKLMNOPQRST"[: len(HEADINGS)]
    first = "".join(cell(f"{letter}1", word) for letter, word in zip(letters, HEADINGS, strict=True))
    second = "".join(
        '<c r="D2" t="str"><f>IF(1,"","")</f><v></v></c>' if letter == "D" else cell(f"{letter}2", word)
        for letter, word in zip(letters, row(), strict=True)
    )
    body = tables.sheet(f'<row r="1">{first}</row><row r="2">{second}</row>')
    assert tables.read(tables.raw_sheet(tmp_path / "s.xlsx", body))[0].outcome == "delivered"


def test_places_hold_where_the_table_begins_further_down_and_right(tmp_path: Path) -> None:
    rows = [
        [],
        ["", "", "示范市行政处罚信息公示表"],
        [],
        ["", "", *HEADINGS],
        ["", "", *row(处罚决定日期="昨天")],
    ]
    taken = tables.read(tables.workbook(tmp_path / "titled.xlsx", rows))
    assert taken[0].problems[0].message.startswith("第 5 行“处罚决定日期”列：")


def test_the_sheet_with_known_headings_is_read(tmp_path: Path) -> None:
    path = tables.workbook(tmp_path / "two.xlsx", [["填表说明"], ["请勿改动表头"]], 数据=[HEADINGS, row()])
    assert [each.outcome for each in tables.read(path)] == ["delivered"]


def test_sheets_with_the_same_headings_are_one_table(tmp_path: Path) -> None:
    january = [["一月"], HEADINGS, row(), []]
    february = [["二月"], HEADINGS, row(处罚决定日期="昨天"), row(行政处罚决定书文号="二号")]
    path = tables.workbook(tmp_path / "two.xlsx", january, 二月=february)
    taken = tables.read(path)
    assert [each.outcome for each in taken] == ["delivered", "refused", "delivered"]
    # Three rows of the first sheet are in use, so the third of the second is the sixth.
    assert taken[1].problems[0].message.startswith("第 6 行“处罚决定日期”列")
    with path.open("rb", buffering=0) as file:
        opened = open_table(file, path.stat().st_size, Dictionary(tables.KINDS, "", {}), {}, 100)
        assert opened.notes == ("工作表“二月”表头相同，一并读取，其第 1 行记作第 4 行。",)


def test_formulas_are_found_in_every_sheet(tmp_path: Path) -> None:
    path = tables.workbook(tmp_path / "two.xlsx", [HEADINGS, row()], 二月=[HEADINGS, row(违法事实="=A1&B1")])
    taken = tables.read(path)
    assert ("refused", "formula") in tables.codes(taken[1])
    assert taken[0].outcome == "delivered"


def test_sheets_with_other_headings_are_refused_by_name(tmp_path: Path) -> None:
    path = tables.workbook(tmp_path / "two.xlsx", [HEADINGS, row()], 二月=[HEADINGS[::-1], row()[::-1]])
    with pytest.raises(FileRefusedError, match="“Sheet”、“二月”") as refused:
        tables.read(path)
    assert refused.value.code == "sheets"


def test_the_rows_of_all_sheets_together_are_bounded(tmp_path: Path) -> None:
    path = tables.workbook(tmp_path / "two.xlsx", [HEADINGS, row()], 二月=[HEADINGS, *[row()] * 25])
    with pytest.raises(FileRefusedError) as refused:
        tables.read(path, rows=7)
    assert refused.value.code == "too-many-rows"


def test_a_merged_value_stands_for_all_its_rows_but_an_amount_does_not(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["处罚公示表"])
    sheet.append([*HEADINGS])
    for number in range(3):
        sheet.append(row(行政处罚决定书文号=f"{number}号"))
    at = {name: openpyxl.utils.get_column_letter(place) for place, name in enumerate(HEADINGS, 1)}
    sheet.merge_cells(f"A1:{at['违法事实']}1")
    for name in ("行政相对人名称", "统一社会信用代码", "罚款金额（万元）"):
        sheet.merge_cells(f"{at[name]}3:{at[name]}4")
    book.save(path)
    taken = tables.read(path)
    assert [each.outcome for each in taken] == ["delivered"] * 3
    first, second, third = map(tables.content, taken)
    assert second["subject_name"] == first["subject_name"]
    assert second["unified_code"] == first["unified_code"]
    assert "fine_amount" not in second
    assert first["fine_amount"] == third["fine_amount"]
    with path.open("rb", buffering=0) as file:
        opened = open_table(file, path.stat().st_size, Dictionary(tables.KINDS, "", {}), {}, 100)
        assert "3 处上下合并的单元格" in opened.notes[0]


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    path = tables.workbook(tmp_path / "hidden.xlsx", [HEADINGS, row()], 旧=[HEADINGS, row()])
    book = openpyxl.load_workbook(path)
    book["旧"].sheet_state = "hidden"
    book.save(path)
    assert [each.outcome for each in tables.read(path)] == ["delivered"]


def test_an_empty_workbook_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileRefusedError, match="没有数据") as refused:
        tables.read(tables.workbook(tmp_path / "empty.xlsx", []))
    assert refused.value.code == "empty"
