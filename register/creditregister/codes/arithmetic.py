"""Check characters 校验码 of the codes, each after its standard; pure functions on normalised text."""

from __future__ import annotations

from operator import mul
from typing import Final

#: GB 32100-2015: the 31 characters of a unified code in the order of their values (no I, O, S, V, Z).
UNIFIED_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
#: GB 32100-2015: 3^(i-1) mod 31 for the first 17 places.
UNIFIED_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_UNIFIED_VALUES: Final = bytes.maketrans(UNIFIED_ALPHABET.encode(), bytes(range(31)))

#: GB 11714: digits and letters count 0–35, weighted; the check is 0–9 or X for ten.
_ORGANISATION_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_VALUES: Final = bytes.maketrans(_ORGANISATION_ALPHABET.encode(), bytes(range(36)))
_ORGANISATION_CHECKS: Final = "0X987654321"

#: GB 11643 (ISO 7064 MOD 11-2).
_IDENTITY_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS: Final = "10X98765432"
_ZERO: Final = ord("0")


def unified_remainder(value: str) -> int:
    """Return the weighted sum of a unified code's first 17 characters modulo 31."""
    values = value.encode("ascii").translate(_UNIFIED_VALUES)
    total: int = sum(map(mul, values, UNIFIED_WEIGHTS))
    return total % 31


def unified_check(value: str) -> str:
    """Return the 18th character that belongs to the first 17 (GB 32100-2015, 31 counts as 0)."""
    return UNIFIED_ALPHABET[-unified_remainder(value) % 31]


def organisation_check(value: str) -> str:
    """Return the ninth character that belongs to the first eight (GB 11714)."""
    values = value.encode("ascii").translate(_ORGANISATION_VALUES)
    return _ORGANISATION_CHECKS[sum(map(mul, values, _ORGANISATION_WEIGHTS)) % 11]


def registration_check(value: str) -> str:
    """Return the 15th digit that belongs to the first 14 (ISO 7064 MOD 11,10; 工商注册号)."""
    product = 10
    for digit in value[:14]:
        total = (product + ord(digit) - _ZERO) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def identity_check(value: str) -> str:
    """Return the 18th character that belongs to the first 17 digits (GB 11643)."""
    digits = (ord(digit) - _ZERO for digit in value[:17])
    return _IDENTITY_CHECKS[sum(map(mul, digits, _IDENTITY_WEIGHTS)) % 11]
