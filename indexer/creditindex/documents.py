"""From what the register shows to what an index holds: one way for both engines (DESIGN 4).

A record's document is made from its public bytes alone, so an index cannot know what was never public. Who is
named in a company's record is shown on its page and cut out here (``kinds.search_parts``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditindex import pinyin, terms
from creditindex.engine import NameDocument, RecordDocument
from creditregister import records, references
from creditregister.errors import CreditError
from creditregister.kinds import facet_values, search_parts
from creditregister.subjects import INSIDE
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from creditregister.kinds import Kinds
    from creditregister.records import Published
    from creditregister.subjects import Subject, SubjectName

#: Before the fields of a kind, so that one called "year" is not taken for the year of the facets.
FIELD = "field."
#: Levels of an area code that can be filtered for.
AREA_LEVELS = (2, 4, 6)
#: Characters of a unified code.
UNIFIED = 18


class DocumentError(CreditError):
    """A record of which no document can be made; it is set aside, and the message says why."""


def record_key(n: int | str) -> str:
    """The key of a record's document. The private number: known also when the record is gone."""
    return f"r{n}"


def subject_key(subject_id: int | str) -> str:
    """The key of all names of a subject."""
    return f"s{subject_id}"


def cited(numbers: Iterable[str]) -> tuple[str, ...]:
    """Folded numbers of documents, and the canonical form of each, in which all ways to write it meet."""
    found = dict.fromkeys(numbers)
    parsed = [references.parse(number) for number in found]
    return tuple(dict.fromkeys((*found, *(each.canonical for each in parsed if each))))


class Documents:
    """Makes documents by the kinds of a deployment."""

    def __init__(self, kinds: Kinds, area_digits: int = terms.AREA_DIGITS) -> None:
        self._kinds = kinds
        self._area_digits = area_digits

    def record(self, published: Published) -> RecordDocument:
        """The document of a company's record.

        Raises:
            DocumentError: the kind is not known, or the public bytes are not what our code writes.
        """
        if published.klass == "person":
            raise DocumentError(f"Record {published.n} is about a natural person; it is never indexed.")
        try:
            return self._record(published)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise DocumentError(
                f"Record {published.n}, version {published.version}: {type(error).__name__} {error}"
            ) from error

    def _record(self, published: Published) -> RecordDocument:
        document = published.document
        kind = self._kinds[published.kind]
        parts = search_parts(kind, document)
        name = fold(parts.name)
        numbers = _folded(parts.number)
        written = cited(numbers)
        now = fold(published.bears)
        head = (name, *([now] if now not in {"", name} else ()), *_folded(parts.title), *numbers)
        body = str(document["body"])
        area = str(document["area"])
        year = published.decided[:4]
        day = terms.day_number(published.decided)
        raw_id = records.id_bytes(published.id)
        if raw_id is None:
            raise DocumentError(f"Record {published.n} has no valid public id.")
        own_codes = _codes((*document["codes"].values(), *published.codes))
        return RecordDocument(
            key=record_key(published.n),
            n=published.n,
            id=raw_id,
            version=published.version,
            shown_from=terms.day_number(published.shown_from),
            shown_until=terms.until_number(published.shown_until),
            rank=terms.rank(name, day, published.n),
            newest=terms.newest(day, published.n),
            kind=kind.number,
            area=int(area[: self._area_digits]) if area.isdigit() else 0,
            year=int(year) if year else 0,
            state=terms.state_number(document["state"]),
            body=body,
            filters=(
                *_filters(kind.id, area, body, year, document["state"]),
                *_fields(facet_values(kind, document)),
            ),
            identifiers=(*own_codes, *written),
            codes=own_codes,
            number=terms.EDGE.join(written),
            name=name,
            head=terms.edged(*head),
            text=terms.edged(*head, *_folded((*parts.text, body))),
        )

    def names(self, subject: Subject, window: tuple[str, str]) -> tuple[NameDocument, ...]:
        """The documents of a subject's names; ``window`` is the first and last day with a public record."""
        first, last = terms.day_number(window[0]), terms.until_number(window[1])
        return tuple(_name(subject, each, first, last) for each in subject.names)


def _name(subject: Subject, name: SubjectName, first: int, last: int) -> NameDocument:
    letters = pinyin.spelt(name.folded)
    return NameDocument(
        key=subject_key(subject.id),
        subject_id=subject.id,
        code=subject.code,
        name=name.name,
        folded=name.folded,
        initials=terms.edged(*letters.initials),
        pinyin=terms.edged(*letters.whole),
        current=name.current,
        shown_from=first,
        shown_until=last,
        rank=terms.name_rank(name.folded, not name.current, subject.id),
    )


def _folded(texts: Iterable[str]) -> list[str]:
    return [folded for text in texts if (folded := fold(text))]


def _codes(given: Iterable[object]) -> tuple[str, ...]:
    """Codes of a record and of its subject as they are looked up, with the one inside a unified code."""
    found = dict.fromkeys(fold(str(value)) for value in given)
    inner = [code[INSIDE] for code in found if len(code) == UNIFIED]
    return tuple(dict.fromkeys((*found, *inner)))


def _filters(kind: str, area: str, body: str, year: str, state: str) -> tuple[str, ...]:
    levels = [f"area={area[:digits]}" for digits in AREA_LEVELS if len(area) >= digits]
    given = (f"kind={kind}", f"state={state}", *levels)
    return (*given, *([f"year={year}"] if year else ()), *([terms.filtered_by("body", body)] if body else ()))


def _fields(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{FIELD}{value}" for value in values)
