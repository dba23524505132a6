"""What of a record may be shown 公示内容, as canonical bytes; and those bytes as rows of a page.

``project`` turns a record's content into its public document, by the kind and the class of the subject alone
(DESIGN 1.2): fields that the kind hides are absent, identity numbers masked, words that lack their
document replaced by what may be said. It is pure, so the same content gives the same bytes on every machine
and day. Free text is redacted before (``privacy.redact``), and ``publication`` scans the bytes once more.

``as_of`` reads a public document as of a day, ``shown`` turns it into rows with labels and values in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from creditregister.codes import SOLE_TRADER, check_unified, is_identity
from creditregister.kinds.model import Label
from creditregister.kinds.named import blotted, masked_names, names_in, without_persons
from creditregister.kinds.plans import BEST_CODES, SUBJECT_NAME
from creditregister.privacy import mask
from creditregister.text import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from creditregister.calendar import Calendar
    from creditregister.kinds import Content, Field, Kind, Value
    from creditregister.kinds.model import State
    from creditregister.kinds.plans import Plan, Shown

#: The shape of the public document; it rises when a key changes its meaning.
VERSION = 1
#: What ``privacy.mask`` leaves of a number; foreign masks show more (ten and four) and are masked again.
_MASKED = re.compile(r"[0-9A-Z]{4}\*{9,12}[0-9A-Z]{2}|[0-9A-Z]?\*+[0-9A-Z]?")
#: Identity numbers of today and of before 1999.
_IDENTITY_LENGTHS = (18, 15)
_CIVIL = re.compile(r"(\d{4})(?:-Q([1-4])|-(\d{2})-(\d{2}))?", re.ASCII)
_QUARTER_BEGINS = {"1": "01-01", "2": "04-01", "3": "07-01", "4": "10-01"}
_QUARTER_ENDS = {"1": "03-31", "2": "06-30", "3": "09-30", "4": "12-31"}
_QUARTERS = {"1": "第一季度", "2": "第二季度", "3": "第三季度", "4": "第四季度"}
_LONG_TERM = Label("长期", "long-term")
#: Yuan in one unit: the English page says amounts in yuan, since 万 has no short English name.
_YUAN = {"元": 1, "万元": 10_000}


def project(kind: Kind, content: Content, klass: str) -> bytes:
    """The public document of a record about a subject of this class, canonical.

    Empty if such a record is shown to nobody (``Kind.withheld``).
    """
    plan = kind.plans[klass]
    if kind.withheld(content, klass):
        return b""
    said, persons = _without_persons(plan, _sayable(plan, content))
    fields: dict[str, Value] = {}
    for name, how in plan.fields.items():
        value = said.get(name)
        if value:
            fields[name] = value if how == "whole" else _masked(str(value), how)
    for name, needed in plan.conditional.items():
        if needed not in fields or needed in persons:
            fields.pop(name, None)
    _hide_names(plan, content, persons, fields)
    codes = {
        code: value
        for name, code in plan.codes.items()
        if (value := _text(content, name)) and (code in BEST_CODES or not _personal(value))
    }
    return canonical(
        {
            "v": VERSION,
            "kind": kind.id,
            "class": klass,
            "name": _text(content, SUBJECT_NAME),
            "code": next((codes[code] for code in BEST_CODES if code in codes), ""),
            "codes": codes,
            "type": fields.get("subject_type", ""),
            "area": fields.get("area_code") or _area(codes),
            "title": _title(plan, said),
            "body": fields.get(kind.body, ""),
            "body_code": fields.get(kind.body_code, ""),
            "date": (date := kind.dated(content)[1]),
            "decided": first_day(date),
            "state": kind.state_of(said),
            "number": fields.get(kind.reference, ""),
            "fields": fields,
        },
    )


def _area(codes: Mapping[str, str]) -> str:
    """The six digits of the area that a code was given in; empty where no code tells."""
    return codes["unified"][2:8] if "unified" in codes else codes.get("registration", "")[:6]


def _without_persons(plan: Plan, content: Content) -> tuple[Content, dict[str, list[str]]]:
    """The content with 某某 for each further subject that may be a person, and their names by field."""
    persons: dict[str, list[str]] = {}
    said = content
    for name in plan.parties:
        cell, found = without_persons(_text(content, name), coded=_coded(plan, content, name))
        if found:
            persons[name] = found
            said = {**said, name: cell}
    return said, persons


def _coded(plan: Plan, content: Content, party: str) -> bool:
    """Whether a code of an organisation stands beside a further subject; a sole trader's is none."""
    given = (_text(content, name) for name, needed in plan.conditional.items() if needed == party)
    return any(not code.startswith(SOLE_TRADER) and check_unified(code).valid for code in given if code)


def _hide_names(
    plan: Plan, content: Content, persons: Mapping[str, list[str]], fields: dict[str, Value]
) -> None:
    """Whom a field does not name, the texts do not name either, unless the subject bears the name."""
    cells: list[object] = [cell for name in plan.unnamed if (cell := content.get(name))]
    cells += [name for found in persons.values() for name in found]
    named = names_in(cells, keep=_text(content, SUBJECT_NAME)) if cells else []
    if not named:
        return
    for name in plan.texts:
        text = fields.get(name)
        if isinstance(text, str):
            fields[name] = blotted(text, named)


def _masked(value: str, how: Shown) -> str:
    """The value masked; a delivery keeps only the mask in the content and seals the number itself."""
    if how == "name":
        return masked_names(value)
    return value if _MASKED.fullmatch(value) else mask.identity(value)


