"""Every page of a demo says that its data is synthetic (DESIGN 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditregister import records
from creditregister.store import Store
from support.pages import parse
from support.visitors import Visitors, get_rules

if TYPE_CHECKING:
    from support.world import World

NOTICES = {"zh-CN": "演示数据", "en": "Demonstration data"}


def addresses(world: World, visitors: Visitors) -> list[str]:
    """One address of every route, and some that lead nowhere."""
    store = Store(world.settings)
    with store.read() as connection:
        item = next(item for item in records.scan(connection, 0, 50) if item.document["code"])
    store.close()
    values = {"id": item.id, "record": item.id, "code": item.document["code"], "name": "style.css"}
    found = ["/nowhere", "/en/nowhere", "/search?nonsense=1", "/r/aaaaaaaaaaaaaaaaaaaaaaaaaa", "/search?q=恒"]
    for rule in get_rules(visitors.app):
        with visitors.app.test_request_context():
            path = rule.rule
            for argument in rule.arguments:
                for pattern in (f"<{argument}>", f"<string:{argument}>", f"<path:{argument}>"):
                    path = path.replace(pattern, values.get(argument, "x"))
        found.append(path)
    return found


def test_every_page_says_so(world: World) -> None:
    visitors, pages = Visitors(world.app()), 0
    for path in addresses(world, visitors):
        answer = visitors.get(path)
        assert answer.status_code < 500, path
        if answer.mimetype == "text/html" and answer.status_code not in {301, 302, 303, 308}:
            html = answer.get_data(as_text=True)
            assert NOTICES[str(parse(html).get("lang"))] in html, path
            pages += 1
    assert pages >= 15
