"""Run our commands as a user would, and note what they took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, how long it took with its start, and its processor time (both in seconds).

    ``memory`` is the peak of the largest of its processes, in bytes.
    """

    printed: str
    seconds: float
    cpu: float
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


def run(data: Path, *command: str, allowed: tuple[int, ...] = (0,), **settings: str) -> Ran:
    """Run one command on ``data``, with further ``settings`` of the environment.

    Raises:
        BenchError: it ended otherwise than allowed.
    """
    started = time.perf_counter()
    with TemporaryFile() as printed, TemporaryFile() as said:
        words = [str(BIN / command[0]), *command[1:]]
        process = subprocess.Popen(words, env=environment(data) | settings, stdout=printed, stderr=said)
        # Of this process and what it waited for; resource.RUSAGE_CHILDREN would be of all commands so far.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        texts = [_text(file) for file in (printed, said)]
    if process.returncode not in allowed:
        raise BenchError(f"{' '.join(command)} ended with {process.returncode}:\n{''.join(texts)}")
    return Ran(texts[0], seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
