"""One delivered cell → one value of the register, with everything that has to be said about it.

Text stays as it was written, except for what nobody sees (control marks, blanks at the ends). Dates, amounts,
counts and code lists become the register's own form; a value that cannot be read refuses the row, one that
is only odd is kept and warned about. Nothing is guessed: 元 and 万元 come from the heading or the cell
itself.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from creditindex.feeds.problems import printable
from creditregister import dates
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from creditindex.feeds.workbook import Cell
    from creditregister.kinds import Field, Value

#: Characters that a value of each type may have; far above any real one (DOMAIN 1.1: at most 5,000).
LENGTHS = {"name": 200, "number_text": 200, "code": 60, "secret": 200, "text": 2_000, "long": 50_000}
#: A number from here on has lost digits in a spreadsheet.
EXACT = 10**15
#: Cells that say "nothing" without being empty.
NOTHING = frozenset(
    {"/", "\\", "-", "--", "---", "—", "——", "－", "null", "NULL", "\\N", "None", "N/A", "#N/A", "nan", "NaN"}
)
#: In numbers, codes and dates these words say it too; in free text they are an answer.
NONE_GIVEN = NOTHING | {"无", "暂无", "空", "没有", "不详", "未知"}

_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff"
    # The last two characters of every further plane are no characters either.
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
#: Characters without a code point of their own when GB 18030 was made stood in the private area. Later
#: editions give them one; codecs of the first edition, Python's among them, still decode into that area.
_PRIVATE = str.maketrans(
    "".join(map(chr, (*range(0xE78D, 0xE797), 0xE7C7, 0xE816, 0xE817, 0xE818, 0xE831, 0xE83B, 0xE855)))
    + "".join(map(chr, (0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864))),
    "︐︒︑︓︔︕︖︗︘︙ḿ𠂇𠂉𠃌𡗗𢦏𤇾" + "龴龵龶龷龸龹龺龻",
)
_LINES = re.compile(r"[\t\r\n\u2028\u2029]+")
_GARBLED = re.compile("\ufffd|锟斤拷|烫烫烫")
_AMOUNT = re.compile(r"(?:人民币|[¥￥])?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(亿元|万元|元|亿|万)?(?:整|人民币)?")
_SHIFT = {"元": 0, "": 0, "万": 4, "万元": 4, "亿": 8, "亿元": 8}
_PIECES = re.compile(r"[、;；,，\n|]+")
#: Characters of the longest way to write a quarter and nothing else.
_PERIOD = 12
#: What may stand between the two days of a period, and characters of the longest way to write one.
_UNTIL = re.compile(r"至|到|[~～—–－-]+")
_LONGEST_PERIOD = 60
_JOINED = 6
_COUNT_DIGITS = 12
#: Up to 999,999,999,999,999 and six decimals.
_MONEY_DIGITS = 14
_MILLIONTH = Decimal("0.000001")
_NOISE = Decimal("1e-12")


class Said(NamedTuple):
    """What a cell makes the row say: ``refused``, ``held`` or ``warned``, a code, a clause in Chinese."""

    outcome: str
    code: str
    message: str


class Read(NamedTuple):
    """A value (none: nothing there, or refused), what is to be said, the rest of the cell's text."""

    value: Value | None
    said: tuple[Said, ...] = ()
    rest: str = ""

    @property
    def plain(self) -> bool:
        """Whether there is a value and nothing else to say."""
        return self.value is not None and not self.said and not self.rest


