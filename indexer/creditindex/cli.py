"""``credit-index``: what can be found (DESIGN 6)."""

from __future__ import annotations

import click

from creditindex.commands.demo import demo
from creditindex.commands.follow import follow
from creditindex.commands.held import held
from creditindex.commands.load import load
from creditindex.commands.rebuild import rebuild
from creditindex.commands.release import release
from creditindex.commands.status import status, verify
from creditindex.commands.undo import undo
from creditregister.commands.group import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="credit-disclosure")
def main() -> None:
    """Load deliveries, keep the index, make demo data."""


for command in (
    demo,
    follow,
    held,
    load,
    rebuild,
    release,
    status,
    undo,
    verify,
):
    main.add_command(command)
