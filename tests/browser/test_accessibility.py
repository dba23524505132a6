"""Every kind of page against WCAG 2.2 AA by axe, and without a sideways scroll at 320 px (UI, Proof)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from support.world import Server

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: Language, device and colours: each page is seen large and light in Chinese, small and dark in English.
LOOKS = [("", "desktop", "light"), ("/en", "phone", "dark")]
LANGUAGES = ["", "/en"]
SCROLLS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
#: What UI allows for a whole page, in bytes.
HEAVIEST = {"home": 30_000, "results": 60_000}


def violations(page: Page) -> list[str]:
    """What axe says of the page, one line for each element."""
    page.evaluate(AXE_SCRIPT)
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    report: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{found['id']}: {node['html'][:150]} ({node.get('failureSummary', '')[:200]})"
        for found in report["violations"]
        for node in found["nodes"]
    ]


@pytest.mark.parametrize(("language", "device", "colours"), LOOKS)
def test_every_kind_of_page_is_accessible(
    open_page: Callable[..., Page], places: dict[str, str], language: str, device: str, colours: str
) -> None:
    page = open_page(device, color_scheme=colours)
    wrong = {}
    for name, path in places.items():
        page.goto(language + path)
        if found := violations(page):
            wrong[name] = found
    assert not wrong


def test_the_people_form_is_accessible_in_every_state(open_page: Callable[..., Page]) -> None:
    page = open_page("phone", color_scheme="dark")
    for name, number in (("王", "12"), ("*", "99010119900101"), ("无此人", "99010119900101123X")):
        page.goto("/people")
        page.locator("#name").fill(name)
        page.locator("#number").fill(number)
        page.get_by_role("button", name="查询").click()
        assert not violations(page), (name, number)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_scrolls_sideways_at_320_pixels(
    open_page: Callable[..., Page], places: dict[str, str], language: str
) -> None:
    page = open_page("narrow")
    wide = []
    for name, path in places.items():
        for more in ("", "text=large"):
            resized = more and name != "large text"
            page.goto(f"{language}{path}{'&' if '?' in path else '?'}{more}" if resized else language + path)
            if page.evaluate(SCROLLS):
                wide.append((name, more))
    assert not wide


@pytest.mark.parametrize("name", HEAVIEST)
def test_pages_are_light(open_page: Callable[..., Page], places: dict[str, str], name: str) -> None:
    page = open_page()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(places[name], wait_until="networkidle")
    assert sum(sizes) <= HEAVIEST[name]


def test_the_browser_reaches_nothing_but_this_server(
    open_page: Callable[..., Page], places: dict[str, str], server: Server
) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in places.values():
        page.goto(path)
    assert [url for url in asked if not url.startswith(server.url)] == []
