"""Backups of the register: one folder, whole or not there, that holds no keys (DESIGN 3, Restore).

The folder holds ``register.sqlite`` (a copy of all tables as of one moment, whichever database they are
kept in), ``checkpoint`` (the signed head of the ledger in it) and ``manifest.json``, which is written last.
Person data stay sealed in it; without the keys, which must be kept elsewhere, they cannot be opened.
"""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from creditregister import checkpoint, moving
from creditregister.clock import iso
from creditregister.errors import CreditError
from creditregister.keys import NAMES
from creditregister.signing import write_whole
from creditregister.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from creditregister.opening import Register

FORM = 1
DATABASE, CHECKPOINT, MANIFEST = "register.sqlite", "checkpoint", "manifest.json"
#: What a folder is called while it is written; a killed backup leaves only such a one.
UNFINISHED = ".unfinished"


class BackupError(CreditError):
    """A backup that cannot be made or trusted; the message says why and what to do."""


class Manifest(BaseModel):
    """What a backup holds: of which log, up to where, made with which keys; no secret stands in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: int
    made_at: str
    origin: str
    size: int
    root: str
    sha256: str
    keys: dict[str, str]
    rows: dict[str, int]


def back_up(register: Register, folder: Path, told: Callable[[str, int], None]) -> Manifest:
    """Write the register as it is at this moment into ``folder``; nobody waits for it meanwhile.

    Raises:
        BackupError: the folder holds something already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} holds something already; name a new folder for each backup.")
    aside = folder.with_name(folder.name + UNFINISHED)
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True, mode=0o700)
    with register.store.snapshot() as connection:
        moving.refuse_nothing(connection, register.store.label)
        point = checkpoint.now(connection)
        target = Store(register.settings, f"sqlite:///{aside / DATABASE}")
        rows = moving.fill(connection, target, told)
        target.close()
    (aside / DATABASE).with_suffix(".lock").unlink(missing_ok=True)
    write_whole(aside / CHECKPOINT, checkpoint.sign(point, register.keys).encode())
    manifest = Manifest(
        form=FORM,
        made_at=iso(register.clock.now()),
        origin=point.origin,
        size=point.size,
        root=point.root.hex(),
        sha256=digest(aside / DATABASE),
        keys={name: register.keys.key(name).id for name in NAMES},
        rows=rows,
    )
    write_whole(aside / MANIFEST, orjson.dumps(manifest.model_dump(), option=orjson.OPT_INDENT_2))
    aside.replace(folder)
    return manifest


def read(folder: Path) -> Manifest:
    """What the backup in ``folder`` holds, its database compared with what was written.

    Raises:
        BackupError: this is no backup, an unfinished one, a damaged one, or one of a later release.
    """
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
        found = digest(folder / DATABASE)
    except FileNotFoundError as error:
        raise BackupError(
            f"{folder} holds no backup: {MANIFEST} or {DATABASE} is missing. "
            f"Folders that end in {UNFINISHED} were left by a backup that was killed."
        ) from error
    except ValidationError as error:
        raise BackupError(f"{folder / MANIFEST} cannot be read; take another backup.") from error
    if manifest.form != FORM:
        raise BackupError(f"{folder} was written by another release (form {manifest.form}); use that one.")
    if found != manifest.sha256:
        raise BackupError(f"{folder / DATABASE} is not the file that was written; take another backup.")
    return manifest


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
