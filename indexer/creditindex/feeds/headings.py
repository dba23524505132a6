"""Which row of a table holds its headings 表头, which kind of record they mean, and which field each column.

Tables come with titles above the headings, with spaces inside them, with old and new names, with codes such
as ``CF_WSH``, in two lines (行政相对人 over 名称 and 代码). A kind is taken only if its headings fit better
than those of any other; a licence must never be taken for a penalty because both have a name and a date.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from creditindex.feeds.cells import plain
from creditindex.feeds.problems import ADDED, FileRefusedError, printable
from creditregister.kinds import heading_unit, normal_heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from creditindex.feeds.workbook import Cell
    from creditregister.kinds import Field, Kind, Kinds

#: Rows from the top among which the headings are looked for.
DEPTH = 20
#: Headings that must be known before a row is taken for the row of headings.
ENOUGH = 2
#: A lower heading this short (名称, 代码, 日期) means something only together with the one above it.
_SHORT = 2
#: A naming of which nobody published what it means (DOMAIN 1.2).
_NUMBERED = re.compile(r"xy\d{4}", re.IGNORECASE)
#: A line above the table that says in which unit all its amounts are; 填报单位：元江县… names who reports.
_UNIT = re.compile(
    r"(?:(?<![\u3400-\u9fff])|(?<=金额|货币|币种|计量|计价))单位[:：\s]*(?:人民币)?\s*(亿元|万元|元)(?=[\s)）\]】,，、;；。]|$)"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: its place from 0, its heading as written, its field (none: not used)."""

    place: int
    heading: str
    field: Field | None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that was understood.

    ``row`` is the number of the row of headings (0: keys of objects); ``given`` maps field ids to what
    ``--with`` says; ``unknown`` are headings that no field goes by; ``missing`` are the groups of required
    fields of which nothing brings any; ``returned`` tells a problems file that was mended and comes back.
    """

    kind: Kind
    row: int
    columns: tuple[Column, ...]
    given: Mapping[str, str]
    unknown: tuple[str, ...]
    missing: tuple[tuple[str, ...], ...]
    returned: bool = False
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dictionary:
    """How headings are read: kinds, perhaps one of them chosen, and headings that a dialect adds.

    ``dialect`` maps normalised headings to field ids; an empty id means a column that carries nothing.
    ``words`` says for a field's list what words of this source mean.
    """

    kinds: Kinds
    chosen: str
    dialect: Mapping[str, str]
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def candidates(self) -> Iterable[Kind]:
        """The kinds that come into question."""
        return [self.kinds[self.chosen]] if self.chosen else self.kinds.values()

    def meaning(self, kind: Kind, heading: str) -> str | None:
        """The field id that a normalised heading means; "" for a known one that carries nothing."""
        found = self.dialect.get(heading)
        if found is not None and (not found or found in kind.by_id):
            return found
        found = kind.heading_index.get(heading)
        return "" if found is None and heading in kind.ignored_headings else found


class _Head(NamedTuple):
    """A row, or two, that may be the headings of a kind: its last row's place, how many fields it names."""

    place: int
    kind: Kind
    fit: int
    cells: Sequence[str]


def score(rows: Iterable[Sequence[Cell]], dictionary: Dictionary) -> int:
    """How many headings the best row among the first ones has, under the kind that fits best."""
    return max((head.fit for head in _heads(list(rows), dictionary)), default=0)


def understand(
    rows: Sequence[tuple[int, Sequence[Cell]]], dictionary: Dictionary, given: Mapping[str, str]
) -> Table:
    """Find the headings among the first rows of a table.

    Args:
        rows: the first rows with their numbers.
        dictionary: how headings are read.
        given: field id or heading → text that every row gets which lacks it (``--with``).

    Raises:
        FileRefusedError: no headings are found, they fit several kinds equally well, or ``given`` names no
        field.
    """
    heads = list(_heads([cells for _, cells in rows], dictionary))
    best = max((head.fit for head in heads), default=0)
    if best < (1 if dictionary.chosen else ENOUGH):
        raise FileRefusedError("headings", _nothing_known(rows))
    place = next(head.place for head in heads if head.fit == best)
    found = [head for head in heads if head.fit == best and head.place == place]
    if len(found) > 1:
        names = "、".join(f"{head.kind.id}（{head.kind.name.zh}）" for head in found)
        raise FileRefusedError("ambiguous", f"表头同样适合几类信息：{names}。请用 --kind 指明是哪一类。")
    above = " ".join(plain(cell) for _, cells in rows[:place] for cell in cells)
    unit = _UNIT.search(above)
    return _table(found[0], rows[place][0], unit[1] if unit else "", dictionary, given)


def _heads(rows: Sequence[Sequence[Cell]], dictionary: Dictionary) -> Iterator[_Head]:
    """Every row, and every two rows, whose cells name fields of a kind.

    Two rows are one heading only if they name more fields together than either does alone.
    """
    texts = [[" ".join(plain(cell)[:200].split()) for cell in cells] for cells in rows]
    for kind in dictionary.candidates():
        before = 0
        for place, cells in enumerate(texts):
            alone = _fit(kind, cells, dictionary)
            if alone:
                yield _Head(place, kind, alone, cells)
            if place:
                both = _together(kind, texts[place - 1], cells, dictionary)
                # What it joined in vain (a title over 文号) tells nothing.
                fit = _fit(kind, [cell for cell in both if _meaning(kind, cell, dictionary)], dictionary)
                if fit > max(before, alone):
                    yield _Head(place, kind, fit, both)
            before = alone


