"""A cluster that fails, each way with what is meant to happen (DESIGN 4, Engine away; SECURITY 2).

What a real cluster does by itself is done to a real one; the rest by a proxy before it. In every case the engine
is *away*, with a sentence that says why, and answers again by itself, without a restart.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from creditindex.elastic import breaker
from creditindex.elastic.breaker import Breaker, OpenError
from creditindex.elastic.indexes import State
from creditindex.elastic.schema import mapping
from creditindex.engine import Change, EngineAwayError, EngineError, Position, written
from support import elastic
from support.faulty import DROP, HANG, PRODUCT, Answer, Proxy, error
from support.indexes import KINDS, ORIGIN, build, document, find, name, names, numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from creditindex.elastic.service import ElasticEngine
    from support.faulty import Request

RECORDS = [document(n, f"云泽晨光{n}有限公司", content="未按规定公示信息") for n in range(1, 8)]
NAMES = [name(n, f"云泽晨光{n}有限公司") for n in range(1, 8)]
#: Seconds after which a question is given up; the proxy lets it hang until then.
SOON = 0.3
PLAIN = ("Content-Type", "application/json")


@pytest.fixture
def above() -> Iterator[dict[str, Any]]:
    """Settings for a real cluster, with indexes of one's own."""
    with elastic.own_indexes() as found:
        yield found


@pytest.fixture
def proxy(above: dict[str, Any]) -> Iterator[Proxy]:
    """A proxy before that cluster."""
    with Proxy(above["elasticsearch_url"]) as opened:
        yield opened


@pytest.fixture
def engine(above: dict[str, Any], proxy: Proxy) -> ElasticEngine:
    """An engine behind the proxy, with an index."""
    made = elastic.engine(above | {"elasticsearch_url": proxy.url}, KINDS)
    build(made, [*RECORDS, *NAMES])
    proxy.seen.clear()
    return made


def upto(seq: int) -> Position:
    return Position(ORIGIN, seq, f"{seq:064x}")


@contextmanager
def away(engine: ElasticEngine, *, why: str) -> Iterator[None]:
    """Inside, the engine is away and says why; afterwards it answers, the same as before."""
    assert find(engine, "晨光").total == 7
    yield
    engine._pages.clear()
    with pytest.raises(EngineAwayError, match=why):
        find(engine, "晨光")
    health = engine.health()
    assert not health.ready
    assert re.search(f"{why}|again and again", health.reason)


def answers_again(engine: ElasticEngine) -> None:
    """By itself: the breaker lets one question through when its time has come."""
    for _ in range(100):
        try:
            found = find(engine, "晨光")
        except EngineAwayError:
            continue
        assert found.total == 7
        assert engine.health().ready
        return
    pytest.fail("the engine is still away")


def always(answer: Answer | str) -> Callable[[Request], Answer | str]:
    return lambda _request: answer


def test_a_node_that_is_away_and_comes_back(engine: ElasticEngine, proxy: Proxy) -> None:
    with away(engine, why="does not answer"):
        proxy.close()
    with pytest.raises(EngineAwayError):
        names(engine, "晨光")
    with pytest.raises(EngineAwayError):
        engine.position()
    assert engine.tidy() == []
    proxy.open()
    answers_again(engine)


