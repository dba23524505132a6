"""What of a record becomes public: nothing hidden, nothing unmasked, the same bytes every time."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creditregister import calendar, kinds
from creditregister.kinds import CLASSES, CODE_FIELDS, SUBJECT_NAME
from creditregister.projection import as_of, date_text, first_day, money_text, project, shown, state_on
from creditregister.text import canonical, fold

if TYPE_CHECKING:
    from creditregister.kinds import Field, Kind

KINDS = kinds.load()
CALENDAR = calendar.load()
#: Made up: 7 March 1971 with a right check character, a serial that no office has given.
IDENTITY = "360199197103079999"

PENALTY: dict[str, str | list[str]] = {
    "subject_name": "云泽甲有限公司",
    "subject_type": "legal",
    "unified_code": "91990000MA00000012",
    "registration_number": "990000000000016",
    "legal_rep": "王小明",
    "document_number": "云泽监罚〔2026〕1号",
    "violation_kind": "无证经营",
    "facts": "未取得许可擅自经营",
    "basis": "某条例第一条",
    "penalty_kind": ["fine", "confiscation"],
    "content": "罚款2万元",
    "fine_amount": "1234.5",
    "decision_date": "2026-04-01",
    "body": "云泽市市场监督管理局",
    "body_code": "11990000000000001X",
    "current_status": "normal",
    "severity": "general",
    "use_scope": "public",
}


def public(kind: str, content: dict[str, Any], klass: str = "organisation") -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(project(KINDS[kind], content, klass))
    return document


def test_the_public_document_of_a_company() -> None:
    document = public("penalty", PENALTY)
    fields = document.pop("fields")
    assert document == {
        "v": 1,
        "kind": "penalty",
        "class": "organisation",
        "name": "云泽甲有限公司",
        "code": "91990000MA00000012",
        "codes": {"unified": "91990000MA00000012", "registration": "990000000000016"},
        "type": "legal",
        "area": "990000",
        "title": {
            "zh": "云泽市市场监督管理局对云泽甲有限公司作出行政处罚",
            "en": "Administrative penalty by 云泽市市场监督管理局 against 云泽甲有限公司",
        },
        "body": "云泽市市场监督管理局",
        "body_code": "11990000000000001X",
        "date": "2026-04-01",
        "decided": "2026-04-01",
        "state": "normal",
        "number": "云泽监罚〔2026〕1号",
    }
    assert fields["penalty_kind"] == ["fine", "confiscation"]
    assert not {"subject_name", "unified_code", "registration_number", "use_scope"} & set(fields)


def test_the_bytes_are_canonical_and_do_not_depend_on_the_order_of_the_content() -> None:
    bytes_ = project(KINDS["penalty"], PENALTY, "organisation")
    assert bytes_ == canonical(orjson.loads(bytes_))
    shuffled = list(PENALTY.items())
    random.Random(1).shuffle(shuffled)
    assert project(KINDS["penalty"], dict(shuffled), "organisation") == bytes_


def test_a_delivered_area_stands_above_that_of_the_code() -> None:
    assert public("penalty", {**PENALTY, "area_code": "990100"})["area"] == "990100"
    assert public("penalty", {**PENALTY, "unified_code": ""})["area"] == "990000"
    assert public("penalty", {**PENALTY, "unified_code": "", "registration_number": ""})["area"] == ""


def test_the_best_code_is_unified_then_organisation_then_registration() -> None:
    content = {**PENALTY, "organisation_code": "MA0000001"}
    assert public("penalty", content)["code"] == "91990000MA00000012"
    del content["unified_code"]
    assert public("penalty", content)["code"] == "MA0000001"
    del content["organisation_code"]
    assert public("penalty", content)["code"] == "990000000000016"
    del content["registration_number"]
    assert public("penalty", content)["code"] == ""


def test_a_title_without_its_body_says_less() -> None:
    content = {**PENALTY, "body": ""}
    assert public("penalty", content)["title"]["zh"] == "云泽甲有限公司受到行政处罚"


def test_braces_in_a_value_are_only_text() -> None:
    title = public("penalty", {**PENALTY, "body": "{subject_name}{0}{"})["title"]
    assert title["zh"] == "{subject_name}{0}{对云泽甲有限公司作出行政处罚"


def test_a_person_is_shown_by_what_the_kind_allows_only() -> None:
    debtor = {
        "subject_name": "王小明",
        "subject_type": "person",
        "sex": "male",
        "age": "36",
        "identity_number": IDENTITY,
        "legal_rep_number": IDENTITY,
        "tax_number": IDENTITY + "01",
        "case_number": "（2026）云0102执1号",
        "body": "云泽法院",
        "decision_date": "2026-04-01",
        "performance": "none",
        "note": "家住某处",
    }
    bytes_ = project(KINDS["dishonest-debtor"], debtor, "person")
    document = orjson.loads(bytes_)
    assert document["fields"]["identity_number"] == "3601************99"
    assert document["fields"]["age"] == "36"
    assert document["codes"] == {}
    assert IDENTITY.encode() not in bytes_
    assert {"legal_rep_number", "note", "tax_number"}.isdisjoint(document["fields"])


def test_a_mask_once_made_stays() -> None:
    debtor = {"subject_name": "王小明", "identity_number": "3601************99"}
    assert public("dishonest-debtor", debtor, "person")["fields"]["identity_number"] == "3601************99"


def test_a_foreign_mask_that_shows_too_much_is_masked_again() -> None:
    debtor = {"subject_name": "王小明", "identity_number": "3601991971****9999"}
    assert "1971" not in public("dishonest-debtor", debtor, "person")["fields"]["identity_number"]


def test_a_company_has_no_sex_and_no_age() -> None:
    debtor = {"subject_name": "云泽甲有限公司", "sex": "male", "age": "36", "identity_number": IDENTITY}
    assert public("dishonest-debtor", debtor)["fields"] == {}


@pytest.mark.parametrize("kind", ["enforcement", "commitment"])
def test_what_is_never_shown_of_persons_has_no_public_bytes(kind: str) -> None:
    assert project(KINDS[kind], {"subject_name": "王小明"}, "person") == b""
    assert project(KINDS[kind], {"subject_name": "云泽小明商行"}, "business") != b""


def test_a_sole_traders_operator_and_tax_number_are_hidden() -> None:
    content = {**PENALTY, "tax_number": IDENTITY + "01"}
    document = public("penalty", content, "business")
    assert "legal_rep" not in document["fields"]
    assert "tax" not in document["codes"]


def test_a_person_whose_field_is_hidden_is_not_named_in_the_texts() -> None:
    content = {**PENALTY, "facts": "经营者王 小 明承认，王小 明签字", "content": "对王小明罚款"}
    fields = public("penalty", content, "business")["fields"]
    assert fields["facts"] == "经营者某某承认，某某签字"
    assert fields["content"] == "对某某罚款"
    assert public("penalty", content)["fields"]["content"] == "对王小明罚款"
    own = {**content, "subject_name": "王小明"}
    assert public("penalty", own, "person")["fields"]["content"] == "对王小明罚款"


def test_a_number_that_is_a_persons_is_never_a_companys_code() -> None:
    content = {**PENALTY, "tax_number": IDENTITY + "01", "social_number": IDENTITY}
    assert public("penalty", content)["codes"].keys() == {"unified", "registration"}


def test_a_breach_is_said_with_its_document_only() -> None:
    content = {
        "subject_name": "云泽甲有限公司",
        "made_on": "2026-04-01",
        "fulfilment": "broken",
        "severity": "general",
        "breach_measures": "取消资格",
    }
    assert public("commitment", content)["fields"] == {"made_on": "2026-04-01", "fulfilment": "unconfirmed"}
    assert public("commitment", content)["state"] == "overdue"
    confirmed = public("commitment", {**content, "confirmed_on": "2026-06-01"})
    assert (confirmed["fields"]["fulfilment"], confirmed["state"]) == ("overdue", "overdue")
    proven = {**content, "breach_document": "云泽认〔2026〕1号"}
    fields = public("commitment", proven)["fields"]
    assert (fields["fulfilment"], fields["severity"], fields["breach_measures"]) == (
        "broken",
        "general",
        "取消资格",
    )


@pytest.mark.parametrize(
    ("text", "day", "zh", "en"),
    [
        ("2026-04-01", "2026-04-01", "2026年4月1日", "2026-04-01"),
        ("2017-Q1", "2017-01-01", "2017年第一季度", "2017 Q1"),
        ("2017-Q4", "2017-10-01", "2017年第四季度", "2017 Q4"),
        ("2017", "2017-01-01", "2017年", "2017"),
        ("长期", "", "长期", "long-term"),
        ("", "", "", ""),
        ("unclear", "", "unclear", "unclear"),
    ],
)
def test_dates_in_words(text: str, day: str, zh: str, en: str) -> None:
    assert first_day(text) == day
    assert date_text(text, "zh") == zh
    assert date_text(text, "en") == en


@pytest.mark.parametrize(
    ("until", "today", "state"),
    [
        ("2026-04-01", "2026-04-01", "normal"),
        ("2026-04-01", "2026-04-02", "expired"),
        ("2026-Q1", "2026-03-31", "normal"),
        ("2026-Q1", "2026-04-01", "expired"),
        ("2026", "2026-12-31", "normal"),
        ("2025", "2026-01-01", "expired"),
        ("长期", "2999-01-01", "normal"),
        ("", "2999-01-01", "normal"),
    ],
)
def test_a_licence_says_that_it_has_expired(until: str, today: str, state: str) -> None:
    document = public("licence", {"subject_name": "云泽甲有限公司", "valid_to": until})
    day = date.fromisoformat(today)
    assert state_on(KINDS["licence"], document, day, CALENDAR) == state
    revoked = public(
        "licence", {"subject_name": "云泽甲有限公司", "valid_to": until, "current_status": "revoked"}
    )
    assert state_on(KINDS["licence"], revoked, day, CALENDAR) == "revoked"


def test_a_penalty_never_expires_by_its_own_dates() -> None:
    document = public("penalty", {**PENALTY, "valid_to": "2020-01-01"})
    assert state_on(KINDS["penalty"], document, date(2026, 1, 1), CALENDAR) == "normal"


@pytest.mark.parametrize(
    ("due", "today", "fulfilment", "state"),
    [
        ("2026-03-31", "2026-03-31", "performing", "normal"),
        ("2026-03-31", "2026-04-01", "unconfirmed", "overdue"),
        # 4 to 6 April 2026 are days off: the promise may still be kept on the 7th.
        ("2026-04-04", "2026-04-07", "performing", "normal"),
        ("2026-04-04", "2026-04-08", "unconfirmed", "overdue"),
        ("长期", "2999-01-01", "performing", "normal"),
        ("", "2999-01-01", "performing", "normal"),
    ],
)
def test_after_the_due_day_only_that_is_said(due: str, today: str, fulfilment: str, state: str) -> None:
    kind, day = KINDS["commitment"], date.fromisoformat(today)
    content = {
        "subject_name": "云泽甲有限公司",
        "made_on": "2026-02-01",
        "due_on": due,
        "fulfilment": "performing",
    }
    document = public("commitment", content)
    read = as_of(kind, document, day, CALENDAR)
    assert (read["fields"]["fulfilment"], read["state"]) == (fulfilment, state)
    assert state_on(kind, document, day, CALENDAR) == state
    kept = public("commitment", {**content, "fulfilment": "fulfilled"})
    assert as_of(kind, kept, day, CALENDAR) is kept


@pytest.mark.parametrize(
    ("text", "unit", "zh", "en"),
    [
        ("1234.5", "万元", "1,234.50 万元", "12,345,000 yuan"),
        ("1234.50", "万元", "1,234.50 万元", "12,345,000 yuan"),
        ("2", "万元", "2 万元", "20,000 yuan"),
        ("2.000000", "万元", "2 万元", "20,000 yuan"),
        ("0.123456", "万元", "0.123456 万元", "1,234.56 yuan"),
        ("9999999999.999999", "万元", "9,999,999,999.999999 万元", "99,999,999,999,999.99 yuan"),
        ("100", "元", "100 元", "100 yuan"),
        ("1E+3", "元", "1,000 元", "1,000 yuan"),
        ("NaN", "元", "NaN", "NaN"),
        ("about 3", "元", "about 3", "about 3"),
    ],
)
def test_money_in_words(text: str, unit: str, zh: str, en: str) -> None:
    assert money_text(text, unit, "zh") == zh
    assert money_text(text, unit, "en") == en


def test_rows_of_a_page() -> None:
    document = public("penalty", {**PENALTY, "penalty_kind": ["fine", "其他-责令改正"]})
    rows = {row.field.id: row for row in shown(KINDS["penalty"], document, "zh")}
    assert rows["penalty_kind"].value == "罚款、其他-责令改正"
    assert rows["penalty_kind"].raw == ["fine", "其他-责令改正"]
    assert rows["fine_amount"].value == "1,234.50 万元"
    assert rows["decision_date"].value == "2026年4月1日"
    assert rows["legal_rep"].value == "王小明"
    assert rows["valid_to"].missing
    assert rows["valid_to"].value == ""
    assert "confiscated_amount" not in rows
    english = {row.field.id: row for row in shown(KINDS["penalty"], document, "en")}
    assert english["penalty_kind"].label == "Kind of penalty"
    assert english["penalty_kind"].value == "Fine; 其他-责令改正"


def test_what_is_hidden_is_not_said_to_be_missing() -> None:
    rows = shown(KINDS["penalty"], public("penalty", PENALTY, "person"), "zh")
    assert {"legal_rep", "facts"}.isdisjoint(row.field.id for row in rows)


def test_a_required_field_that_one_of_its_group_replaces_is_missing_on_the_page() -> None:
    document = public("penalty", {**PENALTY, "facts": ""})
    assert [row.field.id for row in shown(KINDS["penalty"], document, "zh") if row.missing] == [
        "facts",
        "valid_to",
    ]


def sample(entry: Field) -> st.SearchStrategy[Any]:
    """What a content may hold in a field: what belongs there, and a text that names the field."""
    marked = f"[{entry.id}]"
    if entry.type == "secret":
        return st.sampled_from([IDENTITY, marked])
    codes = [*(choice.code for choice in entry.choices), "不在表中"]
    if entry.type == "choices":
        return st.lists(st.sampled_from(codes), max_size=3)
    if entry.choices:
        return st.sampled_from(codes)
    if entry.type == "date":
        return st.sampled_from(["2026-04-01", "2017-Q1", "2017", "长期", "?"])
    typed = {"money": ["1234.5", "0.000001", "NaN", "many"], "count": ["0", "4", "5", "120", "many"]}
    return st.sampled_from(
        typed.get(entry.type, [marked, "", "{body}", "王小明", "\u0000\ud7ff 王 小明 <b>"])
    )


CONTENTS = {
    kind.id: st.fixed_dictionaries({}, optional={entry.id: sample(entry) for entry in kind.fields})
    for kind in KINDS.values()
}


@pytest.mark.parametrize("klass", CLASSES)
@pytest.mark.parametrize("kind", list(KINDS))
@given(data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_hidden_and_nothing_secret_is_ever_public(data: st.DataObject, kind: str, klass: str) -> None:
    made, content = KINDS[kind], data.draw(CONTENTS[kind])
    bytes_ = project(made, content, klass)
    assert bytes_ == project(made, dict(reversed(content.items())), klass)
    assert IDENTITY.encode() not in bytes_
    if made.withheld(content, klass):
        assert bytes_ == b""
        return
    assert made.shows(klass)
    document = orjson.loads(bytes_)
    assert bytes_ == canonical(document)
    for entry in made.fields:
        if entry.public[klass] == "hidden" or entry.type == "secret":
            assert f"[{entry.id}]".encode() not in bytes_
        if entry.public[klass] == "hidden" or entry.id in CODE_FIELDS or entry.id == SUBJECT_NAME:
            assert entry.id not in document["fields"]
        if entry.party or entry.public[klass] == "masked":
            assert document["fields"].get(entry.id) != "王小明"
    look_at(made, document)


def look_at(kind: Kind, document: dict[str, Any]) -> None:
    """A page and the index take every public document, and the index sees no person."""
    for language in ("zh", "en"):
        for row in shown(kind, document, language):
            assert row.label
            assert row.missing == (not row.raw)
    parts = kinds.search_parts(kind, document)
    named = {fold(document["fields"].get(entry.id, "")) for entry in kind.persons_named} - {""}
    for name in named:
        assert all(name not in fold(text) for text in (*parts.title, *parts.text))
    for one in kinds.facet_values(kind, document):
        assert one.partition("=")[0] in document["fields"]
