"""From the home page to a record and to ``/people``, as people go: phone and desktop, with and without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from creditregister import records
from creditregister.store import Store
from support.visiting import search
from support.world import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from creditregister.records import Published
    from support.world import World

pytestmark = pytest.mark.browser

SETTINGS = [(device, scripts) for device in ("phone", "desktop") for scripts in (True, False)]


@pytest.fixture(scope="session")
def penalty(world: World) -> Published:
    """A penalty of a subject with a code."""
    store = Store(world.settings)
    with store.read() as connection:
        found = records.scan(connection, 0, 5_000)
    store.close()
    return next(
        item for item in found if item.kind == "penalty" and item.document["code"] and item.subject_id
    )


@pytest.mark.parametrize(("device", "scripts"), SETTINGS)
def test_from_home_by_code_to_subject_and_record(
    open_page: Callable[..., Page], penalty: Published, device: str, *, scripts: bool
) -> None:
    page = open_page(device, java_script_enabled=scripts)
    page.goto("/")
    search(page, penalty.document["code"])
    page.locator("main ol.names a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(penalty.document["name"])
    page.locator(f"main a[href*='{penalty.id}']").first.click()
    expect(page).to_have_url(re.compile(rf"/r/{penalty.id}$"))
    expect(page.locator("main")).to_contain_text(penalty.document["fields"]["facts"][:20])
    expect(page.locator("main")).to_contain_text(penalty.document["number"])


@pytest.mark.parametrize(("device", "scripts"), SETTINGS)
def test_by_a_piece_of_the_name_and_by_the_content(
    open_page: Callable[..., Page], penalty: Published, device: str, *, scripts: bool
) -> None:
    page = open_page(device, java_script_enabled=scripts)
    page.goto("/")
    name, facts = penalty.document["name"], penalty.document["fields"]["facts"]
    search(page, name[2:6])
    expect(page.locator("main mark").first).to_have_text(name[2:6])
    search(page, facts[-30:-18])
    expect(page.locator("main mark").first).to_be_visible()
    search(page, f"{name[2:5]} {penalty.document['body'][:4]}")
    expect(page.locator("main ol.hits li").first).to_be_visible()


def recent(case: str) -> bool:
    """Whether a case number is of the world's own year: its record is still shown."""
    return TODAY[:4] in case


@pytest.mark.parametrize(("device", "scripts"), SETTINGS)
def test_people_by_name_and_number(
    open_page: Callable[..., Page], world: World, device: str, *, scripts: bool
) -> None:
    debtor = next(
        item
        for item in reversed(world.people)
        if item["role"] == "subject" and item.get("case") and not item["minor"] and recent(item["case"])
    )
    page = open_page(device, java_script_enabled=scripts)
    page.goto("/")
    page.locator("a[href='/people']").first.click()
    page.get_by_label("姓名").fill(debtor["under"])
    page.get_by_label("证件号码或案号").fill(debtor["case"])
    page.get_by_role("button", name="查询").click()
    expect(page.locator("article.person").first).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(debtor["number"])
    page.get_by_label("姓名").fill(debtor["under"])
    page.get_by_label("证件号码或案号").fill("不是这个案号")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", name="没有查到")).to_be_visible()


def test_the_facets_narrow_and_widen_again(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/search?q=有限公司")
    page.locator("aside a, .facets a").filter(has_text="行政处罚").first.click()
    expect(page).to_have_url(re.compile("kind=penalty"))
    page.locator(".chips a").first.click()
    expect(page).not_to_have_url(re.compile("kind=penalty"))


def test_the_facets_open_on_a_wide_screen_in_any_browser(
    open_page: Callable[..., Page], places: dict[str, str]
) -> None:
    page = open_page()
    page.goto(places["results"])
    link = page.locator(".facets a").first
    expect(link).to_be_visible()

    def older(route: Route) -> None:
        """The stylesheet as a browser without that pseudo-element reads it."""
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("::details-content", "::unheard-of"))

    page.route("**/site.css*", older)
    page.goto(places["filtered"])
    expect(link).to_be_hidden()
    page.locator(".facets > summary").click()
    expect(link).to_be_visible()


def test_with_the_keyboard_alone(open_page: Callable[..., Page], penalty: Published) -> None:
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("main input[name=q]")).to_be_focused()
    page.keyboard.type(penalty.document["code"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search"))
    page.locator("main ol.names a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(penalty.document["name"])


def test_english_and_back(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/search?q=食品")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("main input[name=q]")).to_have_value("食品")
    page.get_by_role("link", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
