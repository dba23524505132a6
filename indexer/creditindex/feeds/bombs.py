"""What an XLSX file is made of, looked at before a spreadsheet library sees it.

A file of 4.6 KB with one cell at XFD1048576 makes the fast reader ask for 549 GB and die; one of 982 KB holds
236 MB. So the parts are unpacked here once, in pieces and with bounds, and the cells' references are looked
at. The same pass finds formulas that were never calculated and cells that hold an error: both would read as
empty.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from creditindex.feeds import parts
from creditindex.feeds.problems import FileRefusedError

if TYPE_CHECKING:
    import zipfile
    from typing import BinaryIO

#: Columns a sheet may use (ZZ); the widest kind has about 40 fields.
COLUMNS = 702
#: No spreadsheet has more; such a reference was made by hand.
_EXCEL_ROWS, _EXCEL_COLUMNS = 1_048_576, 16_384
#: Cells with formulas or errors that are remembered; more refuse the file.
FLAWS = 1_000
#: Bytes of a sheet that the slow reader is given when a cell stands far outside.
SPARSE_BYTES = 20 * 1024 * 1024

_AGAIN = "请用 Excel 重新另存为 .xlsx，或另存为 UTF-8 编码的 .csv 再报送"
#: Bytes kept from the piece before, so that nothing that crosses the cut is missed.
_OVERLAP = 40_000
_FAR = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{3,9}[0-9]{0,9}|[A-Za-z]{0,3}[0-9]{6,10})[\"']")
_UNCALCULATED = re.compile(
    rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f(?:\s[^<>]*)?/>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_TEXT_RESULT = re.compile(rb"\bt\s*=\s*[\"']str[\"']")
_ERROR = re.compile(rb"<(?:\w+:)?c\s([^<>]*\bt\s*=\s*[\"']e[\"'][^<>]*)>")
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3}[0-9]{1,7})[\"']")
_EPOCH1904 = re.compile(rb"date1904\s*=\s*[\"'](?:1|true)[\"']")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s([^<>]*)>")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^<>]*)>")
_ATTRIBUTE = re.compile(rb"(?:\w+:)?(\w+)\s*=\s*[\"']([^\"']*)[\"']")
_PLAIN_BYTES = 1024 * 1024
_SPLIT = re.compile(r"([A-Z]*)([0-9]*)")


@dataclass(slots=True)
class Sheet:
    """What the pass found in one sheet: how far its cells reach, and cells that only look empty."""

    bytes: int = 0
    far: str = ""
    flaws: dict[tuple[int, int], str] = field(default_factory=dict)  # (row, column), from 1 → what


@dataclass(frozen=True, slots=True)
class Survey:
    """A workbook that may be opened: its sheets by name, and its date system."""

    sheets: dict[str, Sheet]
    epoch1904: bool


def survey(file: BinaryIO, size: int, rows: int) -> Survey:
    """Look through the whole archive.

    Args:
        file: the open workbook.
        size: its bytes.
        rows: how many rows a sheet may have.

    Raises:
        FileRefusedError: it is no workbook, or must not be opened.
    """
    found = parts.listed(file, size)
    _check_sort(file, found)
    sheets, plain = {}, {}
    for part in found:
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            sheets[part.filename] = _sheet(file, part, rows)
        elif part.filename.endswith((".xml", ".rels")):
            plain[part.filename] = _plain(file, part)
    return Survey(_named(sheets, plain), bool(_EPOCH1904.search(plain["xl/workbook.xml"])))


def _check_sort(file: BinaryIO, found: list[zipfile.ZipInfo]) -> None:
    """A zip archive that is no workbook gets a sentence that says what it is."""
    names = {part.filename for part in found}
    if "xl/workbook.xml" in names:
        if any(name.endswith("vbaProject.bin") for name in names):
            raise FileRefusedError("macros", "工作簿含有宏（.xlsm）。请另存为不含宏的 .xlsx 再报送。")
        return
    if "xl/workbook.bin" in names:
        raise FileRefusedError("type", f"这是二进制工作簿（.xlsb）。{_AGAIN}。")
    if "mimetype" in names:
        part = next(part for part in found if part.filename == "mimetype")
        if b"opendocument" in b"".join(parts.unpacked(file, part))[:200]:
            raise FileRefusedError("ods", f"这是 OpenDocument 文件（如 .ods）。{_AGAIN}。")
    if "word/document.xml" in names or "ppt/presentation.xml" in names:
        raise FileRefusedError("type", f"这是文字或演示文稿，不是表格。{_AGAIN}。")
    raise FileRefusedError("archive", "这是 zip 压缩包。请先解压，逐个报送其中的表格。")


def _plain(file: BinaryIO, part: zipfile.ZipInfo) -> bytes:
    """Unpack a part that is no sheet, to learn that it is honest; its first bytes, where names stand."""
    first = b""
    for piece in parts.unpacked(file, part):
        if not first:
            _check_markup(piece)
        if len(first) < _PLAIN_BYTES:
            first += piece
    return first


def _named(sheets: dict[str, Sheet], plain: dict[str, bytes]) -> dict[str, Sheet]:
    """The sheets under the names that people see, through the workbook's own table of parts."""
    targets = {}
    for tag in _RELATION.findall(plain.get("xl/_rels/workbook.xml.rels", b"")):
        known = dict(_ATTRIBUTE.findall(tag))
        target = html.unescape(known.get(b"Target", b"").decode("utf-8", "replace")).lstrip("/")
        targets[known.get(b"Id")] = target if target.startswith("xl/") else f"xl/{target}"
    named = {}
    for tag in _SHEET.findall(plain["xl/workbook.xml"]):
        known = dict(_ATTRIBUTE.findall(tag))
        name = html.unescape(known.get(b"name", b"").decode("utf-8", "replace"))
        named[name] = sheets.get(targets.get(known.get(b"id"), ""), Sheet())
    return named


