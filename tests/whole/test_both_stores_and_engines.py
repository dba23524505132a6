"""SQLite with the embedded engine, PostgreSQL with Elasticsearch: nobody can tell which answered.

A world that was given strings that break careless programs is moved, so that ids and log can be compared; then
the other half of the strings is loaded into both.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from creditregister import ledger, records
from creditregister import settings as setting_files
from creditregister.kinds import load
from creditregister.kinds.headings import normal_heading
from creditregister.schema import record
from creditregister.store import Store
from support import databases, elastic, naughty, site
from support.visitors import Visitors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.world import World

KIND = "penalty"
#: A file with NUL is no table, and is refused as a whole: tests/feeds.
STRINGS = [text for text in naughty.ALL if "\0" not in text]
#: Every so many of them are looked for, in both languages.
EVERY = 3


@dataclass
class Pair:
    """The same register twice; ``above`` are the settings that lead to the servers, ``moved`` is where it was."""

    here: World
    there: World
    above: dict[str, Any]
    moved: int = 0

    def stores(self) -> Iterator[Store]:
        for world, above in ((self.here, {}), (self.there, self.above)):
            yield Store(setting_files.load(data=world.data, **above))

    def visitors(self) -> tuple[Visitors, Visitors]:
        return Visitors(self.here.app()), Visitors(site.make(self.there.data, above=self.above))


@pytest.fixture(scope="module")
def both(
    world: World, postgresql: databases.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    folder = tmp_path_factory.mktemp("both")
    for name in ("here", "there"):
        (folder / name).mkdir()
    here = world.copy(folder / "here")
    deliver(here, folder, "一", STRINGS[::2])
    here.run("credit-index", "rebuild")
    there = here.copy(folder / "there")
    server = databases.Server(postgresql.url, "")  # what the other one made is dropped after each test
    address = server.address(empty=True)
    there.run("credit-register", "move", "--to", address)
    with elastic.own_indexes() as cluster:
        pair = Pair(here, there, {"database_url": address, **cluster})
        there.environment.update(
            CREDIT_DATABASE_URL=address,
            CREDIT_ELASTICSEARCH_URL=cluster["elasticsearch_url"],
            CREDIT_ELASTICSEARCH__PREFIX=cluster["elasticsearch"]["prefix"],
            CREDIT_ELASTICSEARCH__READ_SECONDS=str(elastic.READ),
        )
        there.run("credit-index", "rebuild")
        with next(pair.stores()).read() as connection:
            pair.moved = ledger.head(connection).seq
        reports = [deliver(each, folder, "二", STRINGS[1::2]) for each in (here, there)]
        assert reports[0] == reports[1]
        assert reports[0]["accepted"] > len(STRINGS) // 2
        for each in (here, there):
            each.run("credit-index", "follow", "--once")
            each.run("credit-index", "verify")
            each.run("credit-register", "ledger", "verify")
        yield pair
    server.drop()


def deliver(world: World, folder: Path, mark: str, texts: list[str]) -> dict[str, int]:
    """Load rows whose facts, or whose name, are each of the texts in turn; what was counted."""
    headings = load()[KIND].heading_index
    entry = next(
        each for each in world.manifest["files"] if each["kind"] == KIND and each["file"].endswith("csv")
    )
    good = next(row for row in world.rows(entry["file"]) if "9199" in str(row))
    titles = {headings[normal_heading(title)]: title for title in good}
    number = titles["document_number"]
    good |= {
        titles["decision_date"]: "2026-11-01",
        titles["severity"]: "一般",
    }  # it is public on the world's day
    path = folder / f"{mark}.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        table = csv.DictWriter(handle, list(good))
        table.writeheader()
        for place, text in enumerate(texts):
            for name in ("facts", "subject_name"):
                table.writerow({**good, number: f"{good[number]}{mark}{name}{place}", titles[name]: text})
    report = world.load(str(path), "--kind", KIND, "--source", entry["source"])
    return {name: report[name] for name in ("rows", "accepted", "unchanged", "updated", "refused", "held")}


def test_ids_and_log_are_the_same(both: Pair) -> None:
    """To the last bit where it was moved; what was loaded after it has ids of its own, in the same places."""
    roots, heads, ids, numbers = [], [], [], []
    for store in both.stores():
        with store.read() as connection:
            roots.append(ledger.root(connection, both.moved))
            heads.append(ledger.head(connection).seq)
            rows = connection.execute(select(record.c.n, record.c.id).order_by(record.c.n)).all()
            numbers.append([row.n for row in rows])
            ids.append([row.id for row in rows])
    assert roots[0] == roots[1]
    assert heads[0] == heads[1] > both.moved
    assert numbers[0] == numbers[1]
    same = [one == other for one, other in zip(*ids, strict=True)]
    assert sum(same) > 600
    assert same == sorted(same, reverse=True)


def test_every_string_is_found_and_shown_alike(both: Pair) -> None:
    """Totals, facets, rows and refusals, byte for byte but for the ids of what was loaded after the move."""
    here, there = both.visitors()
    ids: list[list[str]] = []
    for store in both.stores():
        with store.read() as connection:
            rows = connection.scalars(select(record.c.id).order_by(record.c.n))
            ids.append([records.id_text(each) for each in rows])
    same = {other: one for one, other in zip(*ids, strict=True)}
    statuses = set()
    for text in STRINGS[::EVERY]:
        for path in ("/search", "/en/search"):
            first, second = (each.get(path, query_string={"q": text}) for each in (here, there))
            statuses.add(first.status_code)
            assert second.status_code == first.status_code, text
            shown = second.get_data(as_text=True)
            for other in set(re.findall(r"/r/([a-z0-9]{26})", shown)):
                shown = shown.replace(other, same[other])
            assert shown == first.get_data(as_text=True), text
    assert statuses == {200, 400}
