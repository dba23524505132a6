"""Make the environment in .venv, or see at once that it is whole (``make setup``).

Runs on a bare Python 3.11 with nothing but the standard library. A stamp in .venv stands for a finished
installation: its first line is the place and the Python that it was made for (an environment that was moved
or copied would run the code of the old place), its second the digest of the lock and of pyproject.toml.
An environment without a stamp was interrupted, and is made anew.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
#: What an environment is for -> its lock file. ``dev`` holds all of ``run`` with the same versions.
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
HINTS = """If ensurepip is missing, install python3-venv of your system. If no packages can be reached, name
an index or a folder by pip's own settings (PIP_INDEX_URL, PIP_FIND_LINKS). Then call make again."""


def place(top: Path) -> str:
    """What an environment belongs to: a folder and a Python version."""
    return f"{top} {sys.implementation.name}-{sys.version_info.major}.{sys.version_info.minor}"


def digest(top: Path, level: str) -> str:
    """The digest of everything that decides what is installed."""
    found = hashlib.sha256()
    for name in (LOCKS[level], "pyproject.toml"):
        found.update((top / name).read_bytes())
    return found.hexdigest()


def stamp(top: Path, level: str) -> Path:
    """The file that says: whole."""
    return top / ".venv" / f".ready-{level}"


def ready(top: Path, level: str) -> bool:
    """Whether the environment is whole and current for ``level``."""
    path = stamp(top, level)
    current = f"{place(top)}\n{digest(top, level)}\n"
    return path.is_file() and path.read_text() == current and (top / ".venv/bin/python").exists()


def usable(top: Path) -> bool:
    """Whether an out-of-date environment can be brought up to date instead of being made anew."""
    stamps = [path for path in (stamp(top, level) for level in LOCKS) if path.is_file()]
    here = all(path.read_text().startswith(place(top) + "\n") for path in stamps)
    return bool(stamps) and here and (top / ".venv/bin/python").exists()


def install(top: Path, level: str) -> None:
    """Bring .venv to the lock of ``level``; it is marked as whole only at the very end."""
    if stamp(top, "dev").is_file():
        level = "dev"  # what is there for the tests stays there
    if not usable(top):
        venv.EnvBuilder(clear=True, symlinks=True, with_pip=True).create(top / ".venv")
    for other in LOCKS:
        stamp(top, other).unlink(missing_ok=True)
    pip = [str(top / ".venv/bin/python"), "-m", "pip", "install", "--quiet", "--no-input"]
    pip.append("--disable-pip-version-check")
    subprocess.run([*pip, "--require-hashes", "-r", LOCKS[level]], cwd=top, check=True)
    subprocess.run([*pip, "--no-build-isolation", "--no-deps", "-e", "."], cwd=top, check=True)
    stamp(top, level).write_text(f"{place(top)}\n{digest(top, level)}\n")


def main() -> int:
    """Install what is missing; at once when nothing is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="with everything that tests and checks need")
    level = "dev" if parser.parse_args().dev else "run"
    # A second make in another terminal waits here and then finds the work done.
    with (TOP / "pyproject.toml").open() as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        if ready(TOP, "dev") or ready(TOP, level):
            return 0
        print(f"Installing {LOCKS[level]} into .venv (once; a minute or two) …", flush=True)
        try:
            install(TOP, level)
        except subprocess.CalledProcessError as error:
            print(f"Failed: {' '.join(map(str, error.cmd))}\n{HINTS}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
