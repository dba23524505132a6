"""Answering ``find`` on one snapshot: which stage answers, in which order, which page (DESIGN 4, Search)."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tantivy import Order

from creditindex.embedded.estimate import estimate, is_dear
from creditindex.embedded.facets import FEW, MANY, Counting
from creditindex.embedded.schema import id_of
from creditindex.embedded.translate import but_not, day_of, every, guarded
from creditindex.query import EXACT, Cursor, Facets, Hit, Page, Query
from creditindex.terms import AREA_DIGITS
from creditregister.records import id_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import tantivy

    from creditindex.caching import Cache
    from creditindex.embedded.snapshots import Snapshot
    from creditindex.plan import Condition, Reading, Stage, Tier

#: What a hit is known by.
FIELDS = ("id_high", "id_low", "version")


@dataclass
class Gathered:
    """A page while it is gathered, tier by tier: hits still wanted, and hits still to be skipped."""

    wanted: int
    skip: int
    hits: list[Hit] = field(default_factory=list)
    last: Cursor | None = None
    before: int = 0  # hits of the tiers before, as far as they were counted

    def take(self, hits: Sequence[Hit], last: Cursor | None) -> None:
        """Add what one tier brought."""
        self.hits.extend(hits)
        self.wanted -= len(hits)
        self.last = last or self.last


class Finding:
    """Answers one question on one snapshot."""

    def __init__(
        self,
        snapshot: Snapshot,
        kinds: Mapping[int, str],
        cache: Cache[tuple[int, Facets]],
        query: Query,
    ) -> None:
        self._snapshot = snapshot
        self._translator = snapshot.translator
        self._counting = Counting(snapshot, kinds)
        self._cache = cache
        self._query = query
        self._day = day_of(query.today)

    def page(self, reading: Reading) -> Page:
        """The page of the first stage that answers, or of the stage that the cursor names."""
        for stage in reading.stages:
            if self._query.after is None or self._query.after.stage == stage.name:
                page = self._answer(reading, stage)
                if page is not None:
                    return page
        return Page("nothing", (), 0, exact=True, facets=None, understood=reading.understood)

    def _answer(self, reading: Reading, stage: Stage) -> Page | None:
        """The page of this stage; none where it finds nothing, not even without the filters."""
        if not estimate(self._snapshot.searcher, stage.tiers[-1].condition):
            return None
        offset = 0 if self._query.after else (self._query.page - 1) * self._query.size
        gathered = Gathered(self._query.size, offset)
        if self._query.order == "rank":
            for place, tier in enumerate(stage.tiers[:-1]):
                self._gather(stage, place, tier, gathered)
        total, facets = self._last(stage, gathered)
        if not total and not (self._query.filters and self._matches(stage)):
            return None
        return Page(
            stage=stage.name,
            hits=tuple(gathered.hits),
            total=min(total, EXACT),
            exact=total <= EXACT,
            facets=facets,
            understood=reading.understood,
            needles=stage.needles,
            cursor=gathered.last if not gathered.wanted else None,
        )

    def _last(self, stage: Stage, gathered: Gathered) -> tuple[int, Facets]:
        """Gather from the tier that holds all hits, and count it."""
        condition = stage.tiers[-1].condition
        plain = self._query.after is None and not gathered.before
        # Not for later pages: tantivy's top_hits panics where there are fewer hits than are to be skipped.
        if plain and not gathered.skip and is_dear(self._snapshot.searcher, condition):
            return self._in_one_pass(stage, gathered)
        self._gather(stage, len(stage.tiers) - 1, stage.tiers[-1], gathered)
        if plain and not self._query.filters:
            return self._counts(condition, gathered.before) if gathered.before else (0, Facets())
        return self._counts(condition, estimate(self._snapshot.searcher, condition))

    def _gather(self, stage: Stage, place: int, tier: Tier, gathered: Gathered) -> None:
        """Take from one tier what the tiers before do not hold."""
        after = self._query.after
        if not gathered.wanted or (after is not None and place < after.tier):
            return
        query = self._narrowed(tier.condition)
        if place and self._query.order == "rank" and (gathered.before or after is not None):
            query = but_not(query, self._translator.condition(stage.tiers[place - 1].condition))
        if after is not None and place == after.tier:
            query = every([query, self._translator.above(self._key(stage), after.key)])
        with guarded():
            found: Any = self._snapshot.searcher.search(
                query,
                limit=gathered.wanted,
                offset=gathered.skip,
                order_by_field=self._key(stage),
                order=Order.Asc,
            )
        keys = [int(key) for key, _ in found.hits]
        hits = self._hits([address for _, address in found.hits], self._why(stage, tier))
        gathered.take(hits, Cursor(stage.name, place, keys[-1]) if keys else None)
        gathered.before += found.count
        gathered.skip = max(0, gathered.skip - found.count)

    def _in_one_pass(self, stage: Stage, gathered: Gathered) -> tuple[int, Facets]:
        """Hits and counts in one pass: matching a phrase costs far more than gathering its hits."""
        tier, key = stage.tiers[-1], self._key(stage)
        top = {
            "size": gathered.wanted,
            "sort": [{key: "asc"}],
            "docvalue_fields": list(FIELDS),
        }
        query = self._shown(tier.condition)
        total, facets, found = self._counting.count(query, self._query.filters, {"top": {"top_hits": top}})
        top_hits = found["top"]["hits"]
        why = self._why(stage, tier)
        columns = [[int(each["docvalue_fields"][name][0]) for each in top_hits] for name in FIELDS]
        hits = [_hit(high, low, version, why) for high, low, version in zip(*columns, strict=True)]
        place = len(stage.tiers) - 1
        gathered.take(hits, Cursor(stage.name, place, int(top_hits[-1]["sort"][0])) if hits else None)
        return total, facets

    def _counts(self, condition: Condition, likely: int) -> tuple[int, Facets]:
        """Total and facets of about so many hits, from the cache where they were dear."""
        filters = self._query.filters
        key = (self._snapshot.generation, self._day, condition, filters)
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        began = time.perf_counter()
        query = self._shown(condition)
        level = all(len(value) == AREA_DIGITS for value in filters.area)
        if level and not FEW < likely < MANY:
            counts = self._counting.count_by_cube(query, filters)
        else:
            counts = self._counting.count(query, filters)[:2]
        self._cache.put(key, counts, time.perf_counter() - began)
        return counts

    def _matches(self, stage: Stage) -> bool:
        """Whether the stage finds anything without the filters."""
        query = self._shown(stage.tiers[-1].condition)
        with guarded():
            return bool(self._snapshot.searcher.search(query, limit=1, count=False).hits)

    def _shown(self, condition: Condition) -> tantivy.Query:
        return self._translator.shown(self._translator.condition(condition), self._day)

    def _narrowed(self, condition: Condition) -> tantivy.Query:
        return self._translator.filtered(self._shown(condition), self._query.filters)

    def _why(self, stage: Stage, tier: Tier) -> tuple[str, ...]:
        """Where the hits of a tier match; not said where the last tier brings the hits of all."""
        return () if self._query.order == "newest" and len(stage.tiers) > 1 else tier.why

    def _key(self, stage: Stage) -> str:
        return "rank" if stage.by_name and self._query.order == "rank" else "newest"

    def _hits(self, addresses: list[tantivy.DocAddress], why: tuple[str, ...]) -> list[Hit]:
        searcher = self._snapshot.searcher
        columns = [searcher.fast_field_values(name, addresses) for name in FIELDS] if addresses else []
        return [
            _hit(int(high or 0), int(low or 0), int(version or 0), why)
            for high, low, version in zip(*columns, strict=True)
        ]


def _hit(high: int, low: int, version: int, why: tuple[str, ...]) -> Hit:
    return Hit(id_text(id_of(high, low)), version, why)
