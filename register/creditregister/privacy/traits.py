"""Names in front of personal data (张三，男，…; 李四（身份证号…）; 王五先生), and home addresses 住址."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from creditregister.privacy import wording
from creditregister.privacy.found import Found, Kind
from creditregister.privacy.names import CLEAR, DOTS, DOUBLE, HAN, surname_length

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATA: Final = re.compile(
    "[男女](?=[，,、）)。；; ])|公民身份|居民身份|身份证|身份号|先生|女士|小姐|师傅"
    "|系(?:该|其|本|当事人)|是(?:该公司|该店|当事人)",
)
_HINT: Final = re.compile("男|女|身份|先生|小姐|师傅|系该|系其|系本|系当|是该|是当")
#: 张三系该公司员工: these say what somebody is, so the name before them must stand alone.
_IS: Final = ("系", "是")
_SEXES: Final = ("男", "女")
#: A sex is personal data only behind one of these: 张三，男，… but not 童装男、女款.
_BEFORE_SEX: Final = "，,、（("
_BETWEEN: Final = "，,、（(：: "
_TAIL: Final = re.compile(f"[{HAN}]{{1,5}}$")
_DOTTED_TAIL: Final = re.compile(f"[{HAN}]{{1,4}}(?:[{DOTS}][{HAN}]{{1,10}}){{1,3}}$")
_LONGEST_TAIL: Final = 36
_LONGEST_GIVEN: Final = 2

_ADDRESS: Final = re.compile(
    r"(?:家庭[地住]址|户籍所在地|户籍地址?|户籍住址|身份证[地住]址|居住地址?|现住地?址?|暂住地?址?|常住地?址?|家住|住址)"
    r"[：:为在是于\s]{0,3}([^，,。；;\n）)]{4,60})",
)
_LIVES: Final = re.compile(r"住(?<=[，,；;、]住)(?![宅宿院房所户建])[在于]?([^，,。；;\n）)]{4,60})")
_PLACES: Final = re.compile("[省市县区镇乡村路街巷弄幢栋]")
_PLACES_WITHIN: Final = 12


def names_before_data(text: str, unclear: list[int]) -> Iterator[Found]:
    """Yield the names in front of personal data; places that may be names go to ``unclear``."""
    if not _HINT.search(text):
        return
    for data in _DATA.finditer(text):
        sex = data[0] in _SEXES
        end = data.start()
        if sex and text[end - 1 : end] not in _BEFORE_SEX:
            continue
        while end and text[end - 1] in _BETWEEN and data.start() - end < len("（ "):
            end -= 1
        tail, length = _name_before(text, end)
        if data[0].startswith(_IS) and not _stands_alone(tail, length):
            continue
        if data[0] in wording.TITLES and tail[-1:] in CLEAR:
            continue  # 王女士 is as little a full name as 王某
        if length:
            yield Found(Kind.NAME, end - length, end)
        elif sex and tail and not wording.PERSONS_WORD.search(tail):
            unclear.append(end - len(tail))


def _name_before(text: str, end: int) -> tuple[str, int]:
    """Return the last Chinese characters before a place, and how many of them are a name."""
    before = text[max(0, end - _LONGEST_TAIL) : end]
    if match := _DOTTED_TAIL.search(before):
        return match[0], len(match[0])
    match = _TAIL.search(before)
    tail = match[0] if match else ""
    return tail, _length_in(tail)


def _stands_alone(tail: str, length: int) -> bool:
    """Tell whether nothing, or a word that cannot be part of a name, stands before a name."""
    if not length or len(tail) == length:
        return length > 0
    return tail[-length] in CLEAR and tail[-length - 1] in wording.BEFORE


def _length_in(tail: str) -> int:
    """Return the length of the name that words end with, surer surnames first; 0 if there is none."""
    if _is_name(tail):
        return len(tail)
    for sure in (True, False):
        for length in (4, 3, 2):
            name = tail[-length:]
            is_sure = name[:1] in CLEAR or name[:2] in DOUBLE
            alone = tail[-length - 1 : -length] in wording.BEFORE
            if len(name) == length and is_sure is sure and (sure or alone) and _is_name(name):
                return length
    return 0


def _is_name(text: str) -> bool:
    """Tell whether a few characters are a surname with one or two others."""
    surname = surname_length(text)
    if not surname or text[surname : surname + 1] in wording.NEVER_SECOND:
        return False
    return 1 <= len(text) - surname <= _LONGEST_GIVEN


def home_addresses(text: str) -> Iterator[Found]:
    """Yield home addresses after a word that says so; those of businesses (住所, 经营场所) are public."""
    if "住" not in text and "户籍" not in text and "地址" not in text:
        return
    for form in (_ADDRESS, _LIVES):
        for match in form.finditer(text):
            if _PLACES.search(match[1][:_PLACES_WITHIN]):
                yield Found(Kind.ADDRESS, *match.span(1))
