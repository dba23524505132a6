"""What the loads of the demo reported, against what the manifest says must come of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from support.world import World

OUTCOMES = ("accepted", "unchanged", "updated", "refused", "held")


def test_every_delivery_has_the_outcomes_that_were_made(world: World) -> None:
    wrong = {}
    for entry, report in zip(world.manifest["files"], world.loads, strict=True):
        assert report["rows"] == entry["rows"] == sum(report[name] for name in OUTCOMES)
        expected = {name: entry["expected"].get(name, 0) for name in OUTCOMES}
        if (found := {name: report[name] for name in OUTCOMES}) != expected:
            wrong[entry["file"]] = {"found": found, "expected": expected, "faults": entry["faults"]}
    assert not wrong, json.dumps(wrong, indent=1, ensure_ascii=False)


def test_the_same_delivery_again_changes_nothing(world: World, tmp_path: Path) -> None:
    mine = world.copy(tmp_path)
    before = mine.run("credit-index", "status", "--json")
    for entry in mine.manifest["files"]:
        report = mine.load(*mine.arguments(entry))
        good = entry["expected"].get("accepted", 0) + entry["expected"].get("unchanged", 0)
        assert (report["accepted"], report["updated"], report["withdrawn"]) == (0, 0, 0), entry["file"]
        assert report["unchanged"] == good, entry["file"]
    assert json.loads(mine.run("credit-index", "status", "--json"))["head"] == json.loads(before)["head"]


def test_index_and_register_agree(world: World) -> None:
    world.run("credit-index", "verify")


def test_the_ledger_is_whole(world: World) -> None:
    world.run("credit-register", "ledger", "verify")
