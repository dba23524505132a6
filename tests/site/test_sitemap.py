"""The sitemap: identified companies with something public, nobody else, and only while it is so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from creditregister import subjects
from creditsite.pages import sitemap
from support.town import DAWN, RIVER, STONE

if TYPE_CHECKING:
    import pytest

    from support.pages import Pages
    from support.town import Town

SITE = {"above": {"site": {"hosts": ("credit.example",)}}}
HOST = {"Host": "credit.example"}


def locations(pages: Pages, path: str) -> list[str]:
    answer = pages.get(path, headers=HOST)
    assert answer.headers["Content-Type"].startswith("application/xml")
    return re.findall("<loc>([^<]+)</loc>", answer.html)


def everything(pages: Pages) -> list[str]:
    parts = locations(pages, "/sitemap.xml")
    assert all(part.startswith("https://credit.example/sitemap-") for part in parts)
    return [url for part in parts for url in locations(pages, part.removeprefix("https://credit.example"))]


def test_every_identified_company_is_in_it_once_but_for_those_with_adverse_records_only(town: Town) -> None:
    pages = town.pages(**SITE)
    codes = {each.document["code"] for each in town.records() if each.subject_id}
    listed = [
        code
        for code in codes
        if "noindex" not in pages.get(f"/s/{code}", headers=HOST).headers["X-Robots-Tag"]
    ]
    assert {DAWN, RIVER, STONE} == set(listed) < codes
    assert sorted(everything(pages)) == sorted(f"https://credit.example/s/{code}" for code in listed)


def test_parts_are_bounded_and_together_whole(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = everything(town.pages(**SITE))
    monkeypatch.setattr(sitemap, "PART", 2)
    pages = town.pages(**SITE)
    parts = locations(pages, "/sitemap.xml")
    assert len(parts) == 2
    assert everything(pages) == whole
    assert sitemap.PART == 2
    for number in ("99", "9" * 30):
        pages.get(f"/sitemap-{number}.xml", 404, headers=HOST)


def test_the_limit_is_the_protocols() -> None:
    assert sitemap.PART == 50_000


def test_a_company_is_gone_with_its_last_record(fresh: Town) -> None:
    pages = fresh.pages(**SITE)
    assert f"https://credit.example/s/{RIVER}" in everything(pages)
    tag = pages.get("/sitemap-0.xml", headers=HOST).headers["ETag"]
    fresh.withdraw(next(each for each in fresh.records() if each.document["code"] == RIVER))
    pages.get("/sitemap-0.xml", headers={**HOST, "If-None-Match": tag})
    assert f"https://credit.example/s/{RIVER}" not in everything(pages)
    assert f"https://credit.example/s/{DAWN}" in everything(pages)


def test_a_part_without_anything_public_is_in_no_list(fresh: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "PART", 1)
    pages = fresh.pages(**SITE)
    before = locations(pages, "/sitemap.xml")
    river = next(each for each in fresh.records() if each.document["code"] == RIVER)
    fresh.withdraw(river)
    with fresh.register.store.read() as connection:
        found = subjects.by_code(connection, RIVER)
    assert found is not None
    gone = f"https://credit.example/sitemap-{found.id - 1}.xml"
    assert set(before) - set(locations(pages, "/sitemap.xml")) == {gone}


def test_robots_learn_of_it_where_the_site_has_a_name(town: Town) -> None:
    named = town.pages(**SITE).get("/robots.txt", headers=HOST).html
    assert "Sitemap: https://credit.example/sitemap.xml" in named
    pages = town.pages()
    assert "Sitemap" not in pages.get("/robots.txt").html
    pages.get("/sitemap.xml", 404)
