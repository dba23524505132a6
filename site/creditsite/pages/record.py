"""``/r/<id>`` and its JSON twin: one record as it stands at this moment, or why it is not here.

404 for an id that never was, and for persons as if they never had been; 410 for a company's record whose
publication ended (no reason, no kind) or whose decision was annulled (with document and date, as the Penalty
Law demands). The public state is looked up before any 304.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, Response, abort

from creditregister import explanation, projection, punctuality, records, subjects
from creditregister.clock import civil, iso
from creditregister.text import fold
from creditsite import freshness, headers, ics, labels, services, timeline, views
from creditsite.language import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from creditregister.kinds import Kind
    from creditregister.punctuality import Lags
    from creditregister.records import Published, Standing
    from creditregister.rules import Window
    from creditregister.subjects import Subject

blueprint = Blueprint("record", __name__)


@page(blueprint, "/r/<id>")
def show(id: str) -> Response:  # noqa: A002 -- the name of the part of the address
    """A record's page."""
    own = services.current()
    with own.store.read() as connection:
        standing = records.standing(connection, id, own.clock.today())
        record = standing.record
        if standing.state != "public" or record is None or record.kind not in own.kinds:
            return gone(standing)
        subject = subject_of(connection, record)
        lags = punctuality.of_record(connection, own.measure, record)
        tag = freshness.of_record(record, *_identity(subject), lags)
        return freshness.answer(tag, lambda: _page(connection, record, subject, lags))


@page(blueprint, "/r/<id>.json")
def data(id: str) -> Response:  # noqa: A002 -- the name of the part of the address
    """The same record for programs: the published bytes, and what the site knows of them."""
    own = services.current()
    with own.store.read() as connection:
        standing = records.standing(connection, id, own.clock.today())
        record = standing.record
        if standing.state != "public" or record is None:
            return _gone_json(standing)
        subject = subject_of(connection, record)
        lags = punctuality.of_record(connection, own.measure, record)
        tag = freshness.of_record(record, *_identity(subject), lags)
        kept = freshness.unchanged(tag)
        if kept is not None:
            return kept
        case = explanation.case_of(connection, record)
    doubt = False
    if record.kind in own.kinds:
        doubt = "provisional" in explanation.explanation(own.law, case, own.clock.today()).flags
    body = orjson.dumps(_twin(record, subject, lags, provisional=doubt), option=orjson.OPT_APPEND_NEWLINE)
    return headers.no_index(freshness.stamp(Response(body, mimetype="application/json"), tag))


