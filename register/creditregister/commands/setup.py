"""``credit-register init``, ``credit-register units import`` and ``units schedule``."""

from __future__ import annotations

from pathlib import Path

import click

from creditregister import kinds, schedules, units
from creditregister.commands.group import json_option, say
from creditregister.opening import initialise, open_register


@click.command()
@json_option
def init(*, as_json: bool) -> None:
    """Make database and keys in CREDIT_DATA, or bring them up to date."""
    made = initialise(open_register())
    text = "\n".join(f"made: {item}" for item in made) or "Everything was there already."
    say({"made": made}, text, as_json=as_json)


@click.group("units")
def units_group() -> None:
    """Bodies 决定机关 and source units 数据来源单位."""


@units_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def import_units(file: Path, *, as_json: bool) -> None:
    """Take in FILE, a CSV with name, code, area, superior, aliases (separated by 、)."""
    register = open_register()
    with register.store.write() as connection:
        count = units.import_file(connection, file, register.clock.now())
    say({"units": count}, f"{count} units are up to date.", as_json=as_json)


@units_group.command("schedule")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def import_schedules(file: Path, *, as_json: bool) -> None:
    """Take in FILE, a CSV with unit, kind, every (week, month, quarter, half, year) and since.

    It says what each unit owes; without it nothing counts as missing. An empty "every" ends a schedule.
    """
    register = open_register()
    with register.store.write() as connection:
        count = schedules.import_file(connection, file, kinds.load())
    say({"schedules": count}, f"{count} schedules are up to date.", as_json=as_json)
