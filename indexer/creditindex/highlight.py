"""Marking what matched, in the original text (DESIGN 4): one way for both engines.

Texts are cut into segments before anything is escaped, so that no mark can fall into the middle of an escape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditregister.text import fold, fold_spans

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Segment = tuple[str, bool]


def segments(text: str, needles: Sequence[str]) -> list[Segment]:
    """Cut a text into pieces, each with whether it matches one of the folded needles.

    Joined, the pieces are the text. Matches that overlap or touch become one piece.
    """
    if not holds(text, needles):
        return [(text, False)] if text else []
    folded, offsets = fold_spans(text)
    pieces: list[Segment] = []
    done = 0
    for start, end in _merged(sorted(_found(folded, needles))):
        first, last = offsets[start], offsets[end - 1] + 1
        if first > done:
            pieces.append((text[done:first], False))
        if last > done:
            pieces.append((text[max(first, done) : last], True))
            done = last
    if done < len(text):
        pieces.append((text[done:], False))
    return pieces


def excerpt(text: str, needles: Sequence[str], length: int) -> str:
    """A piece of a long text, about ``length`` characters, that shows the first match where there is one."""
    if len(text) <= length:
        return text
    first = 0
    if holds(text, needles):
        folded, offsets = fold_spans(text)
        first = offsets[min(place for needle in needles if needle and (place := folded.find(needle)) >= 0)]
    begin = max(0, min(first - length // 4, len(text) - length))
    return ("…" if begin else "") + text[begin : begin + length] + ("…" if begin + length < len(text) else "")


def holds(text: str, needles: Sequence[str]) -> bool:
    """Whether a text holds one of the folded needles. Most texts hold none, and are looked at only once."""
    if not needles:
        return False
    folded = fold(text)
    return any(needle in folded for needle in needles if needle)


def _found(folded: str, needles: Sequence[str]) -> Iterator[tuple[int, int]]:
    for needle in needles:
        place = folded.find(needle) if needle else -1
        while place >= 0:
            yield place, place + len(needle)
            place = folded.find(needle, place + len(needle))


def _merged(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in order, those that overlap or touch made one."""
    current: tuple[int, int] | None = None
    for start, end in spans:
        if current is not None and start <= current[1]:
            current = (current[0], max(current[1], end))
        else:
            if current is not None:
                yield current
            current = (start, end)
    if current is not None:
        yield current
