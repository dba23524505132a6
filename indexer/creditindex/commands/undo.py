"""``credit-index undo``: a batch undone."""

from __future__ import annotations

from dataclasses import asdict

import click

from creditregister import undo as undoing
from creditregister.carrying import Carried
from creditregister.commands.group import end, json_option, say
from creditregister.opening import open_register


@click.command()
@click.argument("batch", type=int)
@click.option("--by", required=True, metavar="NAME", help="Your account (credit-register staff).")
@json_option
def undo(batch: int, by: str, *, as_json: bool) -> None:
    """Go back to what was before BATCH: withdraw what it made, reverse what it changed, keep decisions.

    More than a few records wait for a second person. The undoing is a batch of its own, and can be undone.
    """
    register = open_register()
    register.store.tune_for_loading()
    done = undoing.undo(register, batch, by)
    carried, waits = done.settled.carried or Carried(), done.settled.waits
    state = "waiting" if waits else "done"
    values = {"undone": batch, "batch": done.batch, "state": state, "left": done.left, **asdict(carried)}
    left = f" {done.left:,} records are left as they are: they were changed or decided upon since."
    text = (
        f"Undoing batch {batch} would change {done.settled.changes:,} records; somebody else must release it:"
        f" credit-index release {done.batch}."
        if waits
        else f"Batch {batch} is undone by batch {done.batch}: {carried.updated:,} records as before, "
        f"{carried.withdrawn:,} withdrawn."
    )
    say(values, text + (left if done.left else ""), as_json=as_json)
    end(differs=waits or bool(carried.held or carried.overtaken))
