"""Run our commands as a user would, and note what they took."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, how long it took with its start (seconds), and its peak memory (bytes)."""

    printed: str
    seconds: float
    memory: int

    @property
    def report(self) -> dict[str, Any]:
        """What it printed as JSON."""
        found: dict[str, Any] = json.loads(self.printed)
        return found


class BenchError(Exception):
    """A command failed; the message holds what it said."""


def environment(data: Path) -> dict[str, str]:
    """The settings under which everything runs: the defaults, this data folder, and the engine in turn."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("CREDIT_") or name.startswith("CREDIT_ELASTICSEARCH_")
    }
    return {**kept, "CREDIT_DATA": str(data)}


def run(data: Path, *command: str, allowed: tuple[int, ...] = (0,)) -> Ran:
    """Run one command on ``data``.

    Raises:
        BenchError: it ended otherwise than allowed.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(BIN / command[0]), *command[1:]],
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    printed, said = process.communicate()
    seconds = time.perf_counter() - started
    if process.returncode not in allowed:
        raise BenchError(f"{' '.join(command)} ended with {process.returncode}:\n{printed}{said}")
    return Ran(printed, seconds, _peak_of_children())


def _peak_of_children() -> int:
    """The largest memory that any ended child of this process had so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
