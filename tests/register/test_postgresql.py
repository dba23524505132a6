"""What only PostgreSQL needs: a fit server, the ledger's lock last, no values and no password in errors."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import IntegrityError

from creditregister import ledger, proof, publication, records
from creditregister.intake import Chunk
from creditregister.ledger import Change
from creditregister.publication import Author
from creditregister.schema import ledger as ledger_table
from creditregister.schema import meta, record, unit, unit_name
from creditregister.settings import load
from creditregister.store import Store, StoreError, Turn, insert_all, insert_many
from support.registers import NOON, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register
    from support.databases import Server

ON_STORES = ("postgresql",)


@pytest.mark.parametrize(
    ("setting", "reason"),
    [("synchronous_commit = off", "synchronous_commit"), ("synchronous_commit = 'local'", "")],
)
def test_a_server_that_may_lose_what_it_acknowledged_is_refused(
    tmp_path: Path, postgresql: Server, setting: str, reason: str
) -> None:
    register = make_register(tmp_path)
    postgresql.run(f"ALTER DATABASE {postgresql.made[-1]} SET {setting}")
    store = Store(register.settings)
    if not reason:
        with store.read():
            pass
        return
    for engine in (store.reading, store.writing):
        with pytest.raises(StoreError, match=reason):
            engine.connect()


@pytest.mark.parametrize(
    "how",
    [
        "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'zh-CN'",
        "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'",
    ],
)
def test_text_that_is_ordered_otherwise_is_refused(tmp_path: Path, postgresql: Server, how: str) -> None:
    make_register(tmp_path)
    store = Store(load(), postgresql.address(empty=True, how=how))
    with pytest.raises(StoreError, match="LC_COLLATE 'C'"):
        store.exists()


def test_the_ledger_is_written_in_read_committed_only(tmp_path: Path) -> None:
    store = make_register(tmp_path).store
    other = store.writing.execution_options(isolation_level="REPEATABLE READ")
    with other.begin() as connection, pytest.raises(StoreError, match="READ COMMITTED"):
        ledger.append(connection, [Change("publish", b"x" * 32)], NOON)
    with store.write() as connection:
        assert ledger.append(connection, [Change("publish", b"x" * 32)], NOON) == 1


def test_the_ledgers_lock_comes_last(tmp_path: Path) -> None:
    """A long load that has not come to the ledger yet keeps nobody waiting; who commits first stands first."""
    register = make_register(tmp_path)
    with register.store.write(Turn.BULK) as load_transaction:
        insert_many(load_transaction, meta, ("key", "value"), [("load", "x")])
        with register.store.write() as connection:
            assert ledger.append(connection, [Change("publish", b"s" * 32)], NOON) == 1
        assert ledger.append(load_transaction, [Change("publish", b"l" * 32)] * 3, NOON) == 2
    assert proof.verify(register.store).entries == 4


def test_who_waits_for_the_ledger_too_long_is_told_and_nothing_is_stored(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    hurried = register.settings.store.model_copy(update={"busy_timeout_ms": 50})
    store = Store(register.settings.model_copy(update={"store": hurried}))
    with register.store.write(Turn.BULK) as holder:
        ledger.append(holder, [Change("publish", b"x" * 32)], NOON)
        with pytest.raises(StoreError, match=r"lock timeout.*Nothing"):
            append_with_word(store)
    with register.store.read() as connection:
        assert connection.scalar(select(meta.c.value).where(meta.c.key == "a")) is None
        assert ledger.head(connection).seq == 1


def append_with_word(store: Store) -> None:
    """One write of a word and an entry."""
    with store.write() as connection:
        insert_many(connection, meta, ("key", "value"), [("a", "1")])
        ledger.append(connection, [Change("publish", b"y" * 32)], NOON)


def withdraw_first(register: Register, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let a clerk withdraw record 1 between the moment a correction was compared and that of its storing."""
    done = threading.Event()
    store_chunk = Chunk._store

    def meanwhile(chunk: Chunk) -> None:
        if chunk.changed and not done.is_set():
            done.set()
            with register.store.write() as connection:
                found = records.by_any_number(connection, [1])
                publication.withdraw(connection, found, "annulled", Author("clerk", "void", NOON))
        store_chunk(chunk)

    monkeypatch.setattr(Chunk, "_store", meanwhile)
    return done


def test_a_delivery_never_undoes_a_withdrawal_of_the_same_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 4)])
    happened = withdraw_first(register, monkeypatch)
    corrected = [row(n, facts=f"更正{n}") for n in range(1, 4)]
    deliver(register, corrected)
    assert happened.is_set()
    with register.store.read() as connection:
        found = connection.execute(select(record.c.state, record.c.version).order_by(record.c.n)).all()
    assert found == [("annulled", 1), ("public", 2), ("public", 2)]
    assert proof.verify(register.store).count == 0


def test_errors_hold_no_values(tmp_path: Path) -> None:
    """The server quotes the row of a broken rule; what a person typed must not come into a log."""
    register = make_register(tmp_path)
    name = "张某某的秘密"
    with register.store.read() as connection:
        number = connection.scalar(select(unit.c.id))
    again = [(name, number, name, 0), (name, number, name, 0)]
    with pytest.raises(IntegrityError) as copied, register.store.write() as connection:
        insert_many(connection, unit_name, ("folded", "unit_id", "name", "alias"), again)
    twice = unit_name.insert().values([{"folded": name, "unit_id": number, "name": name, "alias": 0}] * 2)
    with pytest.raises(IntegrityError) as inserted, register.store.write() as connection:
        connection.execute(twice)
    for caught in (copied, inserted):
        told = f"{caught.value} {caught.value!r} {caught.value.orig!r} {caught.value.__cause__}"
        assert "duplicate key" in told
        assert name not in told


def test_errors_hold_no_password(tmp_path: Path) -> None:
    address = make_url(str(make_register(tmp_path).store.writing.url)).set(
        username="credit", password="open-sesame", host="127.0.0.1", port=1
    )
    store = Store(load(database_url=address.render_as_string(hide_password=False)))
    assert "open-sesame" not in store.label
    with pytest.raises(StoreError, match="does not answer") as caught:
        store.exists()
    assert "open-sesame" not in f"{caught.value} {caught.value!r} {caught.value.__cause__!r}"


def test_rows_copied_keep_their_values(tmp_path: Path) -> None:
    store = make_register(tmp_path).store
    values = [(2**36 - 1, 2**53, b"\0\xff\n\\", bytes(32), "publish", None, 7, None, "名称\t\n\\.", "")]
    with store.write() as connection:
        insert_many(connection, ledger_table, ledger.COLUMNS, values)
    with store.read() as connection:
        entry = ledger.after(connection, 1, 1)[0]
    assert tuple(getattr(entry, name) for name in ledger.COLUMNS) == values[0]


def test_numbers_go_on_after_those_that_were_brought_in(tmp_path: Path) -> None:
    store = make_register(tmp_path).store
    with store.write() as connection:
        names = ("id", "name", "area", "confirmed", "created_at")
        insert_all(connection, unit, names, [(500, "甲局", "", 1, NOON)])
        new = unit.insert().values(name="乙局", created_at=NOON).returning(unit.c.id)
        assert connection.execute(new).scalar_one() == 501


def test_the_server_ends_what_falls_silent(tmp_path: Path) -> None:
    """A writer whose machine is gone must not hold the ledger for ever."""
    store = make_register(tmp_path).store
    with store.write() as connection:
        assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"
