"""The database behind the register: two engines, one gate for all writers (DESIGN 3, Store).

Reading goes through an engine that cannot write; writing begins with ``BEGIN IMMEDIATE``, so that no
transaction reads first and fails on its first write, and all writers pass one file lock, so that a bulk load
does not starve a citizen's small write by SQLite's own back-off.
"""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from creditregister.errors import CreditError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from creditregister.settings import Settings

#: File systems on which SQLite's locks cannot be relied upon.
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "glusterfs", "ceph"}
)
#: Steps of SQLite's virtual machine between two looks at the deadline of a read.
STEPS = 20_000


class StoreError(CreditError):
    """The database cannot be used as configured; the message says why and what to do."""


class Store:
    """The register's database; made once a process, after any fork."""

    def __init__(self, settings: Settings) -> None:
        if settings.database_url and not settings.database_url.startswith("sqlite:///"):
            raise StoreError(
                "CREDIT_DATABASE_URL must be a sqlite:/// address: this release keeps its register in SQLite."
            )
        given = settings.database_url
        self.path = Path(given.removeprefix("sqlite:///")) if given else settings.data / "register.sqlite"
        self._settings = settings.store
        self._gate = self.path.with_suffix(".lock")
        refuse_network_file_system(self.path)
        self.reading = self._engine(reading=True)
        self.writing = self._engine(reading=False)

    def exists(self) -> bool:
        """Whether the database file is there at all."""
        return self.path.is_file()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that cannot write; its statements end within ``store.read_seconds``."""
        if not self.exists():
            raise StoreError(f"There is no register at {self.path}: run `credit-register init` first.")
        with self.reading.connect() as connection:
            deadline = time.monotonic() + self._settings.read_seconds
            driver = _driver(connection)
            driver.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
            try:
                yield connection
            finally:
                driver.set_progress_handler(None, 0)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction behind the gate; committed at the end, rolled back on any error.

        Raises:
            StoreError: the disk is full, failed, or stayed locked; nothing was written.
        """
        try:
            with self.turn(), self.writing.begin() as connection:
                yield connection
        except OperationalError as error:
            raise StoreError(f"{self.path}: {error.orig}. Nothing of this step was stored.") from error

    def tune_for_loading(self) -> None:
        """Give this process's writing connections a large page cache and rarer checkpoints (LOADING)."""
        size = self._settings.loader_cache_mb

        @event.listens_for(self.writing, "connect")
        def _tune(driver: sqlite3.Connection, _record: object) -> None:
            driver.execute(f"PRAGMA cache_size = -{size * 1024}")
            driver.execute("PRAGMA wal_autocheckpoint = 16384")

    def close(self) -> None:
        """Give all connections back."""
        self.reading.dispose()
        self.writing.dispose()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the one file lock that every writer takes; kill -9 frees it."""
        self._gate.parent.mkdir(parents=True, exist_ok=True)
        with self._gate.open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield

    def _engine(self, *, reading: bool) -> Engine:
        engine = create_engine(
            f"sqlite:///{self.path}",
            poolclass=QueuePool,
            hide_parameters=True,  # errors are logged, and parameters may be what a person typed
            connect_args={"timeout": self._settings.busy_timeout_ms / 1000, "check_same_thread": False},
        )
        event.listen(engine, "connect", _on_connect_reading if reading else _on_connect_writing)
        event.listen(engine, "begin", _begin_reading if reading else _begin_writing)
        return engine


def insert_many(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows as plain tuples in the order of ``names``: half of Core's own time (LOADING)."""
    if rows:
        statement = insert(table).compile(dialect=connection.dialect, column_keys=list(names))
        order: list[str] = list(statement.positiontup or names)
        if order != list(names):
            places = [list(names).index(name) for name in order]
            rows = [tuple(row[place] for place in places) for row in rows]
        connection.exec_driver_sql(str(statement), list(rows))


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


def _on_connect_writing(driver: sqlite3.Connection, _record: object) -> None:
    _on_connect(driver)
    driver.execute("PRAGMA journal_mode = WAL")
    driver.execute("PRAGMA synchronous = FULL")


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
