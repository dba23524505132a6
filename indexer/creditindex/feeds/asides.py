"""Rows below the headings that are no rows of the table: notes, totals, headings once more.

People print these tables: the headings stand on each page, codes of the exchange standard or numbers under
the first ones, a total and the clerk's name under the last row. Such a row is passed over and named in the
summary; it is counted nowhere. Whatever might be a record, however incomplete, is a row.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from creditindex.feeds.cells import plain
from creditregister.kinds import SUBJECT_NAME, normal_heading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from creditindex.feeds.headings import Table
    from creditindex.feeds.workbook import Cell

#: How a note begins: 注：, 填表人：, 共 12 条 ….
_NOTE = re.compile(
    r"(?:备?注|说明|填[表报写]说明|注意事?项?|(?:数据)?来源)\s*\d*\s*[:：]"
    r"|(?:填表|填报|制表|报送|审核|复核|审批|经办|联系|打印)(?:人|单位|部门|日期|时间|电话|方式)?(?:（签[字章]）)?\s*[:：]"
    r"|(?:单位|部门)?(?:负责人|领导)(?:（签[字章]）)?\s*[:：]|(?:单位)?[（(]?(?:盖章|公章)"
    r"|[※*＊]|以上(?:共|合计)|共\s*\d+\s*(?:条|家|户|项|页|件)|第\s*\d+\s*页|以下(?:空白|无正文)"
)
_TOTAL = re.compile(r"(?:本页)?(?:合\s*计|总\s*计|小\s*计|累\s*计|共\s*计)\s*[:：]?")
#: A note fills few cells; a row with as many that are none of its words may be a record that lacks its date.
_CELLS = 3
#: The first characters of all these; a row that begins otherwise is not looked at further.
_BEGINS = frozenset("备注说填来数制报审复经联打单部负领盖公（(※*＊以共第本合总小累")
_STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
#: Rows that a sentence of the summary lists.
_LISTED = 10
_WORDS = {"note": "附注", "total": "合计", "head": "表头", "numbers": "列号"}


class Asides:
    """Looks at each row of one table for whether it is one; remembers which were not."""

    def __init__(self, table: Table) -> None:
        """Prepare for rows below these headings."""
        kind = table.kind
        self._first = table.row + 1
        self._index = kind.heading_index
        self._meanings = [column.field.id if column.field else None for column in table.columns]
        self._name = self._place(SUBJECT_NAME)
        self._date = self._place(kind.date)
        written = {normal_heading(column.heading) for column in table.columns}
        self._headings = written | {word for word, name in self._index.items() if name == SUBJECT_NAME}
        self._ended = False
        self._found: dict[str, list[int]] = {}  # the first of each sort
        self._counts: Counter[str] = Counter()

    def _place(self, name: str) -> int:
        """The column of a field; -1 for none."""
        return self._meanings.index(name) if name in self._meanings else -1

    def skips(self, number: int, cells: Sequence[Cell]) -> bool:
        """Whether a row that is not blank is no row of the table; if so it is noted."""
        what = self._what(number, cells)
        if what:
            self._counts[what] += 1
            if self._counts[what] <= _LISTED:
                self._found.setdefault(what, []).append(number)
        return bool(what)

    def notes(self) -> list[str]:
        """What was passed over, for the summary; no word of it, since clerks stand there with names."""
        return [
            f"第 {'、'.join(map(str, rows))} 行{'等' if self._counts[what] > _LISTED else ''}"
            f"是{_WORDS[what]}，不是数据，未收录（共 {self._counts[what]} 行）。"
            for what, rows in self._found.items()
        ]

    def _what(self, number: int, cells: Sequence[Cell]) -> str:
        name = self._text(cells, self._name)
        if name.casefold() in self._headings and self._is_head(cells):
            return "head"
        if number == self._first and self._numbered(cells):
            return "numbers"
        first = next((cell for cell in cells if cell != ""), "")
        if not isinstance(first, str) or not (self._ended or first.lstrip()[:1] in _BEGINS):
            return ""
        return self._below(first.strip(), name, cells)

    def _text(self, cells: Sequence[Cell], place: int) -> str:
        return plain(cells[place]).strip() if 0 <= place < len(cells) else ""

    def _below(self, first: str, name: str, cells: Sequence[Cell]) -> str:
        """Whether the row is a note or a total: it begins like one, and it could not be a record anyway."""
        named = name and not _NOTE.match(name) and not _TOTAL.fullmatch(name)
        if named and (self._date < 0 or self._text(cells, self._date)):
            return ""
        if _TOTAL.fullmatch(first):
            return "total"
        # Below the first note its further lines stand alone in their rows.
        alone = self._ended and sum(cell != "" for cell in cells) == 1 < len(self._meanings)
        if alone or (_NOTE.match(first) and not self._full(cells)):
            self._ended = True
            return "note"
        return ""

    def _full(self, cells: Sequence[Cell]) -> bool:
        """Whether more stands beside a note's own words (备注：, 填表人：) than belongs to them."""
        said = [text for cell in cells if (text := plain(cell).strip())]
        words = sum(1 for text in said if _NOTE.match(text))
        return len(said) - words >= max(_CELLS, words + 1)

    def _is_head(self, cells: Sequence[Cell]) -> bool:
        """Whether the row says again what the columns are, in whatever dialect."""
        filled = [(place, word) for place, cell in enumerate(cells) if (word := normal_heading(plain(cell)))]
        same = sum(
            place < len(self._meanings) and self._index.get(word) == self._meanings[place] is not None
            for place, word in filled
        )
        return same * 2 >= len(filled)

    def _numbered(self, cells: Sequence[Cell]) -> bool:
        """Whether the cells are 1 2 3 … or 甲 乙 丙 …."""
        said = [text for cell in cells if (text := plain(cell).strip())]
        return len(said) > 1 and said in (
            [str(place) for place in range(1, len(said) + 1)],
            list(_STEMS[: len(said)]),
        )
