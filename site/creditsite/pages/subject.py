"""``/s/<code>``: one subject, identified by any of its codes: who it is, and every public record by kind.

An address with another of its codes leads to the one its page stands under. A subject without public records
is answered like an unknown one: that it once had some is nobody's business. A wrong code is explained.
Search engines may list a page that has more than adverse records; what is adverse on it they quote nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response

from creditregister import codes, ledger, records, subjects
from creditregister.text import fold
from creditsite import errors, freshness, labels, results, services, views
from creditsite.language import page

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import Connection

    from creditregister.codes import CodeCheck
    from creditregister.kinds import Kind, Label
    from creditregister.kinds.model import Sign
    from creditregister.subjects import Subject
    from creditsite.results import RecordRow

blueprint = Blueprint("subject", __name__)

#: Records of one kind on the page; the rest is a search away.
MOST = 10


@dataclass(frozen=True, slots=True)
class Section:
    """The records of one kind: how many there are, and the newest, with how these speak of the subject."""

    kind: Kind
    count: int
    rows: list[RecordRow]
    signs: frozenset[Sign]


@page(blueprint, "/s/<code>")
def show(code: str) -> Response:
    """The subject that has this code."""
    check = codes.check(code)
    if check.kind is codes.CodeKind.IDENTITY:
        raise errors.identity_number()
    own = services.current()
    today = own.clock.today()
    with own.store.read() as connection:
        subject = _public(connection, check.value or code, today)
        if subject is None:
            return _unknown(connection, check, today)
        if subject.code != code:
            return views.redirect(views.link()(f"/s/{subject.code}"), HTTPStatus.PERMANENT_REDIRECT)
        tag = freshness.of_collection(ledger.head(connection), subject.id)
        return freshness.answer(tag, lambda: _render(connection, subject, today))


def _public(connection: Connection, code: str, today: date) -> Subject | None:
    """The subject with this code, if anything of it is public today."""
    subject = subjects.by_code(connection, code)
    if subject is None or not records.counts_of_subject(connection, subject.id, today):
        return None
    return subject


def _render(connection: Connection, subject: Subject, today: date) -> Response:
    kinds = services.current().kinds
    counts = records.counts_of_subject(connection, subject.id, today)
    sections = [
        _section(connection, subject, kind, counts[kind.id], today)
        for kind in kinds.values()
        if kind.id in counts
    ]
    folded = fold(subject.name)
    return views.render(
        "subject.html",
        indexed=any(section.signs - {"negative"} for section in sections),
        subject=subject,
        area=services.current().areas.name(subject.area),
        type=labels.label_of(labels.TYPES, subject.type),
        codes=_labelled(subject.codes.items()),
        further=_labelled(subject.further),
        without_code=subjects.without_code(connection, subject.name, today.isoformat()),
        favourable=[section for section in sections if section.kind.sign != "negative"],
        adverse=[section for section in sections if section.kind.sign == "negative"],
        same=subjects.same_name(connection, subject, today.isoformat()),
        bearing=subjects.same_names(connection, [folded], today.isoformat()).get(folded, 1),
        today=today,
    )


def _labelled(codes: Iterable[tuple[str, str]]) -> list[tuple[Label, str]]:
    return [(labels.CODES[kind], value) for kind, value in codes if kind in labels.CODES]


def _section(connection: Connection, subject: Subject, kind: Kind, count: int, today: date) -> Section:
    found = records.of_subject(connection, subject.id, today, kind.id, MOST)
    rows = results.rows_of(services.current().kinds, found, (), today)
    return Section(kind, count, rows, frozenset(kind.sign_of(each.document["fields"]) for each in found))


def _unknown(connection: Connection, check: CodeCheck, today: date) -> Response:
    """What is known of a code that leads nowhere: which check failed, what was probably meant."""
    meant = [(value, _public(connection, value, today)) for value in check.meant]
    response = views.render(
        "subject_unknown.html", HTTPStatus.NOT_FOUND, indexed=False, check=check, meant=meant, today=today
    )
    response.headers["Cache-Control"] = "no-store"
    return response
