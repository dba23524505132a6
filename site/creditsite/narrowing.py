"""Filters of the result page as links: chips that take one off, facets that put one on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from creditregister.kinds import Label
from creditsite import labels

if TYPE_CHECKING:
    from creditindex.query import Count, Page
    from creditregister.areas import Areas
    from creditregister.kinds import Kinds
    from creditsite.asked import Asked

Pairs = list[tuple[str, str]]

#: Values of one dimension that a page lists.
MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One value: its words, how many records have it, whether it is chosen, the query that turns it."""

    label: Label
    count: int
    chosen: bool
    query: Pairs


@dataclass(frozen=True, slots=True)
class Facet:
    """One dimension with its values, the most frequent first (years: the newest)."""

    name: str
    label: Label
    choices: list[Choice]


def chips(asked: Asked, kinds: Kinds, areas: Areas) -> list[Choice]:
    """The filters that are on, each with the query without it."""
    return [
        Choice(label_of(name, value, kinds, areas), 0, True, _turned(asked, name, value))
        for name, values in asked.query.filters.items()
        for value in values
    ]


def facets(asked: Asked, page: Page, kinds: Kinds, areas: Areas) -> list[Facet]:
    """What the results can be narrowed by; a dimension with one value that is not chosen narrows nothing."""
    if page.facets is None:
        return []
    made = []
    for name, label in labels.DIMENSIONS.items():
        counts: tuple[Count, ...] = getattr(page.facets, name)
        chosen: tuple[str, ...] = getattr(asked.query.filters, name)
        listed = [count for count in _ordered(name, counts) if count.value][:MOST_LISTED]
        if len(listed) > 1 or chosen:
            choices = [
                Choice(
                    label_of(name, count.value, kinds, areas),
                    count.count,
                    count.value in chosen,
                    _turned(asked, name, count.value),
                )
                for count in listed
            ]
            made.append(Facet(name, label, choices))
    return made


def label_of(name: str, value: str, kinds: Kinds, areas: Areas) -> Label:
    """The words for one value of one dimension."""
    if name == "kind":
        return kinds[value].name if value in kinds else Label(value, value)
    if name == "area":
        return Label(areas.name(value), areas.name(value))
    if name == "state":
        return labels.label_of(labels.STATES, value)
    if name == "year":
        return Label(f"{value}年", value)
    return Label(value, value)


def _ordered(name: str, counts: tuple[Count, ...]) -> list[Count]:
    if name == "year":
        return sorted(counts, key=lambda count: count.value, reverse=True)
    return sorted(counts, key=lambda count: (-count.count, count.value))


def _turned(asked: Asked, name: str, value: str) -> Pairs:
    """The query with this value on if it is off, and off if it is on."""
    values: tuple[str, ...] = getattr(asked.query.filters, name)
    turned = tuple(each for each in values if each != value) if value in values else (*values, value)
    return asked.pairs(**{name: turned})
