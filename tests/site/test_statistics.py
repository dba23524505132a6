"""``/statistics``: figures that a search confirms, in words, chart, table and file."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from support import town as towns

if TYPE_CHECKING:
    from support.town import Town

SVG = "{http://www.w3.org/2000/svg}"


def table(town: Town, query: str = "") -> list[list[str]]:
    body = town.pages().get(f"/statistics.csv{query}").response.get_data()
    assert body.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("by", ["kind", "area", "year"])
def test_every_figure_is_what_the_search_behind_it_finds(town: Town, by: str) -> None:
    pages = town.pages()
    links = [
        (element.get("href") or "", int("".join(element.itertext()).replace(",", "")))
        for element in pages.get(f"/statistics?by={by}").all("a")
        if (element.get("href") or "").startswith("/search?")
    ]
    assert links
    for href, count in links:
        assert f"{count} 条，" in pages.get(href).text


def test_the_words_the_table_and_the_file_say_the_same(town: Town) -> None:
    page = town.pages().get("/statistics")
    assert f"{len(town.records())} 条" in page.text
    assert table(town)[1:] == [
        ["行政许可", "47", "0"],
        ["行政处罚", "4", "0"],
        ["失信被执行人", "1", "少于10"],
    ]
    cells = [row[0] for row in table(town, "?by=unit")[1:]]
    assert cells == ["云泽省示范单位"]
    assert "最多的是行政许可，47 条，占 90.4%。" in page.text


def test_a_narrowed_count(town: Town) -> None:
    page = town.pages().get("/statistics?by=year&kind=penalty&area=9901")
    assert "符合条件的公示信息中" in page.text
    assert table(town, "?by=year&kind=penalty&area=9901")[1:] == [["2026年", "3", "0"]]
    assert "没有符合条件的公示信息" in town.pages().get("/statistics?area=11").text


def test_persons_are_hidden_in_small_cells_and_it_is_said_so(town: Town) -> None:
    page = town.pages().get("/statistics")
    assert "自然人的少于 10 条" in page.text
    assert "1 至 9 条写作“少于 10”" in page.text
    assert "郑无名" not in page.html


def test_the_chart_has_words_and_no_script(town: Town) -> None:
    page = town.pages().get("/statistics")
    (chart,) = [one for one in page.tree.iter(f"{SVG}svg") if one.get("role") == "img"]
    named = [next(chart.iter(f"{SVG}{tag}")).get("id") for tag in ("title", "desc")]
    assert (chart.get("aria-labelledby") or "").split() == named
    widths = [bar.get("width") for bar in chart.iter(f"{SVG}rect")]
    assert widths == ["100.00%", "8.51%", "2.13%"]


def test_a_withdrawal_is_out_of_the_figures_at_once(fresh: Town) -> None:
    pages = fresh.pages()
    tag = pages.get("/statistics").headers["ETag"]
    pages.get("/statistics", 304, headers={"If-None-Match": tag})
    fresh.withdraw(fresh.records()[0])
    assert f"{len(fresh.records())} 条" in pages.get("/statistics", headers={"If-None-Match": tag}).text


@pytest.mark.parametrize(
    "query", ["by=person", "kind=nonsense", f"unit={quote('无此单位')}", "year=20x6", "area=%27%20OR%201"]
)
def test_what_does_not_exist_is_refused(town: Town, query: str) -> None:
    pages = town.pages()
    for path in ("/statistics", "/statistics.csv", "/en/statistics"):
        pages.get(f"{path}?{query}", 400)


def test_an_identity_number_is_not_repeated(town: Town) -> None:
    page = town.pages().get(f"/statistics?unit={towns.NOBODY}", 400)
    assert towns.NOBODY not in page.html


def test_english_is_complete(town: Town) -> None:
    page = town.pages().get("/en/statistics?by=area")
    main = re.sub(r"\s+", " ", page.text)
    assert page.h1 == "Statistics"
    # Only the names of units and areas stay as they are.
    assert not re.search("[\u4e00-\u9fff]", main.replace("云泽省示范单位", ""))
    heads = list(
        csv.reader(
            io.StringIO(town.pages().get("/en/statistics.csv").response.get_data().decode("utf-8-sig"))
        )
    )
    assert heads[0][0] == "Kind"
