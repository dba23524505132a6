"""Why a row stands among the results: read off the record, field by field, renamed subjects included."""

from __future__ import annotations

from typing import Any

import pytest

from creditindex.query import NameHit
from creditregister import kinds
from creditregister.text import fold
from creditsite import reasons

PENALTY, DEBTOR = (kinds.load()[name] for name in ("penalty", "dishonest-debtor"))
CODE = "91350100M000100Y43"  # the example of GB 32100-2015 itself


def document(**values: Any) -> dict[str, Any]:
    return {
        "name": "云泽晨光食品有限公司",
        "codes": {"unified": CODE, "registration": "110108000000016"},
        "body": "云泽市市场监督管理局",
        "fields": {"facts": "标签不合格", "document_number": "云市监罚〔2026〕3号"},
    } | values


def told(text: str, current: str = "", **values: Any) -> list[str]:
    found = reasons.of_record(PENALTY, document(**values), [fold(text)], current)
    return [f"{each.label.zh}/{each.field.zh}" if each.field else each.label.zh for each in found]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (CODE, ["代码/统一社会信用代码"]),
        (CODE[:8], ["代码/统一社会信用代码"]),
        (CODE[8:16] + "-" + CODE[16], ["旧代码/组织机构代码"]),
        ("110108000000016", ["旧代码/工商注册号"]),
        ("晨光", ["名称"]),
        ("晨光有误", []),
        ("", []),
        ("标签不合格", ["违法事实"]),
        ("〔2026〕3号", ["行政处罚决定书文号"]),
    ],
)
def test_the_first_place_from_codes_to_contents(text: str, reason: list[str]) -> None:
    assert told(text) == reason


def test_a_name_that_the_subject_no_longer_bears_is_a_former_one() -> None:
    assert told("晨光", "云泽朝霞食品有限公司") == ["曾用名"]
    assert told("食品", "云泽朝霞食品有限公司") == ["名称"]


def test_another_case_in_a_record_is_a_related_one_and_is_shown() -> None:
    fields = {"case_number": "（2026）云9901执7号", "basis_number": "（2025）云9901民初字第05号"}
    (reason,) = reasons.of_record(DEBTOR, document(fields=fields), ["(2025)云9901民初5号"])
    assert (reason.label, reason.field) == (reasons.RELATED, DEBTOR.by_id["basis_number"].label)
    assert reason.text == [("（2025）云9901民初字第05号", True)]


def test_each_needle_gives_its_own_reason_once() -> None:
    found = reasons.of_record(PENALTY, document(), ["晨光", "食品", "标签", "不合格"])
    assert [each.label.zh for each in found] == ["名称", "违法事实"]


def test_a_subject_says_how_its_name_fits_and_whether_it_is_a_former_one() -> None:
    hit = NameHit(1, CODE, "云泽晨光食品有限公司", current=False, how="containing")
    assert [each.zh for each in reasons.of_subject(hit, former=True)] == ["曾用名", "名称含有"]
    assert [each.zh for each in reasons.of_subject(None, former=False)] == ["代码"]
