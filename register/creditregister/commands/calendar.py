"""``credit-register calendar``: whether the calendar holds the notices that deadlines need (DOMAIN 1.9).

The State Council announces the next year's days off in November. From 1 December on this command ends with 1
until they are entered. It is for the operator's watch and for ``daily``; no test of the project reads the
machine's clock, so a new year turns nobody's tests red.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from creditregister import calendar as calendar_files
from creditregister import settings
from creditregister.clock import SystemClock
from creditregister.commands.group import end, json_option, say

if TYPE_CHECKING:
    from datetime import datetime


@click.command()
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Another day than today.")
@json_option
def calendar(on: datetime | None, *, as_json: bool) -> None:
    """Check that the notices 放假安排 of this year and, in December, of the next one are loaded.

    Ends with 1 if one is missing, and says what to do.
    """
    day = on.date() if on else SystemClock(settings.load().today).today()
    known = calendar_files.load()
    alarms = known.alarms(day)
    years = sorted(known.years)
    values = {
        "on": day.isoformat(),
        "years": years,
        "alarms": [{"zh": alarm.zh, "en": alarm.en} for alarm in alarms],
    }
    good = f"{day}：{years[0]} 至 {years[-1]} 年的放假安排齐全。" if not alarms else ""
    say(values, "\n".join([*(alarm.zh for alarm in alarms), *([good] if good else [])]), as_json=as_json)
    end(differs=bool(alarms))
