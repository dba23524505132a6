"""Who is a natural person 自然人, who trades under a person's name, who is a minor 未成年人.

The answers err towards "person": a company taken for a person is held until somebody looks, a person
taken for a company would be published.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from creditregister.codes import birth_date, normalise
from creditregister.privacy.names import shaped_like_name
from creditregister.text import fold

if TYPE_CHECKING:
    from datetime import date

_OF_AGE: Final = 18
_SHORTEST_NAME: Final = 2
_LONGEST: Final = 200
#: 张三（个体工商户）, 张三等3人: what follows a name without being part of it.
_AFTER: Final = re.compile(
    r"[（(【\[][^（(【\[）)】\]]{0,100}[）)】\]]?$|等[0-9一二两三四五六七八九十]{0,3}人?$"
)
_BETWEEN: Final = re.compile(r"[、,，;；/]")
_GAPS: Final = re.compile(r"(?<![A-Za-z,])[ \u3000\t]{1,8}|[ \u3000\t]{1,8}(?![A-Za-z])")
_DOTS: Final = str.maketrans(dict.fromkeys("•‧∙⋅・᛫⸱●．", "·"))
#: What stands where an individual business has no trade name 无字号.
_NO_TRADE_NAME: Final = frozenset(
    ("", "无", "无字号", "无字号名称", "无名称", "/", "-", "--", "*", "**", "***")
)


def is_minor(number: str | None, age: int | None, on: date) -> bool:
    """Tell whether somebody is under eighteen 未成年 on a day, by identity number, else by age.

    The eighteenth birthday is the first day of age (Civil Code art. 17, 18). A wrong check character does
    not matter here. Without a birth date and without an age the answer is no: nothing says so.
    """
    born = birth_date(normalise(number)) if number else None
    if born is None:
        return age is not None and age < _OF_AGE
    return (on.year - born.year, on.month, on.day) < (_OF_AGE, born.month, born.day)


def looks_like_person(name: str) -> bool:
    """Tell whether a subject's name may be a person's: its shape, and no organisation word in it.

    Two to four Chinese characters, names with a dot (艾力·买买提), masked names (张某), Latin names; also
    several of them, and with a remark in brackets behind.
    """
    text = _GAPS.sub("", name[:_LONGEST].strip().translate(_DOTS))
    parts = [part for part in _BETWEEN.split(_AFTER.sub("", text)) if part]
    if shaped_like_name(_AFTER.sub("", text)):
        return True
    return bool(parts) and all(shaped_like_name(part.strip()) for part in parts)


def business_is_person(name: str, operator: str | None) -> bool:
    """Tell whether an individual business 个体工商户 is to be treated as its operator, a person.

    It is if it has no trade name, trades under a person's name, or its name contains the operator's
    (DESIGN 3). Where the operator is not known, a name inside a trade name cannot be told from a
    fancy name and stays a business.
    """
    folded = fold(name)
    if folded in _NO_TRADE_NAME or looks_like_person(name):
        return True
    known = fold(operator or "")
    return len(known) >= _SHORTEST_NAME and known in folded
