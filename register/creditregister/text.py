"""Text as the register compares it 折叠 and as it signs it 规范化: the fold and canonical JSON.

The *fold* (DESIGN 4) is one committed table of single characters, ``fold.tsv``, made by
``tools/make_fold.py``: width, case, white space, brackets, dashes, dots, accents, traditional →
simplified 繁→简. It never looks at a neighbour, hence ``fold(a + b) == fold(a) + fold(b)``: a
substring of a text folds to a substring of its fold, and so what is found in the fold can be shown
in the original. What is displayed is always the original.

*Canonical JSON* is the subset of RFC 8785 (JSON Canonicalization Scheme) that public bytes, contents
and ledger leaves are written in.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Rises with every change of ``fold.tsv``; an index made with another version must be rebuilt.
FOLD_VERSION: Final = 1

_TABLE_FILE = Path(__file__).with_name("fold.tsv")
_LAST_OF_BMP: Final = 0xFFFF
#: No document of ours is nested deeper than a few levels; more is a mistake or an attack.
_DEEPEST: Final = 100
#: Types that canonical JSON writes as they are, and the one that its keys have.
_PLAIN: Final = frozenset((str, int, bool, type(None)))
_TEXT: Final = frozenset((str,))


def _read_table() -> dict[int, str]:
    """Read the committed table; a lone surrogate becomes U+FFFD, so that a fold always encodes."""
    table = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    for line in _TABLE_FILE.read_text("ascii").splitlines():
        if not line.startswith("#"):
            code, folded = line.split("\t")
            table[int(code, 16)] = (
                "" if folded == "-" else "".join(chr(int(each, 16)) for each in folded.split(" "))
            )
    return table


#: Every character that folds to something else, and to what.
FOLDS: Final = _read_table()
#: For ``str.translate``: a miss costs an exception inside, so the frequent blocks (up to U+9FFF)
#: stand in the table as themselves: 300 Chinese characters take 10 µs instead of 16. A text whose only
#: changes are ，。《》 takes 4 µs if just these few are replaced.
_TABLE: Final[dict[int, str | int]] = {code: code for code in range(0xA000)} | FOLDS


_FEW: Final = 24


def _class_of(codes: Iterable[int]) -> re.Pattern[str]:
    """Make a pattern for one of many characters, and for any beyond the BMP, where a list would be slow."""
    characters = (re.escape(chr(code)) for code in codes if code <= _LAST_OF_BMP)
    return re.compile(f"[{''.join(characters)}\U00010000-\U0010ffff]")


#: Finds the first character that may change. Most names have none: then the fold costs 2 µs.
_MAY_CHANGE: Final = _class_of(FOLDS)
#: Characters that may fold to none or to several, so that offsets move.
_UNEVEN: Final = _class_of(code for code, folded in FOLDS.items() if len(folded) != 1)


def fold(text: str) -> str:
    """Return the text as it is compared: one spelling for what people take for the same.

    Works character by character, removes all white space, is idempotent, and never raises: unknown
    characters stay, lone surrogates become U+FFFD.
    """
    if not _MAY_CHANGE.search(text):
        return text
    found = set(_MAY_CHANGE.findall(text))
    if len(found) > _FEW:
        return text.translate(_TABLE)
    # What a fold writes folds to itself, so one character after the other may be replaced.
    for each in found:
        text = text.replace(each, FOLDS.get(ord(each), each))
    return text


def fold_spans(text: str) -> tuple[str, Sequence[int]]:
    """Fold, and return for each folded character the offset of the original one it comes from.

    A match ``folded[i:j]`` is shown in the original as ``text[offsets[i] : offsets[j - 1] + 1]``.
    """
    if not _UNEVEN.search(text):
        return fold(text), range(len(text))
    offsets: list[int] = []
    last = 0
    for uneven in _UNEVEN.finditer(text):
        offset = uneven.start()
        offsets.extend(range(last, offset))
        offsets.extend([offset] * len(FOLDS.get(ord(uneven[0]), uneven[0])))
        last = offset + 1
    offsets.extend(range(last, len(text)))
    return fold(text), offsets


def canonical(value: object) -> bytes:
    """Write a value as canonical JSON: UTF-8, keys in order, no white space.

    Only ``dict`` with ASCII keys, ``list``, ``str``, ``bool``, ``None`` and ``int`` below 2^53 are
    taken; decimals belong into strings. For these the bytes are those of RFC 8785.

    Raises:
        ValueError: for anything else, above all floats, whose canonical form no one can check by eye.
    """
    _demand_canonical(value, _DEEPEST)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)
    except orjson.JSONEncodeError as error:
        raise ValueError(f"not canonical JSON: {error}") from error


def _demand_canonical(value: object, depth: int) -> None:
    """Refuse what orjson would write although the subset does not have it.

    Exact types are compared on purpose: an Enum or another subclass could write itself differently.
    """
    kind = type(value)
    if kind in _PLAIN:
        return
    if depth == 0:
        raise ValueError(f"not canonical JSON: nested deeper than {_DEEPEST}")
    members: Iterable[object]
    if isinstance(value, dict) and kind is dict:
        # Whole dictionaries at a time: each row of a load passes here twice.
        if not _TEXT.issuperset(map(type, value)) or not all(map(str.isascii, value)):
            wrong = next(key for key in value if type(key) is not str or not key.isascii())
            raise ValueError(f"not canonical JSON: the key {wrong!r} is not ASCII text")
        members = value.values()
    elif isinstance(value, list) and kind is list:
        members = value
    else:
        raise ValueError(f"not canonical JSON: {kind.__name__} is not one of its types")
    if not _PLAIN.issuperset(map(type, members)):
        for member in members:
            _demand_canonical(member, depth - 1)
