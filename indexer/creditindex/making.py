"""Documents for a new index, range by range, by several processes where there are many (DESIGN 4, Rebuild).

Nine tenths of a rebuild are work in Python on texts that do not depend on each other, and the writer of an
index is one. So processes beside it read ranges of the register and write the documents of each range as the
engine takes them; what comes back is added in the order of the ranges.
"""

from __future__ import annotations

import signal
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle, islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Self

from creditindex.documents import DocumentError, Documents, record_key
from creditindex.engine import EngineError, Refused, written
from creditregister import kinds, records, subjects
from creditregister.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection

    from creditindex.engine import NameDocument, RecordDocument, Write, Written
    from creditregister.settings import Settings

#: Every how many records of a range one may become a known question.
SAMPLE_EVERY = 997
#: Ranges that a process has before it: the one it works on, and the next.
AHEAD = 2
#: Seconds that a process has to end when nothing is wanted of it any more.
_PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Range:
    """The records, or the subjects with their names, whose numbers are above ``after`` up to ``until``."""

    names: bool
    after: int
    until: int

    @property
    def size(self) -> int:
        """How many there are at most."""
        return self.until - self.after


@dataclass(slots=True)
class Made:
    """What became of a range.

    ``count`` is how many records, or subjects, had documents made; ``samples`` are private numbers and public
    ids of some of the records.
    """

    range: Range
    written: list[Written] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    count: int = 0
    samples: list[tuple[int, str]] = field(default_factory=list)


class Maker:
    """Makes the documents of ranges, in short reads."""

    def __init__(self, store: Store, documents: Documents, write: Write) -> None:
        self._store = store
        self._documents = documents
        self._write = write

    def make(self, wanted: Range) -> Made:
        """The documents of one range, as the engine takes them; what none can be made of is refused."""
        made = Made(wanted)
        found = self._names(made) if wanted.names else self._records(made)
        made.written, refused = written(found, self._write)
        made.refused += refused
        return made

    def _records(self, made: Made) -> Iterator[RecordDocument]:
        with self._store.read() as connection:
            part = records.scan(connection, made.range.after, made.range.size, until=made.range.until)
        for published in part:
            try:
                document = self._documents.record(published)
            except DocumentError as error:
                refused = Refused(record_key(published.n), published.version, str(error))
                made.refused.append(refused)
                continue
            if made.count % SAMPLE_EVERY == 0:
                made.samples.append((published.n, published.id))
            made.count += 1
            yield document

    def _names(self, made: Made) -> Iterator[NameDocument]:
        with self._store.read() as connection:
            part = subjects.scan(connection, made.range.after, made.range.size, until=made.range.until)
            windows = subjects.with_public_records(connection, [each.id for each in part])
        for each in part:
            if each.id in windows:
                made.count += 1
                yield from self._documents.names(each, windows[each.id])


class Makers:
    """Processes that make documents; to be used as a context, at whose end they end."""

    def __init__(self, settings: Settings, write: Write, processes: int) -> None:
        """Start ``processes`` of them, each with a store and kinds of its own."""
        # Nothing of this process may be inherited: it has threads, and files of the index open.
        context = get_context("spawn")
        self._lines: list[Connection] = []
        self._processes = []
        for _ in range(processes):
            here, there = context.Pipe()
            process = context.Process(target=_serve, args=(there, settings, write), daemon=True)
            process.start()
            there.close()  # so that the line breaks when the process ends
            self._lines.append(here)
            self._processes.append(process)

    @property
    def processes(self) -> list[int]:
        """Their numbers."""
        return [process.pid for process in self._processes if process.pid is not None]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for line in self._lines:
            line.close()
        for process in self._processes:
            process.join(_PATIENCE)
            if process.is_alive():
                process.kill()

    def make(self, wanted: Iterable[Range]) -> Iterator[Made]:
        """What becomes of each range, in their order; never more than a few wait here.

        Raises:
            EngineError: one of the processes has ended.
        """
        turns = cycle(self._lines)
        waiting: deque[Connection] = deque()
        ranges = iter(wanted)
        for each in islice(ranges, AHEAD * len(self._lines)):
            _ask(waiting, next(turns), each)
        while waiting:
            line = waiting.popleft()
            try:
                made: Made = line.recv()
            except (EOFError, OSError) as error:
                raise EngineError(
                    "A process that makes documents has ended; what it said is above. Is there enough memory?"
                ) from error
            for each in islice(ranges, 1):
                _ask(waiting, line, each)
            yield made


def _ask(waiting: deque[Connection], line: Connection, wanted: Range) -> None:
    waiting.append(line)
    with suppress(OSError):  # it has ended: whoever waits for its answer is told
        line.send(wanted)


def _serve(line: Connection, settings: Settings, write: Write) -> None:
    """Make what is asked for until nobody asks any more: also when the other side was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal interrupts both; the other side ends this one
    store = Store(settings)
    maker = Maker(store, Documents(kinds.load()), write)
    while True:
        try:
            wanted: Range = line.recv()
        except (EOFError, OSError):
            return
        made = maker.make(wanted)
        try:
            line.send(made)
        except OSError:
            return
