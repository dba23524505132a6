"""A proxy in front of Elasticsearch that fails in the ways a cluster fails, one request at a time.

A *fault* sees each request and returns what happens to it: ``None`` lets it through, an ``Answer`` is given
instead, ``DROP`` closes the connection, ``HANG`` lets the client wait until it gives up. ``mend`` may change the
answers of the cluster. Nothing here sleeps: who hangs is let go at the end.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import TracebackType

DROP = "drop"
HANG = "hang"
PRODUCT = ("X-Elastic-Product", "Elasticsearch")
JSON = ("Content-Type", "application/vnd.elasticsearch+json;compatible-with=9")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Answer:
    """One answer; with ``cut``, only half of the body that was promised is sent."""

    status: int
    body: bytes
    headers: list[tuple[str, str]] = field(default_factory=lambda: [PRODUCT, JSON])
    cut: bool = False

    @property
    def values(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def error(status: int, kind: str) -> Answer:
    """What the cluster says when it refuses."""
    return Answer(
        status, json.dumps({"error": {"type": kind, "reason": "tested"}, "status": status}).encode()
    )


class Proxy:
    """Listens on loopback while it is open; ``seen`` are the requests that came."""

    def __init__(self, target: str, tls: ssl.SSLContext | None = None) -> None:
        found = urlsplit(target)
        self._target = (found.hostname or "", found.port or 9200)
        self._tls = tls
        self._port = 0
        self._server: ThreadingHTTPServer | None = None
        self._go = threading.Event()
        self.seen: list[Request] = []
        self.fault: Callable[[Request], Answer | str | None] = lambda _request: None
        self.mend: Callable[[Request, Answer], Answer] = lambda _request, answer: answer

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    def open(self) -> None:
        """Listen, at the same port as before."""
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_address[1]
        if self._tls is not None:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}).start()

    def close(self) -> None:
        """Stop listening: the node is away."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, request: Request) -> Answer | str:
        """What happens to a request."""
        if self._server is None:
            return DROP  # a connection that was open when the node went away
        self.seen.append(request)
        found = self.fault(request)
        if found == HANG:
            self._go.wait(60)
            return DROP
        return found if found is not None else self.mend(request, self._forward(request))

    def _forward(self, request: Request) -> Answer:
        connection = HTTPConnection(*self._target, timeout=60)
        kept = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        connection.request(request.method, request.path, request.body or None, kept)
        answer = connection.getresponse()
        skipped = {"transfer-encoding", "content-length", "connection"}
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in skipped]
        body = answer.read()
        connection.close()
        return Answer(answer.status, body, headers)

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._go.set()
        self.close()


class _Handler(BaseHTTPRequestHandler):
    owner: Proxy
    protocol_version = "HTTP/1.1"
    timeout = 60

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        answer = self.owner.answer(Request(self.command, self.path, dict(self.headers.items()), body))
        if not isinstance(answer, Answer):
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)
        if answer.cut:
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815 -- the library's own names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- the library's own name
        """Say nothing."""
