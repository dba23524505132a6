"""Changing one index: documents with the number of their change, and tombstones (DESIGN 4, Follow).

Nothing is read before it is written: whatever a change brings is written under ids that follow from its
key, and the cluster keeps the one with the higher number.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from creditindex.documents import subject_key
from creditindex.elastic import bulk, schema, translate
from creditindex.elastic.bulk import Operation
from creditindex.engine import EngineError, not_held, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from creditindex.elastic.bulk import Pace, Rejected
    from creditindex.elastic.connection import Connection
    from creditindex.elastic.translate import Query
    from creditindex.engine import Change, Refused, Written

#: Seconds for a refresh.
REFRESH = 30.0
#: Names beyond the places that are always written, of all subjects of one batch; hardly one has any.
FURTHER = 10_000


class Writer:
    """Writes one index, with so many requests at a time."""

    def __init__(self, connection: Connection, index: str, pace: Pace, requests: int = 1) -> None:
        self._connection = connection
        self._index = index
        self._pace = pace
        self._requests = requests

    def add(self, documents: Iterable[Written], seq: int) -> list[Refused]:
        """Add documents of which nothing stands yet; returned is what the index cannot hold."""
        found: list[Refused] = []
        self._write((_operation(each, seq) for each in documents), found)
        return found

    def replace(self, changes: Sequence[Change]) -> list[Refused]:
        """Put what changes bring into the place of what stood there, and make it visible.

        What a newer change has written stays. Where a document cannot be held, nothing stands under its key.
        """
        newest = {change.key: change for change in sorted(changes, key=lambda change: change.seq)}
        places = self._places(list(newest))
        found: list[Refused] = []
        operations = (
            each for key, change in newest.items() for each in _replaced(change, places[key], found)
        )
        self._write(operations, found)
        # Where the cluster itself refused one document, others of its key were written, or an older one
        # stands.
        again = dict.fromkeys(each.key for each in found)
        self._write((each for key in again for each in _tombstones(key, newest[key].seq, places[key])), found)
        if changes:
            self.refresh()
        return found

    def refresh(self) -> None:
        """Make what was written visible."""
        self._connection.ask(lambda es: es.indices.refresh(index=self._index), seconds=REFRESH)

    def _places(self, keys: Sequence[str]) -> Mapping[str, int]:
        """How many places are to be written under each key: those of a change, and any further name's."""
        places = {key: schema.slots(key) for key in keys}
        subjects = [schema.subject_of(key) for key in keys if places[key] > 1]
        if not subjects:
            return places
        further: list[Query] = [{"terms": {"subject": subjects}}, translate.above("slot", schema.SLOTS - 1)]
        answer = self._connection.ask(
            lambda es: (
                es.search(
                    index=self._index,
                    query=translate.every(further),
                    size=FURTHER,
                    docvalue_fields=[{"field": "subject"}, {"field": "slot"}],
                    allow_partial_search_results=False,
                ).body
            ),
            seconds=REFRESH,
        )
        for hit in answer["hits"]["hits"]:
            key = subject_key(hit["fields"]["subject"][0])
            places[key] = max(places[key], hit["fields"]["slot"][0] + 1)
        return places

    def _write(self, operations: Iterable[Operation], found: list[Refused]) -> None:
        """Send everything, a few requests at a time; what the cluster will never take goes to ``found``."""
        with ThreadPoolExecutor(self._requests) as pool:
            underway: deque[Future[list[Rejected]]] = deque()
            for part in bulk.chunks(operations):
                if len(underway) == self._requests:
                    _settle(underway.popleft().result(), found)
                underway.append(pool.submit(bulk.send, self._connection, self._index, part, self._pace))
            while underway:
                _settle(underway.popleft().result(), found)


def _settle(rejected: Iterable[Rejected], found: list[Refused]) -> None:
    """Note documents that were refused.

    Raises:
        EngineError: a tombstone was: what takes something away is never set aside.
    """
    for operation, reason in rejected:
        if operation.document is None:
            raise EngineError(f"Elasticsearch does not take the removal of {operation.id} ({reason}).")
        found.append(not_held(operation.document.key, operation.document.version, reason))


def _operation(document: Written, seq: int) -> Operation:
    return Operation(schema.id_of(document.key, document.slot), seq, document.body, document)


def _replaced(change: Change, places: int, found: list[Refused]) -> Iterator[Operation]:
    """Writes of all documents of a change, or of none, and tombstones in the places that are left."""
    made, refused = written(change.documents, schema.as_json)
    found += refused[:1]
    if refused:
        made = []
    yield from (_operation(each, change.seq) for each in made)
    yield from _tombstones(change.key, change.seq, places, len(made))


def _tombstones(key: str, seq: int, places: int, start: int = 0) -> Iterator[Operation]:
    for slot in range(start, places):
        yield Operation(schema.id_of(key, slot), seq, schema.TOMBSTONE, None)
