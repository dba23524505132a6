"""Codes and numbers that are well-formed and yet belong to nobody.

* Areas 行政区划: every code starts with ``99``. GB/T 2260 gives provinces 11 to 82 only, so no unified code,
  registration number or identity number was ever issued under it. The one other use of a leading 9, the
  permanent residence card of foreigners, goes on with the province of issue (11 to 65), never with a 9.
* Organisation codes 组织机构代码 start with ``XN`` (虚拟, virtual): the ranges given out are digits only
  and letters from ``MA`` on in the M block.
* Identity numbers 居民身份证号码 combine that area with a correct check digit (GB 11643), so the site must
  treat them as real ones, although nobody can hold one.
* Phone numbers start with ``154``, a block that has not been given to any network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

#: What every area code of the demo starts with.
AREA_PREFIX = "99"
#: What every organisation code of the demo starts with.
ORGANISATION_PREFIX = "XN"
#: What every phone number of the demo starts with.
PHONE_PREFIX = "154"

# GB 32100: the 31 characters, and 3^(i-1) mod 31 for the first seventeen places.
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)}
_UNIFIED_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# GB 11714: letters count from A = 10 without a gap.
_ORGANISATION_VALUES = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# GB 11643.
_IDENTITY_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY_CHECKS = "10X98765432"


def organisation(serial: int) -> str:
    """The organisation code 组织机构代码 with this serial number (below 31^6): nine characters."""
    tail = ""
    for _ in range(6):
        serial, digit = divmod(serial, 31)
        tail = _LETTERS[digit] + tail
    body = ORGANISATION_PREFIX + tail
    pairs = zip(body, _ORGANISATION_WEIGHTS, strict=True)
    rest = 11 - sum(_ORGANISATION_VALUES[c] * w for c, w in pairs) % 11
    return body + ("X" if rest == 10 else "0" if rest == 11 else str(rest))


def unified(kind: str, area: str, organisation_code: str) -> str:
    """The unified code 统一社会信用代码 of ``kind`` (two characters), area and organisation code."""
    body = kind + area + organisation_code
    pairs = zip(body, _UNIFIED_WEIGHTS, strict=True)
    return body + _LETTERS[-sum(_VALUES[c] * w for c, w in pairs) % 31]


def registration(area: str, serial: int) -> str:
    """The registration number 工商注册号: area, eight digits, check by ISO 7064 MOD 11,10."""
    body = f"{area}{serial:08d}"
    rest = 10
    for digit in body:
        rest = (((rest + int(digit)) % 10 or 10) * 2) % 11
    return body + str((11 - rest) % 10)


def identity(area: str, born: date, serial: int) -> str:
    """The identity number 居民身份证号码 of somebody born there on that day; ``serial`` below 1000.

    One in a few hundred would by chance be a valid unified code too, which real ones cannot be, since none
    begins with a 9; such a serial number gives way to the next but one (an even one is a woman's).
    """
    body = f"{area}{born:%Y%m%d}{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _IDENTITY_WEIGHTS, strict=True))
    number = body + _IDENTITY_CHECKS[total % 11]
    if unified(number[:2], number[2:8], number[8:17]) == number:
        return identity(area, born, (serial + 2) % 1000)
    return number


def phone(serial: int) -> str:
    """A mobile number in a block that no network has; ``serial`` below 10^8."""
    return f"{PHONE_PREFIX}{serial:08d}"


def mixed(seed: int, *parts: int) -> int:
    """128 bits that depend on the seed and the parts only: the source of everything about one thing."""
    value = seed & 0xFFFFFFFFFFFFFFFF
    for part in parts:
        value = _scramble(value ^ (part + 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF))
    return value << 64 | _scramble(value + 1)


def _scramble(value: int) -> int:
    """The finisher of SplitMix64: cheap, and every bit of the input moves every bit of the output."""
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    value = (value ^ value >> 27) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
    return value ^ value >> 31
