"""Deciding bodies 决定机关 as records name them, and what else of the public bytes is counted by.

A body is a name in a record: it need not be a unit of this register. So that its records are found and
counted without reading them, each record keeps the name as a number. Brackets, width and spaces make no
difference: 云泽市监局（赤水分局） and 云泽市监局(赤水分局) are one body.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import orjson

from creditregister.text import fold

#: Length of a civil day as text; a quarter or a year is shorter.
_DAY = len("2026-04-01")


@lru_cache(maxsize=20_000)
def number(name: str) -> int:
    """A body's name, folded, as a number below 2^63; 0 for none."""
    folded = fold(name)
    return int.from_bytes(hashlib.sha256(folded.encode()).digest()[:8], "big") >> 1 if folded else 0


def counted_by(public: bytes) -> tuple[int, str, int]:
    """Whether the record's date names a whole day, its area code, and its body as a number."""
    if not public:
        return 0, "", 0
    document = orjson.loads(public)
    whole = len(str(document.get("date", ""))) == _DAY
    return int(whole), str(document.get("area", ""))[:6], number(str(document.get("body", "")))
