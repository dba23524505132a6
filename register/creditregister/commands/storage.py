"""``credit-register move``: the register in another database."""

from __future__ import annotations

import click

from creditregister import moving, proof
from creditregister.commands.group import end, json_option, say
from creditregister.opening import open_register
from creditregister.store import Store


@click.command()
@click.option(
    "--to", "address", required=True, metavar="URL", help="An empty database, as CREDIT_DATABASE_URL."
)
@json_option
def move(address: str, *, as_json: bool) -> None:
    """Take the register into another database: postgresql://user@host/name or sqlite:///path.

    Ids, versions and the ledger stay as they are. A password belongs into ~/.pgpass or PGPASSWORD, not into
    the command line. Writers wait meanwhile; afterwards the old database can be read, but never added to.
    """
    register = open_register()
    target = Store(register.settings, address)
    counts = moving.move(register.store, target, register.clock.now(), _told)
    finding = proof.verify(target)
    values = {"to": target.label, "rows": counts, "root": finding.root, "differences": finding.count}
    text = (
        f"{sum(counts.values())} rows are in {target.label}: {finding.entries} entries, root {finding.root}, "
        f"{finding.count} differences.\nSet CREDIT_DATABASE_URL to it, then start the site again."
    )
    say(values, text, as_json=as_json)
    end(differs=finding.count > 0)


def _told(table: str, rows: int) -> None:
    click.echo(f"{table}: {rows} rows", err=True)
