"""The site on PostgreSQL: the same pages as on SQLite, byte for byte."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from support.visitors import Visitors

if TYPE_CHECKING:
    from pathlib import Path

    from support.databases import Server
    from support.world import World

#: Pages that are fetched from both; those that only wait in line behind them are of the same sorts.
MOST = 120
STARTS = (
    "/", "/en/", "/search?q=%E5%85%AC%E5%8F%B8", "/search?q=%E7%BD%9A%E6%AC%BE", "/statistics", "/people",
    "/search?q=%E7%A4%BA%E8%8C%83&page=2", "/sitemap.xml", "/readyz", "/about", "/log/checkpoint",
)  # fmt: skip


@pytest.fixture
def both(world: World, tmp_path: Path, postgresql: Server) -> tuple[Visitors, Visitors]:
    """One world, on SQLite and moved to PostgreSQL."""
    mine = world.copy(tmp_path)
    address = postgresql.address(empty=True)
    mine.run("credit-register", "move", "--to", address)
    return Visitors(mine.app()), Visitors(mine.app(above={"database_url": address}))


@pytest.mark.slow
def test_every_page_is_the_same(both: tuple[Visitors, Visitors]) -> None:
    here, there = both
    waiting: list[str] = list(STARTS)
    done: set[str] = set()
    while waiting and len(done) < MOST:
        path = waiting.pop(0)
        if path in done:
            continue
        done.add(path)
        one, other = here.get(path), there.get(path)
        assert (path, other.status_code, other.headers.get("ETag")) == (
            path,
            one.status_code,
            one.headers.get("ETag"),
        )
        assert other.get_data() == one.get_data(), path
        if one.mimetype == "text/html":
            links = re.findall(r'href="(/[^"#]*)', one.get_data(as_text=True))
            # Each sort of page gets its turn: of one page's links every third.
            waiting += [unescape(link) for link in links if "/static/" not in link][::3]
    assert len(done) > MOST // 2
