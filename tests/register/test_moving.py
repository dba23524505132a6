"""A register moved from one database to the other and back: everything equal, and only one that goes on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from creditregister import checkpoint, moving, proof
from creditregister.cli import main
from creditregister.delivered import Outcome
from creditregister.opening import Register, open_register
from creditregister.schema import meta, metadata, unit
from creditregister.settings import load
from creditregister.store import Store, StoreError
from support import registers
from support.registers import NOON, content, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from support.databases import Server


def everything(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    with store.snapshot() as connection:
        return {
            table.name: [
                tuple(each) for each in connection.execute(select(table).order_by(*table.primary_key))
            ]
            for table in metadata.sorted_tables
        }


def filled(folder: Path) -> Register:
    """A register with versions, a person, problems, and units of which the first stands under the last."""
    register = make_register(folder)
    with register.store.write() as connection:
        for name in ("甲局", "乙局"):
            connection.execute(unit.insert().values(name=name, created_at=NOON))
        last = connection.scalar(select(func.max(unit.c.id)))
        connection.execute(unit.update().where(unit.c.name == "甲局").values(superior_id=last))
    deliver(register, [row(n) for n in range(1, 400)])
    person = replace(row(900, name="云泽某", code=""), klass="person", number="示例", secrets={"id": "示例"})
    deliver(register, [row(1, content=content(facts="更正")), person])
    return register


def other_store(folder: Path, kind: str, postgresql: Server) -> Store:
    address = f"sqlite:///{folder / 'other.sqlite'}" if kind == "sqlite" else postgresql.address(empty=True)
    return Store(load(data=folder), address)


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_everything_arrives_as_it_was(tmp_path: Path, to: str, postgresql: Server) -> None:
    register = filled(tmp_path)
    before = everything(register.store)
    with register.store.read() as connection:
        point = checkpoint.renew(connection, register.settings, register.keys)
    target = other_store(tmp_path, to, postgresql)
    told: list[str] = []
    counts = moving.move(register.store, target, NOON, lambda table, _rows: told.append(table))
    assert everything(target) == before
    assert counts == {name: len(rows) for name, rows in before.items()}
    assert told == list(counts)
    finding = proof.verify(target, point)
    assert (finding.entries, finding.records, finding.count) == (401, 400, 0)


def test_there_and_back_again(tmp_path: Path, postgresql: Server) -> None:
    register = filled(tmp_path)
    before = everything(register.store)
    away = other_store(tmp_path, "postgresql", postgresql)
    moving.move(register.store, away, NOON, lambda *_: None)
    home = other_store(tmp_path, "sqlite", postgresql)
    moving.move(away, home, NOON, lambda *_: None)
    assert everything(home) == before


def test_only_the_new_one_goes_on(tmp_path: Path, postgresql: Server) -> None:
    register = filled(tmp_path)
    target = other_store(tmp_path, "postgresql", postgresql)
    moving.move(register.store, target, NOON, lambda *_: None)
    with pytest.raises(StoreError, match="was moved to postgresql"):
        deliver(register, [row(5000)])
    assert proof.verify(register.store).count == 0
    moved = Register(register.settings, target, register.keys, register.clock)
    assert deliver(moved, [row(5000), row(2), row(2, content=content(facts="x"))], unit="新局") != []
    with pytest.raises(StoreError, match="was moved"):
        moving.move(register.store, other_store(tmp_path, "sqlite", postgresql), NOON, lambda *_: None)


def test_a_database_with_a_register_in_it_is_not_filled(tmp_path: Path, postgresql: Server) -> None:
    register = filled(tmp_path)
    other = make_register(tmp_path / "other").store
    before = everything(other)
    with pytest.raises(moving.MoveError, match="holds a register already"):
        moving.move(register.store, other, NOON, lambda *_: None)
    assert everything(other) == before
    assert deliver(register, [row(5000)]) == [Outcome.ACCEPTED]
    with pytest.raises(moving.MoveError, match="no register"):
        moving.move(other_store(tmp_path, "postgresql", postgresql), other, NOON, lambda *_: None)


def test_killed_at_any_table_the_target_is_empty_and_the_old_one_goes_on(
    tmp_path: Path, postgresql: Server
) -> None:
    register = filled(tmp_path)
    target = other_store(tmp_path, "postgresql", postgresql)

    class KilledError(Exception):
        pass

    def kill(table: str, _rows: int) -> None:
        if table == "record_version":
            raise KilledError

    with pytest.raises(KilledError):
        moving.move(register.store, target, NOON, kill)
    with target.read() as connection:
        assert connection.scalar(select(func.count()).select_from(meta)) == 0
    assert deliver(register, [row(5000)]) == [Outcome.ACCEPTED]
    moving.move(register.store, target, NOON, lambda *_: None)
    assert proof.verify(target).entries == 402


def test_the_command_says_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "data"))
    root = proof.verify(filled(tmp_path).store).root
    address = registers.new_address(empty=True) or f"sqlite:///{tmp_path / 'other.sqlite'}"
    result = CliRunner().invoke(main, ["move", "--to", address, "--json"])
    if result.exit_code:
        pytest.fail(f"{result.output} {result.exception!r}")
    said = json.loads(result.stdout)
    assert (said["root"], said["differences"]) == (root, 0)
    monkeypatch.setenv("CREDIT_DATABASE_URL", address)
    assert proof.verify(open_register().store).root == root
