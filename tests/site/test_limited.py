"""The result page without an index: what the register alone can answer, and nothing denied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from creditindex.engine import EngineError
from support import town as towns
from support.pages import listed

if TYPE_CHECKING:
    from pathlib import Path

    from support.town import Town


def test_without_an_index_codes_and_beginnings_of_names_are_found(fresh: Town, tmp_path: Path) -> None:
    pages = fresh.pages(open_engine=lambda settings: towns.index_elsewhere(settings, tmp_path / "none"))
    page = pages.get(f"/search?q={towns.RIVER}")
    assert "查询功能受限" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert len(listed(page, "hits")) == 1
    assert len(listed(pages.get("/search?q=云泽晨光"), "names")) == 2
    assert listed(pages.get("/search?q=郑无名"), "hits") == []
    assert pages.get("/").h1
    assert pages.get(f"/s/{towns.RIVER}").h1


@pytest.mark.parametrize(
    "query",
    [
        *("q=标签不合格", "q=云泽晨光", "q=云市监2〔2026〕3号", "q=", "kind=penalty", "q=qqqq&view=pinyin"),
        *("q=晨光&view=names", "q=云泽晨光&kind=licence&year=2020&page=3&order=newest"),
    ],
)
def test_without_an_index_nothing_is_denied(fresh: Town, tmp_path: Path, query: str) -> None:
    pages = fresh.pages(open_engine=lambda settings: towns.index_elsewhere(settings, tmp_path / "none"))
    page = pages.get(f"/search?{query}")
    assert "公示信息未检索" in page.text
    assert not any(word in page.text for word in ("截至", "没有查到", "没有符合", "没有主体", "拼音"))
    assert page.all("ul", "chips") == []
    assert ("筛选条件、排序和翻页暂不起作用" in page.text) == ("&" in query or "kind" in query)
    assert "Records were not searched" in pages.get(f"/en/search?{query}").text


def test_without_an_index_a_subject_is_gone_with_its_last_record(fresh: Town, tmp_path: Path) -> None:
    pages = fresh.pages(open_engine=lambda settings: towns.index_elsewhere(settings, tmp_path / "none"))
    fresh.later(40 * 366 * 86_400_000)
    for text in (towns.DAWN_TWIN, "云泽晨光"):
        assert towns.DAWN_TWIN not in [
            address[-18:] for _, address in listed(pages.get(f"/search?q={text}"), "names")
        ]


def test_an_index_of_another_register_is_not_believed(tmp_path: Path) -> None:
    town, other = towns.make(tmp_path / "one"), towns.make(tmp_path / "two")
    pages = town.pages(open_engine=lambda _settings: towns.index_of(other))
    assert "查询功能受限" in pages.get("/search?q=晨光").text
    assert pages.get("/readyz", 503).response.get_json()["index"] == "away"


def test_an_index_that_fails_is_as_one_that_is_away(town: Town) -> None:
    class Failing:
        def position(self) -> None:
            raise EngineError("broken inside")

    page = town.pages(open_engine=lambda _settings: Failing()).get(f"/search?q={towns.RIVER}")
    assert "查询功能受限" in page.text
    assert len(listed(page, "hits")) == 1
