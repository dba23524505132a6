"""The process that answers ``/metrics`` on its own port: what workers counted, how register and index stand.

Started by ``credit-site serve`` where ``metrics.port`` is set; to be reached by the monitoring only.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from creditindex import opening
from creditindex.engine import EngineError
from creditregister import checkpoint, kinds, ledger
from creditregister.errors import CreditError
from creditregister.opening import open_register
from creditsite import logs, metrics

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prometheus_client import Metric

    from creditindex.engine import Engine
    from creditregister.opening import Register

log = logging.getLogger(__name__)


class Standing(Collector):
    """How far ledger, signed head and index have come, looked at when somebody asks."""

    def __init__(self, register: Register, engine: Engine) -> None:
        self._register = register
        self._engine = engine

    def collect(self) -> Iterable[Metric]:
        """One value each; what cannot be read now is left out, and ``…_up`` says 0."""
        size = self._size()
        yield _gauge("credit_register_up", "1 while the register can be read.", int(size is not None))
        if size is not None:
            yield _gauge("credit_ledger_entries", "Entries of the ledger.", size)
            yield _gauge("credit_ledger_unsigned", "Entries after the signed head.", size - self._signed())
        position = self._position()
        yield _gauge("credit_index_up", "1 while the index says where it stands.", int(position is not None))
        if size is not None and position is not None:
            yield _gauge("credit_index_behind", "Entries that the index has not seen yet.", size - position)
        yield _gauge("credit_index_aside", "Public documents that the index could not hold.", self._aside())

    def _size(self) -> int | None:
        try:
            with self._register.store.read() as connection:
                return ledger.head(connection).seq
        except (CreditError, SQLAlchemyError, OSError):
            return None

    def _signed(self) -> int:
        try:
            note = checkpoint.path(self._register.settings).read_text(encoding="utf-8")
            return checkpoint.parse(note).size
        except (CreditError, OSError):
            return 0

    def _aside(self) -> int:
        """As the follower or the rebuild on this machine wrote it down."""
        return len(opening.aside_file(self._register.settings).all())

    def _position(self) -> int | None:
        try:
            position = self._engine.position()
        except (EngineError, OSError):
            return None
        return position.seq if position else None


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def registry(register: Register, engine: Engine) -> CollectorRegistry:
    """Everything that is told; the workers' counts only where they have a folder."""
    found = CollectorRegistry()
    found.register(Standing(register, engine))
    if os.environ.get(metrics.FOLDER):
        MultiProcessCollector(found)  # type: ignore[no-untyped-call] # the library's own
    return found


def main() -> None:
    """Answer until told to stop."""
    logs.configure()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    register = open_register()
    engine = opening.reader(register.settings, kinds.load())
    place = register.settings.metrics
    server, thread = start_http_server(place.port, place.host, registry(register, engine))
    stop.wait()
    server.shutdown()
    thread.join()


if __name__ == "__main__":
    main()
