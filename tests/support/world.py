"""A whole small world: a demo made, loaded and indexed by the real commands, and the real server on it.

The session's ``world`` is read by many tests and changed by none; ``World.copy`` gives one that may be changed.
"""

from __future__ import annotations

import csv
import fcntl
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import click

from creditregister import settings as setting_files
from support import site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from creditregister.settings import Settings

BIN = Path(sys.executable).parent
PACKAGES = {"credit-register": "creditregister.cli", "credit-index": "creditindex.cli"}
RECORDS = 600
SEED = 20_261_124
#: The day on which the world was made and is looked at.
TODAY = "2026-11-24"
#: How long a server may take to be ready, in seconds; a busy machine starts it in five.
PATIENCE = 60


class CommandError(Exception):
    """One of our commands ended otherwise than it should; the message holds what it said."""


@dataclass(frozen=True)
class World:
    """A data folder with its demo, the deliveries it was loaded from, and what each load reported."""

    data: Path
    deliveries: Path
    manifest: dict[str, Any]
    loads: tuple[dict[str, Any], ...] = ()

    @cached_property
    def environment(self) -> dict[str, str]:
        """What a command needs to work on this world."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CREDIT_")}
        return {**kept, "CREDIT_DATA": str(self.data), "CREDIT_TODAY": TODAY}

    @property
    def settings(self) -> Settings:
        return setting_files.load(data=self.data, today=TODAY)

    def app(self, **options: Any) -> Flask:
        """The application on this world, its clock standing still on the world's day."""
        return site.make(self.data, **options)

    def copy(self, folder: Path) -> World:
        """The same world in another folder, to be changed."""
        shutil.copytree(self.data, folder / "data", symlinks=True)
        return World(folder / "data", self.deliveries, self.manifest, self.loads)

    def run(self, *command: str, allowed: tuple[int, ...] = (0,)) -> str:
        """Run one of our commands on this world; returns what it printed."""
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in allowed:
            raise CommandError(f"{' '.join(command)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def call(self, *command: str) -> str:
        """The same inside this process, without the second that each start takes; any exit code is fine."""
        group = import_module(PACKAGES[command[0]]).main
        printed = io.StringIO()
        before = {name: os.environ.get(name) for name in ("CREDIT_DATA", "CREDIT_TODAY")}
        os.environ.update({name: self.environment[name] for name in before})
        try:
            with redirect_stdout(printed):
                group.main(list(command[1:]), prog_name=command[0], standalone_mode=False)
        except (SystemExit, click.exceptions.Exit):
            pass  # how a command says that something was refused
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        return printed.getvalue()

    def load(self, *arguments: str, allowed: tuple[int, ...] = (0, 1)) -> dict[str, Any]:
        """Run ``credit-index load --json``; returns what it reports."""
        report: dict[str, Any] = json.loads(
            self.run("credit-index", "load", *arguments, "--json", allowed=allowed)
        )
        return report

    def arguments(self, entry: dict[str, Any]) -> list[str]:
        """What ``credit-index load`` needs for one entry of the manifest."""
        given = [part for key, value in entry["with"].items() for part in ("--with", f"{key}={value}")]
        path = str(self.deliveries / entry["file"])
        given += ["--received", entry["received"]] if entry["received"] else []
        return [path, "--kind", entry["kind"], "--source", entry["source"], *given]

    @cached_property
    def people(self) -> tuple[dict[str, Any], ...]:
        """Everybody who is named in the deliveries, with the kind and the file of the row."""
        found = []
        for entry in self.manifest["files"]:
            lines = (self.deliveries / entry["people"]).read_text(encoding="utf-8").splitlines()
            found += [{**json.loads(line), "kind": entry["kind"], "file": entry["file"]} for line in lines]
        return tuple(found)

    def rows(self, file: str) -> list[dict[str, str]]:
        """The rows of one of the CSV deliveries by heading."""
        encoding = "gb18030" if "gb18030" in file else "utf-8-sig"
        with (self.deliveries / file).open(encoding=encoding, newline="") as handle:
            return list(csv.DictReader(handle))


def make(folder: Path, records: int = RECORDS, seed: int = SEED) -> World:
    """Make a world: init, demo, every load of the manifest, rebuild."""
    folder.mkdir(parents=True, exist_ok=True)
    bare = World(folder / "data", folder / "deliveries", {})
    bare.call("credit-index", "demo", str(bare.deliveries), "--records", str(records), "--seed", str(seed))
    manifest = json.loads((bare.deliveries / "manifest.json").read_text(encoding="utf-8"))
    loads = tuple(
        json.loads(bare.call("credit-index", "load", *bare.arguments(entry), "--json"))
        for entry in manifest["files"]
    )
    bare.call("credit-index", "rebuild")
    return World(bare.data, bare.deliveries, manifest, loads)


def for_session(folder: Path) -> World:
    """The world of a session: its ``folder`` lies beside those of the other processes that share the tests.

    The first that asks makes it, the others wait and copy: making it takes the better part of a minute.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return make(folder / "world")
    common = folder.parent / "world"
    told = common / "loads.json"
    with (folder.parent / "world.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not told.is_file():
            told.write_text(json.dumps(make(common).loads))
    deliveries = common / "deliveries"
    manifest = json.loads((deliveries / "manifest.json").read_text(encoding="utf-8"))
    made = World(common / "data", deliveries, manifest, tuple(json.loads(told.read_text())))
    return made.copy(folder / "world")


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A running ``credit-site serve``."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        """Status, headers and body of one request."""
        return self._ask("GET", path, None, headers or {})

    def post(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, str], str]:
        """The same, for a form that is sent."""
        return self._ask("POST", path, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, str], str]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read().decode()


@contextmanager
def serving(world: World, folder: Path, *options: str, **variables: str) -> Iterator[Server]:
    """The real server on this world, ready to answer; ended when the test ends."""
    port, log = free_port(), folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(BIN / "credit-site"), "serve", "--port", str(port), *options],
            env={**world.environment, **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(process, port, log)
    try:
        wait_until(lambda: _ready(server), f"{server.url}/readyz", lambda: log.read_text(errors="replace"))
        yield server
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ready(server: Server) -> bool:
    if server.process.poll() is not None:
        raise CommandError(f"The server ended by itself:\n{server.log.read_text(errors='replace')}")
    try:
        return server.get("/readyz")[0] == 200
    except OSError:
        return False


def wait_until(condition: Any, what: str, more: Any = str, seconds: float = PATIENCE) -> None:
    """Ask again and again until it is so; fails with ``what`` after ``seconds``."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            raise CommandError(f"Not within {seconds} s: {what}\n{more()}")
        pause.wait(0.02)
