"""Tables for a spreadsheet 电子表格: CSV by RFC 4180 that no program takes for formulas (SECURITY 1).

UTF-8 with a byte order mark, since Excel reads Chinese without one as something else.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: How a cell begins that a spreadsheet runs as a formula; an apostrophe before it makes it a text.
RUNS = tuple("=+-@\t\r＝＋－＠")
#: What a spreadsheet may take for white space before a formula.
_BLANKS = " \u3000\xa0\ufeff"


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip(_BLANKS).startswith(RUNS) else cell


def meant(cell: str) -> str:
    """The cell that ``safe`` made harmless."""
    return cell[1:] if cell[:1] == "'" and safe(cell[1:]) == cell else cell


def table(rows: Iterable[Sequence[str | int]]) -> bytes:
    """The rows as a file; numbers stay numbers, texts are made safe."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
