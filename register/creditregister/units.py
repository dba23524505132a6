"""Bodies 决定机关 and source units 数据来源单位: who decides, who reports (DESIGN 3, table ``unit``).

A unit is named in a command by its name, an alias or its unified code. A name nobody knows is an error that
gives the nearest ones: a slip of the pen must not make a second unit.
"""

from __future__ import annotations

import csv
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select, update

from creditregister import areas
from creditregister.codes import check_unified
from creditregister.errors import CreditError
from creditregister.schema import unit, unit_name
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

COLUMNS = ("name", "code", "area", "superior", "aliases")
NEAREST = 5


class UnknownUnitError(CreditError):
    """No unit has this name, alias or code; the message names the nearest."""


class UnitsFileError(CreditError):
    """A units file that cannot be taken in; the message gives row, reason and remedy. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A body or source unit; ``confirmed`` is false for one that a load registered by itself."""

    id: int
    name: str
    code: str
    area: str
    confirmed: bool


def find(connection: Connection, given: str) -> Unit | None:
    """The unit of that name, alias or unified code."""
    folded = fold(given)
    known = connection.scalar(select(unit_name.c.unit_id).where(unit_name.c.folded == folded))
    if known is None:
        known = connection.scalar(select(unit.c.id).where(unit.c.code == given.strip().upper()).limit(1))
    if known is None:
        return None
    return get(connection, known)


def get(connection: Connection, number: int) -> Unit:
    """The unit with that private number."""
    row = connection.execute(select(unit).where(unit.c.id == number)).one()
    return Unit(row.id, row.name, row.code or "", row.area, bool(row.confirmed))


def names(connection: Connection) -> dict[int, str]:
    """The name of every unit by its number."""
    return dict(connection.execute(select(unit.c.id, unit.c.name)).all())


def below(connection: Connection, number: int) -> frozenset[int]:
    """The units whose superior 上级, near or far, this one is; it may correct their records."""
    beneath: dict[int, list[int]] = {}
    chosen = select(unit.c.id, unit.c.superior_id).where(unit.c.superior_id.is_not(None))
    for child, superior in connection.execute(chosen).all():
        beneath.setdefault(superior, []).append(child)
    found, todo = {number}, [number]
    while todo:
        fresh = [child for child in beneath.get(todo.pop(), ()) if child not in found]
        found.update(fresh)
        todo += fresh
    return frozenset(found - {number})


def names_of(connection: Connection, unit_id: int) -> list[tuple[str, str]]:
    """Every name of a unit and what it is: current, former 曾用名 or alias; in this order."""
    current = connection.scalar(select(unit.c.name).where(unit.c.id == unit_id))
    query = select(unit_name.c.name, unit_name.c.alias).where(unit_name.c.unit_id == unit_id)
    found = [
        (name, "current" if name == current else "alias" if alias else "former")
        for name, alias in connection.execute(query.order_by(unit_name.c.folded))
    ]
    order = ("current", "former", "alias")
    return sorted(found, key=lambda each: order.index(each[1]))


def superior(connection: Connection, unit_id: int) -> str:
    """The name of the unit above this one; empty where none is known."""
    above = select(unit.c.superior_id).where(unit.c.id == unit_id).scalar_subquery()
    return connection.scalar(select(unit.c.name).where(unit.c.id == above)) or ""


def is_among(connection: Connection, unit: Unit, given: Iterable[str]) -> bool:
    """Whether one of these names, aliases or codes is this unit's."""
    found = [find(connection, each) for each in given]
    return any(each is not None and each.id == unit.id for each in found)


def resolve(connection: Connection, given: str) -> Unit:
    """As ``find``.

    Raises:
        UnknownUnitError: nobody is called so.
    """
    found = find(connection, given)
    if found is None:
        near = "、".join(nearest(connection, given)) or "尚无登记单位"
        raise UnknownUnitError(
            f"没有名为“{given}”的数据来源单位。相近的有：{near}。"
            "请改用其中之一，或加 --new-source 登记为新单位（待确认）。"
        )
    return found


