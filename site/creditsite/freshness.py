"""What a browser may keep, and when it is asked again (DESIGN 5, SECURITY 3: 304 after midnight).

Pages of the register are ``no-cache``: kept, but never shown without asking. The tag of a page is made of
everything that it depends on, so that midnight, a new release and any change of what is public end it.
Whoever answers 304 has looked up the public state before.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from flask import Response, request

from creditsite import services, views

if TYPE_CHECKING:
    from creditregister.ledger import Head
    from creditregister.records import Published

CACHE_CONTROL = "no-cache"


def of_collection(head: Head, *parts: object) -> str:
    """The tag of a page that lists: changes with every entry of the ledger."""
    return _tag(head.origin, head.seq, head.hash.hex(), *parts)


def of_text() -> str:
    """The tag of a page that says the same until the next release, or the next day."""
    return _tag()


def of_record(record: Published, *parts: object) -> str:
    """The tag of one record's page: its version, marks and own last entry."""
    return _tag(record.id, record.version, " ".join(record.marks), record.seq, record.shown_until, *parts)


def unchanged(tag: str) -> Response | None:
    """304 if the browser still holds the page with this tag."""
    if not request.if_none_match.contains_weak(tag):
        return None
    return stamp(Response(status=304), tag)


def stamp(response: Response, tag: str) -> Response:
    """Let the browser keep the answer under its tag."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = CACHE_CONTROL
    return response


def _tag(*parts: object) -> str:
    own = services.current()
    known = (own.release, views.current_language(), own.clock.today().isoformat(), views.large_text())
    text = "\0".join(str(part) for part in (*known, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
