"""Texts that this site neither repeats nor logs nor searches: what looks like an identity number."""

from __future__ import annotations

from creditregister.codes import find_identities, is_identity


def is_private(text: str) -> bool:
    """Whether a text is, or holds, an identity number, right or wrong."""
    return is_identity(text) or bool(find_identities(text))


def masked(text: str) -> str:
    """The text with identity numbers as stars, for logs."""
    for start, end in reversed(find_identities(text)):
        text = text[:start] + "*" * (end - start) + text[end:]
    return text
