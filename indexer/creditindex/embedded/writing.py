"""Changing one index folder: every commit holds the data and the position it leads to (DESIGN 4, Follow)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tantivy

from creditindex.embedded import schema
from creditindex.embedded.translate import guarded
from creditindex.engine import EngineError, not_held, written

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from creditindex.engine import Change, Position, Refused, Written

MEGABYTE = 1_000_000


class Writer:
    """The one writer of a folder; a second one is refused by a lock that kill -9 frees."""

    def __init__(self, folder: Path, *, heap_mb: int, threads: int = 1, create: bool = False) -> None:
        self.folder = folder
        with guarded():
            if create:
                index = tantivy.Index(schema.schema(), path=str(folder))
            else:
                index = tantivy.Index.open(str(folder))
            schema.register_tokenizers(index)
            try:
                self._writer = index.writer(heap_mb * MEGABYTE, threads)
            except ValueError as error:
                raise EngineError(f"Another process writes the index {folder.name}.") from error
            self._writer.garbage_collect_files()  # what a killed writer left behind

    def add(self, document: Written) -> Refused | None:
        """Add a document whose key is new to this folder; one that cannot be held changes nothing."""
        try:
            self._writer.add_json(document.body.decode())
        except (ValueError, TypeError, OverflowError) as error:
            return not_held(document.key, document.version, error)
        return None

    def apply(
        self, changes: Sequence[Change], upto: Position, may_commit: Callable[[], None] | None = None
    ) -> list[Refused]:
        """Replace what stands under each key and commit it together with the position, or change nothing.

        ``may_commit`` is asked right before the commit and may raise. A key that comes twice counts with its
        last documents. After any exception this writer is to be closed: what was not committed goes with it.
        """
        last = {change.key: change for change in changes}
        for key in last:
            self._remove(key)
        found = [each for change in last.values() if (each := self._add_all(change))]
        self.commit(upto, may_commit)
        return found

    def _add_all(self, change: Change) -> Refused | None:
        """Add all documents of a change, or none of them."""
        made, failed = written(change.documents, schema.as_json)
        if failed:
            return failed[0]
        for document in made:
            if (found := self.add(document)) is not None:
                self._remove(change.key)
                return found
        return None

    def _remove(self, key: str) -> None:
        with guarded():
            # By the raw text key: on an unsigned field the same call deletes nothing and says nothing.
            self._writer.delete_documents_by_term("key", key)

    def commit(self, upto: Position, may_commit: Callable[[], None] | None = None) -> None:
        """Commit with a new position."""
        self._remove(schema.POSITION)
        with guarded():
            self._writer.add_json(schema.position_json(upto))
        if may_commit is not None:
            may_commit()
        with guarded():
            self._writer.commit()

    def close(self, *, wait: bool = False) -> None:
        """Give the folder back; ``wait`` lets merges finish first."""
        with guarded():
            if wait:
                self._writer.wait_merging_threads()
            del self._writer
