"""Cells: dates, amounts, counts, code lists, text as it was written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex.feeds.cells import Read, clean, plain, reader
from support.naughty import CATEGORIES
from support.tables import KINDS

if TYPE_CHECKING:
    from creditregister.kinds import Field

PENALTY, DEBTOR, COMMITMENT = (KINDS[name] for name in ("penalty", "dishonest-debtor", "commitment"))
LICENCE = KINDS["licence"]
STRINGS = [text for texts in CATEGORIES.values() for text in texts]


def read(field: Field, cell: object, unit: str = "") -> Read:
    return reader(field, unit)(cell)  # type: ignore[arg-type]  # tests hand in what no cell may be


@pytest.mark.parametrize(
    ("cell", "unit", "value"),
    [
        ("1", "万元", "1"),
        ("1", "", "1"),
        ("10000", "元", "1"),
        ("10,000.00", "元", "1"),
        ("1,234,567", "元", "123.4567"),
        ("4.54", "万元", "4.54"),
        ("5000元", "万元", "0.5"),
        ("2万元", "元", "2"),
        ("１.5 亿元", "", "15000"),
        ("￥300", "元", "0.03"),
        ("人民币伍元", "元", None),
        ("0", "万元", "0"),
        ("0.000001", "万元", "0.000001"),
        ("0.0000001", "万元", None),
        ("0.01", "元", "0.000001"),
        ("-5", "万元", None),
        ("1e5", "万元", None),
        ("1,00", "万元", None),
        ("无", "万元", ""),
        ("/", "万元", ""),
        ("12345678901234567890", "万元", None),
        (4.54, "万元", "4.54"),
        (45400.0, "元", "4.54"),
        (0.1 + 0.2, "万元", "0.3"),
        (1e-20, "元", None),
        (float("inf"), "元", None),
        (float("nan"), "元", ""),
    ],
)
def test_amounts_become_the_fields_own_unit(cell: object, unit: str, value: str | None) -> None:
    got = read(PENALTY.field("fine_amount"), cell, unit)
    if value:
        assert got == (value, (), "")
    else:
        assert got.value is None
        assert [said.outcome for said in got.said] == ([] if value == "" else ["refused"])


@given(st.decimals(0, 10**9, places=2))
def test_no_amount_gains_or_loses(amount: Decimal) -> None:
    got = read(PENALTY.field("fine_amount"), f"{amount:,}", "元")
    assert isinstance(got.value, str)
    assert Decimal(got.value) == amount / 10_000


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("罚款", ["fine"]),
        ("警告；罚款", ["warning", "fine"]),
        ("警告、罚款,警告", ["warning", "fine"]),
        ("没收违法所得、没收非法财物", ["confiscation"]),
        ("罚款、没收违法所得、没收非法财物；警告", ["fine", "confiscation", "warning"]),
        ("暂扣或者吊销许可证、执照", ["suspension-or-revocation"]),
        ("其他-责令改正", ["其他-责令改正"]),
        ("；、", None),
        ("/", None),
    ],
)
def test_lists_are_split_but_entries_keep_their_own_marks(cell: str, value: list[str] | None) -> None:
    assert read(PENALTY.field("penalty_kind"), cell).value == value


def test_an_unknown_word_of_a_closed_list_is_kept_and_told() -> None:
    got = read(PENALTY.field("severity"), "很坏")
    assert got.value == "很坏"
    assert [(said.outcome, said.code) for said in got.said] == [("warned", "unknown-value")]
    assert "轻微" in got.said[0].message


@pytest.mark.parametrize(
    ("cell", "value"), [("一般", "general"), (" 严重 ", "serious"), ("Minor", "minor"), ("", None)]
)
def test_known_words_become_codes(cell: str, value: str | None) -> None:
    assert read(PENALTY.field("severity"), cell).value == value


@pytest.mark.parametrize(
    ("cell", "value"), [("是", "yes"), ("TRUE", "yes"), (True, "yes"), ("0", "no"), (False, "no")]
)
def test_flags(cell: object, value: str) -> None:
    field = next(field for field in COMMITMENT.fields if field.type == "flag")
    assert read(field, cell).value == value
    assert read(field, "也许").said[0].outcome == "refused"


@pytest.mark.parametrize(
    ("cell", "value"), [("50", "50"), (50.0, "50"), ("50岁", "50"), ("５０", "50"), ("五十", None)]
)
def test_counts(cell: object, value: str | None) -> None:
    assert read(DEBTOR.field("age"), cell).value == value


def test_a_sentence_that_begins_with_a_quarter_keeps_its_words() -> None:
    sentence = "2017年第一季度重点监控企业主要污染物排放情况"
    got = read(PENALTY.field("decision_date"), sentence)
    assert (got.value, got.rest) == ("2017-Q1", sentence)
    assert read(PENALTY.field("decision_date"), "2017年第一季度").rest == ""


@pytest.mark.parametrize(
    ("cell", "until"),
    [
        ("2026-01-01至2027-01-01", "2027-01-01"),
        ("2026-01-01-2027-01-01", "2027-01-01"),
        ("2026.1.1－2027.1.1", "2027-01-01"),
        ("自2026年1月1日起至2027年1月1日止", "2027-01-01"),
        ("2026/1/1 ~ 长期", "长期"),
        ("20260101—20270101", "2027-01-01"),
    ],
)
def test_a_whole_period_gives_both_its_days(cell: str, until: str) -> None:
    got = read(LICENCE.field("valid_to"), cell)
    assert (got.value, got.rest, got.said) == (until, "2026-01-01", ())
    assert read(PENALTY.field("publicity_end"), cell).said[0].outcome == "refused"


@pytest.mark.parametrize(
    "cell", ["2027-01-01至2026-01-01", "2026年至2027年", "至2027-01-01", "一年至2027-01-01"]
)
def test_what_is_no_period_is_refused(cell: str) -> None:
    assert read(LICENCE.field("valid_to"), cell).said[0].outcome == "refused"


def test_a_moment_elsewhere_becomes_the_shanghai_day_and_says_so() -> None:
    got = read(PENALTY.field("decision_date"), "2026-03-31T16:00:00Z")
    assert got.value == "2026-04-01"
    assert got.said[0].code == "converted"


def test_text_is_kept_but_what_nobody_sees_is_not() -> None:
    assert clean("\u3000甲\ufeff乙\xa0") == ("甲乙", ())
    assert clean("a\u200bb") == ("ab", ())
    text, said = clean("甲\u202e乙\x07")
    assert text == "甲乙"
    assert [each.code for each in said] == ["control"]
    assert [each.code for each in clean("锟斤拷\ufffd")[1]] == ["garbled"]
    assert read(PENALTY.field("facts"), "一\n二").value == "一\n二"
    assert read(PENALTY.field("violation_kind"), "一\r\n二").value == "一 二"


def test_characters_that_most_fonts_lack_are_kept() -> None:
    for name in ("𠮷", "㐀", "\ue000", "镕·買買提"):
        assert clean(name) == (name, ())


def test_too_long_a_text_is_refused_with_its_limit() -> None:
    assert read(PENALTY.field("violation_kind"), "甲" * 2001).said[0].code == "too-long"
    assert read(PENALTY.field("facts"), "甲" * 5000).value == "甲" * 5000


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_string_breaks_any_field(kind: str) -> None:
    for field in KINDS[kind].fields:
        if field.type in ("code", "secret"):
            continue
        reading = reader(field, "")
        for text in STRINGS:
            got = reading(text)
            assert all(said.message and not said.message.endswith("。") for said in got.said), (
                field.id,
                text,
            )
            assert got.value is None or got.value


@given(st.floats())
def test_no_number_breaks_any_field(number: float) -> None:
    for field in PENALTY.fields:
        if field.type not in ("code", "secret"):
            reader(field, "")(number)
    assert plain(number)
