"""Memory of processes here, and of the nodes of a cluster while something runs."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from bench import engines
from creditindex.engine import EngineError
from creditregister import settings as setting_files

if TYPE_CHECKING:
    from creditindex.elastic.connection import Connection

#: Seconds between two looks.
_EVERY = 0.25


@dataclass(frozen=True, slots=True)
class Server:
    """The most that all nodes of a cluster took together, in bytes; zeros where there is none to ask.

    ``heap`` is in use, of ``limit``; ``resident`` is known of nodes on this machine only.
    """

    heap: int = 0
    limit: int = 0
    resident: int = 0

    def most(self, other: Server) -> Server:
        """The larger of each figure."""
        return Server(
            max(self.heap, other.heap), max(self.limit, other.limit), max(self.resident, other.resident)
        )


def own(process: int) -> int:
    """Memory of a process of its own, in bytes: pages of the index are shared by all and the page cache."""
    return _status(process, "RssAnon")


class Watch:
    """In a thread: look at the nodes of the cluster that is in turn, if one is, and keep the most."""

    def __init__(self, data: Path) -> None:
        self.most = Server()
        self._data = data
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        if not engines.is_embedded():
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _look(self) -> None:
        from creditindex.elastic.connection import connect  # noqa: PLC0415 -- not for the embedded engine

        connection = connect(setting_files.load(data=self._data))
        while True:
            with suppress(EngineError):  # a key that may not look at nodes, or a node that is too busy
                self.most = self.most.most(_nodes(connection))
            if self._stop.wait(_EVERY):
                break
        connection.close()


def _nodes(connection: Connection) -> Server:
    stats = connection.ask(lambda es: es.nodes.stats(metric="jvm").body["nodes"]).values()
    about = connection.ask(lambda es: es.nodes.info(metric="process").body["nodes"]).values()
    heaps: list[dict[str, Any]] = [node["jvm"]["mem"] for node in stats]
    return Server(
        sum(heap["heap_used_in_bytes"] for heap in heaps),
        sum(heap["heap_max_in_bytes"] for heap in heaps),
        sum(_resident(int(node["process"]["id"])) for node in about),
    )


def _resident(process: int) -> int:
    """Resident memory of a node with its mapped files; 0 where it runs on another machine."""
    try:
        command = (Path("/proc") / str(process) / "cmdline").read_bytes()
    except OSError:
        return 0
    return _status(process, "VmRSS") if b"elasticsearch" in command else 0


def _status(process: int, name: str) -> int:
    try:
        lines = (Path("/proc") / str(process) / "status").read_text().splitlines()
    except OSError:
        return 0  # it ended meanwhile
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name)), 0)
