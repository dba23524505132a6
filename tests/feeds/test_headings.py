"""Headings: old names, codes, spaces; which row they stand in; dialects; what is not understood is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from creditindex.feeds import dialects
from creditindex.feeds.headings import Dictionary, understand
from creditindex.feeds.problems import ADDED, FileRefusedError
from support.tables import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from creditindex.feeds.headings import Table

GOOD = ["CF_XDR_MC", "CF_WSH", "CF_SY", "CF_JDRQ"]


def table(*rows: list[str], chosen: str = "", given: dict[str, str] | None = None, **dialect: str) -> Table:
    return understand(list(enumerate(rows, 1)), Dictionary(KINDS, chosen, dialect), given or {})


def fields(found: Table) -> list[str]:
    return [column.field.id if column.field else "" for column in found.columns]


def test_codes_of_the_exchange_standard() -> None:
    found = table(GOOD)
    assert found.kind.id == "penalty"
    assert fields(found) == ["subject_name", "document_number", "facts", "decision_date"]


def test_white_space_stars_and_remarks_do_not_matter() -> None:
    found = table(["* 行政相对人 名称（必填）", "处罚决定\n书文号", " 违法 事实：", "ＣＦ_ＪＤＲＱ"])
    assert fields(found) == ["subject_name", "document_number", "facts", "decision_date"]


def test_the_row_with_most_headings_is_theirs() -> None:
    found = table(
        ["示范市行政处罚公示表"], ["单位：万元", "", "处罚日期：2026"], GOOD, ["甲", "乙", "丙", "丁"]
    )
    assert found.row == 3


def test_units_of_money_are_read_from_the_heading() -> None:
    found = table([*GOOD, "罚款金额（元）", "没收金额（单位：万元）"])
    assert [column.unit for column in found.columns][-2:] == ["元", "万元"]


def test_unknown_columns_are_listed_once_and_known_idle_ones_are_not() -> None:
    found = table([*GOOD, "序号", "经办人电话", "", "经办人电话"])
    assert found.unknown == ("经办人电话", "经办人电话")


def test_missing_required_columns_are_told() -> None:
    found = table(["CF_XDR_MC", "CF_WSH"])
    assert found.missing == (("decision_date",), ("content", "facts"))
    assert table(["CF_XDR_MC", "CF_WSH"], given={"处罚日期": "2026", "facts": "甲"}).missing == ()


def test_a_field_that_nobody_knows_is_refused_with_the_nearest() -> None:
    with pytest.raises(FileRefusedError, match="decision_date"):
        table(GOOD, given={"decision_dat": "2026-04-01"})
    with pytest.raises(FileRefusedError):
        table(GOOD, given={"证件号码": "1"})


def test_an_equal_fit_names_the_candidates() -> None:
    with pytest.raises(FileRefusedError, match="--kind") as refused:
        table(["行政相对人名称", "决定日期", "处罚机关", "许可机关"])
    assert refused.value.code == "ambiguous"
    assert "penalty（行政处罚）" in refused.value.message
    assert "licence（行政许可）" in refused.value.message


def test_the_names_of_older_platforms() -> None:
    found = table(
        [
            *("CF_XDR_MC", "CF_XDR_ZDM", "CF_XDR_GSDJ", "CF_XDR_SFZ", "CF_CFMC", "CF_CFLB1", "CF_CFLB2"),
            *("CF_JG", "CF_XZJG", "CF_JDRQ", "CF_SY", "CF_ZT", "SJC", "DFBM"),
        ]
    )
    assert found.kind.id == "penalty"
    assert fields(found) == [
        *("subject_name", "organisation_code", "registration_number", "identity_number", "document_name"),
        *("penalty_kind", "penalty_kind", "content", "body", "decision_date", "facts", "current_status"),
        *("", "area_code"),
    ]
    assert found.unknown == ()


def test_numbered_headings_need_a_dialect() -> None:
    with pytest.raises(FileRefusedError, match="没有公开的对照表。请用 --dialect"):
        table(["xy020101", "xy020102", "xy020103"])


def test_big5_is_recognised_by_its_headings() -> None:
    wrong = ["企業名稱", "處罰日期", "處罰機關"]
    as_read = ",".join(wrong).encode("big5").decode("gb18030")
    with pytest.raises(FileRefusedError, match="Big5"):
        table([as_read])


def test_a_mended_problems_file_comes_back() -> None:
    found = table([*GOOD, *ADDED])
    assert found.returned
    assert found.unknown == ()
    assert not table([*GOOD, "结果"]).returned


def test_a_dialect_says_what_a_source_means(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'kind = "penalty"\n[headings]\n"处理 意见" = "content"\n"违法事实" = "note"\n"经办人" = ""\n', "utf-8"
    )
    spoken = dialects.load(str(path), KINDS)
    dictionary = Dictionary(KINDS, spoken.kind, spoken.index())
    found = understand([(1, ["当事人", "处理意见", "违法事实", "经办人", "处罚日期"])], dictionary, {})
    assert fields(found) == ["subject_name", "content", "note", "", "decision_date"]
    assert found.unknown == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "penalties"', "no kind 'penalties'"),
        ('[headings]\n"甲" = "decision_dat"', "decision_date"),
        ('[columns]\n"甲" = "body"', "columns"),
        ('[with]\nbod = "甲"', "body"),
        ('[values.severty]\n"1" = "minor"', "severity"),
        ('[values.severity]\n"1" = "bad"', "minor"),
        ("kind = ", "cannot be read"),
    ],
)
def test_a_wrong_dialect_names_file_key_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(dialects.DialectError, match=said) as wrong:
        dialects.load(str(path), KINDS)
    assert str(path) in str(wrong.value)


def test_an_unknown_dialect_is_refused() -> None:
    with pytest.raises(dialects.DialectError, match="There is no dialect"):
        dialects.load("nowhere", KINDS)


def test_headings_in_two_lines_as_merged_cells_make_them() -> None:
    found = table(
        ["示范市行政处罚公示表"],
        ["序号", "行政相对人", "", "", "处罚决定", "", "", "违法事实", "处罚机关", ""],
        ["", "名称", "统一社会信用代码", "法定代表人", "文号", "日期", "内容", "", "名称", "代码"],
        ["1", "甲公司", "91360100MA35XXXX01", "王某", "一号", "2026-05-10", "罚款", "未公示", "示范局", ""],
    )
    assert (found.kind.id, found.row) == ("penalty", 3)
    assert fields(found) == [
        "",
        "subject_name",
        "unified_code",
        "legal_rep",
        "document_number",
        "decision_date",
        "content",
        "facts",
        "body",
        "body_code",
    ]
    assert found.columns[1].heading == "行政相对人名称"
    assert found.unknown == ()


def test_a_short_lower_heading_means_nothing_under_a_strange_one() -> None:
    found = table(
        ["行政相对人", "", "处罚决定", "", "送达回证", ""],
        ["名称", "统一社会信用代码", "文号", "日期", "名称", "日期"],
    )
    assert fields(found)[4:] == ["", ""]
    assert found.unknown == ("送达回证名称", "送达回证日期")


def test_a_row_of_data_with_known_words_is_no_second_line() -> None:
    found = table(
        [*GOOD, "处罚类别", "处罚内容"], ["甲公司", "一号", "违法行为", "2026-05-10", "罚款", "警告"]
    )
    assert found.row == 1
    assert fields(found)[:4] == ["subject_name", "document_number", "facts", "decision_date"]


def test_headings_in_both_languages_begin_with_the_first_line() -> None:
    assert table(["行政相对人名称", "处罚决定书文号", "违法事实", "处罚决定日期"], GOOD).row == 1


@pytest.mark.parametrize(
    "line",
    [
        "填报单位：元江县市场监督管理局",
        "报送单位：元氏县应急管理局",
        "填报单位: 元谋县林业局",
        "单位：元阳县民政局",
        "填报单位：元",
        "主管单位：万元镇人民政府",
    ],
)
def test_a_reporting_unit_is_no_unit_of_money(line: str) -> None:
    columns = table(["示范市行政处罚公示表"], [line], [*GOOD, "罚款金额"]).columns
    assert columns[-1].unit == ""


@pytest.mark.parametrize("line", ["单位：元", "（金额单位:人民币元）", "单位 元"])
def test_a_line_above_the_table_names_the_unit_of_its_amounts(line: str) -> None:
    found = table(["处罚公示表", "", line], [*GOOD, "罚款金额", "没收金额（万元）", "备注"])
    assert [column.unit for column in found.columns][-3:] == ["元", "万元", ""]


def test_a_title_does_not_tell_the_kind() -> None:
    with pytest.raises(FileRefusedError):
        table(["因行政处罚列入名单的企业"], ["企业名称", "决定日期", "文号"])
