"""Whether the site lives, and whether it can do its work: for probers and load balancers."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from creditindex.engine import EngineError
from creditregister import ledger
from creditregister.store import StoreError
from creditsite import headers, index, services
from creditsite.guard import limiter

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return headers.no_store(Response("ok\n", mimetype="text/plain"))


@blueprint.get("/readyz")
def ready() -> Response:
    """503 while the register cannot be read or its index is missing or another's (DESIGN 4, Follow).

    A register that takes nothing in (``store.read_only``) is said to be so, and is ready.

    Counts that are kept by each worker only are named, but no reason to send people elsewhere.
    """
    register, found = _parts()
    good = register == "ok" and found in {"current", "behind"}
    limits = "local" if limiter.current().local else "shared"
    if register == "ok" and services.current().settings.store.read_only:
        register = "read-only"
    body = orjson.dumps({"ready": good, "register": register, "index": found, "limits": limits}) + b"\n"
    return headers.no_store(Response(body, 200 if good else 503, mimetype="application/json"))


def _parts() -> tuple[str, str]:
    own = services.current()
    try:
        with own.store.read() as connection:
            head = ledger.head(connection)
            try:
                state = index.usable(connection, own.engine, head, own.clock.now())
                if not own.engine.health().ready:  # its position may be known and its documents gone
                    return "ok", "away"
            except EngineError:
                return "ok", "away"
            return "ok", "behind" if state.late else "current"
    except (StoreError, SQLAlchemyError, OSError):
        return "away", "unknown"
