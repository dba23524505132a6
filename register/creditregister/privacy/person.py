"""Who is a natural person 自然人, who trades under a person's name, who is a minor 未成年人.

The answers err towards "person": a company taken for a person is held until somebody looks, a person
taken for a company would be published.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from creditregister.codes import birth_date, normalise
from creditregister.privacy import wording
from creditregister.privacy.names import HAN, is_organisation, shaped_like_name, surname_length
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
#: 王小明 李小红, 王小明和李小红: what joins two names; 王 小明 and 王和平 are one.
_JOINED: Final = re.compile(
    f"(?:(?<=[{HAN}]{{2}})|(?<=[）)]))(?:[ \u3000\t]{{1,8}}|以及|[和与及])(?=[{HAN}]{{2}})|[、，,;；/|\n]"
)
#: What stands behind a name in words: 王小明等3人, 王小明夫妇, 王小明户.
_BEHIND: Final = re.compile(
    r"(?<=..)(?:等?[0-9一二两三四五六七八九十]{1,3}[人户名]|等[人户]?|户|[（(【\[][^（(【\[）)】\]]{0,100}[）)】\]]?"
    r"|夫[妇妻]|父[子女]|母[子女]|兄[弟妹]|姐[弟妹]|[一全]家|家庭|本人)$"
)
#: What stands before it: 户主王小明, 总经理：王小明; longer words first.
_BEFORE: Final = re.compile(
    f"(?:[副兼]?(?:{'|'.join(sorted(wording.ROLES, key=len, reverse=True))})){{1,3}}[：:]?(?=.{{2}})"
)
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
    several of them, with a remark in brackets behind, and with words around them (户主王小明, 王小明夫妇).
    """
    text = _GAPS.sub("", name[:_LONGEST].strip().translate(_DOTS))
    parts = [part for part in _BETWEEN.split(_AFTER.sub("", text)) if part]
    if shaped_like_name(_AFTER.sub("", text)):
        return True
    if parts and all(shaped_like_name(part.strip()) for part in parts):
        return True
    if is_organisation(text):
        return False
    bare = bare_names(name[:_LONGEST])
    return bool(bare) and all(surname_length(each) and shaped_like_name(each) for each in bare)


def bare_names(cell: str) -> list[str]:
    """The names in a cell, one by one and without the words around them: 户主王小明和李小红等3人."""
    bare = []
    for part in _JOINED.split(cell.strip()):
        name = _BEHIND.sub("", part.strip())
        role = _BEFORE.match(name)
        if name:
            bare.append(name[role.end() :] if role else name)
    return bare


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
