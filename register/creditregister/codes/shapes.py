"""The form a code is brought into before anything looks at it, and the shapes codes have."""

from __future__ import annotations

import re
from typing import Final

from creditregister.text import fold

#: How a spreadsheet keeps a number as text; it is not part of the code.
_QUOTES: Final = "'"
#: GB 32100-2015: department and kind, six digits of area, organisation code, check.
UNIFIED: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
ORGANISATION: Final = re.compile(r"[0-9A-Z]{8}[0-9X]")
IDENTITY: Final = re.compile(r"[0-9]{17}[0-9X]?|[0-9]{15}")
TAX: Final = re.compile(r"[0-9]{6}[0-9A-Z]{9}(?:[0-9A-Z]{2,3}|[0-9A-Z]{5})?")


def normalise(text: str) -> str:
    """Return upper case and half width, without white space, dashes and a spreadsheet's quote."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return fold(text).replace("-", "").strip(_QUOTES).upper()
