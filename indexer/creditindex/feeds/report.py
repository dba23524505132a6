"""The problems file 问题清单 for the source unit: its own columns, and beside them what is wrong.

It is made for a spreadsheet: UTF-8 with a byte order mark, cells that a spreadsheet would run as formulas
made harmless by an apostrophe (also the full-width signs), identity and other document numbers masked. It
never holds rows that were fine.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from creditindex.feeds.problems import ADDED
from creditregister.codes import find_identities
from creditregister.privacy import mask
from creditregister.spreadsheets import safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from io import TextIOWrapper

    from creditindex.feeds.box import Head
    from creditregister.delivered import Problem

_WORDS = {"refused": "拒收", "held": "待核", "warned": "提示"}
_ORDER = ("refused", "held", "warned")
_NAME = 80
#: Warnings of one sort that are listed; a column that is odd in every row would make the file a copy.
LISTED = 200
_LONG = re.compile(r"(?:\d[\s\-]{0,2}){14}")


def masked(cell: str, *, secret: bool) -> str:
    """A cell without identity numbers; the whole of it where its column holds documents of persons."""
    if secret:
        return mask.identity(cell.strip()) if cell.strip() else ""
    for start, end in reversed(find_identities(cell) if _LONG.search(cell) else ()):
        cell = cell[:start] + mask.identity(cell[start:end]) + cell[end:]
    return cell


class Report:
    """The problems file of one delivery, begun when the first problem comes."""

    def __init__(self, folder: Path, batch: int, name: str, head: Head) -> None:
        """Prepare; nothing is written yet.

        Args:
            folder: ``problems`` in the data folder.
            batch: number of the delivery; 0 for a dry run.
            name: the delivered file's name.
            head: the table.
        """
        stem = "".join(c if c.isalnum() or c in "-_." else "_" for c in Path(name).stem)[:_NAME].lstrip(".")
        self._place = folder / f"{batch or 'dry-run'}-{stem}.csv"
        self._head = head
        self._secret = frozenset(head.secret)
        self._file: TextIOWrapper | None = None
        self._warned: Counter[tuple[str, str]] = Counter()

    @property
    def path(self) -> Path | None:
        """Where it is; none as long as there was no problem."""
        return self._place if self._file is not None else None

    def wants(self, problem: Problem) -> bool:
        """Whether a problem is to be listed: every refused and held row, the first warnings of each sort."""
        if problem.outcome != "warned":
            return True
        sort = (problem.field, problem.code)
        self._warned[sort] += 1
        return self._warned[sort] <= LISTED

    def add(self, rows: Mapping[int, Sequence[object]], problems: Iterable[Problem]) -> None:
        """Write those rows that have problems.

        Args:
            rows: row number → cells of a batch, as the child sent them.
            problems: all problems of its rows.
        """
        by_row: dict[int, list[Problem]] = {}
        for problem in problems:
            by_row.setdefault(problem.row, []).append(problem)
        for row, found in sorted(by_row.items()):
            self._write(row, rows[row], found)

    def add_for_all(self, message: str) -> None:
        """Say what is wrong with every row, once."""
        self._line([""] * len(self._head.columns), ("全部", _WORDS["refused"], message))

    def close(self) -> None:
        """End the file, saying how many warnings are not in it."""
        for (name, code), count in self._warned.items():
            if count > LISTED:
                message = f"同样的提示（{name or '整行'}，{code}）共 {count:,} 条，只列出前 {LISTED} 条。"
                self._line([""] * len(self._head.columns), ("全部", _WORDS["warned"], message))
        if self._file is not None:
            self._file.close()

    def _write(self, row: int, texts: Sequence[object], problems: list[Problem]) -> None:
        cells = [
            masked(str(text), secret=place in self._secret)
            for place, text in enumerate(texts[: len(self._head.columns)])
        ]
        cells += [""] * (len(self._head.columns) - len(cells))
        worst = next((word for word in _ORDER if any(p.outcome == word for p in problems)), "warned")
        why = " ".join(dict.fromkeys(problem.message for problem in problems))
        self._line(cells, (str(row), _WORDS[worst], why))

    def _line(self, cells: list[str], added: tuple[str, str, str]) -> None:
        if self._file is None:
            self._file = self._begin()
        csv.writer(self._file).writerow([safe(cell) for cell in (*cells, *added)])

    def _begin(self) -> TextIOWrapper:
        self._place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        file = os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
        csv.writer(file).writerow([safe(cell) for cell in (*self._head.columns, *ADDED)])
        return file