@page(blueprint, "/r/<id>.ics")
def days(id: str) -> Response:  # noqa: A002 -- the name of the part of the address
    """The days of a record that are still to come, for a calendar."""
    own = services.current()
    today, language = own.clock.today(), views.current_language()
    with own.store.read() as connection:
        standing = records.standing(connection, id, today)
        record = standing.record
        if standing.state != "public" or record is None or record.kind not in own.kinds:
            return gone(standing)
        made = records.made_at(connection, record)
    tag = freshness.of_record(record, "ics")
    kept = freshness.unchanged(tag)
    if kept is not None:
        return kept
    title = heading(own.kinds[record.kind], record.document, language)
    line = timeline.timeline(record, record.term.window(today), today)
    events = [
        ics.Event(f"{record.id}-{point.name}", point.day, f"{point.label.text(language)}：{title}", title)
        for point in line.points
        if point.day >= today and point.name not in {"today", "published"}
    ]
    body = ics.calendar(title, events, max(made, record.published_at), record.version)
    response = Response(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{record.id}.ics"'
    return headers.no_index(freshness.stamp(response, tag))


def subject_of(connection: Connection, record: Published) -> Subject | None:
    """Whose record it is; none where no code says so."""
    if record.subject_id is None:
        return None
    return subjects.by_ids(connection, [record.subject_id]).get(record.subject_id)


def _identity(subject: Subject | None) -> tuple[object, ...]:
    """What the page takes from the subject and not from the record; the version also stands for its names."""
    return (subject.code, subject.name, subject.version) if subject else ()


def _page(connection: Connection, record: Published, subject: Subject | None, lags: Lags | None) -> Response:
    own = services.current()
    why = explanation.explanation(own.law, explanation.case_of(connection, record), own.clock.today())
    return _render(record, subject, lags, why)


def _render(record: Published, subject: Subject | None, lags: Lags | None, why: Window) -> Response:
    own = services.current()
    language = views.current_language()
    kind = own.kinds[record.kind]
    today, calendar = own.clock.today(), own.law.book.calendar
    document = projection.as_of(kind, record.document, today, calendar)
    return views.render(
        "record.html",
        indexed=kind.sign_of(document["fields"]) != "negative",
        record=record,
        kind=kind,
        document=document,
        title=heading(kind, document, language),
        rows=_rows(kind, document, record.unit, language),
        subject=subject,
        named=_named(subject, str(document["name"])),
        codes=[
            (labels.CODES[kind], code) for kind, code in document["codes"].items() if kind in labels.CODES
        ],
        marks=[(mark, labels.label_of(labels.MARKS, mark)) for mark in record.marks],
        state=labels.label_of(labels.STATES, projection.state_on(kind, document, today, calendar)),
        published=civil(record.published_at),
        lags=lags,
        timeline=timeline.timeline(record, why, today),
        why=why,
        lists=own.lists.of(kind, document["fields"]),
        today=today,
    )


def _named(subject: Subject | None, name: str) -> str:
    """How the name in the record stands to its subject's: ``now``, ``former``, ``other``; or empty."""
    if subject is None:
        return ""
    if fold(name) == fold(subject.name):
        return "now"
    return "former" if fold(name) in {each.folded for each in subject.former} else "other"


def heading(kind: Kind, document: Mapping[str, Any], language: str) -> str:
    """The sentence that heads the page; where a part of it was not given, name and kind."""
    given = document["title"]["en" if language == "en" else "zh"]
    return given or f"{document['name']} - {kind.name.text(language)}"


def _rows(kind: Kind, document: Mapping[str, Any], unit: str, language: str) -> list[projection.Row]:
    """The fields; the source unit is named beside them already, unless the record names another one."""
    rows = projection.shown(kind, document, language)
    return [row for row in rows if row.field.id != "source_unit" or row.value not in {"", unit}]


def _twin(
    record: Published, subject: Subject | None, lags: Lags | None, *, provisional: bool
) -> dict[str, Any]:
    return {
        "id": record.id,
        "version": record.version,
        "published_at": iso(record.published_at),
        "source_unit": record.unit,
        "batch": record.batch,
        "row": record.row,
        "period": {
            "rule": record.rule if record.term.computed else None,
            "from": record.shown_from or None,
            "minimum_end": record.min_end or None,
            "repair_from": record.repair_from or None,
            "until": record.shown_until or None,
            "held_from": record.held_from or None,
            "provisional": provisional,
        },
        "lags": _lags(lags),
        "marks": list(record.marks),
        "subject": subject.code if subject else None,
        "subject_name": subject.name if subject else None,
        "record": orjson.Fragment(record.public),
    }


def _lags(lags: Lags | None) -> dict[str, Any] | None:
    """Working days of the unit and of the site; ``due`` is the last day in time."""
    if lags is None:
        return None
    return {
        "received": lags.received.isoformat(),
        "unit_workdays": lags.unit,
        "due": lags.due.isoformat() if lags.due else None,
        "late": lags.late if lags.due else None,
        "site_workdays": lags.site,
        "provisional": lags.provisional,
    }


def gone(standing: Standing) -> Response:
    """410 for a company's record that was withdrawn, 404 for what never was or is nobody's business."""
    if standing.state not in {"ended", "annulled"}:
        abort(HTTPStatus.NOT_FOUND)
    annulled = standing.record if standing.state == "annulled" else None
    response = views.render(
        "gone.html",
        HTTPStatus.GONE,
        indexed=False,
        number=annulled.document["number"] if annulled else "",
        decided=annulled.decided if annulled else "",
        annulled=annulled is not None,
        since=civil(standing.withdrawn_at) if annulled else None,
    )
    return headers.no_store(response)


def _gone_json(standing: Standing) -> Response:
    if standing.state not in {"ended", "annulled"}:
        abort(HTTPStatus.NOT_FOUND)
    body: dict[str, Any] = {"status": int(HTTPStatus.GONE), "reason": standing.state}
    if standing.state == "annulled" and standing.record is not None:
        body["document"] = standing.record.document["number"]
        body["decided"] = standing.record.decided
    content = orjson.dumps({"error": body}, option=orjson.OPT_APPEND_NEWLINE)
    response = Response(content, HTTPStatus.GONE, mimetype="application/json")
    return headers.no_store(headers.no_index(response))
