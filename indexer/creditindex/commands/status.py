"""``credit-index status`` and ``verify``: how the index stands to the register."""

from __future__ import annotations

from dataclasses import asdict

import click

from creditindex import opening
from creditindex import verify as checking
from creditindex.opening import Standing
from creditregister.commands.group import end, json_option, say
from creditregister.opening import open_register

MEGABYTE = 1_000_000


@click.command()
@json_option
def status(*, as_json: bool) -> None:
    """Print position, lag, size, and what was set aside."""
    register = open_register()
    found = checking.status(register, opening.reader(register.settings))
    lines = [
        f"The index is {found.standing}; the ledger ends at {found.head}, {found.lag} entries are to come.",
        found.health.reason
        or f"{found.health.records} records and {found.health.names} names in {found.health.segments} "
        f"segments, {found.health.size / MEGABYTE:.1f} MB, generation {found.health.generation}.",
        *(f"Set aside: {each}" for each in found.aside),
    ]
    say(asdict(found), "\n".join(lines), as_json=as_json)
    end(differs=found.standing not in (Standing.CURRENT, Standing.BEHIND) or bool(found.aside))


@click.command()
@json_option
def verify(*, as_json: bool) -> None:
    """Compare every record of the index with the register, in both directions."""
    register = open_register()
    finding = checking.verify(register, opening.reader(register.settings))
    verdict = (
        f"{finding.records} records and {finding.subjects} subjects compared, "
        f"{finding.differences} differences, {finding.aside} set aside (`credit-index status` lists them)."
    )
    say(asdict(finding), "\n".join([*finding.listed, verdict]), as_json=as_json)
    end(differs=finding.differences > 0 or finding.aside > 0)
