"""From ledger entries to changes of an index: records and subjects as they are now (DESIGN 4, Follow).

What an entry said when it was written does not matter: each record it names is loaded as it is at this
moment. So entries may be replayed, doubled, or taken out of their order, and the index still comes out right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from creditindex.aside import Aside
from creditindex.documents import DocumentError, record_key, subject_key
from creditindex.engine import Change, EngineAwayError, EngineError, Position, Refused, refused
from creditregister import ledger, records, subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sqlalchemy import Connection

    from creditindex.documents import Documents
    from creditregister.ledger import Entry

    Apply = Callable[[Sequence[Change], Position], list[Refused]]

#: Numbers in one statement; far below what SQLite and PostgreSQL allow.
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Gathered:
    """Changes for one commit, and what is set aside; of changes to one key the last one counts."""

    changes: tuple[Change, ...] = ()
    aside: tuple[Aside, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    def __add__(self, later: Gathered) -> Gathered:
        return Gathered((*self.changes, *later.changes), (*self.aside, *later.aside))


def of_entries(connection: Connection, entries: Sequence[Entry], documents: Documents, now: int) -> Gathered:
    """The changes that bring an index in line with everything these entries name."""
    seq = ledger.head(connection).seq  # before anything is loaded: what is loaded is not older than that
    changed = [
        each.subject_id for each in entries if each.action == "subject" and each.subject_id is not None
    ]
    theirs = [n for part in _parts(changed) for n in records.numbers_of_subjects(connection, part)]
    numbers = list(dict.fromkeys([*(entry.n for entry in entries if entry.n is not None), *theirs]))
    found: dict[int, records.Published] = {}
    for part in _parts(numbers):
        found.update(records.by_numbers(connection, part))
    changes, aside = of_records(numbers, found, documents, seq, now)
    concerned = [entry.subject_id for entry in entries] + [each.subject_id for each in found.values()]
    changes += of_subjects(connection, [who for who in concerned if who is not None], documents, seq)
    return Gathered(tuple(changes), tuple(aside))


def of_records(
    numbers: Iterable[int], found: dict[int, records.Published], documents: Documents, seq: int, now: int
) -> tuple[list[Change], list[Aside]]:
    """A change for each number: its document, or nothing where it is not public, or none can be made.

    A record that is set aside is taken out: an older version of it must not stay in the index.
    """
    changes, aside = [], []
    for n in numbers:
        key = record_key(n)
        try:
            made = (documents.record(found[n]),) if n in found else ()
        except DocumentError as error:
            made = ()
            aside.append(Aside(key, found[n].version, str(error), now))
        changes.append(Change(key, made, seq))
    return changes, aside


def commit(apply: Apply, wanted: Sequence[Change], before: Position, upto: Position, now: int) -> list[Aside]:
    """Apply changes; what the engine refused. Where it refuses them all, find the one that is to blame.

    What takes something away is never set aside: it goes first, and if it fails, everything stops there.

    Raises:
        EngineError: something cannot be taken away, or the engine takes nothing at all.
    """
    try:
        found = apply(wanted, upto)
    except EngineAwayError:
        raise
    except EngineError:
        apply([Change(change.key, seq=change.seq) for change in wanted], before)
        found = [each for change in wanted for each in _tried(apply, change, before)]
        apply([], upto)
    return [Aside(each.key, each.version, each.reason, now) for each in found]


def _tried(apply: Apply, change: Change, before: Position) -> list[Refused]:
    """Apply one change that takes nothing away; what the engine refuses of it."""
    if not change.documents:
        return []
    try:
        return apply([change], before)
    except EngineAwayError:
        raise
    except EngineError as error:
        return [refused(change.documents[0], error)]


def of_subjects(connection: Connection, ids: Iterable[int], documents: Documents, seq: int) -> list[Change]:
    """A change for each subject: its names, or nothing where it has no public record."""
    wanted = list(dict.fromkeys(ids))
    changes = []
    for part in _parts(wanted):
        windows = subjects.with_public_records(connection, part)
        known = subjects.by_ids(connection, list(windows))
        for who in part:
            names = documents.names(known[who], windows[who]) if who in known else ()
            changes.append(Change(subject_key(who), names, seq))
    return changes


def _parts(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE))
