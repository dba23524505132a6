"""What is asked of an engine and what it answers: frozen values, no engine's syntax (DESIGN 4).

A text that a person typed stays a value in here from the box to the term; ``ask`` is where it is measured.
The two engines translate these values, and the contract tests compare their answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from creditregister.errors import CreditError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from creditregister.codes import CodeCheck
    from creditregister.references import Reference

#: Limits of one question (DESIGN 5); a longer text is refused before anything looks at it.
TEXT = 200
WORDS = 8
WORD = 50
#: Pages that can be turned, and hits on one: nobody reads on, and deep pages are what a scraper wants.
PAGES = 50
SIZE = 20
#: Totals are exact up to here, then "more than 10,000".
EXACT = 10_000
#: The dimensions of the facets, in the order in which pages show them.
DIMENSIONS = ("kind", "area", "body", "year", "state")

Order = Literal["rank", "newest"]
StageName = Literal["identifier", "name", "words", "browse", "nothing"]
How = Literal["exact", "containing", "closest", "pinyin"]
By = Literal["text", "pinyin"]

_CURSOR = re.compile(r"(identifier|name|words|browse)\.([0-9])\.([0-9]{1,19})")


class QueryError(CreditError):
    """A question that is not asked of any engine; ``zh`` and ``en`` say why and what to do."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


@dataclass(frozen=True, slots=True)
class Filters:
    """What the answer is narrowed to: several values of one dimension widen it, dimensions narrow it.

    ``area`` values are 2, 4 or 6 digits of an area code, ``year`` values four digits.
    """

    kind: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    year: tuple[str, ...] = ()
    state: tuple[str, ...] = ()

    def items(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The dimensions that are narrowed, with their values."""
        for name in DIMENSIONS:
            values: tuple[str, ...] = getattr(self, name)
            if values:
                yield name, values

    def __bool__(self) -> bool:
        return any(True for _ in self.items())


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last hit of a page: stage, tier and key of its order. It survives a rebuild of the index."""

    stage: StageName
    tier: int
    key: int

    def __str__(self) -> str:
        return f"{self.stage}.{self.tier}.{self.key}"


@dataclass(frozen=True, slots=True)
class Query:
    """One question for records; ``today`` is the civil day on which they must be public."""

    text: str
    today: date
    filters: Filters = field(default_factory=Filters)
    order: Order = "rank"
    page: int = 1
    size: int = SIZE
    after: Cursor | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that matches, as the index knows it; ``why``: code, number, name, title or content."""

    id: str
    version: int
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """One value of a facet and how many hits have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts for each dimension, over all hits; a dimension that is filtered is counted as if it were not.

    ``body`` holds the most frequent ones only, and those that are filtered for.
    """

    kind: tuple[Count, ...] = ()
    area: tuple[Count, ...] = ()
    body: tuple[Count, ...] = ()
    year: tuple[Count, ...] = ()
    state: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """How the text was read; ``value`` is what was looked for, or ``identity`` where nothing was.

    ``code`` explains a code that was typed, also a wrong one; ``reference`` is a case number 案号 or document
    number 文书号 in its parts, where the whole text is one.
    """

    stage: StageName
    value: str = ""
    code: CodeCheck | None = None
    reference: Reference | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The answer: the hits of one page, the total of all (``exact`` or "more than"), and what was understood.

    ``needles`` are the folded pieces to mark in what is shown; ``cursor`` asks for the next page.
    """

    stage: StageName
    hits: tuple[Hit, ...]
    total: int
    exact: bool
    facets: Facets | None
    understood: Understood
    needles: tuple[str, ...] = ()
    cursor: Cursor | None = None


@dataclass(frozen=True, slots=True)
class NameQuery:
    """One question for subjects by name; ``start`` skips names that contain the text (a list of all).

    ``by`` pinyin takes the text for initials or whole syllables of a name; nothing else is looked for then.
    """

    text: str
    today: date
    limit: int = 5
    start: int = 0
    by: By = "text"


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name of a subject; ``current`` is false for a former one 曾用名. ``score`` is 0 to 1."""

    subject_id: int
    code: str
    name: str
    current: bool
    how: How
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Names:
    """Subjects by name: equal, containing, and closest ones that do not contain the text.

    Equal and containing ones are one list, at most ``limit`` long, that ``start`` pages through.
    ``best`` is the one list to show, the likeliest first, one line a subject; ``total`` counts the names
    that are equal or contain the text. By pinyin there are only containing ones.
    """

    exact: tuple[NameHit, ...] = ()
    containing: tuple[NameHit, ...] = ()
    closest: tuple[NameHit, ...] = ()
    best: tuple[NameHit, ...] = ()
    total: int = 0


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text: what white space, also the ideographic one, separates."""
    return tuple(text.split())


def ask(
    text: str,
    today: date,
    *,
    filters: Filters | None = None,
    order: str = "rank",
    page: int = 1,
    size: int = SIZE,
    after: str | None = None,
) -> Query:
    """Make a question from what came in, or refuse it.

    Raises:
        QueryError: too long, too many words, an order, page, size or cursor that does not exist.
    """
    text = text.strip()
    check_text(text)
    if order not in ("rank", "newest"):
        raise QueryError("order", "没有这种排序方式。", "There is no such order.")
    if not (1 <= page <= PAGES and 1 <= size <= SIZE):
        raise QueryError("page", f"最多可翻到第{PAGES}页。", f"Pages go up to {PAGES}.")
    cursor = cursor_of(after) if after else None
    kept: Order = "newest" if order == "newest" else "rank"
    return Query(text, today, filters or Filters(), kept, page, size, cursor)


def check_text(text: str) -> None:
    """Measure a text before anything is done with it.

    Raises:
        QueryError: longer than 200 characters, more than 8 words, or a word longer than 50.
    """
    if len(text) > TEXT:
        raise QueryError(
            "long", f"检索词最多{TEXT}个字符，请缩短。", f"Please search with at most {TEXT} characters."
        )
    words = words_of(text)
    if len(words) > WORDS:
        raise QueryError(
            "words", f"最多可用{WORDS}个检索词，请减少。", f"Please search with at most {WORDS} words."
        )
    if any(len(word) > WORD for word in words):
        raise QueryError(
            "word", f"单个检索词最多{WORD}个字符，请缩短。", f"A word may have at most {WORD} characters."
        )


def cursor_of(text: str) -> Cursor:
    """Read a cursor back.

    Raises:
        QueryError: the text was not made by us.
    """
    found = _CURSOR.fullmatch(text)
    if not found:
        raise QueryError("cursor", "翻页标记无效，请重新检索。", "This is no cursor; please search again.")
    stage, tier, key = found.groups()
    return Cursor(stage, int(tier), int(key))  # type: ignore[arg-type]  # the pattern names the stages
