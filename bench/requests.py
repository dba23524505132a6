"""A small generator of HTTP requests over sockets, kept open where the server keeps them.

It runs on the same machine as the server and takes a part of it, so the figures are lower than the server's.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from multiprocessing import get_context
from threading import Thread
from typing import TYPE_CHECKING

from bench.searching import Times, of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.queues import Queue

    Result = tuple[list[float], dict[int, int], int]

_PROCESSES, _CONNECTIONS = 2, 4


@dataclass(slots=True)
class _Client:
    """One connection that asks for one path after the other."""

    port: int
    paths: Sequence[str]
    headers: str
    end: float
    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    received: int = 0

    def run(self) -> None:
        connection: socket.socket | None = None
        place = 0
        while (started := time.perf_counter()) < self.end:
            connection = connection or socket.create_connection(("127.0.0.1", self.port))
            status, size, open_ = self._ask(connection, self.paths[place % len(self.paths)], place)
            if not open_:
                connection.close()
                connection = None
            self.times.append((time.perf_counter() - started) * 1000)
            self.statuses[status] = self.statuses.get(status, 0) + 1
            self.received += size
            place += 1
        if connection:
            connection.close()

    def _ask(self, connection: socket.socket, path: str, place: int) -> tuple[int, int, bool]:
        """Send one request; status, size, and whether the connection stays open."""
        # Each request comes from another client, or the limits would answer (trusted proxy: loopback).
        client = f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}"
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nX-Forwarded-For: {client}\r\n"
        connection.sendall(f"{head}{self.headers}\r\n".encode())
        answer, rest = _until(connection, b"\r\n\r\n")
        lines = answer.decode("latin-1").lower().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        wanted = int(fields.get("content-length", "0"))
        while len(rest) < wanted:
            more = connection.recv(65_536)
            if not more:
                break
            rest += more
        return int(lines[0].split(" ")[1]), len(rest), fields.get("connection") != "close"


def _until(connection: socket.socket, mark: bytes) -> tuple[bytes, bytes]:
    data = b""
    while mark not in data:
        more = connection.recv(65_536)
        if not more:
            raise ConnectionError("The server closed the connection before it had answered.")
        data += more
    head, _, rest = data.partition(mark)
    return head, rest


def measure(
    port: int, paths: Sequence[str], seconds: float, headers: str = ""
) -> tuple[Times, dict[int, int]]:
    """Ask for the paths, eight at a time, for that long; times with the rate, and answers by status."""
    context = get_context("spawn")
    answers: Queue[Result] = context.Queue()
    workers = [
        context.Process(
            target=_work, args=(port, list(paths[place::_PROCESSES] or paths), seconds, headers, answers)
        )
        for place in range(_PROCESSES)
    ]
    for worker in workers:
        worker.start()
    results = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    times = [value for values, _, _ in results for value in values]
    statuses: dict[int, int] = {}
    for _, counted, _ in results:
        for status, count in counted.items():
            statuses[status] = statuses.get(status, 0) + count
    return of(times, rate=len(times) / seconds), statuses


def _work(port: int, paths: list[str], seconds: float, headers: str, answers: Queue[Result]) -> None:
    end = time.perf_counter() + seconds
    step = max(1, len(paths) // _CONNECTIONS)
    clients = [
        _Client(port, paths[place * step :] + paths[: place * step], headers, end)
        for place in range(_CONNECTIONS)
    ]
    threads = [Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counted: dict[int, int] = {}
    for client in clients:
        for status, count in client.statuses.items():
            counted[status] = counted.get(status, 0) + count
    answers.put(
        ([value for client in clients for value in client.times], counted, sum(c.received for c in clients))
    )
