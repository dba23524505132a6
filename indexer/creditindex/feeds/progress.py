"""How a load gets on, for the person who waits: a bar on a terminal, else one plain line a second.

Everything goes to standard error, so that the summary on standard output stays clean.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


class Watcher(Protocol):
    """Hears how far a load has come."""

    def begin(self, name: str, size: int) -> None:
        """A file of ``size`` bytes is begun."""

    def step(self, rows: int, position: int) -> None:
        """So many rows of it are done, so many bytes read (0: not known)."""

    def end(self) -> None:
        """The file is done, well or badly."""


class Plain:
    """A line a second, for logs."""

    def __init__(self, out: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._now = now
        self._name, self._size = "", 0
        self._begun = self._said = 0.0

    def begin(self, name: str, size: int) -> None:
        """A file is begun."""
        self._name, self._size = name, size
        self._begun = self._said = self._now()

    def step(self, rows: int, position: int) -> None:
        """Say how far it is, if a second has passed."""
        now = self._now()
        if now - self._said < 1:
            return
        self._said = now
        passed = now - self._begun
        share = min(position / self._size, 1.0) if self._size else 0.0
        left = f", {share:.0%}, {passed / share - passed:.0f} s left" if share else ""
        print(f"{self._name}: {rows:,} rows, {rows / passed:,.0f}/s{left}", file=self._out, flush=True)

    def end(self) -> None:
        """Nothing more to say: the summary follows."""


class Bar:
    """A bar with rate and time left."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._size = 0
        self._begun = 0.0

    def begin(self, name: str, size: int) -> None:
        """A file is begun."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[rows]:,} rows {task.fields[rate]:,.0f}/s"),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=self._console, transient=True)
        self._progress.start()
        # Rich reads square brackets as mark-up; a file's name must not write on the terminal.
        self._progress.add_task(name.replace("[", "("), total=size, rows=0, rate=0.0)
        self._size = size
        self._begun = time.monotonic()

    def step(self, rows: int, position: int) -> None:
        """Move the bar."""
        if self._progress is not None:
            rate = rows / max(time.monotonic() - self._begun, 0.001)
            self._progress.update(self._progress.task_ids[0], completed=position, rows=rows, rate=rate)

    def end(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None


def watcher() -> Watcher:
    """The bar on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    return Bar(console) if console.is_terminal else Plain(sys.stderr)
