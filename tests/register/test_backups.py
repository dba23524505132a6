"""The drill: a register is lost and brought back; killed half-way, from a wrong folder, older than the log."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from creditregister import (
    backups,
    changesfeed,
    checkpoint,
    erasure,
    people,
    proof,
    publication,
    records,
    restoring,
)
from creditregister import keys as key_files
from creditregister.backups import BackupError
from creditregister.checkpoint import CheckpointError
from creditregister.cli import main
from creditregister.clock import FixedClock
from creditregister.keys import KeyFileError
from creditregister.moving import MoveError
from creditregister.opening import Register, initialise, open_register
from creditregister.publication import Author
from creditregister.restoring import Outside, RestoreError
from creditregister.schema import record, record_version
from creditregister.settings import load
from support import killed_copy, registers
from support.registers import NOON, content, deliver, make_register, row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DAY = 86_400_000


@dataclass(frozen=True)
class Lost:
    """A register that was backed up, went on, and was lost: what is left of it outside."""

    folder: Path
    checkpoint: Path
    pages: tuple[Path, ...]
    keys: Path
    ids: dict[int, str]
    gone: Path | None = None


def silent(_table: str, _rows: int) -> None:
    """Nobody listens."""


def ids_of(register: Register) -> dict[int, str]:
    with register.store.read() as connection:
        found = connection.execute(select(record.c.n, record.c.id))
        return {n: records.id_text(raw) for n, raw in found}


def withdraw(register: Register, number: int) -> None:
    with register.store.write() as connection:
        found = records.by_any_number(connection, [number])
        publication.withdraw(connection, found, "ended", Author("staff", "repaired", NOON))


def publish_log(register: Register) -> None:
    """What the site does: sign the head, write the feed."""
    with register.store.read() as connection:
        checkpoint.renew(connection, register.settings, register.keys)
        changesfeed.renew(connection, register.settings, register.keys, NOON)


def lost_register(folder: Path, *, later: bool) -> Lost:
    """Ten records, a backup and, with ``later``, two withdrawals and a correction; then only copies are left."""
    register = make_register(folder / "lost")
    deliver(register, [row(n) for n in range(1, 11)])
    ids = ids_of(register)
    withdraw(register, 1)
    backups.back_up(register, folder / "backup", silent)
    if later:
        withdraw(register, 2)
        withdraw(register, 3)
        deliver(register, [row(4, content=content(facts="更正"))])
        deliver(register, [row(99)])
    publish_log(register)
    outside = folder / "outside"
    shutil.copytree(changesfeed.folder(register.settings), outside)
    shutil.copyfile(checkpoint.path(register.settings), outside / "checkpoint")
    shutil.copytree(key_files.folder(register.settings), folder / "keys")
    register.store.close()
    pages = tuple(sorted(outside.glob("*.jsonl")))
    return Lost(folder / "backup", outside / "checkpoint", pages, folder / "keys", ids)


def fresh(folder: Path, lost: Lost) -> Register:
    """An empty place with the register's own keys."""
    shutil.copytree(lost.keys, folder / "new" / "keys")
    settings = load(data=folder / "new", database_url=registers.new_address(empty=True) or None)
    return open_register(settings, FixedClock(NOON + DAY))


def restore(register: Register, lost: Lost, pages: Sequence[Path] = (), *, accept: bool = False) -> Any:
    outside = Outside(lost.checkpoint, tuple(pages), lost.gone)
    return restoring.restore(register, lost.folder, outside, silent, accept_loss=accept)


def public_numbers(register: Register) -> set[int]:
    with register.store.read() as connection:
        return {item.n for item in records.scan(connection, 0, 1000)}


