"""The embedded engine as the rest of the project sees it: an ``engine.Engine`` over a folder."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from creditindex import naming, plan
from creditindex.caching import Cache
from creditindex.embedded.building import FolderBuild
from creditindex.embedded.finding import Finding
from creditindex.embedded.folders import Folders, OneFolder, folder_size
from creditindex.embedded.listing import Listing
from creditindex.embedded.naming import SnapshotNames
from creditindex.embedded.snapshots import Snapshots
from creditindex.embedded.writing import Writer
from creditindex.engine import EngineAwayError, Health

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from creditindex.engine import Change, Position, Refused, Suggestion, Version
    from creditindex.query import Facets, NameQuery, Names, Page, Query


class EmbeddedEngine:
    """Reads the current build and, in the one process that follows the ledger, writes it.

    ``kinds`` maps the number of a kind to its id. To be made after any fork.
    """

    def __init__(
        self,
        root: Path | Folders,
        kinds: Mapping[int, str],
        *,
        heap_mb: int = 128,
        build_heap_mb: int = 750,
        build_threads: int = 2,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folders = root if isinstance(root, Folders) else Folders(root)
        self._kinds = kinds
        self._heap_mb = heap_mb
        self._build_heap_mb, self._build_threads = build_heap_mb, build_threads
        self._snapshots = Snapshots(self.folders, clock)
        self._counts: Cache[tuple[int, Facets]] = Cache()
        self._pages: Cache[Page] = Cache()
        self._names: Cache[Names] = Cache()
        self._writer: Writer | None = None

    def find(self, query: Query) -> Page:
        """Records that match."""
        snapshot = self._snapshots.newest()
        key = (snapshot.generation, query)
        kept = self._pages.get(key)
        if kept is None:
            began = time.perf_counter()
            kept = Finding(snapshot, self._kinds, self._counts, query).page(plan.read(query.text))
            self._pages.put(key, kept, time.perf_counter() - began)
        return kept

    def names(self, query: NameQuery) -> Names:
        """Subjects by name."""
        snapshot = self._snapshots.newest()
        key = (snapshot.generation, query)
        kept = self._names.get(key)
        if kept is None:
            began = time.perf_counter()
            kept = naming.names(SnapshotNames(snapshot, query.today), query)
            self._names.put(key, kept, time.perf_counter() - began)
        return kept

    def suggest(self, prefix: str, limit: int, today: date) -> list[Suggestion]:
        """Names to complete what is being typed."""
        return naming.suggest(SnapshotNames(self._snapshots.newest(), today), prefix, limit)

    def apply(
        self, changes: Sequence[Change], upto: Position, may_commit: Callable[[], None] | None = None
    ) -> list[Refused]:
        """Change the current build and its position in one commit."""
        with self.folders.turn():
            try:
                return self._live().apply(changes, upto, may_commit)
            except BaseException:
                self.close()  # what was not committed goes with the writer; the next call opens a new one
                raise

    def build(self, start: Position) -> FolderBuild:
        """Begin a new build aside."""
        folder, alive = self.folders.begin(time.strftime("%Y%m%d%H%M%S", time.gmtime()))
        return FolderBuild(
            self.folders,
            folder,
            alive,
            start,
            self._looking_at,
            heap_mb=self._build_heap_mb,
            threads=self._build_threads,
        )

    def position(self) -> Position | None:
        """The position of the current build, as of now."""
        return self._snapshots.newest(look=True).position

    def health(self) -> Health:
        """Whether there is an index to answer from, and what it holds."""
        try:
            snapshot = self._snapshots.newest(look=True)
        except EngineAwayError as error:
            return Health(ready=False, reason=str(error))
        listing = Listing(snapshot)
        return Health(
            ready=True,
            position=snapshot.position,
            generation=snapshot.generation,
            records=listing.records(),
            names=listing.names(),
            segments=snapshot.searcher.num_segments,
            size=folder_size(snapshot.folder),
        )

    def versions(self, after: int, limit: int) -> list[Version]:
        """What it holds of the records above a number."""
        return Listing(self._snapshots.newest()).versions(after, limit)

    def named_subjects(self, subjects: Sequence[int]) -> dict[int, int]:
        """How many names of each of these subjects it holds."""
        return Listing(self._snapshots.newest()).named(subjects)

    def tidy(self) -> list[str]:
        """Remove what killed builds left behind."""
        return self.folders.tidy()

    def close(self) -> None:
        """Give the writer back, if this process had it."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _live(self) -> Writer:
        """The writer of the current build: another one after a swap."""
        folder = self.folders.current()
        if self._writer is None or self._writer.folder != folder:
            self.close()
            self._writer = Writer(folder, heap_mb=self._heap_mb)
        return self._writer

    def _looking_at(self, folder: Path) -> EmbeddedEngine:
        return EmbeddedEngine(OneFolder(folder), self._kinds)
