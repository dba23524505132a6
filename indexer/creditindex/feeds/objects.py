"""JSON and JSON Lines: objects one after the other, in flat memory, through one parser.

Two parsers that read one text differently are a hole (SECURITY, parsing differences), so what JSON leaves
open is refused here: a key twice in one object, NaN and Infinity, numbers that other programs round, an
object inside another. An array is read into memory as text (``ARRAY_BYTES``), a file of lines streams. Both
are read twice: a file that breaks in its last line is refused before its first row, and only the whole file
knows all its keys.
"""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from creditindex.feeds.delimited import FIELD_LIMIT, Encoding, Tape, prove
from creditindex.feeds.problems import FileRefusedError, printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

#: Bytes of a file that is one array.
ARRAY_BYTES = 64 * 1024 * 1024
#: Different keys that the objects of a file may have.
KEYS = 702
#: From here on a program that keeps numbers as binary fractions rounds them (RFC 8259, 6).
EXACT = 1 << 53
#: How several values of one cell are written elsewhere.
_JOINT = "、"
_BLANK = " \t\r\n"
#: Half a character: JSON can write one, no encoding can.
_HALF = re.compile("[\ud800-\udfff]")
#: The values of JSON that are no text; numbers come as text from the parser.
_WORDS = {None: "", True: "true", False: "false"}
#: No amount on earth has more digits before the point, or a first one further behind it.
_EXPONENT = 20
_LINES_INSTEAD = "请改用 JSON Lines（每行一个对象，不限大小），或分成几个文件"

Object = dict[str, str]


class _Refused(ValueError):  # noqa: N818 -- becomes a ``FileRefusedError`` where the place is known
    """What is wrong inside one object: a code and a clause."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class _Place(NamedTuple):
    """An object that was read: its number (line or place in the array, from 1) and its members."""

    number: int
    members: Object


class Objects:
    """The objects of a file as rows of a table whose columns are their keys."""

    def __init__(self, file: BinaryIO, size: int, *, lines: bool) -> None:
        """Read the file to its end once.

        Args:
            file: the file, unbuffered.
            size: its bytes.
            lines: one object a line; else one array of objects.

        Raises:
            FileRefusedError: it is no such file, or says something that can be understood in two ways.
        """
        self._file = file
        self._size = size
        self._lines = lines
        self._position = 0
        self._digest = ""
        if not lines and size > ARRAY_BYTES:
            message = f"JSON 数组有 {size:,} 字节，超过 {ARRAY_BYTES >> 20} MB。{_LINES_INSTEAD}。"
            raise FileRefusedError("too-large", message)
        self._encoding = prove(file, long_lines=not lines)
        keys: dict[str, None] = {}
        for _, members in self._objects():
            keys.update(dict.fromkeys(members))
            if len(keys) > KEYS:
                raise FileRefusedError("keys", f"对象的键超过 {KEYS} 个，这不是表格。请检查导出的内容。")
        #: Every key of the file, in the order of their first appearance.
        self.keys = list(keys)
        if not keys:
            raise FileRefusedError("empty", "文件里没有数据。请检查导出是否成功。")

    @property
    def form(self) -> str:
        """What sort of file it is, for the summary."""
        name = "JSON Lines" if self._lines else "JSON 数组"
        return f"{self._encoding.codec.upper()}，{name}"

    @property
    def position(self) -> int:
        """Bytes read so far."""
        return self._position

    @property
    def digest(self) -> str:
        """SHA-256 of the whole file, after the last row."""
        return self._digest

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every object with its number, its values in the order of ``keys``; numbers as they are written."""
        try:
            for number, members in self._objects():
                yield number, [members.get(key, "") for key in self.keys]
        except UnicodeDecodeError as error:
            raise FileRefusedError("changed", "文件在读取期间被改动。请等文件写完后重新报送。") from error

    def _objects(self) -> Iterator[_Place]:
        return self._of_lines() if self._lines else self._of_array()

    def _of_lines(self) -> Iterator[_Place]:
        tape = Tape(self._file)
        for number, line in enumerate(tape.text(self._encoding, newline=None), 1):
            self._position = tape.position
            text = line.strip(_BLANK)
            if text:
                members, end = _read(text, 0, f"第 {number} 行")
                if end < len(text):
                    _broken(text, end, f"第 {number} 行")
                yield _Place(number, members)
        self._digest = tape.digest.hexdigest()

    def _of_array(self) -> Iterator[_Place]:
        text, self._digest = _whole(self._file, self._encoding)
        at = _skip(text, text.index("[") + 1)
        number = 0
        while text[at : at + 1] != "]" or number:
            number += 1
            members, at = _read(text, at, f"第 {number} 个对象")
            yield _Place(number, members)
            self._position = self._size * at // len(text)
            at = _skip(text, at)
            if text[at : at + 1] == "]":
                break
            if text[at : at + 1] != ",":
                _broken(text, at, f"第 {number} 个对象之后")
            at = _skip(text, at + 1)
        if _skip(text, at + 1) < len(text):
            _broken(text, at + 1, "数组结束之后")


