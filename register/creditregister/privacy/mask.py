"""Masks for numbers of identity documents 证件号码 and for names of persons.

Of a number the first four and last two stay: the city and nothing that leads to a person. The mask that
courts use (ten and four) leaves about 32 candidates, since the check digit gives away the day (DOMAIN 2.3).
"""

from __future__ import annotations

from typing import Final

from creditregister.codes import is_identity, normalise
from creditregister.privacy.names import surname_length

_HEAD: Final = 4
_TAIL: Final = 2
_SHORTEST: Final = 3
#: Longer than any document's number; what is longer is no number, and all of it is hidden.
_LONGEST: Final = 30
#: Signs that stand for a given name, whatever its length.
_MOST_SIGNS: Final = 2


def identity(number: str) -> str:
    """Mask a document's number: 3601************34; documents of other kinds keep one and one.

    White space and dashes go first, so that no spelling shows more. Very short and very long texts
    are hidden altogether.
    """
    value = normalise(number)
    if is_identity(value):
        return _keep(value, _HEAD, _TAIL)
    if not _SHORTEST <= len(value) <= _LONGEST:
        return "*" * min(len(value), _LONGEST)
    return _keep(value, 1, 1)


def name(text: str) -> str:
    """Mask one person's name as published judgments do: 王小明 is 王某某, 欧阳锋 is 欧阳某.

    Where no surname is known the first character stays; nothing tells how long a longer name was.
    """
    surname = text[: surname_length(text) or 1]
    return surname + "某" * min(max(len(text) - len(surname), 1), _MOST_SIGNS)


def _keep(value: str, head: int, tail: int) -> str:
    return f"{value[:head]}{'*' * (len(value) - head - tail)}{value[-tail:]}"
