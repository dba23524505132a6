"""``/sitemap.xml``: the pages of identified companies, for search engines; in parts of at most 50,000.

Only subjects are in it that have a public record today of a kind that is not adverse throughout: the page of
any other is not to be listed. A page that was withdrawn is gone from the next answer on.
Addresses in a sitemap must be absolute, so a site without ``site.hosts`` has none.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from creditregister import ledger, subjects
from creditsite import freshness, links, services

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

blueprint = Blueprint("sitemap", __name__)

#: Addresses in one part: the protocol's limit.
PART = 50_000
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@blueprint.get("/sitemap.xml")
def parts() -> Response:
    """The list of the parts that hold anything."""
    own, site = services.current(), _address()
    with own.store.read() as connection:
        return freshness.answer(
            _tag(connection),
            lambda: _xml(
                "sitemapindex",
                (f"<sitemap><loc>{site}/sitemap-{part}.xml</loc></sitemap>" for part in _filled(connection)),
            ),
        )


@blueprint.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """The addresses of one part."""
    own, site = services.current(), _address()
    with own.store.read() as connection:
        if number * PART >= subjects.last_id(connection):  # also a number that no database could hold
            abort(HTTPStatus.NOT_FOUND)
        return freshness.answer(_tag(connection), lambda: _part(connection, number, site))


def _part(connection: Connection, number: int, site: str) -> Response:
    found = _codes(connection, number, PART)
    if not found:
        abort(HTTPStatus.NOT_FOUND)
    return _xml("urlset", (f"<url><loc>{site}/s/{code}</loc></url>" for code in found))


def _filled(connection: Connection) -> list[int]:
    """The numbers of the parts that hold anything."""
    parts = -(-subjects.last_id(connection) // PART)
    return [number for number in range(parts) if _codes(connection, number, 1)]


def _codes(connection: Connection, number: int, limit: int) -> list[str]:
    """The codes of one part, at most so many."""
    own = services.current()
    kinds = [
        kind.id for kind in own.kinds.values() if {kind.sign, *kind.signs.codes.values()} != {"negative"}
    ]
    numbers = range(number * PART + 1, (number + 1) * PART + 1)
    return subjects.codes_with_pages(connection, numbers, kinds, own.clock.today(), limit)


def _tag(connection: Connection) -> str:
    """What is known to search engines under it changes with the ledger only; it is looked up before."""
    return freshness.of_collection(ledger.head(connection), request.path)


def _address() -> str:
    """This site as others name it; 404 where the settings do not say."""
    site = links.absolute(services.current().settings.site.hosts, request.root_path)
    return site or abort(HTTPStatus.NOT_FOUND)


def _xml(root: str, items: Iterable[str]) -> Response:
    text = "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', f"<{root} {_SPACE}>", *items, f"</{root}>", ""]
    )
    return Response(text, mimetype="application/xml")
