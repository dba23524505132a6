"""What signed files have in common: the name of the key, and a file that is whole or not there."""

from __future__ import annotations

import base64
import hashlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\1"


def key_hash(origin: str, public: Ed25519PublicKey) -> bytes:
    """The four bytes by which a signed note tells keys of one origin apart (C2SP signed-note)."""
    return hashlib.sha256(origin.encode() + b"\n" + ED25519 + public.public_bytes_raw()).digest()[:4]


def key_name(origin: str, public: Ed25519PublicKey) -> str:
    """The key as a verifier writes it down: origin, hash, type and public key (C2SP signed-note, vkey)."""
    encoded = base64.b64encode(ED25519 + public.public_bytes_raw()).decode()
    return f"{origin}+{key_hash(origin, public).hex()}+{encoded}"


def write_whole(place: Path, content: bytes) -> None:
    """Replace a file in one step that survives a power cut."""
    aside = place.with_suffix(".new")
    with aside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
