"""``/search``: what was understood, subjects by name, records, and how to narrow them.

Failure modes: a question that cannot be asked is 400 and says why; a page past the end is 404; without an
index the search is limited to codes and beginnings of names and says so (DESIGN 4, Engine away).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from flask import Blueprint, Response, request

from creditindex.engine import EngineAwayError, EngineError
from creditregister import ledger
from creditregister.text import fold
from creditsite import asked, freshness, index, limited, logs, results, services, understood, views
from creditsite.language import page
from creditsite.narrowing import Narrowing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from creditregister.kinds import Label
    from creditsite.asked import Asked
    from creditsite.results import Found

blueprint = Blueprint("search", __name__)
log = structlog.get_logger(__name__)


@page(blueprint, "/search")
def show() -> Response:
    """Answer one question."""
    kept = asked.sharing(request.args)
    if kept is not None:
        return views.redirect(views.link().plain("/search", kept))
    question = asked.read(request.args, services.current().clock.today())
    with services.current().store.read() as connection:
        try:
            return _answer(connection, question)
        except EngineError as error:
            return _without_index(connection, question, error)


def _answer(connection: Connection, question: Asked) -> Response:
    own = services.current()
    head = ledger.head(connection)
    state = index.usable(connection, own.engine, head, own.clock.now())
    tag = freshness.of_collection(head, state.position.seq, state.position.hash, state.late)
    return freshness.answer(tag, lambda: _found(connection, question, late=state.late))


def _found(connection: Connection, question: Asked, *, late: bool) -> Response:
    own = services.current()
    if question.view:
        found = results.find_names(connection, own.engine, question)
    else:
        found = results.find(connection, own.engine, own.kinds, question)
    if question.page > max(1, found.last):
        raise asked.past_the_end(found.last)
    return _render(question, found, late=late)


def _without_index(connection: Connection, question: Asked, error: EngineError) -> Response:
    """Nothing here may be kept: the full search is back at any moment."""
    if not isinstance(error, EngineAwayError):
        log.error("index failed", error=type(error).__name__, places=logs.places(error))
    asks = limited.answered(question)
    found = limited.find(connection, services.current().kinds, asks)
    response = _render(asks, found, late=False, limited=True, ignored=asks != question)
    response.headers["Cache-Control"] = "no-store"
    return response


def _render(
    question: Asked, found: Found, *, late: bool, limited: bool = False, ignored: bool = False
) -> Response:
    own = services.current()
    narrow = Narrowing(question, views.link(), own.kinds, own.areas)
    return views.render(
        "search.html",
        indexed=False,
        asked=question,
        blank=bool(question.text) and not fold(question.text),
        found=found,
        late=late,
        limited=limited,
        ignored=ignored,
        chips=[] if question.view else narrow.chips(),
        understood=_understood(found),
        facets=[] if late or found.page is None else narrow.facets(found.page),
        today=own.clock.today(),
    )


def _understood(found: Found) -> Label | None:
    """The parts of a case or document number that was typed."""
    reference = found.page.understood.reference if found.page is not None else None
    return understood.sentence(reference, services.current().courts) if reference is not None else None
