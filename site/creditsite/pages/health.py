"""Whether the site lives, and whether it can do its work: for probers and load balancers."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from creditregister import ledger
from creditregister.store import StoreError
from creditsite import headers, services
from creditsite.guard import limiter

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return headers.no_store(Response("ok\n", mimetype="text/plain"))


@blueprint.get("/readyz")
def ready() -> Response:
    """503 while the register cannot be read; the index and the counts only degrade, and are named."""
    parts = {"register": _register(), "limits": "local" if limiter.current().local else "shared"}
    good = parts["register"] == "ok"
    body = orjson.dumps({"ready": good, **parts}) + b"\n"
    return headers.no_store(Response(body, 200 if good else 503, mimetype="application/json"))


def _register() -> str:
    try:
        with services.current().store.read() as connection:
            ledger.head(connection)
    except (StoreError, SQLAlchemyError, OSError):
        return "away"
    return "ok"
