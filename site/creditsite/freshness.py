"""What a browser may keep, and when it is asked again (DESIGN 5, SECURITY 3: 304 after midnight).

Pages of the register are ``no-cache``: kept, but never shown without asking. The tag of a page is made of
everything that it depends on, so that midnight, a new release and any change of what is public end it.
Whoever answers 304 has looked up the public state before.
"""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Response, request

from creditsite import services, views
from creditsite.pagecache import LARGEST, Kept

if TYPE_CHECKING:
    from collections.abc import Callable

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
    """The tag of one record's page: its version, marks, own last entry, and its unit as it is called now."""
    known = (record.id, record.version, " ".join(record.marks), record.seq, record.shown_until, record.unit)
    return _tag(*known, *parts)


def unchanged(tag: str) -> Response | None:
    """304 if the browser still holds the page with this tag."""
    if not request.if_none_match.contains_weak(tag):
        return None
    return stamp(Response(status=304), tag)


def answer(tag: str, make: Callable[[], Response]) -> Response:
    """304, the page that was made under this tag before, or a new one.

    The tag names all that the page says: its caller has looked up the public state of this moment for it. So
    a page is kept and given again exactly where a browser may go on showing its own.
    """
    kept = unchanged(tag)
    if kept is not None:
        return kept
    pages = services.current().pages
    address = f"{tag}\0{request.script_root}\0{request.path}\0{request.query_string.decode('latin-1')}"
    key = hashlib.sha256(address.encode()).digest()
    found = pages.get(key)
    if found is not None:
        return Response(found.body, headers=list(found.headers))
    response = stamp(make(), tag)
    if response.status_code == HTTPStatus.OK and len(response.get_data()) <= LARGEST:
        pages.put(key, Kept(response.get_data(), tuple(response.headers)))
    return response


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
