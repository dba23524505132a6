"""The follower: every change arrives, once, in any order, from the right ledger only."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from creditindex import opening
from creditindex import verify as checking
from creditindex.documents import DocumentError, Documents
from creditindex.engine import EngineError, Position
from creditindex.follow import LEASE_MS, FencedError, Follower, Step
from creditindex.opening import Standing
from creditregister import kinds, ledger, publication, records
from creditregister.clock import FixedClock
from creditregister.publication import Author
from creditregister.schema import ledger as ledger_table
from support.indexes import engine_of, find, follower, names, penalty, rebuild
from support.registers import NOON, deliver, make_register

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from creditindex.engine import Change, RecordDocument, Refused
    from creditregister.opening import Register
    from creditregister.records import Published
    from support.indexes import OurEngine


@pytest.fixture
def register(tmp_path: Path, engine_settings: dict[str, Any]) -> Register:
    """A register with three published penalties, on each engine."""
    made = make_register(tmp_path, FixedClock(NOON), **engine_settings)
    deliver(made, [penalty(n) for n in (1, 2, 3)])
    return made


@pytest.fixture
def engine(register: Register) -> OurEngine:
    """Its index, built."""
    made = engine_of(register)
    rebuild(register, made).run()
    return made


def withdraw(register: Register, *numbers: int) -> None:
    with register.store.write() as connection:
        items = list(records.by_numbers(connection, numbers).values())
        publication.withdraw(connection, items, "ended", Author("test", "repaired", NOON))


def all_public(register: Register) -> list[Published]:
    with register.store.read() as connection:
        return records.scan(connection, 0, 1000)


def differences(register: Register, engine: OurEngine) -> list[str]:
    return checking.verify(register, engine).listed


def test_what_is_new_corrected_and_withdrawn_arrives(register: Register, engine: OurEngine) -> None:
    first = all_public(register)[0]
    deliver(register, [penalty(2, facts="更正后的事实"), penalty(4), penalty(5, code="")])
    withdraw(register, first.n)
    step = follower(register, engine).step()
    assert step == Step(4, 0, Standing.CURRENT)
    assert find(engine, "更正后").total == 1
    assert find(engine, "晨光4").total == 1
    assert find(engine, "晨光5").total == 1
    assert find(engine, "晨光1食品").total == 0
    assert [names(engine, f"晨光{n}").total for n in (1, 2, 3, 4, 5)] == [0, 1, 1, 1, 0]
    assert differences(register, engine) == []


def test_nothing_new_is_nothing_to_do(register: Register, engine: OurEngine) -> None:
    assert follower(register, engine).step() == Step(0, 0, Standing.CURRENT)


def test_a_replay_from_any_position_ends_in_the_same_index(register: Register, engine: OurEngine) -> None:
    withdraw(register, all_public(register)[0].n)
    deliver(register, [penalty(2, facts="更正后的事实")])
    following = follower(register, engine)
    following.step()
    with register.store.read() as connection:
        entries = ledger.after(connection, 0, 10)
    for entry in entries:
        engine.apply([], Position(ledger_origin(register), entry.seq, entry.hash.hex()))
        following.step()
        assert differences(register, engine) == []


def ledger_origin(register: Register) -> str:
    with register.store.read() as connection:
        return ledger.origin(connection)


def test_withdrawals_overtake_the_backlog_of_a_bulk_load(
    register: Register, engine: OurEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = all_public(register)[0]
    deliver(register, [penalty(n) for n in range(10, 60)])
    withdraw(register, first.n)
    monkeypatch.setattr("creditindex.follow.PART", 10)
    following = Follower(register, engine, Documents(kinds.load()), timer=iter(range(100)).__next__)
    step = following.step()
    assert (step.applied, step.behind) == (10, 41)
    assert find(engine, "晨光1食品").total == 0
    with register.store.read() as connection:
        assert not following._urgent(connection, 0)
    while following.step().applied:
        pass
    assert differences(register, engine) == []


def test_what_is_withdrawn_while_a_batch_is_gathered_goes_with_it(
    register: Register, engine: OurEngine
) -> None:
    first = all_public(register)[0]

    class Meanwhile(Documents):
        """Makes a document, and meanwhile something is withdrawn."""

        def record(self, published: Published) -> RecordDocument:
            withdraw(register, first.n)
            return super().record(published)

    deliver(register, [penalty(4)])
    step = Follower(register, engine, Meanwhile(kinds.load())).step()
    assert (step.applied, step.behind) == (1, 1)
    assert find(engine, "晨光4").total == 1
    assert find(engine, "晨光1食品").total == 0


def test_only_one_follower_leads_until_its_lease_runs_out(register: Register, engine: OurEngine) -> None:
    first, second = follower(register, engine), follower(register, engine_of(register))
    assert first.step().leading
    assert not second.step().leading
    clock = register.clock
    assert isinstance(clock, FixedClock)
    clock.ms += LEASE_MS + 1
    first._engine.close()  # as if its process were gone
    assert second.step().leading
    deliver(register, [penalty(4)])
    assert second.step().applied == 1


def test_a_follower_that_was_overtaken_commits_nothing(register: Register, engine: OurEngine) -> None:
    first = follower(register, engine)
    first.step()
    clock = register.clock
    assert isinstance(clock, FixedClock)
    clock.ms += LEASE_MS + 1
    second = follower(register, engine_of(register))
    assert second.step().leading
    deliver(register, [penalty(4)])
    clock.ms -= LEASE_MS  # the first one's clock stands still: it believes in its lease
    before = engine.position()
    with pytest.raises(FencedError):
        first.step()
    assert engine.position() == before
    assert not first.step().leading


@pytest.mark.parametrize("change", ["origin", "seq", "hash", "format"])
def test_an_index_of_something_else_is_not_followed(
    register: Register, engine: OurEngine, change: str
) -> None:
    position = engine.position()
    assert position is not None
    wrong: dict[str, Any] = {"origin": "other.invalid", "seq": 99, "hash": "00" * 32, "format": "0.0"}
    engine.apply([], replace(position, **{change: wrong[change]}))
    deliver(register, [penalty(4)])
    assert follower(register, engine).step() == Step(standing=Standing.FOREIGN)
    status = checking.status(register, engine)
    assert status.standing is Standing.FOREIGN
    rebuild(register, engine).run()
    assert checking.status(register, engine).standing is Standing.CURRENT


def test_a_register_that_was_restored_is_noticed(register: Register, engine: OurEngine) -> None:
    with register.store.write() as connection:
        change = update(ledger_table).where(ledger_table.c.seq == 3)
        connection.execute(change.values(hash=b"\1" * 32))
    with register.store.read() as connection:
        assert opening.standing(connection, engine.position()) is Standing.FOREIGN


class Poisoned(Documents):
    """Makes no document of records whose facts say so."""

    def record(self, published: Published) -> RecordDocument:
        if "毒" in published.document["fields"]["facts"]:
            raise DocumentError("it is poison")
        return super().record(published)


def test_a_poison_publication_is_set_aside_with_an_alarm(
    register: Register, engine: OurEngine, caplog: pytest.LogCaptureFixture
) -> None:
    deliver(register, [penalty(2, facts="毒"), penalty(4)])
    following = Follower(register, engine, Poisoned(kinds.load()))
    assert following.step().applied == 2
    assert find(engine, "晨光4").total == 1
    assert find(engine, "晨光2食品").total == 0
    assert "set aside" in caplog.text
    (said,) = checking.status(register, engine).aside
    assert "it is poison" in said
    assert differences(register, engine) == []
    deliver(register, [penalty(2, facts="已更正")])
    following.step()
    assert checking.status(register, engine).aside == ()
    assert find(engine, "晨光2食品").total == 1


def refuse(monkeypatch: pytest.MonkeyPatch, engine: OurEngine, *, deletes: bool) -> None:
    """Let an engine fail, as it might, at every document that says so, and at all deletes if told to."""
    apply = engine.apply

    def stubborn(changes: Sequence[Change], upto: Position, may_commit: Any = None) -> list[Refused]:
        for change in changes:
            if any("毒" in getattr(document, "text", "") for document in change.documents):
                raise EngineError("cannot hold this")
            if not change.documents and not deletes:
                raise EngineError("cannot delete")
        return apply(changes, upto, may_commit)

    monkeypatch.setattr(engine, "apply", stubborn)


def test_a_document_that_the_engine_refuses_is_found_and_set_aside(
    register: Register, engine: OurEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(register, [penalty(2, facts="毒"), penalty(4), penalty(5)])
    refuse(monkeypatch, engine, deletes=True)
    assert follower(register, engine).step() == Step(3, 0, Standing.CURRENT)
    assert find(engine, "晨光4").total == find(engine, "晨光5").total == 1
    assert find(engine, "晨光2食品").total == 0
    (said,) = checking.status(register, engine).aside
    assert "cannot hold this" in said


def test_a_withdrawal_is_never_skipped(
    register: Register, engine: OurEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdraw(register, all_public(register)[0].n)
    refuse(monkeypatch, engine, deletes=False)
    before = engine.position()
    following = follower(register, engine)
    with pytest.raises(EngineError, match="cannot delete"):
        following.step()
    assert engine.position() == before
    monkeypatch.undo()
    assert following.step().applied == 1


def test_it_runs_until_told_to_stop_and_survives_errors(
    register: Register, engine: OurEngine, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    seen: list[int] = []

    class Watched(Follower):
        def step(self) -> Step:
            seen.append(len(seen))
            if len(seen) == 1:
                raise EngineError("the disk is full")
            if len(seen) == 3:
                stop.set()
            return super().step()

    deliver(register, [penalty(4)])
    following = Watched(register, engine, Documents(kinds.load()))
    thread = threading.Thread(target=following.run, args=(stop,))
    thread.start()
    thread.join(timeout=30)
    assert not thread.is_alive()
    assert "the disk is full" in caplog.text
    assert find(engine, "晨光4").total == 1
    assert follower(register, engine_of(register)).step().leading  # the lease was given back


def test_without_an_index_it_waits_for_one(register: Register) -> None:
    engine = engine_of(register)
    following = follower(register, engine)
    assert following.step() == Step(standing=Standing.MISSING)
    rebuild(register, engine).run()
    assert following.step() == Step(0, 0, Standing.CURRENT)
