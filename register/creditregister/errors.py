"""The one root of refusals that people are told: what, where, why, and what to do (DESIGN 6)."""

from __future__ import annotations


class CreditError(Exception):
    """A refusal with a sentence for the person at the keyboard; commands print it without a traceback."""
