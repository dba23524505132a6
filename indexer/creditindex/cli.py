"""``credit-index``: what can be found (DESIGN 6)."""

from __future__ import annotations

import click

from creditindex.commands.demo import demo


@click.group()
def main() -> None:
    """Load deliveries, keep the index, make demo data."""


main.add_command(demo)
