"""``/punctuality``: decisions online within seven working days, missing deliveries, and whose time it was.

Per source unit and kind, in words, as chart, tables and CSV; the site's own time stands apart from the units'
(DESIGN 8: the site shows its own lateness too).
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from creditregister import punctuality, units
from creditregister.kinds import Label
from creditregister.schedules import EVERY
from creditsite import charts, display, downloads, errors, freshness, privacy, services, views
from creditsite.charts import Bar
from creditsite.errors import Refused
from creditsite.language import page
from creditsite.typed import plain

if TYPE_CHECKING:
    from datetime import date

    from creditregister.standing import Standing
    from creditsite.charts import Chart
    from creditsite.language import Language

blueprint = Blueprint("punctuality", __name__)

_HEADS = (
    Label("数据来源单位", "Source unit"),
    Label("信息类别", "Kind"),
    Label("决定数", "Decisions"),
    Label("按时报送", "Delivered in time"),
    Label("迟报", "Delivered late"),
    Label("单位用时中位数（工作日）", "Median of the unit (working days)"),
    Label("较前三个月按时率变化（百分点）", "Share in time against the three months before (points)"),
    Label("本站用时中位数（工作日）", "Median of the site (working days)"),
    Label("因本站逾期", "Late because of the site"),
    Label("撤下信息数", "Withdrawn"),
    Label("撤下不及时", "Withdrawn late"),
    Label("撤下用时中位数（工作日）", "Median of withdrawals (working days)"),
    Label("报送周期", "Delivered"),
    Label("应报期数", "Periods"),
    Label("已报期数", "Periods reported"),
    Label("零报送期数", "Periods zero-reported"),
    Label("漏报期数", "Periods missing"),
    Label("漏报率", "Share missing"),
    Label("决定数中暂定", "Decisions: provisional"),
    Label("撤下数中暂定", "Withdrawals: provisional"),
    Label("期数中暂定", "Periods: provisional"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One unit and kind in words."""

    unit: str
    kind: str
    standing: Standing
    every: str
    trend: int | None


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that the page and the file show; ``unit`` is the one that was asked for."""

    lines: list[Line]
    unit: str
    units: list[str]
    today: date
    tag: str


@page(blueprint, "/punctuality")
def show() -> Response:
    """The punctuality of all units, or of one."""
    found = _found("page")
    return freshness.answer(found.tag, lambda: _render(found))


@page(blueprint, "/punctuality.csv")
def table() -> Response:
    """Every figure for a spreadsheet."""
    found = _found("csv")
    return freshness.answer(found.tag, lambda: _file(found))


def _found(form: str) -> Found:
    own, language = services.current(), views.current_language()
    today = own.clock.today()
    decisions, withdrawals = own.times
    timed, withdrawn = decisions.at(own.store, today), withdrawals.at(own.store, today)
    with own.store.read() as connection:
        standings = punctuality.standings(connection, own.measure, timed.counts, withdrawn.counts, today)
        names = units.names(connection)
    listed = sorted({names[each.unit] for each in standings})
    unit = _unit(listed)
    lines = [
        _line(names[each.unit], each, language, today)
        for each in standings
        if unit in {"", names[each.unit]} and each.kind in own.kinds
    ]
    lines.sort(key=lambda line: (line.unit, line.kind))
    # Deliveries, schedules and names of units change the page without an entry of the ledger.
    periods = [(names[each.unit], each.kind, each.every, each.reports) for each in standings]
    return Found(lines, unit, listed, today, freshness.of_collection(timed.head, form, unit, periods))


def _unit(known: list[str]) -> str:
    """The unit that was asked for; empty for all.

    Raises:
        Refused: nobody of that name reports here.
    """
    asked = plain(request.args.get("unit", ""))
    if privacy.is_private(asked):
        raise errors.identity_number()
    if asked and asked not in known:
        raise Refused(
            HTTPStatus.NOT_FOUND,
            "unit",
            "没有以这个名称报送信息的单位。",
            "No unit of this name reports here.",
            way=("/punctuality", "查看全部单位", "All units"),
        )
    return asked


def _line(unit: str, standing: Standing, language: Language, today: date) -> Line:
    kind = services.current().kinds[standing.kind].name.text(language)
    every = EVERY[standing.every][0].text(language) if standing.every else ""
    return Line(unit, kind, standing, every, standing.trend(today))


def _render(found: Found) -> Response:
    own, language = services.current(), views.current_language()
    whole = punctuality.together(line.standing for line in found.lines)
    return views.render(
        "punctuality.html",
        indexed=False,
        found=found,
        whole=whole,
        chart=_chart(whole, language),
        timed=[line for line in found.lines if line.standing.assessed],
        owing=[line for line in found.lines if line.every],
        gone=[line for line in found.lines if line.standing.withdrawals[0]],
        since=punctuality.first_month(found.today),
        alarms=own.measure.book.calendar.alarms(found.today),
        ahead=own.measure.ahead(found.today),
        share=_share,
        today=found.today,
    )


def _chart(whole: Standing, language: Language) -> Chart | None:
    bars = [
        Bar(display.month(language, month), _share(in_time, in_time + too_late), (in_time, too_late))
        for month, (in_time, too_late) in whole.months().items()
    ]
    on_time, late = (_share(part, whole.assessed) for part in (whole.on_time, whole.late))
    title = Label("各月决定的按时报送率", "Share of decisions delivered in time, by month of the decision")
    words = Label(
        f"共 {whole.assessed:,} 条，按时 {on_time}，迟报 {late}。",
        f"{whole.assessed:,} decisions: {on_time} in time, {late} late.",
    )
    sorts = (Label("按时", "in time").text(language), Label("迟报", "late").text(language))
    return charts.chart("months", title.text(language), words.text(language), bars, sorts=sorts, whole=True)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else ""


def _file(found: Found) -> Response:
    language = views.current_language()
    rows: list[tuple[str | int, ...]] = [tuple(head.text(language) for head in _HEADS)]
    rows += [_cells(line) for line in found.lines]
    return downloads.spreadsheet(f"punctuality-{found.today}.csv", rows)


def _cells(line: Line) -> tuple[str | int, ...]:
    one = line.standing
    withdrawn, late, median = one.withdrawals
    missing = one.periods("missing")
    # A period that may still be reported is not owed yet.
    owed = len(one.reports) - one.periods("open")
    return (
        line.unit, line.kind, one.assessed, one.on_time, one.late, _or(one.median), _or(line.trend),
        _or(one.site_median), one.site_late, withdrawn, late, _or(median), line.every, owed,
        one.periods("reported"), one.periods("zero"), missing, _share(missing, owed), *one.provisional,
    )  # fmt: skip


def _or(value: int | None) -> str | int:
    return "" if value is None else value
