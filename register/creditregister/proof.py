"""Checking the ledger against itself, against what is public now, and against a checkpoint kept elsewhere.

Without a checkpoint from outside this finds any change made to entries or current public bytes by somebody
who did not also rewrite all that follows; only ``against`` proves anything against the operator (DESIGN 3).
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Connection, and_, select

from creditregister import ledger, subjects
from creditregister.publication import subject_commitment
from creditregister.records import id_text
from creditregister.schema import ledger as ledger_table
from creditregister.schema import ledger_node, record, record_version, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from creditregister.checkpoint import Checkpoint
    from creditregister.store import Store

PAGE = 5_000
#: Differences that are listed; the count goes on.
LISTED = 50


@dataclass(slots=True)
class Finding:
    """What a check found: how much was looked at, and each difference in a sentence."""

    entries: int = 0
    records: int = 0
    root: str = ""
    count: int = 0
    differences: list[str] = field(default_factory=list)

    def differs(self, sentence: str) -> None:
        """Note a difference."""
        self.count += 1
        if len(self.differences) < LISTED:
            self.differences.append(sentence)


def verify(store: Store, against: Checkpoint | None = None) -> Finding:
    """Check every entry, every kept node, every public record; and ``against``, if one is given."""
    finding = Finding()
    _check_entries(store, finding, against)
    _check_records(store, finding)
    _check_subjects(store, finding)
    return finding


def _check_entries(store: Store, finding: Finding, against: Checkpoint | None) -> None:
    stack: list[tuple[int, int, bytes]] = []
    last_time = 0
    for entry in _entries(store):
        finding.entries += 1
        if entry.seq != finding.entries:
            finding.differs(f"Entry {finding.entries} is missing; {entry.seq} follows {finding.entries - 1}.")
            return
        if entry.time < last_time:
            finding.differs(f"Entry {entry.seq} is dated before the one above it.")
        last_time = entry.time
        _check_leaf(entry, finding)
        _push(stack, entry.hash, finding, store)
        if against and entry.seq == against.size:
            _compare_root(stack, against, finding)
    finding.root = ledger.fold_peaks([node for _, _, node in stack]).hex()
    if against and against.size > finding.entries:
        finding.differs(
            f"The checkpoint speaks of {against.size} entries; the ledger ends at {finding.entries}."
        )
    with store.read() as connection:
        if against and against.origin != ledger.origin(connection):
            finding.differs(f"The checkpoint is of the log {against.origin}, not of this one.")


def _compare_root(stack: list[tuple[int, int, bytes]], against: Checkpoint, finding: Finding) -> None:
    if ledger.fold_peaks([node for _, _, node in stack]) != against.root:
        finding.differs(f"The first {against.size} entries are not those of the checkpoint.")


def _check_leaf(entry: ledger.Entry, finding: Finding) -> None:
    if ledger.leaf_hash(entry.leaf) != entry.hash:
        finding.differs(f"Entry {entry.seq}: its hash does not fit its bytes.")
    try:
        leaf = orjson.loads(entry.leaf)
        fits = (leaf["seq"], leaf["time"], leaf["action"]) == (entry.seq, entry.time, entry.action)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        fits = False
    if not fits:
        finding.differs(f"Entry {entry.seq}: its bytes tell something else than its columns.")


def _push(stack: list[tuple[int, int, bytes]], hashed: bytes, finding: Finding, store: Store) -> None:
    """Grow the tree by one leaf; where a subtree of 256^k leaves is full, compare it with the kept node."""
    height, place, node = 0, finding.entries - 1, hashed
    while stack and stack[-1][0] == height:
        node = ledger.node_hash(stack.pop()[2], node)
        height, place = height + 1, place // 2
        if height % 8 == 0 and _kept(store, height // 8, place) != node:
            finding.differs(
                f"The kept node {place} of level {height // 8} does not fit the entries below it."
            )
    stack.append((height, place, node))


def _kept(store: Store, level: int, place: int) -> bytes | None:
    with store.read() as connection:
        wanted = select(ledger_node.c.hash).where(ledger_node.c.level == level, ledger_node.c.place == place)
        return connection.scalar(wanted)


def _entries(store: Store) -> Iterator[ledger.Entry]:
    seq = 0
    while True:
        with store.read() as connection:
            page = ledger.after(connection, seq, PAGE)
        if not page:
            return
        yield from page
        seq = page[-1].seq


def _check_records(store: Store, finding: Finding) -> None:
    after = 0
    while True:
        with store.read() as connection:
            after, count = _check_page(connection, after, finding)
        finding.records += count
        if not count:
            return


def _check_page(connection: Connection, after: int, finding: Finding) -> tuple[int, int]:
    """Each public record's bytes and salt must give the commitment of the entry that its seq names."""
    current = and_(record_version.c.n == record.c.n, record_version.c.version == record.c.version)
    query = (
        select(
            record.c.n, record.c.id, record.c.kind, record.c.version, record.c.seq,
            record_version.c.public, record_version.c.salt, record_version.c.reason, ledger_table.c.leaf,
        )
        .join(record_version, current)
        .outerjoin(ledger_table, ledger_table.c.seq == record.c.seq)
        .where(record.c.n > after, record.c.state == "public")
        .order_by(record.c.n)
        .limit(PAGE)
    )  # fmt: skip
    rows = connection.execute(query).all()
    for row in rows:
        if row.leaf is None or row.public is None or row.salt is None:
            finding.differs(f"Record {id_text(row.id)} is public without entry, bytes or salt.")
            continue
        commit = ledger.commitment(
            row.salt,
            record=id_text(row.id),
            version=row.version,
            kind=row.kind,
            reason=row.reason,
            public=row.public,
        )
        if not hmac.compare_digest(commit.hex(), orjson.loads(row.leaf).get("commit", "")):
            finding.differs(f"Record {id_text(row.id)}: its public bytes are not those of entry {row.seq}.")
    return (rows[-1].n if rows else after), len(rows)


def _check_subjects(store: Store, finding: Finding) -> None:
    """What is said of each subject that has changed since it was made must be what was logged."""
    after = 0
    while True:
        with store.read() as connection:
            query = (
                select(subject.c.id, subject.c.salt, ledger_table.c.leaf, ledger_table.c.reason)
                .outerjoin(ledger_table, ledger_table.c.seq == subject.c.seq)
                .where(subject.c.id > after, subject.c.version > 0)
                .order_by(subject.c.id)
                .limit(PAGE)
            )
            rows = connection.execute(query).all()
            known = subjects.by_ids(connection, [row.id for row in rows])
        for row in rows:
            of = known[row.id]
            if row.leaf is None or row.salt is None:
                finding.differs(f"Subject {of.code} was changed without an entry or a salt.")
                continue
            commit = subject_commitment(row.salt, of, of.version, row.reason)
            if not hmac.compare_digest(commit.hex(), orjson.loads(row.leaf).get("commit", "")):
                finding.differs(f"Subject {of.code}: its names and codes are not those of the ledger.")
        if not rows:
            return
        after = rows[-1].id
