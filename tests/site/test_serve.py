"""``credit-site serve``: what it refuses, one limit over four workers, how it starts and ends its children."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from creditregister import settings as setting_files
from creditsite import serve
from support import town as towns
from support.world import free_port, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.town import Town

BIN = Path(sys.executable).parent


def address(host: str = "127.0.0.1", *, behind_proxy: bool = False) -> serve.Address:
    return serve.Address(host, 8000, behind_proxy)


def test_this_machine_needs_nothing(town: Town) -> None:
    for host in ("127.0.0.1", "::1", "localhost", "127.0.0.53"):
        serve.refuse(town.register.settings, address(host))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "credit.example"])  # noqa: S104 -- refused
def test_other_machines_need_a_proxy_and_host_names(town: Town, host: str) -> None:
    own = town.register.settings
    with pytest.raises(serve.ServeError, match="--behind-proxy"):
        serve.refuse(own, address(host))
    with pytest.raises(serve.ServeError, match=r"site\.hosts"):
        serve.refuse(own, address(host, behind_proxy=True))
    site = own.site.model_copy(update={"hosts": ("credit.example",), "trusted_proxies": ("10.0.0.0/8",)})
    serve.refuse(own.model_copy(update={"site": site}), address(host, behind_proxy=True))


def test_a_proxy_must_be_named(town: Town) -> None:
    with pytest.raises(serve.ServeError, match="trusted_proxies"):
        serve.refuse(town.register.settings, address(behind_proxy=True))


def test_a_demo_stays_on_its_machine(fresh: Town) -> None:
    (fresh.register.settings.data / "DEMO").touch()
    serve.refuse(fresh.register.settings, address())
    with pytest.raises(serve.ServeError, match="this machine only"):
        serve.refuse(fresh.register.settings, address("0.0.0.0", behind_proxy=True))  # noqa: S104 -- refused


def test_without_a_register_nothing_is_served(tmp_path: Path) -> None:
    with pytest.raises(serve.ServeError, match="credit-register init"):
        serve.refuse(setting_files.load(data=tmp_path), address())
    done = subprocess.run(
        [BIN / "credit-site", "serve"],
        env={**_environment(), "CREDIT_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "credit-register init" in done.stderr
    assert "Traceback" not in done.stderr


def test_threads_only_where_clients_come_themselves() -> None:
    alone, behind = serve.command(address("::1"), 4), serve.command(address(behind_proxy=True), 2)
    assert "[::1]:8000" in alone
    assert alone[alone.index("--worker-class") + 1 : alone.index("--worker-class") + 4] == [
        "gthread",
        "--threads",
        "4",
    ]
    assert behind[behind.index("--worker-class") + 1] == "sync"


@pytest.mark.slow
def test_request_61_is_the_first_429_over_four_workers(fresh: Town, tmp_path: Path) -> None:
    with _serving(fresh, tmp_path, "--workers", "4") as (port, log):
        statuses, left = [], []
        for _ in range(70):
            # A connection each, so that the kernel spreads them over the workers.
            status, headers, _ = _get(port, "/search?q=%E8%B5%A4%E6%B0%B4")
            statuses.append(status)
            left.append(int(headers["X-RateLimit-Remaining"]))
        lines = [json.loads(line) for line in log.read_text().splitlines()[1:]]
        assert sum(line["event"] == "Booting worker with pid" for line in lines) == 4
        assert statuses == [200] * 60 + [429] * 10
        assert left == [*range(59, -1, -1), *[0] * 10]
        assert _get(port, "/help")[0] == 200
        with ThreadPoolExecutor(8) as pool:
            at_once = list(pool.map(lambda _: _get(port, "/about")[0], range(140)))
        assert at_once.count(200) == 119  # one of 120 was the help page
        assert at_once.count(429) == 21


@pytest.mark.slow
def test_a_change_is_followed_and_a_checkpoint_signed(fresh: Town, tmp_path: Path) -> None:
    with _serving(fresh, tmp_path, "--workers", "1") as (port, log):
        record = fresh.record("云市监2〔2026〕1号")
        assert record.id in _get(port, "/search?q=%E6%99%A8%E5%85%89")[2]
        fresh.withdraw(record)
        assert _get(port, f"/r/{record.id}")[0] == 410
        assert record.id not in _get(port, "/search?q=%E6%99%A8%E5%85%89")[2]
        wait_until(
            lambda: json.loads(_get(port, "/readyz")[2])["index"] == "current", "index follows", log.read_text
        )
        wait_until(lambda: _get(port, "/log/checkpoint")[0] == 200, "a checkpoint is signed", log.read_text)


@pytest.mark.slow
def test_the_companion_is_started_again_and_all_end_together(fresh: Town, tmp_path: Path) -> None:
    with _serving(fresh, tmp_path, "--workers", "1") as (port, log):
        parent = int((tmp_path / "pid").read_text())
        first = _child(parent, "creditsite.companion")
        os.kill(first, signal.SIGKILL)
        wait_until(
            lambda: _child(parent, "creditsite.companion") not in {0, first}, "a new companion", log.read_text
        )
        assert "companion ended" in log.read_text()
        assert _get(port, "/healthz")[0] == 200
        children = [_child(parent, name) for name in ("creditsite.companion", "creditsite.wsgi")]
    wait_until(
        lambda: not any(_alive(child) for child in children), "the children end with it", log.read_text
    )


@pytest.mark.slow
def test_the_log_holds_no_query_and_no_address(fresh: Town, tmp_path: Path) -> None:
    with _serving(fresh, tmp_path, "--workers", "1") as (port, log):
        _get(port, "/search?q=%E7%A7%98%E5%AF%86secretword")
        _get(port, f"/s/{towns.NOBODY}")
        _get(port, "/nowhere%0d%0a%7b%22level%22%3a%22forged%22%7d")
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.connect()
            connection.sock.sendall(b"GET /secretpath?secretword HTTP/9.9\r\n\r\n")
            connection.sock.recv(4096)
    lines = [line for line in log.read_text().splitlines()[1:] if line]
    read = [json.loads(line) for line in lines]
    assert sum(line.get("event") == "request" for line in read) >= 3
    text = log.read_text()
    assert "secretword" not in text
    assert "secretpath" not in text
    assert towns.NOBODY not in text
    assert not any(line.get("level") == "forged" for line in read)
    assert "127.0.0.1" not in "\n".join(lines)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("CREDIT_")}


@contextmanager
def _serving(town: Town, folder: Path, *options: str) -> Iterator[tuple[int, Path]]:
    """The real server on a town."""
    port, log = free_port(), folder / "server.log"
    day = town.register.clock.today().isoformat()
    environment = {**_environment(), "CREDIT_DATA": str(town.register.settings.data), "CREDIT_TODAY": day}
    command = [str(BIN / "credit-site"), "serve", "--port", str(port), *options]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT)
    (folder / "pid").write_text(str(process.pid))
    try:
        wait_until(lambda: _ready(port), "the site is ready", log.read_text)
        yield port, log
    finally:
        process.terminate()
        assert process.wait(60) == 0


def _ready(port: int) -> bool:
    try:
        return _get(port, "/readyz")[0] == 200
    except OSError:
        return False


def _get(port: int, path: str) -> tuple[int, dict[str, str], str]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()


def _child(parent: int, name: str) -> int:
    """The child of a process whose command line holds ``name``; 0 if there is none."""
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    for child in found:
        try:
            if name in Path(f"/proc/{child}/cmdline").read_text():
                return int(child)
        except OSError:
            continue
    return 0


def _alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()
