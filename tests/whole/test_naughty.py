"""Strings that break careless programs, in every field of every kind and every parameter of every route."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from creditindex.demo import numbers
from creditindex.demo.columns import COLUMNS
from creditindex.demo.units import SAMPLE_UNIT
from creditindex.query import TEXT, WORD, WORDS
from creditregister import records
from creditregister.kinds import Kind, load
from creditregister.kinds.headings import normal_heading
from creditregister.store import Store
from creditsite.privacy import is_private
from support import naughty
from support.pages import Pages
from support.visitors import Visitors, get_rules

if TYPE_CHECKING:
    from support.world import World

#: Each field meets every seventh string; the fields take turns, so each string meets several of each kind.
EVERY = 7
#: Of the pages that come of it, so many are fetched, and so many of those linted.
FETCHED, LINTED = 1_200, 120
#: How the unified code of a company of the demo begins.
COMPANY = "9199"
FORMULA = re.compile(r"^[=+\-@\t\r＝＋－＠]")


@pytest.fixture(scope="module")
def hurt(world: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """A world that was given every string in every field."""
    folder = tmp_path_factory.mktemp("naughty")
    mine = world.copy(folder)
    for kind in load().values():
        entry = next((entry for entry in mine.manifest["files"] if fits(entry, kind.id)), None)
        good = (company(kind, mine.rows(entry["file"])) if entry else None) or invented(kind)
        path = folder / f"{kind.id}.csv"
        rows = write(path, good)
        report = mine.load(
            str(path), "--kind", kind.id, "--source", entry["source"] if entry else SAMPLE_UNIT
        )
        counted = [report[name] for name in ("accepted", "unchanged", "updated", "refused", "held")]
        assert sum(counted) == report["rows"] > rows // 2, kind.id
        assert report["accepted"], kind.id
        check_problems(report)
    mine.run("credit-index", "rebuild")
    return mine


def fits(entry: dict[str, Any], kind: str) -> bool:
    return bool(entry["kind"] == kind and entry["file"].endswith("csv"))


def company(kind: Kind, rows: list[dict[str, str]]) -> dict[str, str] | None:
    """A row about a company, whose records have pages."""
    for row in rows:
        name = next(
            text for title, text in row.items() if kind.heading_index[normal_heading(title)] == "subject_name"
        )
        if name and any(text.startswith(COMPANY) for text in row.values()):
            return row
    return None


def invented(kind: Kind) -> dict[str, str]:
    """A good row of a kind that the demo does not have, under the labels of its fields."""
    code = numbers.unified("91", "990101", numbers.organisation(99))
    values = {"date": "2026-05-06", "money": "1.5", "count": "3", "flag": "是", "code": "", "secret": ""}
    row = {}
    for field in kind.fields:
        choice = field.choice(field.must[0]) if field.must else next(iter(field.choices), None)
        row[field.label.zh] = values.get(field.type, choice.label.zh if choice else "测试内容")
    known = {"subject_name": "砚州市恒泰茶业有限公司", "subject_type": "法人", "unified_code": code}
    return row | {field.label.zh: known[field.id] for field in kind.fields if field.id in known}


def write(path: Path, good: dict[str, str]) -> int:
    """A delivery of copies of a good row, each with one field replaced; returns how many rows it has."""
    # Kinds that are known by subject and period have no number: most of their rows are refused as repetitions.
    unique = next((name for name in good if re.search("文书?号|_WSH|案号|caseCode|编号", name)), "")
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as handle:
        table = csv.DictWriter(handle, list(good))
        table.writeheader()
        for place, column in enumerate(good):
            # A file with NUL is no table, and is refused as a whole: tests/feeds.
            for text in (text for text in naughty.ALL[place % EVERY :: EVERY] if "\0" not in text):
                rows += 1
                number = {unique: f"{good[unique]}之{rows}"} if unique else {}
                table.writerow({**good, **number, column: text})
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
    found = last[:: max(1, len(last) // FETCHED)]
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
    assert set(COLUMNS) <= set(load())
