"""``python -m bench``: everything from nothing, and a table of it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from operator import eq
from pathlib import Path

from bench import engines, loading, memory, night, searching, serving, table
from bench.commands import BenchError

SEED = 1


def main() -> int:
    """Measure and print."""
    options = _options()
    try:
        names = engines.chosen(options.engines)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    data = Path(options.data or f"var/bench-{options.night or options.records}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; data in {data}")
    print(
        "Times are p50 / p95 / p99. Goals are for 1,000,000 records on 2 cores; compare ratios, not machines."
    )
    try:
        return _measure(data, options, names)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1


def _measure(data: Path, options: argparse.Namespace, names: list[str]) -> int:
    switch = engines.Switch()
    if options.night:
        switch.to(names[0])
        found = night.measure(data, options.night, SEED)
        table.show(f"A night on which {options.night:,} records end", table.night(found))
        return 0
    kept = Path(options.deliveries) if options.deliveries else None
    loaded = None if options.loaded or options.built else loading.load_all(data, options.records, SEED, kept)
    if loaded:
        table.show(f"Loading {options.records:,} records", table.loading(loaded))
    measured, answers = {}, {}
    for name in names:
        switch.to(name)
        warm = options.warm if len(names) > 1 or not engines.is_embedded() else 0.0
        measured[name], answers[name] = _engine(data, options, warm)
    equal = [sum(map(eq, answers[names[0]], found)) for found in answers.values()]
    asked = len(answers[names[0]])
    lines = table.engines(measured, [f"{count:,} of {asked:,}" for count in equal])
    columns = [*names, f"{names[1]} ÷ {names[0]}"] if len(names) > 1 else names
    table.show("Index, and calls: total, facets, records, highlights", lines, columns)
    switch.to(names[0])
    times, statuses, ready, largest = serving.pages(data, SEED, options.seconds)
    visible = serving.visible(data, SEED)
    table.show(f"The site, {names[0]} engine", table.pages(times, statuses, ready, largest, visible))
    if options.json:
        figures = {
            "loading": loaded and asdict(loaded),
            "engines": {name: asdict(found) for name, found in measured.items()},
            "pages": {name: asdict(found) for name, found in times.items()},
            "visible": asdict(visible),
            "ready": ready,
            "memory": largest,
        }
        Path(options.json).write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    if min(equal) < asked:
        raise BenchError("The engines do not answer alike.")
    return 0


def _engine(data: Path, options: argparse.Namespace, warm: float) -> tuple[table.Measured, list[bytes]]:
    """Everything about the engine that is in turn, and digests of its answers to the classes of questions."""
    built = loading.kept(data) if options.built else loading.build(data)
    if warm:
        searching.mixed(data, SEED, 2, warm)  # a cold JVM is half as fast (ENGINES 7)
    classes, answers = searching.classes(data, SEED)
    with memory.Watch(data) as watch:
        mixed = {count: searching.mixed(data, SEED, count, options.seconds) for count in (1, 2)}
    return table.Measured(built, warm, classes, mixed, watch.most), answers


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--engines", default="embedded")
    parser.add_argument(
        "--data", help="an empty folder to work in (default var/bench-RECORDS; it is emptied)"
    )
    parser.add_argument(
        "--warm", type=float, default=30.0, help="seconds of mixed load before engines are compared"
    )
    parser.add_argument("--deliveries", help="a folder for the demo's files, kept for the next time")
    parser.add_argument("--loaded", action="store_true", help="measure what --data holds; load nothing")
    parser.add_argument("--built", action="store_true", help="the same, with the index that is there")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each load")
    parser.add_argument(
        "--night", type=int, default=0, metavar="N", help="instead: the night on which N records end"
    )
    parser.add_argument("--json", help="also write all figures to this file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
