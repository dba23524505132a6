"""A record of every kind, from a delivery in every dialect and form that it has, found as people find it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from creditindex.demo import forms
from creditindex.demo.columns import COLUMNS
from creditregister import kinds, records
from creditregister.store import Store
from support.visiting import search
from support.world import TODAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from creditregister.records import Published
    from support.world import World

pytestmark = pytest.mark.browser

KINDS = kinds.load()
DIALECTS = [
    (kind, dialect)
    for kind, columns in COLUMNS.items()
    for dialect in ("zh", "code", "old")
    if dialect == "zh" or any(getattr(column, dialect) for column in columns)
]


@pytest.fixture(scope="session")
def delivered(world: World) -> list[tuple[dict[str, Any], Published]]:
    """Public records of today, each with the delivery that brought it."""
    batches = {
        report["files"][0]["batch"]: entry
        for entry, report in zip(world.manifest["files"], world.loads, strict=True)
    }
    store = Store(world.settings)
    with store.read() as connection:
        found = records.scan(connection, 0, 5_000)
        shown = records.by_ids(connection, [item.id for item in found], date.fromisoformat(TODAY))
    store.close()
    return [(batches[item.batch], item) for item in shown.values()]


def find(page: Page, item: Published) -> None:
    """From the home page through the search to the record."""
    document = item.document
    text = document["number"] or document["name"]
    page.goto("/")
    search(page, text)
    kind = KINDS[item.kind].name.zh
    narrow = page.locator("aside a, .facets a").filter(has_text=kind)
    if narrow.count() and not page.locator(f"main a[href*='{item.id}']").count():
        narrow.first.click()
    page.locator(f"main a[href*='{item.id}']").first.click()
    expect(page).to_have_url(re.compile(rf"/r/{item.id}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(document["title"]["zh"])
    expect(page.locator("main")).to_contain_text(document["name"])


@pytest.mark.parametrize(("kind", "dialect"), DIALECTS)
def test_one_of_every_kind_and_dialect_is_found(
    open_page: Callable[..., Page],
    delivered: list[tuple[dict[str, Any], Published]],
    kind: str,
    dialect: str,
) -> None:
    item = next(item for entry, item in delivered if entry["kind"] == kind and entry["headings"] == dialect)
    find(open_page(), item)


@pytest.mark.parametrize("form", list(forms.ENDINGS))
def test_one_of_every_form_is_found(
    open_page: Callable[..., Page], delivered: list[tuple[dict[str, Any], Published]], form: str
) -> None:
    find(open_page(), next(item for entry, item in delivered if entry["form"] == form))
