"""Whom a row is about: codes by shape in any column, classes, contradictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from creditregister.codes.arithmetic import identity_check
from support import tables
from support.town import identity, unified

if TYPE_CHECKING:
    from pathlib import Path

    from creditindex.feeds.rows import Taken

TRADER = unified(9, "92")
PERSON = {"行政相对人类别": "自然人", "统一社会信用代码": "", "行政相对人名称": "张乙丙"}


def take(folder: Path, **changes: str) -> Taken:
    return tables.read(tables.write(folder / "one.csv", [tables.penalty() | changes]), "penalty")[0]


@pytest.mark.parametrize(
    "column", ["工商注册号", "组织机构代码", "税务登记号", "证件号码", "社会组织登记证号"]
)
def test_a_unified_code_counts_in_whatever_column_it_stands(tmp_path: Path, column: str) -> None:
    taken = take(tmp_path, **{"统一社会信用代码": "", column: unified(3)})
    assert taken.delivered is not None
    assert taken.delivered.codes == {"unified": unified(3)}
    assert tables.content(taken)["unified_code"] == unified(3)


@pytest.mark.parametrize(
    "cell",
    [
        f"{unified(3)}/{unified(3)[8:17]}",
        f"{unified(3)}、{unified(3)[8:17]}",
        f"统一社会信用代码：{unified(3)}\n组织机构代码：{unified(3)[8:17]}",
    ],
)
def test_several_codes_in_a_cell_are_told_apart(tmp_path: Path, cell: str) -> None:
    taken = take(tmp_path, 统一社会信用代码=cell)
    assert taken.delivered is not None, taken.problems
    assert taken.delivered.codes == {"unified": unified(3), "organisation": unified(3)[8:17]}
    assert taken.problems == []


def test_two_companies_codes_in_a_cell_are_refused(tmp_path: Path) -> None:
    taken = take(tmp_path, 统一社会信用代码=f"{unified(3)} {unified(4)}")
    assert ("refused", "two-codes") in tables.codes(taken)


def test_a_number_behind_its_name_is_sealed_all_the_same(tmp_path: Path) -> None:
    taken = take(tmp_path, **PERSON | {"证件号码": f"身份证：{identity(1)}"})
    assert taken.delivered is not None
    assert taken.delivered.number == identity(1)
    assert identity(1) not in taken.delivered.content


def test_codes_are_normalised(tmp_path: Path) -> None:
    spaced = " ".join(unified(3).lower())
    assert tables.content(take(tmp_path, 统一社会信用代码=spaced))["unified_code"] == unified(3)


def test_an_identity_number_in_a_column_of_codes_goes_to_the_secrets(tmp_path: Path) -> None:
    taken = take(tmp_path, **PERSON | {"统一社会信用代码": identity(1)})
    assert taken.delivered is not None
    assert taken.delivered.klass == "person"
    assert taken.delivered.number == identity(1)
    assert taken.delivered.secrets["identity_number"] == identity(1)
    assert identity(1) not in taken.delivered.content
    assert identity(1).encode() not in taken.delivered.public
    assert ("warned", "identity-in-code") in tables.codes(taken)


def test_a_wrong_check_digit_says_what_was_meant(tmp_path: Path) -> None:
    good = unified(3)
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    taken = take(tmp_path, 统一社会信用代码=wrong)
    assert tables.codes(taken) == {("refused", "code-check")}
    assert good in taken.problems[0].message
    assert taken.problems[0].message.startswith("第 2 行“统一社会信用代码”列：")


def test_an_odd_old_code_beside_a_good_one_is_left_out(tmp_path: Path) -> None:
    taken = take(tmp_path, 工商注册号="31022720741")
    assert tables.codes(taken) == {("warned", "code-unused")}
    assert taken.delivered is not None
    assert set(taken.delivered.codes) == {"unified"}


def test_a_sole_traders_code_counts_more_than_a_word_for_all_organisations(tmp_path: Path) -> None:
    taken = take(tmp_path, 统一社会信用代码=TRADER, 行政相对人类别="法人或其他组织")
    assert tables.codes(taken) == {("warned", "class-differs")}
    assert taken.delivered is not None
    assert taken.delivered.klass == "business"


@pytest.mark.parametrize("column", ["统一社会信用代码", "工商注册号", "税务登记号"])
def test_what_is_no_code_never_becomes_one(tmp_path: Path, column: str) -> None:
    taken = take(tmp_path, **{"统一社会信用代码": "", column: "'; DROP TABLE record"})
    assert tables.codes(taken) == {("warned", "code-unused")}
    assert taken.delivered is not None
    assert taken.delivered.codes == {}
    assert b"DROP" not in taken.delivered.public


def test_two_codes_of_one_sort_are_refused(tmp_path: Path) -> None:
    assert ("refused", "two-codes") in tables.codes(take(tmp_path, 组织机构代码=unified(3)))


def test_an_organisation_code_that_is_not_the_inner_one_is_told_and_left_out(tmp_path: Path) -> None:
    taken = take(tmp_path, 组织机构代码=unified(3)[8:17])
    assert tables.codes(taken) == {("warned", "codes-differ")}
    assert taken.delivered is not None
    assert set(taken.delivered.codes) == {"unified"}


@pytest.mark.parametrize(
    ("changes", "klass"),
    [
        ({}, "organisation"),
        ({"统一社会信用代码": TRADER, "行政相对人类别": ""}, "business"),
        ({"统一社会信用代码": TRADER, "行政相对人类别": "", "行政相对人名称": "张乙丙"}, "person"),
        (
            {
                "统一社会信用代码": TRADER,
                "行政相对人类别": "",
                "行政相对人名称": "云泽市张乙丙面馆",
                "法定代表人": "张乙丙",
            },
            "person",
        ),
        ({"统一社会信用代码": TRADER, "行政相对人类别": "", "行政相对人名称": "/"}, "person"),
        ({"统一社会信用代码": "", "工商注册号": "990100600000017", "行政相对人类别": ""}, "business"),
        (PERSON | {"证件号码": identity(1)}, "person"),
        (PERSON, "person"),
        ({"统一社会信用代码": "", "行政相对人类别": ""}, "organisation"),
    ],
)
def test_classes(tmp_path: Path, changes: dict[str, str], klass: str) -> None:
    taken = take(tmp_path, **changes)
    if changes.get("行政相对人名称") == "/":
        # A slash is no name at all, whoever it stands for.
        assert ("refused", "required") in tables.codes(taken)
        return
    assert taken.delivered is not None, [problem.message for problem in taken.problems]
    assert taken.delivered.klass == klass


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"统一社会信用代码": "", "行政相对人类别": "", "行政相对人名称": "张乙丙"}, "possible-person"),
        (PERSON | {"统一社会信用代码": unified(3)}, "class-conflict"),
        (
            {"统一社会信用代码": unified(3), "行政相对人类别": "", "行政相对人名称": "欧阳霁瑾"},
            "possible-person",
        ),
        ({"统一社会信用代码": "", "证件号码": identity(1)}, "class-conflict"),
    ],
)
def test_contradictions_are_held(tmp_path: Path, changes: dict[str, str], code: str) -> None:
    taken = take(tmp_path, **changes)
    assert taken.outcome == "held"
    assert ("held", code) in tables.codes(taken)


@pytest.mark.parametrize("given", ["", "法人及非法人组织"])
@pytest.mark.parametrize(
    "name",
    [
        "张乙丙 李甲乙",
        "张乙丙和李甲乙",
        "张乙丙夫妇",
        "户主张乙丙",
        "赵家村张乙丙",
        "阿不都热依木买买提江",
        "云泽甲有限公司张乙丙",
    ],
)
def test_a_name_that_says_nothing_of_an_organisation_is_held(tmp_path: Path, name: str, given: str) -> None:
    taken = take(tmp_path, 统一社会信用代码="", 行政相对人类别=given, 行政相对人名称=name)
    assert taken.outcome == "held"
    assert ("held", "possible-person") in tables.codes(taken)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("云泽甲食品有限公司、云泽乙食品有限公司", "held"),
        ("云泽甲食品有限公司；张乙丙", "held"),
        ("云泽甲食品有限公司/云泽乙食品厂", "held"),
        ("云泽甲食品有限公司（原名乙厂、丙厂）", "delivered"),
        ("云泽市文化、旅游发展有限公司", "delivered"),
        ("Acme Trading Co., Ltd.", "delivered"),
    ],
)
def test_several_subjects_in_one_cell_are_held(tmp_path: Path, name: str, outcome: str) -> None:
    taken = take(tmp_path, 行政相对人名称=name)
    assert taken.outcome == outcome, taken.problems
    assert (("held", "class-conflict") in tables.codes(taken)) is (outcome == "held")


def test_a_certificate_of_an_institution_tells_what_its_name_does_not(tmp_path: Path) -> None:
    unnamed = {"统一社会信用代码": "", "行政相对人类别": "", "行政相对人名称": "砚州新视野"}
    assert take(tmp_path, **unnamed).outcome == "held"
    taken = take(tmp_path, **unnamed, 事业单位证书号="199001000017")
    assert taken.delivered is not None
    assert (taken.outcome, taken.delivered.klass) == ("delivered", "organisation")


def test_a_minor_is_kept_and_reported_never_shown(tmp_path: Path) -> None:
    stem = "99010020150203001"
    taken = take(tmp_path, **PERSON | {"证件号码": stem + identity_check(stem)})
    assert taken.delivered is not None
    assert taken.delivered.minor
    assert ("warned", "minor") in tables.codes(taken)
