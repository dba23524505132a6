"""What sort of file a delivery is, from its first bytes; the name only helps the sentence.

Five sorts are read: delimited text, JSON arrays, JSON Lines, XLSX, XLS. Everything else is refused with a
sentence that says what the file really is and how to deliver it instead.
"""

from __future__ import annotations

import re
from enum import StrEnum

from creditindex.feeds.problems import FileRefusedError

#: How many bytes ``recognise`` looks at.
HEAD = 4096

_EXPORT = "请用 Excel 或 WPS 打开后另存为 .xlsx 或 UTF-8 编码的 .csv，再报送"
_UNPACK = "请先解压，逐个报送其中的表格"

#: First bytes → (code, what it is, what to do).
_MAGIC: tuple[tuple[bytes, str, str, str], ...] = (
    (b"\x1f\x8b", "archive", "这是 gzip 压缩文件", _UNPACK),
    (b"BZh", "archive", "这是 bzip2 压缩文件", _UNPACK),
    (b"\xfd7zXZ\x00", "archive", "这是 xz 压缩文件", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "archive", "这是 7z 压缩文件", _UNPACK),
    (b"Rar!", "archive", "这是 RAR 压缩文件", _UNPACK),
    (b"(\xb5/\xfd", "archive", "这是 zstd 压缩文件", _UNPACK),
    (b"%PDF", "type", "这是 PDF 文件，不是表格", _EXPORT),
    (b"\x89PNG", "type", "这是 PNG 图片，不是表格", "请报送表格本身，不要报送截图"),
    (b"\xff\xd8\xff", "type", "这是 JPEG 图片，不是表格", "请报送表格本身，不要报送照片"),
    (b"GIF8", "type", "这是 GIF 图片，不是表格", "请报送表格本身，不要报送截图"),
    (b"{\\rtf", "type", "这是 RTF 文档，不是表格", _EXPORT),
    (b"SQLite format 3", "type", "这是 SQLite 数据库，不是表格", "请导出为 UTF-8 编码的 .csv 再报送"),
    (b"\x09\x00\x04\x00", "old-xls", "这是 1995 年以前的 Excel 文件", _EXPORT),
    (b"\x09\x02\x06\x00", "old-xls", "这是 1995 年以前的 Excel 文件", _EXPORT),
    (b"\x09\x04\x06\x00", "old-xls", "这是 1995 年以前的 Excel 文件", _EXPORT),
    (b"\xff\xfe\x00\x00", "encoding", "文件是 UTF-32 编码", "请另存为 UTF-8 编码的 .csv 再报送"),
    (b"\x00\x00\xfe\xff", "encoding", "文件是 UTF-32 编码", "请另存为 UTF-8 编码的 .csv 再报送"),
)
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(!doctype|html|table|head|meta|body|\?xml)", re.IGNORECASE)
#: An array or object of JSON; a table whose first heading stands in brackets does not go on like that.
_JSON = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*([\[{])\s*(?:[\"{\[\]}]|$)")


class Sort(StrEnum):
    """A sort of file that is read."""

    TEXT = "text"
    JSON = "json"
    LINES = "lines"
    XLSX = "xlsx"
    XLS = "xls"


def recognise(head: bytes) -> Sort:
    """The sort of a file by its first ``HEAD`` bytes.

    A zip archive counts as XLSX here; ``bombs`` looks at its list of parts and says what else it may be.

    Raises:
        FileRefusedError: the file is empty, or of a sort that is not read.
    """
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00"):
        raise FileRefusedError("empty", "文件是空的：没有表头，也没有数据。请检查导出是否成功。")
    for magic, code, what, remedy in _MAGIC:
        if head.startswith(magic):
            raise FileRefusedError(code, f"{what}。{remedy}。")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return Sort.XLSX
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return Sort.XLS
    if _MARKUP.match(head):
        # Many systems write a web page and call it .xls; Excel opens it, a register must not guess.
        raise FileRefusedError("markup", f"这是网页或 XML 文件（有的系统把它存成 .xls）。{_EXPORT}。")
    if begin := _JSON.match(head):
        return Sort.JSON if begin[1] == b"[" else Sort.LINES
    return Sort.TEXT
