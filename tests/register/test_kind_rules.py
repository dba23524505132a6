"""What a kind may say beyond its fields: further parties, masked names, consent, small counts, ends, signs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from creditregister import kinds
from creditregister.kinds import search_parts
from creditregister.kinds.named import masked_names, without_persons
from creditregister.privacy import mask
from creditregister.projection import project
from support.town import unified

if TYPE_CHECKING:
    from creditregister.kinds import Kind

TRIAL = """
number = 60
zh = "试验信息"
en = "Trial"
sign = "neutral"
persons = "exact"
consent = "agreed"
required = [["subject_name"], ["decision_date"]]
identity = ["subject"]
date = "decision_date"
titles = [
  { zh = "{subject_name}与{other}", en = "{subject_name} and {other}" },
  { zh = "{subject_name}由{manager}", en = "{subject_name} by {manager}" },
  { zh = "{subject_name}", en = "{subject_name}" },
]
[catalogue]
entry = "试验"
source = "试验"
[state]
field = "status"
ends = "removed_on"
codes = { open = "normal", closed = "ended", revoked = "revoked" }
[signs]
field = "status"
codes = { open = "negative" }
[fields.subject_name]
zh = "名称"
en = "Name"
type = "name"
public = "shown"
[fields.decision_date]
zh = "日期"
en = "Date"
type = "date"
public = "shown"
[fields.other]
zh = "对方"
en = "Other party"
type = "name"
party = true
search = "title"
[fields.other_code]
zh = "对方代码"
en = "Other party's code"
type = "number_text"
needs = "other"
search = "number"
[fields.manager]
zh = "责任人"
en = "Manager"
type = "name"
person = true
public = { organisation = "masked", business = "masked" }
[fields.facts]
zh = "事实"
en = "Facts"
type = "long"
search = "text"
[fields.agreed]
zh = "同意"
en = "Agreed"
type = "flag"
[fields.cases]
zh = "件数"
en = "Cases"
type = "count"
[fields.status]
zh = "状态"
en = "Status"
type = "choice"
[fields.status.choices]
open = { zh = "开", en = "Open" }
closed = { zh = "关", en = "Closed" }
revoked = { zh = "撤", en = "Revoked" }
[fields.removed_on]
zh = "移出日期"
en = "Removed on"
type = "date"
"""
BASE = {"subject_name": "云泽甲有限公司", "decision_date": "2026-04-01"}


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Any:
    def make(text: str = TRIAL) -> Kind:
        folder = tmp_path_factory.mktemp("kinds")
        (folder / "trial.toml").write_text(text, "utf-8")
        return kinds.load(folder)["trial"]

    return make


@pytest.fixture(scope="module")
def trial(make: Any) -> Kind:
    kind: Kind = make()
    return kind


def public(kind: Kind, klass: str = "organisation", **content: str) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(project(kind, BASE | content, klass))
    return document


def test_an_organisation_as_further_party_is_shown_and_found(trial: Kind) -> None:
    document = public(trial, other="云泽乙股份有限公司", other_code="91990000MA00000012")
    assert document["title"]["zh"] == "云泽甲有限公司与云泽乙股份有限公司"
    assert document["fields"]["other_code"] == "91990000MA00000012"
    parts = search_parts(trial, document)
    assert (parts.title, parts.number) == (("云泽乙股份有限公司",), ("91990000MA00000012",))


def test_a_person_as_further_party_is_named_nowhere(trial: Kind) -> None:
    document = public(
        trial, other="王小明", other_code="92990000MA00000012", facts="王 小 明认为甲公司应当退还"
    )
    assert document["title"]["zh"] == "云泽甲有限公司与某某"
    assert document["fields"]["other"] == "某某"
    assert "other_code" not in document["fields"]
    assert document["fields"]["facts"] == "某某认为甲公司应当退还"
    assert "王" not in orjson.dumps(document).decode()


def test_of_several_parties_only_persons_lose_their_names(trial: Kind) -> None:
    document = public(trial, other="云泽乙有限公司、王小明；李四等3人")
    assert document["fields"]["other"] == "云泽乙有限公司、某某、某某"
    assert without_persons("云泽乙有限公司、丙厂") == ("云泽乙有限公司、丙厂", [])
    assert without_persons("") == ("", [])


@pytest.mark.parametrize(
    "other",
    [
        "王小明和李小红",
        "王小明 李小红",
        "户主王小明",
        "王小明等3人",
        "王小明户",
        "副总经理：王小明",
        "赵家村王小明",
        "云泽乙有限公司和王小明",
        "王小明与云泽乙有限公司",
    ],
)
def test_a_person_with_words_around_is_named_nowhere(trial: Kind, other: str) -> None:
    document = public(trial, other=other, facts="王小明应返还林地，李四作证")
    assert document["fields"]["other"] == "某某"
    assert document["fields"]["facts"] == "某某应返还林地，李四作证"
    parts = search_parts(trial, document)
    assert not any("王小明" in part or "李小红" in part for part in (*parts.title, *parts.text))


def test_a_party_whose_name_tells_nothing_needs_an_organisations_code(trial: Kind) -> None:
    assert public(trial, other="云泽新视野")["fields"]["other"] == "某某"
    for code, shown in ((unified(3), "云泽新视野"), (unified(3, "92"), "某某"), ("91", "某某")):
        assert public(trial, other="云泽新视野", other_code=code)["fields"]["other"] == shown
    assert public(trial, other="王小明", other_code=unified(3))["fields"]["other"] == "某某"
    assert without_persons("云泽和美食品有限公司") == ("云泽和美食品有限公司", [])


@pytest.mark.parametrize("manager", ["王小明等3人", "总经理王小明", "董事长兼总经理王小明", "王小明和欧阳锋"])
def test_masked_names_leave_the_texts_also_without_the_words_around_them(trial: Kind, manager: str) -> None:
    document = public(trial, manager=manager, facts="王小明作出决定")
    assert document["fields"]["facts"] == "某某作出决定"


def test_names_are_masked_in_their_field_and_gone_from_title_and_texts(trial: Kind) -> None:
    document = public(trial, manager="王小明（总经理）、欧阳锋", facts="王小明与欧阳锋作出决定")
    assert document["fields"]["manager"] == "王某某、欧阳某"
    assert document["fields"]["facts"] == "某某与某某作出决定"
    assert document["title"]["zh"] == "云泽甲有限公司"
    assert "manager" not in public(trial, "person", agreed="yes", manager="王小明")["fields"]


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王某某"),
        ("王明", "王某"),
        ("王", "王某"),
        ("欧阳小明", "欧阳某某"),
        ("艾力·买买提", "艾某某"),
        ("王某某", "王某某"),
        ("王**", "王某某"),
        ("阿卜杜热合曼", "阿某某"),
    ],
)
def test_a_masked_name_keeps_the_surname(name: str, masked: str) -> None:
    assert mask.name(name) == masked
    assert mask.name(masked) == masked
    assert masked_names(f"{name}（经理）；{name}") == f"{masked}、{masked}"


def test_a_person_is_shown_only_with_consent(trial: Kind) -> None:
    person = BASE | {"subject_name": "王小明"}
    assert trial.withheld(person, "person") == "consent"
    assert project(trial, person, "person") == b""
    assert project(trial, person | {"agreed": "no"}, "person") == b""
    assert project(trial, person | {"agreed": "yes"}, "person") != b""
    assert trial.withheld(BASE, "organisation") == ""
    assert project(trial, BASE, "business") != b""


def test_a_small_count_keeps_a_record_from_the_public(make: Any) -> None:
    few = make(TRIAL.replace('type = "count"', 'type = "count"\nleast = 5'))
    for cases in ("0", "4", "", "five"):
        assert few.withheld(BASE | {"cases": cases}, "organisation") == "few"
        assert project(few, BASE | {"cases": cases}, "organisation") == b""
    assert project(few, BASE | {"cases": "5"}, "organisation") != b""
    assert few.withheld(BASE | {"cases": "5"}, "person") == "consent"


@pytest.mark.parametrize(
    ("content", "state"),
    [
        ({}, "normal"),
        ({"status": "closed"}, "ended"),
        ({"removed_on": "2026-05-01"}, "ended"),
        ({"removed_on": "2026-Q2", "status": "open"}, "ended"),
        ({"removed_on": "长期"}, "normal"),
        ({"removed_on": ""}, "normal"),
        ({"removed_on": "2026-05-01", "status": "revoked"}, "revoked"),
    ],
)
def test_a_day_of_removal_ends_a_record(trial: Kind, content: dict[str, str], state: str) -> None:
    assert trial.state_of(BASE | content) == state
    assert public(trial, **content)["state"] == state


def test_a_sign_may_depend_on_the_record(trial: Kind) -> None:
    assert trial.sign_of({"status": "open"}) == "negative"
    assert trial.sign_of({"status": "closed"}) == "neutral"
    assert trial.sign_of({}) == "neutral"
    assert trial.sign_of(public(trial, status="open")["fields"]) == "negative"


def test_one_of_several_codes_may_be_a_must(make: Any) -> None:
    either = make(TRIAL.replace('zh = "状态"', 'must = ["open", "closed"]\nzh = "状态"'))
    assert list(either.forbidding({"status": "open"})) == []
    assert [entry.id for entry in either.forbidding({"status": "revoked"})] == ["status"]
