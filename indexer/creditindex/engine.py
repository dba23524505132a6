"""The one boundary to an engine: what it must do, and the documents it is given (DESIGN 4).

Everything that crosses it is a value of ours; ``embedded`` and ``elastic`` are two ways to answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from creditindex.terms import format_name
from creditregister.errors import CreditError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from creditindex.query import NameQuery, Names, Page, Query


class EngineError(CreditError):
    """The engine cannot do what was asked of it; the message says what to do."""


class EngineAwayError(EngineError):
    """There is no index, or it cannot be read now; pages answer from the register with a notice."""


@dataclass(frozen=True, slots=True)
class Position:
    """Up to which entry of which ledger an index is; ``hash`` is that entry's leaf hash in hex.

    ``format`` says what the documents hold; an index of another format is rebuilt, not read.
    """

    origin: str
    seq: int
    hash: str
    format: str = field(default_factory=format_name)


@dataclass(frozen=True, slots=True)
class RecordDocument:
    """A record as an index holds it: numbers, filters and folded texts, no text to show.

    ``text`` is all that may be searched, ``head`` its part without the content, both with edges between
    their parts. ``area`` is the area code cut to the level of the facet, 0 for none.
    """

    key: str
    n: int
    id: bytes
    version: int
    shown_from: int
    shown_until: int
    rank: int
    newest: int
    kind: int
    area: int
    year: int
    state: int
    body: str
    filters: tuple[str, ...]
    identifiers: tuple[str, ...]
    codes: tuple[str, ...]
    number: str
    name: str
    head: str
    text: str


@dataclass(frozen=True, slots=True)
class NameDocument:
    """One current or former name of an identified subject.

    ``initials`` and ``pinyin`` are all ways in which it is read, as letters with edges between them.
    """

    key: str
    subject_id: int
    code: str
    name: str
    folded: str
    initials: str
    pinyin: str
    current: bool
    shown_from: int
    shown_until: int
    rank: int


Document = RecordDocument | NameDocument


@dataclass(frozen=True, slots=True)
class Change:
    """All documents that stand under ``key`` from now on; none: what stood there is gone.

    ``seq`` is the end of the ledger when they were loaded: where changes may overtake each other on their
    way, the one with the higher number stands.
    """

    key: str
    documents: tuple[Document, ...] = ()
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that an engine cannot hold; ``version`` is the record's, 0 for a name."""

    key: str
    version: int
    reason: str


def refused(document: Document, reason: object) -> Refused:
    """Say that a document cannot be held."""
    return not_held(document.key, _version(document), reason)


def not_held(key: str, version: int, reason: object) -> Refused:
    """Say it of what was written already."""
    return Refused(key, version, f"{key} cannot be held: {reason}")


def _version(document: Document) -> int:
    return document.version if isinstance(document, RecordDocument) else 0


class Written(NamedTuple):
    """A document as one engine takes it; ``version`` is the record's, 0 for a name.

    ``slot`` tells documents of one key apart, which stand one after the other.
    """

    key: str
    version: int
    slot: int
    body: bytes


#: Writes a document in its slot as an engine takes it. It raises ``ValueError``, ``TypeError`` or
#: ``OverflowError`` for one that the engine cannot hold, and stands in a module: other processes call it.
Write = Callable[["Document", int], bytes]


def written(documents: Iterable[Document], write: Write) -> tuple[list[Written], list[Refused]]:
    """Documents as an engine takes them, all of a key beside each other, and those that it cannot hold."""
    done: list[Written] = []
    failed: list[Refused] = []
    key, slot = "", 0
    for document in documents:
        slot = slot + 1 if document.key == key else 0
        key = document.key
        try:
            body = write(document, slot)
        except (ValueError, TypeError, OverflowError) as error:
            failed.append(refused(document, error))
            slot -= 1
            continue
        done.append(Written(key, _version(document), slot, body))
    return done, failed


@dataclass(frozen=True, slots=True)
class Version:
    """A record as an index knows it, for comparison with the register."""

    n: int
    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name, current or former, to complete what is being typed."""

    subject_id: int
    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Health:
    """What an engine says of itself; ``ready`` is whether it can answer at all, ``size`` is in bytes."""

    ready: bool
    reason: str = ""
    position: Position | None = None
    generation: str = ""
    records: int = 0
    names: int = 0
    segments: int = 0
    size: int = 0


class Build(Protocol):
    """A new index aside; nobody reads it before ``publish``."""

    name: str

    @property
    def write(self) -> Write:
        """How documents are written that ``add`` takes."""

    def add(self, documents: Iterable[Written]) -> list[Refused]:
        """Add documents whose keys were not added before; those that cannot be held are returned."""

    def commit(self) -> None:
        """Write down what was added, at the position where the build began."""

    def apply(self, changes: Sequence[Change], upto: Position) -> list[Refused]:
        """Replay what changed since the start of the build, as the engine applies changes."""

    def position(self) -> Position:
        """Up to which entry the build is."""

    def reader(self) -> Engine:
        """Look into what was committed so far, to check it."""

    def publish(self, ready: Callable[[], None]) -> None:
        """Let everybody read it, in one atomic step; the index before stays as the last one.

        ``ready`` is called when nobody else can commit any more; where it raises, nothing is published.
        """

    def abandon(self) -> None:
        """Throw it away."""


class Engine(Protocol):
    """A search engine; every method may raise ``EngineAwayError``."""

    def find(self, query: Query) -> Page:
        """Records: (id, version) pairs, total, facets, what matched; never the records themselves."""

    def names(self, query: NameQuery) -> Names:
        """Subjects by name: exact, containing, closest; or, where the query says so, by pinyin."""

    def suggest(self, prefix: str, limit: int, today: date) -> list[Suggestion]:
        """Names that begin with the text, then names that contain it."""

    def apply(
        self, changes: Sequence[Change], upto: Position, may_commit: Callable[[], None] | None = None
    ) -> list[Refused]:
        """Change the live index, then its position: never is the position ahead of the data.

        Under the key of a document that cannot be held nothing stands any more; such documents are returned.
        ``may_commit`` is asked right before the commit; where it raises, nothing has changed.
        """

    def build(self, start: Position) -> Build:
        """Begin a new index aside."""

    def position(self) -> Position | None:
        """Up to which entry the index is, as stored in the same commit as its data."""

    def health(self) -> Health:
        """Whether it can answer, and what it holds."""

    def versions(self, after: int, limit: int) -> list[Version]:
        """What it holds of the records above the number ``after``, in order, whatever their days."""

    def named_subjects(self, subjects: Sequence[int]) -> dict[int, int]:
        """How many names of each of these subjects it holds, whatever their days."""

    def tidy(self) -> list[str]:
        """Remove what killed builds left behind; what was removed."""

    def close(self) -> None:
        """Give everything back."""
