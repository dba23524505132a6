"""Rows: everything wrong with a row at once, what is refused, held, warned; nothing personal gets through."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from creditregister.privacy import leak
from support import tables
from support.naughty import CATEGORIES
from support.town import identity, unified

if TYPE_CHECKING:
    from pathlib import Path

    from creditindex.feeds.rows import Taken

STRINGS = [text for texts in CATEGORIES.values() for text in texts if "\0" not in text]


def take(folder: Path, **changes: str) -> Taken:
    return tables.read(tables.write(folder / "one.csv", [tables.penalty() | changes]), "penalty")[0]


def test_a_good_row_becomes_a_record(tmp_path: Path) -> None:
    taken = take(tmp_path)
    assert taken.delivered is not None
    assert taken.problems == []
    assert taken.delivered.key == '["云泽市示范监管局","云市监罚(2026)1号"]'
    assert taken.delivered.decided == "2026-05-20"
    assert taken.delivered.area == "990100"
    public = json.loads(taken.delivered.public)
    assert public["fields"]["fine_amount"] == "1"
    assert public["fields"]["penalty_kind"] == ["fine"]


def test_all_errors_of_a_row_are_said_at_once_each_with_its_column(tmp_path: Path) -> None:
    changes = {
        "处罚决定日期": "2026-13-40",
        "罚款金额（万元）": "很多",
        "统一社会信用代码": "91990100MA0000011",
        "行政相对人名称": "",
    }
    taken = take(tmp_path, **changes)
    assert taken.outcome == "refused"
    found = {(problem.code, problem.message.partition("：")[0]) for problem in taken.problems}
    assert found == {
        ("no_such_day", "第 2 行“处罚决定日期”列"),
        ("money", "第 2 行“罚款金额（万元）”列"),
        ("code-check", "第 2 行“统一社会信用代码”列"),
        ("required", "第 2 行"),
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"处罚决定日期": "2026-06-02"}, "future"),
        ({"处罚决定日期": "长期"}, "date-open"),
        ({"处罚决定日期": ""}, "required"),
        ({"违法事实": "", "处罚内容": ""}, "required"),
        ({"处罚有效期": "2026-05-19"}, "end-before-start"),
        ({"公示截止期": "2025-05-19"}, "end-before-start"),
        ({"信息使用范围": "内部共享"}, "scope"),
        ({"行政相对人名称": "张三 13800138000"}, "number-in-text"),
    ],
)
def test_what_refuses_a_row(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    taken = take(tmp_path, **changes)
    assert taken.outcome == "refused"
    assert ("refused", code) in tables.codes(taken)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"处罚机关统一社会信用代码": unified(3)}, "body-code"),
        ({"处罚机关统一社会信用代码": "12"}, "body-code"),
        ({"失信严重程度": "很坏"}, "unknown-value"),
        ({"违法事实": "当事人的员工电话13800138000，已整改。"}, "redacted"),
    ],
)
def test_what_only_warns(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    taken = take(tmp_path, **changes)
    assert taken.outcome == "delivered"
    assert ("warned", code) in tables.codes(taken)


@pytest.mark.parametrize(
    ("kind", "cells", "code"),
    [
        ("consumer-complaints", {"统计开始日期": "2026-05-10", "统计结束日期": "2026-03-31", "投诉件数": "12"}, "end-before-start"),
        (
            "interview",
            {"约谈时间": "2026-05-10", "办结时间": "2026-05-09", "约谈单位": "云泽市某局", "约谈事项": "食品安全"},
            "end-before-start",
        ),
        (
            "measure",
            {
                "措施名称": "增加检查频次", "措施开始日期": "2026-01-10", "实施单位": "云泽市某局", "措施状态": "监管中",
                "中止日期": "2026-05-10", "恢复执行日期": "2026-05-09",
            },
            "end-before-start",
        ),
        (
            "market-ban",
            {"市场禁入决定日期": "2027-05-10", "禁入开始日期": "2026-05-09", "禁入机关": "云泽市某局", "市场禁入内容": "不得从业"},
            "future",
        ),
    ],
)  # fmt: skip
def test_no_day_contradicts_another(tmp_path: Path, kind: str, cells: dict[str, str], code: str) -> None:
    company = {"企业名称": "云泽市甲食品有限公司", "统一社会信用代码": unified(1)}
    (taken,) = tables.read(tables.write(tmp_path / "one.csv", [company | cells]), kind)
    assert tables.codes(taken) & {
        ("refused", "end-before-start"),
        ("refused", "future"),
        ("refused", "required"),
    } == {("refused", code)}


def test_an_unknown_word_that_may_not_be_published_is_said_once(tmp_path: Path) -> None:
    taken = take(tmp_path, 信息使用范围="随意")
    assert taken.outcome == "refused"
    (said,) = [each.message for each in taken.problems if each.field == "use_scope"]
    assert "“随意”不在代码表中" in said
    assert "请改正" in said


def test_a_date_of_today_and_a_quarter_that_still_runs_are_no_future(tmp_path: Path) -> None:
    assert take(tmp_path, 处罚决定日期="2026-06-01").outcome == "delivered"
    assert take(tmp_path, 处罚决定日期="2026年第二季度").outcome == "delivered"


def test_what_was_decided_and_takes_effect_later_waits_and_is_no_future(tmp_path: Path) -> None:
    """A ban that was decided is delivered before its first day (FEATURES C6); the rules let it wait."""
    ban = {
        "被禁入人": "云泽甲1电子商务有限公司",
        "统一社会信用代码": unified(1),
        "禁入决定书文号": "云禁〔2026〕1号",
        "市场禁入领域": "食品药品",
        "禁入决定内容": "一年内不得从事食品经营",
        "市场禁入决定日期": "2026-05-20",
        "禁入起始日期": "2026-09-01",
        "禁入结束日期": "2027-08-31",
        "禁入决定机关": "云泽市示范监管局",
    }

    def problems(**changes: str) -> set[str]:
        path = tables.write(tmp_path / "ban.csv", [ban | changes])
        return {
            each.code for each in tables.read(path, "market-ban")[0].problems if each.outcome == "refused"
        }

    assert problems() == set()
    assert problems(市场禁入决定日期="2026-08-01") == {"future"}
    assert problems(市场禁入决定日期="") == {"future"}


@pytest.mark.parametrize(
    ("given", "kept", "warned"),
    [
        ("990100", "990100", False),
        ("990100001002", "990100", False),
        ("9901", None, True),
        ("云泽市", None, True),
    ],
)
def test_an_area_is_six_digits(tmp_path: Path, given: str, kept: str | None, warned: object) -> None:
    taken = take(tmp_path, 地方编码=given)
    assert taken.delivered is not None
    assert tables.content(taken).get("area_code") == kept
    assert len(taken.delivered.area) == 6
    assert (("warned", "area-code") in tables.codes(taken)) is warned


def test_welfare_is_never_by_name_in_a_record_of_an_organisation(tmp_path: Path) -> None:
    home = {
        "给付对象": "云泽市示范敬老院",
        "统一社会信用代码": unified(1, "12"),
        "行政给付决定文书号": "云民〔2026〕1号",
        "行政给付决定文书名称": "关于给予王小明临时救助的决定",
        "给付项目": "关于给予王小明临时救助",
        "给付内容": "救助对象王小明，低保户，发放补助3000元",
        "给付决定日期": "2026-05-20",
        "给付机关": "云泽市示范民政局",
    }
    (taken,) = tables.read(tables.write(tmp_path / "home.csv", [home]), "benefit")
    assert taken.delivered is not None, taken.problems
    assert taken.outcome == "delivered"
    assert "王小明" not in taken.delivered.public.decode()
    for text in ("王小明、李小红各补助1000元", "向李小红发放补助"):
        (taken,) = tables.read(tables.write(tmp_path / "home.csv", [home | {"给付内容": text}]), "benefit")
        assert (taken.outcome, ("held", "redaction") in tables.codes(taken)) == ("held", True)


def test_redacted_text_goes_with_its_original_among_the_secrets(tmp_path: Path) -> None:
    text = f"经查，证人李丁戊（身份证号{identity(2)}）看见当事人未公示信息。"
    taken = take(tmp_path, 违法事实=text)
    assert taken.delivered is not None, [problem.message for problem in taken.problems]
    assert taken.delivered.secrets["facts"] == text
    assert not leak.scan(taken.delivered.public.decode())
    assert identity(2) not in taken.delivered.content
    assert "李丁戊" not in taken.delivered.content


def test_numbers_of_persons_leave_every_field(tmp_path: Path) -> None:
    """Wherever a number of a person is put, it never stands in content, public bytes, key or messages."""
    for number in (identity(3), "13800138000"):
        for column in (*tables.PENALTY, "证件号码", "备注", "行政处罚决定书名称", "税务登记号"):
            before = tables.penalty().get(column, "")
            taken = take(tmp_path, **{column: f"{before}，{number}"})
            said = " ".join(problem.message for problem in taken.problems)
            assert number not in said, column
            if taken.delivered is not None:
                assert number not in taken.delivered.content, column
                assert number not in taken.delivered.public.decode(), column
                assert number not in taken.delivered.key, column


def test_the_same_record_again(tmp_path: Path) -> None:
    rows = [
        tables.penalty(1),
        tables.penalty(2),
        tables.penalty(1),
        tables.penalty(1, 处罚内容="罚款二万元。"),
        tables.penalty(2, 行政处罚决定书文号="云市监罚[2026]2号", 处罚内容="警告。"),
    ]
    taken = tables.read(tables.write(tmp_path / "twice.csv", rows))
    assert [each.outcome for each in taken] == ["delivered", "delivered", "unchanged", "refused", "refused"]
    assert "与第 2 行是同一条信息" in taken[3].problems[0].message
    assert "与第 3 行是同一条信息" in taken[4].problems[0].message


def test_quarters_and_rows_without_a_number_do_not_collapse(tmp_path: Path) -> None:
    names = ["时间", "区域", "企业名称", "处罚结果", "整改情况"]
    first = "2017年第一季度重点监控企业主要污染物排放严重超标和处罚情况"
    second = first.replace("第一", "第二")
    rows = [
        dict(zip(names, [first, "云泽省", "云泽市污水处理厂", "罚款四万元。", "已整改"], strict=True)),
        dict(zip(names, [second, "云泽省", "云泽市污水处理厂", "罚款四万元。", "已整改"], strict=True)),
        dict(zip(names, [second, "云泽省", "云泽市污水处理厂", "罚款五万元。", "已整改"], strict=True)),
        dict(zip(names, [second, "云泽省", "云泽市污水处理厂", "罚款五万元。", "已整改"], strict=True)),
    ]
    taken = tables.read(tables.write(tmp_path / "quarters.csv", rows))
    assert [each.outcome for each in taken] == ["delivered"] * 3 + ["unchanged"]
    made = [each.delivered for each in taken if each.delivered]
    assert [each.decided for each in made] == ["2017-01-01", "2017-04-01", "2017-04-01"]
    assert [each.key for each in made] == ["", "", ""]
    assert tables.content(taken[0])["document_name"] == first


def test_blank_rows_do_not_count_but_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    lines = tables.text([tables.penalty(1), tables.penalty(2, 处罚决定日期="昨天")]).splitlines()
    path.write_text("\n".join([lines[0], "", lines[1], "," * 5, " , ,\u3000", lines[2], ""]), "utf-8")
    taken = tables.read(path)
    assert [each.outcome for each in taken] == ["delivered", "refused"]
    assert taken[1].problems[0].row == 6


def test_a_row_with_more_cells_than_headings_is_refused(tmp_path: Path) -> None:
    path = tables.write(tmp_path / "wide.csv", [tables.penalty()])
    path.write_text(path.read_text("utf-8").rstrip() + ",多出的一格\n", "utf-8")
    assert ("refused", "columns") in tables.codes(tables.read(path)[0])


def test_two_columns_for_one_field_must_agree_and_lists_are_joined(tmp_path: Path) -> None:
    agree = {"处罚类别": "罚款", "CF_CFLB2": "警告", "CF_WSH": tables.penalty()["行政处罚决定书文号"]}
    taken = take(tmp_path, **agree)
    assert tables.content(taken)["penalty_kind"] == ["fine", "warning"]
    assert ("refused", "two-columns") in tables.codes(take(tmp_path, CF_WSH="另一号"))


def test_values_from_outside_fill_only_what_a_row_lacks(tmp_path: Path) -> None:
    path = tables.write(tmp_path / "given.csv", [tables.penalty(1), tables.penalty(2, 处罚机关="")])
    taken = tables.read(path, "penalty", {"body": "云泽市另一局", "失信严重程度": "一般"})
    assert [tables.content(each)["body"] for each in taken] == ["云泽市示范监管局", "云泽市另一局"]
    assert {tables.content(each)["severity"] for each in taken} == {"general"}


def test_the_last_debtor_date_stands_in_and_says_so(tmp_path: Path) -> None:
    row = {
        "iname": "云泽市甲一食品有限公司", "cardNum": unified(1)[8:17], "courtName": "云泽市示范人民法院",
        "caseCode": "（2026）泽01执1号", "publishDate": "2026-05-01", "duty": "偿还借款。", "partyTypeName": "581",
    }  # fmt: skip
    taken = tables.read(tables.write(tmp_path / "debtor.csv", [row]))[0]
    assert tables.codes(taken) == {("warned", "date-fallback")}
    assert taken.delivered is not None
    assert taken.delivered.codes == {"organisation": unified(1)[8:17]}
    assert taken.delivered.secrets == {}


def test_a_person_is_found_by_number_or_case_and_shown_masked(tmp_path: Path) -> None:
    row = {
        "iname": "张乙丙", "cardNum": identity(4), "courtName": "云泽市示范人民法院", "age": "41", "sexy": "男",
        "caseCode": "（2026）泽01执2号", "publishDate": "2026-05-01", "duty": "偿还借款。", "partyTypeName": "580",
    }  # fmt: skip
    made = tables.read(tables.write(tmp_path / "debtor.csv", [row]))[0].delivered
    assert made is not None
    assert (made.klass, made.number, made.case) == ("person", identity(4), "（2026）泽01执2号")
    shown = json.loads(made.public)["fields"]["identity_number"]
    assert shown == identity(4)[:4] + "*" * 12 + identity(4)[-2:]


@pytest.mark.parametrize("kind", list(tables.KINDS))
def test_no_string_in_any_column_makes_a_traceback(tmp_path: Path, kind: str) -> None:
    fields = tables.KINDS[kind].fields
    rows = [dict.fromkeys((field.label.zh for field in fields), text) for text in STRINGS]
    taken = tables.read(tables.write(tmp_path / "naughty.csv", rows), kind)
    for each in taken:
        assert each.outcome in ("refused", "held", "delivered", "unchanged")
        assert all(problem.message.isprintable() for problem in each.problems)


def test_no_string_in_a_single_column_makes_a_traceback(tmp_path: Path) -> None:
    for column in tables.PENALTY:
        rows = [tables.penalty(number) | {column: text} for number, text in enumerate(STRINGS, 1)]
        for each in tables.read(tables.write(tmp_path / "naughty.csv", rows), "penalty"):
            if each.delivered is not None:
                json.loads(each.delivered.public)
                json.loads(each.delivered.content)
