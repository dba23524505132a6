"""From nothing to an index: make the demo, load it, load it again, build for each engine."""

from __future__ import annotations

import json
import shutil
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Self

from bench.commands import run
from bench.memory import Server, Watch
from creditindex.demo import deliver, ready
from creditregister import leases
from creditregister import settings as setting_files
from creditregister.clock import SystemClock
from creditregister.store import Store

if TYPE_CHECKING:
    from pathlib import Path

#: A citizen's small write is tried this often while a load runs, in seconds.
_EVERY = 0.05


@dataclass(slots=True)
class Loaded:
    """What making and loading took; ``writes`` are waits of small writes during the first load, in ms.

    ``first`` and ``again`` are the seconds that the loads report; ``starts`` is what the commands of the
    first load took beside that, since each file is a command of its own.
    """

    records: int
    made: float
    first: float
    again: float
    starts: float
    register_size: int
    load_memory: int
    counts: dict[str, int] = field(default_factory=dict)
    writes: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Built:
    """What building an index took in seconds, and what it holds; ``size`` in bytes.

    ``memory`` is the peak of the command that builds, ``server`` that of a cluster meanwhile.
    """

    seconds: float
    documents: int
    size: int
    segments: int
    memory: int
    server: Server


def load_all(data: Path, records: int, seed: int, deliveries: Path | None = None) -> Loaded:
    """Make a demo in ``data`` (which is emptied first) and time each step.

    ``deliveries``: a folder of a demo's files, which is made where there is none and kept for the next time.
    """
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    folder = data / "deliveries"
    if deliveries is not None:
        deliveries.mkdir(parents=True, exist_ok=True)
        folder.symlink_to(deliveries.resolve())
    made = _make(data, folder, records, seed)
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    with SmallWrites(data) as writes:
        first, starts, counts, memory = _load(data, folder, entries)
    again, *_ = _load(data, folder, entries)
    return Loaded(
        records=records,
        made=made,
        first=first,
        again=again,
        starts=starts,
        register_size=sum(path.stat().st_size for path in data.glob("register.sqlite*")),
        load_memory=memory,
        counts=counts,
        writes=writes.waits,
    )


def _make(data: Path, folder: Path, records: int, seed: int) -> float:
    """The demo's files and its empty register; the seconds for the files, 0 where they are there already."""
    manifest = folder / deliver.MANIFEST
    today = SystemClock().today()
    if manifest.exists():
        known = json.loads(manifest.read_text(encoding="utf-8"))
        if (known["records"], known["seed"], known["today"]) == (records, seed, today.isoformat()):
            ready.ready(setting_files.load(data=data), SystemClock(), seed, records, folder)
            return 0.0
    ran = run(data, "credit-index", "demo", str(folder), "--records", str(records), "--seed", str(seed))
    return ran.seconds


def build(data: Path) -> Built:
    """Build the index of the engine that is in turn."""
    with Watch(data) as watch:
        built = run(data, "credit-index", "rebuild", "--json")
    return replace(kept(data), seconds=built.seconds, memory=built.memory, server=watch.most)


def kept(data: Path) -> Built:
    """The index that is there already, of whose making nothing is known."""
    health = run(data, "credit-index", "status", "--json").report["health"]
    return Built(0.0, health["records"], health["size"], health["segments"], 0, Server())


def _load(
    data: Path, folder: Path, entries: list[dict[str, Any]]
) -> tuple[float, float, dict[str, int], int]:
    """Load every file once: seconds reported, seconds beside that, sums of the reports, peak memory."""
    seconds, starts, memory = 0.0, 0.0, 0
    counts = dict.fromkeys(("accepted", "unchanged", "refused", "held", "updated"), 0)
    for entry in entries:
        given = [part for key, value in entry["with"].items() for part in ("--with", f"{key}={value}")]
        about = ["--kind", entry["kind"], "--source", entry["source"], *given, "--json"]
        ran = run(data, "credit-index", "load", str(folder / entry["file"]), *about, allowed=(0, 1))
        seconds += ran.report["seconds"]
        starts += ran.seconds - ran.report["seconds"]
        memory = max(memory, ran.memory)
        for name in counts:
            counts[name] += ran.report[name]
    return seconds, starts, counts, memory


class SmallWrites:
    """In a thread: take a lease again and again, as a citizen's form would write, and note each wait."""

    def __init__(self, data: Path) -> None:
        self.waits: list[float] = []
        self._store = Store(setting_files.load(data=data))
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._store.close()

    def _write(self) -> None:
        clock = SystemClock()
        while not self._stop.wait(_EVERY):
            started = time.perf_counter()
            leases.take(self._store, "bench", "bench", clock.now(), 1)
            self.waits.append((time.perf_counter() - started) * 1000)
