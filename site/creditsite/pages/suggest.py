"""``/suggest.json``: names for the list under the search box, which works alone without script.

Only ``static/suggest.js`` asks; the answer is kept nowhere, since it follows every withdrawal at once.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
from flask import Blueprint, Response, request

from creditindex import query
from creditindex.engine import EngineError
from creditregister import ledger
from creditsite import headers, index, privacy, services, suggestions, views
from creditsite.errors import Refused, identity_number
from creditsite.language import page
from creditsite.typed import plain

if TYPE_CHECKING:
    from creditsite.links import Links
    from creditsite.suggestions import Group, Proposal

blueprint = Blueprint("suggest", __name__)


@page(blueprint, "/suggest.json")
def show() -> Response:
    """Up to six names in each group, each with the address of its subject."""
    own = services.current()
    text = _asked()
    with own.store.read() as connection:
        try:
            index.usable(connection, own.engine, ledger.head(connection), own.clock.now())
            groups = suggestions.propose(connection, own.engine, text, own.clock.today())
        except EngineError as error:
            zh, en = "检索暂时不可用。", "The search is away for the moment."
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "index-away", zh, en) from error
    language, link = views.current_language(), views.link()
    body = {"groups": [_group(group, group.label.text(language), link) for group in groups]}
    response = Response(orjson.dumps(body) + b"\n", mimetype="application/json")
    return headers.no_store(headers.no_index(response))


def _asked() -> str:
    """The text that is being typed.

    Raises:
        Refused: another parameter, a text that is too long, an identity number.
    """
    given = request.args.to_dict(flat=False)
    if any(privacy.is_private(value) for values in given.values() for value in values):
        raise identity_number()
    if set(given) - {"q", "text"} or any(len(values) > 1 for values in given.values()):
        raise Refused(HTTPStatus.BAD_REQUEST, "unknown-parameter", "地址有误。", "The address is wrong.")
    text = plain(request.args.get("q", "")).strip()
    try:
        query.check_text(text)
    except query.QueryError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, error.code, error.zh, error.en) from error
    return text


def _group(group: Group, label: str, link: Links) -> dict[str, object]:
    return {"label": label, "options": [_option(each, link) for each in group.proposals]}


def _option(proposal: Proposal, link: Links) -> dict[str, object]:
    return {
        "href": link(f"/s/{proposal.code}"),
        "code": proposal.code,
        "name": proposal.name,
        "former": proposal.former,
    }