FAULTS: dict[str, tuple[Answer | str, str]] = {
    "a closed connection": (DROP, "does not answer"),
    "no answer in time": (HANG, "does not answer"),
    "too many requests": (error(429, "es_rejected_execution_exception"), "cannot answer now"),
    "a shard that failed": (error(503, "no_shard_available_action_exception"), "cannot answer now"),
    "a proxy's own page": (
        Answer(502, b"<html>bad gateway</html>", [("Content-Type", "text/html")]),
        "cannot answer now",
    ),
    "a key that is refused": (error(401, "security_exception"), "refuses our key"),
    "a key without the right": (error(403, "security_exception"), "refuses our key"),
    "version 8": (error(400, "media_type_header_exception"), "another version"),
    "OpenSearch": (Answer(406, b'{"error": "Content-Type is not supported"}', [PLAIN]), "OpenSearch"),
    "half a body": (Answer(200, b'{"responses": []}' * 50, cut=True), "does not answer"),
    "half of JSON": (Answer(200, b'{"responses": [{"took"'), "does not answer"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_cluster_says_the_engine_is_away_until_it_answers(
    above: dict[str, Any], proxy: Proxy, fault: str
) -> None:
    engine = elastic.engine(above | {"elasticsearch_url": proxy.url}, KINDS)
    build(engine, [*RECORDS, *NAMES])
    answer, why = FAULTS[fault]
    if answer == HANG:
        engine = elastic.engine(above | {"elasticsearch_url": proxy.url}, KINDS, request_timeout=SOON)
    with away(engine, why=why):
        proxy.fault = always(answer)
    proxy.fault = lambda _request: None
    answers_again(engine)


def partly(request: Request, answer: Answer) -> Answer:
    """As if one shard had not answered."""
    if "_msearch" not in request.path:
        return answer
    values = answer.values
    for each in values["responses"]:
        each["_shards"]["failed"] = 1
    return Answer(200, json.dumps(values).encode(), answer.headers)


def late(request: Request, answer: Answer) -> Answer:
    """As if the time had run out in the middle."""
    if "_msearch" not in request.path:
        return answer
    values = answer.values
    values["responses"][0]["timed_out"] = True
    return Answer(200, json.dumps(values).encode(), answer.headers)


def other(request: Request, answer: Answer) -> Answer:
    """As if somebody else had answered."""
    return Answer(200, b'{"hello": 1}') if "_msearch" in request.path else answer


@pytest.mark.parametrize(("mend", "why"), [(partly, "Only a part"), (late, "Only a part"), (other, "none")])
def test_half_an_answer_is_none(engine: ElasticEngine, proxy: Proxy, mend: Any, why: str) -> None:
    with away(engine, why=why):
        proxy.mend = mend
    proxy.mend = lambda _request, answer: answer
    answers_again(engine)


def test_a_red_index(engine: ElasticEngine, above: dict[str, Any]) -> None:
    """No node may hold it: the alias and the mapping are there, the documents are not."""
    index = engine.indexes.current().name
    red = f"{engine.indexes.alias}-20260101000000-abcdef"
    with elastic.client(above["elasticsearch_url"]) as es:
        es.indices.create(
            index=red,
            settings={"index.routing.allocation.require._name": "nobody"},
            mappings=mapping(State(red, upto(9), whole=True).meta()),
            wait_for_active_shards=0,
        )
    with away(engine, why="cannot answer now"):
        engine.indexes.point(red)
    assert engine.position() == upto(9)
    engine.indexes.point(index)
    answers_again(engine)


def test_an_alias_that_points_nowhere_or_at_two_or_at_what_is_not_ours(
    engine: ElasticEngine, above: dict[str, Any]
) -> None:
    index, alias = engine.indexes.current().name, engine.indexes.alias
    with elastic.client(above["elasticsearch_url"]) as es:
        with away(engine, why="run `credit-index rebuild`"):
            es.indices.delete_alias(index=index, name=alias)
        other = engine.build(upto(2)).name
        foreign = f"{engine.indexes.prefix}-foreign"
        es.indices.create(index=foreign)
        for points in ([index, other], [foreign]):
            es.indices.update_aliases(actions=[{"add": {"index": each, "alias": alias}} for each in points])
            with pytest.raises(EngineAwayError, match="points at no index"):
                find(engine, "晨光")
            es.indices.update_aliases(
                actions=[{"remove": {"index": each, "alias": alias}} for each in points]
            )
    engine.indexes.point(index)
    answers_again(engine)


def test_a_disk_that_is_full_stops_writing_and_not_reading(
    engine: ElasticEngine, above: dict[str, Any]
) -> None:
    """The flood stage 磁盘水位: a cluster blocks what grows, and frees it when there is room again."""
    index, before = engine.indexes.current().name, engine.position()
    change = Change("r9", (document(9, "云泽晨光9有限公司"),), 2)
    with elastic.client(above["elasticsearch_url"]) as es:
        block = {"index.blocks.read_only_allow_delete": True}
        es.indices.put_settings(index=index, settings=block)
        with pytest.raises(EngineAwayError, match="read-only"):
            engine.apply([change], upto(2))
        assert engine.position() == before
        assert find(engine, "晨光").total == 7
        es.indices.put_settings(index=index, settings=dict.fromkeys(block))
    assert engine.apply([change], upto(2)) == []
    assert find(engine, "晨光").total == 8


def test_too_many_writes_are_sent_again_and_nothing_is_lost(above: dict[str, Any], proxy: Proxy) -> None:
    waits: list[float] = []
    engine = elastic.engine(above | {"elasticsearch_url": proxy.url}, KINDS, sleep=waits.append)
    refusals: Iterator[Answer | str] = iter(
        [error(429, "es_rejected_execution_exception"), DROP, error(503, "unavailable_shards")]
    )

    def busy(request: Request) -> Answer | str | None:
        return next(refusals, None) if "_bulk" in request.path else None

    def full(request: Request, answer: Answer) -> Answer:
        """Some items are refused although the request is not: the queue of one shard was full."""
        if "_bulk" not in request.path:
            return answer
        values = answer.values
        if len(values["items"]) > 3:
            for item in values["items"][1::3]:
                item["index"] = {"status": 429, "error": {"type": "es_rejected_execution_exception"}}
        return Answer(200, json.dumps(values).encode(), answer.headers)

    proxy.fault, proxy.mend = busy, full
    build(engine, [*RECORDS, *NAMES])
    assert numbers(find(engine, ""), RECORDS) == [1, 2, 3, 4, 5, 6, 7]
    assert engine.health().names == 7
    first = waits[:3]
    assert all(0.05 * 2**place <= wait <= 0.15 * 2**place for place, wait in enumerate(first))
    sent = [len(request.body.splitlines()) // 2 for request in proxy.seen if "_bulk" in request.path]
    assert sent == [14, 14, 14, 14, 5, 2]


def test_a_cluster_that_stays_busy_is_given_up_and_the_position_stays(
    engine: ElasticEngine, proxy: Proxy
) -> None:
    before = engine.position()
    proxy.fault = lambda request: error(429, "busy") if "_bulk" in request.path else None
    with pytest.raises(EngineAwayError):
        engine.apply([Change("r1", seq=2)], upto(2))
    proxy.fault = lambda _request: None
    answers_again(engine)
    assert engine.position() == before
    engine.apply([Change("r1", seq=2)], upto(2))
    assert find(engine, "晨光").total == 6


def test_a_document_that_only_the_cluster_refuses_is_set_aside_alone(engine: ElasticEngine) -> None:
    poison = document(3, "云泽晨光3有限公司")
    object.__setattr__(poison, "shown_from", 2**40)  # no day: the cluster counts days in 32 bits
    good = document(8, "云泽晨光8有限公司")
    changes = [Change("r3", (poison,), 2), Change("r8", (good,), 2)]
    (refused,) = engine.apply(changes, upto(2))
    assert refused.key == "r3"
    assert "cannot be held: document_parsing_exception" in refused.reason
    assert [each.n for each in engine.versions(0, 100)] == [1, 2, 4, 5, 6, 7, 8]
    assert engine.position() == upto(2)


def test_nothing_is_written_to_an_index_that_was_removed(
    engine: ElasticEngine, above: dict[str, Any]
) -> None:
    made = engine.build(upto(5))
    engine.indexes.remove(made.name)
    with pytest.raises(EngineError):
        made.add(written(RECORDS, made.write)[0])
    with elastic.client(above["elasticsearch_url"]) as es:
        assert not es.indices.exists(index=made.name)
        assert not es.indices.exists(index=f"{made.name}.write")


def test_an_error_never_repeats_what_was_asked(engine: ElasticEngine, proxy: Proxy) -> None:
    secret = "云泽秘密"
    reason = {"type": "parsing_exception", "reason": f"failed at {secret}"}
    proxy.fault = always(Answer(400, json.dumps({"error": reason, "status": 400}).encode()))
    with pytest.raises(EngineError) as caught:
        find(engine, secret)
    assert secret not in str(caught.value)


class Clock:
    """Stands still until told otherwise."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_after_some_failures_the_engine_is_left_alone_and_then_one_question_looks() -> None:
    clock = Clock()
    guard = Breaker(clock, lambda: 0.5)
    for _ in range(breaker.FAILURES):
        guard.admit()
        guard.failed()
    with pytest.raises(OpenError):
        guard.admit()
    clock.now += breaker.FIRST
    guard.admit()
    with pytest.raises(OpenError):
        guard.admit()  # the others wait for what the first one finds
    guard.failed()
    clock.now += breaker.FIRST
    with pytest.raises(OpenError):
        guard.admit()  # it is left alone for longer each time
    clock.now += breaker.FIRST
    guard.admit()
    guard.answered()
    guard.admit()
    guard.admit()


def test_the_pause_is_spread_by_chance_and_has_an_end() -> None:
    ends = set()
    for chance in (0.0, 0.25, 1.0):
        clock = Clock()
        guard = Breaker(clock, iter([chance] * 99).__next__)
        for _ in range(40):
            guard.failed()
        for second in range(40):
            clock.now = 100.0 + second / 2
            try:
                guard.admit()
            except OpenError:
                continue
            ends.add(second / 2)
            break
    assert len(ends) == 3
    assert max(ends) <= breaker.LONGEST * 1.5


def test_while_it_is_open_no_request_is_sent(
    engine: ElasticEngine, proxy: Proxy, above: dict[str, Any]
) -> None:
    clock = Clock()
    engine = elastic.engine(above | {"elasticsearch_url": proxy.url}, KINDS, clock=clock)
    proxy.fault = always(error(503, "no_shard_available_action_exception"))
    for _ in range(20):
        with pytest.raises(EngineAwayError):
            find(engine, "晨光")
    assert len(proxy.seen) == breaker.FAILURES
    proxy.fault = lambda _request: None
    clock.now += 60
    assert find(engine, "晨光").total == 7


@pytest.mark.parametrize("headers", [[PLAIN], [PLAIN, PRODUCT]])
def test_the_product_header_decides_what_is_elasticsearch(
    engine: ElasticEngine, proxy: Proxy, above: dict[str, Any], headers: list[tuple[str, str]]
) -> None:
    found = find(engine, "晨光")
    stranger = elastic.engine(above | {"elasticsearch_url": proxy.url}, KINDS)

    def bare(_request: Request, answer: Answer) -> Answer:
        return Answer(answer.status, answer.body, headers)

    proxy.mend = bare
    if PRODUCT in headers:
        assert find(stranger, "晨光") == found
    else:
        with pytest.raises(EngineAwayError, match="OpenSearch"):
            find(stranger, "晨光")
