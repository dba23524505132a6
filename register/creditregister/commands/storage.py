"""``credit-register move``, ``backup`` and ``restore``: the register in another place."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from creditregister import backups, moving, proof, restoring
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


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@json_option
def backup(folder: Path, *, as_json: bool) -> None:
    """Write the whole register into DIR, a new folder, while the site goes on. The keys are not in it.

    Keep the keys elsewhere, and the folder encrypted. A backup that is killed leaves DIR.unfinished only.
    """
    manifest = backups.back_up(open_register(), folder, _told)
    text = (
        f"{sum(manifest.rows.values())} rows, {manifest.size} ledger entries, root {manifest.root}: {folder}"
    )
    say(manifest.model_dump(), text, as_json=as_json)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--checkpoint",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The newest signed checkpoint that was kept outside this machine.",
)
@click.option(
    "--changes",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A page of the changes feed, as re-users fetched it; as often as there are pages.",
)
@click.option(
    "--gone",
    "gone_list",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The list that `credit-register gone` wrote last.",
)
@click.option("--accept-loss", is_flag=True, help="Begin a new log where entries of the old one are lost.")
@json_option
def restore(
    folder: Path,
    checkpoint: Path,
    changes: tuple[Path, ...],
    gone_list: Path | None,
    *,
    accept_loss: bool,
    as_json: bool,
) -> None:
    """Bring the register back from DIR, into an empty database, with its own keys in place.

    What was withdrawn since is withdrawn again before anything can be shown; nothing smaller than the
    checkpoint is ever signed. Then make the index anew: credit-index rebuild.
    """
    register, outside = open_register(), restoring.Outside(checkpoint, changes, gone_list)
    done = restoring.restore(register, folder, outside, _told, accept_loss=accept_loss)
    lines = [
        f"Restored: {done.size} entries of the log {done.origin}; {done.withdrawn} records withdrawn again."
    ]
    if done.lost:
        lines.append(f"{done.lost} entries are lost: this is a new log. Tell its readers, and why.")
        lines.append(f"{len(done.outdated)} records show an older version: let their units deliver again.")
        lines.append(f"{done.erased} records erased again.")
        lines.append(f"{done.persons} records of persons are public of which only --gone could tell: check.")
    say(asdict(done), "\n".join([*lines, "Now run `credit-index rebuild`."]), as_json=as_json)


@click.command()
def gone() -> None:
    """Print every record that was withdrawn or erased, a line each, for `restore --gone`.

    It holds ids only, but natural persons' too: not for the public. Keep it outside, fresher than backups.
    """
    for line in restoring.gone(open_register().store):
        click.echo(line)


def _told(table: str, rows: int) -> None:
    click.echo(f"{table}: {rows} rows", err=True)
