"""The one ledger: every change of what is public, append-only, with an RFC 6962 tree over it (DESIGN 3).

An entry is written in the transaction that makes the change. Its *leaf* is canonical JSON
``{v, seq, time, action, commit}``, where ``commit = HMAC-SHA256(salt, canonical{record, version, kind,
reason, digest of public bytes})``: it binds the operator to what was shown, and tells nothing once the
salt is gone. Hashes of full subtrees of 256, 256², … leaves are kept, so a root costs a few hundred
hashes at any size.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from creditregister.prepared import Prepared
from creditregister.schema import ledger, ledger_node, meta
from creditregister.store import StoreError, insert_many, lock_ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Leaves or nodes under one kept node: the width of a tile in C2SP tlog-tiles.
WIDTH = 256
ACTIONS = frozenset({"publish", "correct", "mark", "shield", "restore", "withdraw", "subject", "head"})
#: The key of ``meta`` that says where a register was moved.
MOVED = "moved"
COLUMNS = ("seq", "time", "leaf", "hash", "action", "n", "subject_id", "version", "reason", "told")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of what is public, before it has its place in the ledger.

    ``told`` is what the changes feed 变更通报 says of it: empty for what re-users never had.
    """

    action: str
    commit: bytes
    n: int | None = None
    version: int | None = None
    subject_id: int | None = None
    reason: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: the exact leaf, its hash, and privately what it was about. ``time`` in milliseconds."""

    seq: int
    time: int
    leaf: bytes
    hash: bytes
    action: str
    n: int | None
    subject_id: int | None
    version: int | None
    reason: str
    told: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the ledger ends: the origin of this log, its last seq (0: empty) and that entry's leaf hash."""

    origin: str
    seq: int
    hash: bytes
    time: int


def commitment(salt: bytes, *, record: str, version: int, kind: str, reason: str, public: bytes) -> bytes:
    """What a leaf commits to; ``record`` is the public id, ``public`` the canonical bytes that were shown."""
    digest = hashlib.sha256(public).hexdigest()
    # Ids, kinds, reasons are plain ASCII words, so this is canonical; a test holds it against ``canonical``.
    fact = (
        f'{{"digest":"{digest}","kind":"{kind}","reason":"{reason}","record":"{record}","version":{version}}}'
    )
    return hmac.digest(salt, fact.encode("ascii"), "sha256")


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962 section 2.1: the hash of a leaf, with its prefix against second preimages."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 section 2.1: the hash of an inner node."""
    return hashlib.sha256(b"\1" + left + right).digest()


def make_leaf(seq: int, time: int, action: str, commit: bytes) -> bytes:
    """The exact bytes of an entry."""
    # Written out, since it is made for every row of a load; a test holds it against ``canonical``.
    return f'{{"action":"{action}","commit":"{commit.hex()}","seq":{seq},"time":{time},"v":1}}'.encode()


def origin(connection: Connection) -> str:
    """The origin line of this log, given once by ``credit-register init``."""
    found = connection.scalar(select(meta.c.value).where(meta.c.key == "origin"))
    return str(found or "")


def head(connection: Connection) -> Head:
    """The end of the ledger; seq 0 with empty hash where nothing was ever published."""
    name = _ORIGIN.rows(connection, {})
    own = str(name[0][0]) if name else ""
    last = _LAST.rows(connection, {})
    return Head(own, *last[0]) if last else Head(own, 0, b"", 0)


def after(connection: Connection, seq: int, limit: int) -> list[Entry]:
    """The entries after ``seq`` in order, at most ``limit``."""
    columns = [ledger.c[name] for name in COLUMNS]
    found = connection.execute(select(*columns).where(ledger.c.seq > seq).order_by(ledger.c.seq).limit(limit))
    return [Entry(*row) for row in found]


def at(connection: Connection, seq: int) -> Entry | None:
    """The entry with that number."""
    found = after(connection, seq - 1, 1)
    return found[0] if found and found[0].seq == seq else None


