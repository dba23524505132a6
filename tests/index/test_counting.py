"""Totals, facets and order against brute force, whichever way the engine takes to them."""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from creditindex import terms
from creditindex.embedded import estimate, finding
from creditindex.query import EXACT, PAGES, SIZE, Filters
from support.indexes import KINDS, build, document, embedded, find, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from creditindex.engine import Engine, RecordDocument
    from creditindex.query import Page

BODIES = ("云泽市监局", "北岭市监局", "青石税务局")
STATES = ("normal", "disputed", "expired")
YEARS = (2023, 2024, 2025)
AREAS = ("990100", "990200", "990300")
TEXT = "未按规定公示"


def records(count: int) -> list[RecordDocument]:
    """Records that differ in everything that is counted."""
    chance = random.Random(5)
    return [
        document(
            n,
            chance.choice(("云泽晨光食品有限公司", "青石晨光有限公司", "赤水物流有限公司")),
            content=f"{TEXT}信息{n}" if n % 3 else "超范围经营",
            decided=f"{chance.choice(YEARS)}-0{chance.randint(1, 9)}-11",
            kind=chance.choice(list(KINDS)),
            area=chance.choice(AREAS),
            state=chance.choice(STATES),
            body=chance.choice(BODIES),
            shown_until=chance.choice(("", "", "2026-05-31", "2027-01-01")),
        )
        for n in range(1, count + 1)
    ]


RECORDS = records(240)
FILTERS = [
    Filters(),
    Filters(kind=("penalty",)),
    Filters(kind=("penalty", "licence"), year=("2024",)),
    Filters(area=("9901",), state=("normal", "expired"), body=BODIES[:1]),
    Filters(area=("99",)),
    Filters(area=("990200",), year=("2025",)),
    Filters(body=BODIES[1:]),
    Filters(kind=("unheard-of",)),
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return build(embedded(tmp_path_factory.mktemp("index")), RECORDS)


@pytest.fixture(params=["cube", "columns", "one pass"])
def way(request: pytest.FixtureRequest, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> str:
    """Force one of the ways that the engine otherwise chooses by the number of hits."""
    monkeypatch.setattr(finding, "FEW", 10**9 if request.param == "cube" else -1)
    monkeypatch.setattr(finding, "MANY", 10**9)
    monkeypatch.setattr(estimate, "DEAR", 0 if request.param == "one pass" else 10**9)
    for cache in (engine._counts, engine._pages):  # type: ignore[attr-defined]  # the embedded one
        cache.clear()
    return str(request.param)


def holds(each: RecordDocument, filters: Filters, without: str = "") -> bool:
    return all(
        name == without or any(f"{name}={value}" in each.filters for value in values)
        for name, values in filters.items()
    )


def matching(text: str) -> list[RecordDocument]:
    today = 739_768  # 2026-06-01
    shown = [each for each in RECORDS if each.shown_until >= today]
    return [each for each in shown if text in each.text]


def value_of(each: RecordDocument, name: str) -> str:
    values = {
        "kind": KINDS[each.kind],
        "area": str(each.area),
        "year": str(each.year),
        "state": terms.STATES[each.state],
        "body": each.body,
    }
    return values[name]


def counted(page: Page) -> dict[str, dict[str, int]]:
    assert page.facets is not None
    names = ("kind", "area", "body", "year", "state")
    return {name: {each.value: each.count for each in getattr(page.facets, name)} for name in names}


@pytest.mark.parametrize("filters", FILTERS, ids=str)
@pytest.mark.parametrize("text", ["", "晨光", "云泽晨光食品有限公司", TEXT, "食品 晨光", f"物流 {TEXT}"])
def test_every_way_counts_the_same(engine: Engine, way: str, text: str, filters: Filters) -> None:
    assert way
    words = text.split() or [""]
    found = [each for each in RECORDS if all(each in matching(word) for word in words)]
    wanted = [each for each in found if holds(each, filters)]
    page = find(engine, text, filters=filters)
    assert (page.total, page.exact) == (len(wanted), True)
    for name, counts in counted(page).items():
        others = [each for each in found if holds(each, filters, without=name)]
        assert counts == dict(Counter(value_of(each, name) for each in others))
    key = (lambda each: each.rank) if page.stage == "name" else (lambda each: each.newest)
    if len(words) == 1:
        assert numbers(page, RECORDS) == [each.n for each in sorted(wanted, key=key)][:SIZE]
        second = find(engine, text, filters=filters, page=2)
        assert numbers(second, RECORDS) == [each.n for each in sorted(wanted, key=key)][SIZE : 2 * SIZE]


def test_facets_stand_in_a_fixed_order(engine: Engine) -> None:
    facets = find(engine, "").facets
    assert facets is not None
    assert [each.value for each in facets.year] == ["2025", "2024", "2023"]
    for counts in (facets.kind, facets.area, facets.state):
        assert list(counts) == sorted(counts, key=lambda each: (-each.count, each.value))


def test_totals_are_exact_to_ten_thousand_and_pages_end(tmp_path: Path) -> None:
    some = [document(n, "云泽晨光有限公司" if n > 50 else "青石有限公司") for n in range(1, EXACT + 52)]
    engine = build(embedded(tmp_path), some)
    every, few = find(engine, ""), find(engine, "云泽晨光")
    assert (every.total, every.exact) == (EXACT, False)
    assert (few.total, few.exact) == (EXACT, False)
    assert few.facets is not None
    assert few.facets.kind[0].count == EXACT + 1
    last = find(engine, "云泽晨光", page=PAGES)
    assert len(last.hits) == SIZE
    assert numbers(last, some)[-1] == 50 + PAGES * SIZE