def test_what_was_lost_comes_back_whole_and_the_log_goes_on(tmp_path: Path) -> None:
    lost = lost_register(tmp_path, later=False)
    register = fresh(tmp_path, lost)
    done = restore(register, lost)
    assert (done.size, done.lost, done.withdrawn) == (11, 0, 0)
    assert ids_of(register) == lost.ids
    assert public_numbers(register) == set(range(2, 11))
    point = checkpoint.verify(lost.checkpoint.read_text(), register.keys.signer().public_key())
    assert proof.verify(register.store, point).count == 0
    deliver(register, [row(20)])
    publish_log(register)
    assert checkpoint.parse(checkpoint.path(register.settings).read_text()).size == 12


def test_person_data_open_again_with_the_keys_and_the_backup_holds_none(tmp_path: Path) -> None:
    register = make_register(tmp_path / "lost")
    person = row(1, klass="person", name="云泽某", code="", secrets={"id": "示例号码"})
    deliver(register, [replace(person, number="示例号码")])
    backups.back_up(register, tmp_path / "backup", silent)
    publish_log(register)
    secrets = [
        json.loads(path.read_text())["key"].encode() for path in (tmp_path / "lost/data/keys").iterdir()
    ]
    held = b"".join(path.read_bytes() for path in (tmp_path / "backup").iterdir())
    assert secrets
    assert not any(secret in held for secret in secrets)
    assert "示例号码".encode() not in held
    shutil.copytree(tmp_path / "lost/data/keys", tmp_path / "keys")
    lost = Lost(tmp_path / "backup", checkpoint.path(register.settings), (), tmp_path / "keys", {})
    back = fresh(tmp_path, lost)
    restore(back, lost)
    with back.store.read() as connection:
        found = people.find(connection, back.keys, "云泽某", "示例号码", back.clock.today())
    assert [item.n for item in found] == [1]


def test_a_restore_never_rolls_the_log_back(tmp_path: Path) -> None:
    lost = lost_register(tmp_path, later=True)
    register = fresh(tmp_path, lost)
    with pytest.raises(RestoreError, match="ends at entry 11, but 4 more were made public"):
        restore(register, lost, lost.pages)
    with pytest.raises(MoveError, match="no register"):
        backups.back_up(register, tmp_path / "nothing", silent)
    done = restore(register, lost, lost.pages, accept=True)
    before = checkpoint.parse(lost.checkpoint.read_text())
    assert (done.lost, done.withdrawn, done.outdated) == (4, 2, [lost.ids[4]])
    assert done.origin == f"{before.origin}/restored-1"
    assert public_numbers(register) == set(range(4, 11)), (
        "what was withdrawn after the backup stays withdrawn"
    )
    publish_log(register)
    signed = checkpoint.parse(checkpoint.path(register.settings).read_text())
    assert (signed.origin, signed.size) == (done.origin, done.size)
    assert proof.verify(register.store).count == 0
    kept = checkpoint.path(register.settings).with_name("checkpoint-of-the-log-before")
    assert kept.read_text() == lost.checkpoint.read_text()


def test_persons_withdrawn_and_what_was_erased_after_the_backup_stay_so(tmp_path: Path) -> None:
    """The feed never names persons, and says nothing of erasing: the list of what is gone does."""
    register = make_register(tmp_path / "lost")
    person = replace(row(1, klass="person", name="云泽某", code=""), number="示例号码")
    deliver(register, [person, *(row(n) for n in range(2, 6))])
    backups.back_up(register, tmp_path / "backup", silent)
    withdraw(register, 1)
    withdraw(register, 2)
    with register.store.write() as connection:
        erasure.erase(connection, [3], erasure.Act("个人信息保护法第四十七条", "甲、乙", NOON))
    publish_log(register)
    (tmp_path / "gone").write_text("\n".join(restoring.gone(register.store)) + "\n")
    place = checkpoint.path(register.settings)
    lost = Lost(tmp_path / "backup", place, (), key_files.folder(register.settings), {}, tmp_path / "gone")
    back = fresh(tmp_path, lost)
    done = restore(back, lost, accept=True)
    assert (done.lost, done.withdrawn, done.erased, done.persons) == (3, 2, 1, 0)
    with back.store.read() as connection:
        content = dict(connection.execute(select(record_version.c.n, record_version.c.content)).all())
        states = dict(connection.execute(select(record.c.n, record.c.state)).all())
    assert states == {1: "ended", 2: "ended", 3: "ended", 4: "public", 5: "public"}
    assert content[3] == ""
    assert sorted(restoring.gone(back.store)) == sorted(restoring.gone(register.store))
    (tmp_path / "gone").write_text("withdrawn nobody\n")
    other = open_register(back.settings.model_copy(update={"data": tmp_path / "x", "database_url": None}))
    shutil.copytree(lost.keys, tmp_path / "x" / "keys")
    with pytest.raises(RestoreError, match="gone line 1"):
        restore(other, lost, accept=True)


