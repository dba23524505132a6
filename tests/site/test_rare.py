"""Rare characters 生僻字 on pages: in results, suggestions, on the subject's page, marked, and in every address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import indexes, registers
from support import town as towns
from support.rare import TELLING
from support.town import Town

if TYPE_CHECKING:
    from pathlib import Path

    from support.pages import Pages

NAMES = {
    f"云泽{character}{TELLING[place - 1]}食品有限公司": towns.unified(100 + place)
    for place, character in enumerate(TELLING)
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """A site whose subjects have rare names."""
    folder: Path = tmp_path_factory.mktemp("rare")
    town = Town(registers.make_register(folder))
    rows = [
        towns.row("penalty", n, name, code, facts=f"{name}未按规定公示年度报告")
        for n, (name, code) in enumerate(NAMES.items(), 1)
    ]
    registers.deliver(town.register, rows)
    indexes.rebuild(town.register, indexes.engine_of(town.register)).run()
    return town.pages()


@pytest.mark.parametrize("name", NAMES)
def test_a_rare_name_is_searched_suggested_and_shown(pages: Pages, name: str) -> None:
    piece, code = name[2:4], NAMES[name]
    page = pages.get("/search", query_string={"q": piece})
    assert page.texts("mark")[:1] == [piece]
    assert name in page.text
    assert f'value="{piece}"' in page.html
    subject = pages.get(f"/s/{code}")
    assert subject.h1 == name
    answer = pages.get("/suggest.json", query_string={"q": f"云泽{piece}"}).response.get_json()
    assert answer["groups"][0]["options"][0]["name"] == [[f"云泽{piece}", True], ["食品有限公司", False]]
    assert pages.get("/search", query_string={"q": f"{piece} 年度报告"}).texts("mark")[-1] == "年度报告"
