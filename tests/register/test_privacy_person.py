"""Masks for documents' numbers, who counts as a person, who as a minor."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditregister.privacy import mask, names, person
from support import naughty

#: An invented number with a right check character; the area does not exist.
NUMBER = "990101200803071230"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        (NUMBER, "9901************30"),
        ("990101 20080307 1230", "9901************30"),
        ("９９０１０１２００８０３０７１２３０", "9901************30"),
        ("11010519491231002x", "1101************2X"),
        ("360102700307123", "3601*********23"),
        ("E12345678", "E*******8"),
        ("H0123456700", "H*********0"),
        ("ab", "**"),
        ("", ""),
        ("1" * 99, "*" * 30),
    ],
)
def test_masks(number: str, masked: str) -> None:
    assert mask.identity(number) == masked


@given(st.text(st.characters(), max_size=60))
def test_a_mask_shows_six_characters_at_most(number: str) -> None:
    masked = mask.identity(number)
    assert len(masked.replace("*", "")) <= 6
    assert len(masked) <= 30


@pytest.mark.parametrize(
    ("day", "minor"),
    [
        (date(2026, 3, 6), True),
        (date(2026, 3, 7), False),
        (date(2008, 3, 8), True),
        (date(2040, 1, 1), False),
    ],
)
def test_of_age_from_the_eighteenth_birthday_on(day: date, minor: object) -> None:
    assert person.is_minor(NUMBER, None, day) is minor


def test_born_on_the_leap_day() -> None:
    number = "99010120080229001X"
    assert person.is_minor(number, None, date(2026, 2, 28))
    assert not person.is_minor(number, None, date(2026, 3, 1))


@pytest.mark.parametrize(
    ("number", "age", "minor"),
    [(None, 17, True), (None, 18, False), (None, None, False), ("E12345678", 16, True), (NUMBER, 40, True)],
)
def test_without_a_readable_number_the_age_decides(
    number: str | None, age: int | None, minor: object
) -> None:
    assert person.is_minor(number, age, date(2026, 1, 1)) is minor


PERSONS = [
    "张三",
    "张 三",
    "欧阳建国",
    "司马小小",
    "艾力·买买提",
    "阿依古丽•吐尔逊",
    "JOHN SMITH",
    "Ivan I. Petrov",
    "张某",
    "张某某",
    "张*",
    "张**",
    "李四（个体工商户）",
    "李四(经营者)",
    "张三、李四",
    "张三等3人",
    "刘文化",
    "王学会",
    "𠮷田",
    "张三 李四",
    "王小明和李小红",
    "王小明（户主）及李小红",
    "王小明夫妇",
    "王小明户",
    "户主王小明",
    "总经理：王小明",
]
COMPANIES = [
    "虚构食品有限公司",
    "虚构（砚州）食品有限公司",
    "砚州市虚构小学",
    "虚构村民委员会",
    "砚州市望栖区张三餐饮店",
    "张三餐饮店",
    "李家面馆",
    "虚构厂",
    "Acme Trading Co., Ltd.",
    "砚州市水处理中心",
    "虚构集团",
    "古月民宿",
    "砚州市工人文化宫",
    "",
]


@pytest.mark.parametrize("name", PERSONS)
def test_looks_like_a_person(name: str) -> None:
    assert person.looks_like_person(name)


@pytest.mark.parametrize("name", COMPANIES)
def test_looks_like_an_organisation(name: str) -> None:
    assert not person.looks_like_person(name)


#: Names of kinds that real lists have, without the words of companies.
ORGANISATIONS = [
    *COMPANIES[:-2],
    "砚州市财政厅",
    "砚州市望栖区新桥镇街道办",
    "中共砚州市委",
    "新桥镇赵家村第三村民小组",
    "砚州市总工会",
    "虚构产业园（一期）",
    "望栖区净月寺",
    "砚州市虚构珠宝行",
    "虚构咖啡厅",
    "望栖区虚构货物托运代理点",
    "砚州虚构越剧团",
    "砚州市望栖区虚构茶庄",
]
#: Names that have a person in them and no shape that tells.
HIDDEN_PERSONS = ["赵家村王小明", "阿不都热依木买买提江", "虚构食品有限公司王小明", "砚州市望栖区欧阳小明"]


@pytest.mark.parametrize("name", ORGANISATIONS)
def test_the_words_of_organisations(name: str) -> None:
    assert names.names_organisation(name)


@pytest.mark.parametrize("name", [*HIDDEN_PERSONS, *PERSONS])
def test_no_word_of_an_organisation(name: str) -> None:
    assert not names.names_organisation(name)


def test_names_are_bared_of_the_words_around_them() -> None:
    said = "户主王小明（已故）和李小红等3人、总经理：张 三；欧阳和平"
    assert person.bare_names(said) == ["王小明", "李小红", "张 三", "欧阳和平"]


@pytest.mark.parametrize(
    ("name", "operator", "is_person"),
    [
        ("张三", None, True),
        ("", "张三", True),
        ("王小明夫妇", None, True),
        ("无字号", "张三", True),
        ("***", None, True),
        ("砚州市望栖区张三餐饮店", "张三", True),
        ("砚州市望栖区張三餐饮店", "张 三", True),
        ("砚州市望栖区虚构餐饮店", "张三", False),
        ("砚州市望栖区虚构餐饮店", None, False),
        ("砚州市望栖区虚构餐饮店", "店", False),
    ],
)
def test_individual_businesses(name: str, operator: str | None, is_person: object) -> None:
    assert person.business_is_person(name, operator) is is_person


@pytest.mark.parametrize("text", naughty.ALL)
def test_naughty_names_get_an_answer(text: str) -> None:
    assert person.looks_like_person(text) in {True, False}
    assert person.business_is_person(text, text) in {True, False}
    mask.identity(text)
