"""``credit-index release``: the second person for what a delivery would change or take away."""

from __future__ import annotations

from dataclasses import asdict

import click

from creditregister import release as releasing
from creditregister.commands.group import end, json_option, say
from creditregister.opening import open_register


@click.command()
@click.argument("batch", type=int)
@click.option("--by", required=True, metavar="NAME", help="Your account (credit-register staff).")
@json_option
def release(batch: int, by: str, *, as_json: bool) -> None:
    """Carry out what waits in BATCH; you must be another person than the one who delivered it.

    A batch that nobody has put a name to needs two releases, by two persons. Killed at any moment, the same
    command completes it.
    """
    register = open_register()
    register.store.tune_for_loading()
    done = releasing.release(register, batch, by)
    if done is None:
        say(
            {"batch": batch, "state": "waiting", "by": by},
            f"Batch {batch} now stands in the name of {by}; another person must release it.",
            as_json=as_json,
        )
        end(differs=True)
        return
    say(
        {"batch": batch, "state": "done", **asdict(done)},
        f"Batch {batch}: {done.updated:,} records updated, {done.withdrawn:,} withdrawn; "
        f"{done.held:,} rows held, {done.overtaken:,} left alone, for they had changed meanwhile.",
        as_json=as_json,
    )
    end(differs=bool(done.held or done.overtaken))
