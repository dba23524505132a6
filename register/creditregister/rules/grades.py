"""A grade 失信严重程度 suggested from a penalty's content (DOMAIN 1.8 "Which grade?").

The authority's published standard decides and the source states the grade; the site only refuses to publish
without one. A suggestion saves the unit a look, it never publishes anything.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from creditregister.kinds.model import Label
from creditregister.rules.model import Suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from creditregister.rules.book import GradeHints

#: The penalty's own words, where no code list was delivered.
_TEXTS: Final = ("penalty_kind", "content", "document_name")
_FINE: Final = re.compile(r"罚(?:款|金)?(?:人民币)?([0-9]+(?:\.[0-9]+)?)(万?)元")
_IN_WAN: Final = Decimal(10_000)


def suggest_grade(content: Mapping[str, object], hints: GradeHints) -> Suggestion | None:
    """The grade that penalty kinds, the fine and the words suggest; None where there is nothing to go by."""
    codes = _codes(content)
    text = "".join(_text(content.get(name)) for name in _TEXTS)
    fine = _fine(content, text)
    serious = codes & hints.codes.get("serious", frozenset())
    if serious or (word := _word(text, hints.words.get("serious", ()))):
        what = "、".join(sorted(serious)) if serious else word
        return Suggestion("serious", Label(f"处罚种类：{what}", f"kind of penalty: {what}"))
    if fine is not None and fine >= hints.huge_fine:
        return Suggestion(
            "serious",
            Label(
                f"罚款 {fine} 万元，达到巨额标准 {hints.huge_fine} 万元",
                f"a fine of {fine} ×10,000 yuan, huge from {hints.huge_fine} on",
            ),
        )
    minor = hints.codes.get("minor", frozenset())
    if word := _word(text, hints.words.get("minor", ())):
        return Suggestion("minor", Label(f"“{word}”", f"the words {word}"))
    if codes and codes <= minor:
        return Suggestion("minor", Label("仅警告或者通报批评", "only a warning or public criticism"))
    if codes or fine is not None or text:
        return Suggestion("general", Label("其他行政处罚", "any other penalty"))
    return None


def _codes(content: Mapping[str, object]) -> frozenset[str]:
    value = content.get("penalty_kind")
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(map(str, value)) if isinstance(value, list | tuple) else frozenset()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _word(text: str, words: tuple[str, ...]) -> str:
    return next((word for word in words if word in text), "")


def _fine(content: Mapping[str, object], text: str) -> Decimal | None:
    """The fine in 万元: delivered, or the largest in the text."""
    delivered = content.get("fine_amount")
    if isinstance(delivered, str) and re.fullmatch(r"[0-9]+(\.[0-9]+)?", delivered):
        return Decimal(delivered)
    found = [Decimal(match[1]) / (1 if match[2] else _IN_WAN) for match in _FINE.finditer(text)]
    return max(found, default=None)
