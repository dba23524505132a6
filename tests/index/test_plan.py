"""How texts are read: the stages, in the order in which they are tried."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex import plan
from creditindex.plan import All, AnyOf, Everything, Phrase, Term
from creditregister.codes import CodeKind
from creditregister.text import fold

CODE = "91350100M000100Y43"


def stages(text: str) -> list[str]:
    return [stage.name for stage in plan.read(text).stages]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["browse"]),
        (" \u3000", ["browse"]),
        (CODE, ["identifier", "name", "words"]),
        ("云市监罚〔2025〕12号", ["identifier", "name", "words"]),
        ("云泽晨光", ["name", "words"]),
        ("晨", ["name"]),
        ("11010519491231002X", []),
    ],
)
def test_stages_by_text(text: str, expected: list[str]) -> None:
    assert stages(text) == expected


def test_a_code_is_looked_up_whole_and_by_the_old_code_inside() -> None:
    stage = plan.read("91350100 M000100Y43").stages[0]
    values = ("91350100m000100y43", "m000100y4")
    assert stage.tiers[0].condition == AnyOf(tuple(Term("identifier", value) for value in values))


def test_a_wrong_code_is_understood_with_its_check() -> None:
    read = plan.read(CODE[:-1] + "Z")
    assert read.understood.code is not None
    assert not read.understood.code.valid
    assert read.understood.code.kind in (None, CodeKind.UNIFIED)
    assert plan.read("云泽晨光").understood.code is None


def test_the_beginning_of_a_code_is_one_but_a_short_number_is_a_name() -> None:
    first = plan.read("91350100M").stages[0].tiers[0].condition
    assert isinstance(first, AnyOf)
    assert Term("prefix", "91350100m") in first.parts
    assert "identifier" in stages("360")
    assert plan.read("360").stages[0].tiers[0].condition == Term("identifier", "360")


def test_a_piece_of_a_document_number_is_a_phrase_in_numbers_only() -> None:
    stage = plan.read("〔2025〕12号").stages[0]
    assert stage.tiers[-1].condition == AnyOf(
        (Term("identifier", "(2025)12号"), Phrase("number", "(2025)12号"))
    )


def test_pieces_of_names_are_grams_up_to_six_characters() -> None:
    assert plan.contains_name("晨光食品有限") == Term("gram", "晨光食品有限")
    assert plan.contains_name("晨光食品有限公") == Phrase("name", "晨光食品有限公")


def test_words_by_tier() -> None:
    (stage,) = (each for each in plan.read("晨光 食 晨光 处罚决定").stages if each.name == "words")
    assert stage.needles == ("晨光", "食", "处罚决定")
    assert [tier.why for tier in stage.tiers] == [("name",), ("title",), ("content",)]
    assert stage.tiers[2].condition == All(
        (Term("text", "晨光"), Term("gram", "食"), Phrase("text", "处罚决定"))
    )


def test_one_word_needs_no_tier_of_names() -> None:
    (stage,) = (each for each in plan.read("晨光路").stages if each.name == "words")
    assert [tier.why for tier in stage.tiers] == [("title",), ("content",)]


def test_browsing_is_everything() -> None:
    assert plan.read("").stages[0].tiers[0].condition == Everything()


@given(st.text(max_size=200))
def test_any_text_gives_terms_of_its_own_fold_only(text: str) -> None:
    def values(condition: plan.Condition) -> list[str]:
        match condition:
            case Term(_, value) | Phrase(_, value):
                return [value]
            case All(parts) | AnyOf(parts):
                return [value for part in parts for value in values(part)]
            case Everything():
                return []

    folded = fold(text)
    for stage in plan.read(text).stages:
        for tier in stage.tiers:
            for value in values(tier.condition):
                assert value
                assert stage.name == "identifier" or value in folded
