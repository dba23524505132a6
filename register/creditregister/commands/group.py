"""How every command ends: 0 done, 1 something was refused or differs, 2 used wrongly (DESIGN 6)."""

from __future__ import annotations

import sys
from typing import Any

import click
import orjson

from creditregister.errors import CreditError

WRONG_USE = 2
DIFFERS = 1


class Commands(click.Group):
    """A group of commands that prints refusals as sentences instead of tracebacks."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 -- click's own signature
        """Run the command; a refusal ends it with exit code 2 and its sentence on standard error."""
        try:
            return super().invoke(ctx)
        except CreditError as error:
            click.echo(f"{ctx.info_name}: {error}", err=True)
            ctx.exit(WRONG_USE)


def say(values: dict[str, Any], text: str, *, as_json: bool) -> None:
    """Print one JSON object for machines, or a text for people."""
    click.echo(orjson.dumps(values, option=orjson.OPT_INDENT_2).decode() if as_json else text)


def end(*, differs: bool) -> None:
    """End the command with 1 where something was refused or differs."""
    if differs:
        sys.exit(DIFFERS)


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for machines.")
