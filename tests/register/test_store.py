"""The store: two engines, turns, the ledger's order; the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from creditregister import leases, ledger, proof
from creditregister.bodies import number
from creditregister.delivered import Outcome
from creditregister.ledger import Change
from creditregister.opening import initialise
from creditregister.schema import batch, meta, metadata, record
from creditregister.settings import load
from creditregister.store import ReadOnlyError, Store, StoreError, Turn, insert_many
from creditregister.text import canonical
from support import registers
from support.registers import NOON, deliver, make_register, row

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from creditregister.settings import Settings


def with_store(settings: Settings, **values: float) -> Settings:
    """The same settings with other values in their section ``store``."""
    return settings.model_copy(update={"store": settings.store.model_copy(update=values)})


@pytest.mark.parametrize(
    "statement", ["INSERT INTO meta VALUES ('a', 'b')", "DELETE FROM unit", "CREATE TABLE x (y integer)"]
)
def test_the_reading_engine_cannot_write(tmp_path: Path, statement: str) -> None:
    store = make_register(tmp_path).store
    with store.read() as connection, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        connection.execute(text(statement))


def test_a_register_that_is_read_only_takes_nothing(tmp_path: Path) -> None:
    """Reading goes on, also where SQLite finds no file of its log; the file itself is opened so."""
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    register.store.close()
    store = Store(with_store(register.settings, read_only=True))
    with pytest.raises(ReadOnlyError, match=r"store\.read_only"), store.write():
        pass
    with store.read() as connection:
        assert ledger.head(connection).seq == 1
    with store.snapshot() as connection:
        assert ledger.head(connection).seq == 1
    if store.database.reading.dialect.name == "sqlite":
        with store.writing.connect() as connection, pytest.raises(OperationalError, match="readonly"):
            connection.execute(text("DELETE FROM record"))
    with pytest.raises(ReadOnlyError):
        initialise(replace(register, store=store))
    store.close()


def test_a_read_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    store = Store(with_store(make_register(tmp_path).settings, read_seconds=0.05))
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with store.read() as connection, pytest.raises(OperationalError, match=r"interrupted|statement timeout"):
        connection.execute(text(endless))
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(meta)) == 1
    store.close()


def test_a_read_sees_one_moment(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    with register.store.read() as connection:
        assert ledger.head(connection).seq == 0
        deliver(register, [row(1)])
        assert ledger.head(connection).seq == 0
    with register.store.read() as connection:
        assert ledger.head(connection).seq == 1


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


def test_the_migrations_make_what_the_schema_says(tmp_path: Path) -> None:
    with make_register(tmp_path).store.write() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_reading_before_init_says_what_to_do(tmp_path: Path) -> None:
    store = Store(load(data=tmp_path, database_url=registers.new_address(empty=True) or None))
    with pytest.raises(StoreError, match="credit-register init"), store.read():
        pass


@pytest.mark.parametrize(
    "address", ["mysql://u:hidden@localhost/credit", "postgresql://u:hidden@host:port/x", "hidden"]
)
def test_an_address_that_cannot_be_used_is_not_repeated(tmp_path: Path, address: str) -> None:
    settings = load(data=tmp_path, database_url=address)
    assert "hidden" not in repr(settings)
    with pytest.raises(StoreError, match="postgresql://user@host") as caught:
        Store(settings)
    assert "hidden" not in str(caught.value)


def test_many_writers_make_a_ledger_without_gaps_and_a_follower_misses_nothing(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    seen: list[int] = []
    done = threading.Event()

    def write(name: int) -> None:
        store = Store(register.settings)
        for place in range(15):
            changes = [Change("publish", bytes([name, place]) * 16)] * (1 + place % 3)
            with store.write(Turn.BULK if name % 2 else Turn.SHORT) as connection:
                insert_many(connection, meta, ("key", "value"), [(f"{name} {place}", "x")])
                ledger.append(connection, changes, NOON)
        store.close()

    def follow() -> None:
        last = False
        while True:
            last = done.is_set()  # looked at before reading: what is committed until then must be seen
            with register.store.read() as connection:
                seen.extend(entry.seq for entry in ledger.after(connection, seen[-1] if seen else 0, 1000))
            if last:
                return

    follower = threading.Thread(target=follow)
    follower.start()
    with ThreadPoolExecutor(6) as writers:
        list(writers.map(write, range(6)))
    done.set()
    follower.join()
    assert seen == list(range(1, 6 * 30 + 1))
    finding = proof.verify(register.store)
    assert (finding.entries, finding.count) == (180, 0)


def test_of_many_who_want_a_lease_one_gets_it(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    stores = [Store(register.settings) for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        taken = list(pool.map(lambda each: leases.take(each, "follower", str(id(each)), NOON, 1000), stores))
    assert [each.epoch for each in taken if each] == [1]
    for store in stores:
        store.close()


def migrate(store: Store, direction: Callable[[Config, str], None], target: str) -> None:
    with store.write(Turn.WHOLE) as connection:
        config = Config()
        config.set_main_option("script_location", "creditregister:migrations")
        config.attributes["connection"] = connection
        direction(config, target)


def test_the_migrations_go_down_and_up_again(tmp_path: Path) -> None:
    store = make_register(tmp_path).store
    migrate(store, command.downgrade, "base")
    migrate(store, command.upgrade, "head")
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


def test_a_body_is_one_however_its_name_is_written_also_in_records_that_were_there(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    public = {"v": 1, "name": "云泽有限公司", "area": "990100", "date": "2026-05-20"}
    written = ["云泽市局（赤水分局）", "云泽市局(赤水分局)", "云泽市局 （赤水分局）", "云泽市局", ""]
    deliver(
        register, [row(n, public=canonical(public | {"body": name})) for n, name in enumerate(written, 1)]
    )
    known = select(record.c.body).order_by(record.c.n)
    own, other = number(written[0]), number(written[3])
    with register.store.read() as connection:
        assert list(connection.scalars(known)) == [own, own, own, other, 0]
    migrate(register.store, command.downgrade, "0010")
    with register.store.read() as connection:
        before = list(connection.scalars(known))
    assert len(set(before)) == 5
    assert (before[1], before[3]) == (own, other), "these two names are folded already"
    migrate(register.store, command.upgrade, "head")
    with register.store.read() as connection:
        assert list(connection.scalars(known)) == [own, own, own, other, 0]


def test_the_migrations_keep_what_is_stored(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 30)])
    before = proof.verify(register.store)
    config = Config()
    config.set_main_option("script_location", "creditregister:migrations")
    for _ in list(ScriptDirectory.from_config(config).walk_revisions())[1:]:
        migrate(register.store, command.downgrade, "-1")
    migrate(register.store, command.upgrade, "head")
    assert proof.verify(register.store) == before
    assert before.records == 29
    assert set(deliver(register, [row(n) for n in range(1, 30)])) == {Outcome.UNCHANGED}
