"""``/sitemap.xml``: the pages of identified companies, for search engines; in parts of at most 50,000.

Only subjects with a public record today are in it: a page that was withdrawn is gone from the next answer on.
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

    from creditregister.ledger import Head

blueprint = Blueprint("sitemap", __name__)

#: Addresses in one part: the protocol's limit.
PART = 50_000
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@blueprint.get("/sitemap.xml")
def parts() -> Response:
    """The list of the parts that hold anything."""
    own, site = services.current(), _address()
    with own.store.read() as connection:
        head = ledger.head(connection)
        last = subjects.last_id(connection)
        spans = [(number, number * PART) for number in range(-(-last // PART))]
        filled = [
            number
            for number, after in spans
            if subjects.codes_with_pages(connection, after, after + PART, own.clock.today(), limit=1)
        ]
    items = (f"<sitemap><loc>{site}/sitemap-{number}.xml</loc></sitemap>" for number in filled)
    return _xml("sitemapindex", items, head)


@blueprint.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """The addresses of one part."""
    own, site = services.current(), _address()
    with own.store.read() as connection:
        head = ledger.head(connection)
        after = number * PART
        if after >= subjects.last_id(connection):  # also a number that no database could hold
            abort(HTTPStatus.NOT_FOUND)
        codes = subjects.codes_with_pages(connection, after, after + PART, own.clock.today(), limit=PART)
    if not codes:
        abort(HTTPStatus.NOT_FOUND)
    return _xml("urlset", (f"<url><loc>{site}/s/{code}</loc></url>" for code in codes), head)


def _address() -> str:
    """This site as others name it; 404 where the settings do not say."""
    site = links.absolute(services.current().settings.site.hosts, request.root_path)
    return site or abort(HTTPStatus.NOT_FOUND)


def _xml(root: str, items: Iterable[str], head: Head) -> Response:
    tag = freshness.of_collection(head, request.path)
    kept = freshness.unchanged(tag)
    if kept is not None:
        return kept
    text = "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', f"<{root} {_SPACE}>", *items, f"</{root}>", ""]
    )
    return freshness.stamp(Response(text, mimetype="application/xml"), tag)
