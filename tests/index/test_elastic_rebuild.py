"""A rebuild in the cluster, cut off at every single request: the old index serves, and nothing half remains."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from creditindex import verify as checking
from creditindex.documents import Documents
from creditindex.elastic.indexes import BEAT, DEAD, Indexes
from creditindex.elastic.service import ElasticEngine
from creditindex.engine import EngineAwayError, Position, written
from creditindex.follow import Step
from creditindex.opening import Standing
from creditindex.rebuild import Rebuild
from creditregister import kinds
from creditregister.clock import FixedClock
from support import elastic
from support.faulty import DROP, Answer, Proxy
from support.indexes import ORIGIN, builds, document, engine_of, find, follower, penalty, rebuild, serving
from support.registers import NOON, deliver, make_register

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from creditindex.engine import Build
    from creditregister.opening import Register
    from support.faulty import Request


@pytest.fixture
def above() -> Iterator[dict[str, Any]]:
    """Settings for a real cluster, with indexes of one's own."""
    with elastic.own_indexes() as found:
        yield found


@pytest.fixture
def register(tmp_path: Path, above: dict[str, Any]) -> Register:
    """A register with an index in the cluster."""
    made = make_register(tmp_path, FixedClock(NOON), **above)
    deliver(made, [penalty(n) for n in range(1, 10)])
    rebuild(made, engine_of(made)).run()
    return made


def dying(proxy: Proxy, last: int, *, executed: bool) -> None:
    """Let whoever asks die at the ``last`` request: nothing of it, or no answer to it, and nothing after it passes."""
    left = [last]

    def fault(_request: Request) -> str | None:
        left[0] -= 1
        return DROP if left[0] < 0 or not (left[0] or executed) else None

    def mend(_request: Request, answer: Answer) -> Answer:
        return answer if left[0] else Answer(answer.status, answer.body, answer.headers, cut=True)

    proxy.fault, proxy.mend = fault, mend


def own_engine(register: Register) -> ElasticEngine:
    made = engine_of(register)
    assert isinstance(made, ElasticEngine)
    return made


def later(above: dict[str, Any], register: Register) -> ElasticEngine:
    """Whoever works on the index when the killed one has been silent long enough."""
    made = own_engine(register)
    made.indexes = Indexes(made.connection, above["elasticsearch"]["prefix"], lambda: time.time() + DEAD + 1)
    return made


@pytest.mark.slow
@pytest.mark.parametrize("executed", [False, True])
def test_killed_at_any_request_while_the_follower_goes_on(
    register: Register,
    above: dict[str, Any],
    executed: bool,  # noqa: FBT001 -- a parameter of a test
) -> None:
    watching = own_engine(register)
    following = follower(register, watching)
    with Proxy(above["elasticsearch_url"]) as proxy:
        through = above | {"elasticsearch_url": proxy.url}
        known = watching._kinds
        rebuild(register, elastic.engine(through, known)).run()
        steps, records = len(proxy.seen), 9
        assert steps > 8
        for last in range(1, steps):
            dying(proxy, last, executed=executed)
            with pytest.raises(EngineAwayError):
                rebuild(register, elastic.engine(through, known)).run()
            records += 1
            deliver(register, [penalty(records)])
            assert following.step().applied == 1
            assert find(watching, "晨光").total == records
            later(above, register).tidy()
            assert len(builds(watching)) <= 2
            assert all(state.whole for state in watching.indexes.builds())
    assert checking.verify(register, watching).listed == []
    assert rebuild(register, watching).run().records == records


def test_nobody_writes_the_old_index_while_the_new_one_takes_its_place(register: Register) -> None:
    following = follower(register, own_engine(register))
    steps: list[Step] = []

    class Meanwhile(Rebuild):
        """Something is delivered, and would be followed, between the last look and the swap."""

        def _replay_rest(self, build: Build) -> None:
            super()._replay_rest(build)
            deliver(self._register, [penalty(30)])
            steps.append(following.step())

    made = Meanwhile(register, own_engine(register), Documents(kinds.load())).run()
    assert steps == [Step(standing=Standing.BEHIND)]
    assert following.step().applied == 1
    watching = own_engine(register)
    assert serving(watching) == made.name
    assert find(watching, "晨光30").total == 1


def test_a_half_build_goes_when_nobody_has_worked_on_it_for_a_minute(
    register: Register, above: dict[str, Any]
) -> None:
    engine, now = own_engine(register), [0.0]
    engine.indexes = Indexes(engine.connection, above["elasticsearch"]["prefix"], lambda: now[0])
    first = serving(engine)
    half = engine.build(Position(ORIGIN, 1, "ab" * 32))
    assert engine.tidy() == []
    now[0] += DEAD
    assert engine.tidy() == []
    half.add(written([document(1, "云泽")], half.write)[0])  # it says again that it is worked on
    now[0] += BEAT
    assert engine.tidy() == []
    now[0] += DEAD + 1
    assert engine.tidy() == [half.name]
    assert builds(engine) == [first]


def test_a_build_of_another_format_serves_its_own_release_until_the_second_after_it(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = own_engine(register)
    with monkeypatch.context() as patch:
        patch.setattr("creditindex.terms.FORMAT", 99)
        new = own_engine(register)
        assert new.indexes.alias != old.indexes.alias
        assert not new.health().ready
        made = rebuild(register, new).run()
        assert serving(new) == made.name
        assert find(old, "晨光").total == find(new, "晨光").total == 9  # both releases run side by side
        rebuild(register, new).run()
        assert made.name in builds(new)
    assert not old.health().ready


def test_an_index_that_is_filled_is_not_refreshed_and_serves_as_the_settings_say(
    register: Register, above: dict[str, Any]
) -> None:
    engine = own_engine(register)
    with elastic.client(above["elasticsearch_url"]) as es:

        def settings(name: str) -> dict[str, Any]:
            held = es.indices.get_settings(index=name, flat_settings=True).body
            found: dict[str, Any] = held[name]["settings"]
            return found

        half = engine.build(Position(ORIGIN, 1, "ab" * 32))
        filling = settings(half.name)
        assert filling["index.refresh_interval"] == "-1"
        assert filling["index.translog.durability"] == "async"
        assert filling["index.number_of_replicas"] == "0"
        half.commit()
        half.publish(lambda: None)
        served = settings(half.name)
        assert served["index.refresh_interval"] == "30s"
        assert served["index.auto_expand_replicas"] == "0-1"
        assert "index.translog.durability" not in served


def test_a_restored_snapshot_is_followed_from_where_it_stands(
    register: Register, above: dict[str, Any]
) -> None:
    engine, repository = engine_of(register), above["elasticsearch"]["prefix"]
    index = serving(engine)
    with elastic.client(above["elasticsearch_url"]) as es:
        where = {"type": "fs", "settings": {"location": repository}}
        es.snapshot.create_repository(name=repository, repository=where)
        try:
            es.snapshot.create(repository=repository, snapshot="one", indices=index, wait_for_completion=True)
            deliver(register, [penalty(3, facts="更正后的事实"), penalty(20)])
            following = follower(register, engine)
            following.step()
            es.indices.delete(index=index)
            assert not engine.health().ready
            es.snapshot.restore(repository=repository, snapshot="one", wait_for_completion=True)
        finally:
            es.snapshot.delete(repository=repository, snapshot="one")
            es.snapshot.delete_repository(name=repository)
    assert find(engine, "晨光20").total == 0
    assert following.step().applied == 2
    assert find(engine, "晨光20").total == find(engine, "更正后").total == 1
    assert checking.verify(register, engine).listed == []
