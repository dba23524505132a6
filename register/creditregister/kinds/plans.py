"""What a class of subject's projection shows, worked out once for each kind.

``projection.project`` runs for every row of every delivery; whatever depends on kind and class only is
decided here, so that a row costs a few dictionary look-ups.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from creditregister.kinds.model import Field, Kind, Label

#: The field that holds the subject's name in every kind.
SUBJECT_NAME = "subject_name"
#: The fields that hold a subject's codes, and the kind of code of each (``codes.CodeKind``).
CODE_FIELDS = {
    "unified_code": "unified",
    "organisation_code": "organisation",
    "registration_number": "registration",
    "tax_number": "tax",
    "institution_number": "institution",
    "social_number": "social",
}
#: How a value stands in a public document: whole, or masked as a number or as a person's name.
Shown = Literal["whole", "number", "name"]
#: The codes that a subject's page may stand under, best first.
BEST_CODES = ("unified", "organisation", "registration")


@dataclass(frozen=True, slots=True)
class Title:
    """A sentence with gaps, and the fields that it cannot do without."""

    zh: str
    en: str
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How the content of a record about one class of subject becomes public.

    ``fields``: field id → how its value is shown. ``codes``: fields of the subject's codes that may be shown
    → kind of code. ``replaced``: choice field → code → (field it needs, code said without it). ``lapsing``:
    choice field → code → (date field, code said after that day).
    ``conditional``: field → field it needs. ``parties``: fields that name further subjects, of whom persons
    are not named. ``unnamed``: fields that name persons who are hidden or masked, so that their names must
    not stand in the ``texts`` either.
    """

    fields: Mapping[str, Shown]
    codes: Mapping[str, str]
    replaced: Mapping[str, Mapping[str, tuple[str, str]]]
    lapsing: Mapping[str, Mapping[str, tuple[str, str]]]
    conditional: Mapping[str, str]
    parties: tuple[str, ...]
    unnamed: tuple[str, ...]
    texts: tuple[str, ...]
    titles: tuple[Title, ...]


def plan(kind: Kind, klass: str) -> Plan:
    """Work out the plan of one kind for one class."""
    visible = [entry for entry in kind.fields if entry.public[klass] != "hidden"]
    whole = [entry for entry in visible if entry.public[klass] == "shown"]
    return Plan(
        fields={
            entry.id: _shown(entry, klass)
            for entry in visible
            if entry.id != SUBJECT_NAME and entry.id not in CODE_FIELDS
        },
        codes={entry.id: CODE_FIELDS[entry.id] for entry in visible if entry.id in CODE_FIELDS},
        replaced={entry.id: replaced for entry in kind.fields if (replaced := _replaced(entry))},
        lapsing={entry.id: lapsing for entry in visible if (lapsing := _lapsing(entry))},
        conditional={entry.id: entry.needs for entry in visible if entry.needs},
        parties=tuple(entry.id for entry in visible if entry.party),
        unnamed=tuple(entry.id for entry in kind.fields if entry.person and entry not in whole),
        texts=tuple(entry.id for entry in visible if entry.type in ("text", "long")),
        titles=_titles(kind, {entry.id for entry in whole}),
    )


def _shown(entry: Field, klass: str) -> Shown:
    if entry.public[klass] != "masked":
        return "whole"
    return "number" if entry.type == "secret" else "name"


def gaps(pattern: str) -> tuple[str, ...]:
    """The field ids between braces in a title pattern.

    Raises:
        ValueError: a brace is not closed, or a gap holds more than a field id (``{body!r}``, ``{body.x}``).
    """
    names = []
    for _, name, spec, conversion in Formatter().parse(pattern):
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValueError(f"{{{name}}} is no field id")
        names.append(name)
    return tuple(names)


def _titles(kind: Kind, visible: set[str]) -> tuple[Title, ...]:
    """The patterns that this class may fill; what is hidden or masked must not come back in a title."""
    return tuple(
        Title(label.zh, label.en, needed)
        for label in kind.titles
        if visible.issuperset(needed := _needed(label))
    )


def _needed(label: Label) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*gaps(label.zh), *gaps(label.en))))


def _replaced(entry: Field) -> dict[str, tuple[str, str]]:
    return {choice.code: (choice.needs, choice.otherwise) for choice in entry.choices if choice.needs}


def _lapsing(entry: Field) -> dict[str, tuple[str, str]]:
    return {choice.code: (choice.until, choice.afterwards) for choice in entry.choices if choice.until}
