"""The page of a subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import town as towns

if TYPE_CHECKING:
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
