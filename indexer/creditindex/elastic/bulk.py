"""Many documents in few requests, as fast as the cluster takes them and no faster (DESIGN 4, Rebuild).

What the cluster is too busy for is sent again after a while that grows, spread by chance; what it will never
take is returned; what a newer change has overtaken is done with. Writes carry their own number, so whatever
is sent twice, late or in another order ends in the same index.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from creditindex.elastic.connection import READ_ONLY, TOO_MANY, UnreachableError, refusal
from creditindex.elastic.indexes import WRITE
from creditindex.engine import EngineAwayError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from creditindex.elastic.connection import Connection
    from creditindex.engine import Written

#: Bytes, and documents, of one request; more gains nothing and holds more memory on both sides.
BYTES = 4_000_000
DOCUMENTS = 500
#: Seconds before the first repetition, and at most between two.
FIRST, LONGEST = 0.1, 10.0
#: Seconds to wait for the answer to one request.
ANSWER = 30.0
BAD_REQUEST, CONFLICT, UNAVAILABLE = 400, 409, 503


class Operation(NamedTuple):
    """One write: a document, or a tombstone without one; the higher number wins."""

    id: str
    seq: int
    body: bytes
    document: Written | None


class Rejected(NamedTuple):
    """What the cluster will never take, and its word for why."""

    operation: Operation
    reason: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a writer is: seconds of trying in vain after which it gives up, and the ways to wait."""

    patience: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def wait(self, attempt: int) -> float:
        """Seconds before the next attempt, anywhere from half of it to one and a half."""
        return min(FIRST * 2.0 ** min(attempt, 20), LONGEST) * (0.5 + self.chance())


def chunks(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Operations in the portions of one request."""
    part: list[Operation] = []
    size = 0
    for operation in operations:
        if part and (len(part) >= DOCUMENTS or size + len(operation.body) > BYTES):
            yield part
            part, size = [], 0
        part.append(operation)
        size += len(operation.body)
    if part:
        yield part


def send(connection: Connection, index: str, operations: Sequence[Operation], pace: Pace) -> list[Rejected]:
    """Write one portion, all of it; returned is what the cluster will never take.

    Raises:
        EngineAwayError: the cluster took nothing for as long as the pace allows.
    """
    rejected: list[Rejected] = []
    pending, attempt, deadline = list(operations), 0, pace.clock() + pace.patience
    while pending:
        busy = ""
        try:
            answer = _request(connection, index, pending)
        except UnreachableError as error:
            busy = str(error)
        else:
            again, never = _sorted(pending, answer)
            rejected += never
            if len(again) < len(pending):
                attempt, deadline = 0, pace.clock() + pace.patience
            pending = again
        if pending:
            if pace.clock() >= deadline:
                raise EngineAwayError(busy or "Elasticsearch is too busy to take what is written.")
            pace.sleep(pace.wait(attempt))
            attempt += 1
    return rejected


def _request(connection: Connection, index: str, operations: Sequence[Operation]) -> list[dict[str, Any]]:
    lines: list[Any] = []
    for operation in operations:
        about = {"_id": operation.id, "version": operation.seq, "version_type": "external_gte"}
        lines += (orjson.dumps({"index": about}), operation.body)
    answer = connection.ask(
        lambda es: (
            es.bulk(
                index=index + WRITE,
                operations=lines,
                require_alias=True,
                filter_path=("items.*.status", "items.*.error"),
            ).body
        ),
        seconds=ANSWER,
    )
    items = [item["index"] for item in answer.get("items", ())]
    if len(items) != len(operations):
        raise UnreachableError("Elasticsearch answered for other writes than were sent.")
    return items


def _sorted(
    operations: Sequence[Operation], answer: Sequence[dict[str, Any]]
) -> tuple[list[Operation], list[Rejected]]:
    """What is to be sent again, and what never.

    Raises:
        EngineAwayError: the index is gone, or read-only.
    """
    again, never = [], []
    for operation, item in zip(operations, answer, strict=True):
        status, kind = int(item["status"]), str(item.get("error", {}).get("type", ""))
        if status < BAD_REQUEST or status == CONFLICT:
            continue
        if status in {TOO_MANY, UNAVAILABLE} and kind != READ_ONLY:
            again.append(operation)
        elif status == BAD_REQUEST:
            never.append(Rejected(operation, kind))
        else:
            raise refusal(status, kind)
    return again, never
