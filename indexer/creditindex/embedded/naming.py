"""Answering ``names`` and ``suggest`` on one snapshot: subjects by name (DESIGN 4, Search 4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from tantivy import Order, Query

from creditindex import closest
from creditindex.embedded.translate import but_not, day_of, guarded
from creditindex.engine import Suggestion
from creditindex.plan import by_pinyin, is_identifier, searchable
from creditindex.query import NameHit, NameQuery, Names
from creditindex.terms import EDGE, GRAM
from creditregister.text import fold

if TYPE_CHECKING:
    from datetime import date

    import tantivy

    from creditindex.embedded.snapshots import Snapshot
    from creditindex.query import How

#: Names that contain a text from which on it is no name's short form, but a word like 公司.
ENOUGH = 1_000


class Naming:
    """Looks for names of subjects on one snapshot, as they may be shown on one day."""

    def __init__(self, snapshot: Snapshot, today: date) -> None:
        self._snapshot = snapshot
        self._translator = snapshot.translator
        self._day = day_of(today)

    def names(self, query: NameQuery) -> Names:
        """Exact, containing and closest names, and the likeliest of all in one list."""
        folded = searchable(query.text)
        if not folded:
            return Names()
        if query.by == "pinyin":
            return self._by_pinyin(query)
        equal = self._translator.term("s_exact", folded)
        exact, equals = self._ranked(equal, query.limit, query.start, "exact")
        longer = but_not(self._containing(folded), equal)
        rest = query.limit - len(exact)
        containing, others = self._ranked(longer, rest, max(0, query.start - equals), "containing")
        near: list[NameHit] = []
        whole = bool(exact) and closest.is_whole(folded)
        short = len(folded) >= closest.SHORTEST and others <= ENOUGH and not is_identifier(query.text)
        if short and not whole and not query.start:
            near = self._near(folded, [*exact, *containing], query.limit)
        return Names(
            exact=tuple(exact),
            containing=tuple(containing),
            closest=tuple(hit for hit in near if hit.how == "closest")[: query.limit],
            best=_one_a_subject([*exact, *near, *containing], query.limit),
            total=equals + others,
        )

    def _by_pinyin(self, query: NameQuery) -> Names:
        condition = by_pinyin(query.text)
        if condition is None:
            return Names()
        found, total = self._ranked(self._translator.condition(condition), query.limit, query.start, "pinyin")
        return Names(containing=tuple(found), best=_one_a_subject(found, query.limit), total=total)

    def suggest(self, prefix: str, limit: int) -> list[Suggestion]:
        """Names that begin with the text, then names that contain it; none for an empty text."""
        folded = searchable(prefix)
        if not folded:
            return []
        begins = self._translator.phrase("s_name", EDGE + folded)
        found = self._ranked(begins, limit, 0, "containing")[0]
        if len(found) < limit:
            found += self._ranked(self._containing(folded), limit * 2, 0, "containing")[0]
        unique = {(hit.name, hit.code): Suggestion(hit.name, hit.code) for hit in found}
        return list(unique.values())[:limit]

    def _near(self, folded: str, known: list[NameHit], limit: int) -> list[NameHit]:
        """The closest names, those among them that contain the text included."""
        searcher, names = self._snapshot.searcher, self._snapshot.names
        with guarded():
            frequencies = {piece: searcher.doc_freq("s_gram", piece) for piece in closest.pieces(folded)}
            probes = closest.probes(folded, frequencies, names)
            if not probes:
                return []
            query = self._translator.shown(self._translator.weighed("s_gram", probes), self._day)
            found = searcher.search(query, limit=closest.CANDIDATES, count=False)
        hits = self._hits([address for _, address in found.hits], "closest")
        candidates = list({(hit.subject_id, hit.name): hit for hit in [*known, *hits]}.values())
        texts = [fold(hit.name) for hit in candidates]
        ranked = closest.rank(folded, texts, frequencies, names, limit + len(known))
        return [
            replace(candidates[each.place], how=_how(folded, texts[each.place]), score=round(each.score, 4))
            for each in ranked
        ]

    def _containing(self, folded: str) -> tantivy.Query:
        if len(folded) <= GRAM:
            return self._translator.term("s_gram", folded)
        return self._translator.phrase("s_name", folded)

    def _ranked(self, query: Query, limit: int, start: int, how: How) -> tuple[list[NameHit], int]:
        """Names in their fixed order, ``limit`` of them or none, and how many there are."""
        with guarded():
            found: Any = self._snapshot.searcher.search(
                self._translator.shown(query, self._day),
                limit=max(limit, 1),
                offset=start,
                order_by_field="rank",
                order=Order.Asc,
            )
        return self._hits([address for _, address in found.hits[:limit]], how), found.count

    def _hits(self, addresses: list[tantivy.DocAddress], how: How) -> list[NameHit]:
        searcher = self._snapshot.searcher
        if not addresses:
            return []
        subjects = searcher.fast_field_values("subject", addresses)
        current = searcher.fast_field_values("current", addresses)
        labels = [orjson.loads(str(searcher.doc(each).get_first("label"))) for each in addresses]
        return [
            NameHit(int(subject or 0), code, name, bool(now), how)
            for subject, now, (code, name) in zip(subjects, current, labels, strict=True)
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