def nearest(connection: Connection, given: str) -> list[str]:
    """The names of the units that come closest to ``given``."""
    names = {row.folded: row.name for row in connection.execute(select(unit_name.c.folded, unit_name.c.name))}
    close = difflib.get_close_matches(fold(given), names, n=NEAREST, cutoff=0.4)
    return [names[folded] for folded in close]


def register(connection: Connection, name: str, now: int, *, confirmed: bool, code: str = "") -> Unit:
    """A new unit of that name; ``confirmed`` is false where a load asked for it (``--new-source``)."""
    values = {"name": name.strip(), "code": code or None, "confirmed": int(confirmed), "created_at": now}
    new = connection.execute(insert(unit).values(**values).returning(unit.c.id)).scalar_one()
    connection.execute(insert(unit_name).values(folded=fold(name), unit_id=new, name=name.strip()))
    return Unit(new, name.strip(), code, "", confirmed)


def import_file(connection: Connection, path: Path, now: int) -> int:
    """Take in a CSV of units (name, code, area, superior, aliases by 、); returns how many rows it had.

    A unit that is known by name or code is brought up to date. All or nothing.

    Raises:
        UnitsFileError: a missing column, an empty name, a wrong code, an unknown superior, a name taken.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in COLUMNS[:2] if name not in (reader.fieldnames or ())]
        if missing:
            raise UnitsFileError(f"{path.name}: columns {', '.join(missing)} are missing; needed: {COLUMNS}.")
        rows = list(reader)
    for number, row in enumerate(rows, 2):
        _take_in(connection, row, f"{path.name} row {number}", now)
    for number, row in enumerate(rows, 2):
        _set_superior(connection, row, f"{path.name} row {number}")
    return len(rows)


def _take_in(connection: Connection, row: dict[str, str | None], where: str, now: int) -> None:
    name, code = (row.get("name") or "").strip(), (row.get("code") or "").strip().upper()
    if not name:
        raise UnitsFileError(f"{where}: the name is empty.")
    if code and not check_unified(code).valid:
        raise UnitsFileError(
            f"{where}: {code} is no valid unified code; `credit-register code {code}` says why."
        )
    given = (row.get("area") or "").strip()
    area = areas.county(given)
    if given and not area:
        raise UnitsFileError(f"{where}: {given} is no area code 行政区划代码 of six or twelve digits.")
    known = find(connection, code) if code else None
    known = known or find(connection, name) or register(connection, name, now, confirmed=True, code=code)
    values = {"code": code or known.code or None, "area": area, "confirmed": 1}
    connection.execute(update(unit).where(unit.c.id == known.id).values(name=name, **values))
    for alias in [name, *(row.get("aliases") or "").replace(",", "、").split("、")]:
        if alias.strip():
            _name(connection, known.id, alias.strip(), where, alias=alias != name)


def _name(connection: Connection, unit_id: int, name: str, where: str, *, alias: bool) -> None:
    taken = connection.scalar(select(unit_name.c.unit_id).where(unit_name.c.folded == fold(name)))
    if taken is None:
        values = {"folded": fold(name), "unit_id": unit_id, "name": name, "alias": int(alias)}
        connection.execute(insert(unit_name).values(**values))
    elif taken != unit_id:
        raise UnitsFileError(f"{where}: the name {name} already belongs to another unit.")


def _set_superior(connection: Connection, row: dict[str, str | None], where: str) -> None:
    superior, own = (row.get("superior") or "").strip(), find(connection, row.get("name") or "")
    if not superior or own is None:
        return
    above = find(connection, superior)
    if above is None or above.id == own.id:
        raise UnitsFileError(f"{where}: the superior {superior} is not a unit of this register.")
    connection.execute(update(unit).where(unit.c.id == own.id).values(superior_id=above.id))
