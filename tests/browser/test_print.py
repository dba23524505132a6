"""On paper stands what a page says, and nothing that only a screen can use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

#: What a page has for the screen; not every page has each of them.
FOR_THE_SCREEN = "nav, .search, .facets, .pager, .skip, .noprint"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("record: penalty", ["dl.fields dt", "dl.fields dd", "table.days th", "table.days time"]),
        ("subject", ["dl.fields dd", "table.list th[scope=row]", "table.list time"]),
        ("results", ["ol.hits a", "ol.hits .facts"]),
    ],
)
def test_paper_has_the_fields_and_the_days_and_no_navigation(
    open_page: Callable[..., Page], places: dict[str, str], name: str, said: list[str]
) -> None:
    page = open_page()
    page.goto(places[name])
    visible = page.locator(FOR_THE_SCREEN).filter(visible=True)
    expect(visible).not_to_have_count(0)
    page.emulate_media(media="print")
    expect(visible).to_have_count(0)
    for selector in said:
        expect(page.locator(selector).first).to_be_visible()
