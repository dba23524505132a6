"""The store of the register: reading and writing transactions on whichever database is configured (DESIGN 3).

The same code runs on SQLite and PostgreSQL; what differs between them is in ``databases``.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import OperationalError

from creditregister.databases import StoreError, Turn, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Dialect, Engine

    from creditregister.databases import Database
    from creditregister.settings import Settings

__all__ = ["ReadOnlyError", "Store", "StoreError", "Turn", "insert_all", "insert_many", "lock_ledger"]

POSTGRESQL = "postgresql"
#: Rows of one statement where there is no COPY.
PAGE = 10_000


class ReadOnlyError(StoreError):
    """The settings say that nothing is written now (``store.read_only``)."""


class Store:
    """The register's database; made once a process, after any fork."""

    def __init__(self, settings: Settings, address: str = "") -> None:
        """``address`` stands over the one that is configured."""
        given = settings.database_url
        self.database = _database(address or (given.get_secret_value() if given else ""), settings)
        self._read_only = settings.store.read_only

    @property
    def label(self) -> str:
        """What the database is called in messages; never with a password."""
        return self.database.label

    @property
    def reading(self) -> Engine:
        """The engine that cannot write."""
        return self.database.reading

    @property
    def writing(self) -> Engine:
        """The engine of all writers; use ``write``."""
        return self.database.writing

    def exists(self) -> bool:
        """Whether there is a database with a register in it, or the place of one."""
        return self.database.exists()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that cannot write and sees one moment; it ends within ``store.read_seconds``."""
        self._demand()
        with self.database.read() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """As ``read``, for as long as a copy takes; writers go on meanwhile."""
        self._demand()
        with self.database.read(patient=True) as connection:
            yield connection

    def _demand(self) -> None:
        if not self.exists():
            raise StoreError(f"There is no register at {self.label}: run `credit-register init` first.")

    @contextmanager
    def write(self, turn: Turn = Turn.SHORT) -> Iterator[Connection]:
        """A write transaction in its turn; committed at the end, rolled back on any error.

        Raises:
            ReadOnlyError: the settings let nobody write.
            StoreError: the disk is full, failed, or stayed locked; nothing was written.
        """
        if self._read_only:
            raise ReadOnlyError(
                f"{self.label} is read-only: nothing was written. It is, while store.read_only is set."
            )
        try:
            with self.database.write(turn) as connection:
                yield connection
        except OperationalError as error:
            raise StoreError(f"{self.label}: {error.orig}. Nothing of this step was stored.") from error

    def tune_for_loading(self) -> None:
        """Give this process what helps a bulk load."""
        self.database.tune_for_loading()

    def scrub(self) -> None:
        """Let the database's files forget what was deleted, as far as the database can."""
        self.database.scrub()

    def close(self) -> None:
        """Give all connections back."""
        self.reading.dispose()
        self.writing.dispose()


def insert_many(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows as plain tuples in the order of ``names``: half of Core's own time (LOADING)."""
    if not rows:
        return  # a delivery has often none for a table; a round trip for nothing would cost
    if connection.dialect.name == POSTGRESQL:
        from creditregister.databases.postgresql import copy_rows  # noqa: PLC0415 -- its driver is an extra

        copy_rows(connection, table, names, rows)
        return
    statement, places = _insertion(connection.dialect, table, tuple(names))
    if places:
        rows = [tuple(row[place] for place in places) for row in rows]
    connection.exec_driver_sql(statement, list(rows))


@lru_cache(maxsize=64)
def _insertion(dialect: Dialect, table: Table, names: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
    """The statement for such rows, made once a process, and the order of its values if it is another one."""
    statement = insert(table).compile(dialect=dialect, column_keys=list(names))
    order = tuple(statement.positiontup or names)
    return str(statement), () if order == names else tuple(names.index(name) for name in order)


def insert_all(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> int:
    """Fill an empty table, as for a copy of a register; a row may come before another that it refers to.

    Returns how many rows there were.
    """
    counter = count()
    counted = (row for row, _ in zip(rows, counter, strict=False))
    if connection.dialect.name == POSTGRESQL:
        from creditregister.databases import postgresql  # noqa: PLC0415 -- its driver is an extra

        postgresql.copy_rows(connection, table, names, counted)
        postgresql.set_sequence(connection, table)
        return next(counter)
    sqlite.defer_references(connection)
    while page := list(islice(counted, PAGE)):
        insert_many(connection, table, names, page)
    return next(counter)


def lock_ledger(connection: Connection) -> None:
    """Make this transaction the only one that may append, until it ends; to be taken last.

    SQLite's writers have passed their gate already.

    Raises:
        StoreError: the transaction could not see what was appended before it.
    """
    if connection.dialect.name == POSTGRESQL:
        from creditregister.databases import postgresql  # noqa: PLC0415 -- its driver is an extra

        postgresql.lock_ledger(connection)


def _database(address: str, settings: Settings) -> Database:
    if not address:
        return sqlite.Sqlite(settings.data / "register.sqlite", settings.store)
    scheme, _, rest = address.partition("://")
    if scheme == "sqlite" and rest.startswith("/"):
        return sqlite.Sqlite(Path(rest[1:]), settings.store)
    if scheme.partition("+")[0] in {POSTGRESQL, "postgres"}:
        try:
            from creditregister.databases.postgresql import Postgresql  # noqa: PLC0415 -- its driver is an extra
        except ImportError as error:
            raise StoreError(
                "PostgreSQL needs its driver: pip install 'credit-disclosure[postgres]'."
            ) from error
        return Postgresql(address, settings.store)
    # The address itself is not repeated: a password may stand in it.
    raise StoreError("A database is named as postgresql://user@host:5432/name or sqlite:///path/to/file.")
