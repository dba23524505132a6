"""``credit-site serve``: site and follower in one command, watched over by this process (DESIGN 6).

Children: gunicorn with the site, the companion (index follower, checkpoint), and the exporter of ``/metrics``
where a port is set. If gunicorn ends, all ends; another one is started again after a pause, since pages go on
without it. SIGTERM or Ctrl-C ends all. Production runs the companion by its own means (``--pages-only``).
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import structlog
from prometheus_client.multiprocess import mark_process_dead

from creditregister import settings as setting_files
from creditregister.errors import CreditError
from creditregister.shipping import shipped
from creditregister.store import Store
from creditsite import metrics
from creditsite.guard import counters, limiter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from creditregister.settings import Settings

log = structlog.get_logger(__name__)

#: Threads of a worker that faces clients itself.
THREADS = 4
#: Workers beyond the cores of a machine do not help (ENGINES 6).
MOST_WORKERS = 8
#: Seconds that children get to end by themselves.
GRACE = 30
#: Seconds between two looks at the children, and before a companion that ended is started again.
LOOK, PAUSE = 0.2, 2.0


class ServeError(CreditError):
    """The site may not be served like this; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen, and who stands before us."""

    host: str
    port: int
    behind_proxy: bool


def default_workers() -> int:
    """One worker a core."""
    return max(1, min(MOST_WORKERS, os.cpu_count() or 1))


def refuse(settings: Settings, address: Address) -> None:
    """Compare the address with what the settings allow.

    Raises:
        ServeError: other machines could reach what they must not, or nothing is there to be served.
    """
    if not is_loopback(address.host):
        if settings.demo:
            raise ServeError("A demo is served on this machine only: leave --host at 127.0.0.1.")
        if not address.behind_proxy:
            raise ServeError(
                f"{address.host} can be reached from other machines. The site belongs behind a proxy that"
                " speaks TLS and buffers slow clients: set it up, then add --behind-proxy."
            )
        if not settings.site.hosts:
            raise ServeError("Set site.hosts to the host names of this site before others can reach it.")
    if address.behind_proxy and not settings.site.trusted_proxies:
        raise ServeError(
            "--behind-proxy needs site.trusted_proxies: without it every client looks like the proxy,"
            " and all share one limit."
        )
    if not Store(settings).exists():
        raise ServeError("There is no register yet: run `credit-register init` first.")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def before_workers(server: Any) -> None:  # noqa: ANN401 -- gunicorn's arbiter
    """What is done once, before any worker starts: the demo stays at home, damaged counts are thrown away.

    Raises:
        ServeError: a demo would be reachable from other machines.
    """
    settings = setting_files.load()
    bound = [address[0] for address in server.cfg.address if isinstance(address, tuple)]
    if settings.demo and not all(map(is_loopback, bound)):
        raise ServeError("A demo is served on this machine only: bind it to 127.0.0.1.")
    counters.prepare(settings.data / limiter.FILE)


def command(address: Address, workers: int) -> list[str]:
    """How gunicorn is started."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    kind = ["sync"] if address.behind_proxy else ["gthread", "--threads", str(THREADS)]
    config = str(shipped("config") / "gunicorn.conf.py")
    options = ["--bind", f"{host}:{address.port}", "--workers", str(workers), "--worker-class", *kind]
    return [sys.executable, "-m", "gunicorn", "--config", config, *options, "creditsite.wsgi:app"]


def serve(settings: Settings, address: Address, workers: int, *, pages_only: bool) -> int:
    """Serve until told to stop; the exit code."""
    companion = {} if pages_only else {"companion": (sys.executable, "-m", "creditsite.companion")}
    if not settings.metrics.port:
        return Supervisor(command(address, workers), companion).run()
    exporter = {"exporter": (sys.executable, "-m", "creditsite.exporter")}
    with tempfile.TemporaryDirectory(prefix="credit-counts-") as counts:
        return Supervisor(command(address, workers), {**companion, **exporter}, counts).run()


def forget_worker(_server: object, worker: Any) -> None:  # noqa: ANN401 -- gunicorn's own
    """What a worker that ended counted stays; what it held at the moment does not."""
    if os.environ.get(metrics.FOLDER):
        mark_process_dead(worker.pid)  # type: ignore[no-untyped-call] # the library's own


@dataclass
class Supervisor:
    """Starts the children, watches them, ends them."""

    site: Sequence[str]
    beside: Mapping[str, Sequence[str]]
    counts: str = ""
    _children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _stopping: bool = False

    def run(self) -> int:
        """Watch until told to stop or until the site ends; the exit code of the site."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for name, arguments in (*self.beside.items(), ("site", self.site)):
            self._start(name, arguments)
        again = dict.fromkeys(self.beside, 0.0)
        while not self._stopping and self._children["site"].poll() is None:
            for name, arguments in self.beside.items():
                if self._children[name].poll() is not None and time.monotonic() >= again[name]:
                    log.error("%s ended", name, code=self._children[name].returncode)
                    again[name] = time.monotonic() + PAUSE
                    self._start(name, arguments)
            time.sleep(LOOK)
        return self._end()

    def _start(self, name: str, arguments: Sequence[str]) -> None:
        # A session of its own: Ctrl-C reaches this process alone, which then ends the children in order.
        environment = {**os.environ, metrics.FOLDER: self.counts} if self.counts else None
        self._children[name] = subprocess.Popen(list(arguments), start_new_session=True, env=environment)

    def _stop(self, *_: object) -> None:
        self._stopping = True

    def _end(self) -> int:
        """End the site first, so that nobody reads what is no longer followed."""
        deadline = time.monotonic() + GRACE
        children = [self._children[name] for name in ("site", *self.beside)]
        for child in children:
            if child.poll() is None:
                child.terminate()
        for child in children:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        return 0 if self._stopping else self._children["site"].returncode or 1
