"""``credit-register coverage``: which unit delivers which kind, how lately, and what is missing."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

import click

from creditregister import coverage as coverage_facts
from creditregister import units
from creditregister.commands.group import end, json_option, say
from creditregister.opening import open_register
from creditregister.punctuality import Measure

if TYPE_CHECKING:
    from creditregister.coverage import Covered

OWED = ("overdue", "never")


@click.command()
@click.option(
    "--missing", is_flag=True, help="Only what is due and did not come; ends with 1 if there is any."
)
@json_option
def coverage(*, missing: bool, as_json: bool) -> None:
    """List each unit and kind: state, last delivery, rows, periods without a delivery.

    Without a schedule (`credit-register units schedule`) nothing is ever missing. At the end stands which
    units had rows refused for codes that fail their check, and how many.
    """
    register = open_register()
    known, measure = register.law.kinds, Measure(register.law.book, register.law.jurisdiction)
    with register.store.read() as connection:
        found = coverage_facts.read(connection, measure, register.clock.today())
        counted = {} if missing else coverage_facts.bad_codes(connection)
        names = units.names(connection)
    bad = sorted(counted.items(), key=itemgetter(1), reverse=True)
    shown = [each for each in found if each.state in OWED] if missing else found
    lines = [_line(names[each.unit], each) for each in shown]
    absent = sorted(set(known) - {each.kind for each in found if each.last})
    lines += [f"没有单位报送的类别：{'、'.join(known[kind].name.zh for kind in absent)}"] if absent else []
    lines += [f"代码校验不通过  {names[unit]}  {rows:,} 行" for unit, rows in bad]
    values = {
        "cells": [_value(names[each.unit], each) for each in shown],
        "kinds_nowhere": absent,
        "bad_codes": [{"unit": names[unit], "rows": rows} for unit, rows in bad],
    }
    say(values, "\n".join(lines) or "没有逾期未报的。", as_json=as_json)
    end(differs=missing and bool(shown))


def _line(unit: str, each: Covered) -> str:
    last = f"最近 {each.last.day}，{each.last.rows:,} 行" if each.last else "从未报送"
    return f"{unit}  {each.kind}  {each.state}  {last}  漏报 {each.missing} 期"


def _value(unit: str, each: Covered) -> dict[str, Any]:
    return {
        "unit": unit,
        "kind": each.kind,
        "state": each.state,
        "every": each.every or None,
        "deliveries": each.deliveries,
        "last": each.last.day.isoformat() if each.last else None,
        "rows": each.last.rows if each.last else None,
        "missing": [
            {
                "from": report.first.isoformat(),
                "to": report.last.isoformat(),
                "due": report.due.isoformat(),
                "provisional": report.provisional,
            }
            for report in each.reports
            if report.state == "missing"
        ],
    }
