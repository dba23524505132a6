"""Names of persons 姓名 after a role word in free text.

A name is taken only where its end is clear: at punctuation, or before a word that follows names. Where a
surname stands after a role word and the end is not clear, the place is reported instead, and the record
is held for somebody to look. Forms with 某 and names of organisations are left as they are.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from creditregister.privacy import wording
from creditregister.privacy.found import Found, Kind
from creditregister.privacy.names import BEGINNING, CLEAR, DOTS, HAN, is_organisation, surname_length

if TYPE_CHECKING:
    from collections.abc import Iterator


class Trust(IntEnum):
    """How much speaks for a name at a place before its characters are looked at."""

    ROLE = 0
    """A role word stands directly before: 当事人…"""
    LISTED = 1
    """It goes on after a name: 张三、…"""
    NAMED = 2
    """A colon, or 姓名, says that a name follows: unusual ones are taken too."""


#: What stands between role and name; a colon, or one of the words, says that a name follows.
_SEPARATOR: Final = re.compile(r"(?:姓名|名叫|叫做)?(?:[系是为][：:]?)?[：:\s]{0,3}[（(“\"「]?")
_NAMED: Final = re.compile("姓名|名叫|叫做|[：:]")
_ENDS_OF_ROLES: Final = "".join(sorted({role[-1] for role in wording.ROLES}))
_ROLE_LENGTHS: Final = sorted({len(role) for role in wording.ROLES})
#: The last character of a role before what may begin a name: quicker to find than 180 words.
ROLE: Final = f'[{_ENDS_OF_ROLES}](?=[姓名叫系是为：:（(“"「 \t\n\u3000]|{BEGINNING})'
_ROLE: Final = re.compile(ROLE)
_ANY_ROLE: Final = re.compile(f"[{_ENDS_OF_ROLES}]")
_RUN: Final = re.compile(f"[{HAN}]{{0,24}}")
_DOTTED: Final = re.compile(f"[{HAN}]{{1,4}}(?:[{DOTS}][{HAN}]{{1,10}}){{1,3}}")
_LATIN: Final = re.compile(r"[A-Z][A-Za-z'.-]{1,20}(?: [A-Z][A-Za-z'.-]{0,20}){1,3}(?![A-Za-z])")
_DOT: Final = re.compile(f"[{DOTS}]")
_AND: Final = re.compile("[、和与及]|以及")
_JOINTS: Final = frozenset("和与及")
_ALONE: Final = re.compile(
    f'(?:^|(?<=[\\s，,、。；;：:（(“"《向给对为由与和及]))(?=[{"".join(sorted(CLEAR))}][{HAN}])'
)
_LONGEST: Final = 4
_LONGEST_PART: Final = 6
_NEAR: Final = 8
#: How the legal form of a company begins.
_COMPANY: Final = frozenset(("有限", "股份", "集团"))


def names_after_roles(text: str, unclear: list[int]) -> Iterator[Found]:
    """Yield the names after role words; places that may be names go to ``unclear``."""
    # Names with a dot (买买提·艾力) may begin with any character, so those texts are read more slowly.
    for last in (_ANY_ROLE if _DOT.search(text) else _ROLE).finditer(text):
        end = last.end()
        if any(text[max(0, end - length) : end] in wording.ROLES for length in _ROLE_LENGTHS):
            yield from _after_role(text, end, unclear)


def bare_names_in(text: str) -> Iterator[int]:
    """Yield where something like a name stands alone between two marks, or after 向, 给 and the like.

    Only surnames that hardly begin other words: this is for texts that must name nobody at all.
    """
    for before in _ALONE.finditer(text):
        if _length_at(text, before.end(), Trust.LISTED) > 0:
            yield before.end()


def _after_role(text: str, end: int, unclear: list[int]) -> Iterator[Found]:
    """Yield the name, or the names of a list, after a role word."""
    separator = _SEPARATOR.match(text, end)
    between = separator[0] if separator else ""
    named = _NAMED.search(between) is not None
    start = end + len(between)
    length = _length_at(text, start, Trust.NAMED if named else Trust.ROLE)
    if length < 0:
        unclear.append(start)
    while length > 0:
        yield Found(Kind.NAME, start, start + length)
        joint = _AND.match(text, start + length)
        start = joint.end() if joint else len(text)
        length = _length_at(text, start, Trust.LISTED)
        if length < 0:
            unclear.append(start)


def _length_at(text: str, start: int, trust: Trust) -> int:
    """Return how long the name at a place is, 0 if there is none, -1 if that is not clear."""
    if match := _DOTTED.match(text, start):
        return _dotted_length(match[0])
    if trust is Trust.NAMED and (match := _LATIN.match(text, start)):
        return len(match[0])
    run = _RUN.match(text, start)
    words = run[0] if run else ""
    return _plain_length(words, trust) or (-1 if _is_unclear(words, trust) else 0)


def _dotted_length(name: str) -> int:
    """Return where a name with dots ends: its last part may run on into the sentence."""
    first = min(name.index(dot) for dot in DOTS if dot in name)
    last = max(name.rfind(dot) for dot in DOTS) + 1
    if not wording.ENDS.isdisjoint(name[:first]):
        return 0
    for ends in (wording.ENDS, wording.AFTER):
        for place in range(last + 2, len(name)):
            if name[place] in ends:
                return place
        if len(name) - last <= _LONGEST_PART:
            return len(name)
    return -1


def _plain_length(words: str, trust: Trust) -> int:
    """Return the length of the Chinese name that words begin with, 0 if none ends clearly."""
    surname = surname_length(words)
    if trust is Trust.NAMED and 1 < len(words) <= _LONGEST and "某" not in words:
        return len(words) if _is_whole_name(words, surname) else 0
    if not surname or words[surname : surname + 1] in wording.NEVER_SECOND:
        return 0
    if words[surname : surname + 2] in wording.TITLES:
        return 0  # 王女士 is as little a full name as 王某
    return _cut(words, surname, clear=trust is not Trust.ROLE or surname > 1 or words[0] in CLEAR)


def _cut(words: str, surname: int, *, clear: bool) -> int:
    """Return where a name ends: one or two characters after the surname, 0 if neither end is clear.

    Behind a surname that begins other words too (not ``clear``) a short name needs more to be taken.
    """
    short, long = surname + 1, surname + 2
    if len(words) == short:
        return short
    next_to_short, next_to_long = words[short : short + 2], words[long : long + 2]
    if next_to_short in _COMPANY or next_to_long in _COMPANY:
        return 0  # 给予云泽甲有限公司补贴: places begin with surnames too
    if next_to_short[:1] in (wording.ENDS if clear else wording.SURE_ENDS):
        return short
    if next_to_short in wording.FOLLOWS or _goes_on(words[short:]):
        return short
    if len(words) == long or next_to_long[:1] in wording.AFTER or next_to_long in wording.FOLLOWS:
        return long
    return short if clear and next_to_short[:1] in wording.AFTER else 0


def _goes_on(words: str) -> bool:
    """Tell whether words behind a name join the next one: 张三和李四."""
    return words[:1] in _JOINTS and surname_length(words[1:]) > 0


def _is_whole_name(words: str, surname: int) -> bool:
    """Tell whether a few characters between a colon and punctuation are a name."""
    if words in wording.ROLES or wording.NO_NAME.match(words) or is_organisation(words):
        return False
    return len(words) < _LONGEST or surname > 0


def _is_unclear(words: str, trust: Trust) -> bool:
    """Tell whether words after a role begin like a name whose end could not be found.

    Names of places and organisations begin with surnames too; their own words give them away.
    """
    surname = surname_length(words)
    second = words[surname : surname + 1]
    if not surname or not second or second in wording.NEVER_SECOND:
        return False
    if words[surname : surname + 2] in wording.TITLES:
        return False
    if trust is Trust.LISTED and words[0] not in CLEAR:
        return False
    near = words[:_NEAR]
    return not (wording.PLACE.search(near) or wording.SHOP.search(near) or is_organisation(near))
