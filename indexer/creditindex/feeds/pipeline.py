"""One delivered file, from disk into the register: the child reads and checks, this process writes.

Every chunk is one transaction, so a load may be killed at any moment: the same command, run again, finds
what is stored unchanged and goes on. The file is hashed here as well as in the child; a file that was
written to meanwhile is noticed, whatever the child says.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from creditindex.feeds.box import Box, End, Head, Parcel
from creditindex.feeds.problems import FileRefusedError
from creditindex.feeds.report import Report
from creditindex.feeds.summary import FileSummary, told
from creditregister import issued, verdicts
from creditregister.delivered import Outcome, Problem, Result
from creditregister.deliveries import LeakError
from creditregister.errors import CreditError
from creditregister.pacing import Pace
from creditregister.release import settle
from creditregister.retention import PROBLEMS
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from creditindex.feeds.progress import Watcher
    from creditregister.batches import Batch
    from creditregister.delivered import Delivered
    from creditregister.deliveries import Writer
    from creditregister.opening import Register
    from creditregister.units import Unit

_PIECE = 1024 * 1024
#: A text file may use this much more processor time for each megabyte, since its length is not bounded.
_SECONDS_PER_MB = 1.0


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says about a load."""

    kind: str = ""
    dialect: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    dry: bool = False
    received: date | None = None
    full: bool = False
    by: int | None = None

    def text(self) -> str:
        """As it is kept with the batch."""
        return orjson.dumps(
            {"kind": self.kind, "given": dict(self.given), "full": self.full}, option=orjson.OPT_SORT_KEYS
        ).decode()


@dataclass(frozen=True, slots=True)
class Loader:
    """Takes files of one unit into the register."""

    register: Register
    writer: Writer
    unit: Unit
    options: Options
    watcher: Watcher

    def load(self, path: Path) -> FileSummary:
        """Load one file; whatever is wrong with it stands in the summary, nothing is raised for it."""
        # A name that is no text on this system must not break the summary.
        summary = FileSummary(str(path).encode("utf-8", "replace").decode())
        begun = time.monotonic()
        try:
            with _opened(path) as (child_file, own_file, size):
                self.watcher.begin(path.name, size)
                _Loading(self, summary).run(child_file, own_file, Path(summary.file).name)
        except FileRefusedError as refusal:
            summary.error = (refusal.code, refusal.message)
        except CreditError as error:
            summary.error = ("store", str(error))
        except OSError as error:
            summary.error = (
                "disk",
                f"写入时出错：{error.strerror}（{error.filename}）。请检查磁盘空间和权限。",
            )
        finally:
            self.watcher.end()
            summary.seconds = time.monotonic() - begun
        return summary


@contextmanager
def _opened(path: Path) -> Iterator[tuple[int, int, int]]:
    """The file twice (one for the child, one for our own eyes), and its bytes.

    Raises:
        FileRefusedError: it is not there, not readable, no file, or was changed while it was read.
    """
    descriptors = [_open(path), _open(path)]
    try:
        before = os.fstat(descriptors[0])
        if not stat.S_ISREG(before.st_mode):
            raise FileRefusedError("no-file", f"{path} 不是文件。请给出要报送的文件。")
        yield descriptors[0], descriptors[1], before.st_size
        after = os.fstat(descriptors[0])
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise _changed()
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


def _open(path: Path) -> int:
    try:
        # Without O_NONBLOCK a named pipe would make us wait for ever.
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise FileRefusedError("no-file", f"无法打开 {path}：{error.strerror}。请检查路径和权限。") from error


def _changed() -> FileRefusedError:
    return FileRefusedError(
        "changed", "文件在读取期间被改动，已写入的行可能不全。请等文件写完后重新报送，已写入的不会重复。"
    )


def _hash(file: int) -> bytes:
    digest, place = hashlib.sha256(), 0
    while piece := os.pread(file, _PIECE, place):
        digest.update(piece)
        place += len(piece)
    return digest.digest()


class _Cells:
    """The delivered cells of one parcel, decoded when somebody asks: most parcels have no problem."""

    def __init__(self, parcel: Parcel) -> None:
        self._json = parcel.cells

    @cached_property
    def rows(self) -> dict[int, list[str]]:
        """Row number → cells as delivered, in order."""
        return dict(orjson.loads(self._json))

    def of(self, problem: Problem, columns: list[str]) -> Problem:
        """The problem with the cells of its row, which are sealed with it."""
        cells = self.rows.get(problem.row, [])
        return replace(problem, raw=dict(zip(columns, map(str, cells), strict=False)))


