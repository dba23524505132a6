"""``/coverage``: which unit delivers which kind, how lately, how much is public; the gaps beside it.

An empty cell is shown, not left out: what was due and never came, and kinds that a unit does not deliver.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response

from creditregister import coverage, statistics, units
from creditregister.kinds import Label
from creditregister.schedules import EVERY
from creditsite import downloads, freshness, labels, services, views
from creditsite.language import page

if TYPE_CHECKING:
    from datetime import date

    from creditregister.coverage import Covered
    from creditregister.kinds import Kind

blueprint = Blueprint("coverage", __name__)

STATES = {
    "current": Label("按期", "On schedule"),
    "overdue": Label("逾期未报", "Overdue"),
    "never": Label("应报未报", "Due, never delivered"),
    "free": Label("未定周期", "No schedule"),
}
_HEADS = (
    Label("数据来源单位", "Source unit"),
    Label("信息类别", "Kind"),
    Label("状态", "State"),
    Label("报送周期", "How often"),
    Label("报送次数", "Deliveries"),
    Label("最近一次报送", "Last delivery"),
    Label("最近一次报送的批次", "Number of the last delivery"),
    Label("最近一次报送的行数", "Rows of the last delivery"),
    Label("距今天数", "Days since"),
    Label("目前公示条数", "Public now"),
    Label("漏报期数", "Periods missing"),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One unit and kind: what came, and how many records of companies are public now."""

    kind: Kind
    covered: Covered
    public: int
    state: Label
    every: Label | None
    ago: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One unit: its cells, and the kinds that it has not delivered."""

    unit: str
    cells: list[Cell]
    empty: list[Kind]


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that the page and the file show."""

    rows: list[Row]
    silent: list[str]
    nowhere: list[Kind]
    today: date
    tag: str

    @property
    def cells(self) -> list[Cell]:
        """All cells of all units."""
        return [cell for row in self.rows for cell in row.cells]


@page(blueprint, "/coverage")
def show() -> Response:
    """The map of what is delivered and what is not."""
    found = _found("page")
    return freshness.answer(
        found.tag, lambda: views.render("coverage.html", indexed=False, found=found, today=found.today)
    )


@page(blueprint, "/coverage.csv")
def table() -> Response:
    """The same for a spreadsheet, one row a unit and kind, the empty ones too."""
    found = _found("csv")
    return freshness.answer(found.tag, lambda: _file(found))


def _found(form: str) -> Found:
    own = services.current()
    today = own.clock.today()
    figures = statistics.figures(own.tally.at(own.store, today))
    with own.store.read() as connection:
        covered = coverage.read(connection, own.measure, today)
        names = units.names(connection)
    public = figures.by_unit_and_kind()
    by_unit: dict[int, list[Covered]] = {}
    for each in covered:
        by_unit.setdefault(each.unit, []).append(each)
    rows = [_row(names[unit], cells, public, today) for unit, cells in by_unit.items()]
    met = {cell.kind.id for row in rows for cell in row.cells if cell.covered.last}
    return Found(
        sorted(rows, key=lambda row: row.unit),
        sorted(names[unit] for unit in names.keys() - by_unit.keys()),
        [kind for kind in own.kinds.values() if kind.id not in met],
        today,
        freshness.of_collection(figures.head, form, covered, sorted(names.items())),
    )


def _row(unit: str, cells: list[Covered], public: dict[tuple[str, str], int], today: date) -> Row:
    kinds = services.current().kinds
    known = {each.kind: each for each in cells if each.kind in kinds}
    listed = [_cell(kind, known[kind.id], public, today) for kind in kinds.values() if kind.id in known]
    return Row(unit, listed, [kind for kind in kinds.values() if kind.id not in known])


def _cell(kind: Kind, covered: Covered, public: dict[tuple[str, str], int], today: date) -> Cell:
    return Cell(
        kind,
        covered,
        public.get((str(covered.unit), kind.id), 0),
        labels.label_of(STATES, covered.state),
        EVERY[covered.every][0] if covered.every else None,
        (today - covered.last.day).days if covered.last else None,
    )


def _file(found: Found) -> Response:
    language = views.current_language()
    none = Label("无报送", "No delivery").text(language)
    rows: list[tuple[str | int, ...]] = [tuple(head.text(language) for head in _HEADS)]
    for row in found.rows:
        for cell in row.cells:
            last = cell.covered.last
            rows.append(
                (
                    row.unit,
                    cell.kind.name.text(language),
                    cell.state.text(language),
                    cell.every.text(language) if cell.every else "",
                    cell.covered.deliveries,
                    last.day.isoformat() if last else "",
                    last.batch if last else "",
                    last.rows if last else "",
                    "" if cell.ago is None else cell.ago,
                    cell.public,
                    cell.covered.missing,
                )
            )
        rows += [(row.unit, kind.name.text(language), none) for kind in row.empty]
    return downloads.spreadsheet(f"coverage-{found.today}.csv", rows)
