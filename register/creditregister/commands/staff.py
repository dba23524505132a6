"""``credit-register staff add``, ``list`` and ``disable``: accounts, each bound to a person."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from creditregister import staff
from creditregister.clock import iso
from creditregister.commands.group import json_option, say
from creditregister.opening import open_register

if TYPE_CHECKING:
    from creditregister.staff import Account


@click.group("staff")
def staff_group() -> None:
    """Accounts 工作人员: who delivers, releases, answers; what needs two persons compares the persons."""


@staff_group.command()
@click.argument("name")
@json_option
def add(name: str, *, as_json: bool) -> None:
    """Make the account NAME; the number of the person's identity document is asked for, or read from input.

    Only a keyed digest of the number is kept. It is no option, for options stand in histories and lists of
    processes.
    """
    register = open_register()
    number = _number()
    with register.store.write() as connection:
        made = staff.add(connection, register.keys, name, number, register.clock.now())
    say({"name": made.name}, f"Account {made.name} is ready.", as_json=as_json)


@staff_group.command("list")
@json_option
def list_accounts(*, as_json: bool) -> None:
    """List all accounts; those of one person are shown as such."""
    with open_register().store.read() as connection:
        everybody = staff.everybody(connection)
    first: dict[bytes, Account] = {}
    for each in everybody:
        first.setdefault(each.person, each)
    rows = [
        {
            "name": each.name,
            "since": iso(each.created_at),
            "disabled": iso(each.disabled_at) if each.disabled_at else None,
            "same_person_as": first[each.person].name if first[each.person] is not each else None,
        }
        for each in everybody
    ]
    lines = [
        f"{row['name']}　since {row['since']}"
        + (f"　disabled {row['disabled']}" if row["disabled"] else "")
        + (f"　the same person as {row['same_person_as']}" if row["same_person_as"] else "")
        for row in rows
    ]
    say({"staff": rows}, "\n".join(lines) or "There are no accounts yet.", as_json=as_json)


@staff_group.command()
@click.argument("name")
@json_option
def disable(name: str, *, as_json: bool) -> None:
    """Take the account NAME out of use; what it did stays with its name."""
    register = open_register()
    with register.store.write() as connection:
        staff.disable(connection, name, register.clock.now())
    say({"name": name, "disabled": True}, f"Account {name} is disabled.", as_json=as_json)


def _number() -> str:
    """The document's number, typed unseen, or one line of the input where nobody sits at a terminal."""
    if sys.stdin.isatty():
        number: str = click.prompt("证件号码 Number of the identity document", hide_input=True)
        return number
    return sys.stdin.readline()
