"""``credit-index demo``: synthetic deliveries into a folder, and an empty demo register to load them into."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic

import click

from creditindex.demo import deliver, ready
from creditregister import settings as setting_files
from creditregister.clock import SystemClock

DEFAULT_RECORDS = 20_000
#: 2^36 record numbers fit the index; a demo of this size already fills a disk.
MOST_RECORDS = 20_000_000


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR")
@click.option(
    "--records",
    type=click.IntRange(1, MOST_RECORDS),
    default=DEFAULT_RECORDS,
    show_default=True,
    help="Rows in all files together.",
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same data.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest.")
def demo(folder: Path, records: int, seed: int, *, as_json: bool) -> None:
    """Write synthetic deliveries into DIR and make CREDIT_DATA a demo.

    DIR/manifest.json names, for each file, kind, source unit and what `credit-index load` needs; loading them
    all and `credit-index rebuild` gives the whole demo. CREDIT_DATA must be empty or a demo already.
    """
    settings = setting_files.load()
    clock = SystemClock(settings.today)
    try:
        ready.refuse_others(settings)
        started = monotonic()
        with click.progressbar(length=records, label="Rows", hidden=as_json) as bar:
            manifest = deliver.deliver(folder, records, seed, clock.today(), bar.update)
        seconds = monotonic() - started
        units = ready.ready(settings, clock, seed, records, folder)
    except ready.NotADemoError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(manifest, ensure_ascii=False))
        return
    click.echo(f"{records:,} synthetic rows in {len(manifest['files'])} files in {folder} ({seconds:.1f} s),")
    click.echo(f"{units} units in {settings.data}. Next: `credit-index load` for each file of manifest.json,")
    click.echo("then `credit-index rebuild`.")
