"""A new index from the register, aside, while the old one goes on answering (DESIGN 4, Rebuild).

It reads the register in id ranges of short reads, replays the ledger from where it began, counts, asks a
sample of known questions, and only then lets ``current`` point at it. Killed at any step, the old one
serves, and what was half made goes with the next ``tidy``.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from creditindex import changes
from creditindex.aside import Aside
from creditindex.documents import record_key
from creditindex.engine import EngineAwayError, EngineError, Position
from creditindex.follow import SWAP
from creditindex.making import Maker, Makers, Range
from creditindex.opening import Standing, aside_file, position_of, standing
from creditindex.query import TEXT, Query
from creditregister import leases, ledger, records, subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from sqlalchemy import Connection

    from creditindex.documents import Documents
    from creditindex.engine import Build, Engine, Refused
    from creditindex.making import Made
    from creditregister.leases import Lease
    from creditregister.opening import Register

LEASE = "build"
LEASE_MS = 60_000
SWAP_MS = 15_000
RENEW_MS = 20_000
#: Numbers of records, and of subjects, of one short read.
RANGE = 2_000
SUBJECTS = 1_000
#: From so many ranges on other processes are worth their start, which is some seconds of work.
MANY = 50
#: Entries of one replayed batch.
REPLAY = 5_000
#: Known questions that are asked at most.
SAMPLES = 40
#: The stage that must answer for what a record is known by; a name may look like a number.
STAGES = {"code": ("identifier",), "number": ("identifier", "name"), "name": ("identifier", "name")}


class RebuildError(EngineError):
    """The new index is not what the register says; the old one goes on serving."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a rebuild made: the build's name, what it holds, and how long each part took in seconds."""

    name: str
    records: int
    subjects: int
    aside: int
    replayed: int
    seconds: float
    adding: float


