"""Databases for tests: SQLite beside the test, or a fresh PostgreSQL database for each register."""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, make_url

from support import require

if TYPE_CHECKING:
    import psycopg

#: As docs/operations.md says that a database is to be made.
HOW = "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
VARIABLE = "CREDIT_TEST_DATABASE_URL"


@dataclass
class Server:
    """A PostgreSQL server that a test may fill; what it made is dropped again."""

    url: URL
    template: str
    made: list[str] = field(default_factory=list)

    def address(self, *, empty: bool = False, how: str = HOW) -> str:
        """The address of a new database; a copy of the template, so that migrations run once a session."""
        name = f"credit_test_{secrets.token_hex(6)}"
        self.made.append(name)
        source = "template0" if empty or not self.template else self.template
        self.run(f"CREATE DATABASE {name} TEMPLATE {source} {how}")
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self) -> None:
        """Drop what was made, whoever still holds a connection."""
        while self.made:
            self.run(f"DROP DATABASE IF EXISTS {self.made.pop()} WITH (FORCE)")

    def run(self, statement: str) -> None:
        """One statement on the server's own database."""
        with closing(self.connect()) as connection:
            connection.execute(statement)

    def connect(self) -> psycopg.Connection[Any]:
        """A connection with which databases can be made."""
        import psycopg  # noqa: PLC0415 -- an extra: only these tests need it

        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(address, autocommit=True)


def server() -> Server:
    """The server that CREDIT_TEST_DATABASE_URL names; ends the test where none is named."""
    return Server(make_url(require.url("postgresql", VARIABLE)), "")
