"""Subjects by name, the same on both engines (DESIGN 4, Search 4): what is looked up and what comes of it.

An engine looks names up in their fixed order, says how frequent pieces of names are, and which names have
most of some pieces; the rest is worked out here, so that both engines answer alike.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from creditindex import closest
from creditindex.engine import Suggestion
from creditindex.plan import Phrase, Term, by_pinyin, is_identifier, searchable
from creditindex.query import NameHit, NameQuery, Names
from creditindex.terms import EDGE, GRAM
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from creditindex.plan import Condition
    from creditindex.query import How

#: Names that contain a text from which on it is no name's short form, but a word like 公司.
ENOUGH = 1_000


class Lookup(Protocol):
    """The names of subjects that may be shown on one day, as an engine looks them up."""

    def ranked(self, condition: Condition, limit: int, start: int = 0) -> tuple[list[NameHit], int]:
        """Names in their fixed order, ``limit`` of them after the first ``start``, and how many there are."""

    def frequencies(self, pieces: Sequence[str]) -> tuple[Mapping[str, int], int]:
        """In how many names each piece stands, about, and how many names there are."""

    def likely(self, probes: Sequence[tuple[str, float]], limit: int) -> list[NameHit]:
        """The names with the heaviest sum of the pieces that they have."""


def names(lookup: Lookup, query: NameQuery) -> Names:
    """Exact, containing and closest names, and the likeliest of all in one list; or names by pinyin."""
    folded = searchable(query.text)
    if not folded:
        return Names()
    if query.by == "pinyin":
        return _by_pinyin(lookup, query)
    # An equal name is the shortest that contains the text, so it stands first.
    found, total = lookup.ranked(contains(folded), query.limit, query.start)
    exact = [replace(hit, how="exact") for hit in found if fold(hit.name) == folded]
    containing = found[len(exact) :]
    near: list[NameHit] = []
    whole = bool(exact) and closest.is_whole(folded)
    short = len(folded) >= closest.SHORTEST and total - len(exact) <= ENOUGH
    if short and not whole and not query.start and not is_identifier(query.text):
        near = _near(lookup, folded, [*exact, *containing], query.limit)
    return Names(
        exact=tuple(exact),
        containing=tuple(containing),
        closest=tuple(hit for hit in near if hit.how == "closest")[: query.limit],
        best=_one_a_subject([*exact, *near, *containing], query.limit),
        total=total,
    )


def suggest(lookup: Lookup, prefix: str, limit: int) -> list[Suggestion]:
    """Names that begin with the text, then names that contain it; none for an empty text."""
    folded = searchable(prefix)
    if not folded:
        return []
    found = lookup.ranked(Phrase("s_name", EDGE + folded), limit)[0]
    if len(found) < limit:
        found += lookup.ranked(contains(folded), limit * 2)[0]
    return list(dict.fromkeys(Suggestion(hit.subject_id, hit.name, hit.code) for hit in found))[:limit]


def contains(folded: str) -> Condition:
    """The text stands inside a name of a subject."""
    return Term("s_gram", folded) if len(folded) <= GRAM else Phrase("s_name", folded)


def _by_pinyin(lookup: Lookup, query: NameQuery) -> Names:
    condition = by_pinyin(query.text)
    if condition is None:
        return Names()
    hits, total = lookup.ranked(condition, query.limit, query.start)
    found = [replace(hit, how="pinyin") for hit in hits]
    return Names(containing=tuple(found), best=_one_a_subject(found, query.limit), total=total)


def _near(lookup: Lookup, folded: str, known: list[NameHit], limit: int) -> list[NameHit]:
    """The closest names, those among them that contain the text included."""
    frequencies, everyone = lookup.frequencies(closest.pieces(folded))
    probes = closest.probes(folded, frequencies, everyone)
    hits = lookup.likely(probes, closest.CANDIDATES) if probes else []
    candidates = list({(hit.subject_id, hit.name): hit for hit in [*known, *hits]}.values())
    texts = [fold(hit.name) for hit in candidates]
    ranked = closest.rank(folded, texts, frequencies, everyone, limit + len(known))
    return [
        replace(candidates[each.place], how=_how(folded, texts[each.place]), score=round(each.score, 4))
        for each in ranked
    ]


def _how(folded: str, name: str) -> How:
    if folded == name:
        return "exact"
    return "containing" if folded in name else "closest"


def _one_a_subject(hits: list[NameHit], limit: int) -> tuple[NameHit, ...]:
    """The first hit of each subject."""
    first: dict[int, NameHit] = {}
    for hit in hits:
        first.setdefault(hit.subject_id, hit)
    return tuple(first.values())[:limit]
