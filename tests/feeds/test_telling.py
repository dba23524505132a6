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
    ],
)
def test_a_kind_is_known_by_its_headings(headings: list[str], kind: str) -> None:
    assert kind_of(headings) == kind


def test_a_list_of_abnormal_operations_never_becomes_a_serious_list() -> None:
    headings = ["企业名称", "统一社会信用代码", "列入日期", "列入原因", "列入机关"]
    with pytest.raises(FileRefusedError, match="--kind"):
        kind_of(headings)
    assert kind_of(headings, "serious-list") == "serious-list"


def test_headings_of_any_table_are_no_kind() -> None:
    with pytest.raises(FileRefusedError, match="--kind"):
        kind_of(["名称", "内容", "日期"])
