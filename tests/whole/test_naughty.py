"""Strings that break careless programs, in every field of every kind and every parameter of every route."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from creditindex.demo.columns import COLUMNS
from creditindex.query import TEXT, WORD, WORDS
from creditregister import records
from creditregister.kinds import load
from creditregister.store import Store
from creditsite.privacy import is_private
from support import naughty
from support.pages import Pages
from support.visitors import Visitors, get_rules

if TYPE_CHECKING:
    from support.world import World

#: Each field meets every third string, and the fields take turns, so that each string meets many fields.
EVERY = 3
#: Of the pages that come of it, so many are fetched, and so many of those linted.
FETCHED, LINTED = 1_200, 120
#: How the unified code of a company of the demo begins.
COMPANY = {"9199"}
FORMULA = re.compile(r"^[=+\-@\t\r＝＋－＠]")


@pytest.fixture(scope="module")
def hurt(world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world that was given every string in every field."""
    folder = tmp_path_factory.mktemp("naughty")
    mine = world.copy(folder)
    for kind in COLUMNS:
        entry = next(
            item for item in mine.manifest["files"] if item["kind"] == kind and item["file"].endswith("csv")
        )
        path = folder / f"{kind}.csv"
        good = next(
            row for row in mine.rows(entry["file"]) if COMPANY & {value[:4] for value in row.values()}
        )
        rows = write(path, good)
        report = mine.load(str(path), "--kind", kind, "--source", entry["source"])
        counted = [report[name] for name in ("accepted", "unchanged", "updated", "refused", "held")]
        assert sum(counted) == report["rows"] > rows // 2, kind
        check_problems(report)
    mine.run("credit-index", "rebuild")
    return mine


def write(path: Path, good: dict[str, str]) -> int:
    """A delivery of copies of a good row, each with one field replaced; returns how many rows it has."""
    unique = next(name for name in good if re.search("文书?号|_WSH|案号|caseCode|承诺编号", name))
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as handle:
        table = csv.DictWriter(handle, list(good))
        table.writeheader()
        for place, column in enumerate(good):
            # A file with NUL is no table, and is refused as a whole: tests/feeds.
            for text in (text for text in naughty.ALL[place % EVERY :: EVERY] if "\0" not in text):
                rows += 1
                table.writerow({**good, unique: f"{good[unique]}之{rows}", column: text})
    return rows


def check_problems(report: dict[str, Any]) -> None:
    """The problems file can be opened in a spreadsheet without anything being computed."""
    path = report["files"][0]["problems"]
    if path:
        with Path(path).open(encoding="utf-8-sig", newline="") as handle:
            cells = [cell for row in csv.reader(handle) for cell in row]
        assert cells
        assert not [cell for cell in cells if FORMULA.match(cell)]


@pytest.mark.slow
def test_every_page_of_what_was_delivered_keeps_the_rules(hurt: World) -> None:
    store = Store(hurt.settings)
    with store.read() as connection:
        last = records.scan(connection, 0, 100_000)
    store.close()
    found = last[-FETCHED * 5 :: 5]
    assert len(found) > FETCHED // 2
    app = hurt.app()
    visitors = Visitors(app)
    for place, item in enumerate(found):
        if place % (FETCHED // LINTED) == 0:
            Pages(app, f"10.200.{place >> 8}.{place & 255}").get(f"/r/{item.id}")
        else:
            assert visitors.get(f"/r/{item.id}").status_code == 200, item.document
        assert json.loads(visitors.text(f"/r/{item.id}.json"))
    codes = {item.document["code"] for item in found}
    for code in codes:
        assert visitors.get(f"/s/{quote(code)}").status_code in {200, 404}, code


@pytest.mark.slow
def test_search_finds_its_way_through_it(hurt: World) -> None:
    app = hurt.app()
    for place, text in enumerate(naughty.ALL):
        pages = Pages(app, f"10.201.{place >> 8}.{place & 255}")
        pages.get("/search", 400 if too_much(text) else 200, query_string={"q": text})
    hurt.run("credit-index", "verify")
    hurt.run("credit-register", "ledger", "verify")


def too_much(text: str) -> bool:
    """Whether the question is refused: too long, or an identity number."""
    words = text.split()
    return (
        len(text) > TEXT or len(words) > WORDS or max(map(len, words), default=0) > WORD or is_private(text)
    )


def test_every_parameter_of_every_route_takes_every_string(world: World) -> None:
    visitors = Visitors(world.app())
    names = ("q", "kind", "area", "body", "year", "state", "order", "page", "view", "text", "nonsense")
    for rule in get_rules(visitors.app):
        if rule.arguments:
            for text in naughty.ALL:
                path = quote(text, safe="").join(re.split(r"<[^>]+>", rule.rule))
                assert visitors.get(path).status_code < 500, path
    for path in (
        "/search",
        "/en/search",
        "/",
        "/people",
        "/r/aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "/s/91990101XN00000000",
    ):
        for place, name in enumerate(names):
            for text in naughty.ALL[place % 2 :: 2]:
                answer = visitors.get(
                    path, query_string={"q": "公司", name: text} if name != "q" else {"q": text}
                )
                assert answer.status_code < 500, (path, name, text)
                assert "<script>alert" not in answer.get_data(as_text=True)


def test_the_people_form_takes_every_string(world: World) -> None:
    visitors = Visitors(world.app())
    for text in naughty.ALL:
        for form in ({"name": text, "number": text}, {"name": "王", "number": text}, {"name": text}):
            answer = visitors.post("/people", form)
            assert answer.status_code in {200, 400, 429}, text
            assert "<script>alert" not in answer.get_data(as_text=True)
        assert visitors.post("/people", {text or "x": text}).status_code in {200, 400, 429}, text


def test_every_header_takes_every_string(world: World) -> None:
    visitors = Visitors(world.app())
    for text in naughty.ALL:
        value = text.encode("utf-8", "surrogatepass").decode("latin-1")
        if not re.search(r"[\r\n\x00]", value):
            for name in (
                "If-None-Match",
                "Accept-Language",
                "Accept",
                "User-Agent",
                "Referer",
                "X-Forwarded-For",
            ):
                assert visitors.get("/", headers={name: value}).status_code in {200, 304}, (name, text)


def test_the_strings_are_of_many_sorts() -> None:
    assert len(naughty.ALL) >= 150
    assert len(naughty.CATEGORIES) >= 10
    assert set(COLUMNS) == set(load())
