"""Without ``--kind`` a table is taken for a kind only if a heading is that kind's own."""

from __future__ import annotations

import pytest

from creditindex.feeds.headings import Dictionary, understand
from creditindex.feeds.problems import FileRefusedError
from creditregister import kinds

KINDS = kinds.load()


def kind_of(headings: list[str], chosen: str = "") -> str:
    return understand([(1, headings)], Dictionary(KINDS, chosen, {}), {}).kind.id


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (["企业名称", "工商注册号", "组织机构代码", "统一信用代码", "失信领域"], "serious-list"),
        (["时间", "区域", "企业名称", "处罚结果", "整改情况"], "penalty"),
        (["行政相对人名称", "行政许可决定文书号", "许可内容", "许可决定日期"], "licence"),
        (["行政相对人名称", "强制种类", "决定日期", "强制机关"], "enforcement"),
        (["案号", "被执行人姓名/名称", "执行法院", "立案时间"], "dishonest-debtor"),
        (["iname", "cardNum", "caseCode", "duty"], "dishonest-debtor"),
        (["承诺主体", "承诺日期", "受理单位"], "commitment"),
        (["行政相对人名称", "确认事项", "确认结果", "确认日期", "确认机关"], "confirmation"),
        (["QR_XDR_MC", "QR_XDR_SHXYM", "QR_WSH", "QR_JDRQ", "QR_JG"], "confirmation"),
        (["缴费单位", "征收项目", "征收金额（元）", "缴纳期限", "征收决定日期"], "levy"),
        (["单位名称", "补贴项目", "补贴金额", "发放日期", "发放单位"], "benefit"),
        (["申请人", "被申请人", "裁决事项", "裁决结果", "裁决日期", "裁决机关"], "ruling"),
        (["被征收人", "补偿事由", "补偿金额", "补偿决定日期", "补偿机关"], "compensation"),
        (["获奖单位", "荣誉称号", "表彰文号", "表彰时间", "授予单位"], "reward"),
        (["检查对象名称", "抽查计划编号", "抽查事项", "检查结果", "检查日期", "检查机关"], "inspection"),
        (["JC_XDR_MC", "JC_XDR_SHXYM", "JC_JHBH", "JC_JG_LB", "JC_JDRQ"], "inspection"),
        (["姓名或名称", "诉讼角色", "虚假诉讼情形", "案号", "认定法院", "文书生效日期"], "false-litigation"),
        (["企业名称", "注册号", "列入经营异常名录原因", "列入日期", "列入机关"], "abnormal-operations"),
        (["被禁入人", "禁入领域", "禁入期限", "禁入起始日期", "禁入决定机关"], "market-ban"),
        (["企业名称", "统一社会信用代码", "综合评价等级", "评价日期", "评价单位"], "rating"),
        (["被约谈单位", "约谈事由", "约谈日期", "整改期限", "约谈机关"], "interview"),
        (["欠款单位", "欠款事项", "拖欠金额（万元）", "到期日", "清偿情况"], "arrears"),
        (["被投诉企业名称", "统计期间", "投诉件数", "主要投诉问题", "解决率"], "consumer-complaints"),
        (["主体名称", "奖惩类型", "措施名称", "措施细则", "实施单位", "实施日期"], "measure"),
    ],
)
def test_a_kind_is_known_by_its_headings(headings: list[str], kind: str) -> None:
    assert kind_of(headings) == kind


def test_a_list_of_abnormal_operations_never_becomes_a_serious_list() -> None:
    headings = ["企业名称", "统一社会信用代码", "列入日期", "列入原因", "列入机关"]
    with pytest.raises(FileRefusedError, match="--kind"):
        kind_of(headings)
    assert kind_of(headings, "serious-list") == "serious-list"


@pytest.mark.parametrize("grade", ["失信严重程度", "失信行为严重程度", "处罚等级", "失信等级"])
def test_a_column_with_the_grade_tells_no_kind(grade: str) -> None:
    """Tables of many kinds have it; a list of abnormal operations must not become something graver by it."""
    headings = ["企业名称", "统一社会信用代码", "列入日期", "列入原因", "列入机关", grade]
    with pytest.raises(FileRefusedError, match="--kind"):
        kind_of(headings)
    told = kind_of(["企业名称", "约谈事由", "约谈日期", "约谈机关", grade])
    assert told == "interview"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "abnormal-operations"])
def test_a_table_with_all_labels_of_a_kind_is_that_kind(kind: str) -> None:
    assert kind_of([entry.label.zh for entry in KINDS[kind].fields]) == kind


def test_wages_that_a_company_owes_are_no_arrears_of_the_government() -> None:
    with pytest.raises(FileRefusedError, match="--kind"):
        kind_of(["单位名称", "法定代表人", "拖欠金额", "拖欠人数", "列入日期"])


def test_headings_of_any_table_are_no_kind() -> None:
    with pytest.raises(FileRefusedError, match="--kind"):
        kind_of(["名称", "内容", "日期"])
