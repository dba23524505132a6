"""The parent's side of the parsing child: start it, hear it, make sure that it ends.

The child is not trusted: what it sends is checked for its form, and however it ends (a signal, too much
memory, nonsense) becomes a sentence. Leaving the ``with`` block ends the child before anything waits for it,
so that a failing parent never waits for a child that waits for it.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Self, TypeVar, cast

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from creditindex.feeds import ahead, frames, wire
from creditindex.feeds.problems import FileRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from creditregister.delivered import Delivered, Problem

Answer = TypeVar("Answer")

_PATIENCE = 5
_AGAIN = "已写入的行不会丢失也不会重复，处理后重新报送同一文件即可继续"


class Head(BaseModel):
    """What the child found out about the table; see ``child``."""

    model_config = ConfigDict(frozen=True, strict=True)

    kind: str
    row: int
    columns: list[str]
    secret: list[int]
    unknown: list[str]
    missing: list[list[str]]
    form: str
    notes: list[str]


#: Numbers that come with a batch.
_COUNTS = ("position", "refused", "unchanged", "keyless")


class End(BaseModel):
    """The child's own count of rows, the SHA-256 of the bytes that it read, what it passed over."""

    model_config = ConfigDict(frozen=True, strict=True)

    rows: int
    digest: str
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A batch of rows from the child; ``cells`` is JSON of (row number, cells), decoded only when needed."""

    cells: bytes
    delivered: list[Delivered]
    problems: list[Problem]
    position: int
    refused: int
    unchanged: int
    keyless: int


_HEAD = TypeAdapter(Head)
_END = TypeAdapter(End)


class Box:
    """One child for one file; use it in a ``with`` block."""

    def __init__(self, file: int, job: dict[str, Any]) -> None:
        """Start the child.

        Args:
            file: descriptor of the file; the child gets it and nothing else.
            job: what ``child`` needs to know, without ``file``.
        """
        command = [sys.executable, "-I", "-m", "creditindex.feeds.child"]
        self._child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            pass_fds=(file,),
            start_new_session=True,
        )
        self._frames = ahead.Ahead(cast("IO[bytes]", self._child.stdout), ahead.LIMIT)
        self._job = orjson.dumps({**job, "file": file})

    def __enter__(self) -> Self:
        stdin = self._child.stdin
        if stdin is not None:
            try:
                stdin.write(self._job)
                stdin.close()
            except BrokenPipeError:
                pass  # it is dead already; reading its first frame says why
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self._child.kill()
        self._child.wait()
        self._frames.close()

    def head(self) -> Head:
        """What the table is.

        Raises:
            FileRefusedError: the file cannot be read.
        """
        sort, payload = self._next()
        if sort != frames.HEAD:
            raise _nonsense()
        return _checked(_HEAD, payload)

    def parcels(self) -> Iterator[Parcel | End]:
        """The rows, batch by batch, and at last the end.

        Raises:
            FileRefusedError: the file cannot be read further, or the child died.
        """
        while True:
            sort, payload = self._next()
            if sort == frames.END:
                yield _checked(_END, payload)
                return
            if sort != frames.CELLS:
                raise _nonsense()
            follower, rows = self._next()
            if follower != frames.ROWS:
                raise _nonsense()
            yield _parcel(payload, rows)

    def _next(self) -> tuple[bytes, bytes]:
        try:
            sort, payload = self._frames.next()
        except frames.BrokenFrameError as error:
            raise self._death() from error
        if sort == frames.REFUSED:
            raise _refusal(payload)
        return sort, payload

    def _death(self) -> FileRefusedError:
        """Why the child stopped in the middle of a sentence."""
        try:
            code = self._child.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            return _nonsense()
        if code == -signal.SIGXCPU:
            return FileRefusedError(
                "too-slow", f"文件用时过长，已停止读取。请分成几个文件，或另存为 .csv。{_AGAIN}。"
            )
        if code in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS):
            message = "文件使解析程序崩溃，多半已损坏，或展开后过大。请重新另存，或另存为 UTF-8 编码的 .csv"
            return FileRefusedError("crash", f"{message}。{_AGAIN}。")
        if code == -signal.SIGKILL:
            return FileRefusedError(
                "killed", f"解析程序被系统终止，多半是内存不足。请稍后再试，或分成几个文件。{_AGAIN}。"
            )
        return FileRefusedError("died", f"解析程序意外结束（代码 {code}）。{_AGAIN}。")


def _checked(adapter: TypeAdapter[Answer], payload: bytes) -> Answer:
    try:
        return adapter.validate_json(payload)
    except ValidationError as error:
        raise _nonsense() from error


def _refusal(payload: bytes) -> FileRefusedError:
    try:
        said = orjson.loads(payload)
        return FileRefusedError(str(said["code"]), str(said["message"]))
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return _nonsense()


def _nonsense() -> FileRefusedError:
    return FileRefusedError("nonsense", f"解析程序的回答无法理解，已停止。{_AGAIN}。")


def _parcel(cells: bytes, payload: bytes) -> Parcel:
    """A batch, its form checked."""
    try:
        rows = orjson.loads(payload)
        counts = [rows[name] for name in _COUNTS]
        if any(type(count) is not int for count in counts):
            raise _nonsense()
        delivered = list(map(wire.row_of, rows["delivered"]))
        return Parcel(cells, delivered, list(map(wire.problem_of, rows["problems"])), *counts)
    except (ValueError, KeyError, TypeError) as error:
        raise _nonsense() from error
