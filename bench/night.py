"""One night on which many records end: the nightly job, who waits meanwhile, and the index behind it."""

from __future__ import annotations

import csv
import shutil
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.commands import BIN, BenchError, environment, run
from bench.loading import SmallWrites
from creditindex import opening
from creditindex.demo.subjects import subject
from creditregister import ledger
from creditregister import settings as setting_files
from creditregister.clock import SystemClock
from creditregister.rules import Period, end_of
from creditregister.rules.counting import day_after, day_before
from creditregister.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

#: Records that a subject has, and rows of the demo that gives keys and units.
_EACH, _UNITS_OF = 3, 100
_SOURCE = "云泽省市场监督管理局"
_HEADINGS = (
    "行政相对人名称", "行政相对人代码_1(统一社会信用代码)", "行政处罚决定书文号", "违法行为类型", "违法事实",
    "处罚依据", "处罚类别", "处罚内容", "处罚决定日期", "处罚机关", "失信严重程度",
)  # fmt: skip
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Night:
    """What the night took.

    ``seconds`` of the command with its start, ``cpu`` seconds of its processor time, ``memory`` its peak in
    bytes; ``writes`` are waits of small writes while it ran, in ms; ``behind`` is how long after its end the
    index had followed, in seconds.
    """

    records: int
    seconds: float
    cpu: float
    memory: int
    writes: list[float]
    behind: float


def measure(data: Path, records: int, seed: int) -> Night:
    """Make a register in ``data`` (which is emptied) whose records end on one day, and let that night come.

    Raises:
        BenchError: not all of them were withdrawn, from the ledger or from the index.
    """
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    folder = data / "deliveries"
    run(data, "credit-index", "demo", str(folder), "--records", str(_UNITS_OF), "--seed", str(seed))
    decided = day_before(SystemClock().today())
    _write(data / "night.csv", records, seed, decided)
    about = ("--kind", "penalty", "--source", _SOURCE, "--json")
    loaded = run(data, "credit-index", "load", str(data / "night.csv"), *about)
    run(data, "credit-index", "rebuild", "--json")
    night = day_after(end_of(decided, Period(1, "year"))).isoformat()
    with _following(data), SmallWrites(data) as writes:
        done = run(data, "credit-register", "daily", "--json", CREDIT_TODAY=night)
        ended = time.perf_counter()
        behind = _followed(data) - ended
    left = run(data, "credit-index", "status", "--json").report["health"]["records"]
    if (loaded.report["accepted"], done.report["ended"], left) != (records, records, 0):
        raise BenchError(f"Of {records} records {done.report['ended']} ended, {left} are in the index.")
    return Night(records, done.seconds, done.cpu, done.memory, writes.waits, behind)


def _write(path: Path, records: int, seed: int, decided: date) -> None:
    """A delivery of fines of grade 一般, each decided on that day: shown for one year at most."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        table = csv.writer(handle)
        table.writerow(_HEADINGS)
        for number in range(records):
            of = subject(seed, number // _EACH)
            document = f"云市监罚〔{decided.year}〕{number + 1}号"
            facts = f"{of.name}于检查中被发现未按规定公示价格，经责令改正后仍有第{number % 97 + 1}项未改正。"
            who = (of.name, of.unified, document)
            what = ("价格违法", facts, "价格法", "罚款", "罚款", decided, _SOURCE, "一般")
            table.writerow((*who, *what))


@contextmanager
def _following(data: Path) -> Iterator[None]:
    """The follower runs, as it does beside a site."""
    with (data / "follow.log").open("wb") as log:
        process = subprocess.Popen(
            [str(BIN / "credit-index"), "follow"], env=environment(data), stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _followed(data: Path) -> float:
    """The moment at which the index holds everything of the ledger."""
    settings = setting_files.load(data=data)
    store, engine = Store(settings), opening.reader(settings)
    with store.read() as connection:
        head = ledger.head(connection).seq
    until = time.perf_counter() + _PATIENCE
    while (position := engine.position()) is None or position.seq < head:
        if time.perf_counter() > until:
            raise BenchError("The index did not follow.")
        time.sleep(0.02)
    found = time.perf_counter()
    engine.close()
    store.close()
    return found
