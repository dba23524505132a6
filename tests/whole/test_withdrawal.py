"""A request made after a withdrawal's commit never shows the record, whatever index and caches do (DESIGN 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from creditregister import opening, publication, records
from creditregister.clock import FixedClock
from creditregister.publication import Author
from support.site import NOON
from support.visitors import Visitors

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register
    from creditregister.records import Published
    from support.world import World


@pytest.fixture
def mine(world: World, tmp_path: Path) -> World:
    return world.copy(tmp_path)


def some(register: Register) -> Published:
    """A record with a subject that has a code."""
    with register.store.read() as connection:
        return next(item for item in records.scan(connection, 50, 100) if item.subject_id)


def withdraw(register: Register, item: Published) -> None:
    author = Author("test", "repaired", register.clock.now())
    with register.store.write() as connection:
        publication.withdraw(connection, [item], "ended", author)


def test_it_is_gone_at_once_and_nobody_followed(mine: World) -> None:
    register = opening.open_register(mine.settings, FixedClock(NOON))
    visitors, item = Visitors(mine.app()), some(register)
    name, code, number = (item.document[key] for key in ("name", "code", "number"))
    record, subject = f"/r/{item.id}", f"/s/{code}"
    search = f"/search?q={quote(number or name)}"
    tags = {path: visitors.get(path).headers["ETag"] for path in (record, subject, search)}
    assert item.id in visitors.text(search)
    withdraw(register, item)
    assert visitors.get(record).status_code == 410
    assert visitors.get(f"{record}.json").status_code == 410
    for path in (search, subject, f"/search?q={quote(name)}", "/search?order=newest"):
        assert item.id not in visitors.text(path), path
    for path, tag in tags.items():
        assert visitors.get(path, headers={"If-None-Match": tag}).status_code != 304, path
    register.store.close()


def test_the_page_of_what_was_withdrawn_tells_nothing_of_it(mine: World) -> None:
    register = opening.open_register(mine.settings, FixedClock(NOON))
    visitors, item = Visitors(mine.app()), some(register)
    withdraw(register, item)
    page = visitors.text(f"/r/{item.id}", status=410)
    for told in (item.document["name"], item.document["code"], item.document["number"]):
        assert told not in page
    register.store.close()
