"""The kinds of record beyond the first six, all made in one way from ``further.toml``.

Some columns hold what must never be taken in, let alone shown: who complained, who was blamed, who received
welfare, minutes. The names in them are noted with the row, so that a test can look for them everywhere.
"""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from creditindex.demo import numbers, people, subjects, texts, units, words
from creditindex.demo.texts import pick

if TYPE_CHECKING:
    from collections.abc import Callable

    from creditindex.demo.places import Place
    from creditindex.demo.rows import Maker, Row

_FILE: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
#: By kind: what its rows say.
KINDS: dict[str, dict[str, Any]] = {kind: table for kind, table in _FILE.items() if isinstance(table, dict)}
#: Share of the rows that are about natural persons, by kind.
PERSON_SHARE: dict[str, float] = {kind: table.get("persons", 0.0) for kind, table in KINDS.items()}
#: Days back that decisions of a kind reach, where its publicity is short.
DAYS_BACK: dict[str, int] = {kind: table["reach"] for kind, table in KINDS.items() if "reach" in table}
#: Kinds of which a subject has one row in a delivery.
SINGLE = frozenset(kind for kind, table in KINDS.items() if table.get("single"))
#: One in so many rows has the cells under ``some``.
_SOME = 0.25


def columns(kind: str) -> list[tuple[str, str, str]]:
    """Key, Chinese heading and heading by code (empty: there is none) of each column."""
    table = KINDS[kind]
    prefix = table.get("prefix", "")
    begin = _FILE[table.get("begin", "act" if prefix else "list")]
    found = []
    for key, heading, *code in [*begin, *table["columns"]]:
        named = table.get("name", heading) if key == "name" else heading
        found.append((key, named, f"{prefix}_{code[0]}" if code and prefix else ""))
    return found


def fill(maker: Maker, made: Row, number: int, place: Place) -> None:
    """Fill in what the row says beside its subject."""
    table, rng = KINDS[maker.job.kind], maker.rng
    values = _Values(maker, made, number, place)
    cells = dict(table.get("always", {})) | pick(rng, table["cases"])
    if rng.random() < _SOME:
        cells |= table.get("some", {})
    if table.get("begin") == "debtor":
        _government(made, number)
    _body(maker, made, number, place)
    for key, text in cells.items():
        made.cells[key] = text.format_map(values)
    made.cells["body_code"] = maker.codes.get(made.cells["body"], "")
    third = table.get("third")
    if third and made.third is None and texts.names_third_person(rng):
        made.cells[third] += "。" + texts.third_person(rng, values.named())
    if "years" in table:
        made.to = made.day + timedelta(days=365 * table["years"])


def _government(made: Row, number: int) -> None:
    """The debtor is an office of a city or of the province."""
    bodies = [unit for unit in units.all_units() if unit.name.endswith(("局", "委员会"))]
    unit = bodies[number * 7 % len(bodies)]
    made.cells = {"date": made.cells["date"], "name": unit.name, "unified": unit.code}
    made.subject, made.representative = None, ""


def _body(maker: Maker, made: Row, number: int, place: Place) -> None:
    """Body and number of the document: a court with its case number, or an office."""
    if not maker.job.office:
        made.cells["body"] = units.court_of(place.city, place.district)
        made.case = f"（{made.day.year}）{place.court}民初{number + 1}号"
        return
    mark = KINDS[maker.job.kind].get("mark", "")
    body, document_number = maker.document(mark, number, made.day, place)
    made.cells["body"] = body
    if mark:
        made.cells["document_number"] = document_number


class _Values(dict[str, str]):
    """What the gaps of a row's texts are filled with, each drawn when a text asks for it first."""

    def __init__(self, maker: Maker, made: Row, number: int, place: Place) -> None:
        """Draw what costs little; ``person`` is who may be named beside the subject."""
        super().__init__(name=made.cells.get("name", ""), place=place.full, serial=f"{number + 1:07d}")
        self.rng, self.seed, self.made, self.today = maker.rng, maker.job.seed, made, maker.job.today
        self.person = people.bystander(self.seed, int(self.rng.random() * 10**6))
        self.company = subjects.subject(self.seed, int(self.rng.random() * maker.job.subjects))

    def __missing__(self, gap: str) -> str:
        self[gap] = found = str(_GAPS[gap](self))
        return found

    def day(self, later: float) -> str:
        """The ISO day so many days after that of the row."""
        return (self.made.day + timedelta(days=int(later))).isoformat()

    def named(self) -> people.Person:
        """Somebody beside the subject, noted with the row."""
        self.made.third = self.person
        return self.person


def _sex(values: _Values) -> str:
    somebody = values.made.subject
    return "" if somebody is None else "女" if somebody.woman else "男"


def _age(values: _Values) -> str:
    somebody = values.made.subject
    return "" if somebody is None else str(values.made.day.year - somebody.born.year)


_GAPS: dict[str, Callable[[_Values], object]] = {
    "year": lambda values: values.made.day.year,
    "grade": lambda values: "严重" if values.rng.random() < 0.15 else "一般",
    "body": lambda values: values.made.cells["body"],
    "case": lambda values: values.made.case,
    "in30": lambda values: values.day(30),
    "after": lambda values: values.day(values.rng.random() * (values.today - values.made.day).days),
    "sum": lambda values: texts.money(values.rng),
    "wan": lambda values: f"{5 + values.rng.random() * 400:.2f}",
    "part": lambda values: f"{float(values['wan']) / 2:.2f}",
    "count": lambda values: 5 + int(values.rng.random() * 90),
    "goods": lambda values: pick(values.rng, words.GOODS),
    "other": lambda values: values.company.name,
    "other_code": lambda values: values.company.unified,
    "somebody": lambda values: values.named().name,
    "number": lambda values: values.named().number,
    "telephone": lambda values: numbers.phone(int(values.rng.random() * 10**8)),
    "sex": _sex,
    "age": _age,
}
