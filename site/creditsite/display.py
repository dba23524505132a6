"""How single values look on a page: dates, codes, counts (UI.md, Typography). Pure functions."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from creditsite.language import Language

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
#: How a unified code 统一社会信用代码 is cut for the eye: department and kind, area, organisation, check.
UNIFIED_CUTS = (2, 6, 9, 1)
_ISO = re.compile(r"\b\d{4}-\d{2}-\d{2}\b", re.ASCII)


def day(language: Language, text: str) -> str:
    """A civil date for people: ``2026年4月1日``; quarters, years and other texts as they can be read."""
    year, _, rest = text.partition("-")
    if len(text) == len("2026-Q1") and rest.startswith("Q"):
        return f"Q{rest[1:]} {year}" if language == "en" else f"{year}年第{rest[1:]}季度"
    if len(text) == len("2026") and text.isdigit():
        return text if language == "en" else f"{text}年"
    try:
        value = date.fromisoformat(text)
    except ValueError:
        return text
    return whole_day(language, value)


def dated(language: Language, text: str) -> str:
    """A sentence with its ISO dates as people read them."""
    return _ISO.sub(lambda found: day(language, found[0]), text)


def month(language: Language, text: str) -> str:
    """A month such as ``2026-04`` for people."""
    year, _, number = text.partition("-")
    return f"{MONTHS[int(number) - 1]} {year}" if language == "en" else f"{year}年{int(number)}月"


def whole_day(language: Language, value: date) -> str:
    """A day for people."""
    if language == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def distance(language: Language, until: date, today: date) -> str:
    """How far a day is away: ``还有 42 天``."""
    days = (until - today).days
    if days == 0:
        return "today" if language == "en" else "今天"
    if language == "en":
        unit = "day" if abs(days) == 1 else "days"
        return f"{days} {unit} left" if days > 0 else f"{-days} {unit} ago"
    return f"还有 {days} 天" if days > 0 else f"{-days} 天前"


def code_groups(code: str) -> tuple[str, ...]:
    """A code cut into groups for the eye; no spaces stand in between, so that copying joins them."""
    if len(code) == sum(UNIFIED_CUTS):
        groups, start = [], 0
        for length in UNIFIED_CUTS:
            groups.append(code[start : start + length])
            start += length
        return tuple(groups)
    return (code,)


def number(value: int) -> str:
    """A count with separators."""
    return f"{value:,}"
