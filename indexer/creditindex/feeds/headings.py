"""Which row of a table holds its headings 表头, which kind of record they mean, and which field each column.

Tables come with titles above the headings, with spaces inside them, with old and new names, with codes such
as ``CF_WSH``. A kind is taken only if its headings fit better than those of any other; a licence must never
be taken for a penalty because both have a name and a date.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from creditindex.feeds.cells import plain
from creditindex.feeds.problems import ADDED, FileRefusedError, printable
from creditregister.kinds import heading_unit, normal_heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from creditindex.feeds.workbook import Cell
    from creditregister.kinds import Field, Kind, Kinds

#: Rows from the top among which the headings are looked for.
DEPTH = 20
#: Headings that must be known before a row is taken for the row of headings.
ENOUGH = 2


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


def score(rows: Iterable[Sequence[Cell]], dictionary: Dictionary) -> int:
    """How many headings the best row among the first ones has, under the kind that fits best."""
    return max((fit for _, _, fit in _fits(list(rows), dictionary)), default=0)


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
    fits = _fits([cells for _, cells in rows], dictionary)
    best = max((fit for _, _, fit in fits), default=0)
    if best < (1 if dictionary.chosen else ENOUGH):
        raise FileRefusedError("headings", _nothing_known(rows))
    place = next(place for place, _, fit in fits if fit == best)
    kinds = [kind for at, kind, fit in fits if fit == best and at == place]
    if len(kinds) > 1:
        names = "、".join(f"{kind.id}（{kind.name.zh}）" for kind in kinds)
        raise FileRefusedError("ambiguous", f"表头同样适合几类信息：{names}。请用 --kind 指明是哪一类。")
    number, cells = rows[place]
    return _table(kinds[0], number, cells, dictionary, given)


def _fits(rows: Sequence[Sequence[Cell]], dictionary: Dictionary) -> list[tuple[int, Kind, int]]:
    """(place of the row, kind, number of different fields that its cells name) for each pair with any."""
    found = []
    for place, cells in enumerate(rows):
        words = {word for cell in cells if (word := normal_heading(plain(cell)[:200]))}
        for kind in dictionary.candidates():
            fields = {dictionary.meaning(kind, word) for word in words} - {None, ""}
            spoken = not words.isdisjoint(dictionary.dialect)
            if fields and (dictionary.chosen or spoken or kind.told_by(words)):
                found.append((place, kind, len(fields)))
    return found


def _table(
    kind: Kind, number: int, cells: Sequence[Cell], dictionary: Dictionary, given: Mapping[str, str]
) -> Table:
    columns, unknown = [], []
    added = {normal_heading(heading) for heading in ADDED}
    words = {normal_heading(plain(cell)) for cell in cells}
    for place, cell in enumerate(cells):
        heading = " ".join(plain(cell).split())
        word = normal_heading(heading)
        meaning = dictionary.meaning(kind, word) if word else ""
        if meaning is None and not (added <= words and word in added):
            unknown.append(printable(heading))
        meant = kind.by_id[meaning] if meaning else None
        unit = heading_unit(heading) if meant is not None and meant.type == "money" else ""
        columns.append(Column(place, heading, meant, unit))
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
