"""What the index may see of a public document: words, numbers, facets, and no person."""

from __future__ import annotations

from creditregister import kinds
from creditregister.kinds import facet_values, search_parts
from creditregister.text import fold

KINDS = kinds.load()


def penalty(**fields: object) -> dict[str, object]:
    return {"class": "organisation", "name": "云泽甲有限公司", "fields": fields}


def test_the_index_sees_words_numbers_and_labels_of_codes() -> None:
    document = penalty(
        document_number="云泽监罚〔2026〕1号", violation_kind="无证经营", facts="未取得许可", penalty_kind=["fine"],
        fine_amount="2", legal_rep="王小明",
    )  # fmt: skip
    parts = search_parts(KINDS["penalty"], document)
    assert parts.name == "云泽甲有限公司"
    assert parts.title == ("无证经营",)
    assert parts.number == ("云泽监罚〔2026〕1号",)
    assert parts.text == ("未取得许可",)


def test_persons_named_are_nowhere_in_what_the_index_sees() -> None:
    document = penalty(
        legal_rep="王小明、張 三丰（负责人）",
        violation_kind="王小明无证经营",
        facts="当事人法定代表人王 小 明与张三丰承认，張三豐签字。",
        content="对王小明罚款",
    )
    parts = search_parts(KINDS["penalty"], document)
    seen = "\n".join(fold(piece) for piece in (*parts.title, *parts.text))
    assert "王小明" not in seen
    assert fold("张三丰") not in seen
    assert "负责人" not in seen
    assert parts.title == ("无证经营",)
    assert "罚款" in parts.text


def test_what_stood_on_both_sides_of_a_name_never_becomes_one_phrase() -> None:
    parts = search_parts(KINDS["penalty"], penalty(legal_rep="王小明", facts="甲乙王小明丙丁"))
    assert parts.text == ("甲乙", "丙丁")


def test_a_single_character_is_no_name() -> None:
    parts = search_parts(KINDS["penalty"], penalty(legal_rep="王", facts="国王大道施工"))
    assert parts.text == ("国王大道施工",)


def test_facets_are_field_and_value() -> None:
    document = penalty(penalty_kind=["fine", "其他-责令改正"], severity="general", legal_rep="王小明")
    assert facet_values(KINDS["penalty"], document) == [
        "penalty_kind=fine",
        "penalty_kind=其他-责令改正",
        "severity=general",
    ]


def test_the_index_sees_nothing_of_persons() -> None:
    document = penalty(violation_kind="无证经营", severity="general") | {"class": "person", "name": "王小明"}
    assert search_parts(KINDS["penalty"], document) == kinds.SearchParts("", (), (), ())
    assert facet_values(KINDS["penalty"], document) == []
