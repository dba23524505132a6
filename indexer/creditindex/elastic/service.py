"""Elasticsearch as the rest of the project sees it: an ``engine.Engine`` over a cluster."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from creditindex import naming, plan
from creditindex.caching import Cache
from creditindex.elastic import listing
from creditindex.elastic.asking import Asking
from creditindex.elastic.building import FILLING, IndexBuild
from creditindex.elastic.bulk import Pace
from creditindex.elastic.connection import connect
from creditindex.elastic.finding import Finding
from creditindex.elastic.indexes import Indexes, OneIndex
from creditindex.elastic.naming import IndexNames
from creditindex.elastic.writing import Writer
from creditindex.engine import EngineAwayError, EngineError, Health
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from creditindex.elastic.connection import Connection
    from creditindex.elastic.indexes import State
    from creditindex.engine import Change, Position, Refused, Suggestion, Version
    from creditindex.query import NameQuery, Names, Page, Query
    from creditregister.settings import Settings

#: Seconds between two looks at where the alias points and how far that index is.
LOOK = 0.2
#: Seconds of trying in vain after which a change of the live index is given up, to be tried anew by the
#: follower, and after which a build is: a node that starts again should not cost an hour's work.
LIVE, BUILD = 5.0, 300.0


class ElasticEngine:
    """Reads the index that the alias points at and, in the one process that follows the ledger, writes it.

    ``kinds`` maps the number of a kind to its id, ``settings`` are those of an index that serves. To be made
    after any fork.
    """

    def __init__(
        self,
        connection: Connection,
        indexes: Indexes,
        kinds: Mapping[int, str],
        settings: dict[str, Any],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.indexes = indexes
        self.connection = connection
        self._kinds = kinds
        self._settings = settings
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._state: State | None = None
        self._looked = 0.0
        self._pages: Cache[Page] = Cache()
        self._names: Cache[Names] = Cache()

    def find(self, query: Query) -> Page:
        """Records that match."""
        state = self._newest()
        key = (state.name, state.position, query)
        kept = self._pages.get(key)
        if kept is None:
            began = time.perf_counter()
            kept = Finding(self._asking(state), self._kinds, query).page(plan.read(query.text))
            self._pages.put(key, kept, time.perf_counter() - began)
        return kept

    def names(self, query: NameQuery) -> Names:
        """Subjects by name."""
        state = self._newest()
        key = (state.name, state.position, query)
        kept = self._names.get(key)
        if kept is None:
            began = time.perf_counter()
            kept = naming.names(IndexNames(self._asking(state), query.today), query)
            self._names.put(key, kept, time.perf_counter() - began)
        return kept

    def suggest(self, prefix: str, limit: int, today: date) -> list[Suggestion]:
        """Names to complete what is being typed."""
        return naming.suggest(IndexNames(self._asking(self._newest()), today), prefix, limit)

    def apply(
        self, changes: Sequence[Change], upto: Position, may_commit: Callable[[], None] | None = None
    ) -> list[Refused]:
        """Change the index that is read, make that visible, then write its position down."""
        name = self.indexes.current().name  # as of now: it may be another one since the last change
        if may_commit is not None:
            may_commit()
        writer = Writer(self.connection, name, Pace(LIVE, self._clock, self._sleep))
        found = writer.replace(changes)
        self._keep(self.indexes.note(name, upto, whole=True))
        return found

    def build(self, start: Position) -> IndexBuild:
        """Begin a new build aside."""
        when = time.strftime("%Y%m%d%H%M%S", time.gmtime())
        return IndexBuild(
            self.connection,
            self.indexes,
            self.indexes.create(when, start, {**self._settings, **FILLING}),
            self._looking_at,
            serving={name: self._settings.get(name) for name in FILLING},
            pace=Pace(BUILD, self._clock, self._sleep),
        )

    def position(self) -> Position | None:
        """The position of the current build, as of at most 200 ms ago."""
        return self._newest().position

    def health(self) -> Health:
        """Whether there is an index to answer from, and what it holds."""
        try:
            state = self._newest(look=True)
            asking = self._asking(state)
            records, names = listing.records(asking), listing.names(asking)
            sizes = self.connection.ask(
                lambda es: es.indices.stats(index=state.name, metric=["store", "segments"]).body["_all"][
                    "total"
                ]
            )
        except EngineError as error:
            return Health(ready=False, reason=str(error))
        return Health(
            ready=True,
            position=state.position,
            generation=state.name,
            records=records,
            names=names,
            segments=int(sizes["segments"]["count"]),
            size=int(sizes["store"]["size_in_bytes"]),
        )

    def versions(self, after: int, limit: int) -> list[Version]:
        """What it holds of the records above a number."""
        return listing.versions(self._asking(self._newest()), after, limit)

    def named_subjects(self, subjects: Sequence[int]) -> dict[int, int]:
        """How many names of each of these subjects it holds."""
        return listing.named(self._asking(self._newest()), subjects)

    def tidy(self) -> list[str]:
        """Remove what killed builds left behind."""
        try:
            return self.indexes.tidy()
        except EngineAwayError:
            return []  # the follower begins although the cluster is away

    def close(self) -> None:
        """Nothing is held that another process waits for."""

    def _newest(self, *, look: bool = False) -> State:
        """The build that is read, as of at most 200 ms ago, or of now where ``look`` asks for it.

        Raises:
            EngineAwayError: there is no index of our format, or nobody answers.
        """
        now = self._clock()
        state = self._state
        if state is None or look or now - self._looked >= LOOK:
            state = self._keep(self.indexes.current())
        return state

    def _keep(self, state: State) -> State:
        with self._lock:
            self._state, self._looked = state, self._clock()
        return state

    def _asking(self, state: State) -> Asking:
        return Asking(self.connection, state.name)

    def _looking_at(self, name: str) -> ElasticEngine:
        indexes = OneIndex(self.connection, name)
        return ElasticEngine(self.connection, indexes, self._kinds, self._settings, clock=self._clock)


def opened(settings: Settings, kinds: Mapping[int, str]) -> ElasticEngine:
    """The engine over the cluster that the settings name; nothing is sent yet.

    Raises:
        EngineError: an address, a key or a settings file that cannot be used.
    """
    connection = connect(settings)
    indexes = Indexes(connection, settings.elasticsearch.prefix, time.time)
    return ElasticEngine(connection, indexes, kinds, index_settings(settings))


def index_settings(settings: Settings) -> dict[str, Any]:
    """The settings of an index that serves, from the operator's file or the shipped one.

    Raises:
        EngineError: the file cannot be read, or holds no JSON object.
    """
    named = settings.elasticsearch.index_file
    path = Path(named) if named else shipped("config") / "elasticsearch.json"
    try:
        found = orjson.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise EngineError(f"The settings of an index cannot be read from {path}: {error}") from error
    if not isinstance(found, dict):
        raise EngineError(f"{path} must hold one JSON object with settings of an index.")
    return found
