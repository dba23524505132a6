"""What one key of a kind file says about another: the checks that a single value cannot pass alone.

Each check yields every error it finds, so that a file is put right in one go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditregister.kinds.headings import normal_heading
from creditregister.kinds.model import CLASSES
from creditregister.kinds.plans import CODE_FIELDS, SUBJECT_NAME, gaps
from creditregister.kinds.problems import Wrong, nearest
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from creditregister.kinds.model import Field, Kind

#: Types that hold words which can be searched; every other type is found by facet, date or not at all.
SEARCHABLE = frozenset({"text", "long", "name", "number_text", "choice", "choices"})
#: Types with a code list.
LISTED = frozenset({"choice", "choices"})

Found = tuple[str, str, str]  # key, what is wrong, what to do


def check(kind: Kind, file: str) -> list[Wrong]:
    """Every error of one kind, in the order of the file's keys."""
    found = [*_references(kind), *_titles(kind), *_headings(kind)]
    for entry in kind.fields:
        for checked in (_privacy, _search, _choices, _conditions):
            found += [(f"fields.{entry.id}{key}", what, how) for key, what, how in checked(kind, entry)]
    return [Wrong(file, *problem) for problem in found]


def _references(kind: Kind) -> Iterator[Found]:
    """Keys that name fields name fields that exist and are of the right type."""
    if SUBJECT_NAME not in kind.by_id:
        yield "fields", f"{SUBJECT_NAME} is missing", "every record is about someone; add the field"
    names = [("identity", name) for name in kind.identity if name != "subject"]
    names += [("required", name) for group in kind.required for name in group]
    names += [("body", kind.body), ("body_code", kind.body_code), ("reference", kind.reference)]
    for key, name in names:
        yield from _known(kind, key, name)
    for key, name in (("date", kind.date), ("date_fallback", kind.date_fallback)):
        yield from _typed(kind, key, name, ("date",))
    for key, name in (("state.until", kind.state.until), ("state.ends", kind.state.ends)):
        yield from _typed(kind, key, name, ("date",))
    for key, name in (("state.field", kind.state.field), ("signs.field", kind.signs.field)):
        yield from _typed(kind, key, name, ("choice",))
    yield from _typed(kind, "consent", kind.consent, ("flag",))
    if kind.consent and kind.persons == "never":
        yield "consent", "persons are never shown here", 'write persons = "exact"'
    yield from _coded(kind, "state", kind.state.field, kind.state.codes)
    yield from _coded(kind, "signs", kind.signs.field, kind.signs.codes)
    yield from _stateless(kind)


def _known(kind: Kind, key: str, name: str) -> Iterator[Found]:
    if name and name not in kind.by_id:
        yield key, f"names the unknown field {name!r}", nearest(name, list(kind.by_id), "fields")


def _typed(kind: Kind, key: str, name: str, types: tuple[str, ...]) -> Iterator[Found]:
    yield from _known(kind, key, name)
    entry = kind.by_id.get(name)
    if entry and entry.type not in types:
        wanted = " or ".join(types)
        yield key, f"{name!r} is of type {entry.type}", f"name a field of type {wanted}"


def _coded(kind: Kind, table: str, name: str, codes: Iterable[str]) -> Iterator[Found]:
    """``[state]`` and ``[signs]`` speak of codes that their field has."""
    entry = kind.by_id.get(name)
    if entry is None and codes:
        yield f"{table}.codes", f"there is no {table}.field", "name the choice field that holds them"
    yield from _unknown_codes(f"{table}.codes", codes, entry, each=True)


def _stateless(kind: Kind) -> Iterator[Found]:
    """A choice without a state would read "other", which no one meant."""
    entry = kind.by_id.get(kind.state.field)
    for choice in entry.choices if entry else ():
        if choice.code not in kind.state.codes:
            wrong = f"says nothing of {kind.state.field} {choice.code!r}"
            yield "state.codes", wrong, "give that choice a state"


def _titles(kind: Kind) -> Iterator[Found]:
    for place, label in enumerate(kind.titles):
        for language, pattern in (("zh", label.zh), ("en", label.en)):
            key = f"titles.{place}.{language}"
            try:
                for name in gaps(pattern):
                    yield from _known(kind, key, name)
            except ValueError as error:
                yield key, str(error), "write a field's id between braces, nothing else"
    try:
        last = {*gaps(kind.titles[-1].zh), *gaps(kind.titles[-1].en)}
    except ValueError:
        return
    if last - {SUBJECT_NAME}:
        remedy = f"end the list with a title that needs {{{SUBJECT_NAME}}} only"
        yield "titles", "a record that lacks a field of each title has none", remedy


def _headings(kind: Kind) -> Iterator[Found]:
    """A heading leads to one field; a heading without meaning would take any column."""
    taken: dict[str, str] = {}
    for entry in kind.fields:
        for heading in entry.headings:
            normal = normal_heading(heading)
            key = f"fields.{entry.id}.headings"
            if not normal:
                yield key, f"{heading!r} is empty once brackets are gone", "write it without them"
            elif (other := taken.setdefault(normal, entry.id)) != entry.id:
                yield key, f"{heading!r} already leads to {other!r}", "keep it in one of the two"
    for heading in kind.ignored:
        if other := taken.get(normal_heading(heading), ""):
            yield "ignored", f"{heading!r} already leads to {other!r}", "keep it in one of the two"


