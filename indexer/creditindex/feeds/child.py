"""The parsing child 解析子进程: ``python -I -m creditindex.feeds.child``, one for each file.

It opens a file that a stranger made, so it has nothing worth stealing: no environment, no database, no
keys, one open file, a bounded memory and processor time. It speaks ``frames`` on standard output and
listens to one job on standard input. A full pipe makes it wait, so it is never more than about a batch
ahead of the writer.
"""

from __future__ import annotations

import os
import resource
import sys
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from creditindex.feeds import frames, wire
from creditindex.feeds.cells import plain
from creditindex.feeds.headings import Dictionary
from creditindex.feeds.opened import Opened, open_table
from creditindex.feeds.problems import FileRefusedError
from creditindex.feeds.rows import Rows, Taken
from creditregister import kinds, lists

#: Rows and bytes of a batch, whichever comes first.
BATCH_ROWS = 100
BATCH_BYTES = 4 * 1024 * 1024
_DESCRIPTORS = 64


def main() -> int:
    """Read the job, then the file; 0 when the parent was told how it went, 1 when it is gone."""
    out = sys.stdout.buffer
    try:
        job = orjson.loads(sys.stdin.buffer.read())
        limit(job["memory_mb"], job["cpu_seconds"])
        try:
            _read(job, out)
        except FileRefusedError as refusal:
            _refuse(out, refusal.code, refusal.message)
        except MemoryError:
            memory = f"{job['memory_mb']} MB"
            message = f"文件展开后超过 {memory} 内存。请分成几个文件，或另存为 UTF-8 编码的 .csv。"
            _refuse(out, "memory", message)
        except (KeyboardInterrupt, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 -- a stranger's file must never make a traceback
            _refuse(out, "internal", f"解析程序在此文件上出错（{_place(error)}）。请把文件交给系统维护人员。")
    except (KeyboardInterrupt, BrokenPipeError):
        return 1
    return 0


def limit(memory_mb: int, cpu_seconds: int) -> None:
    """Bind this process before it touches the file; it cannot undo that."""
    memory = memory_mb * 1024 * 1024
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_NOFILE, _DESCRIPTORS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(what, (value, value))
        except (ValueError, OSError):
            if sys.platform == "linux":  # elsewhere the kernel may not know how to bound memory
                raise


def _refuse(out: BinaryIO, code: str, message: str) -> None:
    frames.write(out, frames.REFUSED, orjson.dumps({"code": code, "message": message}))


def _place(error: Exception) -> str:
    """Where it happened, without any value of the file."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    return f"{type(error).__name__}，{where}"


def _read(job: dict[str, Any], out: BinaryIO) -> None:
    known = kinds.load(Path(job["kinds"]))
    pages = lists.load(Path(job["lists"]), known)
    dictionary = Dictionary(known, job["kind"], job["dialect"], job["words"])
    with os.fdopen(job["file"], "rb", buffering=0) as file:
        opened = open_table(file, job["size"], dictionary, job["given"], job["spreadsheet_rows"])
        rows = Rows(
            opened.table,
            date.fromisoformat(job["today"]),
            pages,
            epoch1904=opened.epoch1904,
            flaws=opened.flaws,
            issued=frozenset(job["issued"]),
        )
        frames.write(out, frames.HEAD, orjson.dumps(_head(opened)))
        total = _body(opened, rows, out)
        end = {"rows": total, "digest": opened.digest(), "notes": rows.asides.notes()}
        frames.write(out, frames.END, orjson.dumps(end))


def _head(opened: Opened) -> dict[str, Any]:
    table = opened.table
    secret = [c.place for c in table.columns if c.field is not None and c.field.type == "secret"]
    return {
        "kind": table.kind.id,
        "row": table.row,
        "columns": [column.heading for column in table.columns],
        "secret": secret,
        "unknown": table.unknown,
        "missing": [[table.kind.by_id[name].label.zh for name in group] for group in table.missing],
        "form": opened.form,
        "notes": opened.notes,
    }


def _body(opened: Opened, rows: Rows, out: BinaryIO) -> int:
    """Send all rows below the headings; how many there were, without the blank ones."""
    total = 0
    batch = _Batch(opened, out)
    for number, cells in opened.rows:
        if number <= opened.table.row:
            continue
        taken = rows.take(number, cells)
        if taken.outcome in ("blank", "aside"):
            continue
        total += 1
        batch.add(number, [cell if isinstance(cell, str) else plain(cell) for cell in cells], taken)
    batch.send()
    return total


class _Batch:
    """Rows on their way to the parent."""

    def __init__(self, opened: Opened, out: BinaryIO) -> None:
        self._opened = opened
        self._out = out
        self._clear()

    def _clear(self) -> None:
        self._cells: list[tuple[int, list[str]]] = []
        self._delivered: list[list[Any]] = []
        self._problems: list[tuple[Any, ...]] = []
        self._counts = {"refused": 0, "unchanged": 0, "keyless": 0}
        self._bytes = 0

    def add(self, number: int, cells: list[str], taken: Taken) -> None:
        self._cells.append((number, cells))
        if taken.delivered is not None:
            self._delivered.append(wire.row_parts(taken.delivered))
            self._counts["keyless"] += not taken.delivered.key
            self._bytes += 2 * len(taken.delivered.content)
        else:
            self._counts[taken.outcome] += 1
            self._problems += map(wire.problem_parts, taken.problems)
        self._bytes += sum(map(len, cells))
        if len(self._cells) >= BATCH_ROWS or self._bytes >= BATCH_BYTES:
            self.send()

    def send(self) -> None:
        if not self._cells:
            return
        frames.write(self._out, frames.CELLS, orjson.dumps(self._cells))
        rows = {
            "delivered": self._delivered,
            "problems": self._problems,
            "position": self._opened.position(),
            **self._counts,
        }
        frames.write(self._out, frames.ROWS, orjson.dumps(rows))
        self._clear()


if __name__ == "__main__":
    sys.exit(main())
