"""``credit-register code``: sentences, JSON, exit codes, and no identity number in clear."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from creditregister.cli import main
from creditregister.codes.arithmetic import identity_check, organisation_check, unified_check

BODY = "91990101" + "MA000HJ7" + organisation_check("MA000HJ7")
RIGHT = BODY + unified_check(BODY)
WRONG = BODY + ("0" if RIGHT[-1] != "0" else "1")
PERSON = "99010119900307123" + identity_check("99010119900307123")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["code", *arguments])


def test_a_right_code_ends_with_0() -> None:
    result = run(RIGHT)
    assert result.exit_code == 0
    assert "统一社会信用代码" in result.output
    assert "有效" in result.output


def test_a_wrong_code_says_what_was_found_expected_and_meant_and_ends_with_1() -> None:
    result = run(RIGHT, WRONG)
    assert result.exit_code == 1
    assert f"“{WRONG[-1]}”" in result.output
    assert f"“{RIGHT[-1]}”" in result.output
    assert f"可能是：{RIGHT}" in result.output


def test_json_has_everything() -> None:
    result = run("--json", WRONG)
    answer = json.loads(result.output)
    assert answer["valid"] is False
    (checked,) = answer["codes"]
    assert checked["value"] == WRONG
    assert checked["kind"] == "unified"
    assert checked["meant"][0] == RIGHT
    assert checked["organisation"] == BODY[8:]
    assert [problem["code"] for problem in checked["problems"]] == ["check"]


@pytest.mark.parametrize(
    "text",
    [PERSON, f"{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}", f"{PERSON}01", f"姓名{PERSON}", f"编号{PERSON}号"],
)
@pytest.mark.parametrize("option", [[], ["--json"]])
def test_an_identity_number_is_never_repeated(text: str, option: list[str]) -> None:
    result = run(*option, text)
    assert PERSON[6:14] not in result.output
    assert "9901************" in result.output


def test_without_a_code_it_was_used_wrongly() -> None:
    assert run().exit_code == 2


def test_odd_arguments_get_an_answer() -> None:
    assert run("", " ", "虚构", "\ud800".encode("utf-8", "replace").decode()).exit_code == 1
