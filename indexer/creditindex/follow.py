"""The follower: brings every change of what is public into the index, within a second (DESIGN 4, Follow).

One follower at a time, by a lease whose epoch is looked at again before each commit. It reads the ledger
after the position of the index and commits data and position together, so a kill at any moment repeats a
little and loses nothing. Withdrawals, corrections and marks overtake the backlog of a bulk load.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from creditindex import changes
from creditindex.changes import Gathered
from creditindex.engine import Position
from creditindex.opening import Standing, aside_file, position_of, standing
from creditregister import leases, ledger
from creditregister.errors import CreditError
from creditregister.schema import ledger as table

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from creditindex.documents import Documents
    from creditindex.engine import Change, Engine, Refused
    from creditregister.leases import Lease
    from creditregister.ledger import Entry
    from creditregister.opening import Register

LEASE = "follower"
#: Held by a rebuild for the moment in which its index takes the place of the old one: meanwhile nothing is
#: committed, or the old one would know what the new one does not.
SWAP = "swap"
#: Milliseconds a lease lasts, and after which it is renewed.
LEASE_MS = 15_000
RENEW_MS = 5_000
#: Milliseconds between two attempts to get it from another process.
TRY_MS = 1_000
#: Seconds between two looks at a ledger that has not grown, and after an error.
REST = 0.1
REST_AFTER_ERROR = 1.0
#: Entries that are read together; a commit takes as many such parts as can be gathered in its time.
PART = 500
#: Everything but a publication goes first: it takes something back or puts it right.
LATER = "publish"

log = logging.getLogger(__name__)


class FencedError(CreditError):
    """Another follower holds the lease; nothing was committed."""


class SwappingError(CreditError):
    """A new index is just taking the place of the old one; nothing was committed."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did: entries applied, entries still to come, and how the index stands to the ledger.

    ``leading`` is false while another process follows.
    """

    applied: int = 0
    behind: int = 0
    standing: Standing = Standing.CURRENT
    leading: bool = True


class Follower:
    """Follows the ledger of one register with one engine."""

    def __init__(
        self,
        register: Register,
        engine: Engine,
        documents: Documents,
        *,
        holder: str = "",
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._register = register
        self._engine = engine
        self._documents = documents
        self._aside = aside_file(register.settings)
        self._holder = holder or f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._timer = timer
        self._lease: Lease | None = None
        self._renewed = 0
        self._overtaken = 0

    def run(self, stop: threading.Event) -> None:
        """Follow until ``stop`` is set; an error is logged and tried again, whatever it was."""
        self._engine.tidy()
        said = ""
        while not stop.is_set():
            try:
                step = self.step()
                rest = 0.0 if step.behind and step.leading and step.applied else REST
                state = "" if step.standing in (Standing.CURRENT, Standing.BEHIND) else str(step.standing)
            except Exception as error:  # noqa: BLE001 -- the follower outlives a full disk or a lost database
                rest, state = REST_AFTER_ERROR, f"{type(error).__name__}: {error}"
                self._overtaken = 0  # what was about to overtake may not have been committed
            if state and state != said:
                log.error("The index does not follow the ledger: %s", state)
            said = state
            stop.wait(rest)
        self.close()

    def step(self) -> Step:
        """Apply one batch.

        Raises:
            FencedError: another follower took over before the commit.
            EngineError: the index cannot be written.
        """
        lease = self._leading()
        if lease is None:
            return Step(leading=False)
        position = position_of(self._engine)
        with self._register.store.read() as connection:
            state = standing(connection, position)
            if position is None or state is not Standing.BEHIND:
                return Step(standing=state)
            urgent = self._urgent(connection, position.seq + PART)
        try:
            return self._apply_after(position, urgent)
        except SwappingError:
            self._overtaken = 0
            return Step(standing=state)

    def _apply_after(self, position: Position, urgent: Gathered) -> Step:
        """Commit what must not wait, then the batch after a position."""
        if urgent:
            self._commit(urgent, position, position)
        with self._register.store.read() as connection:
            upto, gathered = self._gather(connection, position)
        with self._register.store.read() as connection:  # what was withdrawn while this was gathered
            gathered += self._urgent(connection, upto.seq)
            behind = ledger.head(connection).seq - upto.seq
        self._commit(gathered, position, upto)
        state = Standing.BEHIND if behind else Standing.CURRENT
        return Step(upto.seq - position.seq, behind, state)

    def close(self) -> None:
        """Give lease and writer back."""
        if self._lease is not None:
            leases.release(self._register.store, self._lease)
            self._lease = None
        self._engine.close()

    def _leading(self) -> Lease | None:
        """The lease, taken or renewed where it is time."""
        now = self._register.clock.now()
        if now - self._renewed >= (TRY_MS if self._lease is None else RENEW_MS):
            self._lease = leases.take(self._register.store, LEASE, self._holder, now, LEASE_MS)
            self._renewed = now
            if self._lease is None:
                self._engine.close()  # the writer belongs to whoever leads
        return self._lease

    def _urgent(self, connection: Connection, after: int) -> Gathered:
        """What must not wait behind a backlog of publications; each such entry is looked at once."""
        after, upto = max(after, self._overtaken), ledger.head(connection).seq
        if upto <= after:
            return Gathered()
        columns = [table.c[name] for name in ledger.COLUMNS]
        query = select(*columns).where(table.c.seq > after, table.c.action != LATER)
        found = [ledger.Entry(*row) for row in connection.execute(query.order_by(table.c.seq).limit(PART))]
        self._overtaken = found[-1].seq if len(found) == PART else upto
        return self._gathered(connection, found) if found else Gathered()

    def _gather(self, connection: Connection, start: Position) -> tuple[Position, Gathered]:
        """The entries after ``start``, as many as can be made changes of in the time of one commit."""
        until = self._timer() + self._register.settings.index.commit_ms / 1000
        gathered, upto = Gathered(), start
        while entries := ledger.after(connection, upto.seq, PART):
            gathered += self._gathered(connection, entries)
            upto = Position(start.origin, entries[-1].seq, entries[-1].hash.hex())
            if len(entries) < PART or self._timer() >= until:
                break
        return upto, gathered

    def _gathered(self, connection: Connection, entries: Sequence[Entry]) -> Gathered:
        return changes.of_entries(connection, entries, self._documents, self._register.clock.now())

    def _commit(self, gathered: Gathered, before: Position, upto: Position) -> None:
        """Commit, and write down what was set aside; what could be indexed now is settled."""
        now = self._register.clock.now()
        aside = [*gathered.aside, *changes.commit(self._apply, gathered.changes, before, upto, now)]
        for each in aside:
            log.error("%s, version %d, is set aside: %s", each.key, each.version, each.reason)
        self._aside.update(aside, {change.key for change in gathered.changes})

    def _apply(self, wanted: Sequence[Change], upto: Position) -> list[Refused]:
        return self._engine.apply(wanted, upto, self._may_commit)

    def _may_commit(self) -> None:
        with self._register.store.read() as connection:
            held = self._lease is not None and leases.holds(connection, self._lease)
            swapping = leases.held(connection, SWAP, self._register.clock.now())
        if swapping:
            raise SwappingError("A new index is taking the place of this one.")
        if not held:
            self._lease = None
            raise FencedError("Another follower has taken over.")
