"""The court in a case number: its short form leads to its area, and a deployment knows the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from creditregister import courts
from creditregister.areas import Areas
from creditregister.courts import Courts, CourtsFileError
from support.registers import make_register

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("最高法", "最高人民法院"),
        ("赣", "江西省高级人民法院"),
        ("京01", "北京市第一中级人民法院"),
        ("赣01", "江西省南昌市中级人民法院"),
        ("内0121", "土默特左旗人民法院"),
        ("黔01", "贵州省贵阳市中级人民法院"),
        ("赣0102", "南昌市东湖区人民法院"),
        ("京0105", "北京市朝阳区人民法院"),
        ("浙0282", "慈溪市人民法院"),
        ("沪72", ""),
        ("京7101", ""),
        ("藏0201", ""),
        ("云9901", ""),
        ("军0101", ""),
        ("", ""),
        ("赣010", ""),
    ],
)
def test_a_court_by_its_short_form(short: str, name: str) -> None:
    assert Courts().name(short) == name


@pytest.mark.parametrize("heading", ["code,name", "法院名称,法院,区划", "\ufeff法院,法院名称"])
def test_a_deployment_lists_its_own(tmp_path: Path, heading: str) -> None:
    settings = make_register(tmp_path).settings
    rows = {"法院名称,法院,区划": "云泽海事法院,云72,"}.get(heading, "云72,云泽海事法院")
    (settings.data / "courts.csv").write_text(f"{heading}\n{rows}\n", encoding="utf-8")
    known = courts.load(settings, Areas())
    assert known.name("云72") == "云泽海事法院"
    assert known.name("赣0102") == "南昌市东湖区人民法院"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("short,long\n云72,云泽海事法院\n", "row 1"),
        ("code,name\n云72,\n", "row 2"),
        ("code,name\n云泽,云泽法院\n", "row 2"),
        ("code,name\n泽,云泽法院\n", "row 2"),
    ],
)
def test_a_list_that_is_wrong_says_where(tmp_path: Path, text: str, where: str) -> None:
    settings = make_register(tmp_path).settings
    (settings.data / "courts.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CourtsFileError, match=where):
        courts.load(settings, Areas())


def test_without_a_list_the_areas_tell(tmp_path: Path) -> None:
    settings = make_register(tmp_path).settings
    assert (
        courts.load(settings, Areas({"539901": "云泽区", "5399": "云州市"})).name("云9901")
        == "云州市云泽区人民法院"
    )
