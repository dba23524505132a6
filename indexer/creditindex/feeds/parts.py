"""The list of parts of a zip archive, checked before anything in it is unpacked.

An XLSX file is a zip archive, and a few kilobytes of archive can claim or hold anything. The list is read
here with own bounds (``zipfile`` would read a list of any length first); names, sizes, order and overlaps
are checked.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

from creditindex.feeds.problems import FileRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

#: Parts that an archive may list; a workbook of 50 sheets has about 150.
PARTS = 2_000
#: Bytes of the list of parts.
LIST_BYTES = 1024 * 1024
#: Bytes that all parts may have when unpacked. 200,000 rows of long records stay under 500 MB.
UNPACKED = 800 * 1024 * 1024
#: Unpacked bytes that may stand for one packed byte, once a part is larger than ``FREE``; tables reach 10
#: to 40.
RATIO = 100
FREE = 10 * 1024 * 1024

_END = b"PK\x05\x06"
_END_BYTES = 22
_LOCAL = struct.Struct("<4s22xHH")
_PIECE = 256 * 1024
_ARCHIVES = (".zip", ".xlsx", ".xlsm", ".xlsb", ".docx", ".pptx", ".jar", ".7z", ".rar", ".gz", ".ods")
_BOMB = "展开后过大或压缩比异常，疑为压缩炸弹"
_AGAIN = "请用 Excel 重新另存为 .xlsx，或另存为 UTF-8 编码的 .csv 再报送"


def listed(file: BinaryIO, size: int) -> list[zipfile.ZipInfo]:
    """The parts of the archive, each with sane sizes that do not overlap.

    Raises:
        FileRefusedError: the archive is broken, locked, hostile, or holds another archive.
    """
    _check_end(file, size)
    try:
        with zipfile.ZipFile(file) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, OSError) as error:
        raise FileRefusedError("broken", f"文件已损坏，不是完整的 .xlsx。{_AGAIN}。") from error
    _check_sizes(found, size)
    _check_places(found)
    for part in found:
        _check_part(part)
    return found


def _check_end(file: BinaryIO, size: int) -> None:
    """The archive's own summary, read by hand so that a huge list is never read at all."""
    start = max(0, size - 65_557)
    file.seek(start)
    tail = file.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_BYTES:
        raise FileRefusedError("broken", f"文件不完整（缺少压缩包的结尾），可能没有上传完。{_AGAIN}。")
    count, length = struct.unpack_from("<HI", tail, place + 10)
    if count > PARTS or length > LIST_BYTES:
        raise FileRefusedError("bomb", f"文件内含 {count} 个以上的部件，正常的工作簿不会这样。{_AGAIN}。")


def _check_sizes(found: list[zipfile.ZipInfo], size: int) -> None:
    if len(found) > PARTS:
        raise FileRefusedError("bomb", f"文件内含 {len(found)} 个部件，正常的工作簿不会这样。{_AGAIN}。")
    total = sum(part.file_size for part in found)
    packed = sum(part.compress_size for part in found)
    thick = any(p.file_size > FREE and p.file_size > RATIO * max(p.compress_size, 1) for p in found)
    if total > UNPACKED or packed > size or thick:
        raise FileRefusedError(
            "bomb",
            f"文件{_BOMB}（{size:,} 字节，展开 {total:,} 字节）。"
            "请删去空白区域的格式，分成几个文件，或另存为 .csv。",
        )


def _check_places(found: list[zipfile.ZipInfo]) -> None:
    """Parts that share bytes let a small file hold a thousand times itself."""
    end = 0
    for part in sorted(found, key=lambda part: part.header_offset):
        if part.header_offset < end:
            raise FileRefusedError("bomb", f"文件的部件互相重叠，疑为压缩炸弹。{_AGAIN}。")
        end = part.header_offset + 30 + len(part.orig_filename.encode()) + part.compress_size


def _check_part(part: zipfile.ZipInfo) -> None:
    if part.flag_bits & 0x1:
        raise FileRefusedError("locked", "文件设有密码。请去掉密码后重新报送。")
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefusedError("broken", f"文件使用了 Excel 不用的压缩方法。{_AGAIN}。")
    if part.filename.lower().endswith(_ARCHIVES):
        raise FileRefusedError(
            "nested", f"文件里还嵌有别的文件（{part.filename[-60:]}）。请删去嵌入的对象后重新保存。"
        )


def unpacked(file: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of one part, in pieces, never more than its header promised.

    Raises:
        FileRefusedError: the part is broken, or larger than its header says.
    """
    left = part.compress_size
    inflate = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    promised = part.file_size
    _seek_data(file, part)
    while left > 0:
        packed = file.read(min(_PIECE, left))
        if not packed:
            raise FileRefusedError("broken", f"文件不完整（{part.filename[-60:]}）。{_AGAIN}。")
        left -= len(packed)
        for piece in _inflated(inflate, packed):
            promised -= len(piece)
            if promised < 0:
                raise FileRefusedError("bomb", f"文件声明的大小与实际不符，疑为压缩炸弹。{_AGAIN}。")
            yield piece


def _inflated(inflate: zlib._Decompress | None, packed: bytes) -> Iterator[bytes]:
    if inflate is None:
        yield packed
        return
    try:
        while packed:
            yield inflate.decompress(packed, _PIECE)
            packed = inflate.unconsumed_tail
    except zlib.error as error:
        raise FileRefusedError("broken", f"文件已损坏，无法展开。{_AGAIN}。") from error


def _seek_data(file: BinaryIO, part: zipfile.ZipInfo) -> None:
    file.seek(part.header_offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
        raise FileRefusedError("broken", f"文件已损坏，部件的位置不对。{_AGAIN}。")
    _, name, extra = _LOCAL.unpack(head)
    file.seek(name + extra, 1)
