"""The databases of the register: SQLite by default, PostgreSQL when it is outgrown (DESIGN 3, Store).

``sqlite`` and ``postgresql`` fulfil one protocol; everything above them is the same code on both.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

from creditregister.errors import CreditError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine


class StoreError(CreditError):
    """The database cannot be used as configured; the message says why and what to do."""


class Turn(Enum):
    """What a write transaction is for; those of one sort take turns, so they may read and then write.

    SQLite has one writer at a time, whatever it does. PostgreSQL has two queues: a citizen's write does not
    wait for a bulk load, and both meet only at the ledger's lock, which is taken last. The values are the
    numbers of the advisory locks, in the order in which they are taken.
    """

    SHORT = (1,)
    BULK = (2,)
    WHOLE = (1, 2)


class Database(Protocol):
    """A database for the register."""

    label: str  # its name in messages and logs; never with a password
    reading: Engine
    writing: Engine

    def exists(self) -> bool:
        """Whether the register's tables are there."""

    def make(self) -> bool:
        """Make what must be there before the tables; whether something was made.

        Raises:
            StoreError: only somebody else can make it; the message says how.
        """

    def read(self, *, patient: bool = False) -> AbstractContextManager[Connection]:
        """One moment of the register, on a connection that cannot write; with a limit unless ``patient``."""

    def write(self, turn: Turn) -> AbstractContextManager[Connection]:
        """A write transaction, begun when it is its turn."""

    def tune_for_loading(self) -> None:
        """Give this process what helps a bulk load."""

    def scrub(self) -> None:
        """Let the files forget what was deleted and committed."""
