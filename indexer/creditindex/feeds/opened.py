"""A delivered file, opened in the parsing child: which table is meant, its headings, its rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from creditindex.feeds import headings, sheets
from creditindex.feeds.delimited import DELIMITERS, Delimited, prove, sample
from creditindex.feeds.objects import Objects
from creditindex.feeds.problems import printable
from creditindex.feeds.sniff import HEAD, Sort, recognise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    from creditindex.feeds.headings import Dictionary, Table
    from creditindex.feeds.workbook import Cell, Workbook

_PIECE = 1024 * 1024
_MARKS = {",": "逗号", "\t": "制表符", ";": "分号", "|": "竖线"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A table that is ready to be read.

    ``rows`` yields every row of the sheet with its number; ``position`` tells how many bytes were read so
    far (a workbook: of none, since it is read at once), ``digest`` after the last row the SHA-256 of the
    whole file.
    """

    table: Table
    rows: Iterator[tuple[int, Sequence[Cell]]]
    position: Callable[[], int]
    digest: Callable[[], str]
    form: str
    epoch1904: bool = False
    flaws: Mapping[tuple[int, int], str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def open_table(
    file: BinaryIO, size: int, dictionary: Dictionary, given: Mapping[str, str], rows: int
) -> Opened:
    """Recognise the file and find the table in it.

    Args:
        file: the file, unbuffered.
        size: its bytes.
        dictionary: how headings are read.
        given: what ``--with`` says.
        rows: how many rows a spreadsheet may have.

    Raises:
        FileRefusedError: it cannot be read.
    """
    file.seek(0)
    sort = recognise(file.read(HEAD))
    if sort is Sort.TEXT:
        return _delimited(file, dictionary, given)
    if sort in (Sort.JSON, Sort.LINES):
        return _objects(Objects(file, size, lines=sort is Sort.LINES), dictionary, given)
    return _workbook(file, _book(file, size, sort, rows), dictionary, given)


def _delimited(file: BinaryIO, dictionary: Dictionary, given: Mapping[str, str]) -> Opened:
    encoding = prove(file)
    samples = sample(file, encoding, headings.DEPTH)
    # Where nothing is known, what cuts the first line most wins: the message then shows it as people know it.
    mark = max(
        DELIMITERS,
        key=lambda each: (
            headings.score(samples[each], dictionary),
            len(samples[each][0] if samples[each] else ""),
        ),
    )
    table = headings.understand(list(enumerate(samples[mark], 1)), dictionary, given)
    reading = Delimited(file, encoding, mark)
    return Opened(
        table,
        reading.rows(),
        lambda: reading.position,
        lambda: reading.digest,
        f"{encoding.codec.upper()}，{_MARKS[mark]}分隔",
    )


def _objects(reading: Objects, dictionary: Dictionary, given: Mapping[str, str]) -> Opened:
    table = headings.understand([(0, list(reading.keys))], dictionary, given)
    return Opened(table, reading.rows(), lambda: reading.position, lambda: reading.digest, reading.form)


def _book(file: BinaryIO, size: int, sort: Sort, limit: int) -> Workbook:
    from creditindex.feeds.workbook import Workbook  # noqa: PLC0415 -- 40 MB that delimited files do not need

    return Workbook(file, size, sort, limit + headings.DEPTH)


def _workbook(file: BinaryIO, book: Workbook, dictionary: Dictionary, given: Mapping[str, str]) -> Opened:
    found = sheets.read(book, dictionary, given)
    return Opened(
        found.table,
        found.rows,
        lambda: 0,
        lambda: _digest(file),
        f"{book.sort.value.upper()}，工作表“{printable(found.names)}”",
        book.epoch1904,
        found.flaws,
        found.notes,
    )


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
