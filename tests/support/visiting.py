"""What people do in a browser, for several tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page


def search(page: Page, text: str) -> None:
    """Type into the page's box and send it."""
    box = page.locator("main input[name=q]")
    box.fill(text)
    box.press("Enter")
    expect(page.locator("main input[name=q]")).to_have_value(text)
