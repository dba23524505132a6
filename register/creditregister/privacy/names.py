"""What a person's name 姓名 looks like, as far as characters can tell."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).with_name("surnames.tsv")


def _read_table() -> tuple[dict[str, str], dict[str, str]]:
    """Read the surnames: which class each has, and the second characters that no name has."""
    classes: dict[str, str] = {}
    others: dict[str, str] = {}
    for line in _TABLE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            surname, classes[surname], others[surname] = line.split("\t")
    return classes, others


_CLASSES, _NOT_GIVEN = _read_table()
#: Surnames that hardly ever begin another word: after a role word they mean a person.
CLEAR: Final = frozenset(surname for surname, kind in _CLASSES.items() if kind == "clear")
#: Words that only names of organisations and shops contain, also short ones.
_ORGANISATION: Final = re.compile(
    "公司|集团|企业|工厂|[厂店铺坊馆院局部站所处室社]$|[厂店部][（(]|中心|商行|银行|支行|分行|支队|大队|合作社"
    "|学校|大学|学院|中学|小学|幼儿园|医院|诊所|超市|商场|酒店|饭店|宾馆|餐厅|食堂|网吧|酒吧|水厂|电厂|协会|商会"
    "|委员会|基金会|联合会|政府|法院|检察院|公安局|工作室|经营部|事务所|服务部",
)
#: What organisations do; a given name may be one of these words (文化), so three characters do not tell.
_TRADE: Final = re.compile(
    "合作|卫生|市场|农庄|山庄|农场|林场|牧场|养殖|种植|加工|服务|事务|研究|设计|检察|公安|管理|办公|矿业|车队|物流|贸易"
    "|科技|建材|建筑|工程|装饰|广告|传媒|文化|旅行|餐饮|美容|美发|理发|百货|便利|药房|五金|汽修|修理|维修|棋牌|网络|电子"
    "|商贸|实业|投资|控股|股份|有限|合伙|个体|门诊|茶楼|小吃|烧烤|火锅|快餐|食品|服装|鞋业|家具|家居|印刷|制造|电器|机械"
    "|化工|塑料|制品|村民|居委|村委|学会",
)
#: Words that tell only at the end of a subject's whole name; free text is cut anywhere and has them too.
_LAST: Final = re.compile(
    "(?:[厅场栈校队寺矿窑]|茶庄|酒庄|饭庄|钱庄|酒家|酒楼|民宿|排档|歌舞?团|剧团|艺术团|乐园|公园|[产农工]业园|园区|小区"
    "|开发区|保护区|[珠钟表琴车洋]宝?行|商店|商城|影城|书城|家具城|建材城|娱乐城|服务点|代理点|代办点|网点|零售点"
    "|收购点|[办委]|[工总分公大]会|理事会|联社|小组|经济社|[药茶蛋糕库厨磨]房|书屋|茶舍|俱乐部|报刊亭|教堂|海关|国库)"
    "(?:[（(][^（()）]{0,20}[）)])?$",
)
_TRADER: Final = re.compile("[（(]个体[^（()）]{0,20}[）)]$")
_LONGEST_GIVEN: Final = 3
#: Chinese characters, and the dots inside names of other peoples, for character classes of patterns.
HAN: Final = "\u3400-\u9fff\U00020000-\U0003ffff"
DOTS: Final = "·•・‧∙⋅．"
_HAN: Final = f"[{HAN}]"
_DOTTED: Final = re.compile(rf"{_HAN}{{1,8}}(?:·{_HAN}{{1,10}}){{1,4}}")
_PLAIN: Final = re.compile(rf"{_HAN}{{2,4}}")
_MASKED: Final = re.compile(rf"{_HAN}{{1,2}}[某*×xX○〇]{{1,3}}{_HAN}?")
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z'.-]{0,30}+(?:[ ,]{1,2}+[A-Za-z][A-Za-z'.-]{0,30}+){1,4}+")
_LATIN_ORGANISATION: Final = re.compile(
    r"\b(?:ltd|limited|inc|co|corp|corporation|company|llc|llp|gmbh|plc|bank|group|trading|holdings?|sa|ag|bv)\b",
    re.IGNORECASE,
)


#: Surnames of two characters 复姓.
DOUBLE: Final = frozenset(surname for surname, kind in _CLASSES.items() if kind == "double")


def _beginnings() -> str:
    """Write a pattern for what a name may begin with: a surname and no character that speaks against it."""
    plain = "".join(surname for surname in _CLASSES if _NOT_GIVEN[surname] == "-" and len(surname) == 1)
    others = (f"{surname}(?![{_NOT_GIVEN[surname]}])" for surname in _CLASSES if surname not in plain)
    starts = "".join({surname[0] for surname in _CLASSES})
    return f"(?=[{starts}])(?:[{plain}]|{'|'.join(others)})(?=[{HAN}])"


def surname_length(text: str) -> int:
    """Return how many characters of a text are a surname that it may begin with, 0 if none.

    A surname that makes another word with the next character is none (高度, 于当日).
    """
    if text[:2] in _CLASSES:
        return 2
    first, second = text[:1], text[1:2]
    return int(first in _CLASSES and (not second or second not in _NOT_GIVEN[first]))


#: Pattern for the beginning of a Chinese name, to be looked ahead for.
BEGINNING: Final = _beginnings()


def is_organisation(name: str) -> bool:
    """Tell whether a name contains a word that only organisations and shops have in theirs."""
    if _ORGANISATION.search(name):
        return True
    return len(name) > _LONGEST_GIVEN and bool(_TRADE.search(name))


def bears_form(name: str) -> bool:
    """Tell whether a name holds a word for a form of organisation (公司, 厂, 局), not what one does."""
    return bool(_ORGANISATION.search(name))


def names_organisation(name: str) -> bool:
    """Tell whether a subject's whole name says by its words that it is no person.

    A person's name behind such words (某某公司王小明) is not said to be an organisation's by them, nor by the
    remark that somebody trades: 王小明（个体工商户）.
    """
    name = _TRADER.sub("", name)
    if _LATIN_ORGANISATION.search(name):
        return True
    if len(name) > _LONGEST_GIVEN and _LAST.search(name):
        return True
    return is_organisation(name) and not _ends_in_name(name)


def _ends_in_name(name: str) -> bool:
    """Tell whether a surname and one or two characters are all behind the last word of an organisation."""
    words = [found.end() for form in (_ORGANISATION, _TRADE) for found in form.finditer(name)]
    rest = name[max(words) :]
    surname = surname_length(rest)
    return surname > 0 and 1 <= len(rest) - surname <= _LONGEST_GIVEN - 1


def shaped_like_name(name: str) -> bool:
    """Tell whether one name, without brackets around or after it, has the shape of a person's."""
    if _LATIN.fullmatch(name):
        return not _LATIN_ORGANISATION.search(name)
    shaped = _PLAIN.fullmatch(name) or _DOTTED.fullmatch(name) or _MASKED.fullmatch(name)
    return bool(shaped) and not names_organisation(name)
