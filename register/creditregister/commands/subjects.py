"""``credit-register subjects``: show, rename, merge, undo, person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from creditregister import identities, records, staff, subjects, traders
from creditregister.commands.group import json_option, say
from creditregister.opening import open_register
from creditregister.publication import Author
from creditregister.store import Turn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from creditregister.opening import Register

_DAY = click.DateTime(formats=["%Y-%m-%d"])


def _decision(command: Callable[..., None]) -> Callable[..., None]:
    """The options that every decision needs: who takes it, and why."""
    command = click.option("--who", required=True, help="The account of who decides (`staff list`).")(command)
    command = click.option("--reason", required=True, help="Why, in a sentence; with the document.")(command)
    return json_option(command)


@click.group("subjects")
def subjects_group() -> None:
    """Subjects 信用主体 over time: names, merges, businesses that are persons."""


@subjects_group.command()
@click.argument("code")
@json_option
def show(code: str, *, as_json: bool) -> None:
    """Print names, codes and decisions of the subject that has CODE."""
    register = open_register()
    with register.store.read() as connection:
        of = identities.known(connection, code)
        told = identities.history(connection, of.id)
        counts = records.counts_of_subject(connection, of.id, register.clock.today())
    values = _as_value(of) | {"records": sum(counts.values()), "decisions": told}
    lines = [_as_text(of), f"  {values['records']} public records"]
    lines += [
        f"  decision {each['id']}  {each['at']}  {each['action']} by {each['who']}: {each['reason']}"
        + (f"  (undone by {each['undone_by']})" if each["undone_by"] else "")
        for each in told
    ]
    say(values, "\n".join(lines), as_json=as_json)


@subjects_group.command()
@click.argument("code")
@click.argument("name")
@click.option("--since", type=_DAY, required=True, help="The day from which the name is borne.")
@_decision
def rename(code: str, name: str, *, since: datetime, reason: str, who: str, as_json: bool) -> None:
    """Let the subject with CODE bear NAME; its earlier name becomes a former name 曾用名."""
    register = open_register()
    with register.store.write(Turn.WHOLE) as connection:
        done = identities.rename(
            connection,
            code,
            name,
            since=since.date(),
            author=_author(connection, register, "rename", who, reason),
            today=register.clock.today(),
        )
    _tell(done, as_json=as_json)


@subjects_group.command()
@click.argument("code")
@click.argument("into")
@_decision
def merge(code: str, into: str, *, reason: str, who: str, as_json: bool) -> None:
    """Make the subject with CODE one with the subject with INTO, whose page remains."""
    register = open_register()
    with register.store.write(Turn.WHOLE) as connection:
        done = identities.merge(connection, code, into, _author(connection, register, "merge", who, reason))
    _tell(done, as_json=as_json)


@subjects_group.command()
@click.argument("decision", type=int)
@_decision
def undo(decision: int, *, reason: str, who: str, as_json: bool) -> None:
    """Part the two subjects that DECISION (see `show`) merged."""
    register = open_register()
    with register.store.write(Turn.WHOLE) as connection:
        done = identities.undo(connection, decision, _author(connection, register, "undo", who, reason))
    _tell(done, as_json=as_json)


@subjects_group.command()
@click.argument("code")
@_decision
def person(code: str, *, reason: str, who: str, as_json: bool) -> None:
    """Treat the individual business with CODE as its operator, a person: nothing of it stays public."""
    register = open_register()
    with register.store.write(Turn.WHOLE) as connection:
        of = identities.known(connection, code)
        author = _author(connection, register, "person", who, reason)
        count = len(traders.become_person(connection, register.keys, of, author))
    say({"records": count}, f"{count} records are found at /people only.", as_json=as_json)


def _author(connection: Connection, register: Register, action: str, who: str, reason: str) -> Author:
    """Whoever decides has an account and a reason.

    Raises:
        StaffError: there is no such account.
    """
    return Author(staff.get(connection, who).name, action, register.clock.now(), reason)


def _tell(done: identities.Decided, *, as_json: bool) -> None:
    text = f"decision {done.event}\n{_as_text(done.subject)}" if done.event else "Nothing had to be changed."
    say({"decision": done.event or None, "subject": _as_value(done.subject)}, text, as_json=as_json)


def _as_value(of: subjects.Subject) -> dict[str, Any]:
    return {
        "code": of.code,
        "name": of.name,
        "former_names": [{"name": name.name, "until": name.until or None} for name in of.former],
        "codes": of.codes,
        "further_codes": [list(each) for each in of.further],
    }


def _as_text(of: subjects.Subject) -> str:
    lines = [f"{of.code}  {of.name}"]
    lines += [
        f"  former name {name.name}" + (f" until {name.until}" if name.until else "") for name in of.former
    ]
    lines += [f"  {kind} {value}" for kind, value in (*of.codes.items(), *of.further) if value != of.code]
    return "\n".join(lines)
