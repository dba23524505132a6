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
from creditindex.engine import Position
from creditindex.opening import Standing, aside_file, position_of, standing
from creditregister import leases, ledger
from creditregister.errors import CreditError
from creditregister.schema import ledger as table

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    from creditindex.aside import Aside
    from creditindex.documents import Documents
    from creditindex.engine import Change, Engine
    from creditregister.leases import Lease
    from creditregister.ledger import Entry
    from creditregister.opening import Register

LEASE = "follower"
#: Milliseconds a lease lasts, and after which it is renewed.
LEASE_MS = 15_000
RENEW_MS = 5_000
#: Seconds between two looks at a ledger that has not grown, and after an error.
REST = 0.1
REST_AFTER_ERROR = 1.0
#: Entries of one commit: as many as fit its time, within these bounds.
FEWEST, MOST = 100, 5_000
#: Everything but a publication goes first: it takes something back or puts it right.
LATER = "publish"

log = logging.getLogger(__name__)


class FencedError(CreditError):
    """Another follower holds the lease; nothing was committed."""


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
        self._batch = 1_000
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
        began = self._timer()
        with self._register.store.read() as connection:
            state = standing(connection, position)
            if position is None or state is not Standing.BEHIND:
                return Step(standing=state)
            head = ledger.head(connection)
            entries = ledger.after(connection, position.seq, self._batch)
            urgent = self._urgent(connection, entries[-1].seq, head.seq)
            now = self._register.clock.now()
            gathered = changes.of_entries(connection, [*urgent, *entries], self._documents, now)
        upto = Position(position.origin, entries[-1].seq, entries[-1].hash.hex())
        aside = changes.commit(self._apply, gathered.changes, position, upto, now)
        self._overtaken = max(self._overtaken, urgent[-1].seq if urgent else 0)
        self._note(gathered, aside)
        self._fit(len(entries), self._timer() - began)
        behind = head.seq - upto.seq
        return Step(len(entries), behind, Standing.BEHIND if behind else Standing.CURRENT)

    def close(self) -> None:
        """Give lease and writer back."""
        if self._lease is not None:
            leases.release(self._register.store, self._lease)
            self._lease = None
        self._engine.close()

    def _leading(self) -> Lease | None:
        """The lease, taken or renewed where it is time."""
        now = self._register.clock.now()
        if self._lease is None or now - self._renewed >= RENEW_MS:
            self._lease = leases.take(self._register.store, LEASE, self._holder, now, LEASE_MS)
            self._renewed = now
            if self._lease is None:
                self._engine.close()  # the writer belongs to whoever leads
        return self._lease

    def _urgent(self, connection: Connection, after: int, upto: int) -> list[Entry]:
        """What must not wait behind a backlog of publications: each such entry once, at most one batch."""
        if upto <= after:
            return []
        columns = [table.c[name] for name in ledger.COLUMNS]
        query = select(*columns).where(table.c.seq > max(after, self._overtaken), table.c.action != LATER)
        found = connection.execute(query.order_by(table.c.seq).limit(self._batch))
        return [ledger.Entry(*row) for row in found]

    def _apply(self, wanted: Sequence[Change], upto: Position) -> None:
        self._engine.apply(wanted, upto, self._may_commit)

    def _may_commit(self) -> None:
        with self._register.store.read() as connection:
            held = self._lease is not None and leases.holds(connection, self._lease)
        if not held:
            self._lease = None
            raise FencedError("Another follower has taken over.")

    def _note(self, gathered: changes.Gathered, refused: Sequence[Aside]) -> None:
        """Write down what was set aside; what could be indexed now is settled."""
        aside = [*gathered.aside, *refused]
        for each in aside:
            log.error("%s, version %d, is set aside: %s", each.key, each.version, each.reason)
        self._aside.update(aside, {change.key for change in gathered.changes})

    def _fit(self, entries: int, seconds: float) -> None:
        """Let the next batch take the time that a commit may take."""
        if entries == self._batch or seconds * 1000 > self._register.settings.index.commit_ms:
            wanted = entries * self._register.settings.index.commit_ms / max(seconds * 1000, 1)
            self._batch = int(min(max(wanted, FEWEST), MOST))
