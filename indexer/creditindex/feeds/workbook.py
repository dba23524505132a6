"""Rows of an XLSX or XLS workbook; runs only inside the parsing child, whose memory and time are limited.

calamine reads a sheet as one dense table, which is fast and, with a cell far outside, deadly: ``bombs`` has
looked first. A sheet with such a cell goes through openpyxl's streaming reader, which takes no harm. Values
keep the type of their cell, because an 18-digit code that was typed as a number has lost its last digits.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

import openpyxl
import python_calamine as calamine

from creditindex.feeds import bombs
from creditindex.feeds.problems import FileRefusedError, printable
from creditindex.feeds.sniff import Sort

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

#: What a cell holds; delimited files have text only.
Cell = str | float | int | bool | date | datetime | time | timedelta

#: First and last (row, column), from 0, of cells that are one.
Merged = tuple[tuple[int, int], tuple[int, int]]

#: Bytes of a workbook; 200,000 rows of long records stay below.
SIZE = 300 * 1024 * 1024
#: Cells of padding that the slow reader may produce for rows that reach far out.
_PADDING = 20_000_000
#: First record of a BIFF8 workbook, and the record behind it that says "encrypted".
_BEGIN = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_FILEPASS = b"\x2f\x00"
_AGAIN = "请用 Excel 重新另存为 .xlsx，或另存为 UTF-8 编码的 .csv 再报送"


class Workbook:
    """An open workbook: its visible sheets and their rows."""

    def __init__(self, file: BinaryIO, size: int, sort: Sort, limit: int) -> None:
        """Look it through and open it.

        Args:
            file: the workbook.
            size: its bytes.
            sort: ``XLSX`` or ``XLS``.
            limit: rows that a sheet may have.

        Raises:
            FileRefusedError: it is damaged, locked, hostile or of another sort.
        """
        if size > SIZE:
            raise FileRefusedError(
                "too-large", f"工作簿有 {size:,} 字节，太大。请另存为 UTF-8 编码的 .csv 再报送。"
            )
        self.sort = sort
        self.limit = limit
        self._file = file
        self._merged: dict[str, list[Merged]] = {}
        self._heights: dict[str, int] = {}
        self._survey = bombs.survey(file, size, limit) if sort is Sort.XLSX else None
        if sort is Sort.XLS:
            _check_compound(file)
        file.seek(0)
        self._book = _opened(file)

    @property
    def epoch1904(self) -> bool:
        """Whether bare numbers in date columns count from 1904."""
        return self._survey is not None and self._survey.epoch1904

    def sheets(self) -> list[str]:
        """Names of the visible sheets, in their order."""
        return [
            sheet.name
            for sheet in self._book.sheets_metadata
            if sheet.typ == calamine.SheetTypeEnum.WorkSheet
            and sheet.visible == calamine.SheetVisibleEnum.Visible
        ]

    def flaws(self, name: str) -> dict[tuple[int, int], str]:
        """(row, column) of cells that only look empty → ``formula`` or ``error``."""
        return self._survey.sheets[name].flaws if self._survey and name in self._survey.sheets else {}

    def far(self, name: str) -> str:
        """The reference of a cell that stands far outside of any table; empty if there is none."""
        return self._survey.sheets[name].far if self._survey and name in self._survey.sheets else ""

    def merged(self, name: str) -> list[Merged]:
        """Merged cells of more than one row in a sheet that was begun."""
        return self._merged.get(name, [])

    def height(self, name: str) -> int:
        """Rows of a sheet that was begun, from its first to its last one in use."""
        return self._heights.get(name, 0)

    def refuse_rows(self, name: str) -> NoReturn:
        """Refuse a sheet that has too many rows."""
        raise FileRefusedError(
            "too-many-rows",
            f"工作表“{printable(name)}”超过 {self.limit:,} 行。"
            "请另存为 UTF-8 编码的 .csv（不限行数），或分成几个文件。",
        )

    def rows(self, name: str) -> Iterator[tuple[int, list[Cell]]]:
        """The rows of one sheet with their numbers in the sheet, from 1; blank ones too.

        Raises:
            FileRefusedError: the sheet is damaged, has too many rows, or cells far outside of its table.
        """
        far = self.far(name)
        return self._streamed(name, far) if far else self._dense(name)

    def _dense(self, name: str) -> Iterator[tuple[int, list[Cell]]]:
        try:
            sheet = self._book.get_sheet_by_name(name)
        except (calamine.CalamineError, OSError, ValueError) as error:
            raise FileRefusedError(
                "broken", f"工作表“{printable(name)}”已损坏，无法读取。{_AGAIN}。"
            ) from error
        if sheet.total_height > self.limit:
            self.refuse_rows(name)
        self._heights[name] = sheet.end[0] + 1 if sheet.end else 0
        self._merged[name] = [each for each in sheet.merged_cell_ranges or () if each[0][0] < each[1][0]]
        # The reader leaves out empty columns on the left; places in messages must stay those of the sheet.
        left: list[Cell] = [""] * (sheet.start[1] if sheet.start else 0)
        for number, row in enumerate(sheet.iter_rows(), 1):
            yield number, left + row if left else row

    def _streamed(self, name: str, far: str) -> Iterator[tuple[int, list[Cell]]]:
        padding = 0
        for number, row in enumerate(self._slow_rows(name), 1):
            cells = list(row)
            padding += max(0, len(cells) - bombs.COLUMNS)
            while cells and cells[-1] in (None, ""):
                cells.pop()
            if padding > _PADDING or len(cells) > bombs.COLUMNS or (cells and number > self.limit):
                bombs.refuse_far(far)
            yield number, [_slow(cell) for cell in cells]

    def _slow_rows(self, name: str) -> Iterator[tuple[Any, ...]]:
        self._file.seek(0)
        try:
            sheet = openpyxl.load_workbook(self._file, read_only=True, data_only=True)[name]
            sheet.reset_dimensions()
            yield from sheet.iter_rows(values_only=True)
        except (FileRefusedError, GeneratorExit, MemoryError):
            raise
        except Exception as error:  # that library has no error of its own for what it cannot read
            raise FileRefusedError(
                "broken", f"工作表“{printable(name)}”已损坏，无法读取。{_AGAIN}。"
            ) from error


def _opened(file: BinaryIO) -> calamine.CalamineWorkbook:
    try:
        return calamine.CalamineWorkbook.from_filelike(file)
    except calamine.PasswordError as error:
        raise FileRefusedError("locked", "文件设有密码。请去掉密码后重新报送。") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise FileRefusedError("broken", f"文件已损坏，不是完整的工作簿。{_AGAIN}。") from error


def _check_compound(file: BinaryIO) -> None:
    """An OLE2 file may be a workbook, a locked XLSX, or a Word document: its streams have telling names."""
    file.seek(0)
    names = file.read()
    start = names.find(_BEGIN)
    if start >= 0 and names[start + 20 : start + 22] == _FILEPASS:
        raise FileRefusedError("locked", "文件设有密码。请去掉密码后重新报送。")
    if "EncryptedPackage".encode("utf-16-le") in names:
        raise FileRefusedError("locked", "文件设有密码。请去掉密码后重新报送。")
    if "WordDocument".encode("utf-16-le") in names:
        raise FileRefusedError("type", f"这是 Word 文档，不是表格。{_AGAIN}。")
    if not any(name.encode("utf-16-le") in names for name in ("Workbook", "Book")):
        raise FileRefusedError("type", f"这不是 Excel 工作簿。{_AGAIN}。")


def _slow(cell: Any) -> Cell:  # noqa: ANN401 -- openpyxl's values have no common type
    """A value as the fast reader would give it."""
    if cell is None:
        return ""
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell
