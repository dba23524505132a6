"""The forms in which deliveries come: CSV, JSON, a spreadsheet as a program writes it or as an office does.

Rows are written as they are made, so memory stays flat whatever their number (an office's table is small).
"""

from __future__ import annotations

import csv
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Put = Callable[[Sequence[Any]], object]

#: Form → ending of the file's name.
ENDINGS = {
    "csv": "csv",
    "bom": "csv",
    "gb18030": "csv",
    "xlsx": "xlsx",
    "office": "xlsx",
    "json": "json",
    "lines": "jsonl",
}
_ENCODINGS = {"csv": "utf-8", "bom": "utf-8-sig", "gb18030": "gb18030"}
#: What stands over several headings of an office's table, which say only the rest.
_GROUPS = ("行政相对人", "处罚", "许可")
_UNIT = "（万元）"


@contextmanager
def writing(path: Path, form: str, title: str, headings: Sequence[str]) -> Iterator[Put]:
    """Write a table under these headings; yields what takes the cells of one row."""
    if form == "xlsx":
        with _sheet(path, headings) as put:
            yield put
    elif form == "office":
        with _printed(path, title, headings) as put:
            yield put
    elif form in ("json", "lines"):
        with path.open("w", encoding="utf-8") as handle:
            yield from _objects(handle, headings, lines=form == "lines")
    else:
        # Spreadsheets on Windows write CRLF; the loader must take either.
        end = "\r\n" if form == "gb18030" else "\n"
        with path.open("w", encoding=_ENCODINGS[form], newline="") as handle:
            put = csv.writer(handle, lineterminator=end).writerow
            put(headings)
            yield put


def _objects(handle: TextIO, headings: Sequence[str], *, lines: bool) -> Iterator[Put]:
    """Lines leave out what is empty, an array says null."""
    begun = False

    def put(cells: Sequence[Any]) -> None:
        nonlocal begun
        pairs = zip(headings, cells, strict=True)
        made = {heading: cell or None for heading, cell in pairs if cell or not lines}
        handle.write("" if lines else ",\n" if begun else "[\n")
        handle.write(json.dumps(made, ensure_ascii=False, default=str) + ("\n" if lines else ""))
        begun = True

    yield put
    if not lines:
        handle.write("\n]\n" if begun else "[]\n")


@contextmanager
def _sheet(path: Path, headings: Sequence[str]) -> Iterator[Put]:
    # A third of a second that no other command should wait for.
    from openpyxl import Workbook  # noqa: PLC0415 -- as said above

    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    sheet.append(headings)
    yield sheet.append
    book.save(path)


@contextmanager
def _printed(path: Path, title: str, headings: Sequence[str]) -> Iterator[Put]:
    """A table for the notice board: title, unit, two lines of headings, column numbers; total and note."""
    from openpyxl import Workbook  # noqa: PLC0415 -- as above

    book = Workbook()
    book.active.title = "填表说明"
    book.active.append(["一、本表由报送单位填写。"])
    sheet = book.create_sheet("公示表")
    width = len(headings)
    sheet.append([title])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=width)
    sheet.append([*[""] * (width - 1), "金额单位：万元"])
    upper, lower = two_lines([heading.removesuffix(_UNIT) for heading in headings])
    sheet.append(upper)
    sheet.append(lower)
    for column in range(1, width + 1):
        if not lower[column - 1]:
            sheet.merge_cells(start_row=3, end_row=4, start_column=column, end_column=column)
        elif upper[column - 1]:
            last = next((at for at in range(column, width) if upper[at] or not lower[at]), width)
            sheet.merge_cells(start_row=3, end_row=3, start_column=column, end_column=last)
    sheet.append([str(number) for number in range(1, width + 1)])
    yield sheet.append
    sheet.append(["合计"])
    sheet.append(["注：本表为合成数据。"])
    book.save(path)


def two_lines(headings: Sequence[str]) -> tuple[list[str], list[str]]:
    """Headings as merged cells show them: 行政相对人 once, and below it 名称, 类别 …."""
    upper, lower = [], []
    before = ""
    for heading in headings:
        group = next((each for each in _GROUPS if heading.startswith(each) and heading != each), "")
        upper.append("" if group and group == before else group or heading)
        lower.append(heading.removeprefix(group) if group else "")
        before = group
    return upper, lower
