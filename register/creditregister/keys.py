"""The keys of a register: sealing person data, finding persons, signing the log (DESIGN 3, SECURITY 3).

Each key is one file in ``CREDIT_DATA/keys`` (or in the secrets folder), ``<name>.json`` with an id, whether
it is a demo key, and 32 bytes in base64. Production needs its own: a demo key is refused unless the data
folder carries the demo's marker.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from creditregister.errors import CreditError

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.settings import Settings

#: ``seal`` encrypts person data, ``lookup`` finds persons, ``digest`` hides natural keys, ``log`` signs.
NAMES = ("seal", "lookup", "digest", "log")
#: Bytes of a keyed digest that are kept: 128 bits, so that no two of 2^36 records collide in practice.
KEPT = 16
NONCE = 12


class KeyFileError(CreditError):
    """A key is missing, unreadable, or not for this place; the message says what to do."""


@dataclass(frozen=True)
class Key:
    """One key: 32 secret bytes and the id that is stored beside what it made."""

    id: str
    secret: bytes
    demo: bool = False

    def __repr__(self) -> str:
        """Never the secret: keys end up in tracebacks."""
        return f"Key({self.id!r})"


class Keys:
    """The four keys of a register. Workers that need only one of them get only one file to read."""

    def __init__(self, folder: Path, *, demo: bool) -> None:
        self._folder = folder
        self._demo = demo
        self._known: dict[str, Key] = {}

    def key(self, name: str) -> Key:
        """The key of that name, read when first asked for.

        Raises:
            KeyFileError: it is not there, unreadable, or a demo key outside a demo.
        """
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def digest(self, label: str, data: bytes) -> bytes:
        """A keyed digest of ``data`` for the use ``label``, 16 bytes: tells nothing without the key."""
        key = self.key("digest").secret
        # BLAKE2b with its own key and use: a third of the time of HMAC, and a load makes three of them a row.
        return hashlib.blake2b(data, digest_size=KEPT, key=key, person=label.encode()).digest()

    def lookup(self, name: str, number: str) -> bytes:
        """The keyed hash by which a person's record is found: folded name ‖ number, 16 bytes."""
        return hmac.digest(self.key("lookup").secret, f"{name}\0{number}".encode(), "sha256")[:KEPT]

    def seal(self, text: str, bound_to: str) -> tuple[str, bytes]:
        """Encrypt ``text`` (AES-256-GCM); it opens only with the same ``bound_to``.

        Returns the id of the key and the bytes.
        """
        key = self.key("seal")
        nonce = secrets.token_bytes(NONCE)
        return key.id, nonce + AESGCM(key.secret).encrypt(nonce, text.encode(), bound_to.encode())

    def unseal(self, key_id: str, sealed: bytes, bound_to: str) -> str:
        """Decrypt what ``seal`` made.

        Raises:
            KeyFileError: another key made it, it was changed, or it belongs elsewhere.
        """
        key = self.key("seal")
        if key.id != key_id:
            raise KeyFileError(f"Sealed with key {key_id}, but the seal key here is {key.id}.")
        try:
            return AESGCM(key.secret).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to.encode()).decode()
        except InvalidTag as error:
            raise KeyFileError(f"What is sealed for {bound_to} does not open: changed, or moved.") from error

    def signer(self) -> Ed25519PrivateKey:
        """The key that signs the log's heads."""
        return Ed25519PrivateKey.from_private_bytes(self.key("log").secret)

    def _read(self, name: str) -> Key:
        path = self._folder / f"{name}.json"
        try:
            values = json.loads(path.read_text(encoding="ascii"))
            key = Key(str(values["id"]), base64.b64decode(values["key"], validate=True), bool(values["demo"]))
        except FileNotFoundError as error:
            raise KeyFileError(f"Key file {path} is missing: run `credit-register init`.") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise KeyFileError(f"Key file {path} is unreadable: {error}") from error
        if len(key.secret) != hashlib.sha256().digest_size:
            raise KeyFileError(f"Key file {path} does not hold 32 bytes.")
        if key.demo and not self._demo:
            raise KeyFileError(
                f"{path} is a demo key, and this data folder is no demo: make keys of its own."
            )
        return key


def folder(settings: Settings) -> Path:
    """Where the keys stand: the secrets folder if one is set, else ``CREDIT_DATA/keys``."""
    return settings.secrets or settings.data / "keys"


def load(settings: Settings) -> Keys:
    """The keys of this register; nothing is read before it is needed."""
    return Keys(folder(settings), demo=settings.demo)


def make(settings: Settings, seed: str | None = None) -> list[str]:
    """Make the keys that are missing, readable by their owner only; returns their names.

    With ``seed`` they are the demo's: the same for everybody, marked as such, refused elsewhere.
    """
    place = folder(settings)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = []
    for name in NAMES:
        path = place / f"{name}.json"
        if path.exists():
            continue
        secret = hashlib.sha256(f"demo {name} {seed}".encode()).digest() if seed else secrets.token_bytes(32)
        # A demo key is as public as the demo's seed, so its id may tell which one it is.
        label = f"demo-{name}" if seed else f"{name}-{secrets.token_hex(4)}"
        text = json.dumps({"id": label, "demo": seed is not None, "key": base64.b64encode(secret).decode()})
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
        made.append(name)
    return made
