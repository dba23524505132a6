"""The wheel: built, installed into an environment of its own, and served from there.

A checkout finds config/, templates/ and static/ beside the packages; an installed wheel must carry them inside. What
the packages depend on is borrowed from the environment of the tests, so that nothing is fetched.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import sysconfig
import time
import venv
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from support import project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow
STARTS_WITHIN = 60.0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=project.TOP, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment that holds the wheel and nothing of this checkout."""
    home = tmp_path_factory.mktemp("installed")
    venv.EnvBuilder(symlinks=True).create(home)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    install = [*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    # A line of a .pth file adds a folder but runs no .pth files in it: the checkout's own stays out.
    (own,) = home.glob("lib/python*/site-packages")
    (own / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin"


def surroundings(data: Path) -> dict[str, str]:
    """A bare environment for a program: its data folder, and nothing that leads to this checkout."""
    return {"CREDIT_DATA": str(data), "PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(data)}


def run(programs: Path, data: Path, *command: str) -> str:
    """Run a program of the installed wheel, away from the checkout."""
    done = subprocess.run(
        [str(programs / command[0]), *command[1:]],
        cwd=data,
        env=surroundings(data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def fetch(url: str) -> str:
    """The body of a page that answers 200."""
    with urlopen(url, timeout=10) as answer:  # noqa: S310 -- loopback, put together below
        body: bytes = answer.read()
    return body.decode("utf-8")


def answers(url: str) -> bool:
    """Whether somebody answers at all."""
    try:
        fetch(url)
    except HTTPError:
        return True
    except (URLError, OSError):
        return False
    return True


def ended(server: subprocess.Popen[bytes], within: float) -> bool:
    """Whether the server ends within that many seconds."""
    try:
        server.wait(timeout=within)
    except subprocess.TimeoutExpired:
        return False
    return True


@contextmanager
def served(programs: Path, data: Path) -> Iterator[str]:
    """The site of the wheel, on loopback; ended with everything that it started."""
    port = free_port()
    command = [str(programs / "credit-site"), "serve", "--port", str(port), "--workers", "1"]
    with (data / "serve.log").open("w") as log:
        server = subprocess.Popen(command, cwd=data, env=surroundings(data), stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while not answers(f"{base}/healthz"):
            assert not ended(server, within=0.1), (data / "serve.log").read_text()
            assert time.monotonic() < deadline, (data / "serve.log").read_text()
        yield base
    finally:
        server.terminate()
        server.wait(timeout=30)


def test_the_wheel_holds_the_packages_and_what_they_ship(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(project.ROOTS.values())
    shipped = {
        "config": "creditregister/config",
        "templates": "creditsite/templates",
        "static": "creditsite/static",
    }
    for folder, inside in shipped.items():
        mine = {
            path.relative_to(project.TOP / folder).as_posix()
            for path in project.files()
            if path.is_relative_to(project.TOP / folder)
        }
        assert mine
        assert {f"{inside}/{name}" for name in mine} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_nothing_of_the_checkout_is_used(programs: Path, tmp_path: Path) -> None:
    imports = "import creditregister, creditindex, creditsite as s; print(s.__file__)"
    said = run(programs, tmp_path, "python", "-c", imports)
    assert said.startswith(str(programs.parent))


def test_the_installed_kinds_are_the_ones_of_the_tree(programs: Path, tmp_path: Path) -> None:
    said = run(programs, tmp_path, "python", "-c", "from creditregister import kinds; print(*kinds.load())")
    files = {path.stem for path in (project.TOP / "config" / "kinds").glob("[!_]*.toml")}
    assert set(said.split()) == files


def test_the_wheel_serves_pages_and_their_files(programs: Path, tmp_path: Path) -> None:
    run(programs, tmp_path, "credit-register", "init")
    with served(programs, tmp_path) as base:
        home = fetch(f"{base}/")
        assert "<h1" in home
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', home)
        assert sheets
        for sheet in sheets:
            assert "{" in fetch(base + sheet)
        assert "<h1" in fetch(f"{base}/en/help")


def test_every_program_answers_from_the_wheel(programs: Path, tmp_path: Path) -> None:
    for name in ("credit-register", "credit-index", "credit-site"):
        assert name in run(programs, tmp_path, name, "--help")
