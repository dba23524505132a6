"""``/statistics``: how much is public, by kind, source unit, area and year; in words, as chart, table, CSV.

The counts of companies' records are those of a search on the same day; natural persons are counted to the ten
below (``creditregister.statistics``).
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from creditregister import statistics, units
from creditregister.kinds import Label
from creditregister.statistics import DIMENSIONS, Row
from creditsite import charts, display, downloads, errors, freshness, privacy, services, views
from creditsite.charts import Bar
from creditsite.errors import Refused
from creditsite.language import TAGS, page
from creditsite.typed import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from creditregister.statistics import Dimension, Statistics
    from creditsite.charts import Chart
    from creditsite.language import Language

blueprint = Blueprint("statistics", __name__)

LABELS: dict[Dimension, Label] = {
    "kind": Label("信息类别", "Kind"),
    "unit": Label("数据来源单位", "Source unit"),
    "area": Label("地区", "Area"),
    "year": Label("年份", "Year"),
}
_NOT_GIVEN = Label("未注明", "not given")
#: What a search can be narrowed by too; a source unit is no filter there.
_SEARCHED = frozenset({"kind", "area", "year"})
#: Whose values are Chinese names on the English page too.
_CHINESE = frozenset({"unit", "area"})
#: Characters of a value in the address.
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table; ``href`` is the search that finds its records, where there is one."""

    label: str
    row: Row
    share: str
    href: str


@dataclass(frozen=True, slots=True)
class Question:
    """Counted by what, narrowed to what; ``units`` are the names of the source units by their number."""

    by: Dimension
    narrowed: dict[Dimension, str]
    units: Mapping[str, str]
    language: Language

    def label(self, name: Dimension, value: str) -> str:
        """A value in the words of the page."""
        own = services.current()
        if not value:
            return _NOT_GIVEN.text(self.language)
        if name == "kind":
            return own.kinds[value].name.text(self.language) if value in own.kinds else value
        if name == "unit":
            return self.units[value]
        return own.areas.name(value) if name == "area" else display.day(self.language, value)

    def pairs(self, by: Dimension) -> list[tuple[str, str]]:
        """The parameters that count the same by a dimension."""
        return [("by", by), *((name, self.said(name, value)) for name, value in self.narrowed.items())]

    def said(self, name: Dimension, value: str) -> str:
        """A value as the address has it: a source unit by its name."""
        return self.units[value] if name == "unit" else value

    def search(self, value: str) -> str:
        """The search that finds the companies' records of a row; empty where there is none."""
        if not value or not {self.by, *self.narrowed} <= _SEARCHED:
            return ""
        return views.link()("/search", ({**self.narrowed, self.by: value}).items())


@page(blueprint, "/statistics")
def show() -> Response:
    """The figures of today."""
    question, figures = _found()
    tag = freshness.of_collection(figures.head, question.pairs(question.by), sorted(question.units.items()))
    return freshness.answer(tag, lambda: _render(question, figures))


@page(blueprint, "/statistics.csv")
def table() -> Response:
    """The same table for a spreadsheet."""
    question, figures = _found()
    tag = freshness.of_collection(
        figures.head, "csv", question.pairs(question.by), sorted(question.units.items())
    )
    return freshness.answer(tag, lambda: _file(question, figures))


def _found() -> tuple[Question, Statistics]:
    own = services.current()
    figures = statistics.figures(own.tally.at(own.store, own.clock.today()))
    # Names are read last, so that every unit that was counted has one.
    with own.store.read() as connection:
        names = {str(number): name for number, name in units.names(connection).items()}
    return _read(names), figures


def _read(names: Mapping[str, str]) -> Question:
    """Make a question of the parameters.

    Raises:
        Refused: a dimension, kind or unit that does not exist, an area or year that is no number.
    """
    if any(privacy.is_private(value) for value in request.args.values()):
        raise errors.identity_number()
    by = next((name for name in DIMENSIONS if name == request.args.get("by", DIMENSIONS[0])), None)
    given = {name: plain(request.args.get(name, ""))[:_LONGEST] for name in DIMENSIONS}
    numbers = {name: number for number, name in names.items()}
    kinds = services.current().kinds
    right = (
        by is not None
        and given["kind"] in {"", *kinds}
        and given["unit"] in {"", *numbers}
        and all(
            value == "" or (value.isascii() and value.isdigit()) for value in (given["area"], given["year"])
        )
    )
    if by is None or not right:
        raise Refused(
            HTTPStatus.BAD_REQUEST,
            "value",
            "地址中的统计方式、类别、单位、地区或年份不存在。",
            "The address asks for a dimension, kind, unit, area or year that does not exist.",
            way=("/statistics", "到统计首页", "To the statistics"),
        )
    given["unit"] = numbers.get(given["unit"], "")
    narrowed = {name: value for name, value in given.items() if value}
    return Question(by, narrowed, names, views.current_language())


def _lines(question: Question, figures: Statistics) -> list[Line]:
    rows = figures.rows(question.by, question.narrowed)
    total = figures.total(question.narrowed).companies
    return [
        Line(
            question.label(question.by, row.value),
            row,
            f"{100 * row.companies / total:.1f}%" if total else "",
            question.search(row.value) if row.companies else "",
        )
        for row in rows
    ]


def _render(question: Question, figures: Statistics) -> Response:
    lines = _lines(question, figures)
    return views.render(
        "statistics.html",
        indexed=False,
        question=question,
        labels=LABELS,
        lines=lines,
        total=figures.total(question.narrowed),
        chart=_chart(question, lines),
        choices={
            name: sorted(
                (question.said(name, value), question.label(name, value)) for value in figures.values(name)
            )
            for name in DIMENSIONS
        },
        today=figures.day,
    )


def _chart(question: Question, lines: list[Line]) -> Chart | None:
    tag = question.language
    bars = [Bar(line.label, display.number(line.row.companies), (line.row.companies,)) for line in lines]
    most = max(lines, key=lambda line: line.row.companies, default=None)
    if most is None:
        return None
    by = LABELS[question.by]
    figure = display.number(most.row.companies)
    title = Label(f"按{by.zh}统计的公示信息条数", f"Published records by {by.en.lower()}")
    words = Label(
        f"最多的是{most.label}，{figure} 条，占 {most.share}。",
        f"The largest share: {most.label}, {figure}, {most.share} of all.",
    )
    lang = TAGS["zh"] if question.by in _CHINESE else ""
    return charts.chart("by", title.text(tag), words.text(tag), bars, lang=lang)


def _file(question: Question, figures: Statistics) -> Response:
    tag = question.language
    few = Label("少于10", "fewer than 10").text(tag)
    heads = (
        LABELS[question.by],
        Label("法人和其他组织信息条数", "Records of organisations and businesses"),
        Label("自然人信息条数（向下取整到十）", "Records of natural persons (to the ten below)"),
    )
    rows: list[tuple[str | int, ...]] = [tuple(head.text(tag) for head in heads)]
    rows += [
        (line.label, line.row.companies, few if line.row.persons is None else line.row.persons)
        for line in _lines(question, figures)
    ]
    return downloads.spreadsheet(f"statistics-by-{question.by}-{figures.day}.csv", rows)
