"""What each shipped kind shows of whom: the promises that its file makes to people (DOMAIN 1.6 and 1.7)."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from creditregister import kinds
from creditregister.kinds import normal_heading, search_parts
from creditregister.projection import project

KINDS = kinds.load()
COMPANY = {
    "subject_name": "云泽甲有限公司",
    "unified_code": "91990000MA00000012",
    "decision_date": "2026-04-01",
    "body": "云泽市某局",
}
#: Kinds that no natural person is ever shown in, not even by exact look-up.
NEVER = {
    "enforcement", "commitment", "confirmation", "levy", "benefit", "ruling", "compensation", "inspection",
    "rating", "interview", "arrears", "consumer-complaints", "measure",
}  # fmt: skip


def public(kind: str, klass: str = "organisation", **content: Any) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(project(KINDS[kind], COMPANY | content, klass))
    return document


@pytest.mark.parametrize("kind", list(KINDS))
def test_persons_are_shown_by_exact_look_up_or_not_at_all(kind: str) -> None:
    assert (KINDS[kind].persons == "never") == (kind in NEVER)
    if kind in NEVER:
        everything = {entry.id: "yes" for entry in KINDS[kind].fields}
        assert project(KINDS[kind], everything, "person") == b""


@pytest.mark.parametrize(
    ("kind", "headings"),
    [
        ("benefit", ["受益人名单", "发放名单", "银行账号", "家庭成员"]),
        ("inspection", ["检查人员", "执法证号"]),
        ("rating", ["得分", "排名"]),
        ("interview", ["约谈记录", "约谈笔录", "会议纪要", "被约谈人", "约谈人员"]),
        ("arrears", ["责任人", "分管领导", "问责情况", "处分情况", "经办人", "联系电话"]),
        ("consumer-complaints", ["投诉人", "投诉人电话", "消费者姓名", "投诉内容", "工单编号"]),
    ],
)
def test_columns_that_must_not_even_be_kept_are_known_and_dropped(kind: str, headings: list[str]) -> None:
    for heading in headings:
        assert KINDS[kind].match(heading) is None
        assert normal_heading(heading) in KINDS[kind].ignored_headings


def test_a_reward_to_a_person_needs_consent() -> None:
    person = {"subject_name": "王小明", "award": "见义勇为先进个人", "decision_date": "2026-04-01"}
    assert project(KINDS["reward"], person, "person") == b""
    document = orjson.loads(project(KINDS["reward"], person | {"consent_public": "yes"}, "person"))
    assert document["fields"]["award"] == "见义勇为先进个人"
    assert "consent_public" not in document["fields"]


def test_few_complaints_are_not_shown() -> None:
    complaints: dict[str, Any] = {"period_to": "2026-Q1", "matters": ["price"]}
    for few in ("0", "1", "4"):
        assert (
            project(KINDS["consumer-complaints"], COMPANY | complaints | {"complaints": few}, "business")
            == b""
        )
    document = public("consumer-complaints", complaints="5", **complaints)
    assert (document["date"], document["decided"]) == ("2026-Q1", "2026-01-01")


def test_the_other_party_of_a_ruling_is_named_if_it_is_an_organisation() -> None:
    company = public("ruling", other_party="云泽乙矿业有限公司", other_party_code="91990000MA0000002X")
    assert company["title"]["zh"] == "云泽市某局就云泽甲有限公司与云泽乙矿业有限公司的争议作出行政裁决"
    assert search_parts(KINDS["ruling"], company).number == ("91990000MA0000002X",)
    person = public(
        "ruling",
        other_party="王小明",
        other_role="respondent",
        facts="王小明占用林地",
        content="王小明应返还",
    )
    assert "小明" not in orjson.dumps(person).decode()
    assert "other_role" not in person["fields"]


def test_responsible_persons_of_a_ban_are_masked_and_not_searched() -> None:
    document = public("market-ban", responsible_persons="王小明、欧阳锋", facts="王小明、欧阳锋指使伪造记录")
    assert document["fields"]["responsible_persons"] == "王某某、欧阳某"
    assert "小明" not in document["fields"]["facts"]
    parts = search_parts(KINDS["market-ban"], document)
    assert all("王" not in text and "欧阳" not in text for text in (*parts.title, *parts.text))
    person = public("market-ban", "person", subject_name="王小明", employer="云泽甲有限公司", valid_to="长期")
    assert person["fields"]["employer"] == "云泽甲有限公司"


def test_the_eight_fields_of_the_plan_are_the_fields_of_a_ban() -> None:
    labels = [choice.label.zh for choice in KINDS["market-ban"].field("ban_field").choices]
    assert labels == [
        "食品药品", "生态环境", "工程质量", "安全生产", "消防安全", "养老托幼", "医疗保障", "城市运行安全",
    ]  # fmt: skip


def test_the_creditor_of_the_government_is_hidden_in_the_texts_too() -> None:
    document = public(
        "arrears", due_on="2026-01-31", creditor="云泽丙建设有限公司", matter="云泽丙建设有限公司道路工程款"
    )
    assert "丙建设" not in orjson.dumps(document).decode()
    assert document["fields"]["matter"] == "某某道路工程款"


def test_an_address_is_sealed_and_a_number_masked() -> None:
    litigant = KINDS["false-litigation"]
    assert litigant.field("address").type == "secret"
    assert set(litigant.field("address").public.values()) == {"hidden"}
    assert litigant.field("identity_number").public["person"] == "masked"


@pytest.mark.parametrize(
    ("kind", "fields", "sign"),
    [
        ("inspection", {"result": "passed"}, "neutral"),
        ("inspection", {"result": "failed"}, "negative"),
        ("inspection", {"result": "unreachable"}, "negative"),
        ("inspection", {}, "neutral"),
        ("rating", {"grade": "excellent"}, "positive"),
        ("rating", {"grade": "poor"}, "negative"),
        ("rating", {"grade": "good"}, "neutral"),
        ("measure", {"theme": "reward"}, "positive"),
        ("measure", {"theme": "punishment"}, "negative"),
        ("measure", {}, "negative"),
        ("penalty", {}, "negative"),
    ],
)
def test_signs(kind: str, fields: dict[str, str], sign: str) -> None:
    assert KINDS[kind].sign_of(fields) == sign


@pytest.mark.parametrize(
    ("kind", "content", "state"),
    [
        ("abnormal-operations", {}, "normal"),
        ("abnormal-operations", {"removal_date": "2026-05-01"}, "ended"),
        ("abnormal-operations", {"current_status": "removed"}, "ended"),
        ("false-litigation", {"removal_date": "2026-05-01"}, "ended"),
        ("market-ban", {"released_on": "2026-05-01"}, "ended"),
        ("market-ban", {"released_on": "长期"}, "normal"),
        ("interview", {"rectification": "open"}, "normal"),
        ("interview", {"rectification": "done"}, "fulfilled"),
        ("interview", {"rectification": "overdue"}, "overdue"),
        ("arrears", {"clearing": "part"}, "normal"),
        ("arrears", {"clearing": "cleared"}, "ended"),
        ("arrears", {"cleared_on": "2026-05-01"}, "ended"),
        ("measure", {"current_status": "suspended"}, "other"),
        ("measure", {"current_status": "deleted"}, "ended"),
        ("levy", {"current_status": "revoked"}, "revoked"),
    ],
)
def test_states(kind: str, content: dict[str, str], state: str) -> None:
    assert KINDS[kind].state_of(content) == state


@pytest.mark.parametrize(
    ("kind", "content", "forbidden"),
    [
        ("rating", {"grade": "poor"}, []),
        ("rating", {"grade": "AAA"}, ["grade"]),
        ("measure", {"current_status": "pending"}, ["current_status"]),
        ("measure", {"current_status": "active"}, []),
        ("inspection", {"use_scope": "internal"}, ["use_scope"]),
    ],
)
def test_what_may_not_be_published_is_refused(
    kind: str, content: dict[str, str], forbidden: list[str]
) -> None:
    assert [entry.id for entry in KINDS[kind].forbidding(content)] == forbidden


def test_a_new_round_of_ratings_is_the_same_record() -> None:
    assert KINDS["rating"].identity == ("body", "subject")
