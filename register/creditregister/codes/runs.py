"""Numbers in free text: runs of digits, also when spaces or dashes stand between the digits.

The time is linear in the text: patterns repeat one character class, and from each run only the few
lengths are looked at that numbers of interest have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from creditregister.codes.arithmetic import identity_check
from creditregister.codes.identity import is_identity_number
from creditregister.text import FOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONG: Final = 18
SHORT: Final = 15
_LAST_OF_BMP: Final = 0xFFFF


def _spellings() -> dict[int, str]:
    """Find what stands for a digit, an X, a dash or a gap: one plain character for one."""
    plain = {code: folded for code, folded in FOLDS.items() if folded in set("0123456789-")}
    gaps = {code: " " for code, folded in FOLDS.items() if not folded}
    crosses = {code: "X" for code, folded in FOLDS.items() if folded == "x"}
    return plain | gaps | crosses


_SPELLINGS: Final = _spellings()
#: Other spellings are rare, so the translation is made only where one of them occurs.
OTHER_SPELLINGS: Final = (
    "".join(re.escape(chr(code)) for code in _SPELLINGS if ord("\x7f") < code <= _LAST_OF_BMP)
    + "\U0001d400-\U0001fbff\U000e0000-\U000e0fff"
)
_OTHER_SPELLING: Final = re.compile(f"[{OTHER_SPELLINGS}]")
#: Seven characters that may be a number of interest; dates of the form 2026-04-01 are among them.
LONG_ENOUGH: Final = r"[0-9][0-9 \t\r\n()（）xX*＊×-]{6}"
_LONG_ENOUGH: Final = re.compile(LONG_ENOUGH)
_RUN: Final = re.compile(r"[0-9]+[Xx]?")
_GAP: Final = re.compile(r"[ \t\r\n-]{1,3}")


class Number(NamedTuple):
    """Digits (and X at an end) that may belong together, and where they stand in the text."""

    start: int
    end: int
    digits: str
    runs: int


def plain_numbers(text: str) -> str:
    """Return the text with one spelling of digits, dashes and gaps, as long as the text itself."""
    return text.translate(_SPELLINGS) if _OTHER_SPELLING.search(text) else text


def may_hold_numbers(plain: str) -> bool:
    """Tell quickly whether there may be a number of seven digits or more."""
    return _LONG_ENOUGH.search(plain) is not None


def numbers(
    plain: str,
    lengths: Mapping[int, int],
    start: int = 0,
    end: int | None = None,
) -> Iterator[Number]:
    """Yield the long runs of digits in a text or a part of it, and shorter ones joined over small gaps.

    Joined are those that stand one after the other and make one of the ``lengths`` together; to each
    belongs the number of runs that it may consist of.
    """
    for runs in _clusters(plain, start, len(plain) if end is None else end):
        digits = "".join(run[0] for run in runs).upper()
        ends: dict[int, int] = {}
        offset = 0
        for place, run in enumerate(runs):
            offset += len(run[0])
            ends[offset] = place
        offset = 0
        for place, run in enumerate(runs):
            if len(run[0]) >= SHORT:
                yield Number(run.start(), run.end(), run[0].upper(), 1)
            for length, most in lengths.items():
                last = ends.get(offset + length, place)
                if place < last < place + most:
                    joined = digits[offset : offset + length]
                    yield Number(run.start(), runs[last].end(), joined, last - place + 1)
            offset += len(run[0])


def _clusters(plain: str, start: int, end: int) -> Iterator[list[re.Match[str]]]:
    """Yield the runs of digits that have only small gaps between them."""
    cluster: list[re.Match[str]] = []
    for run in _RUN.finditer(plain, start, end):
        if cluster and not _GAP.fullmatch(plain, cluster[-1].end(), run.start()):
            yield cluster
            cluster = []
        cluster.append(run)
    if cluster:
        yield cluster


def stands_alone(plain: str, number: Number) -> bool:
    """Tell whether no Latin letter or digit touches a number, so that it is no part of a longer code."""
    before, after = plain[max(0, number.start - 1) : number.start], plain[number.end : number.end + 1]
    return not any(each.isascii() and each.isalnum() for each in (before, after))


def find_identities(text: str) -> list[tuple[int, int]]:
    """Return where identity numbers stand in a text, also with wide digits or gaps between them."""
    plain = plain_numbers(text)
    if not may_hold_numbers(plain):
        return []
    found: list[tuple[int, int]] = []
    for number in numbers(plain, {LONG: LONG}):
        if is_identity_run(plain, number) and (not found or number.start >= found[-1][1]):
            found.append((number.start, number.end))
    return found


def is_identity_run(plain: str, number: Number) -> bool:
    """Tell whether digits of a text are an identity number, or the tax number made of one.

    Joined digits must have the right check, because a list of dates and amounts may look like one; the
    shorter forms must stand alone, because codes of digits and letters may look like one.
    """
    digits = number.digits[:LONG] if len(number.digits) == LONG + 2 else number.digits
    if not is_identity_number(digits):
        return False
    if number.runs > 1 or digits != number.digits:
        return len(digits) == LONG and identity_check(digits) == digits[-1]
    return len(digits) == LONG or stands_alone(plain, number)