def plain(cell: Cell) -> str:
    """The text of a cell as a person would read it; numbers without the .0 that spreadsheets add."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return str(cell)


def blank(cell: Cell) -> bool:
    """Whether a cell holds nothing that anyone could see."""
    return isinstance(cell, str) and not _INVISIBLE.sub("", cell).strip()


def clean(text: str) -> tuple[str, tuple[Said, ...]]:
    """The text without what nobody sees; control marks that could mislead a reader are removed and told."""
    if text.isprintable() and "\ufffd" not in text:
        return text.strip(), ()
    said: tuple[Said, ...] = ()
    if _GARBLED.search(text):
        said = (Said("warned", "garbled", "有乱码（导出前已丢失的字），请核对原文后更正"),)
    seen = _INVISIBLE.sub("", text).translate(_PRIVATE)
    kept = _CONTROL.sub("", seen)
    if len(kept) != len(seen):
        said = (*said, Said("warned", "control", "有看不见的控制字符，已删除，请核对"))
    return kept.strip(), said


def reader(
    field: Field, unit: str, *, epoch1904: bool = False, words: Mapping[str, str] | None = None
) -> Callable[[Cell], Read]:
    """What reads the cells of one column.

    Args:
        field: the field that the column means.
        unit: the unit of money that the heading names, or empty.
        epoch1904: how bare numbers in date columns count.
        words: what words of this source mean in the field's list, before its own.
    """
    if field.type == "date":
        return partial(_date, field, epoch1904)
    if field.type == "money":
        return partial(_money, unit or field.unit, field.unit)
    if field.type == "count":
        return _count
    if field.type in ("choice", "choices", "flag"):
        read = {"choice": _choice, "choices": _choices, "flag": _flag}[field.type]
        own = {fold(word): code for word, code in (words or {}).items()}
        return partial(read, field, {**_codes(field), **own})
    return partial(_text, field)


def _text(field: Field, cell: Cell) -> Read:
    """Names, numbers of documents, short and long text."""
    if isinstance(cell, float) and abs(cell) >= EXACT:
        return _refused("rounded", "是数值格式，后几位已丢失；请把该列设为“文本”格式，重新填写原值")
    if isinstance(cell, date | time | timedelta) and field.type == "number_text":
        return _refused("turned", "被表格软件变成了日期；请把该列设为“文本”格式，重新填写原值")
    value, said = clean(plain(cell))
    if field.type != "long" and not value.isprintable():
        value = _LINES.sub(" ", value)
    if not value or value in (NONE_GIVEN if field.type == "number_text" else NOTHING):
        return Read(None, said)
    if len(value) > LENGTHS[field.type]:
        return _refused("too-long", f"超过 {LENGTHS[field.type]} 个字符；请检查是否错列")
    return Read(value, said)


def _date(field: Field, epoch1904: bool, cell: Cell) -> Read:  # noqa: FBT001 -- bound once, by ``reader``
    """A civil date; its text tells its precision (2026-04-01, 2017-Q1, 2017)."""
    given = clean(cell)[0] if isinstance(cell, str) else cell
    if isinstance(given, str) and (not given or given in NONE_GIVEN):
        return Read(None)
    if isinstance(given, bool | time | timedelta):
        return _refused("date", f"“{printable(plain(given))}”不是日期；请写成 2026-04-01 的形式")
    try:
        civil = dates.parse(given, epoch1904=epoch1904)
    except dates.DateError as error:
        period = _period(given) if field.rest and isinstance(given, str) else None
        return period or _refused(error.code, error.zh.rstrip("。"))
    said = Said("warned", "converted", f"带时区的时间已换算为北京日期 {civil.text}")
    # A sentence that begins with a quarter: the field says where the sentence itself belongs.
    sentence = field.rest and isinstance(given, str) and civil.precision == "quarter"
    rest = str(given) if sentence and len(str(given)) > _PERIOD else ""
    return Read(civil.text, (said,) if civil.converted else (), rest)


def _period(text: str) -> Read | None:
    """A whole period (2026-01-01至2027-01-01, 自2026年1月1日起至长期): its end, its first day beside it."""
    found = set()
    for between in _UNTIL.finditer(text[:_LONGEST_PERIOD]):
        first = text[: between.start()].strip(" 自从").rstrip(" 起")
        last = text[between.end() :].strip().removesuffix("止").strip()
        with suppress(dates.DateError):
            begin, end = dates.parse(first), dates.parse(last)
            if begin.precision == end.precision == "day" and not begin.open and begin.first <= end.last:
                found.add((end.text, begin.text))
    # 2026-01-01-2027-01-01 has five places where it might be cut, and makes sense at one.
    if len(found) != 1:
        return None
    until, since = found.pop()
    return Read(until, (), since)


def _count(cell: Cell) -> Read:
    """A whole number from 0."""
    value = fold(plain(cell)).removesuffix("岁").removesuffix("次").removesuffix("人")
    if value in NONE_GIVEN or not value:
        return Read(None)
    if not (value.isascii() and value.isdigit()) or len(value) > _COUNT_DIGITS:
        return _refused("count", f"“{printable(plain(cell))}”不是整数；请只填数字")
    return Read(str(int(value)))


def _money(heading: str, unit: str, cell: Cell) -> Read:
    """A decimal amount in the field's unit, at most six decimals; never an exponent."""
    given = plain(cell)
    if clean(given)[0] in NONE_GIVEN:
        return Read(None)
    found = _AMOUNT.fullmatch(fold(given))
    if isinstance(cell, str) and not found:
        return _refused("money", f"“{printable(given)}”不是金额；请只填数字，单位写在表头")
    try:
        number = Decimal(found[1].replace(",", "") + (found[2] or "")) if found else Decimal(given)
    except InvalidOperation:
        return _refused("money", f"“{printable(given)}”不是金额；请只填数字，单位写在表头")
    shift = _SHIFT[(found and found[3]) or heading] - _SHIFT[unit]
    if not number.is_finite() or number < 0 or number.adjusted() + shift > _MONEY_DIGITS:
        return _refused("money", f"“{printable(given)}”不是可能的金额；请核对数值和单位")
    scaled = number.scaleb(shift)
    exact = scaled.quantize(_MILLIONTH)
    # A spreadsheet's binary number 0.1 + 0.2 has digits that nobody wrote; a text has none.
    if exact != scaled and (isinstance(cell, str) or abs(exact - scaled) > abs(scaled) * _NOISE):
        return _refused("money", f"“{printable(given)}”的小数位过多（以{unit}计至多六位）")
    return Read(format(exact.normalize(), "f"))


