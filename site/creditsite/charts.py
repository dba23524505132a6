"""Bar charts 条形图 as values, drawn by ``templates/charts.html`` as SVG on the server (UI.md, statistics).

Lengths are shares of the width, heights and places are in ``em``: a chart fits every screen, and its words
grow with the reader's text. Beside each chart stands a table with the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Bars that a chart shows; the rest stands in the table.
MOST = 12
#: Heights in em: of one bar with its words above it, of the words, and where the bar begins below them.
_STEP, _TEXT, _BAR = 2.9, 1.05, 1.45


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its words, its figure, and its parts from left to right by the place of their sort."""

    label: str
    figure: str
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar as it is drawn: where it begins, how long it is, of which sort."""

    x: str
    width: str
    sort: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar as it is drawn."""

    label: str
    figure: str
    text_y: str
    bar_y: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole chart; ``sorts`` names the sorts of parts for the legend, where there are several.

    ``lang`` is the language of the labels, where it is not the page's.
    """

    id: str
    title: str
    description: str
    height: str
    bars: tuple[Drawn, ...]
    sorts: tuple[str, ...] = ()
    lang: str = ""


def chart(
    name: str,
    title: str,
    description: str,
    bars: Sequence[Bar],
    *,
    sorts: Sequence[str] = (),
    whole: bool = False,
    lang: str = "",
) -> Chart | None:
    """The chart of some bars; none where there is nothing to compare.

    Args:
        name: its id on the page.
        title: what it is, for a screen reader.
        description: what it says, in a sentence.
        bars: from top to bottom; those beyond the twelfth are left to the table.
        sorts: what the parts of a bar are.
        lang: the language of the labels, where it is not the page's.
        whole: each bar fills the width: shares of its own sum, not of the longest bar.
    """
    shown = bars[:MOST]
    longest = max((sum(bar.parts) for bar in shown), default=0)
    if not longest:
        return None
    drawn = tuple(
        Drawn(
            bar.label,
            bar.figure,
            f"{place * _STEP + _TEXT:.2f}em",
            f"{place * _STEP + _BAR:.2f}em",
            _parts(bar.parts, sum(bar.parts) if whole else longest),
        )
        for place, bar in enumerate(shown)
    )
    return Chart(name, title, description, f"{len(shown) * _STEP:.2f}em", drawn, tuple(sorts), lang)


def _parts(parts: Sequence[int], full: int) -> tuple[Part, ...]:
    drawn, before = [], 0
    for sort, part in enumerate(parts):
        if part:
            drawn.append(Part(_share(before, full), _share(part, full), sort))
        before += part
    return tuple(drawn)


def _share(part: int, full: int) -> str:
    return f"{100 * part / full:.2f}%"
