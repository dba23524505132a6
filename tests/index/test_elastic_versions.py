"""Writes that come late, twice, or in another order: the newest change of a key stands (DESIGN 4, Follow)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from creditindex.elastic.schema import SLOTS
from creditindex.engine import Change, Position
from support import elastic
from support.indexes import KINDS, ORIGIN, build, document, find, name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from creditindex.elastic.service import ElasticEngine


@pytest.fixture
def above() -> Iterator[dict[str, Any]]:
    """Settings for a real cluster, with indexes of one's own."""
    with elastic.own_indexes() as found:
        yield found


@pytest.fixture
def engine(above: dict[str, Any]) -> ElasticEngine:
    """An engine with an empty index."""
    made = elastic.engine(above, KINDS)
    build(made, [])
    return made


def upto(seq: int) -> Position:
    return Position(ORIGIN, seq, "ab" * 32)


def test_a_withdrawn_record_does_not_come_back_also_when_deletes_are_forgotten(
    engine: ElasticEngine, above: dict[str, Any]
) -> None:
    published = Change("r1", (document(1, "云泽晨光有限公司"),), 2)
    engine.apply([published], upto(2))
    engine.apply([Change("r1", seq=5)], upto(5))
    with elastic.client(above["elasticsearch_url"]) as es:
        es.indices.put_settings(index=engine.indexes.current().name, settings={"index.gc_deletes": "0s"})
    engine.apply([Change("r2", (document(2, "云泽"),), 6)], upto(6))
    engine.apply([published], upto(6))  # it comes late: sent before the withdrawal, executed after it
    assert find(engine, "晨光").total == 0
    assert [each.n for each in engine.versions(0, 10)] == [2]
    engine.apply([Change("r1", published.documents, 7)], upto(7))  # restored
    assert find(engine, "晨光").total == 1


def test_whatever_the_order_the_newest_change_stands(engine: ElasticEngine) -> None:
    chance = random.Random(3)
    newest: dict[int, Change] = {}
    changes = []
    for seq in range(10, 60):
        n = chance.randint(1, 6)
        made = (document(n, f"云泽第{seq}有限公司", version=seq),) if chance.random() < 0.7 else ()
        newest[n] = Change(f"r{n}", made, seq)
        changes.append(newest[n])
    changes += chance.choices(changes, k=30)
    chance.shuffle(changes)
    for at in range(0, len(changes), 20):
        engine.apply(changes[at : at + 20], upto(1))
    stands = {n: change.seq for n, change in sorted(newest.items()) if change.documents}
    assert {each.n: each.version for each in engine.versions(0, 100)} == stands


def test_no_former_name_remains_of_a_subject_that_has_fewer(engine: ElasticEngine) -> None:
    many = [name(1, f"云泽第{n}有限公司", current=not n) for n in range(SLOTS + 3)]
    engine.apply([Change("s1", tuple(many), 2), Change("s2", (name(2, "青石"),), 2)], upto(2))
    assert engine.named_subjects([1, 2]) == {1: SLOTS + 3, 2: 1}
    engine.apply([Change("s1", tuple(many[:1]), 3)], upto(3))
    assert engine.named_subjects([1, 2]) == {1: 1, 2: 1}
    engine.apply([Change("s1", tuple(many[:SLOTS]), 2)], upto(3))  # late
    assert engine.named_subjects([1]) == {1: 1}
    engine.apply([Change("s1", seq=4)], upto(4))
    assert engine.named_subjects([1]) == {}
    assert engine.health().names == 1