def _choice(field: Field, known: Mapping[str, str], cell: Cell) -> Read:
    """The code of a list's entry; a word that the list does not know stays as it is and is told."""
    value, said = clean(plain(cell))
    if value in NOTHING or not value:
        return Read(None, said)
    code = known.get(fold(value))
    if code is not None:
        return Read(code, said)
    return Read(_LINES.sub(" ", value), (*said, *_unknown(field, value)))


def _choices(field: Field, known: Mapping[str, str], cell: Cell) -> Read:
    """The codes of a list's entries; several are joined by 、 or ；, and so are words inside one entry."""
    value, said = clean(plain(cell))
    pieces = [piece for piece in (part.strip() for part in _PIECES.split(value)) if piece]
    found: dict[str, None] = {}
    while pieces and value not in NOTHING:
        code, used = _longest(pieces, known)
        if code is None:
            code = pieces[0]
            said = (*said, *_unknown(field, code))
        found[code] = None
        del pieces[:used]
    return Read(list(found) or None, said)


def _flag(field: Field, known: Mapping[str, str], cell: Cell) -> Read:
    """Yes or no."""
    value = clean(plain(cell))[0]
    code = known.get(fold(value))
    if code is None and value and value not in NOTHING:
        return _refused("flag", f"“{printable(value)}”既不是“是”也不是“否”（{field.label.zh}）")
    return Read(code)


def _codes(field: Field) -> Mapping[str, str]:
    """Folded word of a code list → code: codes, both labels, synonyms."""
    known: dict[str, str] = {}
    for entry in field.choices:
        for word in (entry.code, entry.label.zh, entry.label.en, *entry.synonyms):
            known.setdefault(fold(word), entry.code)
    return known


def _longest(pieces: list[str], known: Mapping[str, str]) -> tuple[str | None, int]:
    """The entry that as many of the next pieces as possible spell, since entries contain 、 themselves."""
    for length in range(min(len(pieces), _JOINED), 0, -1):
        code = known.get(fold("、".join(pieces[:length])))
        if code is not None:
            return code, length
    return None, 1


def _unknown(field: Field, value: str) -> tuple[Said, ...]:
    if field.open_list:
        return ()
    listed = "、".join(entry.label.zh for entry in field.choices[:8])
    message = f"“{printable(value)}”不在代码表中（{listed}等），按原文保留；请核对"
    return (Said("warned", "unknown-value", message),)


def _refused(code: str, message: str) -> Read:
    return Read(None, (Said("refused", code, message),))
