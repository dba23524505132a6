"""The site under load: pages a second, time to be ready, memory of a worker, how soon a change is seen."""

from __future__ import annotations

import csv
import json
import socket
import subprocess
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bench import memory, queries, requests
from bench.commands import BIN, BenchError, environment, run
from bench.searching import Searcher, of, usable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.searching import Times

_PATIENCE = 60.0
_WORKERS = 2
_ROUNDS = 10


@contextmanager
def site(data: Path) -> Iterator[tuple[int, float, int]]:
    """A server with two workers: its port, how long it took to be ready (seconds), its process id."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # Loopback counts as a proxy, so that every request can come from another client: limits stay on.
    settings = {**environment(data), "CREDIT_SITE__TRUSTED_PROXIES": '["127.0.0.1"]'}
    command = [str(BIN / "credit-site"), "serve", "--port", str(port), "--workers", str(_WORKERS)]
    started = time.perf_counter()
    with (data / "bench-site.log").open("wb") as log:
        process = subprocess.Popen(command, env=settings, stdout=log, stderr=log)
    try:
        while not _ready(port):
            if process.poll() is not None or time.perf_counter() - started > _PATIENCE:
                raise BenchError((data / "bench-site.log").read_text(errors="replace"))
            time.sleep(0.01)
        yield port, time.perf_counter() - started, process.pid
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _ready(port: int) -> bool:
    try:
        return _get(port, "/readyz")[0] == 200  # noqa: PLR2004 - OK
    except OSError:
        return False


def _get(port: int, path: str, client: str = "10.255.255.1") -> tuple[int, dict[str, str], bytes]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)) as connection:
        connection.request("GET", path, headers={"X-Forwarded-For": client})
        answer = connection.getresponse()
        return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()


def paths_of(data: Path, seed: int, count: int) -> dict[str, list[str]]:
    """Addresses to ask for: searches of the mixed load, subjects, records."""
    searcher = Searcher(data)
    documents = queries.sample(searcher.store, seed)
    asked = usable(queries.mixed(documents, seed, count), searcher)
    ids = [hit.id for one in asked[:200] for hit in searcher.engine.find(one.query(searcher.today)).hits]
    searcher.close()
    codes = [document["code"] for document in documents if document["code"]]
    return {
        "search": [_address(one) for one in asked],
        "subject": [f"/s/{code}" for code in codes[:count]],
        "record": [f"/r/{record}" for record in ids[:count]],
    }


def _address(asked: queries.Asked) -> str:
    values: dict[str, Any] = {"q": asked.text, **asked.filters}
    if asked.order != "rank":
        values["order"] = asked.order
    if asked.page > 1:
        values["page"] = asked.page
    return "/search?" + "&".join(f"{name}={quote(str(value))}" for name, value in values.items())


def pages(
    data: Path, seed: int, seconds: float
) -> tuple[dict[str, Times], dict[str, dict[int, int]], float, int]:
    """Times of each sort of page, answers by status, seconds until ready, memory of a worker in bytes."""
    found, statuses = {}, {}
    addresses = paths_of(data, seed, 2_000)
    with site(data) as (port, ready, process):
        for name, paths in addresses.items():
            requests.measure(port, paths, 1.0)
            found[name], statuses[name] = requests.measure(port, paths, seconds)
        tag = _get(port, addresses["record"][0])[1].get("etag", "")
        header = f"If-None-Match: {tag}\r\n"
        found["unchanged (304)"], statuses["unchanged (304)"] = requests.measure(
            port, addresses["record"][:1], seconds, header
        )
        largest = max(memory.own(child) for child in _descendants(process))
    return found, statuses, ready, largest


def visible(data: Path, seed: int) -> Times:
    """How long after its load a new record is found by a search, in ms; one small delivery a round."""
    manifest = json.loads((data / "deliveries" / "manifest.json").read_text(encoding="utf-8"))
    entry = next(item for item in manifest["files"] if item["kind"] == "commitment")
    with (data / "deliveries" / entry["file"]).open(encoding="utf-8", newline="") as handle:
        row = next(csv.DictReader(handle))
    waits = []
    with site(data) as (port, _, _):
        for place in range(_ROUNDS):
            number = f"BENCH{seed}N{Random(f'{seed}/{place}/{time.time_ns()}').randrange(10**9):09d}"
            _deliver(data, {**row, "承诺编号": number}, entry)
            waits.append(_seen(port, number, place))
    return of(waits)


def _deliver(data: Path, row: dict[str, str], entry: dict[str, Any]) -> None:
    path = data / "bench-one.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        table = csv.DictWriter(handle, list(row))
        table.writeheader()
        table.writerow(row)
    run(data, "credit-index", "load", str(path), "--kind", entry["kind"], "--source", entry["source"])


def _seen(port: int, number: str, place: int) -> float:
    """Milliseconds from the end of the load until a search shows the number."""
    started = time.perf_counter()
    for turn in range(10_000):
        # Another client each time, so that asking again and again does not meet the limit.
        answer = _get(port, f"/search?q={number}", f"10.254.{place}.{turn % 250}")
        if b"/r/" in answer[2]:
            return (time.perf_counter() - started) * 1000
        time.sleep(0.005)
    raise BenchError(f"{number} was never found.")


def _descendants(process: int) -> list[int]:
    """A process and all below it."""
    found = [process]
    for candidate in Path("/proc").iterdir():
        if candidate.name.isdigit() and _parent(candidate) == process:
            found += _descendants(int(candidate.name))
    return found


def _parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0  # it ended meanwhile
