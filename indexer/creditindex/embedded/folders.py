"""Where indexes lie on disk: one folder a build, and a link to the one that is read (DESIGN 4, Rebuild).

A build's folder is named ``<format>-<when>-<random>``, so that code of another format sees at once that it
must not read it. It counts as whole once it holds the file ``WHOLE``; a folder without is the rest of a
build that was killed, and is removed when the next one begins.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from creditindex.engine import EngineAwayError
from creditindex.terms import format_name
from creditregister.databases.sqlite import refuse_network_file_system

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CURRENT = "current"
WHOLE = "whole"
ALIVE = "alive"
_NAME = re.compile(r"(?P<format>[0-9]+\.[0-9]+)-[0-9]{14}-[0-9a-f]{6}")


class Folders:
    """The folder ``index`` of a deployment."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def current(self) -> Path:
        """The folder that is read now.

        Raises:
            EngineAwayError: no index was ever built, or it is of another format.
        """
        try:
            name = (self.root / CURRENT).readlink().name
        except OSError as error:
            raise EngineAwayError("There is no index yet: run `credit-index rebuild`.") from error
        found = _NAME.fullmatch(name)
        if not found or found["format"] != format_name():
            raise EngineAwayError(
                f"The index {name} is not of format {format_name()}: run `credit-index rebuild`."
            )
        return self.root / name

    def begin(self, when: str) -> tuple[Path, IO[str]]:
        """A fresh folder for a build; ``when`` is 14 digits, year to second.

        The open file is the sign that somebody works on it; kill -9 takes it away.

        Raises:
            StoreError: the folder lies on a network file system, where neither locks nor mapped files hold.
        """
        refuse_network_file_system(self.root)
        folder = self.root / f"{format_name()}-{when}-{secrets.token_hex(3)}"
        with self.turn():
            folder.mkdir()
            alive = (folder / ALIVE).open("a")
            fcntl.flock(alive, fcntl.LOCK_EX)
        return folder, alive

    def whole(self, folder: Path) -> None:
        """Say that a build is whole, and make sure that the disk knows it before anything points there."""
        with (folder / WHOLE).open("w") as mark:
            os.fsync(mark.fileno())
        _sync(folder)

    def point(self, folder: Path) -> None:
        """Let ``current`` point at a folder: one rename, so a reader sees the old one or the new one."""
        waiting = self.root / f"{CURRENT}.{secrets.token_hex(3)}"
        waiting.symlink_to(folder.name)
        waiting.rename(self.root / CURRENT)
        _sync(self.root)

    def builds(self) -> list[Path]:
        """All builds, the oldest first, half ones included."""
        if not self.root.is_dir():
            return []
        named = [path for path in self.root.iterdir() if _NAME.fullmatch(path.name)]
        return sorted(named, key=lambda path: (path.name.split("-")[1], _finished(path)))

    def tidy(self, keep: int = 1) -> list[str]:
        """Remove old builds, and half ones that nobody works on; ``keep`` whole ones not in use stay."""
        with self.turn():
            pointed = (self.root / CURRENT).resolve()
            others = [path for path in self.builds() if path != pointed and not _is_alive(path)]
            whole = [path for path in others if (path / WHOLE).is_file()]
            gone = [path for path in others if path not in whole[max(0, len(whole) - keep) :]]
            for path in gone:
                (path / WHOLE).unlink(missing_ok=True)  # from here on it is a half one, whatever happens
                shutil.rmtree(path, ignore_errors=True)
            for link in self.root.glob(f"{CURRENT}.*"):
                link.unlink()
        return [path.name for path in gone]

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The one right to commit to the current index or to point at another; kill -9 frees it."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / "turn.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _finished(folder: Path) -> int:
    """When a build became whole, in nanoseconds; two may begin in one second."""
    try:
        return (folder / WHOLE).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


class OneFolder(Folders):
    """One build, whatever ``current`` points at: for looking into it before it is published."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder.parent)
        self._folder = folder

    def current(self) -> Path:
        """This build."""
        return self._folder


def folder_size(folder: Path) -> int:
    """Bytes of the files in a folder; those that a merge removes meanwhile do not count."""
    size = 0
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            size += path.stat().st_size
    return size


def _is_alive(folder: Path) -> bool:
    """Whether a process works on this build now."""
    try:
        with (folder / ALIVE).open("a") as sign:
            fcntl.flock(sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
