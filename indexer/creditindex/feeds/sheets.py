"""Which sheets of a workbook hold the table, and its rows over all of them.

Units keep a sheet for each month. Sheets whose headings are the same are one table: the rows of a later one
are numbered on from the last row of the one before. A value in merged cells stands for each of their rows,
but an amount does not: nobody can say whether it is meant once or for each.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from creditindex.feeds import headings
from creditindex.feeds.bombs import refuse_far
from creditindex.feeds.cells import blank
from creditindex.feeds.problems import FileRefusedError, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from creditindex.feeds.headings import Dictionary, Table
    from creditindex.feeds.workbook import Cell, Merged, Workbook

    Numbered = Iterator[tuple[int, Sequence[Cell]]]

#: Types of fields whose value in merged cells is not repeated.
_ONCE = frozenset({"money", "count"})


class _Sheet(NamedTuple):
    """A sheet that has been begun: parsing it once more would take as long again."""

    name: str
    first: list[tuple[int, list[Cell]]]
    rest: Iterator[tuple[int, list[Cell]]]


class Sheets(NamedTuple):
    """The table of a workbook: its rows, cells that only look empty, sentences about the sheets."""

    table: Table
    rows: Numbered
    flaws: Mapping[tuple[int, int], str]
    names: str
    notes: tuple[str, ...]


def read(book: Workbook, dictionary: Dictionary, given: Mapping[str, str]) -> Sheets:
    """Find the table in a workbook.

    Raises:
        FileRefusedError: there is none, or several that differ.
    """
    known, others = _begun(book, dictionary)
    tables = [headings.understand(sheet.first, dictionary, given) for sheet in known]
    if any((table.kind.id, table.columns) != (tables[0].kind.id, tables[0].columns) for table in tables):
        _refuse_several(known)
    notes = [f"工作表“{printable(sheet.name)}”没有认出表头，未读取。" for sheet in others]
    flaws: dict[tuple[int, int], str] = {}
    parts: list[Numbered] = []
    offset = 0
    for sheet, table in zip(known, tables, strict=True):
        name = f"工作表“{printable(sheet.name)}”"
        merged = [each for each in book.merged(sheet.name) if each[1][0] >= table.row]
        parts.append(_body(sheet, table, merged, offset))
        flaws |= {(row + offset, column): what for (row, column), what in book.flaws(sheet.name).items()}
        if offset:
            notes.append(f"{name}表头相同，一并读取，其第 1 行记作第 {offset + 1} 行。")
        if merged:
            notes.append(
                f"{name}有 {len(merged)} 处上下合并的单元格，其值用于所覆盖的各行（金额和数量除外）。"
            )
        offset += book.height(sheet.name)
    if offset > book.limit:
        book.refuse_rows(known[-1].name)
    return Sheets(
        tables[0], chain.from_iterable(parts), flaws, "、".join(sheet.name for sheet in known), tuple(notes)
    )


def _begun(book: Workbook, dictionary: Dictionary) -> tuple[list[_Sheet], list[_Sheet]]:
    """The sheets that hold the table, and visible sheets that hold something else."""
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
    if len(known) > 1 and any(book.far(sheet.name) for sheet in known):
        _refuse_several(known)
    if not known and not others:
        raise FileRefusedError("empty", "工作簿里没有数据（隐藏的工作表不读取）。请检查导出是否成功。")
    return (known, others) if known else (others[:1], others[1:])


def _refuse_several(known: list[_Sheet]) -> NoReturn:
    names = "、".join(f"“{printable(sheet.name)}”" for sheet in known)
    raise FileRefusedError(
        "sheets",
        f"有 {len(known)} 张工作表都像是要报送的表，而表头不同：{names}。"
        "请使各表表头一致，或每个文件只留一张，或隐藏其余的。",
    )


def _body(sheet: _Sheet, table: Table, merged: Sequence[Merged], offset: int) -> Numbered:
    """The rows below the headings, with the numbers that they have in the whole table."""
    rows = ((number, cells) for number, cells in chain(sheet.first, sheet.rest) if number > table.row)
    for number, cells in _filled(rows, table, merged) if merged else rows:
        yield number + offset, cells


def _filled(rows: Iterator[tuple[int, list[Cell]]], table: Table, merged: Sequence[Merged]) -> Numbered:
    """The rows, with the value of merged cells in each row that they cover."""
    once = {column.place for column in table.columns if column.field is None or column.field.type in _ONCE}
    starting: dict[int, list[Merged]] = {}
    for each in merged:
        starting.setdefault(each[0][0] + 1, []).append(each)
    covering: dict[int, tuple[int, Cell]] = {}  # column → last row, value
    for number, cells in rows:
        for column, (last, value) in list(covering.items()):
            if number > last:
                del covering[column]
            elif column < len(cells) and cells[column] == "":
                cells[column] = value
        for (_, column), (last, _) in starting.get(number, ()):
            if column not in once and column < len(cells):
                covering[column] = (last + 1, cells[column])
        yield number, cells
