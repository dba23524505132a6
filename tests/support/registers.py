"""A real register in a temporary folder, and rows as a delivery brings them."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from creditregister import publicity, release, staff, units
from creditregister import settings as setting_files
from creditregister.clock import FixedClock
from creditregister.delivered import Delivered, Outcome
from creditregister.deliveries import Writer
from creditregister.opening import Register, initialise, open_register
from creditregister.text import canonical

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from creditregister.publicity import Law

#: 2026-06-01 12:00 in Shanghai.
NOON = 1_780_286_400_000
UNIT = "云泽省示范单位"
#: The shipped rules, as they bind a deployment that names no place; read once.
LAW = publicity.load(setting_files.load())


def new_address(*, empty: bool = False) -> str:  # noqa: ARG001 -- conftest.on_store replaces it
    """The address of the next register's database, on SQLite none; ``empty``: without tables."""
    return ""


def make_register(folder: Path, clock: FixedClock | None = None, **above: Any) -> Register:
    """A fresh register with its own keys and one confirmed unit."""
    if address := new_address():
        above = {"database_url": address} | above
    settings = setting_files.load(data=folder / "data", **above)
    register = open_register(settings, clock or FixedClock(NOON))
    if "rules" not in above:
        register.__dict__["law"] = LAW  # what it would read itself, for each test anew
    initialise(register)
    with register.store.write() as connection:
        units.register(connection, UNIT, register.clock.now(), confirmed=True)
    return register


def content(**fields: str) -> str:
    """A penalty's content, with what the rules ask for."""
    return canonical({"decision_date": "2026-05-20", "severity": "general"} | fields).decode()


def row(number: int, **values: Any) -> Delivered:
    """A penalty of an invented company; any part can be given otherwise."""
    name = values.pop("name", f"云泽甲{number}有限公司")
    facts = values.pop("facts", "未按规定公示信息")
    code = values.pop("code", f"99990000000000{number:04d}"[:18])
    key = values.pop("key", f'["云泽局","{number}号"]')
    fields = {"facts": facts, "document_number": f"{number}号"}
    public = {"v": 1, "name": name, "code": code, "fields": fields}
    made = Delivered(
        row=number,
        klass="organisation",
        name=name,
        codes={"unified": code} if code else {},
        content=content(**fields, subject_name=name, unified_code=code),
        public=canonical(public),
        key=key,
        decided="2026-05-20",
        area="990000",
    )
    return replace(made, **values)


def deliver(
    register: Register,
    rows: Sequence[Delivered],
    *,
    kind: str = "penalty",
    unit: str = UNIT,
    dry: bool = False,
    full: bool = False,
    by: str = "",
    file: bytes = b"",
    received: date | None = None,
    law: Law | None = None,
) -> list[Outcome]:
    """Take rows in as one delivery; what became of each."""
    writer = Writer(register.store, register.keys, register.clock, register.settings, law or LAW)
    with register.store.write() as connection:
        owner = units.find(connection, unit) or units.register(connection, unit, 1, confirmed=True)
        account = staff.get(connection, by).id if by else None
    digest = sha256(file or repr(rows).encode()).digest()
    batch = writer.open(
        owner, kind, "rows.csv", digest, "", dry=dry, received=received, full=full, by=account
    )
    results = writer.write(batch, rows)
    settled = release.settle(register, batch)
    writer.close(batch, {"rows": len(rows)}, "waiting" if settled.waits else "done")
    waits = settled.waits and Outcome.UPDATED
    return [Outcome.HELD if result.outcome == waits else result.outcome for result in results]
