"""Lists 名单 as data: what each is founded on, who is put on it, how, and how one gets off it (FEATURES C1).

A list is one file ``config/lists/<id>.toml``, and its page ``/lists/<id>`` is made of it. A record of a kind
of lists that no such file covers cannot be published: nobody could read by which rules it came there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from creditregister import kinds as kind_files
from creditregister.kinds import Label
from creditregister.kinds.files import LabelShape, Shape, Text
from creditregister.kinds.problems import Wrong
from creditregister.lawfiles import LawError, read, shaped
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.kinds import Content, Kind, Kinds

#: What the page of a list must say, in its order; a file that lacks one of them is refused.
PARTS = ("basis", "criteria", "procedure", "objection", "exit")
_Passages = Annotated[tuple[LabelShape, ...], Field(min_length=1)]


class CoverShape(Shape):
    """``covers``: a kind, and, where it holds several lists, the words that mean this one."""

    kind: Text
    values: tuple[Text, ...] = ()


class ListShape(Shape):
    """A whole file of a list; docs/lists.md explains every key."""

    zh: Text
    en: Text
    authority: LabelShape
    covers: Annotated[tuple[CoverShape, ...], Field(min_length=1)]
    basis: _Passages
    criteria: _Passages
    procedure: _Passages
    objection: _Passages
    exit: _Passages
    source: Text


@dataclass(frozen=True, slots=True)
class CreditList:
    """One list; ``covers`` maps a kind to the words that mean this list (none: the whole kind)."""

    id: str
    name: Label
    authority: Label
    covers: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, tuple[Label, ...]]
    source: str


class Lists(Mapping[str, CreditList]):
    """All lists by id, and the one that covers a record."""

    def __init__(self, lists: Mapping[str, CreditList]) -> None:
        self._lists = dict(lists)
        self._by_word = {
            (kind, word): each
            for each in lists.values()
            for kind, words in each.covers.items()
            for word in words or ("",)
        }

    def __getitem__(self, name: str) -> CreditList:
        return self._lists[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lists)

    def __len__(self) -> int:
        return len(self._lists)

    @property
    def digest(self) -> str:
        """Changes when another record has a page than before."""
        return hashlib.sha256(repr(sorted(self._by_word)).encode()).hexdigest()[:16]

    def of(self, kind: Kind, fields: Content) -> list[CreditList]:
        """The lists on which a record with these fields stands, as far as they have a page."""
        found = (self._by_word.get((kind.id, word)) for word in words_of(kind, fields))
        return list({each.id: each for each in found if each is not None}.values())

    def without_page(self, kind: Kind, fields: Content) -> list[str]:
        """The words of those that have none; an empty word where a record does not name its list."""
        if not kind.listed:
            return []
        return [word for word in words_of(kind, fields) or [""] if (kind.id, word) not in self._by_word]


def words_of(kind: Kind, fields: Content) -> list[str]:
    """The words by which a record names its lists; one empty word where its kind is a list by itself."""
    if not kind.listed:
        return []
    if not kind.listed_by:
        return [""]
    value = fields.get(kind.listed_by) or []
    return value if isinstance(value, list) else [value]


def load(folder: Path | None = None, kinds: Kinds | None = None) -> Lists:
    """All lists of ``folder``, by default those that are shipped.

    Raises:
        LawError: every error of every file: a missing part, an unknown kind, a word covered twice.
    """
    folder = folder or shipped("config") / "lists"
    kinds = kind_files.load() if kinds is None else kinds
    wrong: list[Wrong] = []
    made: dict[str, CreditList] = {}
    covered: dict[tuple[str, str], str] = {}
    for path in sorted(folder.glob("*.toml")):
        table = read(path, wrong)
        shape = shaped(ListShape, path.name, table, wrong) if table is not None else None
        if shape is None:
            continue
        wrong += _check(path.name, shape, kinds, covered)
        made[path.stem] = _made(path.stem, shape)
    if wrong:
        raise LawError(wrong)
    return Lists(made)


def _check(file: str, shape: ListShape, kinds: Kinds, covered: dict[tuple[str, str], str]) -> Iterator[Wrong]:
    for cover in shape.covers:
        kind = kinds.get(cover.kind)
        if kind is None or not kind.listed:
            yield Wrong(file, "covers.kind", f"{cover.kind} is no kind of lists", "name one with `listed`")
            continue
        if bool(cover.values) != bool(kind.listed_by):
            remedy = "give the words of the list" if kind.listed_by else "leave the values out"
            yield Wrong(file, "covers.values", f"{cover.kind} does not fit them", remedy)
        for word in cover.values or ("",):
            other = covered.setdefault((cover.kind, word), file)
            if other != file:
                yield Wrong(
                    file, "covers.values", f"{word or cover.kind} stands in {other}", "leave it in one"
                )


def _made(name: str, shape: ListShape) -> CreditList:
    parts = {part: tuple(Label(each.zh, each.en) for each in getattr(shape, part)) for part in PARTS}
    return CreditList(
        name,
        Label(shape.zh, shape.en),
        Label(shape.authority.zh, shape.authority.en),
        {cover.kind: cover.values for cover in shape.covers},
        parts,
        shape.source,
    )
