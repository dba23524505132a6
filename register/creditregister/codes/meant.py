"""What was probably meant by a wrong unified code: the single slip that makes everything fit.

A candidate counts only if check character, organisation code inside, department pair and area digits
all agree; by chance 1 in 341 does. Most plausible first: letters that are not in the alphabet replaced
by the digit they look like, one character too many, two neighbours exchanged, a look-alike, any other
single character. The work is bounded: for each place the value that repairs the check sum is
*calculated*, not tried.
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Final

from creditregister.codes.arithmetic import (
    UNIFIED_ALPHABET,
    UNIFIED_WEIGHTS,
    organisation_check,
    unified_check,
    unified_remainder,
)
from creditregister.codes.identity import PROVINCES
from creditregister.codes.pairs import PAIRS
from creditregister.codes.shapes import UNIFIED

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How many proposals help; more would be guessing.
MOST: Final = 3
_LENGTH: Final = 18
#: The five letters that GB 32100-2015 leaves out, and what they stand for when they are typed.
_OUTSIDE: Final = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "UYW"}
_PAIRS_ALIKE: Final = "8B 0D 0Q 1L 17 6G 8G UY MN EF PR KX CG 7T 38 56 06 4A MW XY 69 39 HN DQ UW QG 27 BE"
#: Ordered pairs of characters that are easily misread for one another.
_LOOK_ALIKE: Final = frozenset(alike for pair in _PAIRS_ALIKE.split() for alike in (pair, pair[1] + pair[0]))
#: The pairs of department and kind that nearly all codes begin with.
_FREQUENT: Final = frozenset(("91", "92", "93", "11", "12", "13", "51", "52", "53", "N1", "N2"))
#: Inverse of each weight modulo 31: which value a place needs is solved, not searched.
_INVERSES: Final = tuple(pow(weight, -1, 31) for weight in UNIFIED_WEIGHTS)


def meant_by(value: str) -> tuple[str, ...]:
    """Return up to three codes that a wrong, normalised one was probably meant to be."""
    return tuple(dict.fromkeys(islice(_candidates(value), MOST)))


def _candidates(value: str) -> Iterator[str]:
    """Yield the fitting codes in order of plausibility; repeats are possible, the value itself not."""
    if len(value) == _LENGTH + 1:
        yield from filter(_fits, (value[:place] + value[place + 1 :] for place in range(len(value))))
    elif len(value) == _LENGTH - 1:
        yield from filter(_fits, (value + each for each in UNIFIED_ALPHABET))
    elif len(value) == _LENGTH:
        for inside in _replaced(value):
            if inside != value and _fits(inside):
                yield inside
            yield from _exchanged(inside)
            yield from _substituted(inside)


def _replaced(value: str) -> Iterator[str]:
    """Yield the code with the letters outside of the alphabet replaced (itself if there are none)."""
    choices = [_OUTSIDE.get(each, each) for each in value]
    for replaced in islice(product(*choices), 27):
        text = "".join(replaced)
        if all(each in UNIFIED_ALPHABET for each in text):
            yield text


def _exchanged(value: str) -> Iterator[str]:
    """Yield the fitting codes with two neighbours exchanged."""
    for place in range(_LENGTH - 1):
        first, second = value[place], value[place + 1]
        if first != second:
            text = value[:place] + second + first + value[place + 2 :]
            if _fits(text) and _keeps_province(value, text):
                yield text


def _substituted(value: str) -> Iterator[str]:
    """Yield the fitting codes with one character changed, the likelier slips first."""
    changed = [text for text in _repaired(value) if text != value and _fits(text)]
    changed = [text for text in changed if _keeps_province(value, text)]
    yield from sorted(changed, key=lambda text: _unlikely(value, text))


def _keeps_province(value: str, candidate: str) -> bool:
    """Tell whether a change leaves the province alone, or makes it a known one."""
    return candidate[2:4] in {value[2:4], *PROVINCES}


def _unlikely(given: str, text: str) -> tuple[bool, bool, bool]:
    """Rank one changed character: look-alikes, then digit for digit, then frequent departments.

    The check character is a digit or a letter by chance, so its class says nothing.
    """
    place = next(place for place, old in enumerate(given) if old != text[place])
    old, new = given[place], text[place]
    other_class = old.isdigit() != new.isdigit() and place != _LENGTH - 1
    return old + new not in _LOOK_ALIKE, other_class, text[:2] not in _FREQUENT


def _repaired(value: str) -> Iterator[str]:
    """Yield, for each place, the code whose check sum that place alone repairs."""
    given = UNIFIED_ALPHABET.index(value[-1])
    excess = unified_remainder(value) + given
    yield value[:-1] + unified_check(value)
    for place, inverse in enumerate(_INVERSES):
        needed = (UNIFIED_ALPHABET.index(value[place]) - excess * inverse) % len(UNIFIED_ALPHABET)
        yield value[:place] + UNIFIED_ALPHABET[needed] + value[place + 1 :]


def _fits(value: str) -> bool:
    """Tell whether everything about a code agrees."""
    return (
        bool(UNIFIED.fullmatch(value))
        and value[:2] in PAIRS
        and organisation_check(value[8:16]) == value[16]
        and unified_check(value) == value[17]
    )