@dataclass(slots=True)
class _Chunk:
    """Parcels that will be written in one transaction."""

    parcels: list[tuple[Parcel, _Cells]] = field(default_factory=list)
    rows: int = 0

    def add(self, parcel: Parcel) -> None:
        self.parcels.append((parcel, _Cells(parcel)))
        self.rows += len(parcel.delivered) + parcel.refused + parcel.unchanged

    def problems(self, columns: list[str]) -> list[Problem]:
        """What the child found wrong with rows that it did not deliver, with their cells."""
        return [
            problem if problem.outcome == "warned" else cells.of(problem, columns)
            for parcel, cells in self.parcels
            for problem in parcel.problems
        ]

    def report(self, report: Report, found: list[Problem]) -> None:
        """Hand each problem to the problems file, with the cells of its row."""
        listed = sorted(filter(report.wants, found), key=attrgetter("row"))
        for _, cells in self.parcels if listed else ():
            report.add(cells.rows, [problem for problem in listed if problem.row in cells.rows])


class _Loading:
    """One file on its way."""

    def __init__(self, loader: Loader, summary: FileSummary) -> None:
        self._register = loader.register
        self._writer = loader.writer
        self._unit = loader.unit
        self._options = loader.options
        self._watcher = loader.watcher
        self._summary = summary
        self._columns: list[str] = []
        self._keyless = 0

    def run(self, child_file: int, own_file: int, name: str) -> None:
        """Let the child read and write what it sends.

        Raises:
            FileRefusedError: the file cannot be read, or not to its end.
            CreditError: the register did not take it.
        """
        with Box(child_file, self._job(os.fstat(child_file).st_size)) as box:
            digest = _hash(own_file)  # while the child proves the encoding
            head = box.head()
            self._describe(head)
            options = self._options
            batch = self._writer.open(
                self._unit,
                head.kind,
                name,
                digest,
                options.text(),
                dry=options.dry,
                received=options.received,
                full=options.full,
                by=options.by,
            )
            self._summary.batch = batch.id
            report = Report(self._register.settings.data / PROBLEMS, batch.id, name, head)
            try:
                self._take_in(box, batch, report, digest.hex())
                state = self._settle(batch)
            except BaseException:
                self._give_up(batch)
                self._end(batch, report, head, "failed")
                raise
            self._end(batch, report, head, state)

    def _job(self, size: int) -> dict[str, Any]:
        load = self._register.settings.load
        return {
            "size": size,
            "kinds": str(shipped("config") / "kinds"),
            "lists": str(shipped("config") / "lists"),
            "kind": self._options.kind,
            "dialect": dict(self._options.dialect),
            "words": {name: dict(words) for name, words in self._options.words.items()},
            "given": dict(self._options.given),
            "issued": self._issued(),
            "today": self._register.clock.today().isoformat(),
            "spreadsheet_rows": load.spreadsheet_rows,
            "memory_mb": load.parser_memory_mb,
            "cpu_seconds": load.parser_cpu_seconds + int(size / 1024 / 1024 * _SECONDS_PER_MB),
        }

    def _issued(self) -> list[str]:
        with self._register.store.read() as connection:
            return issued.values(connection)

    def _describe(self, head: Head) -> None:
        notes = self._summary.notes
        self._summary.kind = head.kind
        # Two columns may bear one heading; sealed cells need names that differ.
        self._columns = [f"{heading}#{place}" for place, heading in enumerate(head.columns, 1)]
        heading = (
            f"表头在第 {head.row} 行，共 {len(head.columns)} 列"
            if head.row
            else f"共 {len(head.columns)} 个键"
        )
        notes.append(f"{head.form}，{heading}。")
        if head.unknown:
            listed = "、".join(head.unknown)
            notes.append(
                f"有 {len(head.unknown)} 列没有认出，内容未收录：{listed}。如需收录，请用 --dialect 说明。"
            )
        notes += head.notes
        notes += [_lacks(labels) for labels in head.missing]

    def _take_in(self, box: Box, batch: Batch, report: Report, digest: str) -> None:
        pace, chunk = Pace(self._register.settings.load), _Chunk()
        for parcel in box.parcels():
            if isinstance(parcel, End):
                self._write(batch, report, chunk)
                if parcel.digest != digest:
                    raise _changed()
                self._summary.notes += parcel.notes
                return
            chunk.add(parcel)
            if chunk.rows >= pace.rows:
                with pace.part(chunk.rows):
                    self._write(batch, report, chunk)
                chunk = _Chunk()

    def _write(self, batch: Batch, report: Report, chunk: _Chunk) -> None:
        if not chunk.rows:
            return
        counts = self._summary.counts
        found = chunk.problems(self._columns)
        delivered = [row for parcel, _ in chunk.parcels for row in parcel.delivered]
        for result in self._store(batch, delivered, found):
            counts[result.outcome] += 1
            counts["withdrawn"] += result.withdrawn
            self._summary.not_public.update(verdicts.unpublished(result))
            found += result.problems
        for parcel, _ in chunk.parcels:
            counts[Outcome.REFUSED] += parcel.refused
            counts[Outcome.UNCHANGED] += parcel.unchanged
            self._keyless += parcel.keyless
        counts["warnings"] += sum(problem.outcome == "warned" for problem in found)
        chunk.report(report, found)
        self._watcher.step(self._summary.rows, chunk.parcels[-1][0].position)

    def _store(self, batch: Batch, rows: list[Delivered], found: list[Problem]) -> list[Result]:
        """Write one transaction; a row that would leak is held, and the others do not suffer for it.

        The child has redacted every text, so this is the wall behind the wall: the halves are tried by
        themselves.
        """
        try:
            return self._writer.write(batch, rows, found)
        except LeakError:
            if len(rows) > 1:
                half = len(rows) // 2
                first = self._store(batch, rows[:half], found)
                return first + self._store(batch, rows[half:], [])
            leaking = replace(rows[0], warnings=(*rows[0].warnings, _leaking(rows[0])))
            return self._writer.write(batch, [leaking], found)

    def _settle(self, batch: Batch) -> str:
        """Let the changes of the file be carried out, or wait; returns the state of the batch."""
        counts, queued = self._summary.counts, len(batch.queued)
        done = settle(self._register, batch, counts[Outcome.REFUSED])
        self._summary.notes += told(done, batch.id)
        self._summary.unfinished = done.waits or done.stopped
        if done.waits:
            counts[Outcome.UPDATED] -= queued
            counts[Outcome.HELD] += queued
            counts["withdrawn"] = 0
            return "waiting"
        if done.carried is None:
            counts["withdrawn"] += 0 if done.stopped else done.absent
        else:
            carried = done.carried
            counts[Outcome.UPDATED] += carried.updated - queued
            counts[Outcome.HELD] += carried.held
            counts[Outcome.UNCHANGED] += queued - carried.updated - carried.held
            counts["withdrawn"] = carried.withdrawn
        return "done"

    def _give_up(self, batch: Batch) -> None:
        """A file that was not read to its end changes nothing; what is new in it stays."""
        if batch.queued:
            self._summary.counts[Outcome.UPDATED] -= len(batch.queued)
            self._summary.counts["withdrawn"] = 0
            self._summary.notes.append(
                f"文件没有读完，其中 {len(batch.queued):,} 条更正或撤下没有执行；重新报送后再执行。"
            )

    def _end(self, batch: Batch, report: Report, head: Head, state: str) -> None:
        """Close what is open; also when the load failed, so that what was found is not lost."""
        summary = self._summary
        for labels in head.missing if summary.rows else ():
            report.add_for_all(_lacks(labels))
            whole = Problem(head.row, "refused", "", "missing-column", _lacks(labels))
            self._writer.write(batch, [], [whole])
        if state == "done" and not summary.rows:
            summary.notes.append("表中只有表头，没有数据行：记为零报送。")
        report.close()
        summary.problems = str(report.path) if report.path else None
        if self._keyless:
            summary.notes.append(
                f"有 {self._keyless:,} 行缺少文号等标识，只能按内容识别："
                "以后更正须先撤下原信息，不能靠重新报送更正。"
            )
        self._writer.close(batch, summary.numbers(), state)


def _leaking(row: Delivered) -> Problem:
    message = f"第 {row.row} 行：公示内容中似有个人信息，无法自动隐去；请删去后重新报送。"
    return Problem(row.row, "held", "", "leak", message)


def _lacks(labels: list[str]) -> str:
    needed = "或".join(f"“{label}”" for label in labels)
    return f"表中没有必填的{needed}列，每一行都被拒收。请补上该列，或用 --with 统一填写。"
