"""The parsing child: caged, distrusted, and never left behind."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from random import Random
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from creditindex.feeds import ahead, box, frames, wire
from creditindex.feeds.box import Box, End, Parcel
from creditindex.feeds.problems import FileRefusedError
from creditregister.delivered import Delivered
from creditregister.shipping import shipped
from support import tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Seconds in which a child that is to go must have gone.
SOON = 10


def job(path: Path, **changes: Any) -> dict[str, Any]:
    return {
        "size": path.stat().st_size,
        "kinds": str(shipped("config") / "kinds"),
        "lists": str(shipped("config") / "lists"),
        "kind": "",
        "dialect": {},
        "words": {},
        "given": {},
        "issued": [],
        "today": tables.TODAY.isoformat(),
        "spreadsheet_rows": 1000,
        "memory_mb": 700,
        "cpu_seconds": 60,
        **changes,
    }


@contextmanager
def opened(path: Path, **changes: Any) -> Iterator[Box]:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with Box(descriptor, job(path, **changes)) as made:
            yield made
    finally:
        os.close(descriptor)


def long_file(folder: Path, rows: int = 5_000) -> Path:
    return tables.write(folder / "long.csv", [tables.penalty(number) for number in range(1, rows + 1)])


def read_all(made: Box) -> list[Parcel | End]:
    made.head()
    return list(made.parcels())


def fail(made: Box) -> None:
    made.head()
    raise ZeroDivisionError


def child_of(made: Box) -> subprocess.Popen[bytes]:
    return made._child


def test_rows_come_in_order_and_complete(tmp_path: Path) -> None:
    path = long_file(tmp_path, 1_200)
    with opened(path) as made:
        assert made.head().kind == "penalty"
        parcels = list(made.parcels())
    assert isinstance(parcels[-1], End)
    assert parcels[-1].rows == 1_200
    rows = [row.row for parcel in parcels if isinstance(parcel, Parcel) for row in parcel.delivered]
    assert rows == list(range(2, 1_202))


def test_what_the_child_sends_is_what_it_read(tmp_path: Path) -> None:
    path = tables.write(tmp_path / "one.csv", [tables.penalty()])
    with opened(path) as made:
        made.head()
        parcel = next(iter(made.parcels()))
    assert isinstance(parcel, Parcel)
    assert parcel.delivered == [tables.read(path)[0].delivered]
    assert orjson.loads(parcel.cells) == [[2, list(tables.penalty().values())]]


def test_leaving_early_ends_the_child_at_once(tmp_path: Path) -> None:
    begun = time.monotonic()
    with opened(long_file(tmp_path)) as made:
        made.head()
        next(iter(made.parcels()))
    assert child_of(made).returncode is not None
    assert time.monotonic() - begun < SOON


def test_a_failing_parent_does_not_wait_for_its_child(tmp_path: Path) -> None:
    """Both would wait for ever: the child for room in the pipe, the parent for the child's end (LOADING)."""
    with pytest.raises(ZeroDivisionError), opened(long_file(tmp_path)) as made:
        fail(made)
    assert child_of(made).returncode is not None


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGKILL, "killed"),
        (signal.SIGABRT, "crash"),
        (signal.SIGXCPU, "too-slow"),
        (signal.SIGTERM, "died"),
    ],
)
def test_a_child_that_dies_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: str
) -> None:
    monkeypatch.setattr(ahead, "LIMIT", 1)  # else it would be done before it is killed
    with opened(long_file(tmp_path)) as made:
        made.head()
        child_of(made).send_signal(number)
        with pytest.raises(FileRefusedError) as refused:
            list(made.parcels())
    assert refused.value.code == code
    assert "重新报送" in refused.value.message


def test_too_little_memory_is_a_sentence(tmp_path: Path) -> None:
    noise = Random(1)
    texts = [noise.randbytes(6_000).hex() for _ in range(900)]
    rows = [[*tables.penalty(number).values(), text] for number, text in enumerate(texts)]
    path = tables.workbook(tmp_path / "large.xlsx", [[*tables.PENALTY, "备注"], *rows])
    # Enough to start with, not enough for the workbook.
    with opened(path, memory_mb=70) as made, pytest.raises(FileRefusedError) as refused:
        read_all(made)
    assert refused.value.code in ("memory", "crash")


