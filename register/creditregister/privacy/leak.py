"""The leak scanner 泄露检查: the last look at public bytes before anybody sees them.

It finds the same numbers as redaction does: identity numbers, telephones, bank cards and accounts. A
document number may consist of digits only and look like a telephone or a card; where such a number is
the whole value of a JSON string it does not count. An identity number counts everywhere.
"""

from __future__ import annotations

from creditregister.privacy.found import Found, Kind
from creditregister.privacy.numbers import find_numbers

Leak = Found

__all__ = ["Kind", "Leak", "scan"]


def scan(text: str) -> tuple[Leak, ...]:
    """Return what must not be public in a text or in JSON; nothing if all is well."""
    return tuple(each for each in find_numbers(text) if not _is_whole_value(text, each))


def _is_whole_value(text: str, found: Found) -> bool:
    """Tell whether a telephone or card number is all that a JSON string holds."""
    if found.kind is Kind.IDENTITY:
        return False
    return text[found.start - 1 : found.start] == '"' == text[found.end : found.end + 1]