def _personal(value: str) -> bool:
    """Whether a number is or begins with a person's: a sole trader's tax number is that and two digits."""
    return any(is_identity(value[:length]) for length in (len(value), *_IDENTITY_LENGTHS))


def _text(content: Content, name: str) -> str:
    value = content.get(name)
    return value if isinstance(value, str) else ""


def _sayable(plan: Plan, content: Content) -> Content:
    """The content with each word that lacks its document replaced by the one that needs none."""
    if not plan.replaced:
        return content
    said = dict(content)
    for name, rules in plan.replaced.items():
        code = content.get(name)
        while isinstance(code, str) and code in rules and not content.get(rules[code][0]):
            code = rules[code][1]
            said[name] = code
    return said


def _title(plan: Plan, content: Content) -> dict[str, str]:
    for title in plan.titles:
        if all(content.get(name) for name in title.gaps):
            return {"zh": title.zh.format_map(content), "en": title.en.format_map(content)}
    return {"zh": "", "en": ""}


def first_day(text: str) -> str:
    """The first day of a civil date of any precision: ``2017-Q2`` → ``2017-04-01``; empty if it is none."""
    match = _CIVIL.fullmatch(text)
    if not match:
        return ""
    year, quarter, month, day = match.groups()
    if quarter:
        return f"{year}-{_QUARTER_BEGINS[quarter]}"
    return f"{year}-{month}-{day}" if day else f"{year}-01-01"


def last_day(text: str) -> str:
    """The last day of a civil date of any precision: ``2017-Q2`` → ``2017-06-30``; empty if it has none."""
    match = _CIVIL.fullmatch(text)
    if not match:
        return ""
    year, quarter, _, day = match.groups()
    if quarter:
        return f"{year}-{_QUARTER_ENDS[quarter]}"
    return text if day else f"{year}-12-31"


def as_of(kind: Kind, document: Mapping[str, Any], today: date, calendar: Calendar) -> Mapping[str, Any]:
    """A public document as it reads on a day: what held until a day that has passed is said no more.

    A rest day shifts that day to the next working day. What is published stays as it is.
    """
    said = dict(document["fields"])
    for name, codes in kind.plans[document["class"]].lapsing.items():
        field, afterwards = codes.get(said.get(name, ""), ("", ""))
        due = last_day(said.get(field, ""))
        if due and calendar.next_workday(date.fromisoformat(due)).day < today:
            said[name] = afterwards
    if said == document["fields"]:
        return document
    return {**document, "fields": said, "state": kind.state_of(said)}


def state_on(kind: Kind, document: Mapping[str, Any], today: date, calendar: Calendar) -> State:
    """The state of a public document on a day: a normal one whose validity has ended has expired."""
    state: State = as_of(kind, document, today, calendar)["state"]
    until = last_day(document["fields"].get(kind.state.until, ""))
    return "expired" if state == "normal" and until and until < today.isoformat() else state


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a record's page.

    ``value`` is in words of the page's language, ``raw`` as the public document has it (empty if absent).
    ``missing``: the kind expects the field and the source did not give it 来源单位未提供.
    """

    field: Field
    label: str
    value: str
    raw: Value
    missing: bool


def shown(kind: Kind, document: Mapping[str, Any], language: str) -> list[Row]:
    """The rows of a public document in the order of the kind, in Chinese or English (``en``).

    The subject's name and codes are not among them: they head the page.
    """
    fields: Mapping[str, Any] = document["fields"]
    rows = []
    for name in kind.plans[document["class"]].fields:
        entry = kind.field(name)
        raw = fields.get(name, "")
        if raw or entry.need != "optional":
            value = value_text(entry, raw, language)
            rows.append(Row(entry, entry.label.text(language), value, raw, missing=not raw))
    return rows


def value_text(entry: Field, raw: Value, language: str) -> str:
    """A field's value in words; what a code list or a form does not know stays as it was delivered."""
    if isinstance(raw, list):
        return ("; " if language == "en" else "、").join(value_text(entry, one, language) for one in raw)
    if not raw:
        return ""
    if entry.type == "date":
        return date_text(raw, language)
    if entry.type == "money":
        return money_text(raw, entry.unit, language)
    choice = entry.choice(raw)
    return choice.label.text(language) if choice else raw


def date_text(text: str, language: str) -> str:
    """A civil date in words: 2026年4月1日, 2017年第一季度, 2017年; in English 2026-04-01, 2017 Q1."""
    if text == _LONG_TERM.zh:
        return _LONG_TERM.text(language)
    match = _CIVIL.fullmatch(text)
    if not match:
        return text
    year, quarter, month, day = match.groups()
    if language == "en":
        return f"{year} Q{quarter}" if quarter else text
    if quarter:
        return f"{year}年{_QUARTERS[quarter]}"
    return f"{year}年{int(month)}月{int(day)}日" if day else f"{year}年"


def money_text(text: str, unit: str, language: str) -> str:
    """An amount with separators and its unit: 1,234.50 万元; in English in yuan: 12,345,000 yuan."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return text
    if not amount.is_finite():
        return text
    if language != "en":
        return f"{_without_idle_zeros(amount):,f} {unit}"
    return f"{_without_idle_zeros(amount * _YUAN.get(unit, 1)):,f} yuan"


def _without_idle_zeros(amount: Decimal) -> Decimal:
    """Without zeros after the second decimal, and without decimals that are all zero."""
    if amount == amount.to_integral_value():
        return amount.to_integral_value()
    short = amount.quantize(Decimal("0.01"))
    return short if short == amount else amount.normalize()