class Rebuild:
    """One rebuild."""

    def __init__(
        self,
        register: Register,
        engine: Engine,
        documents: Documents,
        *,
        processes: int = 1,
        progress: Callable[[int], None] | None = None,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._register = register
        self._engine = engine
        self._documents = documents
        self._processes = processes
        self._progress = progress or (lambda _count: None)
        self._timer = timer
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._lease: Lease | None = None
        self._swap: Lease | None = None
        self._renewed = 0
        self._aside: dict[str, Aside] = {}
        self._samples: list[tuple[int, str]] = []
        self._counted = {"records": 0, "subjects": 0, "replayed": 0}

    def run(self) -> Report:
        """Build, check and publish.

        Raises:
            RebuildError: another rebuild is running, or the checks fail.
        """
        began = self._timer()
        self._renew()
        try:
            self._engine.tidy()
            build = self._begin()
            adding = self._make(build) - began
        finally:
            self._give_back()
        aside_file(self._register.settings).replace(self._aside.values())
        seconds = self._timer() - began
        return Report(build.name, aside=len(self._aside), seconds=seconds, adding=adding, **self._counted)

    def _make(self, build: Build) -> float:
        """Fill, check and publish a build, or abandon it; the time when it was filled."""
        try:
            self._fill(build)
            filled = self._timer()
            self._catch_up(build)
            self._ask_samples(build)
            build.publish(lambda: self._replay_rest(build))
        except BaseException:
            build.abandon()
            raise
        return filled

    def _begin(self) -> Build:
        with self._register.store.read() as connection:
            head = ledger.head(connection)
        return self._engine.build(Position(head.origin, head.seq, head.hash.hex()))

    def _fill(self, build: Build) -> None:
        """Add all records and all names, range by range."""
        with self._register.store.read() as connection:
            records_up_to, subjects_up_to = records.last_number(connection), subjects.last_id(connection)
        ranges = [*_ranges(records_up_to, RANGE, names=False), *_ranges(subjects_up_to, SUBJECTS, names=True)]
        with closing(self._made(build, ranges)) as parts:
            for made in parts:
                self._add(build, made)
                self._renew()
        build.commit()

    def _add(self, build: Build, made: Made) -> None:
        refused = build.add(made.written)
        self._set_aside((*made.refused, *refused))
        if made.range.names:
            self._counted["subjects"] += made.count
            return
        self._counted["records"] += len(made.written) - len(refused)
        self._samples += made.samples[: SAMPLES - len(self._samples)]
        self._progress(made.count)

    def _made(self, build: Build, ranges: list[Range]) -> Generator[Made]:
        """The documents of all ranges; where there are many, other processes make them."""
        if self._processes < 2 or len(ranges) < MANY:  # noqa: PLR2004 -- one process is this one
            maker = Maker(self._register.store, self._documents, build.write)
            yield from map(maker.make, ranges)
            return
        with Makers(self._register.settings, build.write, self._processes) as makers:
            yield from makers.make(ranges)

    def _set_aside(self, refused: Iterable[Refused]) -> None:
        now = self._register.clock.now()
        self._aside.update({each.key: Aside(each.key, each.version, each.reason, now) for each in refused})

    def _catch_up(self, build: Build) -> None:
        """Replay what changed meanwhile; then count index and register at one and the same moment."""
        while True:
            # To count ten million records may take longer than a page is given.
            with self._register.store.snapshot() as connection:
                if self._replay(connection, build):
                    self._renew()
                    continue
                lacking = sum(key.startswith(record_key("")) for key in self._aside)
                expected = records.count_public(connection) - lacking
            held = build.reader().health()
            if not held.ready:
                raise EngineAwayError(held.reason)
            if held.records != expected:
                raise RebuildError(
                    f"The new index holds {held.records} records, the register shows {expected}."
                )
            return

    def _replay_rest(self, build: Build) -> None:
        """The last entries, while nobody else may commit: the new index must not be behind the old one."""
        self._renew()
        now = self._register.clock.now()
        self._swap = leases.take(self._register.store, SWAP, self._holder, now, SWAP_MS)
        with self._register.store.read() as connection:
            while self._replay(connection, build):
                pass
            if self._lease is None or not leases.holds(connection, self._lease):
                raise RebuildError("Another rebuild has taken over; this one is thrown away.")
            serving, made = position_of(self._engine), build.position()
            ours = standing(connection, serving) in (Standing.CURRENT, Standing.BEHIND)
        if serving and ours and serving.seq > made.seq:
            raise RebuildError(f"The new index ends at {made.seq}, the one that serves at {serving.seq}.")

    def _replay(self, connection: Connection, build: Build) -> bool:
        """Apply one batch of what the ledger has after the build's position; whether there was anything."""
        entries = ledger.after(connection, build.position().seq, REPLAY)
        if not entries:
            return False
        now = self._register.clock.now()
        gathered = changes.of_entries(connection, entries, self._documents, now)
        before = build.position()
        upto = Position(before.origin, entries[-1].seq, entries[-1].hash.hex())
        refused = changes.commit(build.apply, gathered.changes, before, upto, now)
        for change in gathered.changes:
            self._aside.pop(change.key, None)
        self._aside.update({each.key: each for each in (*gathered.aside, *refused)})
        self._counted["replayed"] += len(entries)
        return True

    def _ask_samples(self, build: Build) -> None:
        """Ask for what is known to be there: by code or number, and by name."""
        today = self._register.clock.today()
        reader = build.reader()
        with self._register.store.read() as connection:
            held = [public_id for n, public_id in self._samples if record_key(n) not in self._aside]
            known = records.by_ids(connection, held, today)
        for sample in known.values():
            document = sample.document
            for name in ("code", "number", "name"):
                question = str(document[name])[:TEXT]
                page = reader.find(Query(question, today))
                if question and page.stage not in STAGES[name] and page.understood.value != "identity":
                    raise RebuildError(
                        f"The new index does not find record {sample.n} by what it is known by."
                    )

    def _renew(self) -> None:
        """Take the lease, or renew it where it is time.

        Raises:
            RebuildError: another rebuild holds it.
        """
        now = self._register.clock.now()
        if self._lease is not None and now - self._renewed < RENEW_MS:
            return
        self._lease = leases.take(self._register.store, LEASE, self._holder, now, LEASE_MS)
        self._renewed = now
        if self._lease is None:
            raise RebuildError("Another rebuild is running; wait until it is done.")

    def _give_back(self) -> None:
        for lease in (self._swap, self._lease):
            if lease is not None:
                leases.release(self._register.store, lease)


def _ranges(up_to: int, size: int, *, names: bool) -> Iterator[Range]:
    for after in range(0, up_to, size):
        yield Range(names, after, min(after + size, up_to))
