"""Killed with no warning (kill -9) while it commits or rebuilds: nothing acknowledged is lost or doubled."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from creditindex import verify as checking
from creditindex.elastic.indexes import DEAD, Indexes
from creditindex.elastic.service import ElasticEngine
from creditindex.embedded.folders import WHOLE
from creditindex.opening import Standing
from creditregister.clock import FixedClock
from support.indexes import builds, engine_of, find, follower, penalty, rebuild
from support.registers import NOON, deliver, make_register
from support.world import wait_until

if TYPE_CHECKING:
    from creditregister.opening import Register
    from support.indexes import OurEngine

ROUNDS = 6
TESTS = Path(__file__).resolve().parents[1]


def start(register: Register, task: str, now: int, *more: int) -> subprocess.Popen[str]:
    """The process that will be killed; its clock stands later each time, so that old leases have run out."""
    settings = register.settings
    command = [sys.executable, str(TESTS / "support" / "killed.py"), str(settings.data), task]
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    if settings.elasticsearch_url:
        environment |= {
            "CREDIT_ELASTICSEARCH_URL": settings.elasticsearch_url,
            "CREDIT_ELASTICSEARCH__PREFIX": settings.elasticsearch.prefix,
        }
    return subprocess.Popen(
        [*command, str(now), *map(str, more)], stdout=subprocess.PIPE, text=True, env=environment
    )


def read_some(process: subprocess.Popen[str], lines: int) -> str:
    """Read so many lines, then kill; the last line that was said."""
    assert process.stdout is not None
    last = ""
    for _ in range(lines):
        last = process.stdout.readline()
    return last


def kill_later(process: subprocess.Popen[str], seconds: float) -> list[str]:
    """Let it run on for a random while, kill it, and return what it still said."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    said = process.communicate()[0]
    return said.splitlines()


@pytest.mark.slow
def test_killed_while_it_follows(tmp_path: Path, engine_settings: dict[str, Any]) -> None:
    register = make_register(tmp_path, FixedClock(NOON), **engine_settings)
    deliver(register, [penalty(n) for n in range(1, 9)])
    engine = engine_of(register)
    rebuild(register, engine).run()
    chance = random.Random(7)
    number, now = 100, NOON
    for _ in range(ROUNDS):
        now += 60_000
        process = start(register, "follow", now, number)
        said = [read_some(process, 2), *kill_later(process, chance.uniform(0.0, 0.3))]
        acknowledged = max(int(line.split()[0]) for line in said if len(line.split()) == 2)
        position = engine.position()
        assert position is not None
        assert position.seq >= acknowledged
        status = checking.status(register, engine)
        assert status.standing in (Standing.CURRENT, Standing.BEHIND)
        catch_up(register, now + 30_000)
        assert checking.verify(register, engine_of(register)).listed == []
        number += 1000


def catch_up(register: Register, now: int) -> None:
    """A new follower, when the lease of the killed one has run out."""
    clock = register.clock
    assert isinstance(clock, FixedClock)
    clock.ms = now
    following = follower(register, engine_of(register))
    step = following.step()
    assert step.leading
    while step.applied:
        step = following.step()
    following.close()


def tidied(engine: OurEngine) -> bool:
    """As the next one to work on the index would, when a build that says nothing counts as killed.

    A cluster may still be executing the last request of the one that was killed: then a later look removes it.
    """
    if isinstance(engine, ElasticEngine):
        engine.indexes = Indexes(engine.connection, engine.indexes.prefix, lambda: time.time() + DEAD + 1)
    engine.tidy()
    return half_builds(engine) == []


def half_builds(engine: OurEngine) -> list[str]:
    if isinstance(engine, ElasticEngine):
        return [state.name for state in engine.indexes.builds() if not state.whole]
    return [build.name for build in engine.folders.builds() if not (build / WHOLE).is_file()]


@pytest.mark.slow
def test_killed_while_it_rebuilds(tmp_path: Path, engine_settings: dict[str, Any]) -> None:
    register = make_register(tmp_path, FixedClock(NOON), **engine_settings)
    deliver(register, [penalty(n) for n in range(1, 400)])
    engine = engine_of(register)
    rebuild(register, engine).run()
    chance = random.Random(11)
    now = NOON
    for _ in range(ROUNDS):
        now += 120_000
        process = start(register, "rebuild", now)
        assert read_some(process, 1) == "ready\n"
        kill_later(process, chance.uniform(0.0, 0.6))
        assert find(engine, "").total == 399
        assert engine.health().records == 399
        wait_until(lambda: tidied(engine), "what the killed build left behind is removed")
        assert len(builds(engine)) <= 2
    clock = register.clock
    assert isinstance(clock, FixedClock)
    clock.ms = now + 120_000
    assert rebuild(register, engine).run().records == 399
    assert checking.verify(register, engine).listed == []