def test_what_was_signed_on_this_machine_counts_too(tmp_path: Path) -> None:
    """The outside checkpoint is old, but the data folder survived: its word is heard."""
    lost = lost_register(tmp_path, later=True)
    register = fresh(tmp_path, lost)
    place = checkpoint.path(register.settings)
    place.parent.mkdir(parents=True)
    shutil.copyfile(lost.checkpoint, place)
    shutil.copyfile(lost.folder / "checkpoint", lost.checkpoint)
    with pytest.raises(RestoreError, match="4 more were made public"):
        restore(register, lost)


def test_a_second_loss_begins_a_third_log(tmp_path: Path) -> None:
    lost = lost_register(tmp_path, later=True)
    register = fresh(tmp_path, lost)
    restore(register, lost, lost.pages, accept=True)
    backups.back_up(register, tmp_path / "again", silent)
    deliver(register, [row(50)])
    publish_log(register)
    shutil.copyfile(checkpoint.path(register.settings), lost.checkpoint)
    (tmp_path / "third").mkdir()
    third = fresh(tmp_path / "third", lost)
    done = restoring.restore(third, tmp_path / "again", Outside(lost.checkpoint), silent, accept_loss=True)
    assert done.origin.endswith("/restored-2")


@pytest.mark.parametrize(
    ("harm", "error", "why"),
    [
        ("empty", BackupError, "holds no backup"),
        ("changed", BackupError, "not the file that was written"),
        ("half a manifest", BackupError, "cannot be read"),
        ("later release", BackupError, "another release"),
        ("rewritten", RestoreError, "differs from what was published"),
        ("no keys", KeyFileError, "missing"),
        ("other keys", RestoreError, "made with the key"),
        ("other checkpoint", CheckpointError, "no signature"),
        ("not empty", MoveError, "holds a register already"),
    ],
)
def test_what_must_not_be_restored_is_refused_and_nothing_is_changed(
    tmp_path: Path, harm: str, error: type[Exception], why: str
) -> None:
    lost = lost_register(tmp_path, later=False)
    register = fresh(tmp_path, lost)
    _harm(harm, lost, register, tmp_path)
    with pytest.raises(error, match=why):
        restore(register, lost)
    if harm != "not empty":
        with pytest.raises((MoveError, KeyFileError), match=r"no register|missing"):
            backups.back_up(register, tmp_path / "nothing", silent)
    assert not (register.settings.data / "restoring").exists()


def _harm(harm: str, lost: Lost, register: Register, folder: Path) -> None:
    manifest, database = lost.folder / "manifest.json", lost.folder / "register.sqlite"
    if harm == "empty":
        manifest.unlink()
    elif harm == "changed":
        database.write_bytes(database.read_bytes()[:-1] + b"x")
    elif harm == "half a manifest":
        manifest.write_bytes(manifest.read_bytes()[:50])
    elif harm == "later release":
        manifest.write_text(manifest.read_text().replace('"form": 1', '"form": 2'))
    elif harm == "rewritten":
        _rewrite(lost)
    elif harm == "no keys":
        shutil.rmtree(register.settings.data / "keys")
    elif harm == "other keys":
        shutil.rmtree(register.settings.data / "keys")
        key_files.make(register.settings)
    elif harm == "other checkpoint":
        other = make_register(folder / "other")
        publish_log(other)
        shutil.copyfile(checkpoint.path(other.settings), lost.checkpoint)
    else:
        initialise(register)


