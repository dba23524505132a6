"""Case numbers and document numbers, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditregister.references import CASES, CaseNumber, DocumentNumber, parse

CASE = CaseNumber(2024, "赣0102", "执", "1234")
DOCUMENT = DocumentNumber("赣南市监罚", 2025, "123")


@pytest.mark.parametrize(
    "text",
    [
        "(2024)赣0102执1234号",
        "（2024）赣0102执1234号",
        "〔2024〕赣0102执1234号",
        "[2024] 赣 0102 执 1234 号",
        "（２０２４）贛０１０２執１２３４號",
        "2024赣0102执1234",
        "2024年赣0102执1234号",
        "(2024)赣0102执字第1234号",
        "(2024)赣0102执01234",
    ],
)
def test_one_case_however_it_is_written(text: str) -> None:
    assert parse(text) == CASE
    assert CASE.canonical == "(2024)赣0102执1234号"


@pytest.mark.parametrize(
    ("text", "parts", "case"),
    [
        ("(2024)最高法知民终12号", ("最高法", "知民终", "12", ""), "知识产权民事二审"),
        ("(2023)京01民初7号之一", ("京01", "民初", "7", "之一"), "民事一审"),
        ("(2024)兵0101执恢3-1号", ("兵0101", "执恢", "3-1", ""), "恢复执行"),
        ("(2014)东执字第123号", ("", "东执", "123", ""), ""),
        ("(2024)赣破申2号", ("赣", "破申", "2", ""), "破产申请审查"),
        ("(2024)赣0102执某2号", ("赣0102", "执某", "2", ""), "执行"),
        ("(2026)云9901执7号", ("云9901", "执", "7", ""), "执行"),
        ("(2025)泽0102执12号", ("泽0102", "执", "12", ""), "执行"),
    ],
)
def test_the_parts_of_a_case_number(text: str, parts: tuple[str, ...], case: str) -> None:
    found = parse(text)
    assert isinstance(found, CaseNumber)
    assert (found.court, found.kind, found.serial, found.part) == parts
    assert found.case[0] == case


@pytest.mark.parametrize(
    "text",
    [
        "赣南市监罚〔2025〕123号",
        "赣南市监罚[2025]123",
        "赣南市监罚字（2025）第0123号",
        "赣南市监罚 2025 123号",
        "赣南市监罚２０２５年第１２３号",
    ],
)
def test_one_document_however_it_is_written(text: str) -> None:
    assert parse(text) == DOCUMENT


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("（洪）应急罚〔2024〕12号", DocumentNumber("洪应急罚", 2024, "12")),
        ("赣市监（药）罚〔2024〕012号", DocumentNumber("赣市监药罚", 2024, "12")),
        ("赣市监药罚2024年12号", DocumentNumber("赣市监药罚", 2024, "12")),
        ("赣市监[药]罚2024年12号", DocumentNumber("赣市监药罚", 2024, "12")),
        ("昌公（治）行罚决字〔2023〕第123号", DocumentNumber("昌公治行罚决", 2023, "123")),
        ("昌税（稽）（一）罚〔2023〕7号", DocumentNumber("昌税稽一罚", 2023, "7")),
        ("赣南市监罚〔2024〕A012号", DocumentNumber("赣南市监罚", 2024, "a12")),
        ("赣南市监罚〔2024〕072024000123456号", DocumentNumber("赣南市监罚", 2024, "72024000123456")),
    ],
)
def test_brackets_in_an_authority_series_and_long_serials(text: str, number: DocumentNumber) -> None:
    assert parse(text) == number
    assert parse(number.canonical) == number


def test_year_and_serial_alone_are_of_any_authority() -> None:
    assert parse("〔2025〕123号") == parse("2025年第123号") == DocumentNumber("", 2025, "123")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "晨光食品",
        "公司2024",
        "2024",
        "91350100M000100Y43",
        "〔2025〕",
        "晨光(2024)",
        "(1824)赣0102执1号",
        "2025 12",
        "0号",
        "赣南市监罚〔2025〕0-1号",
        "赣南（市监罚〔2025〕1号",
        "赣南（2024）（2025）",
        "罚" * 41 + "〔2025〕1号",
    ],
)
def test_what_is_no_number_of_a_document(text: str) -> None:
    assert parse(text) is None


COURT = st.sampled_from(["最高法", "赣", "京01", "赣0102", "兵0101"])


@given(st.integers(1990, 2030), COURT, st.sampled_from(sorted(CASES)), st.integers(1, 99_999_999))
def test_what_is_written_canonically_is_read_back(year: int, court: str, kind: str, serial: int) -> None:
    number = CaseNumber(year, court, kind, str(serial))
    assert parse(number.canonical) == number
    assert number.case == CASES[kind]


@given(st.text(max_size=60) | st.text("(20245)第字0123号年a执赣京罚之-", max_size=30))
def test_any_text_is_read_or_not_and_reading_is_stable(text: str) -> None:
    found = parse(text)
    if found is not None:
        assert parse(found.canonical) == found
