"""A new index aside, until it is published (DESIGN 4, Rebuild)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from creditindex.elastic import schema
from creditindex.elastic.writing import Writer
from creditindex.engine import EngineAwayError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from creditindex.elastic.bulk import Pace
    from creditindex.elastic.connection import Connection
    from creditindex.elastic.indexes import Indexes, State
    from creditindex.engine import Change, Engine, Position, Refused, Write, Written

#: What an index is given while it is built: nobody reads it, and it is thrown away if anything fails.
FILLING = {
    "refresh_interval": "-1",
    "number_of_replicas": 0,
    "auto_expand_replicas": False,
    "translog.durability": "async",
}
#: Requests at a time: one is answered while the next one is made.
REQUESTS = 2
#: Segments that a filled index is merged to, so that few serve, and seconds to wait for that.
SEGMENTS = 5
MERGING = 3 * 3600.0


class IndexBuild:
    """One build; it is read by nobody before ``publish``."""

    def __init__(
        self,
        connection: Connection,
        indexes: Indexes,
        state: State,
        look: Callable[[str], Engine],
        *,
        serving: dict[str, Any],
        pace: Pace,
    ) -> None:
        self.name = state.name
        self._connection = connection
        self._indexes = indexes
        self._state = state
        self._look = look
        self._serving = serving
        self._start = self.position()
        self._writer = Writer(connection, state.name, pace, REQUESTS)

    @property
    def write(self) -> Write:
        """How documents are written that ``add`` takes."""
        return schema.as_json

    def add(self, documents: Iterable[Written]) -> list[Refused]:
        """Add documents whose keys were not added before; those that cannot be held are returned."""
        found = self._writer.add(documents, self._start.seq)
        if self._indexes.due(self._state):
            self._note(self.position())
        return found

    def commit(self) -> None:
        """Make visible what was added, in few segments."""
        self._writer.refresh()
        self._connection.ask(
            lambda es: es.indices.forcemerge(index=self.name, max_num_segments=SEGMENTS), seconds=MERGING
        )
        self._note(self.position())

    def apply(self, changes: Sequence[Change], upto: Position) -> list[Refused]:
        """Replay what changed since the build began."""
        found = self._writer.replace(changes)
        self._note(upto)
        return found

    def position(self) -> Position:
        """Up to which entry the build is."""
        if self._state.position is None:
            raise AssertionError("a build begins with a position")
        return self._state.position

    def reader(self) -> Engine:
        """An engine that reads this index."""
        return self._look(self.name)

    def publish(self, ready: Callable[[], None]) -> None:
        """Point at this build; the one before stays as the last one, older ones go."""
        self._connection.ask(lambda es: es.indices.put_settings(index=self.name, settings=self._serving))
        ready()
        self._note(self.position(), whole=True)
        self._indexes.point(self.name)
        with suppress(EngineAwayError):  # it serves; the next one may tidy
            self._indexes.tidy()

    def abandon(self) -> None:
        """Remove the index, unless it serves: the answer to the step that published it may have been lost."""
        with suppress(EngineAwayError):  # then it counts as killed in a minute
            self._indexes.discard(self.name)

    def _note(self, position: Position, *, whole: bool = False) -> None:
        self._state = self._indexes.note(self.name, position, whole=whole)
