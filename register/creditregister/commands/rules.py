"""``credit-register rules`` and ``credit-register daily``: how long, and the work of a new day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from creditregister import calendar, explanation, retention, rule_change, rules
from creditregister import daily as job
from creditregister.commands.group import end, json_option, say
from creditregister.opening import open_register

if TYPE_CHECKING:
    from datetime import date, datetime

    from creditregister.opening import Register
    from creditregister.rules import Window

DAY = click.DateTime(formats=["%Y-%m-%d"])
_FATES = {
    "ended": "公示期届满，撤下",
    "held": "缺少程度，暂缓",
    "begun": "开始公示",
    "lapsed": "期满，不再公示",
}


@click.group("rules")
def rules_group() -> None:
    """Dated rules 规则: how long a record is shown, and why."""


@rules_group.command()
@click.argument("record")
@click.option("--on", "day", type=DAY, metavar="DATE", help="As things stand on that day; without it today.")
@json_option
def explain(record: str, *, day: datetime | None, as_json: bool) -> None:
    """Print until when RECORD (its public id) is shown, with every step, law and article."""
    register = open_register()
    with register.store.read() as connection:
        case = explanation.read(connection, record)
    window = explanation.explanation(register.law, case, _day(register, day))
    text = "\n".join((*rules.explain(window, "zh"), "", *rules.explain(window, "en")))
    say({"id": record, "stored_state": case.record.state} | as_values(window), text, as_json=as_json)


def as_values(window: Window) -> dict[str, Any]:
    """A window for machines."""
    days = ("on", "shown_from", "min_end", "max_end", "last_shown", "earliest_repair", "held_from")
    found = {name: getattr(window, name) for name in days}
    return {
        "state": window.state,
        "shown": window.shows(window.on),
        **{name: day.isoformat() if day else None for name, day in found.items()},
        "rules": list(window.sets),
        "flags": sorted(window.flags),
        "steps": [
            {"zh": step.zh, "en": step.en, "source": {"zh": step.source.zh, "en": step.source.en}}
            for step in window.steps
        ],
    }


@rules_group.command()
@click.option("--dry-run", is_flag=True, help="Count what would change, and change nothing.")
@json_option
def apply(*, dry_run: bool, as_json: bool) -> None:
    """Apply the rules as they are now: publicity ends earlier or stays as it is, never later.

    Entries of lists whose page was taken away are held, and come back with it.
    """
    register = open_register()
    found = rule_change.apply(register, register.clock.today(), dry_run=dry_run)
    values = {
        "looked_at": found.looked_at,
        "shortened": found.counts["shortened"],
        "ended": found.counts["ended"],
        "held": found.counts["held"],
        "restored": found.counts["restored"],
        "repairable_sooner": found.counts["repairable sooner"],
        "refused": found.refused,
        "dry_run": dry_run,
        "listed": found.listed,
    }
    lines = [f"{item['id']}  {item['kind']}  {item['was']} → {item['becomes']}" for item in found.listed]
    words = "would be" if dry_run else "were"
    counts = ", ".join(
        f"{found.counts[what]} {words} {what}"
        for what in ("shortened", "ended", "held", "restored", "repairable sooner")
    )
    if found.refused:
        lines.append(f"Left as they are, for they hold personal numbers: {', '.join(found.refused)}")
    say(values, "\n".join([*lines, f"{found.looked_at} records looked at: {counts}."]), as_json=as_json)
    end(differs=bool(found.refused))


@click.command()
@click.option(
    "--preview",
    "preview_day",
    type=DAY,
    metavar="DATE",
    help="Say what that day would bring; change nothing.",
)
@json_option
def daily(*, preview_day: datetime | None, as_json: bool) -> None:
    """Do the work of a new day: withdraw what is over, hold what lacks a grade, publish what waited.

    It also says where a year's days off are missing; `credit-register calendar` ends with 1 then. It itself
    ends with 1 where a record was not published because it holds personal numbers.
    """
    register = open_register()
    day = _day(register, preview_day)
    done = job.run(register, day) if preview_day is None else job.preview(register, day)
    counts = {fate: done.of(fate) for fate in job.FATES}
    kinds: dict[str, dict[str, int]] = {}
    for (kind, fate), count in sorted(done.counts.items()):
        kinds.setdefault(kind, {})[fate] = count
    gone = retention.Done() if preview_day is not None else _retain(register)
    destroyed = {"persons": gone.persons, "companies": gone.companies, "rows": gone.rows, "files": gone.files}
    values = {"day": day.isoformat(), "preview": preview_day is not None, **counts, "kinds": kinds}
    values["destroyed"] = destroyed
    pages = done.pages.counts
    values["lists"] = {"held": pages["held"], "restored": pages["restored"]}
    alarms = [alarm.zh for alarm in calendar.load().alarms(day)]
    values |= {"alarms": alarms, "refused": done.refused}
    lines = [
        f"  {kind}：" + "，".join(f"{_FATES[fate]} {count:,}" for fate, count in found.items())
        for kind, found in kinds.items()
    ]
    head = f"{day}{'（预演，未作改动）' if preview_day else ''}：" + "，".join(
        f"{_FATES[fate]} {count:,}" for fate, count in counts.items()
    )
    if pages:
        lines.append(f"名单没有公开页，暂缓 {pages['held']:,}；公开页恢复，重新公示 {pages['restored']:,}")
    if gone != retention.Done():
        lines.append(
            f"保存期满已销毁：自然人信息 {gone.persons:,}，企业信息 {gone.companies:,}，"
            f"被拒收行 {gone.rows:,}，问题清单 {gone.files:,}"
        )
    if done.refused:
        lines.append(f"含有个人号码，未予公示，请更正后重新报送：{'、'.join(done.refused)}")
    say(values, "\n".join([head, *lines, *alarms]), as_json=as_json)
    end(differs=bool(done.refused))


def _retain(register: Register) -> retention.Done:
    """Destroy what is over; by the real time, whatever day is rehearsed."""
    terms = retention.load(register.settings.store.retention)
    return retention.run(register.store, register.settings, terms, register.clock.now())


def _day(register: Register, given: datetime | None) -> date:
    return given.date() if given is not None else register.clock.today()
