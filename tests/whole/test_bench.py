"""The benchmark's questions are drawn by a seed, are questions, and find what they were drawn from."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from support import project

if TYPE_CHECKING:
    from support.world import World

SEED = 3


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmark's modules; they stand beside the packages, not among them."""
    monkeypatch.syspath_prepend(project.TOP)
    return {name: import_module(f"bench.{name}") for name in ("queries", "searching", "table")}


def test_every_class_finds_what_it_was_drawn_from(world: World, bench: Any) -> None:
    searcher = bench["searching"].Searcher(world.data)
    documents = bench["queries"].sample(searcher.store, SEED)
    assert len(documents) > 400
    for name in bench["queries"].CLASSES:
        asked = bench["searching"].usable(bench["queries"].of_class(name, documents, SEED, 20), searcher)
        assert len(asked) >= 15, name
        found = [searcher.ask(one) for one in asked]
        assert name.startswith("hot") or sum(map(bool, found)) >= len(asked) * 0.8, name
    searcher.close()


def test_the_same_seed_asks_the_same(world: World, bench: Any) -> None:
    searcher = bench["searching"].Searcher(world.data)
    documents = bench["queries"].sample(searcher.store, SEED)
    once, twice = (bench["queries"].mixed(documents, SEED, 200) for _ in range(2))
    assert once == twice
    assert len({one.text for one in once}) > 100
    searcher.close()


def test_percentiles_and_shares(bench: Any) -> None:
    times = bench["searching"].of([float(value) for value in range(1, 101)])
    assert (times.p50, times.p95, times.p99) == (51, 96, 100)
    assert sum(share for _, share in bench["queries"].CLASSES.values()) == 100
