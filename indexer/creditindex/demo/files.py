"""Write the rows of one job to a file, and tell what it holds."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from creditindex.demo import acts, faults, forms
from creditindex.demo.columns import COLUMNS, Column
from creditindex.demo.rows import Maker, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from creditindex.demo.plan import File

#: Persons that are only named in company records are listed up to this number a file.
LISTED = 5_000


def write(file: File, folder: Path) -> dict[str, Any]:
    """Write one delivery into ``folder``, its persons into ``folder/people``; returns its manifest entry."""
    columns = [c for c in COLUMNS[file.job.kind] if c.key not in file.style.missing]
    counts: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    names = folder / "people" / f"{file.job.name}.jsonl"
    names.parent.mkdir(parents=True, exist_ok=True)
    headings = [_heading(column, file.style.headings) for column in columns]
    title = f"{file.job.source}信用信息公示表"
    with (
        forms.writing(folder / file.job.name, file.style.form, title, headings) as put,
        names.open("w", encoding="utf-8") as people,
    ):
        for place, row in enumerate(_rows(file), start=1):
            put(_cells(row, columns, file.style.dates))
            counts[row.expected] += 1
            if row.fault:
                wrong[row.fault] += 1
            for line in _people(row, place):
                people.write(json.dumps(line, ensure_ascii=False) + "\n")
    return _entry(file, counts, wrong)


def _entry(file: File, counts: Counter[str], wrong: Counter[str]) -> dict[str, Any]:
    job = file.job
    return {
        "file": job.name,
        "kind": job.kind,
        "form": file.style.form,
        "headings": file.style.headings,
        "source": job.source,
        "with": dict(file.given),
        "received": file.received.isoformat() if file.received else "",
        "rows": job.rows,
        "expected": dict(sorted(counts.items())),
        "faults": dict(sorted(wrong.items())),
        "people": f"people/{job.name}.jsonl",
    }


def _rows(file: File) -> Iterator[Row]:
    # Small files have one or two faults: in steps of a few, they have different ones.
    maker, before, turn = Maker(file.job), None, 3 * file.job.place
    for number in range(file.job.first, file.job.first + file.job.rows):
        row = acts.row(maker, number)
        if maker.rng.random() < file.job.faults:
            row = faults.spoiled(row, before, turn, file.job.today)
            turn += 1
        if not row.fault:
            before = row
        yield row


def _heading(column: Column, headings: str) -> str:
    """The heading in this dialect; what has no name in it has the next one's."""
    names = {"zh": (), "code": (column.code,), "old": (column.old, column.code)}[headings]
    return next(filter(None, names), column.zh)


def _cells(row: Row, columns: list[Column], style: str) -> list[object]:
    """The row in the order of the columns, its dates written as this file writes dates."""
    cells, as_text = row.cells, _DATES[style]
    dates: dict[str, object] = {"date": as_text(row.day)}
    if "from" in cells or row.to is not None:
        dates["from"] = as_text(row.day)
        dates["to"] = as_text(row.to) if row.to is not None else "长期"
    return [cells.get(c.key) or dates.get(c.key, "") for c in columns]


def _people(row: Row, place: int) -> Iterator[dict[str, Any]]:
    """Everybody who is named in a row, for the tests that nobody is found by a search."""
    if row.subject is not None:
        yield {
            "role": "subject",
            "row": place,
            "name": row.subject.name,
            "number": row.subject.number,
            "case": row.case,
            "under": row.cells.get("name", ""),
            "minor": row.subject.minor,
            "expected": row.expected,
        }
    if place <= LISTED:
        if row.subject is None and row.representative:
            number = row.cells.get("representative_number", "")
            yield {"role": "representative", "row": place, "name": row.representative, "number": number}
        if row.third is not None:
            yield {"role": "third", "row": place, "name": row.third.name, "number": row.third.number}


def _quarter(day: date) -> str:
    return f"{day.year}年第{(day.month + 2) // 3}季度"


_DATES: dict[str, Callable[[date], object]] = {
    "iso": lambda day: day.isoformat(),
    "slash": lambda day: f"{day.year}/{day.month}/{day.day}",
    "han": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "plain": lambda day: f"{day.year}{day.month:02d}{day.day:02d}",
    "cell": lambda day: day,
    "quarter": _quarter,
}
