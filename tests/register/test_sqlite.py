"""What only SQLite needs: its settings on every connection, its local disk, and what a full one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, event, text

from creditregister import erasure, proof
from creditregister.databases.sqlite import MAPPED, NETWORK_FILE_SYSTEMS, file_system
from creditregister.delivered import Outcome
from creditregister.erasure import Act
from creditregister.schema import metadata
from creditregister.store import StoreError
from support.registers import NOON, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register

ON_STORES = ("sqlite",)


def test_pragmas_are_as_the_design_demands(tmp_path: Path) -> None:
    store = make_register(tmp_path).store
    with store.write() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA trusted_schema")) == 0
    with store.read() as connection:
        assert connection.scalar(text("PRAGMA trusted_schema")) == 0
        assert connection.scalar(text("PRAGMA mmap_size")) == MAPPED


def test_tables_lie_as_the_schema_says_also_after_the_migrations(tmp_path: Path) -> None:
    laid = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    with make_register(tmp_path).store.read() as connection:
        for table in metadata.tables.values():
            with_rowid = "WITHOUT ROWID" not in str(connection.scalar(laid, {"name": table.name}))
            assert with_rowid is table.dialect_options["sqlite"]["with_rowid"], table.name


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_system(tmp_path) not in NETWORK_FILE_SYSTEMS
    monkeypatch.setattr("creditregister.databases.sqlite.file_system", lambda _path: "nfs4")
    with pytest.raises(StoreError, match="network file system"):
        make_register(tmp_path)


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


def test_the_files_hold_nothing_of_what_was_erased(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    facts = "当事人将货物存放于北岭仓库三号库房"
    deliver(register, [row(1, name="云泽望川食品有限公司", facts=facts), row(2, facts=facts * 40)])
    assert facts.encode() in _files(register)
    with register.store.write() as connection:
        erasure.erase(connection, [1, 2], Act("个人信息保护法第四十七条", "陆听澜, 季望舒", NOON))
    register.store.scrub()
    register.store.close()
    assert facts.encode() not in _files(register)


def _files(register: Register) -> bytes:
    names = ("register.sqlite", "register.sqlite-wal")
    paths = [register.settings.data / name for name in names]
    return b"".join(path.read_bytes() for path in paths if path.is_file())
