"""Is the index what the register says? In both directions, record by record (DESIGN 6, ``verify``)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from creditindex.documents import record_key, subject_key
from creditindex.opening import Standing, aside_file, position_of, standing
from creditregister import ledger, records, subjects

if TYPE_CHECKING:
    from creditindex.engine import Engine, Health
    from creditregister.opening import Register

RANGE = 2_000
SUBJECTS = 500
#: Differences that are listed; all are counted.
LISTED = 50


@dataclass
class Finding:
    """What was compared, and where index and register differ.

    ``aside`` counts what is public and known not to be in the index; it is no difference beside that.
    """

    records: int = 0
    subjects: int = 0
    differences: int = 0
    aside: int = 0
    listed: list[str] = field(default_factory=list)

    def differ(self, sentence: str) -> None:
        """Note one difference."""
        self.differences += 1
        if len(self.listed) < LISTED:
            self.listed.append(sentence)


@dataclass(frozen=True, slots=True)
class Status:
    """How the index stands: ``lag`` in entries of the ledger, ``behind_ms`` since the oldest one missing."""

    standing: Standing
    head: int
    lag: int
    behind_ms: int
    health: Health
    aside: tuple[str, ...]


def status(register: Register, engine: Engine) -> Status:
    """Position, lag, size and what was set aside."""
    position = position_of(engine)
    with register.store.read() as connection:
        head = ledger.head(connection)
        stands = standing(connection, position)
        waiting = ledger.after(connection, position.seq, 1) if position and stands is Standing.BEHIND else []
    lag = head.seq - position.seq if waiting and position else 0
    behind = register.clock.now() - waiting[0].time if waiting else 0
    aside = aside_file(register.settings).all().values()
    said = tuple(f"{each.key}, version {each.version}: {each.reason}" for each in aside)
    return Status(stands, head.seq, lag, behind, engine.health(), said)


def verify(register: Register, engine: Engine) -> Finding:
    """Compare numbers, ids and versions of all records, and which subjects have names.

    Entries that the index has not followed yet show as differences: let it catch up first.
    """
    finding = Finding()
    aside = set(aside_file(register.settings).all())
    finding.aside = len(aside)
    _compare_records(register, engine, aside, finding)
    _compare_subjects(register, engine, aside, finding)
    return finding


def _compare_records(register: Register, engine: Engine, aside: set[str], finding: Finding) -> None:
    """Walk both in the order of the numbers, a range at a time: the range ends where the shorter one ends."""
    after = 0
    while True:
        with register.store.read() as connection:
            shown = records.scan(connection, after, RANGE)
        held = engine.versions(after, RANGE)
        if not shown and not held:
            return
        ends = [part[-1].n for part in (shown, held) if len(part) == RANGE]
        end = min(ends) if ends else max(part[-1].n for part in (shown, held) if part)
        wanted = [each for each in shown if each.n <= end and record_key(each.n) not in aside]
        expected = {each.n: (each.id, each.version) for each in wanted}
        seen: set[int] = set()
        for each in held:
            if each.n > end:
                break
            if each.n in seen:
                finding.differ(f"record {each.n} is in the index twice")
            elif expected.get(each.n) != (each.id, each.version):
                finding.differ(
                    f"record {each.n}: the index has version {each.version}, the register another state"
                )
            seen.add(each.n)
        for n in expected.keys() - seen:
            finding.differ(f"record {n} is not in the index")
        finding.records += len(expected)
        after = end


def _compare_subjects(register: Register, engine: Engine, aside: set[str], finding: Finding) -> None:
    after = 0
    while True:
        with register.store.read() as connection:
            part = subjects.scan(connection, after, SUBJECTS)
            windows = subjects.with_public_records(connection, [each.id for each in part])
        if not part:
            return
        after = part[-1].id
        held = engine.named_subjects([each.id for each in part])
        for each in part:
            shown = each.id in windows and subject_key(each.id) not in aside
            names = len(each.names) if shown else 0
            if held.get(each.id, 0) != names:
                finding.differ(
                    f"subject {each.id}: {held.get(each.id, 0)} names in the index, {names} to be shown"
                )
            finding.subjects += 1
