"""Two processes of the site behind a real nginx: withdrawals, slow clients, a process that is replaced."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.proxy import NAME, Proxy
from support.world import free_port, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.town import Town

BIN = Path(sys.executable).parent


@dataclass
class Sites:
    """Two processes of the site with one worker each, and their proxy."""

    town: Town
    folder: Path
    ports: list[int]
    processes: list[subprocess.Popen[bytes]]
    proxy: Proxy
    metrics: int

    def start(self, place: int) -> None:
        """Start one of them and wait until it can work."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CREDIT_")}
        environment |= {
            "CREDIT_DATA": str(self.town.register.settings.data),
            "CREDIT_TODAY": self.town.register.clock.today().isoformat(),
            "CREDIT_SITE__TRUSTED_PROXIES": '["127.0.0.1/32"]',
            "CREDIT_SITE__HOSTS": f'["{NAME}"]',
            "CREDIT_METRICS__PORT": str(self.metrics if place == 0 else 0),
        }
        command = [str(BIN / "credit-site"), "serve", "--pages-only", "--behind-proxy", "--workers", "1"]
        log = self.folder / f"site{place}.log"
        with log.open("ab") as output:
            self.processes[place : place + 1] = [
                subprocess.Popen(
                    [*command, "--port", str(self.ports[place])],
                    env=environment,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            ]
        wait_until(lambda: ready(self.ports[place]), f"site {place} is ready", log.read_text)

    def end(self) -> None:
        """End both."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(60)

    def stop(self, place: int) -> None:
        """End one of them as systemd does."""
        self.processes[place].terminate()
        assert self.processes[place].wait(60) == 0


def ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/readyz", headers={"Host": NAME})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@pytest.fixture
def sites(fresh: Town, tmp_path: Path) -> Iterator[Sites]:
    """Both processes and the proxy, running."""
    ports = [free_port(), free_port()]
    (tmp_path / "nginx").mkdir()
    proxy = Proxy.prepare(tmp_path / "nginx", ports)
    made = Sites(fresh, tmp_path, ports, [], proxy, free_port())
    with ExitStack() as stack:
        for place in (0, 1):
            made.start(place)
        stack.callback(made.end)
        stack.enter_context(proxy.running())
        yield made


@pytest.mark.slow
def test_a_withdrawal_is_never_served_after_its_commit(sites: Sites) -> None:
    """Readers ask all the time, also with the tag of the page they hold; none begun after the commit sees it."""
    record = sites.town.record("云市监2〔2026〕1号")
    path = f"/r/{record.id}"
    status, headers, text = sites.proxy.get(path)
    assert (status, record.id in text) == (200, True)
    seen: list[tuple[float, int]] = []
    stop = threading.Event()

    def read(tag: str) -> None:
        while not stop.is_set():
            began = time.monotonic()
            seen.append((began, sites.proxy.get(path, **({"If-None-Match": tag} if tag else {}))[0]))

    readers = [threading.Thread(target=read, args=(tag,)) for tag in ("", headers["ETag"])]
    for reader in readers:
        reader.start()
    wait_until(lambda: len(seen) > 20, "readers read", lambda: str(seen))
    sites.town.withdraw(record)
    committed = time.monotonic()
    wait_until(lambda: sum(at > committed for at, _ in seen) > 20, "readers read on", lambda: str(seen))
    stop.set()
    for reader in readers:
        reader.join()
    assert {status for at, status in seen if at > committed} == {410}
    assert {status for at, status in seen if at < committed} >= {200, 304}
    for place in sites.ports:
        assert ready(place)
    assert record.id not in sites.proxy.get("/search?q=%E6%99%A8%E5%85%89")[2]


@pytest.mark.slow
def test_slow_clients_keep_nobody_waiting(sites: Sites) -> None:
    """Thirty clients send a byte now and then; each site has a single worker, and others are answered at once."""
    slow = [trickle(sites.proxy) for _ in range(30)]
    for _ in range(10):
        for client in slow:
            client.sendall(b"x")
        began = time.monotonic()
        assert sites.proxy.get("/help?text=large")[0] == 200
        assert time.monotonic() - began < 5
    for client in slow:
        client.close()


def trickle(proxy: Proxy) -> socket.socket:
    """A request that never ends: a body is announced and hardly sent."""
    trust = ssl.create_default_context(cafile=str(proxy.folder / "site.crt"))
    trust.check_hostname = False
    client = trust.wrap_socket(socket.create_connection(("127.0.0.1", proxy.port)))
    head = f"POST /people HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 8000\r\n"
    client.sendall((head + "Content-Type: application/x-www-form-urlencoded\r\n\r\n").encode())
    return client


@pytest.mark.slow
def test_one_process_is_replaced_while_the_other_answers(sites: Sites) -> None:
    statuses: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            statuses.append(sites.proxy.get("/healthz")[0])
            stop.wait(0.15)

    reader = threading.Thread(target=read)
    reader.start()
    for place in (0, 1):
        sites.stop(place)
        sites.start(place)
    stop.set()
    reader.join()
    assert len(statuses) > 5
    assert set(statuses) == {200}


@pytest.mark.slow
def test_what_the_proxy_passes_on_and_what_not(sites: Sites) -> None:
    status, headers, _ = sites.proxy.get("/")
    assert (status, "Server" in headers and "/" in headers["Server"]) == (200, False)
    assert "Content-Encoding" not in sites.proxy.get("/help", **{"Accept-Encoding": "gzip"})[1]
    # One client cannot pass for many by what it says of itself.
    left = [
        int(
            sites.proxy.get("/help", **{"X-Forwarded-For": f"198.51.100.{place}"})[1]["X-RateLimit-Remaining"]
        )
        for place in range(3)
    ]
    assert left == [left[0], left[0] - 1, left[0] - 2]
    with pytest.raises(OSError, match=r"(?i)closed|reset|remote"):
        sites.proxy.get("/", Host="evil.example")
    connection = HTTPConnection("127.0.0.1", sites.proxy.plain, timeout=30)
    connection.request("GET", "/search?q=x", headers={"Host": NAME})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{NAME}/search?q=x")
    connection.close()
    assert sites.proxy.get("/metrics")[0] == 404


@pytest.mark.slow
def test_the_metrics_tell_counts_and_no_words(sites: Sites) -> None:
    for path in ["/search?q=%E7%A7%98%E5%AF%86secretword"] * 4 + ["/secretpath"] * 4:
        sites.proxy.get(path)  # the two processes take turns, and one of them is asked below
    connection = HTTPConnection("127.0.0.1", sites.metrics, timeout=30)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    assert 'credit_requests_total{method="GET",route="search.show",status="200"}' in text
    assert 'credit_requests_total{method="GET",route="unmatched",status="404"}' in text
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert values["credit_register_up"] == values["credit_index_up"] == "1.0"
    assert float(values["credit_ledger_entries"]) > 0
    assert values["credit_index_behind"] == "0.0"
    assert "secret" not in text
    lines = [
        line for place in (0, 1) for line in (sites.folder / f"site{place}.log").read_text().splitlines()
    ]
    assert all("secretword" not in line for line in lines)
    assert any(json.loads(line).get("event") == "request" for line in lines if line.startswith("{"))
