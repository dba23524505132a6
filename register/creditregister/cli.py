"""``credit-register``: the register from the command line (DESIGN 6)."""

from __future__ import annotations

import click

from creditregister.commands.calendar import calendar
from creditregister.commands.code import code
from creditregister.commands.coverage import coverage
from creditregister.commands.erasing import erase, retain
from creditregister.commands.group import Commands
from creditregister.commands.history import ledger, reproject, trace
from creditregister.commands.rules import daily, rules_group
from creditregister.commands.setup import init, units_group
from creditregister.commands.staff import staff_group
from creditregister.commands.storage import backup, gone, move, restore
from creditregister.commands.subjects import subjects_group


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="credit-disclosure")
def main() -> None:
    """Keep what is true: codes, units, rules, the history of records, the ledger."""


for command in (
    backup,
    calendar,
    code,
    coverage,
    daily,
    erase,
    gone,
    init,
    ledger,
    move,
    reproject,
    restore,
    retain,
    rules_group,
    staff_group,
    subjects_group,
    trace,
    units_group,
):
    main.add_command(command)
