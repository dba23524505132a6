"""The page of a subject."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from creditregister import identities
from creditregister.publication import Author
from support import town as towns
from support.registers import deliver

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.pages import Fetched
    from support.town import Town


def test_name_code_and_records_by_kind(town: Town) -> None:
    page = town.pages().get(f"/s/{towns.DAWN}")
    assert page.h1 == "云泽晨光食品有限公司"
    assert towns.DAWN in page.html.replace("</span><span>", "")
    assert [text.split()[0] for text in page.texts("h3")] == ["行政许可", "行政处罚"]
    assert page.links()["行政处罚 1"] == "#penalty"
    assert "云市监2〔2026〕1号" in page.links()


def test_favourable_and_adverse_records_are_apart(town: Town) -> None:
    headings = town.pages().get(f"/s/{towns.DAWN}").texts("h2")
    assert headings.index("许可、承诺及其他信息") < headings.index("处罚和失信信息")


def quoted_nowhere(page: Fetched) -> str:
    return " ".join(
        "".join(each.itertext()) for each in page.tree.iter() if each.get("data-nosnippet") is not None
    )


def test_search_engines_keep_no_copy_and_quote_nothing_adverse(fresh: Town) -> None:
    page = fresh.pages().get(f"/en/s/{towns.DAWN}")
    assert page.headers["X-Robots-Tag"] == "noarchive"
    assert [each.get("content") for each in page.all("meta") if each.get("name") == "robots"] == ["noarchive"]
    silent = quoted_nowhere(page)
    assert "云市监2〔2026〕1号" in silent
    assert "Penalties and dishonesty records" in silent
    assert "云市监1〔2026〕1号" not in silent
    failed = towns.row(
        "inspection", 1, "赤水物流股份有限公司", towns.RIVER, result="failed", severity="general"
    )
    deliver(fresh.register, [failed], kind="inspection")
    page = fresh.pages().get(f"/s/{towns.RIVER}")
    assert page.headers["X-Robots-Tag"] == "noarchive"
    number = next(each.document["number"] for each in fresh.records() if each.kind == "inspection")
    assert number in quoted_nowhere(page)


def test_a_page_of_adverse_records_only_is_not_listed(town: Town) -> None:
    page = town.pages().get(f"/s/{towns.DAWN_TWIN}")
    assert page.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert "noindex, noarchive" in [each.get("content") for each in page.all("meta")]


@pytest.mark.parametrize(
    ("prefix", "said"), [("", "公示至 2027年5月20日"), ("/en", "shown through 20 May 2027")]
)
@pytest.mark.parametrize("address", [f"/s/{towns.DAWN}", "/search?q=标签不合格"])
def test_rows_say_until_when_they_are_shown(town: Town, prefix: str, said: str, address: str) -> None:
    assert said in " ".join(town.pages().get(prefix + address).text.split())


@pytest.mark.parametrize("address", [f"/s/{towns.STONE}", f"/search?q={towns.STONE}"])
def test_rows_without_an_end_name_none(town: Town, address: str) -> None:
    assert "公示至" not in town.pages().get(address).text


def test_only_the_newest_of_many_and_the_way_to_all(town: Town) -> None:
    page = town.pages().get(f"/s/{towns.STONE}")
    assert len([row for row in page.all("tr") if row.findall("td")]) == 10
    all_of_them = page.links()["全部 45 条行政许可"]
    assert len(town.pages().get(all_of_them).all("ol", "hits")[0].findall("li")) == 20


def test_other_subjects_of_the_same_name(town: Town) -> None:
    page = town.pages().get(f"/s/{towns.DAWN}")
    assert "有其他主体使用同一名称" in page.texts("h2")
    assert f"/s/{towns.DAWN_TWIN}" in page.links().values()
    assert "有其他主体使用同一名称" not in town.pages().get(f"/s/{towns.RIVER}").texts("h2")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_any_code_leads_to_the_one_address(town: Town, prefix: str) -> None:
    pages = town.pages()
    organisation = towns.RIVER[8:17]
    for written in (organisation, f"{organisation[:8]}-{organisation[8]}", towns.RIVER.lower()):
        answer = pages.get(f"{prefix}/s/{written}", 308)
        assert answer.headers["Location"] == f"{prefix}/s/{towns.RIVER}"


def test_large_text_survives_the_redirect(town: Town) -> None:
    answer = town.pages().get(f"/s/{towns.RIVER.lower()}?text=large", 308)
    assert answer.headers["Location"] == f"/s/{towns.RIVER}?text=large"


def test_a_wrong_code_is_explained_and_the_right_one_offered(town: Town) -> None:
    wrong = towns.RIVER[:-1] + ("3" if towns.RIVER[-1] != "3" else "4")
    page = town.pages().get(f"/s/{wrong}", 404)
    assert "没有通过校验" in page.text
    assert f"/s/{towns.RIVER}" in page.links().values()
    assert "赤水物流股份有限公司" in page.text


def test_an_unknown_code_and_one_without_public_records_look_alike(fresh: Town) -> None:
    for record in fresh.records():
        if record.document["code"] == towns.RIVER:
            fresh.withdraw(record)
    unknown = towns.unified(99)
    pages = fresh.pages()
    gone, never = pages.get(f"/s/{towns.RIVER}", 404), pages.get(f"/s/{unknown}", 404)
    assert gone.html.replace(towns.RIVER, "X") != ""
    shape = [
        page.text.replace(" ", "").replace(code, "X")
        for page, code in ((gone, towns.RIVER), (never, unknown))
    ]
    assert shape[0] == shape[1]
    assert pages.get(f"/s/{towns.RIVER.lower()}", 404).h1 == never.h1


def test_identity_numbers_in_the_address_are_not_repeated(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    page = town.pages().get(f"/s/{towns.NOBODY}", 400)
    assert towns.NOBODY not in page.html
    assert towns.NOBODY not in capsys.readouterr().out


def test_nonsense_is_a_page_that_says_so(town: Town) -> None:
    for text in ("x", "%00", "'; DROP TABLE record;--", "💥" * 30, "a" * 500):
        assert town.pages().get(f"/s/{text}", 404).all("form")


def test_english(town: Town) -> None:
    page = town.pages().get(f"/en/s/{towns.DAWN}")
    assert "Unified social credit code" in page.texts("dt")
    assert page.links()["云市监2〔2026〕1号"].startswith("/en/r/")


NEW = "云泽曙光食品有限公司"
OLD = "云泽晨光食品有限公司"


def decide(town: Town, decision: Callable[..., Any], *given: Any, **named: Any) -> Any:
    author = Author("工作人员甲", decision.__name__, town.register.clock.now())
    with town.register.store.write() as connection:
        return decision(connection, *given, author=author, **named)


def test_a_rename_is_on_every_page_at_once_and_in_the_search_with_the_index(fresh: Town) -> None:
    town, pages = fresh, fresh.pages()
    record = next(each for each in town.records() if each.document["code"] == towns.DAWN)
    tags = [pages.get(path).headers["ETag"] for path in (f"/s/{towns.DAWN}", f"/r/{record.id}")]
    day = town.register.clock.today()
    decide(town, identities.rename, towns.DAWN, NEW, since=day, today=day)
    page = pages.get(f"/s/{towns.DAWN}", headers={"If-None-Match": tags[0]})
    assert page.h1 == NEW
    assert f"{OLD}（2026年11月24日 前）" in page.texts("dd")
    assert "有其他主体使用同一名称" not in page.texts("h2"), "the other one bears the old name alone now"
    assert OLD in page.text, "its records say under which name they were made"
    page = pages.get(f"/r/{record.id}", headers={"If-None-Match": tags[1]})
    assert "上面的名称是曾用名。" in page.text
    assert page.links()[NEW] == f"/s/{towns.DAWN}"
    assert '"subject_name":"云泽曙光食品有限公司"' in pages.get(f"/r/{record.id}.json").html
    town.follow()
    by_new, by_old = pages.get(f"/search?q={NEW}"), pages.get(f"/search?q={OLD}")
    assert by_new.links()[NEW] == by_old.links()[NEW] == f"/s/{towns.DAWN}"
    assert f"曾用名：{OLD}" in by_old.texts("span")
    assert f"现名：{NEW}" in by_new.texts("span"), "its records are found, and say what it is called now"
    assert len(by_new.all("ol", "hits")[0].findall("li")) == 2


def test_another_name_in_a_record_is_shown_as_the_source_gave_it(fresh: Town) -> None:
    deliver(fresh.register, [towns.row("licence", 900, "云泽晨曦食品有限公司", towns.DAWN)], kind="licence")
    record = fresh.record("云市监1〔2026〕900号")
    page = fresh.pages().get(f"/r/{record.id}")
    assert "上面是来源单位所报的名称" in page.text
    assert fresh.pages().get(f"/s/{towns.DAWN}").texts("dt").count("曾用名") == 0


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_after_a_merge_one_page_remains_and_the_other_address_leads_there(fresh: Town, prefix: str) -> None:
    pages = fresh.pages()
    event = decide(fresh, identities.merge, towns.DAWN_TWIN, towns.DAWN).event
    for code in (towns.DAWN_TWIN, towns.DAWN_TWIN[8:17]):
        assert pages.get(f"{prefix}/s/{code}", 308).headers["Location"] == f"{prefix}/s/{towns.DAWN}"
    page = pages.get(f"{prefix}/s/{towns.DAWN}")
    assert {"云市监2〔2026〕1号", "云市监2〔2026〕2号"} <= page.links().keys()
    assert towns.DAWN_TWIN in page.html.replace("</span><span>", "")
    fresh.follow()
    found = pages.get(f"{prefix}/search?q={towns.DAWN_TWIN}")
    assert f"{prefix}/s/{towns.DAWN}" in [link.get("href") for link in found.all("a")]
    decide(fresh, identities.undo, event)
    assert pages.get(f"{prefix}/s/{towns.DAWN_TWIN}").h1 == OLD


def test_a_code_that_comes_later_moves_the_page_for_good(fresh: Town) -> None:
    number, name, code = "990100000000014", "云泽初来贸易有限公司", towns.unified(77)
    first = towns.row("licence", 901, name, "", registration_number=number)
    later = towns.row("licence", 902, name, code, registration_number=number)
    deliver(fresh.register, [replace(first, codes={"registration": number})], kind="licence")
    pages = fresh.pages()
    assert pages.get(f"/s/{number}").h1 == name
    deliver(fresh.register, [replace(later, codes={"registration": number, "unified": code})], kind="licence")
    assert pages.get(f"/s/{number}", 308).headers["Location"] == f"/s/{code}"
    assert {"云市监1〔2026〕901号", "云市监1〔2026〕902号"} <= pages.get(f"/s/{code}").links().keys()


def test_records_of_the_same_name_without_a_code_are_named_and_not_counted(fresh: Town) -> None:
    nameless = towns.row("penalty", 903, "赤水物流股份有限公司", "", facts="超限运输")
    deliver(fresh.register, [nameless], kind="penalty")
    page = fresh.pages().get(f"/s/{towns.RIVER}")
    assert "另有 1 条信息只写了同一名称、没有代码" in page.text
    assert "行政处罚 1" not in page.links()
    assert "云市监2〔2026〕903号" not in page.links()
    fresh.follow()
    found = fresh.pages().get(page.links()["按名称查询"])
    assert "未以代码识别" in found.texts("span", "unidentified")
    assert "只写了同一名称" not in fresh.pages().get(f"/s/{towns.DAWN}").text
