"""What people type, before anything is done with it: without characters that no HTML page may hold.

Control characters and noncharacters of Unicode come from terminals, broken copies and attacks; a page that
repeated them would not be valid, and nothing that is published holds one (deliveries are cleaned likewise).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from creditregister.kinds import Label

#: Some of them stand for a new line or a new page.
_SPACE = re.compile("[\x0b\x0c\x1c-\x1f\x85]")
_NEVER = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one field of a form."""

    field: str
    text: Label


def plain(text: str) -> str:
    """The text as a page can repeat it."""
    if text.isprintable():
        return text
    kept = _NEVER.sub("", _SPACE.sub(" ", text))
    # The last two characters of every plane are no characters.
    return "".join(char for char in kept if ord(char) & 0xFFFE != 0xFFFE)  # noqa: PLR2004 -- as the sentence says
