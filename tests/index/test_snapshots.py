"""What a process reads: the newest commit, seen by everybody within 200 ms, also after a fork."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from creditindex.caching import Cache
from creditindex.embedded.service import EmbeddedEngine
from creditindex.engine import Change, Position
from creditindex.query import ask
from support.indexes import KINDS, ORIGIN, TODAY, build, document, embedded, find, name

if TYPE_CHECKING:
    from pathlib import Path


class Timer:
    """Seconds, moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def change(engine: EmbeddedEngine, n: int) -> None:
    engine.apply([Change(f"r{n}", (document(n, f"云泽{n}有限公司"),))], Position(ORIGIN, n, "ab" * 32))


def test_a_commit_is_seen_after_the_next_look_at_the_disk(tmp_path: Path) -> None:
    timer = Timer()
    writing = embedded(tmp_path)
    build(writing, [document(1, "云泽1有限公司")])
    reading = EmbeddedEngine(tmp_path, KINDS, clock=timer)
    assert find(reading, "云泽").total == 1
    change(writing, 2)
    timer.now = 0.19
    assert find(reading, "云泽").total == 1
    timer.now = 0.2
    assert find(reading, "云泽").total == 2
    build(writing, [document(3, "云泽3有限公司")])
    timer.now = 0.5
    assert find(reading, "云泽").total == 1
    assert reading.health().generation != ""


def test_a_snapshot_is_kept_while_nothing_changes(tmp_path: Path) -> None:
    engine = embedded(tmp_path)
    build(engine, [document(1, "云泽1有限公司")])
    first = engine._snapshots.newest()
    assert engine._snapshots.newest() is first
    change(engine, 2)
    second = engine._snapshots.newest()
    assert second.generation != first.generation
    assert first.searcher.num_docs < second.searcher.num_docs


def test_after_a_fork_the_child_opens_its_own(tmp_path: Path) -> None:
    engine = embedded(tmp_path)
    build(engine, [document(1, "云泽1有限公司"), name(1, "云泽1有限公司")])
    parent = engine._snapshots.newest()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        own = engine._snapshots.newest() is not parent
        os.write(write, f"{own} {find(engine, '云泽').total}".encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 100) == b"True 1"
    assert engine._snapshots.newest() is parent


def test_threads_share_an_engine_while_it_changes(tmp_path: Path) -> None:
    engine = embedded(tmp_path)
    build(engine, [document(n, f"云泽{n}有限公司") for n in range(1, 50)])
    failures: list[BaseException] = []

    def search() -> None:
        try:
            for _ in range(100):
                assert find(engine, "云泽").total >= 49
                engine.suggest("云泽", 5, TODAY)
        except BaseException as error:  # noqa: BLE001 -- whatever it was is shown below
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(50, 60):
        change(engine, n)
    for thread in threads:
        thread.join()
    assert failures == []
    engine.close()


def test_dear_answers_are_kept_until_the_index_changes(tmp_path: Path) -> None:
    engine = embedded(tmp_path)
    build(engine, [document(n, f"云泽{n}有限公司") for n in range(1, 50)])
    question = ask("云泽", TODAY)
    page = engine.find(question)
    engine._pages.put((engine._snapshots.newest().generation, question), page, seconds=1.0)
    assert engine.find(question) is page
    change(engine, 50)
    assert engine.find(question).total == 50


def test_what_was_cheap_is_not_kept_and_the_oldest_goes() -> None:
    cache: Cache[int] = Cache(most=2)
    cache.put("cheap", 1, seconds=0.0001)
    for number, key in enumerate(("a", "b", "a", "c")):
        if cache.get(key) is None:
            cache.put(key, number, seconds=1.0)
    assert [cache.get(key) for key in ("cheap", "a", "b", "c")] == [None, 0, None, 3]
