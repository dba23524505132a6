"""A QR code 二维码 as one path of an SVG, so that a printed page leads back to its address."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import segno

#: Modules of white around the code, which readers need (ISO/IEC 18004).
QUIET = 4


@dataclass(frozen=True, slots=True)
class Code:
    """A code: modules a side with the white around it, and the path of its dark ones."""

    size: int
    path: str
    text: str


def code(text: str) -> Code:
    """The code of a text, readable with a seventh of it spoilt: a stamp may stand on it."""
    rows = segno.make(text, error="m", micro=False).matrix
    runs = []
    for y, row in enumerate(rows, QUIET):
        x = QUIET
        for dark, modules in groupby(row):
            width = len(list(modules))
            if dark:
                runs.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return Code(len(rows) + 2 * QUIET, "".join(runs), text)
