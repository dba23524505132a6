"""What the index may see of a public document: its searchable words, numbers and facets (DESIGN 3 and 4).

Persons named in a company's record are shown where the kind allows it and never searchable: their fields are
left out, and their names are cut out of every other text. Records about natural persons give nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from creditregister.kinds.named import names_in, without_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from creditregister.kinds.model import Field, Kind


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
    named = names_in(fields.get(entry.id) for entry in kind.persons_named)
    parts: dict[str, list[str]] = {"title": [], "number": [], "text": []}
    for entry in kind.searched:
        value = fields.get(entry.id)
        if value:
            words = _words(entry, value)
            if named and entry.search != "number":
                words = [piece for text in words for piece in without_names(text, named)]
            parts[entry.search] += words
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
