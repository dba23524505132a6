"""What of a record's texts is shown in a list: the piece that matched, or the beginning of the main one.

The pieces that matched come from the engine, folded; the text that is shown is the register's own. It is cut
and split first and escaped by the template afterwards, so that no text can write markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from creditindex import highlight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from creditregister.kinds import Field, Kind

#: Characters of a text that a list shows.
LONG = 90

Segments = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of one field's text."""

    field: Field
    pieces: Segments
    matched: bool


def marked(text: str, needles: Sequence[str]) -> Segments:
    """A text in pieces, those that matched marked; an empty text is one piece."""
    return highlight.segments(text, needles) or [(text, False)]


def of_record(kind: Kind, fields: Mapping[str, Any], needles: Sequence[str]) -> Excerpt | None:
    """The piece that shows best why a record was found; its main text where nothing in it matched."""
    main: tuple[Field, str] | None = None
    for field, text in texts(kind, fields):
        if highlight.holds(text, needles):
            pieces = highlight.segments(highlight.excerpt(text, needles, LONG), needles)
            return Excerpt(field, pieces, matched=True)
        if main is None or (field.type == "long" and main[0].type != "long"):
            main = field, text
    if main is None:
        return None
    field, text = main
    return Excerpt(field, [(text if len(text) <= LONG else text[:LONG] + "…", False)], matched=False)


def texts(kind: Kind, fields: Mapping[str, Any]) -> Iterator[tuple[Field, str]]:
    """The searched texts of a record but for its numbers and its body, with their fields."""
    for field in kind.searched:
        if field.search != "number" and field.id != kind.body:
            text = fields.get(field.id)
            if text and isinstance(text, str):
                yield field, text
