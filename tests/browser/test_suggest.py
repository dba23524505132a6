"""The box as a combobox 组合框: keyboard, pointer, screen reader; and the same box without any script."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, expect

from browser.test_accessibility import SCROLLS, violations
from creditindex import pinyin
from creditregister import records
from creditregister.store import Store
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from support.world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def company(world: World) -> tuple[str, str]:
    """Name and code of a subject."""
    store = Store(world.settings)
    with store.read() as connection:
        found = records.scan(connection, 0, 5_000)
    store.close()
    document = next(item.document for item in found if item.subject_id and item.document["code"])
    return document["name"], document["code"]


def typed(page: Page, text: str) -> None:
    page.goto("/")
    page.get_by_role("combobox").press_sequentially(text)
    expect(page.get_by_role("listbox")).to_be_visible()


def test_the_keyboard_chooses_a_subject(open_page: Callable[..., Page], company: tuple[str, str]) -> None:
    page = open_page()
    name, code = company
    typed(page, name[:6])
    box, options = page.get_by_role("combobox"), page.get_by_role("option")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.locator("[role=listbox] mark").first).to_have_text(name[:6])
    expect(page.get_by_role("status")).to_contain_text("条建议")
    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    chosen = options.first.get_attribute("id")
    expect(box).to_have_attribute("aria-activedescendant", chosen or "")
    box.press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "false")
    box.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value(name[:6])
    expect(box).to_be_focused()
    box.fill(code)
    box.fill(name)
    expect(options.first).to_be_visible()
    box.press("ArrowDown")
    box.press("Enter")
    expect(page).to_have_url(re.compile(r"/s/[0-9A-Z]{18}$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_enter_without_a_choice_is_the_plain_search(
    open_page: Callable[..., Page], company: tuple[str, str]
) -> None:
    page = open_page("phone")
    typed(page, company[0][:4])
    page.get_by_role("combobox").press("Enter")
    expect(page).to_have_url(re.compile("/search"))
    expect(page.locator("main mark").first).to_be_visible()


def test_a_pointer_chooses_and_leaving_closes(
    open_page: Callable[..., Page], company: tuple[str, str]
) -> None:
    page = open_page("phone")
    typed(page, company[0][:6])
    page.get_by_role("combobox").blur()
    expect(page.get_by_role("listbox")).to_be_hidden()
    typed(page, company[0][:6])
    page.get_by_role("option").first.click()
    expect(page).to_have_url(re.compile(r"/s/[0-9A-Z]{18}$"))


def test_pinyin_stands_under_its_own_label(open_page: Callable[..., Page], company: tuple[str, str]) -> None:
    page = open_page()
    typed(page, pinyin.spelt(fold(company[0])).initials[0])
    group = page.get_by_role("group", name="按拼音")
    expect(group.get_by_role("option").first).to_contain_text(company[0])
    expect(page.get_by_role("group", name="名称", exact=True)).to_have_count(0)


def test_only_the_last_text_is_asked_and_the_answer_to_an_older_one_is_dropped(
    open_page: Callable[..., Page], company: tuple[str, str]
) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "suggest.json" in request.url else None)
    typed(page, company[0][:8])
    assert 1 <= len(asked) < 8
    page.get_by_role("combobox").fill("没有这样的名称")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_an_answer_that_fails_leaves_the_box_alone(
    open_page: Callable[..., Page], company: tuple[str, str]
) -> None:
    page = open_page()
    page.route("**/suggest.json*", lambda route: route.fulfill(status=429, body="{}"))
    page.goto("/")
    box = page.get_by_role("combobox")
    with page.expect_response("**/suggest.json*"):
        box.press_sequentially(company[0][:3])
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.press("Enter")
    expect(page.locator("main mark").first).to_be_visible()


class Held:
    """Answers to the box that come when the test lets them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._routes: list[Route] = []
        page.route("**/suggest.json*", lambda route: self._routes.append(route))  # noqa: PLW0108 -- a bound builtin is refused

    def wait(self) -> None:
        """Until the server has been asked."""
        while not self._routes:
            self._page.wait_for_timeout(20)

    def let_go(self) -> None:
        """Answer, also what nobody waits for any more."""
        while self._routes:
            with suppress(Error):
                self._routes.pop(0).continue_()
        self._page.wait_for_timeout(500)


def test_enter_never_opens_what_was_chosen_for_another_text(
    open_page: Callable[..., Page], company: tuple[str, str]
) -> None:
    page = open_page()
    typed(page, company[0][:4])
    box = page.get_by_role("combobox")
    box.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    held = Held(page)
    box.press_sequentially("别的")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    assert box.get_attribute("aria-activedescendant") is None
    held.wait()
    box.press("Enter")
    expect(page).to_have_url(re.compile("/search"))


def test_escape_also_stops_an_answer_that_is_still_to_come(
    open_page: Callable[..., Page], company: tuple[str, str]
) -> None:
    page = open_page()
    page.goto("/")
    held = Held(page)
    box = page.get_by_role("combobox")
    box.press_sequentially(company[0][:4])
    held.wait()
    box.press("Escape")
    held.let_go()
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value(company[0][:4])


def test_the_words_before_a_former_name_are_in_the_language_of_the_page(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    option = {"href": "/en/s/1", "name": [["赤水", True]], "former": [["白桥", False]], "code": "1"}
    answer = {"groups": [{"label": "Names", "options": [option]}]}
    page.route("**/suggest.json*", lambda route: route.fulfill(json=answer))
    page.goto("/en/")
    page.get_by_role("combobox").press_sequentially("赤")
    former = page.locator("[role=option] .former")
    expect(former).to_have_text("Formerly: 白桥")
    languages = "each => [each.closest('[lang]').lang, each.querySelector('[lang]').textContent]"
    assert former.evaluate(languages) == ["en", "白桥"]


@pytest.mark.parametrize("device", ["narrow", "phone", "desktop"])
@pytest.mark.parametrize("more", ["", "?text=large"])
def test_it_is_accessible_open_and_closed_and_fits(
    open_page: Callable[..., Page], company: tuple[str, str], device: str, more: str
) -> None:
    page = open_page(device, color_scheme="dark" if device == "phone" else "light")
    page.goto(f"/{more}")
    box = page.get_by_role("combobox")
    assert not violations(page)
    box.press_sequentially(company[0][:4])
    expect(page.get_by_role("listbox")).to_be_visible()
    box.press("ArrowDown")
    assert not violations(page)
    assert not page.evaluate(SCROLLS)
    place, width = page.get_by_role("listbox").bounding_box(), page.viewport_size
    assert place is not None
    assert width is not None
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= width["width"]


def test_without_script_it_is_a_plain_search_field(
    open_page: Callable[..., Page], company: tuple[str, str]
) -> None:
    page = open_page("narrow", java_script_enabled=False)
    page.goto("/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_visible()
    assert box.get_attribute("aria-expanded") is None
    box.fill(company[0][:6])
    box.press("Enter")
    expect(page.locator("main mark").first).to_have_text(company[0][:6])
    initials = pinyin.spelt(fold(company[0])).initials[0]
    page.goto(f"/search?q={initials}")
    page.get_by_role("link", name=re.compile("按拼音查找名称")).click()
    expect(page.locator("main ol.names a").first).to_have_text(company[0])
