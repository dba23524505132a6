"""What the index may see of a public document: its searchable words, numbers and facets (DESIGN 3 and 4).

Persons named in a company's record are shown where the kind allows it and never searchable: their fields are
left out, and their names are cut out of every other text. Records about natural persons give nothing at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from creditregister.kinds.model import Field, Kind

#: What stands between two names in one cell.
_BETWEEN_NAMES = re.compile(r"[、，,;；/|\n\t]+|\s{2,}")
#: What stands in brackets behind a name is no part of it: 王某（负责人）.
_BRACKETED = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")
#: A single character is no name; cutting it out would take every text apart.
_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class SearchParts:
    """The searchable texts of one record.

    The pieces of ``title`` and ``text`` are separate texts: a phrase never runs from one into the next.
    """

    name: str
    title: tuple[str, ...]
    number: tuple[str, ...]
    text: tuple[str, ...]


NOTHING = SearchParts("", (), (), ())


def search_parts(kind: Kind, document: Mapping[str, Any]) -> SearchParts:
    """The searchable texts of a public document; nothing for natural persons."""
    if document["class"] == "person":
        return NOTHING
    fields: Mapping[str, Any] = document["fields"]
    cut = _person_names(kind, fields)
    parts: dict[str, list[str]] = {"title": [], "number": [], "text": []}
    for entry in kind.searched:
        value = fields.get(entry.id)
        if value:
            words = _words(entry, value)
            parts[entry.search] += words if entry.search == "number" else _without(words, cut)
    return SearchParts(document["name"], *(tuple(dict.fromkeys(parts[role])) for role in parts))


def facet_values(kind: Kind, document: Mapping[str, Any]) -> list[str]:
    """``field=value`` for each value of each facet field; nothing for natural persons."""
    if document["class"] == "person":
        return []
    fields: Mapping[str, Any] = document["fields"]
    found = []
    for entry in kind.faceted:
        value = fields.get(entry.id)
        values = value if isinstance(value, list) else [value] if value else []
        found += [f"{entry.id}={one}" for one in values]
    return found


def _words(entry: Field, value: str | list[str]) -> list[str]:
    """A value as it is read on the page: codes of a list by their Chinese label."""
    values = [value] if isinstance(value, str) else value
    if not entry.choices:
        return values
    return [choice.label.zh if (choice := entry.choice(one)) else one for one in values]


def _person_names(kind: Kind, fields: Mapping[str, Any]) -> re.Pattern[str] | None:
    """A pattern of every person's name that stands in a person field, folded; longer names first."""
    names = {
        name for entry in kind.persons_named for one in _values(fields.get(entry.id)) for name in _names(one)
    }
    if not names:
        return None
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first)))


def _values(value: str | list[str] | None) -> Sequence[str]:
    return [value] if isinstance(value, str) else value or ()


def _names(value: str) -> Iterator[str]:
    """The names in one cell, folded, each without what stands in brackets behind it."""
    for part in _BETWEEN_NAMES.split(_BRACKETED.sub("\n", value)):
        name = fold(part)
        if len(name) >= _SHORTEST_NAME:
            yield name


def _without(texts: Sequence[str], cut: re.Pattern[str] | None) -> list[str]:
    """The texts with every name cut out; what stood on either side of it stays apart.

    Names are looked for in the fold, as the index would find them: also with white space between their
    characters or in traditional script. A text that was cut comes back folded; the fold is idempotent.
    """
    if cut is None:
        return list(texts)
    whole: list[str] = []
    for text in texts:
        pieces = cut.split(fold(text))
        whole += [text] if len(pieces) == 1 else [piece for piece in pieces if piece]
    return whole
