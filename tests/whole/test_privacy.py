"""Every person of the demo, searched for everywhere, and found nowhere but at ``/people`` (DESIGN 3, SECURITY 1).

A given name of the demo holds only characters that nothing else holds, so a page that shows one of them
shows a person.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from sqlalchemy import select

from creditindex import opening, pinyin
from creditindex.demo import numbers, people
from creditindex.query import NameQuery, ask
from creditregister import kinds, records
from creditregister.clock import FixedClock
from creditregister.privacy import leak
from creditregister.schema import record as record_table
from creditregister.store import Store
from creditregister.text import fold
from support.site import NOON
from support.visitors import Visitors
from support.world import TODAY, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.world import World

GIVEN = re.compile(f"[{people.GIVEN}]")
#: With a day of birth, since keyed hashes in hexadecimal do hold eighteen digits in a row now and then.
NUMBER = re.compile(rb"99\d{4}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")


@pytest.fixture(scope="module")
def visitors(world: World) -> Visitors:
    return Visitors(world.app())


@pytest.fixture(scope="module", params=["engine", "no engine"])
def both(request: pytest.FixtureRequest, world: World, tmp_path_factory: pytest.TempPathFactory) -> Visitors:
    """The site with its engine, and the limited search without it."""
    if request.param == "engine":
        return Visitors(world.app())
    without = world.copy(tmp_path_factory.mktemp("without"))
    shutil.rmtree(without.data / "index")
    return Visitors(without.app())


@pytest.fixture(scope="module")
def names(world: World) -> list[str]:
    return sorted({person["name"] for person in world.people})


def test_there_are_persons_of_every_sort(world: World) -> None:
    sorts = {(person["role"], person.get("minor", False)) for person in world.people}
    assert sorts >= {("subject", False), ("subject", True), ("representative", False), ("third", False)}


@pytest.mark.parametrize(
    "address", ["/search?q={}", "/search?q={}&view=names", "/en/search?q={}&order=newest"]
)
def test_no_search_finds_a_person_by_name(both: Visitors, names: list[str], address: str) -> None:
    for name in names:
        page = both.text(address.format(quote(name)))
        assert "/r/" not in page, f"{name} is found"
        # The only place where the name stands is the box into which it was typed, and what repeats it.
        assert not GIVEN.search(page.replace(name, "")), name


def test_no_suggestion_and_no_pinyin_leads_to_a_person(visitors: Visitors, names: list[str]) -> None:
    for name in names:
        letters = pinyin.spelt(fold(name))
        for text in (name, name[-1], *letters.initials, letters.whole[0].replace("'", "")):
            asked = quote(text)
            said = visitors.text(f"/suggest.json?q={asked}") + visitors.text(f"/search?q={asked}&view=pinyin")
            assert not GIVEN.search(said.replace(text, "")), text


def test_no_search_answers_an_identity_number(both: Visitors, world: World) -> None:
    for number in sorted({person["number"] for person in world.people if person["number"]}):
        for address in (
            f"/search?q={number}",
            f"/s/{number}",
            f"/r/{number}",
            f"/search?q=%E5%A7%93{number}",
        ):
            answer = both.get(address)
            assert answer.status_code in {303, 400, 404}, address
            assert number not in answer.get_data(as_text=True)


def test_no_path_leads_to_a_name(visitors: Visitors, names: list[str]) -> None:
    for name in names[::5]:
        for path in ("/s/", "/r/", "/en/s/", "/"):
            page = visitors.text(path + quote(name), status=404)
            assert not GIVEN.search(page), f"{path}{name} is repeated"


def test_the_index_itself_knows_no_person(world: World, names: list[str]) -> None:
    engine = opening.reader(world.settings)
    today = FixedClock(NOON).today()
    pieces = {name[place : place + 2] for name in names for place in range(len(name) - 1)}
    for text in {*names, *pieces, *people.GIVEN}:
        assert engine.find(ask(text, today)).total == 0, text
        found = engine.names(NameQuery(text, today))
        assert not found.exact + found.containing, text
        assert not [hit for hit in found.best if GIVEN.search(hit.name)], text
        assert not engine.suggest(text, 5, today), text
    engine.close()


def pages(world: World) -> Iterator[tuple[str, str]]:
    """The addresses of every record and subject page, in both languages and as data."""
    store = Store(world.settings)
    with store.read() as connection:
        found = records.scan(connection, 0, 10_000)
    store.close()
    assert len(found) > 400
    for item in found:
        yield from (("record", f"{start}/r/{item.id}") for start in ("", "/en"))
        yield "data", f"/r/{item.id}.json"
    for code in sorted({item.document["code"] for item in found if item.document["code"]}):
        yield "subject", f"/s/{code}"


def test_no_page_names_anybody_but_representatives(world: World, visitors: Visitors) -> None:
    named = {person["name"] for person in world.people if person["role"] == "representative"}
    # Longer ones first: a name may begin with another.
    representatives = sorted(named, key=len, reverse=True)
    for sort, path in pages(world):
        answer = visitors.get(path)
        # A subject's page stands under one of its codes; the others lead there.
        assert answer.status_code == 200 or (sort, answer.status_code) == ("subject", 308), path
        text = answer.get_data(as_text=True)
        assert not NUMBER.search(text.encode()), path
        if sort == "data":
            text = json.dumps(legal_rep_out(json.loads(text)), ensure_ascii=False)
        elif sort == "record":
            for name in representatives:
                text = text.replace(name, "")
        assert not GIVEN.search(text), f"{path} names somebody"
        visible = re.sub(r"<[^>]+>", " ", text)
        phones = [found for found in leak.scan(visible) if visible[found.start : found.end].startswith("154")]
        assert not phones, path


def legal_rep_out(data: Any) -> Any:
    """The data without the one field that may name somebody."""
    if isinstance(data, dict):
        return {key: legal_rep_out(value) for key, value in data.items() if key != "legal_rep"}
    return [legal_rep_out(item) for item in data] if isinstance(data, list) else data


def test_identity_numbers_stand_in_no_file_in_clear(world: World) -> None:
    for path in world.data.rglob("*"):
        if path.is_file():
            assert not NUMBER.search(path.read_bytes()), path.name


def test_the_server_logs_neither_names_nor_numbers(world: World, names: list[str], tmp_path: Path) -> None:
    numbers_ = [person["number"] for person in world.people if person["number"]]
    with serving(world.copy(tmp_path), tmp_path) as server:
        for name, number in zip(names[:8], numbers_[:8], strict=True):
            for path in (
                f"/search?q={quote(name)}",
                f"/search?q={number}",
                f"/s/{number}",
                f"/r/{quote(name)}",
            ):
                server.get(path)
            server.post("/people", {"name": name, "number": number})
    log = server.log.read_text(encoding="utf-8")
    assert "/search" in log
    assert not GIVEN.search(log)
    assert not [number for number in numbers_ if number in log]
    assert not [name for name in names[:8] if quote(name) in log]


def subjects(world: World) -> list[dict[str, Any]]:
    """Persons whose rows were accepted, and ``open``: whether the row's window holds the world's day."""
    batches = {report["files"][0]["batch"]: report["files"][0]["file"] for report in world.loads}
    table = record_table.c
    query = select(table.batch_id, table.row).where(table.state == "public", records.open_on(TODAY))
    with Store(world.settings).read() as connection:
        shown = {(Path(batches[batch]).name, row) for batch, row in connection.execute(query)}
    accepted = [item for item in world.people if item["role"] == "subject" and item["expected"] == "accepted"]
    return [{**item, "open": (item["file"], item["row"] + 1) in shown} for item in accepted]


def test_people_are_found_by_name_and_number_where_their_kind_allows(
    world: World, visitors: Visitors
) -> None:
    known = kinds.load()
    for person in subjects(world):
        shown = known[person["kind"]].persons == "exact" and not person["minor"] and person["open"]
        for number in filter(None, (person["number"], person["case"])):
            page = visitors.post("/people", {"name": person["under"], "number": number}).get_data(
                as_text=True
            )
            # Another row about the same person may be shown; nobody who must not be shown has one.
            assert ("<article" in page) == shown or others(world, person), (person, number)
            assert person["number"] not in page


def others(world: World, person: dict[str, Any]) -> list[dict[str, Any]]:
    """Other accepted rows about the same person."""
    return [item for item in subjects(world) if item is not person and item["number"] == person["number"]]


def test_a_wrong_number_or_name_finds_nobody(world: World, visitors: Visitors) -> None:
    for person in subjects(world)[:20]:
        wrong = person["number"][:-1] + ("1" if person["number"][-1] != "1" else "2")
        for name, number in ((person["under"], wrong), (person["under"][:-1] or "王", person["number"])):
            answer = visitors.post("/people", {"name": name, "number": number})
            assert "<article" not in answer.get_data(as_text=True)


def test_numbers_of_the_demo_are_nobodys(world: World) -> None:
    assert all(
        person["number"].startswith(numbers.AREA_PREFIX) for person in world.people if person["number"]
    )
