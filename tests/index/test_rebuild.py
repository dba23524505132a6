"""A rebuild: aside, checked, swapped in one step; whatever fails, the old index serves."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from creditindex import verify as checking
from creditindex.cli import main
from creditindex.documents import DocumentError, Documents
from creditindex.follow import Follower
from creditindex.opening import Standing
from creditindex.rebuild import LEASE, LEASE_MS, Rebuild, RebuildError
from creditregister import kinds, leases
from creditregister.clock import FixedClock
from creditsite import exporter
from support.indexes import builds, engine_of, find, follower, penalty, rebuild, serving
from support.registers import NOON, deliver, make_register

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from creditindex.engine import Build, RecordDocument
    from creditindex.making import Made, Range
    from creditregister.opening import Register
    from creditregister.records import Published
    from support.indexes import OurEngine


@pytest.fixture
def register(tmp_path: Path, engine_settings: dict[str, Any]) -> Register:
    """A register with some published penalties, on each engine."""
    made = make_register(tmp_path, FixedClock(NOON), **engine_settings)
    deliver(made, [penalty(n) for n in range(1, 30)])
    return made


@pytest.fixture
def engine(register: Register) -> OurEngine:
    """Its index, built once."""
    made = engine_of(register)
    rebuild(register, made).run()
    return made


def test_it_holds_what_the_register_shows(register: Register, engine: OurEngine) -> None:
    report = rebuild(register, engine).run()
    assert (report.records, report.subjects, report.aside, report.replayed) == (29, 29, 0, 0)
    assert report.name == serving(engine)
    assert checking.verify(register, engine).differences == 0
    assert checking.status(register, engine).standing is Standing.CURRENT


def test_an_empty_register_gives_an_empty_index(tmp_path: Path, engine_settings: dict[str, Any]) -> None:
    register = make_register(tmp_path, FixedClock(NOON), **engine_settings)
    engine = engine_of(register)
    assert rebuild(register, engine).run().records == 0
    assert find(engine, "").total == 0
    deliver(register, [penalty(1)])
    assert follower(register, engine).step().applied == 1
    assert find(engine, "晨光1").total == 1


def test_the_last_one_is_kept_and_no_more(register: Register, engine: OurEngine) -> None:
    first = serving(engine)
    second = rebuild(register, engine).run().name
    third = rebuild(register, engine).run().name
    assert set(builds(engine)) == {second, third}
    assert first not in (second, third)
    assert serving(engine) == third


class Busy(Rebuild):
    """Something is delivered, and followed, while the build is filled and again before it is published."""

    def _fill(self, build: Build) -> None:
        super()._fill(build)
        deliver(self._register, [penalty(40), penalty(3, facts="更正后的事实")])
        follower(self._register, self._engine).step()

    def _replay_rest(self, build: Build) -> None:
        deliver(self._register, [penalty(41)])
        super()._replay_rest(build)


def test_what_changes_meanwhile_is_in_it(register: Register, engine: OurEngine) -> None:
    report = Busy(register, engine, Documents(kinds.load())).run()
    assert report.replayed == 3
    assert checking.verify(register, engine).differences == 0
    assert find(engine, "更正后").total == find(engine, "晨光40").total == find(engine, "晨光41").total == 1


def test_the_follower_goes_on_in_the_new_one(register: Register, engine: OurEngine) -> None:
    following = follower(register, engine)
    deliver(register, [penalty(40)])
    following.step()
    rebuild(register, engine_of(register)).run()
    deliver(register, [penalty(41)])
    assert following.step().applied == 1
    assert find(engine, "晨光41").total == 1
    assert checking.verify(register, engine).differences == 0


class Forgetful(Documents):
    """Makes a document that cannot be found by what the record is known by."""

    def record(self, published: Published) -> RecordDocument:
        document = super().record(published)
        object.__setattr__(document, "name", "别的名字")
        return document


def test_a_build_that_does_not_find_what_is_known_is_thrown_away(
    register: Register, engine: OurEngine
) -> None:
    before = serving(engine)
    with pytest.raises(RebuildError, match="does not find"):
        Rebuild(register, engine, Forgetful(kinds.load())).run()
    assert serving(engine) == before
    assert builds(engine) == [before]


class Losing(Rebuild):
    """Loses a record on the way."""

    def _made(self, build: Build, ranges: list[Range]) -> Generator[Made]:
        for made in super()._made(build, ranges):
            yield replace(made, written=made.written[1:])


def test_a_build_that_lost_a_record_is_thrown_away(register: Register, engine: OurEngine) -> None:
    before = serving(engine)
    with pytest.raises(RebuildError, match="holds 28 records, the register shows 29"):
        Losing(register, engine, Documents(kinds.load())).run()
    assert serving(engine) == before


class Late(Rebuild):
    """Another rebuild took its lease over while it was filled."""

    def _replay_rest(self, build: Build) -> None:
        clock = self._register.clock
        assert leases.take(self._register.store, LEASE, "another", clock.now() + LEASE_MS + 1, LEASE_MS)
        super()._replay_rest(build)


def test_a_build_that_was_overtaken_is_not_published(register: Register, engine: OurEngine) -> None:
    before = serving(engine)
    with pytest.raises(RebuildError, match="taken over"):
        Late(register, engine, Documents(kinds.load())).run()
    assert serving(engine) == before


def test_two_rebuilds_at_once_are_refused(register: Register, engine: OurEngine) -> None:
    assert leases.take(register.store, LEASE, "another", NOON, LEASE_MS)
    with pytest.raises(RebuildError, match="Another rebuild is running"):
        rebuild(register, engine).run()


class Poisoned(Documents):
    """Makes no document of one record."""

    def record(self, published: Published) -> RecordDocument:
        if published.document["number"].endswith("〕7号"):
            raise DocumentError("it is poison")
        return super().record(published)


def test_what_no_document_can_be_made_of_is_set_aside(register: Register, engine: OurEngine) -> None:
    report = Rebuild(register, engine, Poisoned(kinds.load())).run()
    assert (report.records, report.aside) == (28, 1)
    assert len(checking.status(register, engine).aside) == 1
    found = checking.verify(register, engine)
    assert (found.differences, found.aside) == (0, 1)
    assert aside_told(register, engine) == 1
    assert rebuild(register, engine).run().aside == 0
    assert checking.status(register, engine).aside == ()
    assert checking.verify(register, engine).aside == aside_told(register, engine) == 0


def aside_told(register: Register, engine: OurEngine) -> float | None:
    """What the monitoring is told of what no index holds."""
    return exporter.registry(register, engine).get_sample_value("credit_index_aside")


def test_what_is_set_aside_is_told_with_an_exit_code(
    register: Register, engine: OurEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An alarm that a nightly job sees; after the repair the same commands are content."""
    own = register.settings
    Rebuild(register, engine, Poisoned(kinds.load())).run()
    monkeypatch.setenv("CREDIT_DATA", str(own.data))
    monkeypatch.setenv("CREDIT_ELASTICSEARCH_URL", own.elasticsearch_url or "")
    monkeypatch.setenv("CREDIT_ELASTICSEARCH__PREFIX", own.elasticsearch.prefix)
    for repaired in (False, True):
        if repaired:
            rebuild(register, engine).run()
        for command in ("status", "verify"):
            result = CliRunner().invoke(main, [command, "--json"])
            told = json.loads(result.output)["aside"]
            assert (result.exit_code, bool(told)) == ((0, False) if repaired else (1, True)), command


class Unholdable(Documents):
    """Makes a document of one record that no engine can hold."""

    def record(self, published: Published) -> RecordDocument:
        document = super().record(published)
        return replace(document, rank=-1) if document.number.endswith(")7号") else document


def test_what_the_engine_cannot_hold_is_set_aside_too(register: Register, engine: OurEngine) -> None:
    report = Rebuild(register, engine, Unholdable(kinds.load())).run()
    assert (report.records, report.aside) == (28, 1)
    assert "cannot be held" in checking.status(register, engine).aside[0]
    deliver(register, [penalty(7, facts="更正后的事实"), penalty(40)])
    assert Follower(register, engine, Unholdable(kinds.load())).step().applied == 2
    assert find(engine, "晨光40").total == 1
    assert len(checking.status(register, engine).aside) == 1
    assert checking.verify(register, engine).differences == 0
    assert follower(register, engine_of(register)).step().leading is False
