"""``credit-register erase`` and ``retention``: what is destroyed, and why (DESIGN 3)."""

from __future__ import annotations

import click

from creditregister import erasure, retention
from creditregister.commands.group import json_option, say
from creditregister.history import numbers_of
from creditregister.opening import open_register


@click.command()
@click.argument("records", nargs=-1, required=True, metavar="RECORD…")
@click.option("--basis", required=True, help="Law and article, or decision, that demands it.")
@click.option("--by", required=True, metavar="ACCOUNT", help="Who orders it.")
@click.option("--second", required=True, metavar="ACCOUNT", help="Who else stands for it: another person.")
@json_option
def erase(records: tuple[str, ...], basis: str, by: str, second: str, *, as_json: bool) -> None:
    """Destroy for good what the register holds of each RECORD (its public id).

    What is public is withdrawn first. The log stays whole: its entries tell nothing without the salts.
    """
    register = open_register()
    with register.store.write() as connection:
        act = erasure.ordered(connection, by, second, basis, register.clock.now())
        count = erasure.erase(connection, numbers_of(connection, records), act)
    register.store.scrub()
    say({"erased": count, "basis": basis}, f"{count} records were erased.", as_json=as_json)


@click.command(name="retention")
@click.option("--dry-run", is_flag=True, help="Count what is over, and destroy nothing.")
@json_option
def retain(*, dry_run: bool, as_json: bool) -> None:
    """Destroy what the table of retention no longer lets the register keep; `daily` does it by itself."""
    register = open_register()
    terms, now = retention.load(register.settings.store.retention), register.clock.now()
    if dry_run:
        with register.store.read() as connection:
            persons, companies = retention.due(connection, terms, now)
        values = {"persons": persons, "companies": companies, "dry_run": True}
        say(values, f"{persons} records of persons and {companies} of companies are over.", as_json=as_json)
        return
    done = retention.run(register.store, register.settings, terms, now)
    values = {"rows": done.rows, "files": done.files, "persons": done.persons, "companies": done.companies}
    told = (
        f"Destroyed: {done.persons} records of persons, {done.companies} of companies, "
        f"the raw values of {done.rows} refused rows, {done.files} problems files."
    )
    say(values | {"dry_run": False}, told, as_json=as_json)
