"""Finished pages as one worker keeps them, by a key that names all that they say (DESIGN 5).

A page is never found under anything but its tag (``freshness``), which changes with every entry of the
ledger: what was withdrawn is in no page that can still be found. Keys are digests, so that no text that
somebody typed is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from creditindex.caching import Cache

#: Bytes of all pages that a worker keeps; a larger one than ``LARGEST`` is not kept.
MOST, LARGEST = 12 * 1024 * 1024, 128 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """One page: its bytes, and the headers that it was made with."""

    body: bytes
    headers: tuple[tuple[str, str], ...]


def pages(most: int = MOST) -> Cache[Kept]:
    """The pages last asked for, ``most`` bytes of them."""
    return Cache(most, lambda page: len(page.body))
