"""``/bans`` and its JSON twin: is this subject barred from that field on a day? (FEATURES C6).

"Yes" names the records that prove it. "No" is never said: only that this site has no valid record as of
today, with what it covers. Natural persons are not answered for here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, Response, request

from creditregister import bans, codes, coverage, ledger, statistics, subjects, units
from creditregister.kinds import Label
from creditsite import errors, freshness, headers, labels, services, views
from creditsite.errors import Refused
from creditsite.language import page
from creditsite.links import is_sharing
from creditsite.typed import Wrong, plain

if TYPE_CHECKING:
    from creditregister.bans import Ban
    from creditregister.codes import CodeCheck
    from creditregister.kinds import Choice
    from creditregister.subjects import Subject

blueprint = Blueprint("bans", __name__)

#: Parameters of a question.
ASKED = ("code", "field", "on")
#: Characters of a code, with gaps; longer texts are no codes.
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Question:
    """Whether the subject with this code is barred from the field on the day."""

    code: CodeCheck
    field: Choice
    on: date


@dataclass(frozen=True, slots=True)
class Source:
    """A unit that delivers bans to this site: its last delivery, and how many are public."""

    unit: str
    last: date | None
    public: int


@dataclass(frozen=True, slots=True)
class Answer:
    """``bans`` prove the answer; without any, ``sources`` say what "no valid record" covers.

    ``past``: the day lies before today, and what was public then and is no more was not looked for; ``cut``:
    the subject has more bans than were looked at.
    """

    subject: Subject | None
    bans: list[Ban]
    sources: list[Source]
    past: bool
    cut: bool


@page(blueprint, "/bans")
def show() -> Response:
    """The form, and the answer beside it once something is asked."""
    own = services.current()
    today = own.clock.today()
    given = {name: plain(request.args.get(name, "").strip()) for name in ASKED}
    wrong: list[Wrong] = []
    question = _question(given, today, wrong) if given["code"] or given["field"] else None
    status = HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK
    response = views.render(
        "bans.html",
        status,
        indexed=False,
        given=given,
        wrong=wrong,
        question=question,
        answer=_answer(question, today) if question else None,
        most=bans.MOST,
        choices=_choices(),
        marks=labels.MARKS,
        today=today,
    )
    return headers.no_store(response)


@page(blueprint, "/bans.json")
def data() -> Response:
    """The same for programs.

    Raises:
        Refused: a parameter is unknown, missing or unfit.
    """
    own = services.current()
    today = own.clock.today()
    unknown = [name for name in request.args if name not in ASKED and not is_sharing(name)]
    if unknown:
        told = Label("参数只有 code、field、on。", "Parameters are code, field and on.")
        raise _refused("unknown-parameter", told)
    wrong: list[Wrong] = []
    question = _question({name: request.args.get(name, "").strip() for name in ASKED}, today, wrong)
    if question is None:
        first = wrong[0]
        raise _refused(first.field, first.text)
    with own.store.read() as connection:
        head = ledger.head(connection)
    answer = _answer(question, today)
    # Deliveries and names of units change what an answer covers without an entry of the ledger.
    tag = freshness.of_collection(
        head, question.code.value, question.field.code, question.on, *answer.sources
    )
    kept = freshness.unchanged(tag)
    if kept is not None:
        return kept
    body = orjson.dumps(_twin(question, answer, today), option=orjson.OPT_APPEND_NEWLINE)
    return headers.no_index(freshness.stamp(Response(body, mimetype="application/json"), tag))


def _question(given: dict[str, str], today: date, wrong: list[Wrong]) -> Question | None:
    """Read the question; what is wrong with it is added to ``wrong``.

    Raises:
        Refused: an identity number was typed; it is not repeated.
    """
    if any(codes.find_identities(value) for value in given.values()):
        raise errors.identity_number()
    check = codes.check(given["code"][:LONGEST])
    field = next((each for each in _choices() if each.code == given["field"]), None)
    on = _day(given["on"]) if given["on"] else today
    if not check.valid:
        why = check.problems[0] if check.problems else None
        zh = why.zh if why else "请填写统一社会信用代码。"
        wrong.append(Wrong("code", Label(zh, why.en if why else "Give a unified social credit code.")))
    if field is None:
        wrong.append(Wrong("field", Label("请选择八个领域之一。", "Choose one of the eight fields.")))
    if on is None:
        wrong.append(Wrong("on", Label("日期请写成 2026-04-01 的形式。", "Write the day as 2026-04-01.")))
    return Question(check, field, on) if field and on and not wrong else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-04-01") else None
    except ValueError:
        return None


def _answer(question: Question, today: date) -> Answer:
    own = services.current()
    with own.store.read() as connection:
        subject = subjects.by_code(connection, question.code.value)
        found, cut = bans.of_subject(connection, subject.id, today) if subject else ([], False)
    barring = bans.barring(found, question.field.code, question.on)
    # Whether a subject without a ban is known here is nobody's business.
    return Answer(subject if barring else None, barring, _sources(today), question.on < today, cut)


def _sources(today: date) -> list[Source]:
    """Who delivers bans to this site: what an answer without a record stands on."""
    own = services.current()
    public = statistics.figures(own.tally.at(own.store, today)).by_unit_and_kind()
    with own.store.read() as connection:
        covered = [each for each in coverage.read(connection, own.measure, today) if each.kind == bans.KIND]
        names = units.names(connection)
    return [
        Source(
            names[each.unit], each.last.day if each.last else None, public.get((str(each.unit), bans.KIND), 0)
        )
        for each in covered
    ]


def _choices() -> tuple[Choice, ...]:
    return services.current().kinds[bans.KIND].field("ban_field").choices


def _twin(question: Question, answer: Answer, today: date) -> dict[str, Any]:
    return {
        "code": question.code.value,
        "field": question.field.code,
        "on": question.on.isoformat(),
        "as_of": today.isoformat(),
        "answer": "barred" if answer.bans else "no-valid-record",
        "subject": {"code": answer.subject.code, "name": answer.subject.name} if answer.subject else None,
        "records": [_proof(ban) for ban in answer.bans],
        "limits": [
            limit for limit, holds in (("ended-not-searched", answer.past), ("list-cut", answer.cut)) if holds
        ],
        "coverage": [
            {
                "unit": each.unit,
                "last_delivery": each.last.isoformat() if each.last else None,
                "public": each.public,
            }
            for each in answer.sources
        ],
    }


def _proof(ban: Ban) -> dict[str, Any]:
    document = ban.record.document
    return {
        "id": ban.record.id,
        "version": ban.record.version,
        "document": document["number"],
        "body": document["body"],
        "basis": document["fields"].get("basis") or None,
        "fields": list(ban.fields),
        "from": ban.begins or None,
        "until": ban.ends or None,
        "permanent": ban.permanent,
        "marks": list(ban.record.marks),
    }


def _refused(reason: str, told: Label) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, reason, told.zh, told.en)
