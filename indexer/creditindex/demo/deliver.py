"""Write a whole demo: every delivery, the units file, and the manifest that says what must come of them.

``manifest.json`` names, for each file in the order of loading, kind, source unit, the values of ``--with``,
the day on which it came if that was not today, rows, the expected outcomes and the faults made on purpose;
``people/*.jsonl`` everybody who is named.
"""

from __future__ import annotations

import csv
import json
import os
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from creditindex.demo import files, plan, units
from creditregister.schedules import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

MANIFEST = "manifest.json"
UNITS = "units.csv"
SCHEDULES = "schedules.csv"
#: Below this many rows the processes would cost more than they save.
_ALONE = 20_000
NOTICE = "合成数据 synthetic data: every name, code and number is invented"


def deliver(
    folder: Path,
    records: int,
    seed: int,
    today: date,
    done: Callable[[int], object] = lambda rows: rows,
) -> dict[str, Any]:
    """Write the demo of ``records`` rows into ``folder``; ``done`` is told the rows of each finished file."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = plan.files(records, seed, today)
    entries = []
    for entry in _write(folder, wanted, records):
        entries.append(entry)
        done(entry["rows"])
    manifest = {
        "notice": NOTICE,
        "seed": seed,
        "records": records,
        "today": today.isoformat(),
        "units": UNITS,
        "files": entries,
    }
    write_units(folder / UNITS)
    with (folder / SCHEDULES).open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([COLUMNS, *plan.schedules(records, today)])
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return manifest


def write_units(path: Path) -> None:
    """The demo's bodies and source units, as ``credit-register units import`` reads them."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        table = csv.writer(handle, lineterminator="\n")
        table.writerow(["name", "code", "area", "superior", "aliases"])
        for unit in units.all_units():
            table.writerow([unit.name, unit.code, unit.area, unit.superior, "、".join(unit.aliases)])


def _write(folder: Path, wanted: list[plan.File], records: int) -> list[dict[str, Any]]:
    one = partial(files.write, folder=folder)
    workers = min(os.cpu_count() or 1, len(wanted))
    if records < _ALONE or workers == 1:
        return [one(file) for file in wanted]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(one, wanted))
