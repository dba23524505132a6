"""Names under the box: proposed by the index, decided by the register; pinyin apart; nothing of persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from creditindex.engine import EngineError
from support import town as towns

if TYPE_CHECKING:
    from support.pages import Pages
    from support.town import Town


def proposed(pages: Pages, text: str, path: str = "/suggest.json") -> dict[str, list[dict[str, Any]]]:
    answer = pages.get(path, query_string={"q": text}).response.get_json()
    return {group["label"]: group["options"] for group in answer["groups"]}


def test_names_with_what_was_typed_marked_and_their_address(town: Town) -> None:
    found = proposed(town.pages(), "晨光")
    assert list(found) == ["名称"]
    assert {each["href"] for each in found["名称"]} == {f"/s/{towns.DAWN}", f"/s/{towns.DAWN_TWIN}"}
    first = found["名称"][0]
    assert first["name"] == [["云泽", False], ["晨光", True], ["食品有限公司", False]]
    assert (first["code"], first["former"]) == (towns.DAWN, [])


def test_pinyin_is_a_group_of_its_own(town: Town) -> None:
    found = proposed(town.pages(), "cswl")
    assert list(found) == ["按拼音"]
    assert [each["code"] for each in found["按拼音"]] == [towns.RIVER]


def test_english_labels_and_addresses(town: Town) -> None:
    found = proposed(town.pages(), "cswl", "/en/suggest.json")
    assert found["By pinyin"][0]["href"] == f"/en/s/{towns.RIVER}"


@pytest.mark.parametrize("text", ["", " ", "郑无名", "zwm", "zhengwuming", "北岭无代码"])
def test_nothing_persons_and_names_without_a_code_are_not_proposed(town: Town, text: str) -> None:
    assert proposed(town.pages(), text) == {}


def test_a_subject_is_gone_with_its_last_record_before_the_index_knows(fresh: Town) -> None:
    pages = fresh.pages()
    assert proposed(pages, "赤水")
    fresh.withdraw(fresh.record("云市监1〔2026〕2号"))
    assert proposed(pages, "赤水") == proposed(pages, "cswl") == {}


@pytest.mark.parametrize(
    "query",
    [
        {"q": "字" * 201},
        {"q": "a", "limit": "9"},
        {"q": ["a", "b"]},
        {"q": towns.NOBODY},
        {"x": towns.NOBODY},
    ],
)
def test_what_cannot_be_asked_is_refused_in_json(town: Town, query: dict[str, Any]) -> None:
    answer = town.pages().get("/suggest.json", 400, query_string=query)
    assert answer.response.get_json()["error"]["reason"]
    assert towns.NOBODY not in answer.html


def test_answers_are_kept_nowhere_and_listed_nowhere(town: Town) -> None:
    answer = town.pages().get("/suggest.json?q=晨光")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"].startswith("noindex")


def test_without_an_index_there_is_a_reason(town: Town) -> None:
    class Failing:
        def position(self) -> None:
            raise EngineError("broken inside")

    answer = town.pages(open_engine=lambda _settings: Failing()).get("/suggest.json?q=晨光", 503)
    assert answer.response.get_json()["error"]["reason"] == "index-away"