def _whole(file: BinaryIO, encoding: Encoding) -> tuple[str, str]:
    file.seek(0)
    data = b"".join(iter(lambda: file.read(1 << 20), b""))
    return data[encoding.skip :].decode(encoding.codec), hashlib.sha256(data).hexdigest()


def _skip(text: str, at: int) -> int:
    """The place of the next character that is no white space."""
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _read(text: str, at: int, where: str) -> tuple[Object, int]:
    """The object that begins here, and where it ends."""
    try:
        found, end = _PARSER.raw_decode(text, at)
    except _Refused as error:
        raise FileRefusedError(error.code, f"{where}{error.message}。") from error
    except json.JSONDecodeError as error:
        _broken(text, error.pos, where)
    except RecursionError as error:
        raise FileRefusedError("nested", f"{where}嵌套过深，这不是表格。请展开为一层后重新导出。") from error
    if type(found) is not _Flat:
        raise FileRefusedError("json", f"{where}不是对象（{{…}}）。请让每条信息成为一个对象，键为表头。")
    members = {key: _cell(value, key, where) for key, value in found.items()}
    if text.find("\\u", at, end) >= 0 and any(map(_HALF.search, map(str, (*members, *members.values())))):
        raise FileRefusedError(
            "half", f"{where}的 \\u 转义只有半个字（代理对不成对）。请用程序库导出 UTF-8。"
        )
    return members, end


def _broken(text: str, at: int, where: str) -> NoReturn:
    line = text.count("\n", 0, at) + 1
    spot = f"第 {at - text.rfind(chr(10), 0, at)} 个字符"
    if line > 1 or "对象" in where or "数组" in where:
        spot = f"文件第 {line} 行{spot}"
    raise FileRefusedError(
        "json",
        f"{where}不是有效的 JSON（{spot}）。一行一个对象的文件是 JSON Lines，"
        "整个文件是数组的以 [ 开头；请用程序库导出，勿手工拼接。",
    )


class _Flat(dict[str, Any]):
    """An object as it was parsed, known to have no key twice."""


def _cell(value: Any, key: str, where: str) -> str:  # noqa: ANN401 -- whatever JSON may hold
    """A single value, or several joined; anything deeper is refused."""
    if isinstance(value, str):
        if len(value) > FIELD_LIMIT:
            message = f"{where}的“{printable(key)}”超过 {FIELD_LIMIT} 个字符。请检查导出的内容。"
            raise FileRefusedError("long-field", message)
        return value
    if isinstance(value, list) and not any(isinstance(each, list | dict) for each in value):
        words = (each if isinstance(each, str) else _WORDS[each] for each in value if each is not None)
        return _cell(_JOINT.join(words), key, where)
    if not isinstance(value, list | dict):
        return _WORDS[value]
    message = f"{where}的“{printable(key)}”里还有对象或数组。请展开为一层：每个键一个值，或一组值。"
    raise FileRefusedError("nested", message)


def _members(pairs: list[tuple[str, Any]]) -> _Flat:
    found = _Flat(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused("key-twice", f"的键“{printable(twice)}”出现两次，不知以哪个为准；请只保留一个")
    return found


def _whole_number(digits: str) -> str:
    # Python reads a long row of digits slowly, so its length is looked at first.
    length = len(digits.removeprefix("-"))
    if length > len(str(EXACT)) or abs(int(digits)) >= EXACT:
        # It may be somebody's identity number, so it is not repeated.
        message = f"有 {length} 位的数，别的程序会把它舍入；代码、文号和证件号码请写成带引号的文本"
        raise _Refused("rounded", message)
    return digits


def _fraction(literal: str) -> str:
    """A decimal as it is written; an exponent is written out."""
    if "e" not in literal.lower():
        return literal
    number = Decimal(literal)
    if abs(number.adjusted()) > _EXPONENT:
        raise _Refused("rounded", f"的数 {printable(literal)} 大小不可能；请核对")
    return format(number, "f")


def _no_number(word: str) -> NoReturn:
    raise _Refused("no-number", f"含有 {word}，这不是 JSON 的值；没有数值请写 null")


#: The one parser of foreign JSON. ``orjson`` takes the last of two equal keys without a word.
_PARSER = json.JSONDecoder(
    object_pairs_hook=_members,
    parse_int=_whole_number,
    parse_float=_fraction,
    parse_constant=_no_number,
    strict=True,
)
