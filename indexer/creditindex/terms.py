"""From texts and days to what an index holds: the same terms and keys for both engines (DESIGN 4).

A text is folded (``creditregister.text.fold``) and cut into *bigrams*, two characters each with their place,
so that a piece of text is found wherever it stands; names also into *grams* of one to six characters without
places, so that a short piece of a name is one look-up. Every order is one number: ``newest`` (day, then the
record's own number) and ``rank`` (length of the name above it), ascending, without ties, below 2^63.
"""

from __future__ import annotations

from array import array
from datetime import date
from functools import lru_cache

from creditregister.text import FOLD_VERSION, fold

#: Changes with every change of what an index holds; an index of another format is rebuilt, not read.
FORMAT = 5
#: Between the parts of a text, and around it; no fold ever gives it, so no search can cross or name it.
#: No engine takes it for white space, as Java does the separators that Unicode has for this.
EDGE = "\x01"
#: Longest gram of a name; a longer piece is looked up as a phrase of bigrams.
GRAM = 6
#: Digits of an area code that the facet counts by: 2 province, 4 city, 6 county.
AREA_DIGITS = 4
#: Characters of a code from which on its beginning is looked up.
PREFIX = 6
#: And up to which: no code is longer.
LONGEST_PREFIX = 20
#: The first day, and the one that never comes, as an index counts days.
FIRST_DAY = 0
LAST_DAY = 0xFFFFF
#: Numbers of records are below 2^36 (DESIGN 3).
NUMBER_BITS = 36
DAY_BITS = 20
LONGEST_NAME = 127
#: States in the order of their number in an index; never reordered, only added to.
STATES = ("", "normal", "disputed", "expired", "fulfilled", "overdue", "other", "revoked")
_GAP = b" \0\0\0"


def format_name() -> str:
    """The format of an index made by this code: what documents hold, and how texts are folded."""
    return f"{FORMAT}.{FOLD_VERSION}"


def bigrams(folded: str) -> str:
    """All pairs of neighbours, separated by spaces: ``abcd`` gives ``ab bc cd``.

    Written through an array with a stride of three, four times as fast as slicing pair by pair.
    """
    count = len(folded) - 1
    if count < 1:
        return folded
    source = array("I", folded.encode("utf-32-le", "replace"))
    target = array("I", _GAP * (3 * count - 1))
    target[0::3] = source[:-1]
    target[1::3] = source[1:]
    return target.tobytes().decode("utf-32-le")


def edged(*parts: str) -> str:
    """Folded parts as one text with an edge before, between and after, so that none runs into another."""
    return EDGE + EDGE.join(parts) + EDGE


def cover(folded: str) -> list[tuple[int, str]]:
    """The fewest bigrams with their places that together are the text: ``abcde`` is ab, cd, de."""
    last = len(folded) - 2
    places = list(range(0, last + 1, 2))
    if places[-1] != last:
        places.append(last)
    return [(place, folded[place : place + 2]) for place in places]


def filtered_by(dimension: str, value: str) -> str:
    """The term of a filter; a body 决定机关 is meant however its name is written."""
    return f"{dimension}={fold(value) if dimension == 'body' else value}"


@lru_cache(maxsize=4096)
def day_number(text: str) -> int:
    """The day of an ISO text as an index counts it; days of a year outside 1 to 2870 count as its ends."""
    return min(date.fromisoformat(text).toordinal(), LAST_DAY) if text else FIRST_DAY


def until_number(text: str) -> int:
    """The last day shown; an empty text has no end."""
    return day_number(text) if text else LAST_DAY


def newest(day: int, number: int) -> int:
    """The order "newest first, then by number", ascending."""
    return (LAST_DAY - day) << NUMBER_BITS | number


def rank(folded_name: str, day: int, number: int) -> int:
    """The order of names, ascending: shorter, newer, number; an equal name is the shortest of all."""
    length = min(len(folded_name), LONGEST_NAME)
    return length << (DAY_BITS + NUMBER_BITS) | newest(day, number)


def name_rank(folded_name: str, former: bool, subject: int) -> int:  # noqa: FBT001 -- a fact, no switch
    """The order of names of subjects: shorter, current before former, the subject's number."""
    length = min(len(folded_name), LONGEST_NAME)
    return length << (DAY_BITS + NUMBER_BITS) | former << NUMBER_BITS | subject


def state_number(state: str) -> int:
    """The number of a state; one that is not known counts as "other"."""
    return STATES.index(state if state in STATES else "other")


def cube(kind: int, area: int, year: int, state: int) -> int:
    """Kind, area, year and state in one number, for one count over all four; 6, 20, 14 and 4 bits."""
    return (kind << 38) | (area << 18) | (year << 4) | state


def uncube(value: int) -> tuple[int, int, int, int]:
    """Kind, area, year and state again."""
    return value >> 38, value >> 18 & 0xFFFFF, value >> 4 & 0x3FFF, value & 0xF
