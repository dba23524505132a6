"""The result page: what is found, how it is said, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import town as towns

if TYPE_CHECKING:
    from pathlib import Path

    from support.town import Town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return towns.make(tmp_path_factory.mktemp("town"))


def test_code_leads_to_its_subject_and_records(town: Town) -> None:
    page = town.pages().get(f"/search?q={towns.RIVER}")
    assert page.links()["赤水物流股份有限公司"] == f"/s/{towns.RIVER}"
    assert "道路运输许可" in page.text


def test_naming(town: Town) -> None:
    page = town.pages().get("/search?q=晨光")
    print(page.text)
