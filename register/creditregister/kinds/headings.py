"""Headings of delivered tables 表头: which field of a kind a column means.

Source units write one heading in many ways: ``行政相对人名称``, ``* 行政相对人 名称（必填）``.
What carries no meaning is taken away before two headings are compared: white space, also inside; width
and case; brackets with what stands in them; stars and a closing colon. One thing in brackets does carry a
meaning: the unit of an amount (``罚款金额（元）`` beside ``罚款金额（万元）``); ``heading_unit`` reads it.
"""

from __future__ import annotations

import re
import unicodedata

#: Innermost brackets with their contents; applied again until nothing changes.
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>|《[^《》]*》|\{[^{}]*\}")
_NOISE = re.compile(r"[\s*※★:;。\"'“”‘’\u200b\ufeff]+")
_AMOUNT = re.compile(r"[(\[【〔:,_\-/]\s*(?:单位)?[:]?\s*(?:人民币)?\s*(亿元|万元|元)")


def normal_heading(heading: str) -> str:
    """The form in which headings are compared; empty if nothing but brackets and signs stands there."""
    text = unicodedata.normalize("NFKC", heading)
    while (shorter := _BRACKETS.sub("", text)) != text:
        text = shorter
    return _NOISE.sub("", text).casefold()


def heading_unit(heading: str) -> str:
    """The unit of money that a heading names: ``元``, ``万元``, ``亿元`` or empty.

    Taking 元 for 万元 makes a fine ten thousand times as high (DOMAIN 6, point 11), so whoever reads a
    column of money asks here first and converts into the field's own unit.
    """
    found = _AMOUNT.search(unicodedata.normalize("NFKC", heading))
    return found.group(1) if found else ""