def test_too_much_time_is_a_sentence(tmp_path: Path) -> None:
    path = long_file(tmp_path, 60_000)
    with opened(path, cpu_seconds=1) as made, pytest.raises(FileRefusedError) as refused:
        read_all(made)
    assert refused.value.code in ("too-slow", "killed")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"garbage that is no frame at all",
        b"H\xff\xff\xff\xff",
        b"H\x00\x00\x00\x02{}",
        b"E\x00\x00\x00\x02{}",
        b"X\x00\x00\x00\x02[]",
        b"H\x00\x00\x00\x10half",
    ],
)
def test_nonsense_from_the_child_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    program = f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({answer!r})"
    start = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda _command, **how: start([sys.executable, "-I", "-c", program], **how)
    )
    path = tables.write(tmp_path / "one.csv", [tables.penalty()])
    with opened(path) as made, pytest.raises(FileRefusedError) as refused:
        made.head()
    assert refused.value.code in ("died", "nonsense")


ROW = wire.row_parts(Delivered(2, "organisation", "甲", {"unified": "1"}, "{}", b"{}", "", ""))
COUNTS = {"position": 0, "refused": 0, "held": 0, "unchanged": 0, "keyless": 0}
GOOD: dict[str, Any] = {"delivered": [ROW], "problems": [[2, "held", "", "c", "m"]], **COUNTS}


def test_rows_of_the_right_form_are_taken() -> None:
    parcel = box._parcel(b"[]", orjson.dumps(GOOD))
    assert (parcel.delivered[0].name, parcel.delivered[0].public) == ("甲", b"{}")
    assert parcel.problems[0].code == "c"


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {},
        GOOD | {"delivered": [ROW[:-1]]},
        GOOD | {"delivered": [[*ROW, 1]]},
        GOOD | {"delivered": [["2", *ROW[1:]]]},
        GOOD | {"delivered": [[*ROW[:3], {"unified": 1}, *ROW[4:]]]},
        GOOD | {"delivered": [[[[1]] if part == [] else part for part in ROW]]},
        GOOD | {"delivered": 5},
        GOOD | {"delivered": [5]},
        GOOD | {"problems": [[1, 2, 3, 4, 5]]},
        GOOD | {"refused": "1"},
        GOOD | {"refused": True},
    ],
)
def test_rows_of_a_wrong_form_are_refused(wrong: object) -> None:
    with pytest.raises(FileRefusedError):
        box._parcel(b"[]", orjson.dumps(wrong))


def test_the_cage_holds(tmp_path: Path) -> None:
    """No environment, no other file, nothing to write, little memory: seen from inside."""
    program = f"""
import os, resource, sys
from creditindex.feeds.child import limit
limit(300, 20)
(lambda names: print(sorted(names - {{"LC_CTYPE"}})))(set(os.environ))
print(sorted(int(n) for n in os.listdir("/proc/self/fd"))[:4])
for what in ("AS", "CPU", "NOFILE", "FSIZE", "CORE"):
    print(what, resource.getrlimit(getattr(resource, "RLIMIT_" + what)))
try:
    os.write(os.open({str(tmp_path / "new")!r}, os.O_WRONLY | os.O_CREAT), b"x")
except OSError as error:
    print("write refused", error.errno)
try:
    bytearray(400 << 20)
except MemoryError:
    print("memory refused")
"""
    done = subprocess.run(
        [sys.executable, "-I", "-c", program], env={}, capture_output=True, text=True, check=False
    )
    said = done.stdout
    assert said.startswith("[]\n")
    assert "AS (314572800, 314572800)" in said
    assert "FSIZE (0, 0)" in said
    assert "CORE (0, 0)" in said
    assert "write refused" in said
    assert "memory refused" in said


def test_the_parent_never_loads_a_parser_of_spreadsheets() -> None:
    program = (
        "import sys, creditindex.commands.load; "
        "print([name for name in ('python_calamine', 'openpyxl', 'pickle') if name in sys.modules][:2])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "calamine" not in done.stdout
    assert "openpyxl" not in done.stdout


def test_the_parent_reads_ahead_but_not_without_bound() -> None:
    read, write = os.pipe()
    with os.fdopen(read, "rb") as source, os.fdopen(write, "wb") as target:
        reading = ahead.Ahead(source, 2_000_000)
        sent: list[int] = []

        def send() -> None:
            with suppress(BrokenPipeError):
                for number in range(20):
                    frames.write(target, frames.CELLS, bytes(1_000_000))
                    sent.append(number)
                frames.write(target, frames.END, b"{}")

        sender = threading.Thread(target=send)
        sender.start()
        sender.join(1)
        # Two wait in the bound, one in the hand of the thread; the next fills the pipe and waits there.
        assert len(sent) <= 4
        got = [reading.next() for _ in range(21)]
        sender.join()
        assert [sort for sort, _ in got] == [frames.CELLS] * 20 + [frames.END]
        target.close()
        with pytest.raises(frames.BrokenFrameError):
            reading.next()
        reading.close()


def test_frames_have_bounds() -> None:
    with pytest.raises(frames.BrokenFrameError):
        frames.write(io.BytesIO(), frames.HEAD, bytes(frames.LIMIT + 1))
