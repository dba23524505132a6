"""One delivery 报送批次 of a source unit: opened, taken in chunk by chunk, closed with its counts (DESIGN 3).

Each chunk is one transaction, so a load that is killed at any moment is completed by the next run of the same
file: what is stored already comes out as unchanged.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, insert, update

from creditregister import holding, units, waiting, wholeness
from creditregister.batches import Batch
from creditregister.clock import midnight
from creditregister.intake import Chunk
from creditregister.matching import Matcher
from creditregister.publication import LeakError, patiently
from creditregister.publicity import Moment
from creditregister.schema import batch as batch_table
from creditregister.schema import row_problem
from creditregister.schema import unit as unit_table
from creditregister.store import Turn, insert_many

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from creditregister.clock import Clock
    from creditregister.delivered import Delivered, Problem, Result
    from creditregister.keys import Keys
    from creditregister.publicity import Law
    from creditregister.settings import Settings
    from creditregister.store import Store
    from creditregister.units import Unit

__all__ = ["LeakError", "Writer"]

PROBLEM = ("batch_id", "row", "outcome", "field", "code", "message", "key_id", "sealed", "at")
#: Warnings of one kind that a batch keeps; the summary counts all of them.
WARNINGS_KEPT = 200


class _DryRun(Exception):  # noqa: N818 -- not an error: it rolls a rehearsal back
    """Ends the transaction of a dry run."""


class Writer:
    """Takes the rows of deliveries in, chunk by chunk; one in a process."""

    def __init__(self, store: Store, keys: Keys, clock: Clock, settings: Settings, law: Law) -> None:
        self._store = store
        self._keys = keys
        self._clock = clock
        self._settings = settings
        self._law = law
        self._matcher = Matcher()

    def open(
        self,
        unit: Unit,
        kind: str,
        file: str,
        file_hash: bytes,
        options: str,
        *,
        dry: bool = False,
        received: date | None = None,
        full: bool = False,
        by: int | None = None,
    ) -> Batch:
        """Begin a delivery; ``file_hash`` is the SHA-256 of its bytes and is stored keyed.

        ``received`` is the day on which the unit handed the file over, by default this moment: up to then the
        time is the unit's, from then on the site's (DOMAIN 1.9). ``full``: it is the whole list of this unit
        and kind; ``by``: the account of who delivers.
        """
        now = self._clock.now()
        with self._store.read() as connection:
            public = wholeness.count_public(connection, unit.id, kind)
            below = units.below(connection, unit.id)
            source = units.is_among(connection, unit, self._settings.subjects.name_sources)
        seen = wholeness.Seen() if full else None
        new = 0
        if not dry:
            more = {
                "options": options,
                "received_at": midnight(received) if received else now,
                "full": int(full),
                "by_id": by,
            }
            with self._store.write(Turn.BULK) as connection:
                new = begin(connection, self._keys, (unit, kind), (file, file_hash), now, **more)
        return Batch(
            new, unit, kind, f"unit {unit.id}", below=below, public=public, seen=seen, names_subjects=source
        )

    def write(
        self, batch: Batch, rows: Sequence[Delivered], problems: Sequence[Problem] = ()
    ) -> list[Result]:
        """Take one chunk in: all of it or, if anything fails, nothing.

        ``problems`` are rows that were refused or held before they came here; they are kept with the batch.
        """
        return patiently(lambda: self._attempt(batch, rows, problems))

    def _attempt(self, batch: Batch, rows: Sequence[Delivered], problems: Sequence[Problem]) -> list[Result]:
        now = self._clock.now()
        with self._transaction(batch) as connection:
            if batch.unit.id == 0:
                # A rehearsal for a unit that only the real load would register; it goes with the rest.
                values = {"id": 0, "name": batch.unit.name, "confirmed": 0, "created_at": now}
                connection.execute(insert(unit_table).values(**values))
            moment = Moment(now, self._clock.today(), self._law)
            chunk = Chunk(connection, self._keys, self._matcher, batch, moment)
            results = holding.hold(connection, self._keys, batch, chunk.take_in(rows), now)
            chunk.queue()
            found = [*problems, *(problem for result in results for problem in result.problems)]
            keep_problems(connection, self._keys, batch, found, now)
        # Only now is it sure that these rows stand in the queue.
        batch.queued |= {order.n: digest for order, digest in chunk.orders.values()}
        return results

    def close(self, batch: Batch, counts: dict[str, Any], state: str = "done") -> None:
        """End a delivery with its counts; ``state`` is ``done``, ``waiting`` or ``failed``."""
        if batch.dry:
            return
        values = {"counts": orjson.dumps(counts).decode(), "state": state, "finished_at": self._clock.now()}
        with self._store.write(Turn.BULK) as connection:
            mine = update(batch_table).where(batch_table.c.id == batch.id)
            if state == "failed":
                # What was approved already is not lost with the process that failed over it.
                mine = mine.where(batch_table.c.state == "running")
            if connection.execute(mine.values(**values)).rowcount and state == "failed":
                waiting.forget(connection, batch.id)

    @contextmanager
    def _transaction(self, batch: Batch) -> Iterator[Connection]:
        try:
            with self._store.write(Turn.BULK) as connection:
                yield connection
                _end(batch)
        except _DryRun:
            self._matcher.forget()
        except BaseException:
            self._matcher.forget()
            raise


def begin(
    connection: Connection,
    keys: Keys,
    of: tuple[Unit, str],
    file: tuple[str, bytes],
    now: int,
    **more: Any,  # noqa: ANN401 -- further columns of the batch
) -> int:
    """A new batch of a unit and kind, from a file with its SHA-256, which is kept keyed; its number."""
    unit, kind = of
    name, file_hash = file
    values = {
        "unit_id": unit.id,
        "kind": kind,
        "file": name,
        "file_hash": hashlib.sha256(keys.digest("file", file_hash)).digest(),
        "state": "running",
        "received_at": now,
        "started_at": now,
    }
    made = insert(batch_table).values(**(values | more)).returning(batch_table.c.id)
    return int(connection.execute(made).scalar_one())


def _end(batch: Batch) -> None:
    if batch.dry:
        raise _DryRun


def keep_problems(
    connection: Connection, keys: Keys, batch: Batch, problems: Sequence[Problem], now: int
) -> None:
    """Keep what was refused, held and warned; raw values sealed, the first warnings of each sort only."""
    if batch.dry or not problems:
        return
    rows: list[tuple[Any, ...]] = []
    for problem in problems:
        if problem.outcome == "warned" and not _still_kept(batch, problem):
            continue
        raw = _raw(problem) if problem.outcome == "refused" else None
        sealed = keys.seal(raw, f"batch {batch.id} row {problem.row}") if raw else (None, None)
        what = (problem.outcome, problem.field, problem.code, problem.message)
        rows.append((batch.id, problem.row, *what, *sealed, now))
    insert_many(connection, row_problem, PROBLEM, rows)


def _still_kept(batch: Batch, problem: Problem) -> bool:
    sort = (problem.field, problem.code)
    batch.warned[sort] = batch.warned.get(sort, 0) + 1
    return batch.warned[sort] <= WARNINGS_KEPT


def _raw(problem: Problem) -> str | None:
    return orjson.dumps(problem.raw, option=orjson.OPT_SORT_KEYS).decode() if problem.raw else None
