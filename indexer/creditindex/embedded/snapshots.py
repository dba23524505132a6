"""The state of the index that a process reads, and when it looks for a newer one (DESIGN 4).

A snapshot never changes; a commit or a new build is another one. The disk is asked at most every 200 ms
whether there is one, without a thread: a watcher would not survive the fork of a web server.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import tantivy

from creditindex.embedded.schema import POSITION, position_of
from creditindex.embedded.translate import Translator, guarded
from creditindex.engine import EngineAwayError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from creditindex.embedded.folders import Folders
    from creditindex.engine import Position

#: Seconds between two looks at the disk.
LOOK = 0.2


@dataclass(frozen=True)
class Snapshot:
    """One state of one build; ``generation`` names it, so that what was worked out on it can be kept."""

    folder: Path
    generation: str
    index: tantivy.Index
    searcher: tantivy.Searcher
    translator: Translator

    @cached_property
    def names(self) -> int:
        """About how many names of subjects there are: what the rarity of a piece is measured against."""
        return self.searcher.doc_freq("sort", "name")

    @cached_property
    def position(self) -> Position | None:
        """The position in the same commit as everything else in this snapshot."""
        with guarded():
            found = self.searcher.search(self.translator.term("key", POSITION), limit=1, count=False)
            if not found.hits:
                return None
            label = self.searcher.doc(found.hits[0][1]).get_first("label")
        return position_of(str(label))


class Snapshots:
    """Gives the newest snapshot, opened anew in each process."""

    def __init__(self, folders: Folders, clock: Callable[[], float] = time.monotonic) -> None:
        self._folders = folders
        self._clock = clock
        self._lock = threading.Lock()
        self._current: Snapshot | None = None
        self._process = 0
        self._looked = 0.0

    def newest(self, *, look: bool = False) -> Snapshot:
        """The newest snapshot, as of at most 200 ms ago, or of now where ``look`` asks for it.

        Raises:
            EngineAwayError: there is no index of our format.
        """
        now = self._clock()
        current = self._current
        due = look or now - self._looked >= LOOK or self._process != os.getpid()
        if current is not None and not due:
            return current
        with self._lock:
            if self._process != os.getpid():
                current = None  # a searcher of the parent is never used after a fork
            self._current = self._refreshed(current)
            self._looked, self._process = now, os.getpid()
            return self._current

    def _refreshed(self, current: Snapshot | None) -> Snapshot:
        folder = self._folders.current()
        generation = _generation(folder)
        if current is not None and current.generation == generation:
            return current
        if current is not None and current.folder == folder:
            with guarded():
                current.index.reload()
                return Snapshot(
                    folder, generation, current.index, current.index.searcher(), current.translator
                )
        return opened(folder, generation)


def opened(folder: Path, generation: str = "") -> Snapshot:
    """Open one folder; nothing in it is changed."""
    with guarded():
        index = tantivy.Index.open(str(folder))
        index.config_reader("manual")
        return Snapshot(
            folder, generation or _generation(folder), index, index.searcher(), Translator(index.schema)
        )


def _generation(folder: Path) -> str:
    """A name for the last commit in a folder: each one renames a new ``meta.json`` into its place."""
    try:
        state = (folder / "meta.json").stat()
    except OSError as error:
        raise EngineAwayError(f"The index {folder.name} is gone: run `credit-index rebuild`.") from error
    return f"{folder.name}/{state.st_mtime_ns}/{state.st_ino}"
