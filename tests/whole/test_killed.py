"""A load that is killed at any moment is completed by the next one: nothing doubled, nothing lost (DESIGN 3)."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from creditindex.demo import deliver
from support.world import BIN, TODAY, World, wait_until

if TYPE_CHECKING:
    from pathlib import Path

ROWS = 24_000
#: After how many stored records the loading process is killed.
MOMENTS = (0, 1, 1_500)


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deliveries large enough that a kill falls into the middle."""
    folder = tmp_path_factory.mktemp("large")
    deliver.deliver(folder, ROWS, 3, date.fromisoformat(TODAY))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_load_is_completed_by_the_next(deliveries: Path, tmp_path: Path, moment: int) -> None:
    manifest = json.loads((deliveries / "manifest.json").read_text(encoding="utf-8"))
    entry = max(manifest["files"], key=lambda item: item["rows"])
    world = World(tmp_path / "data", deliveries, manifest)
    world.run("credit-index", "demo", str(tmp_path / "small"), "--records", "1")
    kill_at(world, entry, moment)
    assert moment <= stored(world) < entry["expected"]["accepted"], "killed too late"
    world.load(*world.arguments(entry))
    again = world.load(*world.arguments(entry))
    assert again["accepted"] == again["updated"] == 0
    assert again["unchanged"] == entry["expected"]["accepted"] + entry["expected"].get("unchanged", 0)
    assert stored(world) == entry["expected"]["accepted"]
    assert held(world) == entry["expected"].get("held", 0)
    world.run("credit-register", "ledger", "verify")


def kill_at(world: World, entry: dict[str, Any], moment: int) -> None:
    """Start a load and kill it as soon as that many records are stored, or it is over."""
    process = subprocess.Popen(
        [str(BIN / "credit-index"), "load", *world.arguments(entry)],
        env={**world.environment, "CREDIT_LOAD__ROWS_PER_TRANSACTION": "100"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: process.poll() is not None or stored(world) >= moment, f"{moment} records stored")
    process.send_signal(signal.SIGKILL)
    process.wait()


def stored(world: World) -> int:
    return ask(world, "SELECT count(*) FROM record")


def held(world: World) -> int:
    return ask(world, "SELECT count(*) FROM held WHERE state = 'open'")


def ask(world: World, question: str) -> int:
    connection = sqlite3.connect(f"file:{world.data / 'register.sqlite'}?mode=ro", uri=True)
    try:
        count: int = connection.execute(question).fetchone()[0]
        return count
    finally:
        connection.close()
