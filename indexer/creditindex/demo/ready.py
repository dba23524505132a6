"""Make ``CREDIT_DATA`` a demo: the marker, the demo's keys, an empty register, the demo's units (DESIGN 6).

A folder that already holds a register without the marker belongs to somebody; it is refused, never marked.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from creditindex.demo.deliver import SCHEDULES, UNITS
from creditindex.demo.places import PLACES, PROVINCE, PROVINCE_AREA
from creditindex.demo.units import court_of
from creditregister import areas, courts, kinds, opening, schedules, units
from creditregister.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.clock import Clock
    from creditregister.settings import Settings

MARKER = "DEMO"


class NotADemoError(Exception):
    """The data folder holds a register that is no demo; the message says what to do."""


def refuse_others(settings: Settings) -> None:
    """Leave a register alone that is no demo.

    Raises:
        NotADemoError: the data folder holds one.
    """
    if not settings.demo and Store(settings).exists():
        raise NotADemoError(
            f"{settings.data} holds a register that is no demo: name an empty folder in CREDIT_DATA."
        )


def ready(settings: Settings, clock: Clock, seed: int, records: int, folder: Path) -> int:
    """Make the folder a demo, or complete it; returns the number of units.

    Raises:
        NotADemoError: there is a register without the demo's marker.
    """
    refuse_others(settings)
    mark(settings, clock, seed, records)
    places_files(settings)
    register = opening.open_register(settings, clock)
    try:
        opening.initialise(register, str(seed))
        with register.store.write() as connection:
            count = units.import_file(connection, folder / UNITS, clock.now())
            schedules.import_file(connection, folder / SCHEDULES, kinds.load())
            return count
    finally:
        register.store.close()


def places_files(settings: Settings) -> None:
    """Name the invented places and their courts, so that pages show words instead of reserved codes."""
    names = {PROVINCE_AREA[:2]: PROVINCE} | {place.city_area[:4]: place.city for place in PLACES}
    names |= {place.area: place.district for place in PLACES}
    lines = "".join(f"{code},{name}\n" for code, name in names.items())
    (settings.data / areas.FILE).write_text(f"code,name\n{lines}", encoding="utf-8")
    seats = ((place.court, court_of(place.city, place.district)) for place in PLACES)
    lines = "".join(f"{code},{name}\n" for code, name in seats)
    (settings.data / courts.FILE).write_text(f"code,name\n{lines}", encoding="utf-8")


def mark(settings: Settings, clock: Clock, seed: int, records: int) -> None:
    """Write the marker, by which every page says that its data is synthetic."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps({"seed": seed, "records": records, "made_at": clock.now()})
    (settings.data / MARKER).write_text(text + "\n", encoding="ascii")
