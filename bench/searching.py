"""The engine's calls, each with the whole job: total, facets, twenty records by id, highlighted."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from typing import TYPE_CHECKING

from bench import memory, queries
from creditindex import opening
from creditindex.highlight import excerpt, segments
from creditindex.query import QueryError
from creditregister import records
from creditregister import settings as setting_files
from creditregister.clock import SystemClock
from creditregister.store import Store

if TYPE_CHECKING:
    from multiprocessing.queues import Queue
    from pathlib import Path

    from creditindex.query import Page

#: Questions of each class that are asked before the clock runs, and while it does.
_WARM, _TIMED = 30, 300
_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Times:
    """Times of many calls in milliseconds, calls a second, and the bytes that a caller takes of its own."""

    p50: float
    p95: float
    p99: float
    rate: float = 0.0
    hits: float = 0.0
    memory: int = 0


def of(values: list[float], rate: float = 0.0, hits: float = 0.0, memory: int = 0) -> Times:
    """The percentiles of some times in milliseconds."""
    ordered = sorted(values) or [0.0]
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.95, 0.99)]
    return Times(at[0], at[1], at[2], rate, hits, memory)


class Searcher:
    """An engine and a register as a worker of the site has them."""

    def __init__(self, data: Path) -> None:
        settings = setting_files.load(data=data)
        self.store = Store(settings)
        self.engine = opening.reader(settings)
        self.today = SystemClock().today()

    def ask(self, asked: queries.Asked) -> Page:
        """Ask, fetch, highlight; returns what the engine answered."""
        page = self.engine.find(asked.query(self.today))
        with self.store.read() as connection:
            shown = records.by_ids(connection, [hit.id for hit in page.hits], self.today)
        for item in shown.values():
            document = item.document
            segments(document["name"], page.needles)
            fields = document["fields"]
            text = str(fields.get("facts") or fields.get("content") or fields.get("duty") or "")
            segments(excerpt(text, page.needles, _LENGTH), page.needles)
        return page

    def close(self) -> None:
        """Give everything back."""
        self.engine.close()
        self.store.close()


def classes(data: Path, seed: int) -> tuple[dict[str, Times], list[bytes]]:
    """Every class by itself, one question after the other; and a digest of each answer."""
    searcher = Searcher(data)
    documents = queries.sample(searcher.store, seed)
    found, answers = {}, []
    for name in queries.CLASSES:
        asked = usable(queries.of_class(name, documents, seed, _WARM + _TIMED), searcher)
        totals, times = 0, []
        for place, one in enumerate(asked):
            started = time.perf_counter()
            page = searcher.ask(one)
            if place >= _WARM:
                times.append((time.perf_counter() - started) * 1000)
                totals += page.total
            answers.append(sha256(repr(page).encode()).digest())
        found[name] = of(times, hits=totals / max(1, len(times)))
    searcher.close()
    return found, answers


def usable(asked: list[queries.Asked], searcher: Searcher) -> list[queries.Asked]:
    """Without those that no engine is asked: pieces of a text can be nothing but white space and signs."""
    kept = []
    for one in asked:
        try:
            one.query(searcher.today)
        except QueryError:
            continue
        kept.append(one)
    return kept


def mixed(data: Path, seed: int, processes: int, seconds: float) -> Times:
    """The mixed load in that many processes for that long."""
    context = get_context("spawn")
    answers: Queue[tuple[int, list[float], int]] = context.Queue()
    with ExitStack() as stack:
        workers = [
            context.Process(target=_mixed, args=(data, seed + place, seconds, answers))
            for place in range(processes)
        ]
        for worker in workers:
            worker.start()
            stack.callback(worker.join)
        results = [answers.get() for _ in workers]
    times = [value for _, values, _ in results for value in values]
    rate, largest = sum(count for count, *_ in results) / seconds, max(size for *_, size in results)
    return of(times, rate=rate, memory=largest)


def _mixed(data: Path, seed: int, seconds: float, answers: Queue[tuple[int, list[float], int]]) -> None:
    searcher = Searcher(data)
    documents = queries.sample(searcher.store, 1)
    asked = usable(queries.mixed(documents, seed, 20_000), searcher)
    for one in asked[:200]:
        searcher.ask(one)
    times: list[float] = []
    end = time.perf_counter() + seconds
    place = 200
    while (started := time.perf_counter()) < end:
        searcher.ask(asked[place % len(asked)])
        times.append((time.perf_counter() - started) * 1000)
        place += 1
    answers.put((len(times), times, memory.own(os.getpid())))
