"""Numbers in free text: runs of digits, also when spaces or dashes stand between the digits.

Every pattern here is a run of one character class, so the time is linear in the text; joined runs are
tried from each run for at most nineteen digits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from creditregister.codes.arithmetic import identity_check
from creditregister.codes.identity import is_identity_number
from creditregister.text import FOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator

_DIGITS: Final = "0123456789"
_GAPS: Final = frozenset({" ", "-", "  ", " -", "- "})
_RUN: Final = re.compile(r"[0-9]+[X]?")
_ENOUGH: Final = re.compile(r"(?:\d[\s\-]{0,2}){14}")
_LONG: Final = 18
_SHORT: Final = 15


def _plain(folded: str) -> str | None:
    """Return what one character is for a reader of numbers: a digit, X, a gap or a dash."""
    if folded in _DIGITS or folded == "-":
        return folded or " "
    return "X" if folded == "x" else None


#: One character for one: digits of any width, X, blanks; so offsets stay those of the text.
_PLAIN: Final = {code: plain for code, folded in FOLDS.items() if (plain := _plain(folded)) is not None} | {
    ord("x"): "X"
}


class Number(NamedTuple):
    """Digits (and X at an end) that may belong together, and where they stand in the text."""

    start: int
    end: int
    digits: str
    joined: bool


def plain_numbers(text: str) -> str:
    """Return the text with one plain spelling of digits and gaps, as long as the text itself."""
    return text.translate(_PLAIN)


def numbers(plain: str, longest: int) -> Iterator[Number]:
    """Yield each run of digits alone, and joined with those that follow it over a gap.

    ``longest`` bounds the digits of a joined number; a single run is yielded at any length.
    """
    runs = list(_RUN.finditer(plain))
    for first, run in enumerate(runs):
        digits, end = run[0], run.end()
        yield Number(run.start(), end, digits, joined=False)
        for follower in runs[first + 1 : first + longest]:
            digits += follower[0]
            if len(digits) > longest or plain[end : follower.start()] not in _GAPS:
                break
            end = follower.end()
            yield Number(run.start(), end, digits, joined=True)


def find_identities(text: str) -> list[tuple[int, int]]:
    """Return where identity numbers stand in a text, also with wide digits or gaps between them."""
    if not _ENOUGH.search(text):
        return []
    found: list[tuple[int, int]] = []
    for number in numbers(plain_numbers(text), _LONG):
        if is_identity_run(number) and (not found or number.start >= found[-1][1]):
            found.append((number.start, number.end))
    return found


def is_identity_run(number: Number) -> bool:
    """Tell whether digits of a text are an identity number.

    Joined digits must have the right check, because a list of dates and amounts may look like one.
    """
    digits = number.digits
    if len(digits) == _LONG + 2:
        digits = digits[:_LONG]
        return identity_check(digits) == digits[-1] and is_identity_number(digits)
    if not is_identity_number(digits):
        return False
    return not number.joined or (len(digits) == _LONG and identity_check(digits) == digits[-1])
