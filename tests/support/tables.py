"""Delivered files made for a test: text, workbooks with raw sheets, and rows of an invented penalty table."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
from click.testing import CliRunner

from creditindex.cli import main
from creditindex.feeds.headings import Dictionary
from creditindex.feeds.opened import open_table
from creditindex.feeds.rows import Rows, Taken
from creditregister import kinds, lists
from support.town import unified

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

TODAY = date(2026, 6, 1)
KINDS = kinds.load()
LISTS = lists.load(kinds=KINDS)
#: A whole penalty row under its headings; a test changes what it is about.
PENALTY = {
    "行政相对人名称": "云泽市甲一食品有限公司",
    "行政相对人类别": "法人",
    "统一社会信用代码": unified(1),
    "法定代表人": "",
    "行政处罚决定书文号": "云市监罚〔2026〕1号",
    "违法行为类型": "未按规定公示",
    "违法事实": "未按规定公示信息。",
    "处罚依据": "《示范条例》第一条",
    "处罚类别": "罚款",
    "处罚内容": "罚款一万元。",
    "罚款金额（万元）": "1",
    "处罚决定日期": "2026-05-20",
    "处罚机关": "云泽市示范监管局",
    "失信严重程度": "一般",
}
MAIN = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"{more}><sheetData>'


def penalty(number: int = 1, **changes: str) -> dict[str, str]:
    """A penalty of the company with this number."""
    return (
        PENALTY
        | {
            "行政相对人名称": f"云泽市甲{number}食品有限公司",
            "统一社会信用代码": unified(number),
            "行政处罚决定书文号": f"云市监罚〔2026〕{number}号",
        }
        | changes
    )


def text(rows: Sequence[dict[str, str]], delimiter: str = ",") -> str:
    """The rows as delimited text, under all headings that any of them has."""
    out = io.StringIO(newline="")
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    writer = csv.DictWriter(out, headings, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def write(path: Path, rows: Sequence[dict[str, str]], encoding: str = "utf-8") -> Path:
    """A delimited file."""
    path.write_bytes(text(rows).encode(encoding))
    return path


def workbook(path: Path, rows: Iterable[Sequence[Any]], **sheets: Iterable[Sequence[Any]]) -> Path:
    """A workbook as openpyxl writes it; each keyword is one more sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for cells in rows:
        sheet.append(list(cells))
    for title, content in sheets.items():
        more = book.create_sheet(title)
        for cells in content:
            more.append(list(cells))
    book.save(path)
    book.close()
    return path


def raw_sheet(path: Path, body: bytes, before: bytes = b"") -> Path:
    """A workbook whose only sheet consists of exactly these bytes."""
    plain = path.with_suffix(".plain")
    workbook(plain, [["x"]])
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, body if name == "xl/worksheets/sheet1.xml" else source.read(name))
        if before:
            target.writestr("xl/more.bin", before)
    plain.unlink()
    return path


def sheet(rows: str) -> bytes:
    """The XML of a sheet with these ``<row>`` elements."""
    return (MAIN.format(more="") + rows + "</sheetData></worksheet>").encode()


def read(path: Path, kind: str = "", given: dict[str, str] | None = None, rows: int = 200_000) -> list[Taken]:
    """All rows of a file as the child reads them, without blank ones and notes."""
    with path.open("rb", buffering=0) as file:
        dictionary = Dictionary(KINDS, kind, {})
        opened = open_table(file, path.stat().st_size, dictionary, given or {}, rows)
        reading = Rows(opened.table, TODAY, LISTS, epoch1904=opened.epoch1904, flaws=opened.flaws)
        taken = [reading.take(number, cells) for number, cells in opened.rows if number > opened.table.row]
    return [each for each in taken if each.outcome not in ("blank", "aside")]


def take(folder: Path, **changes: Any) -> Taken:
    """One penalty row, changed, as the child reads it."""
    return read(write(folder / "one.csv", [penalty(**changes)]), "penalty")[0]


def codes(taken: Taken) -> set[tuple[str, str]]:
    """(outcome, code) of everything that was said about a row."""
    return {(problem.outcome, problem.code) for problem in taken.problems}


def content(taken: Taken) -> dict[str, Any]:
    """The content of a row that became a record."""
    assert taken.delivered is not None, [problem.message for problem in taken.problems]
    found: dict[str, Any] = json.loads(taken.delivered.content)
    return found


def load(*arguments: object) -> tuple[int, dict[str, Any]]:
    """``credit-index load … --json``: its exit code and its summary."""
    done = CliRunner().invoke(main, ["load", *map(str, arguments), "--json"])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, json.loads(done.stdout) if done.stdout.startswith("{") else {"said": done.output}
