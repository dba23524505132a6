"""``/search.csv``: what the result page shows, safe in a spreadsheet, bounded, read from the register."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from creditregister.schema import unit
from creditsite.guard import policy
from creditsite.pages import download
from support import registers
from support import town as towns
from support.project import TOP
from support.town import DAWN, NOBODY, STONE, index_elsewhere

if TYPE_CHECKING:
    from pathlib import Path

    from support.pages import Pages
    from support.town import Town

STONES = quote("青石贸易")


def rows(pages: Pages, path: str) -> list[list[str]]:
    answer = pages.get(path)
    assert answer.headers["Content-Type"].startswith("text/csv; charset=utf-8")
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    body = answer.response.get_data()
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\r\n") == body.count(b"\n")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_all_pages_of_a_result_stand_in_one_file(town: Town) -> None:
    pages = town.pages()
    heads, *found = rows(pages, f"/search.csv?q={STONES}")
    assert heads[:3] == ["名称", "统一社会信用代码或其他代码", "信息类别"]
    assert len(found) == 45
    assert {tuple(row[:3]) for row in found} == {("青石贸易有限公司", STONE, "行政许可")}
    listed = [
        href
        for number in (1, 2, 3)
        for href in pages.get(f"/search?q={STONES}&page={number}").links().values()
        if href.startswith("/r/")
    ]
    assert set(listed) <= {row[-1] for row in found}


def test_the_page_links_to_the_file_and_states_its_bound(town: Town) -> None:
    page = town.pages().get(f"/search?q={STONES}&kind=licence&order=newest")
    assert page.links()["下载表格（CSV）"] == f"/search.csv?q={STONES}&kind=licence&order=newest"
    assert f"前 {download.MOST:,} 条" in page.text
    assert "CSV" not in town.pages().get(f"/search?q={quote('没有这样的内容')}").text


def test_the_bound_holds(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "MOST", 7)
    assert len(rows(town.pages(), f"/search.csv?q={STONES}")) == 8


def test_no_cell_is_a_formula(fresh: Town) -> None:
    evil = "＝HYPERLINK有限公司"
    row = towns.row("licence", 700, evil, towns.unified(77), document_number="=1+1")
    registers.deliver(fresh.register, [row], kind="licence")
    fresh.follow()
    (_, found) = rows(fresh.pages(), f"/search.csv?q={towns.unified(77)}")
    assert found[0] == f"'{evil}"
    assert "'=1+1" in found


def test_what_was_withdrawn_a_moment_ago_is_not_in_it(fresh: Town) -> None:
    pages = fresh.pages()
    assert len(rows(pages, f"/search.csv?q={DAWN}")) == 3
    fresh.withdraw(next(each for each in fresh.records() if each.document["code"] == DAWN))
    assert len(rows(pages, f"/search.csv?q={DAWN}")) == 2


@pytest.mark.parametrize("query", ["nonsense=1", "page=2", "view=names", f"q={NOBODY}", f"q={'长' * 201}"])
def test_what_a_search_refuses_is_refused(town: Town, query: str) -> None:
    assert NOBODY not in town.pages().get(f"/search.csv?{query}", 400).html


def test_without_an_index_it_says_so(town: Town, tmp_path: Path) -> None:
    pages = town.pages(open_engine=lambda settings: index_elsewhere(settings, tmp_path))
    answer = pages.get("/search.csv?q=x", 503)
    assert "稍后再下载" in answer.text


def test_a_file_costs_as_much_as_ten_searches() -> None:
    limits = policy.load(TOP / "config" / "limits.toml")
    assert limits.routes["download.search"].cost == 10
    assert limits.routes["download.search"].pool == "search"


def test_addresses_name_the_site_where_it_has_a_name(town: Town) -> None:
    pages = town.pages(above={"site": {"hosts": ("credit.example",)}})
    answer = pages.get(f"/en/search.csv?q={towns.DAWN_TWIN}", headers={"Host": "credit.example"})
    *_, address = answer.html.strip().splitlines()[-1].split(",")
    assert address.startswith("https://credit.example/en/r/")
    pages.get(address.removeprefix("https://credit.example"), headers={"Host": "credit.example"})


def test_english_words_for_an_english_reader(town: Town) -> None:
    heads, first = rows(town.pages(), f"/en/search.csv?q={towns.DAWN_TWIN}")
    assert heads[:3] == ["Name", "Unified social credit code or other code", "Kind"]
    assert first[2] == "Administrative penalty"
    assert first[-1].startswith("/en/r/")


def test_a_unit_under_another_name_is_another_file(fresh: Town) -> None:
    pages, path = fresh.pages(), f"/search.csv?q={STONES}"
    tag = pages.get(path).headers["ETag"]
    pages.get(path, 304, headers={"If-None-Match": tag})
    with fresh.register.store.write() as connection:
        connection.execute(unit.update().values(name="云泽市数据局"))
    answer = pages.get(path, headers={"If-None-Match": tag})
    assert "云泽市数据局" in answer.html
