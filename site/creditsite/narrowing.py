"""Filters of the result page as links: chips that take one off, facets that put one on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote_plus

from creditregister.kinds import Label
from creditsite import labels

if TYPE_CHECKING:
    from creditindex.query import Count, Page
    from creditregister.areas import Areas
    from creditregister.kinds import Kinds
    from creditsite.asked import Asked
    from creditsite.links import Links

#: Values that a page lists of a dimension that may have hundreds; of the others it lists all.
MOST_LISTED = 8
LONG = frozenset({"area", "body"})


@dataclass(frozen=True, slots=True)
class Choice:
    """One value: its words, how many records have it, whether it is chosen, the address that turns it."""

    label: Label
    count: int
    chosen: bool
    href: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One dimension with its values, the most frequent first (years: the newest).

    ``cut``: there are more values, of which only those that are chosen are listed too.
    """

    name: str
    label: Label
    choices: list[Choice]
    cut: bool


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Makes the filters of one result page."""

    asked: Asked
    link: Links
    kinds: Kinds
    areas: Areas

    def chips(self) -> list[Choice]:
        """The filters that are on, each with the address without it."""
        return [
            Choice(self.label(name, value), 0, True, self._turned(name, value))
            for name, values in self.asked.query.filters.items()
            for value in values
        ]

    def facets(self, page: Page) -> list[Facet]:
        """What the results can be narrowed by; a single value that is not chosen narrows nothing."""
        if page.facets is None:
            return []
        made = []
        for name, label in labels.DIMENSIONS.items():
            counts: tuple[Count, ...] = getattr(page.facets, name)
            every = [count for count in _ordered(name, counts) if count.value]
            most, chosen = MOST_LISTED if name in LONG else len(every), self._chosen(name)
            listed = every[:most] + [count for count in every[most:] if count.value in chosen]
            if len(listed) > 1 or chosen:
                made.append(Facet(name, label, self._choices(name, listed), len(every) > len(listed)))
        return made

    def label(self, name: str, value: str) -> Label:
        """The words for one value of one dimension."""
        if name == "kind":
            return self.kinds[value].name if value in self.kinds else Label(value, value)
        if name == "area":
            return Label(self.areas.name(value), self.areas.name(value))
        if name == "state":
            return labels.label_of(labels.STATES, value)
        if name == "year":
            return Label(f"{value}年", value)
        return Label(value, value)

    def _choices(self, name: str, counts: list[Count]) -> list[Choice]:
        """Fifty addresses stand on a page: what they share is encoded once."""
        chosen = self._chosen(name)
        rest = self.link("/search", self.asked.pairs(**{name: chosen}))
        more = f"{rest}{'&' if '?' in rest else '?'}{name}="
        return [
            Choice(
                self.label(name, count.value),
                count.count,
                count.value in chosen,
                self._turned(name, count.value) if count.value in chosen else more + quote_plus(count.value),
            )
            for count in counts
        ]

    def _chosen(self, name: str) -> tuple[str, ...]:
        values: tuple[str, ...] = getattr(self.asked.query.filters, name)
        return values

    def _turned(self, name: str, value: str) -> str:
        """The address without this value."""
        kept = tuple(each for each in self._chosen(name) if each != value)
        return self.link("/search", self.asked.pairs(**{name: kept}))


def _ordered(name: str, counts: tuple[Count, ...]) -> list[Count]:
    if name == "year":
        return sorted(counts, key=lambda count: count.value, reverse=True)
    return sorted(counts, key=lambda count: (-count.count, count.value))
