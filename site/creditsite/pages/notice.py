"""``/r/<id>/notice``: the repair notice 信用修复告知书, served with a decision 两书同达 (FEATURES X8).

国办发〔2025〕22号 asks for it: whoever is told of a penalty is told at the same time for how long it is
public, from when it may be repaired, and how. One page to print, with a code that leads to the record.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from creditregister import explanation, projection, records
from creditsite import freshness, headers, links, qr, services, views
from creditsite.language import page
from creditsite.pages.record import gone, heading, subject_of

if TYPE_CHECKING:
    from creditregister.records import Published
    from creditregister.rules import Window
    from creditregister.subjects import Subject

blueprint = Blueprint("notice", __name__)


@page(blueprint, "/r/<id>/notice")
def show(id: str) -> Response:  # noqa: A002 -- the name of the part of the address
    """The notice of a record that is public and negative; 410 with the record, 404 where none is needed."""
    own = services.current()
    with own.store.read() as connection:
        standing = records.standing(connection, id, own.clock.today())
        record = standing.record
        if standing.state != "public" or record is None:
            return gone(standing)
        if not noticed(record):
            abort(HTTPStatus.NOT_FOUND)
        case = explanation.case_of(connection, record)
        subject = subject_of(connection, record)
    why = explanation.explanation(own.law, case, own.clock.today())
    if why.last_shown is None:
        abort(HTTPStatus.NOT_FOUND)
    tag = freshness.of_record(record, subject.name if subject else "", "notice")
    kept = freshness.unchanged(tag)
    return kept or freshness.stamp(headers.no_index(_render(record, subject, why)), tag)


def noticed(record: Published) -> bool:
    """Whether a notice can be printed for it: a negative record with a term."""
    own = services.current()
    return record.kind in own.kinds and own.kinds[record.kind].sign == "negative" and bool(record.shown_until)


def _render(record: Published, subject: Subject | None, why: Window) -> Response:
    own = services.current()
    kind, document = own.kinds[record.kind], record.document
    rows = projection.shown(kind, document, views.current_language())
    site = links.absolute(own.settings.site.hosts, request.root_path)
    return views.render(
        "notice.html",
        indexed=False,
        back=views.link()(f"/r/{record.id}"),
        name=document["name"],
        number=document["number"],
        decided=record.decided,
        title=heading(kind, document, views.current_language()),
        subject=subject,
        why=why,
        grade=next((row.value for row in rows if row.field.id == "severity" and not row.missing), ""),
        code=qr.code(f"{site}/r/{record.id}") if site else None,
        today=own.clock.today(),
    )
