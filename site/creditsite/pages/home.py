"""The first page: one box, what can be typed into it, the kinds of records, how fresh they are.

Without an index, or with one that is late, the counts are missing, without a register the date as well; the
box stands in any case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response

from creditindex.engine import EngineError
from creditindex.query import Filters, Query
from creditregister import ledger, records
from creditregister.clock import iso
from creditsite import freshness, index, services, views
from creditsite.language import page

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from creditindex.engine import Engine
    from creditsite.index import Usable

blueprint = Blueprint("home", __name__)

#: The kind whose newest record gives the examples of a demo: nobody minds being an example of a licence.
EXAMPLE_KIND = "licence"
#: Where the legal form of a name begins.
_FORM = re.compile("有限|股份|农民|合作|分公司|中心|协会")


@dataclass(frozen=True, slots=True)
class Overview:
    """What the index says of the whole: records by kind, and examples to try in a demo."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: tuple[str, ...] = ()


@page(blueprint, "/")
def show() -> Response:
    """The search box and what there is to search."""
    own = services.current()
    if not own.store.exists():
        return _render(Overview(), "")
    with own.store.read() as connection:
        head = ledger.head(connection)
        updated = iso(head.time)[:10] if head.seq else ""
        try:
            state = index.usable(connection, own.engine, head, own.clock.now())
        except EngineError:
            return _render(Overview(), updated)
        tag = freshness.of_collection(head, state.position.seq, state.late)
        return freshness.answer(
            tag, lambda: _render(_overview(connection, own.engine, own.clock.today(), state), updated)
        )


@blueprint.get("/en")
def english() -> Response:
    """The English first page has a slash; werkzeug's own redirect would carry the Host header."""
    return views.redirect(views.link()("/"), HTTPStatus.PERMANENT_REDIRECT)


def _render(overview: Overview, updated: str) -> Response:
    """Kinds with records are links; the others are named, so that nobody looks for what is not there."""
    kinds = list(services.current().kinds.values())
    filled = [kind for kind in kinds if overview.counts.get(kind.id)] or kinds
    waiting = [kind for kind in kinds if kind not in filled]
    return views.render("home.html", filled=filled, waiting=waiting, overview=overview, updated=updated)


def _overview(connection: Connection, engine: Engine, today: date, state: Usable) -> Overview:
    """Without counts where the index is late: they would tell of what was withdrawn meanwhile."""
    facets = None if state.late else engine.find(Query("", today, size=1)).facets
    counts = {count.value: count.count for count in facets.kind} if facets else {}
    demo = services.current().settings.demo
    return Overview(counts, _examples(connection, engine, today) if demo else ())


def _examples(connection: Connection, engine: Engine, today: date) -> tuple[str, ...]:
    """A code, a name, a part of it and a document number that are really there."""
    asked = Query("", today, Filters(kind=(EXAMPLE_KIND,)), "newest", size=1)
    found = records.by_ids(connection, [hit.id for hit in engine.find(asked).hits], today)
    for record in found.values():
        document = record.document
        name = document["name"]
        return tuple(text for text in (name, _part(name), document["code"], document["number"]) if text)
    return ()


def _part(name: str) -> str:
    """Four telling characters of a name: those before its legal form."""
    return _FORM.split(name)[0][-4:]
