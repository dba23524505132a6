"""The counts of the limits, shared by all workers of a machine: one SQLite file (DEPENDENCIES 3).

``limits`` ships stores for Redis, Valkey, memcached and MongoDB, and a memory store that counts in each
worker by itself, so that four workers let four times the limit through. This store needs no service: an
upsert with ``RETURNING`` is one atomic step, exact over all workers, at some 20 µs.

The file is disposable: ``synchronous=OFF``, and a file that a power cut has damaged is thrown away at the
next start (``prepare``). It also holds the key by which client networks are hashed; the key changes every
30 days and dies with its file, so that no count can be led back to an address for longer.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any

from limits.storage import Storage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: Seconds that a request waits for another worker's count before limits are counted locally.
BUSY_SECONDS = 0.2
#: Hits of one worker between two clearings of counts that have run out.
PRUNE_EVERY = 1000
#: 4 KiB pages: a flood of clients fills 128 MiB, never the disk.
MOST_PAGES = 32_768
#: Seconds for which one key hashes client networks: 30 days.
KEY_SECONDS = 30 * 24 * 3600

_TABLES = (
    """CREATE TABLE IF NOT EXISTS counter
       (key TEXT PRIMARY KEY, count INTEGER NOT NULL, until REAL NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX IF NOT EXISTS counter_until ON counter (until)",
    "CREATE TABLE IF NOT EXISTS client_key (period INTEGER PRIMARY KEY, key BLOB NOT NULL)",
)
_INCREASE = (
    "INSERT INTO counter (key, count, until) VALUES (:key, :amount, :now + :seconds)"
    " ON CONFLICT (key) DO UPDATE SET"
    " count = CASE WHEN until <= :now THEN :amount ELSE count + :amount END,"
    " until = CASE WHEN until <= :now THEN :now + :seconds ELSE until END"
    " RETURNING count"
)


class SqliteCounters(Storage):
    """Fixed windows in one SQLite file; a window begins with its first hit.

    Args:
        path: the file; made when the first count comes, in the worker that counts, never before a fork.
        now: seconds since 1970, passed in by tests.
    """

    STORAGE_SCHEME = ["sqlite"]  # noqa: RUF012 -- the registry of the library reads a list

    def __init__(
        self,
        uri: str | None = None,
        wrap_exceptions: bool = False,  # noqa: FBT001, FBT002 -- the library's own signature
        *,
        path: Path,
        now: Callable[[], float] = time.time,
        **_options: Any,  # noqa: ANN401 -- the library passes what it likes
    ) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._path = path
        self._now = now
        self._local = threading.local()

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """What may go wrong here: the file or its file system."""
        return (sqlite3.Error, OSError)

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count ``amount`` under ``key`` in a window of ``expiry`` seconds; the count after it."""
        connection = self._connection()
        values = {"key": key, "amount": amount, "now": self._now(), "seconds": expiry}
        count = int(connection.execute(_INCREASE, values).fetchone()[0])
        self._local.hits += 1
        if self._local.hits % PRUNE_EVERY == 0:
            connection.execute("DELETE FROM counter WHERE until <= ?", (self._now(),))
        return count

    def give_back(self, key: str, amount: int) -> None:
        """Take ``amount`` off a window that is still open: a look-up that found something costs less."""
        self._connection().execute(
            "UPDATE counter SET count = max(0, count - ?) WHERE key = ? AND until > ?",
            (amount, key, self._now()),
        )

    def get(self, key: str) -> int:
        """The count of the open window, 0 without one."""
        return int(self._row(key)[0])

    def get_expiry(self, key: str) -> float:
        """The moment at which the open window ends, in seconds since 1970; now without one."""
        return float(self._row(key)[1])

    def check(self) -> bool:
        """Whether counting works.

        It writes: a file that can be read while its writes are refused would otherwise be found well
        and lost again at the next hit, for ever (flask-limiter hangs in that circle).
        """
        try:
            self.incr("check", 1)
        except (sqlite3.Error, OSError):
            return False
        return True

    def clear(self, key: str) -> None:
        """Forget one count."""
        self._connection().execute("DELETE FROM counter WHERE key = ?", (key,))

    def reset(self) -> int:
        """Forget all counts; how many there were."""
        return self._connection().execute("DELETE FROM counter").rowcount

    def client_key(self) -> bytes:
        """The key of these 30 days, the same for every worker; earlier ones are destroyed."""
        connection = self._connection()
        period = int(self._now() // KEY_SECONDS)
        connection.execute("DELETE FROM client_key WHERE period < ?", (period,))
        connection.execute(
            "INSERT OR IGNORE INTO client_key (period, key) VALUES (?, ?)", (period, os.urandom(32))
        )
        found = connection.execute("SELECT key FROM client_key WHERE period = ?", (period,))
        return bytes(found.fetchone()[0])

    def _row(self, key: str) -> tuple[int, float]:
        now = self._now()
        found = self._connection().execute(
            "SELECT count, until FROM counter WHERE key = ? AND until > ?", (key, now)
        )
        return found.fetchone() or (0, now)

    def _connection(self) -> sqlite3.Connection:
        """The connection of this thread in this process: neither may share one."""
        local = self._local
        if getattr(local, "process", None) != os.getpid():
            local.connection = _open(self._path)
            local.process = os.getpid()
            local.hits = 0
        connection: sqlite3.Connection = local.connection
        return connection


def prepare(path: Path) -> None:
    """Throw a damaged file away. To be called once, before any worker is started."""
    if not path.exists():
        return
    try:
        with contextlib.closing(_open(path)) as connection:
            sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(f"PRAGMA max_page_count = {MOST_PAGES}")
    for statement in _TABLES:
        connection.execute(statement)
    return connection