def _fit(kind: Kind, cells: Sequence[str], dictionary: Dictionary) -> int:
    """How many different fields of a kind the cells name; 0 if none of them tells the kind."""
    fields = {_meaning(kind, cell, dictionary) for cell in cells} - {None, ""}
    if not fields or dictionary.chosen:
        return len(fields)
    words = {word for cell in cells if (word := normal_heading(cell))}
    spoken = not words.isdisjoint(dictionary.dialect)
    return len(fields) if spoken or kind.told_by(words) else 0


def _meaning(kind: Kind, heading: str, dictionary: Dictionary) -> str | None:
    word = normal_heading(heading)
    return dictionary.meaning(kind, word) if word else ""


def _together(kind: Kind, upper: Sequence[str], lower: Sequence[str], dictionary: Dictionary) -> list[str]:
    """One line of headings made of two; empty if the lower one is no line of headings.

    An upper cell stands over all cells to its right that have none above them, as merged cells do. Upper and
    lower make one heading (行政相对人 + 名称); else the lower one stands for itself if it is long enough.
    """
    made: list[str] = []
    group, known, used = "", 0, 0
    for place, below in enumerate(lower):
        above = upper[place] if place < len(upper) else ""
        if not below or below == above:
            group, heading = "", above
        else:
            group = above or group
            heading = _joined(kind, group, below, dictionary)
            used += 1
            known += _meaning(kind, heading, dictionary) is not None
        made.append(heading)
    made += upper[len(lower) :]
    # A row of data holds a known word here and there (罚款), a line of headings mostly such.
    return made if used >= ENOUGH and known * 2 >= used else []


def _joined(kind: Kind, group: str, below: str, dictionary: Dictionary) -> str:
    whole = group + below
    alone = len(normal_heading(below)) > _SHORT or not group
    if _meaning(kind, whole, dictionary) is None and alone:
        return below
    return whole


def _table(head: _Head, number: int, unit: str, dictionary: Dictionary, given: Mapping[str, str]) -> Table:
    """The table under these headings; ``unit`` is that of amounts whose heading names none."""
    kind, columns, unknown = head.kind, [], []
    added = {normal_heading(heading) for heading in ADDED}
    words = {normal_heading(cell) for cell in head.cells}
    for place, heading in enumerate(head.cells):
        meaning = _meaning(kind, heading, dictionary)
        if meaning is None and not (added <= words and normal_heading(heading) in added):
            unknown.append(printable(heading))
        meant = kind.by_id[meaning] if meaning else None
        money = meant is not None and meant.type == "money"
        columns.append(Column(place, heading, meant, (heading_unit(heading) or unit) if money else ""))
    values = {_named(kind, name, dictionary): text for name, text in given.items()}
    # The source unit is always known: it is the one that delivers.
    present = {column.field.id for column in columns if column.field} | set(values) | {"source_unit"}
    missing = tuple(group for group in kind.required if not present.intersection(group))
    return Table(
        kind, number, tuple(columns), values, tuple(unknown), missing, added <= words, dictionary.words
    )


def _named(kind: Kind, name: str, dictionary: Dictionary) -> str:
    """The field that ``--with`` means, by its id or by any of its headings."""
    found = name if name in kind.by_id else dictionary.meaning(kind, normal_heading(name))
    if not found or kind.by_id[found].type in ("code", "secret"):
        near = difflib.get_close_matches(
            name, [word for entry in kind.fields for word in (entry.id, entry.label.zh)]
        )
        listed = f"相近的有：{'、'.join(near)}。" if near else ""
        raise FileRefusedError(
            "with", f"--with 的“{printable(name)}”不是{kind.name.zh}可以统一填写的字段。{listed}"
        )
    return found


def labels(kind: Kind, group: Sequence[str]) -> str:
    """A group of fields of which one is needed, in words: “违法事实”或“处罚内容”."""
    return "或".join(f"“{kind.by_id[name].label.zh}”" for name in group if name in kind.by_id)


def _nothing_known(rows: Sequence[tuple[int, Sequence[Cell]]]) -> str:
    """Show what stands there instead, so that a wrong file or a wrong encoding is seen at once."""
    for number, cells in rows:
        words = [printable(plain(cell).strip(), 12) for cell in cells if plain(cell).strip()]
        if words:
            seen = "、".join(words[:6])
            traditional = _as_big5("".join(plain(cell) for cell in cells))
            if traditional:
                seen = printable(traditional)
                return f"文件似乎是 Big5 编码（表头像是“{seen}”）。请另存为 UTF-8 编码的 .csv 再报送。"
            if any(map(_NUMBERED.match, words)):
                return "表头是省级平台的编号（如 xy0101），没有公开的对照表。请用 --dialect 说明各列是什么。"
            where = (
                f"前 {DEPTH} 行里没有认出表头（第一行是：{seen}）" if number else f"没有认出键名（{seen}）"
            )
            return f"{where}。请用标准表头，或用 --kind 指明类别、用 --dialect 说明表头。"
    return "表格里没有数据。请检查导出是否成功。"


def _as_big5(text: str) -> str:
    """The text, if its bytes make a usual heading when read as Big5 instead of GB18030; else empty."""
    try:
        other = text.encode("gb18030").decode("big5")
    except UnicodeError:
        return ""
    usual = ("名稱", "日期", "機關", "代碼", "內容", "單位", "處罰", "許可", "企業")
    return other if any(word in other for word in usual) else ""
