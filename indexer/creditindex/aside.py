"""What no document could be made of, or no engine would take: written down until it can be held.

It is in no index, though it is public: an alarm (DESIGN 4, Follow), shown by ``credit-index status``.
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
    """What was set aside: the key of its documents, the record's version (0 for names), and why."""

    key: str
    version: int
    reason: str
    at: int


class AsideFile:
    """The list on disk; one process writes it, the follower or a build."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> dict[str, Aside]:
        """What is set aside now, by key."""
        if not self._path.is_file():
            return {}
        return {each["key"]: Aside(**each) for each in orjson.loads(self._path.read_bytes())}

    def update(self, added: Iterable[Aside], settled: Iterable[str]) -> None:
        """Add to the list, and take off what an index holds now, or what is public no more."""
        before = self.all()
        kept = dict(before)
        for key in settled:
            kept.pop(key, None)
        kept.update({each.key: each for each in added})
        if kept != before:
            self.replace(kept.values())

    def replace(self, kept: Iterable[Aside]) -> None:
        """Write the whole list, in one step."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        waiting = self._path.with_suffix(".new")
        with waiting.open("wb") as file:
            file.write(orjson.dumps([asdict(each) for each in sorted(kept, key=lambda each: each.key)]))
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(self._path)
