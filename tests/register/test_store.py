"""Two engines and one gate."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from creditregister import proof
from creditregister.bodies import number
from creditregister.delivered import Outcome
from creditregister.schema import batch, meta, metadata, record
from creditregister.store import NETWORK_FILE_SYSTEMS, Store, StoreError, file_system, insert_many
from creditregister.text import canonical
from support.registers import deliver, make_register, row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    "statement", ["INSERT INTO meta VALUES ('a', 'b')", "DELETE FROM unit", "CREATE TABLE x (y)"]
)
def test_the_reading_engine_cannot_write(tmp_path: Path, statement: str) -> None:
    store = make_register(tmp_path).store
    with store.read() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.execute(text(statement))


def test_a_read_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    store = make_register(tmp_path).store
    store._settings = store._settings.model_copy(update={"read_seconds": 0.01})
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with store.read() as connection, pytest.raises(OperationalError, match="interrupted"):
        connection.execute(text(endless))
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(meta)) == 1


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    store = make_register(tmp_path).store
    with pytest.raises(IntegrityError), store.write() as connection:
        insert_many(connection, meta, ("key", "value"), [("a", "1"), ("a", "2")])
    with store.read() as connection:
        assert connection.scalar(select(meta.c.value).where(meta.c.key == "a")) is None


def test_insert_many_keeps_values_with_their_columns(tmp_path: Path) -> None:
    store = make_register(tmp_path).store
    with store.write() as connection:
        insert_many(connection, meta, ("value", "key"), [("the value", "the key")])
        insert_many(connection, meta, ("key", "value"), [])
    with store.read() as connection:
        assert connection.scalar(select(meta.c.value).where(meta.c.key == "the key")) == "the value"


def test_writers_take_turns_and_none_fails(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    errors: list[BaseException] = []

    def write(name: str) -> None:
        store = Store(register.settings)
        try:
            for place in range(20):
                with store.write() as connection:
                    insert_many(connection, meta, ("key", "value"), [(f"{name}{place}", "x")])
        except BaseException as error:  # noqa: BLE001 -- collected, so that the test can show it
            errors.append(error)
        store.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with register.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(meta)) == 81


def test_pragmas_are_as_the_design_demands(tmp_path: Path) -> None:
    store = make_register(tmp_path).store
    with store.write() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA trusted_schema")) == 0
    with store.read() as connection:
        assert connection.scalar(text("PRAGMA trusted_schema")) == 0


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_system(tmp_path) not in NETWORK_FILE_SYSTEMS
    monkeypatch.setattr("creditregister.store.file_system", lambda _path: "nfs4")
    with pytest.raises(StoreError, match="network file system"):
        make_register(tmp_path)


def test_another_database_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="SQLite"):
        make_register(tmp_path, database_url="postgresql://localhost/credit")


def test_reading_before_init_says_what_to_do(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    empty = register.settings.model_copy(update={"data": tmp_path / "elsewhere"})
    with pytest.raises(StoreError, match="credit-register init"), Store(empty).read():
        pass


def test_the_migrations_make_what_the_schema_says(tmp_path: Path) -> None:
    with make_register(tmp_path).store.write() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def migrate(store: Store, direction: Callable[[Config, str], None], target: str) -> None:
    with store.turn(), store.writing.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "creditregister:migrations")
        config.attributes["connection"] = connection
        direction(config, target)


def test_the_migrations_go_down_and_up_again(tmp_path: Path) -> None:
    store = make_register(tmp_path).store
    for direction, target in ((command.downgrade, "base"), (command.upgrade, "head")):
        migrate(store, direction, target)
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(meta)) == 0


def test_what_records_are_counted_by_is_filled_in_for_records_that_were_there(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    public = {"v": 1, "name": "云泽有限公司", "area": "990100", "body": "云泽市局"}
    rows = [
        row(1, public=canonical(public | {"date": "2026-05-20"})),
        row(2, public=canonical(public | {"date": "2026-Q2", "body": ""})),
        row(3, public=b""),
    ]
    deliver(register, rows)
    counted = select(record.c.n, record.c.whole_day, record.c.area, record.c.body).order_by(record.c.n)
    with register.store.read() as connection:
        before = connection.execute(counted).all()
    assert before == [(1, 1, "990100", number("云泽市局")), (2, 0, "990100", 0), (3, 0, "", 0)]
    for direction, target in ((command.downgrade, "0001"), (command.upgrade, "head")):
        migrate(register.store, direction, target)
    with register.store.read() as connection:
        assert connection.execute(counted).all() == before
        received = select(batch.c.received_at - batch.c.started_at)
        assert list(connection.scalars(received)) == [0]


def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    with register.store.writing.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))

    @event.listens_for(register.store.writing, "begin")
    def _full(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(StoreError, match="full"):
        deliver(register, [row(n) for n in range(2, 2000)])
    event.remove(register.store.writing, "begin", _full)
    register.store.writing.dispose()
    assert proof.verify(register.store).entries == 1
    assert deliver(register, [row(n) for n in range(2, 2000)]).count(Outcome.ACCEPTED) == 1998
    assert proof.verify(register.store).count == 0
