"""``credit-index follow``: bring changes of the register into the index."""

from __future__ import annotations

import signal
import threading

import click

from creditindex import opening
from creditindex.documents import Documents
from creditindex.follow import Follower
from creditindex.opening import Standing
from creditregister import kinds
from creditregister.commands.group import end, json_option, say
from creditregister.opening import open_register


@click.command()
@click.option("--once", is_flag=True, help="Catch up, then end.")
@json_option
def follow(*, once: bool, as_json: bool) -> None:
    """Follow the ledger until told to stop; one process at a time does it, another waits its turn."""
    register = open_register()
    known = kinds.load()
    follower = Follower(register, opening.reader(register.settings, known), Documents(known))
    if not once:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        follower.run(stop)
        return
    applied, step = 0, follower.step()
    while step.applied:
        applied += step.applied
        step = follower.step()
    follower.close()
    values = {"applied": applied, "standing": str(step.standing), "leading": step.leading}
    say(values, _told(applied, step.standing, leading=step.leading), as_json=as_json)
    end(differs=step.standing is not Standing.CURRENT or not step.leading)


def _told(applied: int, standing: Standing, *, leading: bool) -> str:
    if not leading:
        return "Another process follows the ledger; nothing was done here."
    if standing is Standing.CURRENT:
        return f"{applied} entries applied; the index is up to date."
    return f"The index does not belong to this ledger ({standing}): run `credit-index rebuild`."
