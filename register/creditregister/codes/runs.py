"""Numbers in free text: runs of digits, also when spaces or dashes stand between the digits.

The time is linear in the text: patterns repeat one character class, and joined runs are tried from
each run for at most ``longest`` digits.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from creditregister.codes.arithmetic import identity_check
from creditregister.codes.identity import is_identity_number
from creditregister.text import FOLDS

if TYPE_CHECKING:
    from collections.abc import Iterator

LONG: Final = 18
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
    #: No Latin letter or digit touches it, so it is not part of some longer code.
    alone: bool


def plain_numbers(text: str) -> str:
    """Return the text with one spelling of digits, dashes and gaps, as long as the text itself."""
    return text.translate(_SPELLINGS) if _OTHER_SPELLING.search(text) else text


def may_hold_numbers(plain: str) -> bool:
    """Tell quickly whether there may be a number of seven digits or more."""
    return _LONG_ENOUGH.search(plain) is not None


def numbers(plain: str, longest: int, start: int = 0, end: int | None = None) -> Iterator[Number]:
    """Yield each run of digits of a text, or of a part of it, alone and joined with those that follow.

    ``longest`` bounds the characters of a joined number; a single run is yielded at any length.
    """
    runs = list(_RUN.finditer(plain, start, len(plain) if end is None else end))
    for first, run in enumerate(runs):
        digits, last = run[0].upper(), run.end()
        free = not _is_latin(plain, run.start() - 1)
        yield Number(run.start(), last, digits, 1, free and not _is_latin(plain, last))
        for count, follower in enumerate(runs[first + 1 : first + longest], 2):
            digits += follower[0].upper()
            if len(digits) > longest or not _GAP.fullmatch(plain, last, follower.start()):
                break
            last = follower.end()
            yield Number(run.start(), last, digits, count, free and not _is_latin(plain, last))


def _is_latin(plain: str, place: int) -> bool:
    """Tell whether an ASCII letter or digit stands at a place of a text."""
    character = plain[place : place + 1] if place >= 0 else ""
    return character.isascii() and character.isalnum()


def find_identities(text: str) -> list[tuple[int, int]]:
    """Return where identity numbers stand in a text, also with wide digits or gaps between them."""
    plain = plain_numbers(text)
    if not may_hold_numbers(plain):
        return []
    found: list[tuple[int, int]] = []
    for number in numbers(plain, LONG):
        if is_identity_run(number) and (not found or number.start >= found[-1][1]):
            found.append((number.start, number.end))
    return found


def is_identity_run(number: Number) -> bool:
    """Tell whether digits of a text are an identity number, or the tax number made of one.

    Joined digits must have the right check, because a list of dates and amounts may look like one; the
    shorter forms must stand alone, because codes of digits and letters may look like one.
    """
    digits = number.digits
    if len(digits) == LONG + 2 and number.runs == 1:
        digits = digits[:LONG]
        return identity_check(digits) == digits[-1] and is_identity_number(digits)
    if not is_identity_number(digits) or not (number.alone or len(digits) == LONG):
        return False
    return number.runs == 1 or (len(digits) == LONG and identity_check(digits) == digits[-1])
