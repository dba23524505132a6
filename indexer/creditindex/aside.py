"""Records of which no document could be made: written down until they can (DESIGN 4, Follow).

They are in no index, though they are public: an alarm, shown by ``credit-index status``.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Aside:
    """One record that was set aside: its private number, the version, and why."""

    n: int
    version: int
    reason: str
    at: int


class AsideFile:
    """The list on disk; one process writes it, the follower or a build."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> dict[int, Aside]:
        """What is set aside now, by number."""
        if not self._path.is_file():
            return {}
        return {each["n"]: Aside(**each) for each in orjson.loads(self._path.read_bytes())}

    def update(self, added: Iterable[Aside], settled: Iterable[int]) -> None:
        """Add records, and take away those that an index holds now, or that are public no more."""
        kept = self.all()
        before = dict(kept)
        for n in settled:
            kept.pop(n, None)
        kept.update({each.n: each for each in added})
        if kept != before:
            self._write(kept)

    def replace(self, kept: Iterable[Aside]) -> None:
        """The list after a whole build."""
        self._write({each.n: each for each in kept})

    def _write(self, kept: dict[int, Aside]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        waiting = self._path.with_suffix(".new")
        with waiting.open("wb") as file:
            file.write(orjson.dumps([asdict(kept[n]) for n in sorted(kept)]))
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(self._path)
