"""The whole path on PostgreSQL: the same pages as on SQLite, byte for byte, and the same loads."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from support import naughty
from support.visitors import Visitors
from support.world import make

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
COUNTED = ("rows", "accepted", "refused", "held", "unchanged", "updated", "withdrawn", "warnings")


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


@pytest.mark.slow
def test_broken_questions_get_the_same_answer(both: tuple[Visitors, Visitors], world: World) -> None:
    here, there = both
    for text in naughty.ALL[::3]:
        for path in ("/search?q=", "/s/", "/r/", "/b/"):
            asked = path + quote(text, safe="", errors="surrogatepass")
            one, other = here.get(asked), there.get(asked)
            assert (asked, other.status_code) == (asked, one.status_code)
            assert other.status_code < 500
        form = {"name": text, "number": text}
        assert there.post("/people", form).status_code == here.post("/people", form).status_code
    person = next(each for each in world.people if each.get("number") or each.get("case"))
    form = {"name": person["name"], "number": person.get("number") or person["case"]}
    assert there.post("/people", form).get_data() == here.post("/people", form).get_data()


@pytest.mark.slow
def test_the_same_deliveries_load_alike(
    world: World, tmp_path: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_DATABASE_URL", postgresql.address(empty=True))
    moved = make(tmp_path / "world")
    assert [[load[name] for name in COUNTED] for load in moved.loads] == [
        [load[name] for name in COUNTED] for load in world.loads
    ]
    again = json.loads(
        moved.call("credit-index", "load", *moved.arguments(moved.manifest["files"][0]), "--json")
    )
    assert again["accepted"] == again["updated"] == 0
    verified = json.loads(moved.call("credit-register", "ledger", "verify", "--json"))
    assert verified["differences"] == 0
    assert verified["entries"] > 500
    assert json.loads(moved.call("credit-index", "verify", "--json"))["differences"] == 0
