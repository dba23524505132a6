"""``python -m bench``: everything from nothing, and a table of it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path

from bench import loading, searching, serving, table
from bench.commands import BenchError

SEED = 1


def main() -> int:
    """Measure and print."""
    options = _options()
    if options.engines != "embedded":
        print("This release has the embedded engine only: ENGINES=embedded.", file=sys.stderr)
        return 2
    data = Path(options.data or f"var/bench-{options.records}")
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; data in {data}")
    print(
        "Times are p50 / p95 / p99. Goals are for 1,000,000 records on 2 cores; compare ratios, not machines."
    )
    try:
        return _measure(data, options)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1


def _measure(data: Path, options: argparse.Namespace) -> int:
    loaded = loading.load_all(data, options.records, SEED)
    table.show(f"Loading {options.records:,} records", table.loading(loaded))
    classes = searching.classes(data, SEED)
    mixed = {count: searching.mixed(data, SEED, count, options.seconds) for count in (1, 2)}
    table.show("Engine calls: total, facets, records, highlights", table.searching(classes, mixed))
    times, statuses, ready, memory = serving.pages(data, SEED, options.seconds)
    visible = serving.visible(data, SEED)
    table.show("The site", table.pages(times, statuses, ready, memory, visible))
    if options.json:
        figures = {
            "loading": asdict(loaded),
            "classes": {name: asdict(found) for name, found in classes.items()},
            "mixed": {str(count): asdict(found) for count, found in mixed.items()},
            "pages": {name: asdict(found) for name, found in times.items()},
            "visible": asdict(visible),
            "ready": ready,
            "memory": memory,
        }
        Path(options.json).write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--engines", default="embedded")
    parser.add_argument(
        "--data", help="an empty folder to work in (default var/bench-RECORDS; it is emptied)"
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each load")
    parser.add_argument("--json", help="also write all figures to this file")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
