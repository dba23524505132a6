"""Entries of lists at the door: held without a page of their list, before their time, warned without notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from creditregister import kinds, lists
from support import tables
from support.town import unified

if TYPE_CHECKING:
    from pathlib import Path


def taken(folder: Path, **cells: str) -> list[tuple[str, str]]:
    """The outcomes and codes of what is said of one row."""
    row = {
        "失信主体名称": "云泽甲食品有限公司",
        "统一社会信用代码": unified(7),
        "失信领域": "重大税收违法",
        "认定文号": "云税〔2026〕7号",
        "主要失信事实": "虚开增值税专用发票",
        "事先告知日期": "2026-04-01",
        "认定日期": "2026-05-01",
        "公示状态": "公示中",
        "认定单位": "云泽市税务局",
    } | cells
    (made,) = tables.read(tables.write(folder / "list.csv", [row]), "serious-list")
    return [
        (each.outcome, each.code)
        for each in made.problems
        if each.outcome != "warned" or "notice" in each.code
    ]


def test_an_entry_of_a_list_with_a_page_goes_through(tmp_path: Path) -> None:
    assert taken(tmp_path) == []


@pytest.mark.parametrize("word", ["云泽自创黑名单", "统计严重失信", ""])
def test_an_entry_of_a_list_without_a_page_is_held(tmp_path: Path, word: str) -> None:
    assert taken(tmp_path, 失信领域=word) == [("held", "list-page")]


def test_an_entry_that_is_to_be_shown_later_is_held(tmp_path: Path) -> None:
    assert taken(tmp_path, 公示状态="待公示") == [("held", "pending")]


def test_notice_after_the_decision_is_warned_of(tmp_path: Path) -> None:
    assert taken(tmp_path, 事先告知日期="2026-05-02") == [("warned", "notice-late")]


def test_every_word_of_the_code_list_is_covered_or_known_to_be_without_a_page() -> None:
    kind = kinds.load()["serious-list"]
    words = [choice.code for choice in kind.field("dishonesty_field").choices]
    known = lists.load()
    assert [word for word in words if known.without_page(kind, {"dishonesty_field": [word]})] == [
        "transport", "statistics",
    ]  # fmt: skip
