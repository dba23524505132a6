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


def of_record(kind: Kind, fields: Mapping[str, Any], needles: Sequence[str]) -> Excerpt | None:
    """The piece that shows best why a record was found; its main text where nothing in it matched."""
    main: tuple[Field, str] | None = None
    for field, text in _texts(kind, fields):
        piece = highlight.excerpt(text, needles, LONG)
        pieces = highlight.segments(piece, needles) if needles else [(piece, False)]
        if any(hit for _, hit in pieces):
            return Excerpt(field, pieces, matched=True)
        if main is None or (field.type == "long" and main[0].type != "long"):
            main = field, piece
    return Excerpt(main[0], [(main[1], False)], matched=False) if main else None


def _texts(kind: Kind, fields: Mapping[str, Any]) -> Iterator[tuple[Field, str]]:
    for field in kind.searched:
        text = fields.get(field.id)
        if field.search != "number" and field.id != kind.body and isinstance(text, str) and text:
            yield field, text