def _rewrite(lost: Lost) -> None:
    """Somebody changes a public text in the backup, and the manifest with it."""
    import sqlite3  # noqa: PLC0415 -- the tampering itself

    with sqlite3.connect(lost.folder / "register.sqlite") as database:
        database.execute("UPDATE record_version SET public = CAST('{}' AS BLOB) WHERE n = 5")
    database.close()
    values = json.loads((lost.folder / "manifest.json").read_text())
    values["sha256"] = backups.digest(lost.folder / "register.sqlite")
    (lost.folder / "manifest.json").write_text(json.dumps(values))


def die(register: Register, table: str, *arguments: object) -> None:
    """Run it in another process that is killed after that table."""
    address = register.settings.database_url
    given = address.get_secret_value() if address else ""
    program = [sys.executable, killed_copy.__file__, str(register.settings.data), given, table]
    ended = subprocess.run([*program, *map(str, arguments)], check=False, capture_output=True, timeout=60)
    assert ended.returncode == -9, ended.stderr.decode()


def test_a_backup_that_is_killed_is_none(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 11)])
    die(register, "record", "backup", tmp_path / "backup")
    assert not (tmp_path / "backup").exists()
    with pytest.raises(BackupError, match="holds no backup"):
        backups.read(tmp_path / "backup.unfinished")
    backups.back_up(register, tmp_path / "backup", silent)
    assert backups.read(tmp_path / "backup").size == 10
    assert sorted(path.name for path in (tmp_path / "backup").iterdir()) == [
        "checkpoint", "manifest.json", "register.sqlite",
    ]  # fmt: skip
    assert not (tmp_path / "backup.unfinished").exists()
    with pytest.raises(BackupError, match="holds something already"):
        backups.back_up(register, tmp_path / "backup", silent)


def test_a_restore_that_is_killed_is_begun_again(tmp_path: Path) -> None:
    lost = lost_register(tmp_path, later=False)
    register = fresh(tmp_path, lost)
    die(register, "record", "restore", lost.folder, lost.checkpoint)
    with pytest.raises(MoveError, match="no register"):
        backups.back_up(register, tmp_path / "nothing", silent)
    restore(register, lost)
    assert public_numbers(register) == set(range(2, 11))


def test_a_backup_keeps_nobody_waiting(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])

    def meanwhile(_table: str, _rows: int) -> None:
        deliver(register, [row(2)])

    manifest = backups.back_up(register, tmp_path / "backup", meanwhile)
    assert manifest.size == 1
    assert proof.verify(register.store).entries == 2


def test_the_commands_tell_what_they_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = lost_register(tmp_path, later=True)
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "lost" / "data"))
    made = CliRunner().invoke(main, ["backup", str(tmp_path / "second"), "--json"])
    assert json.loads(made.stdout)["size"] == 15
    register = fresh(tmp_path, lost)
    monkeypatch.setenv("CREDIT_DATA", str(register.settings.data))
    if register.settings.database_url:
        monkeypatch.setenv("CREDIT_DATABASE_URL", register.settings.database_url.get_secret_value())
    given = ["restore", str(lost.folder), "--checkpoint", str(lost.checkpoint)]
    refused = CliRunner().invoke(main, given)
    assert refused.exit_code == 2
    assert "--accept-loss" in refused.output
    pages = [part for page in lost.pages for part in ("--changes", str(page))]
    told = CliRunner().invoke(main, [*given, *pages, "--accept-loss"])
    assert told.exit_code == 0, told.output
    assert "2 records withdrawn again" in told.stdout
    assert "4 entries are lost" in told.stdout
    assert "credit-index rebuild" in told.stdout
