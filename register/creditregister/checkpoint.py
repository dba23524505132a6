"""Signed heads of the ledger: C2SP tlog-checkpoint in a signed note (DESIGN 3).

A checkpoint says: this log, of this origin, had so many entries and this root. It is written to
``CREDIT_DATA/log/checkpoint`` and served at ``/log/checkpoint``; kept elsewhere, it is what proves anything
against the operator. A smaller or another tree than the one signed last is never signed.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature

from creditregister import ledger
from creditregister.errors import CreditError
from creditregister.signing import key_hash, key_name, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from sqlalchemy import Connection

    from creditregister.keys import Keys
    from creditregister.settings import Settings

DASH = "\N{EM DASH}"


class CheckpointError(CreditError):
    """A checkpoint that cannot be read, trusted, or signed; the message says why."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The signed text, its last line break included."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def path(settings: Settings) -> Path:
    """The file that holds the newest signed checkpoint."""
    return settings.data / "log" / "checkpoint"


def key_path(settings: Settings) -> Path:
    """The file that holds the public key by which anybody can check what this log signs."""
    return path(settings).with_name("key")


def sign(point: Checkpoint, keys: Keys) -> str:
    """The signed note: body, empty line, one signature line."""
    signer = keys.signer()
    blob = key_hash(point.origin, signer.public_key()) + signer.sign(point.body.encode())
    return f"{point.body}\n{DASH} {point.origin} {base64.b64encode(blob).decode()}\n"


def parse(note: str) -> Checkpoint:
    """What a note says, its signature not looked at.

    Raises:
        CheckpointError: it is no checkpoint.
    """
    lines = note.split("\n")
    try:
        origin, size, root = lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True)
    except (IndexError, ValueError) as error:
        raise CheckpointError(
            "This is no checkpoint: origin, size and root are its first three lines."
        ) from error
    if not origin or size < 0 or len(root) != hashlib.sha256().digest_size:
        raise CheckpointError("This is no checkpoint: its origin, size or root is malformed.")
    return Checkpoint(origin, size, root)


def verify(note: str, public: Ed25519PublicKey) -> Checkpoint:
    """What a note says, if this key signed it.

    Raises:
        CheckpointError: it is no checkpoint, or not signed by this key.
    """
    point = parse(note)
    wanted = key_hash(point.origin, public)
    for line in note.partition("\n\n")[2].splitlines():
        name, _, encoded = line.removeprefix(f"{DASH} ").rpartition(" ")
        blob = _decoded(encoded)
        if name == point.origin and blob[:4] == wanted:
            try:
                public.verify(blob[4:], point.body.encode())
            except InvalidSignature as error:
                raise CheckpointError("The checkpoint's signature does not fit its text.") from error
            return point
    raise CheckpointError("The checkpoint carries no signature by this log's key.")


def now(connection: Connection) -> Checkpoint:
    """The unsigned checkpoint of the ledger as it is."""
    head = ledger.head(connection)
    return Checkpoint(head.origin, head.seq, ledger.root(connection, head.seq))


def renew(connection: Connection, settings: Settings, keys: Keys) -> Checkpoint:
    """Sign the ledger's head and write it where the site serves it, unless nothing has changed.

    Raises:
        CheckpointError: the ledger is smaller than, or differs from, what was signed last.
    """
    point = now(connection)
    place = path(settings)
    if place.is_file():
        last = verify(place.read_text(encoding="utf-8"), keys.signer().public_key())
        if last == point:
            return point
        refuse_rollback(connection, last, point)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(key_path(settings), f"{key_name(point.origin, keys.signer().public_key())}\n".encode())
    write_whole(place, sign(point, keys).encode())
    return point


def refuse_rollback(connection: Connection, last: Checkpoint, point: Checkpoint) -> None:
    """Compare the ledger with a checkpoint that was signed before.

    Raises:
        CheckpointError: another log, a smaller tree, or other entries under the same numbers.
    """
    if last.origin != point.origin:
        raise CheckpointError(f"The last checkpoint is of {last.origin}, this log is {point.origin}.")
    if last.size > point.size:
        raise CheckpointError(f"The ledger ends at {point.size}, but {last.size} entries were signed before.")
    if ledger.root(connection, last.size) != last.root:
        raise CheckpointError(f"The first {last.size} entries are not those that were signed before.")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
