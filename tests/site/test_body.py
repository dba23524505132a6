"""``/b/…``: bodies by any of their names, with what is public of them; names in the words of the records."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from creditregister import units
from creditregister.schema import unit, unit_name
from creditsite import asked
from creditsite.pages import body
from support import registers
from support import town as towns
from support.town import BODY, DAWN, NOBODY

if TYPE_CHECKING:
    from support.pages import Fetched
    from support.town import Town

OLD, ALIAS, CODE = "云泽市工商行政管理局", "云泽市监局", "11990100MA00099900"


@pytest.fixture
def renamed(fresh: Town) -> Town:
    """The town, whose body is a unit that was called otherwise before and decided something then."""
    with fresh.register.store.write() as connection:
        known = units.register(connection, BODY, 1, confirmed=True, code=CODE)
        for name, alias in ((OLD, 0), (ALIAS, 1)):
            connection.execute(
                unit_name.insert().values(folded=name, unit_id=known.id, name=name, alias=alias)
            )
        above = units.register(connection, "云泽省市场监督管理局", 1, confirmed=True)
        connection.execute(
            unit.update().where(unit.c.id == known.id).values(superior_id=above.id, area="9901")
        )
    before = {"body": OLD, "decision_date": "2017-03-04"}
    registers.deliver(
        fresh.register,
        [towns.row("licence", 900, "赤水物流股份有限公司", towns.RIVER, **before)],
        kind="licence",
    )
    fresh.follow()
    return fresh


def test_a_name_in_records_has_a_page_without_being_a_unit(town: Town) -> None:
    page = town.pages().get(f"/b/{quote(BODY)}")
    assert page.h1 == BODY
    assert "不在本站的单位名册中" in page.text
    assert "行政许可 47 条" in page.text
    assert page.headers["X-Robots-Tag"].startswith("noindex")


def test_counts_and_links_agree_with_the_search(renamed: Town) -> None:
    pages = renamed.pages()
    page = pages.get(f"/b/{quote(BODY)}")
    for element in page.all("ul", "tiles")[0].iter("a"):
        count = re.search(r"(\d+) 条", "".join(element.itertext()))
        assert count is not None
        assert f"{count[1]} 条，" in pages.get(element.get("href") or "").text
    assert "行政许可 48 条" in page.text


def test_names_over_time_are_told_by_the_records_that_bear_them(renamed: Town) -> None:
    page = renamed.pages().get(f"/b/{quote(BODY)}")
    table = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in page.all("tr")[1:4]]
    assert table == [
        [BODY, "现用名", "2026年5月20日 至 2026年5月20日", "52"],
        [OLD, "曾用名", "2017年3月4日 至 2017年3月4日", "1"],
        [ALIAS, "别名", "无", "0"],
    ]
    assert page.links()["云泽省市场监督管理局"] == f"/b/{quote('云泽省市场监督管理局')}"


@pytest.mark.parametrize("given", [OLD, ALIAS, CODE, CODE.lower()])
def test_every_name_and_the_code_lead_to_one_page(renamed: Town, given: str) -> None:
    answer = renamed.pages().get(f"/en/b/{quote(given)}?text=large", 308)
    assert answer.headers["Location"] == f"/en/b/{quote(BODY)}?text=large"


def test_a_record_leads_to_its_body_and_back(town: Town) -> None:
    pages = town.pages()
    record = pages.get(f"/r/{town.records()[0].id}")
    assert record.links()[BODY] == f"/b/{quote(BODY)}"
    assert any(href.startswith("/r/") for href in pages.get(record.links()[BODY]).links().values())


def test_records_that_write_the_name_otherwise_are_found_and_counted(renamed: Town) -> None:
    official, written = "云泽市监局（赤水分局）", "云泽市监局(赤水分局)"
    with renamed.register.store.write() as connection:
        units.register(connection, official, 1, confirmed=True)
    rows = [
        towns.row("licence", 910 + at, "赤水物流股份有限公司", towns.RIVER, body=name)
        for at, name in enumerate((written, official))
    ]
    registers.deliver(renamed.register, rows, kind="licence")
    renamed.follow()
    pages = renamed.pages()
    record = renamed.record("云市监1〔2026〕910号")
    assert pages.get(pages.get(f"/r/{record.id}").links()[written], 308)
    page = pages.get(f"/b/{quote(official)}")
    assert "行政许可 2 条" in page.text
    assert f"/r/{record.id}" in page.links().values()
    assert "2 条，" in pages.get(page.links()["行政许可 2 条"]).text


def test_every_name_counts_and_the_page_says_which_a_search_leaves_out(
    renamed: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert body.MOST_NAMES == asked.MOST_VALUES
    monkeypatch.setattr(body, "MOST_NAMES", 1)
    page = renamed.pages().get(f"/b/{quote(BODY)}")
    assert f"不包括： {OLD} 。" in page.text
    assert "行政许可 48 条" in page.text
    monkeypatch.undo()
    assert "不包括" not in renamed.pages().get(f"/b/{quote(BODY)}").text


def test_what_the_page_says_of_a_unit_is_never_kept_longer(renamed: Town) -> None:
    pages, path = renamed.pages(), f"/b/{quote(BODY)}"

    def changed(**values: Any) -> Fetched:
        tag = pages.get(path).headers["ETag"]
        with renamed.register.store.write() as connection:
            connection.execute(unit.update().where(unit.c.code == CODE).values(**values))
        return pages.get(path, headers={"If-None-Match": tag})

    assert "行政区划 990102" in changed(area="990102").text
    assert "云泽省市场监督管理局" not in changed(superior_id=None).text
    tag = pages.get(path).headers["ETag"]
    with renamed.register.store.write() as connection:
        known = units.resolve(connection, BODY)
        alias = {"folded": "云泽市监", "unit_id": known.id, "name": "云泽市监", "alias": 1}
        connection.execute(unit_name.insert().values(**alias))
    assert "云泽市监 别名" in pages.get(path, headers={"If-None-Match": tag}).text
    pages.get(path, 304, headers={"If-None-Match": pages.get(path).headers["ETag"]})


def test_a_withdrawn_decision_is_gone_and_persons_were_never_there(renamed: Town) -> None:
    pages = renamed.pages()
    gone = next(
        each for each in renamed.records() if each.kind == "penalty" and each.document["code"] == DAWN
    )
    assert (
        gone.id in pages.get(f"/b/{quote(BODY)}").html
        or gone.id in pages.get(f"/search?body={quote(BODY)}&kind=penalty").html
    )
    tag = pages.get(f"/b/{quote(BODY)}").headers["ETag"]
    renamed.withdraw(gone)
    after = pages.get(f"/b/{quote(BODY)}", headers={"If-None-Match": tag})
    assert gone.id not in after.html
    assert "行政处罚 3 条" in after.text
    assert "郑无名" not in after.html


def test_a_name_that_nobody_bears_is_not_found(town: Town) -> None:
    pages = town.pages()
    pages.get(f"/b/{quote('无此机关')}", 404)
    assert NOBODY not in pages.get(f"/b/{NOBODY}", 400).html


def test_english_is_complete(renamed: Town) -> None:
    page = renamed.pages().get(f"/en/b/{quote(BODY)}")
    assert {"Names over time", "Newest decisions"} <= set(page.texts("h2"))
    assert "现用名" not in page.text
