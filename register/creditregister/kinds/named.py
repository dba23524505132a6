"""Names of persons that stand in a record's fields, and found again in its other texts.

They are looked for in the fold, as a search would find them: also with white space between their characters
or in traditional script.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from creditregister.privacy import mask
from creditregister.privacy.names import CLEAR, DOUBLE, names_organisation, surname_length
from creditregister.privacy.person import bare_names, looks_like_person
from creditregister.text import fold, fold_spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: What stands for a name that may not be shown, as in published decisions.
BLOT: Final = "某某"
#: What stands between two names in one cell.
_BETWEEN: Final = re.compile(r"[、，,;；/|\n\t]+|\s{2,}")
#: What stands in brackets behind a name is no part of it: 王某（负责人）.
_BRACKETED: Final = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")
#: A single character is no name; cutting it out would take every text apart.
_SHORTEST: Final = 2
#: A shorter name has no words around it; a longer one may end in a person's (赵家村王小明).
_WHOLE: Final = 3
_LONGEST: Final = 4


def names_in(cells: Iterable[object], keep: str = "") -> list[str]:
    """Every name in these cells, folded, longer ones first.

    Names that are part of ``keep`` (the subject's own name) are no third persons'.
    """
    kept = fold(keep)
    names = {name for cell in cells if isinstance(cell, str) for name in _names(cell) if name not in kept}
    return sorted(names, key=lambda name: (-len(name), name))


def _names(cell: str) -> Iterator[str]:
    """The names in one cell, folded, each without what stands in brackets behind it.

    Also without the words around them, since texts name 王小明 where the cell says 户主王小明等3人.
    """
    for part in _BETWEEN.split(_BRACKETED.sub("\n", cell)):
        name = fold(part)
        if len(name) < _SHORTEST:
            continue
        yield name
        if len(name) > _WHOLE:
            for bare in bare_names(part):
                if not names_organisation(bare):
                    yield from (each for each in (fold(bare), _ending(bare)) if len(each) >= _SHORTEST)


def _ending(name: str) -> str:
    """The person's name that a longer one without any word of an organisation ends in, if it does."""
    if len(name) <= _LONGEST:
        return ""
    double, single = name[-_LONGEST:], name[-_WHOLE:]
    return double if double[:2] in DOUBLE else single if single[0] in CLEAR else ""


def masked_names(cell: str) -> str:
    """A cell of persons' names with each of them masked; remarks in brackets go."""
    parts = (part.strip() for part in _BETWEEN.split(_BRACKETED.sub("\n", cell)))
    return "、".join(mask.name(part) for part in parts if part)


def without_persons(cell: str, *, coded: bool = False) -> tuple[str, list[str]]:
    """A cell of names with ``某某`` for each that may be a person's, and these names as they stood there.

    A name may be a person's unless its words say that it is an organisation's, or, where the cell holds one
    name only, an organisation's code (``coded``).
    """
    parts = [part for part in _BETWEEN.split(cell) if part.strip()]
    sure = coded and len(parts) == 1
    found = [part for part in parts if _may_be_person(part, coded=sure)]
    if not found:
        return cell, found
    return "、".join(BLOT if part in found else part for part in parts), found


def _may_be_person(part: str, *, coded: bool) -> bool:
    """Whether one name of a cell may be a person's, or joins one: 甲有限公司和王小明, 王小明与甲有限公司."""
    if looks_like_person(part) or not (coded or names_organisation(part.strip())):
        return True
    several = bare_names(part)
    # 云泽和美食品有限公司 is one name: two characters before 和 are more often a place than a person.
    joined = [*(each for each in several[:-1] if len(each) >= _WHOLE), *several[1:][-1:]]
    return any(surname_length(each) and looks_like_person(each) for each in joined)


def without_names(text: str, names: Sequence[str]) -> list[str]:
    """The text in pieces with every name cut out, so that what stood on either side stays apart.

    Pieces come back folded; the fold is idempotent. Plain splitting: this runs for every record of an index,
    and compiling a pattern for each costs five times as much as all else that is done with it.
    """
    pieces = [fold(text)]
    for name in names:
        pieces = [rest for piece in pieces for rest in piece.split(name)]
    return [piece for piece in pieces if piece]


def blotted(text: str, names: Sequence[str]) -> str:
    """The text with ``某某`` in the place of every name; otherwise as it was written."""
    folded = fold(text)
    if not any(name in folded for name in names):
        return text
    folded, offsets = fold_spans(text)
    pieces, at = [], 0
    for found in re.finditer("|".join(map(re.escape, names)), folded):
        pieces += [text[at : offsets[found.start()]], BLOT]
        at = offsets[found.end() - 1] + 1
    return "".join((*pieces, text[at:]))
