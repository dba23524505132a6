"""Masks for numbers of identity documents 证件号码.

First four and last two stay: the city and nothing that leads to a person. The mask that courts use (ten
and four) leaves about 32 candidates, since the check digit gives away the day (DOMAIN 2.3).
"""

from __future__ import annotations

from typing import Final

from creditregister.codes import is_identity, normalise

_HEAD: Final = 4
_TAIL: Final = 2
_SHORTEST: Final = 3
#: Longer than any document's number; what is longer is no number, and all of it is hidden.
_LONGEST: Final = 30


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


def _keep(value: str, head: int, tail: int) -> str:
    return f"{value[:head]}{'*' * (len(value) - head - tail)}{value[-tail:]}"
