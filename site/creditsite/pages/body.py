"""``/b/<body>``: one deciding body 决定机关: its names over time, its public decisions, the newest.

A body is a unit of the register, by any of its names or its code, or else just a name that public records
bear. One without either is answered with 404. The page names companies, so search engines do not list it.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort

from creditregister import bodies, ledger, punctuality, records, units
from creditsite import errors, freshness, privacy, results, services, views
from creditsite.language import page
from creditsite.typed import plain

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from creditregister.kinds import Kind
    from creditregister.records import Borne
    from creditregister.standing import Standing
    from creditregister.units import Unit

blueprint = Blueprint("body", __name__)

#: Newest decisions on the page; the rest is a search away.
MOST = 20
#: Names of one body that a search for its decisions takes.
MOST_NAMES = 10


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a body: ``how`` is current, former or alias; and what is public under it."""

    text: str
    how: str
    borne: Borne | None


@dataclass(frozen=True, slots=True)
class Body:
    """Who the page is about; ``unit`` is none for a name that no unit of the register bears."""

    name: str
    unit: Unit | None
    names: list[Name]

    @property
    def numbers(self) -> list[int]:
        """Its names as records keep them."""
        return [bodies.number(name.text) for name in self.names]

    def search(self, **more: str) -> list[tuple[str, str]]:
        """The parameters of a search for its decisions, under as many names as a search takes."""
        borne = [("body", name.text) for name in self.names if name.borne]
        return [*borne[:MOST_NAMES], *more.items(), ("order", "newest")]

    @property
    def beyond(self) -> list[str]:
        """Names with public records that such a search leaves out."""
        return [name.text for name in self.names if name.borne][MOST_NAMES:]


@page(blueprint, "/b/<path:body>")
def show(body: str) -> Response:
    """The body of this name or code."""
    if privacy.is_private(body):
        raise errors.identity_number()
    own = services.current()
    today = own.clock.today()
    with own.store.read() as connection:
        found = _body(connection, plain(body), today)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        if found.name != body:
            return views.redirect(views.link()(f"/b/{found.name}"), HTTPStatus.PERMANENT_REDIRECT)
        timed = punctuality.of_bodies(connection, own.measure, found.numbers, today)
        superior = units.superior(connection, found.unit.id) if found.unit else ""
        # Units, their names and schedules change without an entry of the ledger.
        figures = (timed.assessed, timed.on_time, timed.late, timed.median)
        head = ledger.head(connection)
        tag = freshness.of_collection(head, found.name, found.unit, found.names, superior, figures)
        return freshness.unchanged(tag) or freshness.stamp(
            _render(connection, found, superior, timed, today), tag
        )


def _body(connection: Connection, given: str, today: date) -> Body | None:
    unit = units.find(connection, given)
    names = units.names_of(connection, unit.id) if unit else [(given, "current")]
    borne = records.borne(connection, [bodies.number(name) for name, _ in names], today)
    if unit is None and not borne:
        return None
    listed = [Name(name, how, borne.get(bodies.number(name))) for name, how in names]
    return Body(unit.name if unit else given, unit, listed)


def _area(code: str) -> str:
    """The name of an area or, where it has none, that of the city around it."""
    name = services.current().areas.name
    return next((name(part) for part in (code, code[:4]) if name(part) != part), code)


def _render(connection: Connection, body: Body, superior: str, timed: Standing, today: date) -> Response:
    own = services.current()
    newest = records.of_bodies(connection, body.numbers, today, MOST)
    counts = records.counts_of_bodies(connection, body.numbers, today)
    sections: list[tuple[Kind, int]] = [
        (kind, counts[kind.id]) for kind in own.kinds.values() if kind.id in counts
    ]
    return views.render(
        "body.html",
        indexed=False,
        body=body,
        superior=superior,
        area=_area(body.unit.area) if body.unit else "",
        sections=sections,
        total=sum(counts.values()),
        timed=timed,
        since=punctuality.first_month(today),
        rows=results.rows_of(own.kinds, newest, (), today),
        today=today,
    )
