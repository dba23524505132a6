"""Every page in both languages: no Chinese on an English page but where it is marked, no English on a Chinese one.

The client that fetches looks at each text of the page (``support.languages``); here every address of the site has an
example, in each of its states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import places as places_module
from support import site
from support import town as towns
from support.languages import foreign
from support.pages import Pages, parse
from support.visitors import Visitors, get_rules

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from werkzeug.test import TestResponse

    from support.pages import Fetched
    from support.town import Town
    from support.world import World

LANGUAGES = ["", "/en"]
#: Answers that are no pages: tables, calendars and JSON.
FILES = {
    "suggest.show",
    "record.data",
    "record.days",
    "download.search",
    "statistics.table",
    "punctuality.table",
}
FILES |= {"coverage.table", "bans.data"}


class Reading(Pages):
    """Reads the texts of Chinese pages too: what the town says holds no English."""

    def _checked(self, response: TestResponse, status: int) -> Fetched:
        page = super()._checked(response, status)
        assert not list(foreign(page.tree)), response.request.path
        return page


def endpoint(app: Flask, path: str) -> str:
    """The route that answers an address, if one does."""
    with app.test_request_context(path) as context:
        return context.request.endpoint or ""


def test_every_page_of_the_site_in_both_languages(world: World) -> None:
    app = world.app()
    visitors, places = Visitors(app), places_module.places(world)
    wrong = {
        base + path: found
        for path in places.values()
        for base in LANGUAGES
        if (found := list(foreign(parse(visitors.get(base + path).get_data(as_text=True)))))
    }
    assert not wrong
    bilingual = {rule.endpoint for rule in get_rules(app) if rule.rule.startswith("/en/")}
    assert bilingual - {endpoint(app, path) for path in places.values()} == FILES


@pytest.mark.parametrize("base", LANGUAGES)
def test_what_is_gone_or_annulled(fresh: Town, base: str) -> None:
    for number, state in ((1, "ended"), (2, "annulled")):
        record = fresh.record(f"云市监2〔2026〕{number}号")
        fresh.withdraw(record, state)
        assert Reading(fresh.app()).get(f"{base}/r/{record.id}", 410).h1


@pytest.mark.parametrize("base", LANGUAGES)
def test_people_found_missed_refused_and_closed(fresh: Town, base: str) -> None:
    pages = Reading(fresh.app())
    who = {"name": "郑无名", "number": towns.NOBODY}
    assert pages.post(f"{base}/people", who).all("article", "person")
    pages.post(f"{base}/people", {**who, "number": towns.identity(9)})
    pages.post(f"{base}/people", {"name": "郑*", "number": ""}, 400)
    pages.post(f"{base}/people", who, 403, headers={"Sec-Fetch-Site": "cross-site"})
    (fresh.register.settings.data / "keys" / "lookup.json").unlink()
    Reading(fresh.app()).post(f"{base}/people", who, 503)


@pytest.mark.parametrize("base", LANGUAGES)
def test_limits_faults_and_limited_search(town: Town, tmp_path: Path, base: str) -> None:
    app = town.app(open_engine=lambda settings: towns.index_elsewhere(settings, tmp_path))
    pages = Reading(app)
    assert pages.get(f"{base}/search?q=云泽").all("div", "warn")
    for _ in range(59):
        pages.get(f"{base}/search?q=")
    pages.get(f"{base}/search?q=云泽", 429)
    pages.open(f"{base}/search", "POST", 405)
    pages.post(f"{base}/people", {"name": "长" * 9000}, 413)
    (tmp_path / "register.sqlite").write_bytes(b"not a database at all" * 100)
    Reading(site.make(tmp_path)).get(f"{base}/", 503)


@pytest.mark.parametrize("base", LANGUAGES)
def test_a_site_with_nothing_in_it(base: str, tmp_path: Path) -> None:
    (tmp_path / "DEMO").touch()
    pages = Reading(site.make(tmp_path))
    for path in ("/", "/people", "/help"):
        pages.get(base + path)


def test_what_stands_in_the_wrong_language_is_noticed() -> None:
    head = '<!doctype html><html lang="{}"><title>一 A title of words</title><body>'
    for lang, body in (
        ("en", "<p>Published by 云泽市</p>"),
        ("en", '<p><span lang="zh-CN">云泽市</span>。</p>'),
        ("en", '<nav aria-label="翻页"></nav>'),
        ("zh-CN", "<p>公示<b>until the last day</b></p>"),
        ("zh-CN", '<p lang="en">云泽市</p>'),
    ):
        assert list(foreign(parse(head.format(lang) + body))), body
    for lang, body in (
        ("en", '<p>Published by <span lang="zh-CN">云泽市</span></p>'),
        ("zh-CN", '<p>格式为 JSON Lines<a lang="en">In the English language</a></p>'),
    ):
        assert not list(foreign(parse(head.format(lang) + body))), body
