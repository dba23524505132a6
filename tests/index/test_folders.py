"""Builds of the embedded index on disk: which are whole, which are half, and which are worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from creditindex.embedded.building import FolderBuild
from creditindex.embedded.folders import WHOLE
from creditindex.embedded.service import EmbeddedEngine
from creditregister.clock import FixedClock
from support.indexes import engine_of, find, penalty, rebuild
from support.registers import NOON, deliver, make_register

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """A register with some published penalties."""
    made = make_register(tmp_path, FixedClock(NOON))
    deliver(made, [penalty(n) for n in range(1, 30)])
    return made


@pytest.fixture
def engine(register: Register) -> EmbeddedEngine:
    """Its index, built once."""
    made = engine_of(register)
    assert isinstance(made, EmbeddedEngine)
    rebuild(register, made).run()
    return made


def test_a_half_build_goes_unless_somebody_works_on_it(engine: EmbeddedEngine) -> None:
    dead, sign = engine.folders.begin("20200101000000")
    sign.close()  # as if its process had been killed
    living, sign = engine.folders.begin("20200101000001")
    assert engine.tidy() == [dead.name]
    assert living.is_dir()
    sign.close()
    assert engine.tidy() == [living.name]
    assert find(engine, "").total == 29


def test_a_build_counts_as_whole_only_when_it_is(register: Register, engine: EmbeddedEngine) -> None:
    assert (engine.folders.current() / WHOLE).is_file()
    with register.store.read():
        position = engine.position()
    assert position is not None
    made = engine.build(position)
    assert isinstance(made, FolderBuild)
    assert not (engine.folders.root / made.name / WHOLE).exists()
    made.abandon()


def test_an_index_of_another_format_is_not_read(register: Register, engine: EmbeddedEngine) -> None:
    old = engine.folders.root / "0.9-20200101000000-abcdef"
    old.mkdir()
    engine.folders.point(old)
    health = engine.health()
    assert not health.ready
    assert "rebuild" in health.reason
    rebuild(register, engine).run()
    assert engine.health().ready
