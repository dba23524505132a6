"""A delivered file, opened in the parsing child: which table is meant, its headings, its rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from creditindex.feeds import headings
from creditindex.feeds.bombs import refuse_far
from creditindex.feeds.cells import blank
from creditindex.feeds.delimited import DELIMITERS, Delimited, prove, sample
from creditindex.feeds.objects import Objects
from creditindex.feeds.problems import FileRefusedError, printable
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
    return _sheet_of(file, _book(file, size, sort, rows), dictionary, given)


def _delimited(file: BinaryIO, dictionary: Dictionary, given: Mapping[str, str]) -> Opened:
    encoding = prove(file)
    samples = sample(file, encoding, headings.DEPTH)
    # The comma wins where nothing is known; the message then shows the first line as people know it.
    mark = max(DELIMITERS, key=lambda each: headings.score(samples[each], dictionary))
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


class _Sheet(NamedTuple):
    """A sheet that has been begun: parsing it once more would take as long again."""

    name: str
    first: list[tuple[int, list[Cell]]]
    rest: Iterator[tuple[int, list[Cell]]]


def _sheet_of(file: BinaryIO, book: Workbook, dictionary: Dictionary, given: Mapping[str, str]) -> Opened:
    sheet, others = _sheet(book, dictionary)
    table = headings.understand(sheet.first, dictionary, given)
    return Opened(
        table,
        chain(sheet.first, sheet.rest),
        lambda: 0,
        lambda: _digest(file),
        f"{book.sort.value.upper()}，工作表“{printable(sheet.name)}”",
        book.epoch1904,
        book.flaws(sheet.name),
        tuple(f"工作表“{printable(other.name)}”没有认出表头，未读取。" for other in others),
    )


def _sheet(book: Workbook, dictionary: Dictionary) -> tuple[_Sheet, list[_Sheet]]:
    """The sheet that holds the table, and visible sheets that hold something else."""
    enough = 1 if dictionary.chosen else headings.ENOUGH
    known: list[_Sheet] = []
    others: list[_Sheet] = []
    for name in book.sheets():
        rows = book.rows(name)
        sheet = _Sheet(name, list(islice(rows, headings.DEPTH)), rows)
        if headings.score([cells for _, cells in sheet.first], dictionary) >= enough:
            known.append(sheet)
        elif any(not blank(cell) for _, cells in sheet.first for cell in cells):
            others.append(sheet._replace(rest=iter(())))
        elif book.far(name):
            refuse_far(book.far(name))
    if len(known) > 1:
        names = "、".join(f"“{printable(sheet.name)}”" for sheet in known)
        message = f"有 {len(known)} 张工作表都像是要报送的表：{names}。请每个文件只留一张，或隐藏其余的。"
        raise FileRefusedError("sheets", message)
    if not known and not others:
        raise FileRefusedError("empty", "工作簿里没有数据（隐藏的工作表不读取）。请检查导出是否成功。")
    return (known[0], others) if known else (others[0], others[1:])


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
