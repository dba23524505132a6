"""The benchmark's questions are drawn by a seed, are questions, and find what they were drawn from."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from support import elastic, project

if TYPE_CHECKING:
    from pathlib import Path

    from support.world import World

SEED = 3


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The benchmark's modules; they stand beside the packages, not among them."""
    monkeypatch.syspath_prepend(project.TOP)
    return {
        name: import_module(f"bench.{name}")
        for name in ("loading", "memory", "queries", "searching", "table")
    }


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


def test_two_engines_stand_side_by_side_with_what_divides_them(bench: Any) -> None:
    times = bench["searching"].Times
    server = bench["memory"].Server(300_000_000, 1_000_000_000, 900_000_000)
    measured = {}
    for name, factor, of_server in (("embedded", 1, bench["memory"].Server()), ("elasticsearch", 4, server)):
        built = bench["loading"].Built(2.0 * factor, 1_000, 5_000_000, 3, 150_000_000, of_server)
        classes = {"exact code": times(1.0 * factor, 2.0, 3.0 * factor, hits=7)}
        mixed = {1: times(1.0, 2.0, 3.0, rate=800 / factor, memory=80_000_000)}
        measured[name] = bench["table"].Measured(built, 30.0, classes, mixed, of_server)
    lines = {line[0]: line[1:] for line in bench["table"].engines(measured, ["9 of 9", "8 of 9"])}
    assert {len(line) for line in lines.values()} == {4}
    assert lines["index build, with its start"][:3] == ("500/s (2.0 s)", "125/s (8.0 s)", "0.25")
    assert lines["exact code"][2] == "4.00 / 4.00"
    assert lines["mixed load, 1 process(es)"][2] == "0.25"
    assert lines["answers equal to the first engine's"][:2] == ("9 of 9", "8 of 9")
    assert lines["segments"][:2] == ("3, as built", "3, merged to ≤ 5 a shard")
    assert lines["peak memory of the server meanwhile"][:2] == (
        "–",
        "900 MB resident, heap 300 MB of 1,000 MB",
    )
    del measured["elasticsearch"]
    assert {len(line) for line in bench["table"].engines(measured, ["9 of 9"])} == {3}


def test_the_memory_of_a_cluster_is_looked_at(
    bench: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench["memory"].Watch(tmp_path) as watch:
        pass
    assert watch.most == bench["memory"].Server()  # the embedded engine has no server
    with elastic.own_indexes() as above:
        monkeypatch.setenv("CREDIT_ELASTICSEARCH_URL", above["elasticsearch_url"])
        with bench["memory"].Watch(tmp_path) as watch:
            pass
    assert 0 < watch.most.heap <= watch.most.limit
