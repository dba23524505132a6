"""``/people``: exact look-up of natural persons 自然人, by whole name and whole number, nothing else.

What is typed travels by POST, stands in no address and no log, is never shown again (but the name, to the one
who typed it) and is compared as a keyed hash. A miss costs ten times a hit, and a wrong number is answered
like an unknown one. Without the shared counts the look-up is closed (DESIGN 3, Natural persons; DOMAIN 4.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from creditregister import people, projection
from creditregister.clock import civil
from creditregister.kinds import Label
from creditregister.text import fold
from creditsite import headers, labels, privacy, services, views
from creditsite.errors import Refused
from creditsite.guard import limiter
from creditsite.language import page
from creditsite.typed import Wrong, plain

if TYPE_CHECKING:
    from datetime import date

    from creditregister.kinds import Kind
    from creditregister.records import Published

blueprint = Blueprint("people", __name__)

MOST_NAME = 50
#: The shortest number that can be a whole one: a passport's or a case's.
FEWEST, MOST_NUMBER = 6, 60
WILDCARDS = frozenset("*?%_")


@dataclass(frozen=True, slots=True)
class Shown:
    """One record of the person, as far as its kind allows."""

    kind: Kind
    record: Published
    name: str
    title: str
    rows: list[projection.Row]
    marks: list[Label]
    published: date


@page(blueprint, "/people")
def ask() -> Response:
    """The form."""
    return headers.no_store(views.render("people.html", indexed=False, wrong=[], found=None, name=""))


@page(blueprint, "/people", methods=("POST",))
def find() -> Response:
    """Look up, and show what is found."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Refused(
            HTTPStatus.FORBIDDEN,
            "cross-site",
            "这个查询是从别的网站发出的。请在本站页面上填写。",
            "This look-up was sent from another site. Please fill in the form here.",
            way=("/people", "打开查询表单", "Open the form"),
        )
    name, number = (plain(request.form.get(field, "")).strip() for field in ("name", "number"))
    wrong = check(name, number)
    if wrong:
        status = HTTPStatus.BAD_REQUEST
        return headers.no_store(
            views.render(
                "people.html", status, indexed=False, wrong=wrong, found=None, name=_repeatable(name)
            )
        )
    found = _find(name, number)
    if found:
        limiter.current().found()
    return headers.no_store(
        views.render("people.html", indexed=False, wrong=[], found=found, name=_repeatable(name))
    )


def check(name: str, number: str) -> list[Wrong]:
    """What keeps a name and a number from being looked up."""
    wrong = []
    if not fold(name) or len(name) > MOST_NAME:
        wrong.append(
            Wrong(
                "name", Label("请输入完整姓名，最多 50 个字", "Enter the whole name, at most 50 characters")
            )
        )
    elif WILDCARDS & set(fold(name)):
        wrong.append(Wrong("name", _WILDCARD))
    if WILDCARDS & set(fold(number)):
        wrong.append(Wrong("number", _WILDCARD))
    elif not FEWEST <= len(fold(number)) <= MOST_NUMBER:
        wrong.append(
            Wrong(
                "number",
                Label("请输入完整的证件号码或案号", "Enter the whole identity number or case number"),
            )
        )
    return wrong


def _repeatable(name: str) -> str:
    """The name for the form again, unless a number was typed into its field."""
    return "" if privacy.is_private(name) else name[:MOST_NAME]


_WILDCARD = Label(
    "这里不能使用 *、? 等通配符：为保护个人信息，只能按完整姓名和完整号码查询",
    "Wildcards such as * and ? do not work: to protect persons, only whole names and numbers are looked up",
)


def _find(name: str, number: str) -> list[Shown]:
    own = services.current()
    language = views.current_language()
    with own.store.read() as connection:
        records = people.find(connection, own.keys, name, number, own.clock.today())
    return [
        _shown(own.kinds[record.kind], record, language) for record in records if record.kind in own.kinds
    ]


def _shown(kind: Kind, record: Published, language: str) -> Shown:
    document = record.document
    return Shown(
        kind=kind,
        record=record,
        name=document["name"],
        title=document["title"]["en" if language == "en" else "zh"] or kind.name.text(language),
        rows=projection.shown(kind, document, language),
        marks=[labels.label_of(labels.MARKS, mark) for mark in record.marks],
        published=civil(record.published_at),
    )