def _privacy(kind: Kind, entry: Field) -> Iterator[Found]:
    """DESIGN 3, natural persons: what names a person is never searchable, a secret never shown whole."""
    if entry.type == "secret" and "shown" in entry.public.values():
        yield ".public", "a secret would be shown to anyone", 'write "masked" or "hidden"'
    if entry.type != "secret" and not entry.person and "masked" in entry.public.values():
        wrong = f"only secrets and names of persons are masked, this is {entry.type}"
        yield ".public", wrong, 'write "shown" or "hidden"'
    if entry.party and (entry.type != "name" or entry.person):
        wrong = "a party is a name, and a person only if its value looks like one"
        yield ".party", wrong, 'use type name without "person"'
    if entry.person and entry.search:
        yield ".search", "a field that names a person is never searchable", "remove the key"
    if entry.person and entry.facet:
        yield ".facet", "a field that names a person is never a facet", "remove the key"
    if entry.type == "secret" and (entry.search or entry.facet):
        yield ".search", "a secret is never searchable nor a facet", "remove search and facet"
    seen = {entry.public[klass] for klass in CLASSES if kind.shows(klass)}
    if entry.id in {kind.date, kind.date_fallback} and seen != {"shown"}:
        yield ".public", "the date of a record is hidden", "show it to everyone who sees the record"
    if entry.id == SUBJECT_NAME and set(entry.public.values()) != {"shown"}:
        remedy = f'write public = "shown"; persons = {kind.persons!r} governs people'
        yield ".public", "a record without a name says nothing", remedy


def _search(_kind: Kind, entry: Field) -> Iterator[Found]:
    types = ", ".join(sorted(SEARCHABLE))
    if entry.search and entry.type not in SEARCHABLE:
        yield ".search", f"the type {entry.type} holds no words", f"give it a type of {types}"
    if entry.facet and entry.type not in LISTED:
        yield ".facet", f"the type {entry.type} has no code list", "use type choice or choices"
    if entry.redact and entry.type not in {"text", "long"}:
        yield ".redact", f"the type {entry.type} holds no free text", "use type text or long"
    if entry.least and entry.type != "count":
        yield ".least", f"the type {entry.type} is no count", "use type count"
    if entry.unit and entry.type != "money":
        yield ".unit", f"the type {entry.type} is no amount", "use type money"
    if entry.type == "money" and not entry.unit:
        yield ".unit", "an amount without a unit means nothing", 'write unit = "元" or "万元"'
    if (entry.type == "code") != (entry.id in CODE_FIELDS):
        known = ", ".join(CODE_FIELDS)
        yield ".type", "the type code is for a subject's codes and they for it", f"these are {known}"


def _choices(kind: Kind, entry: Field) -> Iterator[Found]:
    if entry.type in LISTED and not entry.choices:
        yield ".choices", "a choice needs its code list", "list the codes, or use type text"
    if entry.type not in LISTED | {"flag"} and entry.choices:
        yield ".choices", f"the type {entry.type} has no code list", "use type choice or choices"
    taken: dict[str, str] = {}
    known = [choice.code for choice in entry.choices]
    for choice in entry.choices:
        key = f".choices.{choice.code}"
        for word in {choice.code, choice.label.zh, choice.label.en, *choice.synonyms}:
            meant = taken.setdefault(fold(word), choice.code)
            if meant != choice.code:
                yield key, f"{word!r} already means {meant!r}", "keep it in one of the two"
        if bool(choice.needs) != bool(choice.otherwise):
            yield key, "needs and otherwise go together", "write both or neither"
        if bool(choice.until) != bool(choice.afterwards):
            yield key, "until and afterwards go together", "write both or neither"
        yield from _known(kind, f"{key}.needs", choice.needs)
        yield from _typed(kind, f"{key}.until", choice.until, ("date",))
        for name, other in (("otherwise", choice.otherwise), ("afterwards", choice.afterwards)):
            if other and other not in known:
                yield f"{key}.{name}", f"{other!r} is no choice", nearest(other, known, "choices")
    yield from _circles(entry)


def _circles(entry: Field) -> Iterator[Found]:
    """``otherwise`` must end somewhere: a choice that can always be said."""
    onward = {choice.code: choice.otherwise for choice in entry.choices if choice.otherwise}
    for code in onward:
        at, seen = code, {code}
        while at := onward.get(at, ""):
            if at in seen:
                yield f".choices.{code}.otherwise", "leads in a circle", "end it with a plain choice"
                break
            seen.add(at)


def _conditions(kind: Kind, entry: Field) -> Iterator[Found]:
    yield from _known(kind, ".needs", entry.needs)
    yield from _known(kind, ".rest", entry.rest)
    codes = [choice.code for choice in entry.choices]
    for code in entry.must:
        if code not in codes:
            yield ".must", f"{code!r} is no choice of this field", nearest(code, codes, "choices")
    for name, wanted in entry.needed_when.items():
        yield from _typed(kind, f".needed_when.{name}", name, ("choice",))
        other = kind.by_id.get(name)
        yield from _unknown_codes(f".needed_when.{name}", wanted, other)


def _unknown_codes(
    key: str, wanted: Iterable[str], entry: Field | None, *, each: bool = False
) -> Iterator[Found]:
    known = [choice.code for choice in entry.choices] if entry else []
    for code in wanted:
        if entry and code not in known:
            place = f"{key}.{code}" if each else key
            yield place, f"{code!r} is no choice of {entry.id}", nearest(code, known, "choices")
