"""Pages are made once and given again, and never after what they say has changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from creditsite import freshness, views
from creditsite.pagecache import Kept, pages
from support import site
from support import town as towns

if TYPE_CHECKING:
    from flask import Response

    from support.pages import Fetched
    from support.town import Town

NUMBER = "云市监2〔2026〕1号"


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were rendered, in order."""
    seen: list[str] = []
    real = views.render

    def render(template: str, *arguments: Any, **values: Any) -> Response:
        seen.append(template)
        return real(template, *arguments, **values)

    monkeypatch.setattr(views, "render", render)
    return seen


@pytest.fixture
def addresses(fresh: Town) -> list[str]:
    """Pages on which one record stands, or is counted."""
    return ["/search?q=晨光", f"/s/{towns.DAWN}", f"/r/{fresh.record(NUMBER).id}", "/", "/statistics"]


class Turning:
    """A clock on which midnight comes between the first and the second look."""

    def __init__(self) -> None:
        self.day = date(2026, 11, 23)

    def now(self) -> int:
        return site.NOON

    def today(self) -> date:
        seen, self.day = self.day, min(self.day + timedelta(days=1), date(2026, 11, 24))
        return seen


def source(page: Fetched) -> str:
    """A page as it was sent."""
    return page.response.get_data(as_text=True)


def test_a_page_is_made_once_while_nothing_changes(
    fresh: Town, addresses: list[str], rendered: list[str]
) -> None:
    pages = fresh.pages()
    first = [pages.get(address) for address in addresses]
    assert len(rendered) == len(addresses)
    again = [pages.get(address) for address in addresses]
    assert len(rendered) == len(addresses)
    for one, other in zip(first, again, strict=True):
        assert source(one) == source(other)
        for name in ("ETag", "Cache-Control", "Content-Type", "X-Robots-Tag", "Content-Security-Policy"):
            assert one.headers.get(name) == other.headers.get(name)


def test_what_is_withdrawn_is_on_no_kept_page_also_before_the_index_knows(
    fresh: Town, addresses: list[str]
) -> None:
    record = fresh.record(NUMBER)
    pages = fresh.pages()
    before = {address: pages.get(address) for address in addresses}
    assert any(record.id in source(page) for page in before.values())
    fresh.withdraw(record)
    for address, old in before.items():
        gone = address.startswith("/r/")
        page = pages.get(address, 410 if gone else 200, headers={"If-None-Match": old.headers["ETag"]})
        assert page.headers.get("ETag") != old.headers["ETag"]
        assert gone or record.id not in source(page)
    fresh.follow()
    listed = [address for address in addresses if not address.startswith("/r/")]
    assert all(record.id not in source(pages.get(address)) for address in listed)


def test_another_day_language_or_size_is_another_page(fresh: Town, rendered: list[str]) -> None:
    pages = fresh.pages()
    wanted = [
        "/search?q=晨光",
        "/en/search?q=晨光",
        "/search?q=晨光&text=large",
        "/search?q=晨光&order=newest",
    ]
    assert len({source(pages.get(address)) for address in wanted}) == len(wanted) == len(rendered)


@pytest.mark.parametrize(
    "address", ["/search?q=晨光", "/search.csv?q=晨光", f"/s/{towns.DAWN}", "/statistics", "/coverage"]
)
def test_a_page_across_midnight_is_of_one_day_and_not_given_on_the_next(town: Town, address: str) -> None:
    pages = town.pages(clock=Turning())
    yesterday, today = pages.get(address), pages.get(address)
    assert yesterday.headers["ETag"] != today.headers["ETag"] == pages.get(address).headers["ETag"]


def test_refusals_are_not_kept(fresh: Town) -> None:
    pages = fresh.pages()
    assert [pages.get("/search?q=晨光&page=9", 404).status for _ in range(2)] == [404, 404]


def test_pages_that_nobody_asks_for_make_room() -> None:
    kept = pages(100)
    for key in (b"a", b"b"):
        kept.put(key, Kept(bytes(40), ()))
    assert kept.get(b"a") is not None
    kept.put(b"c", Kept(bytes(40), ()))
    assert [kept.get(key) is None for key in (b"a", b"b", b"c")] == [False, True, False]
    kept.put(b"c", Kept(bytes(60), ()))
    assert [kept.get(key) is None for key in (b"a", b"c")] == [False, False]


def test_a_page_that_is_too_large_is_made_anew(
    fresh: Town, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "LARGEST", 0)
    asked = fresh.pages()
    for _ in range(2):
        asked.get("/search?q=晨光")
    assert len(rendered) == 2
