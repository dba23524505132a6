"""A new index aside, in a folder of its own, until it is published (DESIGN 4, Rebuild)."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from creditindex.embedded import schema
from creditindex.embedded.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from creditindex.embedded.folders import Folders
    from creditindex.engine import Change, Engine, Position, Refused, Write, Written

#: Megabytes for replaying what changed during a build: little, compared with the build itself.
REPLAY_HEAP_MB = 128


class FolderBuild:
    """One build; it is read by nobody before ``publish``."""

    def __init__(
        self,
        folders: Folders,
        folder: Path,
        alive: IO[str],
        start: Position,
        look: Callable[[Path], Engine],
        *,
        heap_mb: int,
        threads: int,
    ) -> None:
        self.name = folder.name
        self._folder = folder
        self._folders = folders
        self._position = start
        self._look = look
        self._alive = alive
        self._writer: Writer | None = Writer(folder, heap_mb=heap_mb, threads=threads, create=True)

    @property
    def write(self) -> Write:
        """How documents are written that ``add`` takes."""
        return schema.as_json

    def add(self, documents: Iterable[Written]) -> list[Refused]:
        """Add documents whose keys were not added before; those that cannot be held are returned."""
        writer = self._open()
        return [found for document in documents if (found := writer.add(document)) is not None]

    def commit(self) -> None:
        """Write down what was added, and let all merges finish, so that few segments serve."""
        writer = self._open()
        writer.commit(self._position)
        self._writer = None
        writer.close(wait=True)

    def apply(self, changes: Sequence[Change], upto: Position) -> list[Refused]:
        """Replay what changed since the build began."""
        try:
            found = self._open().apply(changes, upto)
        except BaseException:
            self._release()
            raise
        self._position = upto
        return found

    def position(self) -> Position:
        """Up to which entry the build is."""
        return self._position

    def reader(self) -> Engine:
        """An engine that reads this folder."""
        return self._look(self._folder)

    def publish(self, ready: Callable[[], None]) -> None:
        """Point at this build; the one before stays as the last one, older ones go."""
        with self._folders.turn():
            ready()
            self._release()
            self._folders.whole(self._folder)
            self._folders.point(self._folder)
        self._alive.close()
        self._folders.tidy()

    def abandon(self) -> None:
        """Give everything back and remove the folder."""
        self._release()
        self._alive.close()
        self._folders.tidy()

    def _open(self) -> Writer:
        if self._writer is None:
            self._writer = Writer(self._folder, heap_mb=REPLAY_HEAP_MB)
        return self._writer

    def _release(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
