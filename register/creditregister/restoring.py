"""A register brought back from a backup, without rolling the public log back (DESIGN 3, Restore).

A backup is older than what the public saw last. So restoring demands a checkpoint that was kept outside;
takes back what the changes feed says was withdrawn after the backup *before* anything is stored where a site
could serve it; and, where entries of the ledger are lost, begins a new log: the old one is never signed again
at a smaller size, nor with other entries.
"""

from __future__ import annotations

import re
import shutil
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from creditregister import backups, changesfeed, checkpoint, erasure, moving, proof, publication, records
from creditregister.erasure import Act
from creditregister.errors import CreditError
from creditregister.opening import upgrade
from creditregister.publication import Author
from creditregister.records import id_bytes, id_text
from creditregister.schema import erasure as erasure_table
from creditregister.schema import meta, record
from creditregister.signing import write_whole
from creditregister.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from creditregister.backups import Manifest
    from creditregister.checkpoint import Checkpoint
    from creditregister.opening import Register

#: Ids that one statement looks up.
AT_ONCE = 500
#: Records of one read of what is gone.
PAGE = 10_000


class RestoreError(CreditError):
    """A backup that must not be restored so; the message says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What was kept outside of the machine that is lost.

    The newest signed ``checkpoint`` that left the house; pages of the ``changes`` feed; the list that
    ``gone`` wrote last.
    """

    checkpoint: Path
    changes: tuple[Path, ...] = ()
    gone: Path | None = None


@dataclass(frozen=True, slots=True)
class Later:
    """What is known to have happened after the backup; ``upto`` is the last entry that was heard of."""

    upto: int = 0
    withdrawn: frozenset[str] = frozenset()
    corrected: frozenset[str] = frozenset()
    erased: frozenset[str] = frozenset()


@dataclass(slots=True)
class Restored:
    """What came of it: lost entries of the log, records taken back, records that show an older version.

    ``persons`` counts public records of natural persons where entries are lost and no list of what is gone
    was given: the feed never names them.
    """

    origin: str
    size: int
    lost: int = 0
    withdrawn: int = 0
    erased: int = 0
    outdated: list[str] = field(default_factory=list)
    persons: int = 0


def restore(
    register: Register,
    folder: Path,
    outside: Outside,
    told: Callable[[str, int], None],
    *,
    accept_loss: bool,
) -> Restored:
    """Bring the backup in ``folder`` into the empty database of ``register``.

    Killed at any moment, the database is empty and the next call begins anew.

    Raises:
        RestoreError, BackupError, CheckpointError, ChangesError, KeyFileError, MoveError: why it must not be.
    """
    moving.refuse_filled(register.store)
    manifest = backups.read(folder)
    _refuse_other_keys(register, manifest)
    public = register.keys.signer().public_key()
    point = checkpoint.verify(outside.checkpoint.read_text(encoding="utf-8"), public)
    later = _later(manifest, [changesfeed.verify(path.read_bytes(), public) for path in outside.changes])
    if outside.gone:
        later = _with_gone(later, outside.gone)
    with _scratch(register, folder) as scratch:
        _refuse_other_history(scratch, manifest, point)
        lost = max(point.size, later.upto, _signed_here(register, manifest)) - manifest.size
        if lost > 0 and not accept_loss:
            raise RestoreError(
                f"The backup ends at entry {manifest.size}, but {lost} more were made public. Take "
                "a newer one, or accept the loss (--accept-loss) and give the changes feed (--changes): "
                "a new log begins, and what was withdrawn since is withdrawn again."
            )
        done = _bring_up_to_date(register, scratch, later, max(lost, 0))
        if lost > 0 and outside.gone is None:
            done.persons = _count_persons(scratch)
        with scratch.snapshot() as old:
            moving.fill(old, register.store, told)
    _keep_checkpoint(register, outside.checkpoint, point, continued=lost <= 0)
    return done


def _refuse_other_keys(register: Register, manifest: Manifest) -> None:
    for name, wanted in manifest.keys.items():
        found = register.keys.key(name).id
        if found != wanted:
            raise RestoreError(
                f"The backup was made with the key {wanted}, here is {found}. "
                "Put the register's own keys in place first: without them its person data stay sealed."
            )


def _later(manifest: Manifest, pages: Sequence[changesfeed.Page]) -> Later:
    """What the pages tell of the time after the backup; of a record's changes the last one counts."""
    last: dict[str, str] = {}
    for page in sorted(pages, key=lambda page: page.number):
        if page.origin != manifest.origin:
            raise RestoreError(f"A page is of the log {page.origin}, the backup of {manifest.origin}.")
        last |= {each["id"]: each["change"] for each in page.changes if each["seq"] > manifest.size}
    by_change = {
        change: frozenset(number for number, found in last.items() if found == change)
        for change in ("withdrawn", "corrected")
    }
    return Later(max((page.upto for page in pages), default=0), **by_change)


def gone(store: Store) -> Iterator[str]:
    """Every record that is no longer public, a line each: ``withdrawn`` or ``erased``, and its public id.

    To be kept outside, and not in public: persons are in it. A restore makes it true again.
    """
    query = (
        select(record.c.n, record.c.id, erasure_table.c.n)
        .outerjoin(erasure_table, erasure_table.c.n == record.c.n)
        .where(record.c.withdrawn_at.is_not(None), record.c.state != "public")
        .order_by(record.c.n)
        .limit(PAGE)
    )
    after = 0
    while True:
        with store.read() as connection:
            page = connection.execute(query.where(record.c.n > after)).all()
        yield from (
            f"{'withdrawn' if erased is None else 'erased'} {id_text(raw)}" for _, raw, erased in page
        )
        if not page:
            return
        after = page[-1][0]