def _check_markup(piece: bytes) -> None:
    """XML in other encodings or with entities of its own is never written by Excel."""
    if b"\0" in piece[:64] or b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
        raise FileRefusedError("entities", f"工作簿内的 XML 含有不允许的声明。{_AGAIN}。")


def _sheet(file: BinaryIO, part: zipfile.ZipInfo, rows: int) -> Sheet:
    sheet = Sheet()
    kept = b""
    for piece in parts.unpacked(file, part):
        if not sheet.bytes:
            _check_markup(piece)
        sheet.bytes += len(piece)
        text = kept + piece
        _reach(sheet, text, rows)
        _flaws(sheet, text)
        kept = text[-_OVERLAP:]
    if sheet.far and sheet.bytes > SPARSE_BYTES:
        refuse_far(sheet.far)
    return sheet


def _reach(sheet: Sheet, text: bytes, rows: int) -> None:
    """Cells outside the bounds; a match is rare, so that a table costs one search and nothing more."""
    for match in _FAR.finditer(text):
        reference = match.group(1).decode().upper()
        row, column = place(reference)
        if row > rows or column > COLUMNS:
            sheet.far = reference
            if row > _EXCEL_ROWS or column > _EXCEL_COLUMNS:
                refuse_far(reference)


def _flaws(sheet: Sheet, text: bytes) -> None:
    if b"<f" in text or b":f" in text:
        for match in _UNCALCULATED.finditer(text):
            start = max(text.rfind(mark, 0, match.start()) for mark in (b"<c ", b":c "))
            attributes = text[start + 3 : text.find(b">", start)]
            # A formula whose result is the empty text is written without a value, and that is right.
            if start >= 0 and not _TEXT_RESULT.search(attributes):
                _note(sheet, attributes, "formula")
    if b'"e"' in text or b"'e'" in text:
        for match in _ERROR.finditer(text):
            _note(sheet, match.group(1), "error")


def _note(sheet: Sheet, attributes: bytes, what: str) -> None:
    reference = _REFERENCE.search(attributes)
    if reference:
        sheet.flaws[place(reference.group(1).decode().upper())] = what
    if len(sheet.flaws) > FLAWS:
        raise FileRefusedError(
            "formulas",
            f"工作簿有 {FLAWS} 格以上的公式没有计算结果或结果为错误。"
            "请在 Excel 中打开、计算、检查后保存，或复制后“选择性粘贴—数值”。",
        )


def refuse_far(reference: str) -> NoReturn:
    """Refuse a file for a cell that stands far outside of its table."""
    raise FileRefusedError(
        "sparse",
        f"单元格 {reference} 远在表格之外。请删去数据区域以外的行和列（选中后“删除”），保存后重新报送。",
    )


def place(reference: str) -> tuple[int, int]:
    """(row, column) from 1 of a cell reference in capitals; a missing part is 0."""
    match = _SPLIT.match(reference)
    letters, digits = match.groups() if match else ("", "")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits or 0), column


def column_name(column: int) -> str:
    """The letters of a column, counted from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
