"""``credit-index rebuild``: a new index from the register, beside the one that serves."""

from __future__ import annotations

from dataclasses import asdict

import click

from creditindex import opening
from creditindex.documents import Documents
from creditindex.rebuild import Rebuild
from creditregister import kinds, records
from creditregister.commands.group import json_option, say
from creditregister.opening import open_register


@click.command()
@json_option
def rebuild(*, as_json: bool) -> None:
    """Build, check and swap in a new index; the old one answers until then and stays as the last one."""
    register = open_register()
    known = kinds.load()
    with register.store.snapshot() as connection:
        total = records.count_public(connection)
    with click.progressbar(length=total, label="Records", hidden=as_json) as bar:
        engine = opening.reader(register.settings, known)
        processes = register.settings.index.build_processes
        work = Rebuild(register, engine, Documents(known), processes=processes, progress=bar.update)
        report = work.run()
    rate = report.records / report.seconds if report.seconds else 0
    text = (
        f"{report.records} records and {report.subjects} subjects in {report.seconds:.1f} s "
        f"({rate:.0f} records/s), {report.replayed} entries replayed, {report.aside} set aside."
    )
    say(asdict(report), text, as_json=as_json)
