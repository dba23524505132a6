"""``credit-index load``: files of a source unit into the register."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from creditindex.feeds import dialects, summary
from creditindex.feeds.pipeline import Loader, Options
from creditindex.feeds.progress import watcher
from creditregister import staff, units
from creditregister.commands.group import WRONG_USE, end, json_option, say
from creditregister.deliveries import Writer
from creditregister.opening import Register, open_register
from creditregister.release import finish_all

if TYPE_CHECKING:
    from datetime import date, datetime

    from creditregister.kinds import Kinds


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option(
    "--source", required=True, metavar="UNIT", help="Name, alias or code of the unit that delivers."
)
@click.option("--new-source", is_flag=True, help="Register UNIT, unconfirmed, if nobody is called so.")
@click.option("--kind", metavar="KIND", help="Kind of record; without it the headings tell.")
@click.option("--dialect", metavar="NAME|FILE", help="How this source names its columns.")
@click.option("--with", "given", multiple=True, metavar="FIELD=VALUE", help="What the rows lack; repeatable.")
@click.option(
    "--received",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Day on which UNIT handed the files over; by default now.",
)
@click.option(
    "--full",
    is_flag=True,
    help="FILE is the whole list of this unit and kind: what is absent is withdrawn.",
)
@click.option("--by", metavar="NAME", help="Account of the person who delivers (credit-register staff).")
@click.option(
    "--dry-run", is_flag=True, help="Check and count as a load would; store nothing but the problems file."
)
@json_option
def load(
    files: tuple[Path, ...],
    source: str,
    *,
    new_source: bool,
    kind: str | None,
    dialect: str | None,
    given: tuple[str, ...],
    received: datetime | None,
    full: bool,
    by: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Load FILEs (CSV, TSV, JSON, JSON Lines, XLSX, XLS) of one source unit.

    A load may be interrupted at any moment; the same command completes it. Refused and held rows are listed
    in a problems file with the delivery's own columns. Corrections and withdrawals of more than a few records
    wait for a second person (`credit-index release`). Exit code 1: something was refused or held, or waits.
    """
    if full and len(files) > 1:
        raise click.UsageError("--full takes one file: two whole lists would withdraw each other's records.")
    register = open_register()
    options = _options(register.law.kinds, kind, dialect, given, dry_run=dry_run)
    options = replace(options, full=full, by=_account(register, by))
    if received is not None:
        options = replace(options, received=_received(received.date(), register.clock.today()))
    register.store.tune_for_loading()
    unit = _unit(register, source, new_source=new_source, dry_run=dry_run)
    if not dry_run:
        finish_all(register, unit.id)
    writer = Writer(register.store, register.keys, register.clock, register.settings, register.law)
    begun = time.monotonic()
    loader = Loader(register, writer, unit, options, watcher())
    done = [loader.load(path) for path in files]
    say(summary.as_json(done, time.monotonic() - begun), summary.as_text(done), as_json=as_json)
    if any(each.error and each.error[0] == "with" for each in done):
        sys.exit(WRONG_USE)
    end(differs=not summary.clean(done))


def _options(
    known: Kinds, kind: str | None, dialect: str | None, given: tuple[str, ...], *, dry_run: bool
) -> Options:
    """Check what was typed before any file is opened."""
    chosen = kind or ""
    values: dict[str, str] = {}
    headings: dict[str, str] = {}
    words: dict[str, dict[str, str]] = {}
    if dialect:
        spoken = dialects.load(dialect, known)
        chosen = chosen or spoken.kind
        values.update(spoken.given)
        headings, words = spoken.index(), spoken.values
    if chosen and chosen not in known:
        listed = ", ".join(f"{each.id} ({each.name.zh})" for each in known.values())
        raise click.UsageError(f"There is no kind {chosen!r}. Kinds: {listed}.")
    for pair in given:
        name, mark, value = pair.partition("=")
        if not (name.strip() and mark and value.strip()):
            raise click.UsageError(f"--with {pair!r}: write FIELD=VALUE, such as decision_date=2026-04-01.")
        values[name.strip()] = value.strip()
    return Options(chosen, headings, words, values, dry_run)


def _account(register: Register, name: str | None) -> int | None:
    """The number of the account of who delivers."""
    if name is None:
        return None
    with register.store.read() as connection:
        return staff.get(connection, name).id


def _received(day: date, today: date) -> date:
    """The day of delivery, which cannot be one to come."""
    if day > today:
        raise click.UsageError(f"--received {day}: that day is yet to come; today is {today}.")
    return day


def _unit(register: Register, name: str, *, new_source: bool, dry_run: bool) -> units.Unit:
    """The unit that delivers; one that nobody knows is registered only when asked, and never in a dry run."""
    with register.store.read() as connection:
        if not new_source:
            return units.resolve(connection, name)
        known = units.find(connection, name)
    if known is not None:
        return known
    if dry_run:
        return units.Unit(0, name.strip(), "", "", confirmed=False)
    with register.store.write() as connection:
        return units.find(connection, name) or units.register(
            connection, name, register.clock.now(), confirmed=False
        )
