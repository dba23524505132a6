"""Notes, totals and repeated headings are passed over and named; what may be a record never is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex.feeds.asides import Asides
from creditindex.feeds.headings import Dictionary, understand
from support import tables
from support.town import unified

if TYPE_CHECKING:
    from pathlib import Path

HEADINGS = ["序号", "行政相对人名称", "统一社会信用代码", "违法事实", "处罚决定日期", "罚款金额（万元）"]
ROW = ["1", "云泽市甲食品有限公司", unified(1), "未公示", "2026-05-10", "1"]


def asides() -> Asides:
    return Asides(understand([(3, HEADINGS)], Dictionary(tables.KINDS, "penalty", {}), {}))


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        (["注：本表由各单位填报"], "附注"),
        (["", "备注：金额单位为万元", "", "", "", ""], "附注"),
        (["填表人：王某", "", "审核人：李某", "", "2026年6月1日", ""], "附注"),
        (["填表人：", "王小明", "审核人：", "李小明", "", ""], "附注"),
        (["单位负责人（签字）：", "", "联系电话：13900000000"], "附注"),
        (["（盖章）"], "附注"),
        (["以上共 12 条"], "附注"),
        (["共12条", "", "", "", "第 1 页", ""], "附注"),
        (["合 计", "", "", "", "", 12.5], "合计"),
        (["", "小计", "", "", "", "3"], "合计"),
        (HEADINGS, "表头"),
        (["", "CF_XDR_MC", "CF_XDR_SHXYM", "CF_SY", "CF_JDRQ", "CF_NR_FK"], "表头"),
    ],
)
def test_what_is_no_row_is_passed_over_and_named(cells: list[str], word: str) -> None:
    found = asides()
    assert found.skips(9, cells)
    (note,) = found.notes()
    assert note == f"第 9 行是{word}，不是数据，未收录（共 1 行）。"


@pytest.mark.parametrize("cells", [["1", "2", "3", "4", "5", "6"], ["甲", "乙", "丙", "丁", "戊", "己"]])
def test_numbers_of_columns_stand_right_below_the_headings(cells: list[str]) -> None:
    assert asides().skips(4, cells)
    assert not asides().skips(5, cells)


@pytest.mark.parametrize(
    "cells",
    [
        ROW,
        ["合计", *ROW[1:]],
        ["注：更正", *ROW[1:]],
        ["1", "注明生物科技有限公司", *ROW[2:]],
        ["1", "企业", *ROW[2:]],
        ["", "共享单车有限公司", "", "", "", ""],
        ["1", "", "", "注：见附件", "2026-05-10", ""],
        ["2026-05-10"],
        ["*云泽市甲食品有限公司", unified(1), "云市监罚〔2026〕1号", "未公示", "", ""],
        ["", "*云泽市甲食品有限公司", unified(1), "未公示", "", "1"],
    ],
)
def test_what_may_be_a_record_is_a_row(cells: list[str]) -> None:
    assert not asides().skips(9, cells)


def test_lines_of_one_cell_below_a_note_belong_to_it() -> None:
    found = asides()
    line = ["2. 本表一式两份"]
    assert not found.skips(8, line)
    assert found.skips(9, ["注：1. 金额单位为万元"])
    assert found.skips(10, line)
    assert not found.skips(11, ROW)
    assert found.notes() == ["第 9、10 行是附注，不是数据，未收录（共 2 行）。"]


def test_a_page_after_the_other_is_summed_up() -> None:
    found = asides()
    for number in range(100, 5_000):
        assert found.skips(number, ["小计"])
    (note,) = found.notes()
    assert (
        note
        == "第 100、101、102、103、104、105、106、107、108、109 行等是合计，不是数据，未收录（共 4900 行）。"
    )


@given(name=st.text(min_size=1).filter(lambda text: text.strip()), first=st.text(), facts=st.text())
def test_a_row_with_name_and_date_is_never_passed_over_as_a_note(name: str, first: str, facts: str) -> None:
    found = asides()
    found.skips(8, ["注：后面还有"])
    if found.skips(9, [first, name, unified(1), facts, "2026-05-10", ""]):
        assert name.strip()[:1] in "备注说填来数制报审复经联打单部负领盖公（(※*＊以共第本合总小累"


def test_a_delivery_with_all_of_it(tmp_path: Path) -> None:
    blank = [""] * 6
    rows = [
        ["示范市行政处罚信息公示表", *blank[1:]],
        ["", "", "", "", "", "单位：元"],
        [*HEADINGS[:5], "罚款金额"],
        ["1", "2", "3", "4", "5", "6"],
        [*ROW[:5], "50000"],
        blank,
        [*HEADINGS[:5], "罚款金额"],
        ["2", "云泽市乙食品有限公司", unified(2), "未公示", "2026-05-11", "60,000"],
        ["合计", "", "", "", "", "110000"],
        ["注：本表不含简易程序", *blank[1:]],
        ["填表人：王某", "", "审核人：李某", "", "", ""],
    ]
    taken = tables.read(tables.workbook(tmp_path / "printed.xlsx", rows))
    assert [each.outcome for each in taken] == ["delivered", "delivered"]
    assert [tables.content(each)["fine_amount"] for each in taken] == ["5", "6"]
