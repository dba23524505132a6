"""Engines over a real Elasticsearch, each test with indexes of its own that are removed after it."""

from __future__ import annotations

import random
import secrets
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from elasticsearch import Elasticsearch

from creditindex.elastic.breaker import Breaker
from creditindex.elastic.connection import Connection, hosts_of
from creditindex.elastic.indexes import Indexes
from creditindex.elastic.service import ElasticEngine, index_settings
from creditregister import settings as setting_files
from support import require

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: Seconds that a question waits in tests; a busy machine may take its time.
READ = 20.0


@contextmanager
def own_indexes() -> Iterator[dict[str, Any]]:
    """Settings that lead to a real cluster, with a prefix that nobody else has; ends the test where there is none."""
    url = require.url("elasticsearch", "CREDIT_TEST_ELASTICSEARCH_URL")
    prefix = f"t{secrets.token_hex(6)}"
    try:
        yield {"elasticsearch_url": url, "elasticsearch": {"prefix": prefix, "read_seconds": READ}}
    finally:
        sweep(url, prefix)


def sweep(url: str, prefix: str) -> None:
    """Remove all indexes of a prefix."""
    with client(url) as es:
        for name in es.indices.get(index=f"{prefix}-*", expand_wildcards="all").body:
            es.indices.delete(index=name)


def client(url: str) -> Elasticsearch:
    """A client of the cluster itself, for what no engine of ours does."""
    return Elasticsearch(hosts_of(url), request_timeout=READ)


def engine(
    above: Mapping[str, Any],
    kinds: Mapping[int, str],
    *,
    clock: Callable[[], float] | None = None,
    wall: Callable[[], float] = time.time,
    sleep: Callable[[float], None] = lambda _seconds: None,
    **options: Any,
) -> ElasticEngine:
    """An engine that looks where the alias points at every question, and does not sleep."""
    settings = setting_files.load(**above)
    ticks = clock or iter(range(10**9)).__next__
    es = Elasticsearch(
        hosts_of(settings.elasticsearch_url or ""), **{"request_timeout": READ, "max_retries": 0} | options
    )
    connection = Connection(es, Breaker(ticks, random.Random(1).random))
    indexes = Indexes(connection, settings.elasticsearch.prefix, wall)
    return ElasticEngine(connection, indexes, kinds, index_settings(settings), clock=ticks, sleep=sleep)
