"""SQLite: one file, write-ahead log, one gate for all writers (DESIGN 3, Store).

Reading goes through an engine that cannot write; writing begins with ``BEGIN IMMEDIATE``, so that no
transaction reads first and fails on its first write, and all writers pass one file lock, so that a bulk load
does not starve a citizen's small write by SQLite's own back-off.
"""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from creditregister.databases import StoreError, Turn

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from creditregister.settings import StoreSettings

#: File systems on which SQLite's locks cannot be relied upon.
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "glusterfs", "ceph"}
)
#: Bytes of the file that reading connections map into memory, the most that SQLite allows: pages come from
#: the machine's own cache without being copied. What lies beyond is read as ever.
MAPPED = 0x7FFF0000
#: Steps of SQLite's virtual machine between two looks at the deadline of a read.
STEPS = 20_000


class Sqlite:
    """A register in a file of its own."""

    def __init__(self, path: Path, settings: StoreSettings) -> None:
        self.path = path
        self.label = str(path)
        self._settings = settings
        self._gate = path.with_suffix(".lock")
        refuse_network_file_system(path)
        self.reading = self._engine(reading=True)
        self.writing = self._engine(reading=False)

    def exists(self) -> bool:
        """Whether the database file is there at all."""
        return self.path.is_file()

    def make(self) -> bool:
        """Make the folder of the file; whether the file is still to come."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return not self.exists()

    @contextmanager
    def read(self, *, patient: bool = False) -> Iterator[Connection]:
        """One snapshot of the file; statements are interrupted after ``store.read_seconds``."""
        with self.reading.connect() as connection:
            deadline = time.monotonic() + (inf if patient else self._settings.read_seconds)
            driver = _driver(connection)
            driver.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
            try:
                yield connection
            finally:
                driver.set_progress_handler(None, 0)

    @contextmanager
    def write(self, _turn: Turn) -> Iterator[Connection]:
        """A write transaction behind the one file lock that every writer takes; kill -9 frees it."""
        self._gate.parent.mkdir(parents=True, exist_ok=True)
        with self._gate.open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            with self.writing.begin() as connection:
                yield connection

    def tune_for_loading(self) -> None:
        """A large page cache and rarer checkpoints for this process's writing connections (LOADING)."""
        size = self._settings.loader_cache_mb

        @event.listens_for(self.writing, "connect")
        def _tune(driver: sqlite3.Connection, _record: object) -> None:
            driver.execute(f"PRAGMA cache_size = -{size * 1024}")
            driver.execute("PRAGMA wal_autocheckpoint = 16384")

    def scrub(self) -> None:
        """Empty the write-ahead log, which holds pages as they were; in the file deleted is overwritten."""
        with self._gate.open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            driver = self.writing.raw_connection()
            try:
                driver.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                driver.close()

    def _engine(self, *, reading: bool) -> Engine:
        # Read-only, the file itself is opened so: not even a fault of ours could change it.
        closed = self._settings.read_only
        engine = create_engine(
            f"sqlite:///file:{quote(str(self.path))}?mode=ro&uri=true"
            if closed
            else f"sqlite:///{self.path}",
            poolclass=QueuePool,
            hide_parameters=True,  # errors are logged, and parameters may be what a person typed
            connect_args={"timeout": self._settings.busy_timeout_ms / 1000, "check_same_thread": False},
        )
        event.listen(engine, "connect", _on_connect_reading if reading else _on_connect_writing)
        event.listen(engine, "begin", _begin_reading if reading else _begin_writing)
        return engine


def defer_references(connection: Connection) -> None:
    """Check foreign keys at the end of this transaction: rows may come before those that they name."""
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")


def refuse_network_file_system(path: Path) -> None:
    """SQLite's locks and shared memory fail on network file systems.

    Raises:
        StoreError: the folder lies on one.
    """
    kind = file_system(path)
    if kind in NETWORK_FILE_SYSTEMS:
        raise StoreError(f"{path} lies on a network file system ({kind}); SQLite needs a local disk.")


def file_system(path: Path) -> str:
    """The type of the file system that holds ``path``, or an empty text where the machine does not say."""
    mounts = Path("/proc/mounts")
    if not mounts.is_file():
        return ""
    wanted = path.absolute().resolve()
    best, kind = -1, ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, point, name, *_ = line.split(" ")
        folder = Path(point.replace("\\040", " "))
        if (wanted == folder or folder in wanted.parents) and len(folder.parts) >= best:
            best, kind = len(folder.parts), name
    return kind


def _driver(connection: Connection) -> sqlite3.Connection:
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment] # any driver, by its type
    return driver


def _on_connect(driver: sqlite3.Connection) -> None:
    driver.isolation_level = None  # transactions begin where we say so, not where the driver guesses
    driver.execute("PRAGMA foreign_keys = ON")
    driver.execute("PRAGMA trusted_schema = OFF")


def _on_connect_reading(driver: sqlite3.Connection, _record: object) -> None:
    _on_connect(driver)
    driver.execute("PRAGMA query_only = ON")
    driver.execute(f"PRAGMA mmap_size = {MAPPED}")


def _on_connect_writing(driver: sqlite3.Connection, _record: object) -> None:
    _on_connect(driver)
    driver.execute("PRAGMA journal_mode = WAL")
    driver.execute("PRAGMA synchronous = FULL")
    # What is deleted is overwritten, so that erasing a record leaves nothing of it in the file.
    driver.execute("PRAGMA secure_delete = ON")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
