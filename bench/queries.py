"""Classes of searches 检索类别, drawn from the register by a seed (ENGINES 2).

Each class is a way to make a question from a record that exists, so that most questions have answers; the
mixed load draws the classes by the weights of real use.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from creditindex.query import Filters, Query, ask
from creditregister import records

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from creditregister.store import Store

    Document = dict[str, Any]

#: Records that the questions are drawn from.
SAMPLE = 3_000
HOT = ("有限公司", "食品", "建筑工程", "农民专业合作社", "便利店", "云泽", "科技")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question before it is one: what a person types and chooses."""

    text: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    order: str = "rank"
    page: int = 1

    def query(self, today: date) -> Query:
        """The question for an engine."""
        chosen = Filters(**{name: (value,) for name, value in self.filters.items()})
        return ask(self.text, today, filters=chosen, order=self.order, page=self.page)


def sample(store: Store, seed: int) -> list[Document]:
    """Public documents from all over the register."""
    rng = Random(seed)
    with store.read() as connection:
        last = records.last_number(connection)
        wanted = [rng.randint(1, last) for _ in range(SAMPLE)] if last > SAMPLE else range(1, last + 1)
        found: list[records.Published] = []
        for start in range(0, len(wanted), 500):
            found += records.by_numbers(connection, wanted[start : start + 500]).values()
    return [item.document for item in found]


def _fragment(rng: Random, text: str, least: int, most: int) -> str:
    size = min(len(text), rng.randint(least, most))
    start = rng.randint(0, len(text) - size)
    return text[start : start + size].strip() or text[:size]


def _body(document: Document) -> str:
    fields = document["fields"]
    text = max((str(fields.get(name, "")) for name in ("facts", "content", "duty")), key=len)
    return text.replace(" ", "") or document["name"]


def _code(rng: Random, document: Document) -> Asked:
    del rng
    return Asked(document["code"] or document["name"])


def _name(rng: Random, document: Document) -> Asked:
    del rng
    return Asked(document["name"])


def _piece(size: int) -> Callable[[Random, Document], Asked]:
    return lambda rng, document: Asked(_fragment(rng, document["name"], size, size))


def _hot(rng: Random, document: Document) -> Asked:
    del document
    return Asked(rng.choice(HOT))


def _hot_newest(rng: Random, document: Document) -> Asked:
    return Asked(_hot(rng, document).text, order="newest")


def _words(rng: Random, document: Document) -> Asked:
    pieces = _fragment(rng, document["name"], 2, 4), _fragment(rng, _body(document), 2, 4)
    return Asked(" ".join(pieces))


def _phrase(least: int, most: int) -> Callable[[Random, Document], Asked]:
    return lambda rng, document: Asked(_fragment(rng, _body(document), least, most))


def _number(rng: Random, document: Document) -> Asked:
    del rng
    return Asked(document["number"] or document["name"])


def _number_part(rng: Random, document: Document) -> Asked:
    del rng
    number = document["number"] or document["name"]
    starts = [place for place in map(number.find, "〔[（(［") if place > 0]
    return Asked(number[min(starts) :] if starts else number)


def _filtered(rng: Random, document: Document) -> Asked:
    text = _fragment(rng, document["name"], 3, 3)
    return Asked(text, {"kind": document["kind"], "year": document["decided"][:4]})


def _hot_filtered(rng: Random, document: Document) -> Asked:
    return Asked(rng.choice(HOT), {"kind": document["kind"], "year": document["decided"][:4]})


def _browse(rng: Random, document: Document) -> Asked:
    del rng
    return Asked("", {"kind": document["kind"], "area": document["area"][:4] or "9901"}, order="newest")


def _browse_all(rng: Random, document: Document) -> Asked:
    del rng, document
    return Asked(order="newest")


def _deep(rng: Random, document: Document) -> Asked:
    return Asked(_hot(rng, document).text, page=rng.randint(20, 50))


#: Class → how a question of it is made, and its share of the mixed load in per cent.
CLASSES: dict[str, tuple[Callable[[Random, Any], Asked], float]] = {
    "exact code": (_code, 14),
    "whole name": (_name, 20),
    "fragment 2": (_piece(2), 8),
    "fragment 3": (_piece(3), 8),
    "fragment 4": (_piece(4), 10),
    "fragment 5": (_piece(5), 6),
    "fragment 6": (_piece(6), 6),
    "hot fragment": (_hot, 3),
    "two words, all fields": (_words, 5),
    "body phrase 4–8": (_phrase(4, 8), 3),
    "body phrase 12–20": (_phrase(12, 20), 2),
    "document number": (_number, 3),
    "〔year〕n号": (_number_part, 1),
    "fragment 3 + kind, year": (_filtered, 3),
    "hot + kind, year": (_hot_filtered, 1),
    "hot, newest": (_hot_newest, 1),
    "hot, page 20–50": (_deep, 1),
    "kind + area, newest": (_browse, 4),
    "everything, newest": (_browse_all, 1),
}


def of_class(name: str, documents: list[Document], seed: int, count: int) -> list[Asked]:
    """``count`` questions of one class."""
    rng = Random(f"{seed}/{name}")
    make = CLASSES[name][0]
    return [make(rng, rng.choice(documents)) for _ in range(count)]


def mixed(documents: list[Document], seed: int, count: int) -> list[Asked]:
    """``count`` questions as people ask them."""
    rng = Random(f"{seed}/mixed")
    makers = [make for make, _ in CLASSES.values()]
    shares = [share for _, share in CLASSES.values()]
    chosen = rng.choices(makers, shares, k=count)
    return [make(rng, rng.choice(documents)) for make in chosen]