def append(connection: Connection, changes: Sequence[Change], now: int) -> int:
    """Append in the order given; returns the first new seq. From here on the transaction holds the ledger.

    The time of an entry is never before that of the one above it, whatever the machine's clock does.

    Raises:
        StoreError: this register was moved elsewhere, or the transaction cannot see the ledger's end.
    """
    lock_ledger(connection)
    refuse_moved(connection)
    last = connection.execute(
        select(ledger.c.seq, ledger.c.time).order_by(ledger.c.seq.desc()).limit(1)
    ).one_or_none()
    first = (last.seq if last else 0) + 1
    moment = max(now, last.time if last else 0)
    rows, hashes = [], []
    for seq, change in enumerate(changes, first):
        leaf = make_leaf(seq, moment, change.action, change.commit)
        hashed = leaf_hash(leaf)
        hashes.append(hashed)
        about = (change.action, change.n, change.subject_id, change.version, change.reason, change.told)
        rows.append((seq, moment, leaf, hashed, *about))
    insert_many(connection, ledger, COLUMNS, rows)
    _keep_nodes(connection, first - 1, hashes)
    return first


def refuse_moved(connection: Connection) -> None:
    """Two registers must not go on under one origin.

    Raises:
        StoreError: this one was moved; the message says where.
    """
    moved = connection.scalar(select(meta.c.value).where(meta.c.key == MOVED))
    if moved:
        raise StoreError(f"This register was moved to {moved}; let CREDIT_DATABASE_URL name that database.")


def root(connection: Connection, size: int) -> bytes:
    """The RFC 6962 root over the first ``size`` entries."""
    peaks: list[bytes] = []
    for level in reversed(range(_levels(size))):
        span = WIDTH**level
        done = size // (span * WIDTH) * WIDTH
        peaks.extend(_peaks(_hashes(connection, level, done, size // span - done)))
    return fold_peaks(peaks)


def fold_peaks(peaks: Sequence[bytes]) -> bytes:
    """One root from the hashes of perfect subtrees, the largest first; of nothing, the hash of nothing."""
    if not peaks:
        return hashlib.sha256(b"").digest()
    acc = peaks[-1]
    for left in reversed(peaks[:-1]):
        acc = node_hash(left, acc)
    return acc


def tree_root(hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, with no more memory than the height of the tree."""
    stack: list[tuple[int, bytes]] = []
    for hashed in hashes:
        height, node = 0, hashed
        while stack and stack[-1][0] == height:
            node = node_hash(stack.pop()[1], node)
            height += 1
        stack.append((height, node))
    return fold_peaks([node for _, node in stack])


def _peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """The perfect subtrees that cover ``hashes``, the largest first."""
    peaks, start = [], 0
    for power in reversed(range(len(hashes).bit_length())):
        if len(hashes) >> power & 1:
            peaks.append(tree_root(hashes[start : start + (1 << power)]))
            start += 1 << power
    return peaks


def _levels(size: int) -> int:
    levels = 1
    while size >= WIDTH**levels:
        levels += 1
    return levels


def _hashes(connection: Connection, level: int, start: int, count: int) -> list[bytes]:
    """``count`` hashes of one level from ``start``: leaves at level 0, kept nodes above."""
    if count == 0:
        return []
    if level == 0:
        query = select(ledger.c.hash).where(ledger.c.seq > start, ledger.c.seq <= start + count)
        return list(connection.scalars(query.order_by(ledger.c.seq)))
    places = ledger_node.c.place
    query = select(ledger_node.c.hash).where(ledger_node.c.level == level)
    query = query.where(places >= start, places < start + count).order_by(places)
    return list(connection.scalars(query))


def _keep_nodes(connection: Connection, size: int, new: Sequence[bytes]) -> None:
    """Keep the hash of every subtree of 256^k leaves that the new entries completed."""
    level, start, hashes = 0, size, list(new)
    while hashes:
        open_before = start % WIDTH
        if open_before + len(hashes) < WIDTH:
            return
        hashes = _hashes(connection, level, start - open_before, open_before) + hashes
        full = len(hashes) // WIDTH * WIDTH
        level, start = level + 1, (start - open_before) // WIDTH
        hashes = [tree_root(block) for block in _blocks(hashes[:full])]
        rows = [(level, start + place, hashed) for place, hashed in enumerate(hashes)]
        insert_many(connection, ledger_node, ("level", "place", "hash"), rows)


def _blocks(hashes: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    """Blocks of ``WIDTH`` hashes; the caller has cut off the rest."""
    return (hashes[at : at + WIDTH] for at in range(0, len(hashes), WIDTH))


#: ``head`` as statements: every page asks where the ledger ends.
_LAST = Prepared(select(ledger.c.seq, ledger.c.hash, ledger.c.time).order_by(ledger.c.seq.desc()).limit(1))
_ORIGIN = Prepared(select(meta.c.value).where(meta.c.key == "origin"))
