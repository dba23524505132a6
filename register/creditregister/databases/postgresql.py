"""PostgreSQL: when one file is outgrown (DESIGN 3, Store).

Writers run in READ COMMITTED and take turns by advisory locks; the ledger's own lock is the last that a
transaction takes, is held to its end, and so gives the ledger an order without gaps. Reading goes through
read-only transactions that see one moment, as SQLite's do.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from creditregister.databases import StoreError, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import ExceptionContext, Table

    from creditregister.settings import StoreSettings

#: The first half of all advisory locks of this product; the second is a number of ``Turn``, or ``LEDGER``.
LOCKS = 0x63726564
LEDGER = 9
#: ``server_version_num`` of the oldest server that the tests have run on.
OLDEST = 150_000
#: Milliseconds after which the server drops a writer that fell silent inside its transaction.
SILENT_MS = 60_000
#: Collations that order text by code points, as SQLite does; dates and prefixes of names depend on it.
BYTEWISE = frozenset({"C", "POSIX", "C.UTF-8", "C.utf8"})
MAKE = "CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
#: How values travel in a binary COPY, by the name of the column's type.
WIRE = {"big_integer": "int8", "integer": "int4", "string": "text", "text": "text", "large_binary": "bytea"}


class Postgresql:
    """A register in a PostgreSQL database of its own."""

    def __init__(self, address: str, settings: StoreSettings) -> None:
        self._url = _parsed(address)
        # Neither the password nor the parameters of the address, where it may stand as well.
        self.label = str(URL.create("postgresql", self._url.username, None, self._url.host,
                                    self._url.port, self._url.database))  # fmt: skip
        self._settings = settings
        self._there = False
        self.reading = self._engine(reading=True)
        self.writing = self._engine(reading=False)

    def exists(self) -> bool:
        """Whether the tables are there; once seen, they are taken for granted."""
        if not self._there:
            with self.read() as connection:
                self._there = connection.scalar(select(func.to_regclass("meta").is_not(None))) or False
        return self._there

    def make(self) -> bool:
        """Whether the tables are still to come; the database itself is made by whoever runs the server."""
        return not self.exists()

    @contextmanager
    def read(self, *, patient: bool = False) -> Iterator[Connection]:
        """One moment of the register; the server cancels a statement after ``store.read_seconds``."""
        try:
            opened = self.reading.connect()
        except OperationalError as error:
            raise StoreError(f"{self.label} does not answer: {error.orig}") from error
        with opened as connection:
            if patient:
                connection.execute(select(func.set_config("statement_timeout", "0", True)))
            yield connection

    @contextmanager
    def write(self, turn: Turn) -> Iterator[Connection]:
        """A write transaction, after those of its sort that came before."""
        with self.writing.begin() as connection:
            for number in turn.value:
                connection.execute(select(func.pg_advisory_xact_lock(LOCKS, number)))
            yield connection

    def tune_for_loading(self) -> None:
        """Nothing: the server's memory is the server's business."""

    def scrub(self) -> None:
        """Give up the space of dead rows; what blocks and archived logs still hold is the server's business.

        Its operator keeps both encrypted: no statement overwrites them.
        """
        driver = self.writing.raw_connection()
        try:
            own = cast("psycopg.Connection[Any]", driver.driver_connection)
            own.autocommit = True
            own.execute("VACUUM")
            own.autocommit = False
        finally:
            driver.close()

    def _engine(self, *, reading: bool) -> Engine:
        engine = create_engine(
            self._url,
            isolation_level="REPEATABLE READ" if reading else "READ COMMITTED",
            hide_parameters=True,  # errors are logged, and parameters may be what a person typed
            connect_args={"client_encoding": "utf8"},
            pool_pre_ping=True,  # a server that was restarted is found again without a failed page
        )
        event.listen(engine, "connect", self._on_connect(reading=reading))
        event.listen(engine, "handle_error", _leave_values_out)
        return engine

    def _on_connect(self, *, reading: bool) -> Callable[[psycopg.Connection[Any], object], None]:
        slow = {"statement_timeout": int(self._settings.read_seconds * 1000)}
        waiting = {
            "lock_timeout": self._settings.busy_timeout_ms,
            "idle_in_transaction_session_timeout": SILENT_MS,
        }
        wanted = slow | {"default_transaction_read_only": "on"} if reading else waiting

        def prepare(driver: psycopg.Connection[Any], _record: object) -> None:
            driver.autocommit = True
            refuse_unfit(driver, self.label)
            for name, value in wanted.items():
                driver.execute("SELECT set_config(%s, %s, false)", (name, str(value)))
            driver.autocommit = False

        return prepare


def refuse_unfit(driver: psycopg.Connection[Any], label: str) -> None:
    """A server that loses what it acknowledged, or sorts text otherwise than by code points, is refused.

    Raises:
        StoreError: what is wrong, and what to set.
    """
    row = driver.execute(
        """SELECT current_setting('server_version_num')::int, current_setting('synchronous_commit'),
                  current_setting('fsync'), pg_encoding_to_char(encoding), datlocprovider, datcollate
           FROM pg_database WHERE datname = current_database()"""
    ).fetchone()
    version, synchronous, fsync, encoding, provider, collation = cast("tuple[Any, ...]", row)
    if version < OLDEST:
        raise StoreError(f"{label}: PostgreSQL 15 or newer is needed, this is {version // 10_000}.")
    if synchronous == "off" or fsync == "off":
        raise StoreError(
            f"{label}: synchronous_commit and fsync must not be off: "
            "a power cut would take back what a citizen was told is filed."
        )
    if encoding != "UTF8" or provider == "i" or collation not in BYTEWISE:
        raise StoreError(
            f"{label}: encoding {encoding}, collation {collation}; text must be UTF-8 and be ordered "
            f"by code points. Make the database anew: {MAKE}."
        )


def lock_ledger(connection: Connection) -> None:
    """Wait for the ledger, and keep it until the transaction ends.

    Raises:
        StoreError: the transaction would not see what was committed while it waited.
    """
    isolation = func.current_setting("transaction_isolation")
    level = connection.execute(select(func.pg_advisory_xact_lock(LOCKS, LEDGER), isolation)).one()[1]
    if level != "read committed":
        raise StoreError(
            f"The ledger is written in READ COMMITTED only; this transaction is {level.upper()}."
        )


def copy_rows(
    connection: Connection, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Insert by binary COPY: a third faster than tuples (LOADING).

    Raises:
        DBAPIError: as an INSERT would, without the values that the server quotes.
    """
    columns = sql.SQL(", ").join(sql.Identifier(name) for name in names)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(sql.Identifier(table.name), columns)
    try:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types([WIRE[table.c[name].type.__visit_name__] for name in names])
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        _shorten(error)
        raise DBAPIError.instance(  # the same sort of error as any other statement's
            f"COPY {table.name}", None, error, psycopg.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


def set_sequence(connection: Connection, table: Table) -> None:
    """Let numbers that the database gives go on after the greatest that was brought in."""
    column = table.autoincrement_column
    if column is None:
        return
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
    greatest = connection.scalar(select(func.max(column)))
    if sequence and greatest:
        connection.execute(select(func.setval(sequence, greatest)))


def _parsed(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise StoreError(
            "The PostgreSQL address cannot be read: postgresql://user@host:5432/name."
        ) from error
    return url.set(drivername="postgresql+psycopg")


def _leave_values_out(context: ExceptionContext) -> None:
    """The server's DETAIL and CONTEXT quote rows, and an error is logged."""
    original = context.original_exception
    if isinstance(original, psycopg.Error) and _shorten(original) and context.sqlalchemy_exception:
        context.sqlalchemy_exception.args = (f"({type(original).__name__}) {original}",)


def _shorten(error: psycopg.Error) -> bool:
    primary = error.diag.message_primary
    if primary:
        error.args = (primary,)
    return bool(primary)
