"""The shipped kinds: what their files say, how headings find their fields, what rows lack or forbid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from creditregister import kinds
from creditregister.kinds import CLASSES, heading_unit, normal_heading

if TYPE_CHECKING:
    from pathlib import Path

#: In the order of their numbers, which are never given again.
IDS = [
    "licence", "penalty", "enforcement", "dishonest-debtor", "commitment", "serious-list", "confirmation",
    "levy", "benefit", "ruling", "compensation", "reward", "inspection", "false-litigation",
    "abnormal-operations", "market-ban", "rating", "interview", "arrears", "consumer-complaints", "measure",
]  # fmt: skip
#: The eight other administrative acts of the plan and the letters before their codes (DOMAIN 1.6).
ACTS = {
    "confirmation": "QR", "levy": "ZS", "benefit": "JF", "ruling": "CJ", "compensation": "BC", "reward": "JL",
    "inspection": "JC", "enforcement": "QZ",
}  # fmt: skip
KINDS = kinds.load()

#: Codes of provincial systems and older platforms (DOMAIN 1.1 and 1.2), and the fields they must reach.
SUBJECT = {
    "XDR_MC": "subject_name",
    "XDR_LB": "subject_type",
    "XDR_SHXYM": "unified_code",
    "XDR_GSZC": "registration_number",
    "XDR_ZZJG": "organisation_code",
    "XDR_SWDJ": "tax_number",
    "XDR_SYDW": "institution_number",
    "XDR_SHZZ": "social_number",
    "FRDB": "legal_rep",
    "FR_ZJHM": "legal_rep_number",
    "FR_SFZH": "legal_rep_number",
    "XDR_ZJLX": "identity_type",
    "XDR_ZJHM": "identity_number",
    "WSH": "document_number",
    "NR": "content",
    "JDRQ": "decision_date",
    "ZT": "current_status",
}
LICENCE = {
    "XK_XKWS": "document_name",
    "XK_XKLB": "licence_kind",
    "XK_XKZS": "certificate_name",
    "XK_XKBH": "certificate_number",
    "XK_YXQZ": "valid_from",
    "XK_YXQZI": "valid_to",
    "XK_XKJG": "body",
    "XK_XKJGDM": "body_code",
    "XK_LYDW": "source_unit",
    "XK_LYDWDM": "source_code",
    "BZ": "note",
}
PENALTY = {
    "CF_WFXW": "violation_kind",
    "CF_SY": "facts",
    "CF_YJ": "basis",
    "CF_CFLB": "penalty_kind",
    "CF_CFLB1": "penalty_kind",
    "CF_CFLB2": "penalty_kind",
    "CF_NR_FK": "fine_amount",
    "CF_NR_WFFF": "confiscated_amount",
    "CF_NR_ZKDX": "licence_taken",
    "CF_YXQ": "valid_to",
    "CF_GSJZQ": "publicity_end",
    "CF_CFJG": "body",
    "CF_CFJGDM": "body_code",
    "CF_SJLY": "source_unit",
    "CF_SJLYDM": "source_code",
    "CF_CFMC": "document_name",
    "CF_JG": "content",
    "CF_XZJG": "body",
    "CF_XDR_ZDM": "organisation_code",
    "CF_XDR_GSDJ": "registration_number",
    "CF_XDR_SFZ": "identity_number",
    "DFBM": "area_code",
    "BZ": "note",
}
DEBTOR = {
    "iname": "subject_name",
    "partyTypeName": "subject_type",
    "type": "subject_type",
    "cardNum": "identity_number",
    "sexy": "sex",
    "age": "age",
    "businessEntity": "legal_rep",
    "courtName": "body",
    "areaName": "area_name",
    "gistId": "basis_number",
    "regDate": "filing_date",
    "caseCode": "case_number",
    "gistUnit": "basis_unit",
    "duty": "duty",
    "performance": "performance",
    "performedPart": "performed_part",
    "unperformPart": "unperformed_part",
    "disruptTypeName": "conduct",
    "publishDate": "publish_date",
    "relateType": "hit",
}


def means(kind: str, heading: str) -> str:
    match = KINDS[kind].match(heading)
    return match.field.id if match else ""


def test_the_kinds_stand_in_the_order_of_their_numbers() -> None:
    assert list(KINDS) == IDS
    assert [kind.number for kind in KINDS.values()] == list(range(1, len(IDS) + 1))
    assert KINDS.digest == kinds.load().digest


@pytest.mark.parametrize("kind", IDS)
def test_a_kind_says_everything(kind: str) -> None:
    made = KINDS[kind]
    assert made.catalogue
    assert made.catalogue_source
    assert made.rules == "none"
    assert made.title.zh.startswith("{")
    assert {"subject_name", made.date} <= {entry.id for entry in made.fields if entry.need != "optional"}
    for entry in made.fields:
        assert entry.label.zh != entry.label.en
        assert set(entry.public) == set(CLASSES)
        assert entry.label.zh in entry.headings
        assert entry.id in entry.headings


@pytest.mark.parametrize("kind", IDS)
def test_of_persons_no_secret_is_shown_whole_and_nothing_named_is_searched(kind: str) -> None:
    for entry in KINDS[kind].fields:
        assert entry.type != "secret" or "shown" not in entry.public.values()
        assert not (entry.person and (entry.search or entry.facet))
        assert entry.id != "legal_rep" or entry.person


@pytest.mark.parametrize(
    ("kind", "prefix", "codes"),
    [
        ("licence", "XK_", SUBJECT),
        ("penalty", "CF_", SUBJECT),
        ("licence", "", LICENCE),
        ("penalty", "", PENALTY),
        ("dishonest-debtor", "", DEBTOR),
    ],
)
def test_the_codes_of_other_systems_lead_to_their_fields(
    kind: str, prefix: str, codes: dict[str, str]
) -> None:
    assert {code: means(kind, prefix + code) for code in codes} == codes


@pytest.mark.parametrize(("kind", "prefix"), ACTS.items())
def test_the_codes_of_other_acts_are_formed_alike(kind: str, prefix: str) -> None:
    codes = {**SUBJECT, "JG": "body", "JGDM": "body_code", "SJLY": "source_unit"}
    del codes["ZT"], codes["NR"]
    assert {code: means(kind, f"{prefix}_{code}") for code in codes} == codes
    assert means(kind, f"{prefix}_ZT") == "current_status"


def test_the_counter_of_who_looked_is_known_and_never_taken() -> None:
    debtor = KINDS["dishonest-debtor"]
    assert debtor.match("focusNumber") is None
    assert normal_heading("关注 次数") in debtor.ignored_headings


@pytest.mark.parametrize(
    "heading",
    [
        "企业名称",
        " 企 业 名 称 ",
        "企业（单位）名称",
        "*企业名称：",
        "企业名称(必填)",
        "企业名称\n",
        "【必填】企业名称",
        "行政相对人名称",
        "当事人名称",
    ],
)
@pytest.mark.parametrize("kind", IDS)
def test_the_name_is_found_however_it_is_written(kind: str, heading: str) -> None:
    assert means(kind, heading) == "subject_name"


@pytest.mark.parametrize("heading", ["统一社会信用代码", "统一信用代码", "社会信用代码（18位）", "ＵＳＣＣ"])
@pytest.mark.parametrize("kind", IDS)
def test_the_code_is_found_however_it_is_written(kind: str, heading: str) -> None:
    assert means(kind, heading) == "unified_code"


def test_tables_as_they_are_really_published_are_understood() -> None:
    listed = ["企业名称", "工商注册号", "组织机构代码", "统一信用代码", "失信领域"]
    assert [means("serious-list", heading) for heading in listed] == [
        "subject_name", "registration_number", "organisation_code", "unified_code", "dishonesty_field",
    ]  # fmt: skip
    fined = ["时间", "区域", "企业名称", "处罚结果", "整改情况"]
    assert [means("penalty", heading) for heading in fined] == [
        "decision_date", "area_name", "subject_name", "content", "rectification",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        (["企业名称", "处罚结果", "时间"], ["penalty"]),
        (["XK_XDR_MC", "XK_NR"], ["licence"]),
        (["企业名称", "失信领域"], ["serious-list"]),
        (["iname", "caseCode"], ["dishonest-debtor"]),
        (["承诺主体", "承诺日期"], ["commitment"]),
        (["企业名称", "列入日期", "列入原因", "列入机关", "移出日期"], []),
        (["名称", "内容", "日期"], []),
    ],
)
def test_a_table_is_told_by_words_of_its_own(headings: list[str], told: list[str]) -> None:
    words = [normal_heading(heading) for heading in headings]
    assert [kind.id for kind in KINDS.values() if kind.told_by(words)] == told


def test_a_heading_tells_its_unit() -> None:
    match = KINDS["penalty"].match("罚款金额（元）")
    assert match is not None
    assert (match.field.id, match.field.unit, match.unit) == ("fine_amount", "万元", "元")


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("罚款金额（万元）", "万元"),
        ("罚款金额(元)", "元"),
        ("罚款金额（单位：元）", "元"),
        ("罚款金额（人民币元）", "元"),
        ("罚款金额/万元", "万元"),
        ("罚款金额【亿元】", "亿元"),
        ("罚款金额", ""),
        ("元旦值班", ""),
    ],
)
def test_units_in_headings(heading: str, unit: str) -> None:
    assert heading_unit(heading) == unit


def test_nested_brackets_and_unbalanced_ones_end() -> None:
    assert normal_heading("名称（企业（单位））") == "名称"
    assert normal_heading("名称（企业") == "名称(企业"
    assert normal_heading("（必填）") == ""


def test_a_row_lacks_what_no_field_of_a_group_brings() -> None:
    penalty = KINDS["penalty"]
    row = {
        "subject_name": "云泽甲有限公司",
        "source_unit": "示范单位",
        "facts": "未公示",
        "decision_date": "2026",
    }
    assert list(penalty.lacking(row)) == []
    assert list(penalty.lacking({"subject_name": "云泽甲有限公司", "source_unit": "示范单位"})) == [
        ("decision_date",),
        ("content", "facts"),
    ]
    assert list(penalty.lacking({**row, "facts": ""})) == [("content", "facts")]


def test_a_promise_of_missing_papers_names_them_and_its_day() -> None:
    row = {
        "subject_name": "云泽甲有限公司",
        "made_on": "2026-04-01",
        "body": "云泽局",
        "content": "按期补齐",
        "commitment_kind": "deferred",
    }
    commitment = KINDS["commitment"]
    assert list(commitment.lacking(row)) == [("missing_papers",), ("due_on",)]
    assert list(commitment.lacking({**row, "due_on": "2026-05-01"})) == [("missing_papers",)]
    assert list(commitment.lacking({**row, "due_on": "2026-05-01", "missing_papers": "检定证书"})) == []
    assert list(commitment.lacking({**row, "commitment_kind": "voluntary"})) == []


def test_what_is_not_meant_for_the_public_is_forbidden() -> None:
    assert [entry.id for entry in KINDS["penalty"].forbidding({"use_scope": "internal"})] == ["use_scope"]
    assert list(KINDS["penalty"].forbidding({"use_scope": "public"})) == []
    assert list(KINDS["penalty"].forbidding({})) == []
    assert [entry.id for entry in KINDS["commitment"].forbidding({"consent_public": "no"})] == [
        "consent_public",
    ]


def test_the_date_of_publication_stands_in_for_that_of_listing() -> None:
    debtor = KINDS["dishonest-debtor"]
    both = {"decision_date": "2026-04-01", "publish_date": "2026-04-09"}
    assert debtor.dated(both) == ("decision_date", "2026-04-01")
    assert debtor.dated({"publish_date": "2026-04-09"}) == ("publish_date", "2026-04-09")
    assert debtor.dated({}) == ("", "")


@pytest.mark.parametrize(
    ("kind", "content", "state"),
    [
        ("licence", {}, "normal"),
        ("licence", {"current_status": "revoked"}, "revoked"),
        ("penalty", {"current_status": "disputed"}, "disputed"),
        ("penalty", {"current_status": "not in the list"}, "other"),
        ("licence", {"current_status": "deregistered"}, "expired"),
        ("reward", {"current_status": "deregistered"}, "ended"),
        ("enforcement", {"current_status": "lifted"}, "ended"),
        ("enforcement", {"released_on": "2026-05-30"}, "ended"),
        ("enforcement", {"current_status": "revoked", "released_on": "2026-05-30"}, "revoked"),
        ("dishonest-debtor", {"performance": "all"}, "fulfilled"),
        ("dishonest-debtor", {"performance": "part"}, "normal"),
        ("commitment", {"fulfilment": "overdue"}, "overdue"),
        ("commitment", {"fulfilment": "withdrawn"}, "revoked"),
        ("serious-list", {"current_status": "ended"}, "ended"),
        ("serious-list", {"current_status": "pending"}, "pending"),
    ],
)
def test_states(kind: str, content: dict[str, str], state: str) -> None:
    assert KINDS[kind].state_of(content) == state


def test_deregistered_is_not_revoked() -> None:
    """Licensing Law article 70: what was granted has ended; nothing was wrong with the decision."""
    licence = KINDS["licence"]
    for word in ("注销", "已注销"):
        (found,) = (
            choice.code
            for choice in licence.field("current_status").choices
            if word in (choice.label.zh, *choice.synonyms)
        )
        assert found == "deregistered"


def test_every_code_list_takes_old_and_new_words() -> None:
    kinds_of_subject = {choice.code: choice for choice in KINDS["penalty"].field("subject_type").choices}
    assert {"01", "1", "580"} <= set(kinds_of_subject["person"].synonyms)
    assert {"02", "581", "法人及非法人组织"} <= set(kinds_of_subject["legal"].synonyms)
    assert "04" in kinds_of_subject["business"].synonyms


def test_an_unknown_field_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        KINDS["penalty"].field("no_such_field")


NEW = """
number = 7
zh = "行政奖励"
en = "Administrative reward"
sign = "positive"
persons = "never"
required = [["subject_name"], ["decision_date"]]
identity = ["body", "subject"]
date = "decision_date"
body = "body"
titles = [{ zh = "{subject_name}获得行政奖励", en = "Reward to {subject_name}" }]
[catalogue]
entry = "诚实守信相关荣誉信息"
source = "全国公共信用信息基础目录"
[fields.subject_name]
zh = "获奖单位"
en = "Rewarded"
type = "name"
public = "shown"
[fields.decision_date]
zh = "奖励日期"
en = "Date of reward"
type = "date"
[fields.body]
zh = "奖励机关"
en = "Body"
type = "name"
"""


def test_a_kind_is_added_by_a_file_alone(tmp_path: Path) -> None:
    (tmp_path / "reward.toml").write_text(NEW, "utf-8")
    (tmp_path / "_notes.toml").write_text("", "utf-8")
    loaded = kinds.load(tmp_path)
    assert list(loaded) == ["reward"]
    reward = loaded["reward"]
    assert reward.field("subject_name").need == "required"
    assert reward.field("body").need == "optional"
    assert reward.match("奖励 日期") is not None
    assert not reward.shows("person")
    assert reward.told_by(["anything"])
    assert loaded.digest != KINDS.digest
