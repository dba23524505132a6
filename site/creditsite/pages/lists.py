"""``/lists`` and ``/lists/<id>``: by which rules a subject comes on a list and off it (FEATURES C1).

A list without this page is not published (``creditregister.lists``). Counted are companies' entries that are
public today; natural persons are found at ``/people`` only.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort

from creditregister.kinds import Label
from creditsite import freshness, services, views
from creditsite.language import page

if TYPE_CHECKING:
    from creditregister.kinds import Kind
    from creditregister.lists import CreditList

blueprint = Blueprint("lists", __name__)

#: What each part of a list's page is headed by.
HEADS = {
    "basis": Label("依据", "Basis"),
    "criteria": Label("认定标准", "Who is put on it"),
    "procedure": Label("认定程序", "How it is decided"),
    "objection": Label("异议和救济", "Objection and remedies"),
    "exit": Label("退出", "How one gets off it"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One list on the page of all lists."""

    list: CreditList
    count: int


@page(blueprint, "/lists")
def index() -> Response:
    """All lists, with how many entries are public."""
    own = services.current()
    counted = own.listed.at(own.store, own.clock.today())
    tag = freshness.of_collection(counted.head)
    totals: dict[str, int] = dict.fromkeys(own.lists, 0)
    for entry, count in counted.counts.items():
        totals[entry.list] += count
    lines = [Line(each, totals[name]) for name, each in own.lists.items()]
    return freshness.unchanged(tag) or freshness.stamp(
        views.render("lists.html", lines=lines, today=own.clock.today()), tag
    )


@page(blueprint, "/lists/<id>")
def show(id: str) -> Response:  # noqa: A002 -- the name of the part of the address
    """The rules of one list, and its figures."""
    own = services.current()
    known = own.lists.get(id)
    if known is None:
        abort(HTTPStatus.NOT_FOUND)
    counted = own.listed.at(own.store, own.clock.today())
    tag = freshness.of_collection(counted.head, id)
    years = sorted(
        ((entry.year, count) for entry, count in counted.counts.items() if entry.list == id), reverse=True
    )
    return freshness.unchanged(tag) or freshness.stamp(_render(known, years), tag)


def _render(known: CreditList, years: list[tuple[str, int]]) -> Response:
    own = services.current()
    return views.render(
        "list.html",
        list=known,
        parts=[(name, HEADS[name], passages) for name, passages in known.parts.items()],
        years=years,
        total=sum(count for _, count in years),
        searches=_searches(known),
        bans="market-ban" in known.covers,
        today=own.clock.today(),
    )


def _searches(known: CreditList) -> list[tuple[Label, str]]:
    """Where its entries are found: each kind that it covers, narrowed to the words of the list."""
    link, kinds = views.link(), services.current().kinds
    found = []
    for name, words in known.covers.items():
        for word in words or ("",):
            label = _label(kinds[name], word)
            text = [("q", label.zh)] if word else []
            found.append((label, link("/search", [*text, ("kind", name)])))
    return found


def _label(kind: Kind, word: str) -> Label:
    entry = kind.field(kind.listed_by).choice(word) if word else None
    return entry.label if entry else Label(word, word) if word else kind.name