def _with_gone(later: Later, path: Path) -> Later:
    """What the list adds to what the feed tells.

    Raises:
        RestoreError: a line is none that ``gone`` writes.
    """
    found: dict[str, set[str]] = {"withdrawn": set(later.withdrawn), "erased": set()}
    for place, line in enumerate(path.read_text(encoding="ascii", errors="replace").splitlines(), 1):
        word, _, number = line.partition(" ")
        if word not in found or id_bytes(number) is None:
            raise RestoreError(f"{path.name} line {place} is not from `credit-register gone`.")
        found[word].add(number)
    withdrawn, erased = frozenset(found["withdrawn"]), frozenset(found["erased"])
    return replace(later, withdrawn=withdrawn, corrected=later.corrected - withdrawn, erased=erased)


@contextmanager
def _scratch(register: Register, folder: Path) -> Iterator[Store]:
    """A copy of the backup that may be changed, in a place that no site serves; removed in any case."""
    place = register.settings.data / "restoring"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True, mode=0o700)
    try:
        shutil.copyfile(folder / backups.DATABASE, place / backups.DATABASE)
        with closing(Store(register.settings, f"sqlite:///{place / backups.DATABASE}")) as store:
            upgrade(store)
            yield store
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _refuse_other_history(scratch: Store, manifest: Manifest, point: Checkpoint) -> None:
    """The ledger must be whole in itself, and hold what the checkpoint says, as far as it goes."""
    if point.origin != manifest.origin:
        raise RestoreError(f"The checkpoint is of the log {point.origin}, the backup of {manifest.origin}.")
    finding = proof.verify(scratch, point if point.size <= manifest.size else None)
    if finding.count or finding.entries != manifest.size or finding.root != manifest.root:
        first = next(iter(finding.differences), "its ledger is not the one that the manifest names")
        raise RestoreError(f"The backup differs from what was published: {first} Take another one.")


def _signed_here(register: Register, manifest: Manifest) -> int:
    """The size that was signed last on this machine, where its file survived."""
    place = checkpoint.path(register.settings)
    if not place.is_file():
        return 0
    last = checkpoint.verify(place.read_text(encoding="utf-8"), register.keys.signer().public_key())
    return last.size if last.origin == manifest.origin else 0


def _bring_up_to_date(register: Register, scratch: Store, later: Later, lost: int) -> Restored:
    """Withdraw again what was withdrawn since, under the name of the new log where entries are lost."""
    now = register.clock.now()
    with scratch.write() as connection:
        point = checkpoint.now(connection)
        done = Restored(point.origin, point.size, lost)
        if lost:
            done.origin = _begin_new_log(connection, register, point)
        author = Author("credit-register restore", "withdrawn-before", now)
        for items in _public(connection, sorted(later.withdrawn)):
            publication.withdraw(connection, items, "ended", author)
            done.withdrawn += len(items)
        act = Act("restored from a backup: it was erased after it", author.who, now)
        done.erased = erasure.erase(connection, _numbers(connection, later.erased), act)
        done.outdated = [item.id for items in _public(connection, sorted(later.corrected)) for item in items]
        done.size = checkpoint.now(connection).size
    return done


def _public(connection: Connection, ids: Sequence[str]) -> Iterator[list[records.Published]]:
    """Those of the ids that are public in the backup, in parts."""
    for start in range(0, len(ids), AT_ONCE):
        raw = [found for found in map(id_bytes, ids[start : start + AT_ONCE]) if found]
        wanted = select(record.c.n).where(record.c.id.in_(raw), record.c.state == "public")
        yield records.by_any_number(connection, list(connection.scalars(wanted)))


def _numbers(connection: Connection, ids: Iterable[str]) -> list[int]:
    """The private numbers of those ids that the backup knows."""
    raw = [found for found in map(id_bytes, sorted(ids)) if found]
    found: list[int] = []
    for start in range(0, len(raw), AT_ONCE):
        wanted = select(record.c.n).where(record.c.id.in_(raw[start : start + AT_ONCE]))
        found += connection.scalars(wanted)
    return found


def _count_persons(scratch: Store) -> int:
    persons = select(func.count()).select_from(record).where(record.c["class"] == "person")
    with scratch.read() as connection:
        return connection.scalar(persons.where(record.c.state == "public")) or 0


def _begin_new_log(connection: Connection, register: Register, point: Checkpoint) -> str:
    """Give the log another name: the configured one if it is new, else the next number behind the old one."""
    found = re.fullmatch(r"(.*)/restored-(\d+)", point.origin)
    name, number = (found[1], int(found[2]) + 1) if found else (point.origin, 1)
    configured = register.settings.log.origin
    origin = configured if configured and configured != point.origin else f"{name}/restored-{number}"
    connection.execute(update(meta).where(meta.c.key == "origin").values(value=origin))
    return origin


def _keep_checkpoint(register: Register, outside: Path, point: Checkpoint, *, continued: bool) -> None:
    """From now on nothing smaller than the checkpoint is signed; of a log that ended, it is the last word."""
    place = checkpoint.path(register.settings)
    place.parent.mkdir(parents=True, exist_ok=True)
    note = outside.read_bytes()
    if continued:
        if not place.is_file() or _size(place) < point.size:
            write_whole(place, note)
        return
    write_whole(place.with_name("checkpoint-of-the-log-before"), note)
    place.unlink(missing_ok=True)


def _size(place: Path) -> int:
    return checkpoint.parse(place.read_text(encoding="utf-8")).size
