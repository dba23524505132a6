"""``credit-register trace``, ``ledger verify`` and ``reproject``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from creditregister import checkpoint, kinds, proof
from creditregister.commands.group import end, json_option, say
from creditregister.history import trace as trace_record
from creditregister.opening import open_register
from creditregister.reprojection import reproject as reproject_all


@click.command()
@click.argument("record")
@json_option
def trace(record: str, *, as_json: bool) -> None:
    """Print every version of RECORD (its public id): who, when, why, and its ledger entries."""
    with open_register().store.read() as connection:
        found = trace_record(connection, record)
    say(found, _told(found), as_json=as_json)


def _told(found: dict[str, Any]) -> str:
    lines = [f"{found['id']}  {found['kind']}  {found['state']}  owner: {found['owner']}"]
    for item in found["versions"]:
        source = f"batch {item['batch']} {item['file']}" if item["batch"] else ""
        source += f" row {item['row']}" if item["row"] else ""
        source += f", delivered by {item['delivered_by']}" if item["delivered_by"] else ""
        source += f", released by {item['released_by']}" if item["released_by"] else ""
        lines.append(f"  version {item['version']}  {item['at']}  {item['why']} by {item['who']}  {source}")
    lines.extend(f"  {item['field']} was decided by version {item['version']}" for item in found["decided"])
    for item in found["held"]:
        said = f", answered {item['at']} by {item['by']}: {item['answer']}" if item["answer"] else ""
        lines.append(
            f"  held {item['id']}: {', '.join(item['codes'])}, batch {item['batch']} row {item['row']}{said}"
        )
    if found["erased"]:
        lines.append("  erased {at} by {who}: {basis}".format(**found["erased"]))
    lines.extend(
        f"  entry {item['seq']}  {item['time']}  {item['action']}  {item['hash'][:16]}…"
        for item in found["ledger"]
    )
    return "\n".join(lines)


@click.group()
def ledger() -> None:
    """The append-only log of every change of what is public."""


@ledger.command()
@click.option(
    "--against",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A checkpoint that was kept elsewhere.",
)
@json_option
def verify(against: Path | None, *, as_json: bool) -> None:
    """Check every entry, the tree, and that what is public is what was logged."""
    register = open_register()
    point = None
    if against:
        public = register.keys.signer().public_key()
        point = checkpoint.verify(against.read_text(encoding="utf-8"), public)
    finding = proof.verify(register.store, point)
    values = {
        "entries": finding.entries,
        "records": finding.records,
        "root": finding.root,
        "differences": finding.count,
        "listed": finding.differences,
    }
    text = f"{finding.entries} entries, {finding.records} public records, root {finding.root}"
    verdict = "\n".join([text, *finding.differences, f"{finding.count} differences."])
    say(values, verdict, as_json=as_json)
    end(differs=finding.count > 0)


@click.command()
@click.option("--dry-run", is_flag=True, help="Count what would change, and change nothing.")
@json_option
def reproject(*, dry_run: bool, as_json: bool) -> None:
    """Bring what is public in line with changed kinds and masks, each change a logged correction."""
    changed = reproject_all(open_register(), kinds.load(), dry_run=dry_run)
    verb = "would be" if dry_run else "were"
    say({"changed": changed, "dry_run": dry_run}, f"{changed} records {verb} corrected.", as_json=as_json)
