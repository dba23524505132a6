"""Redaction 隐去 of free text such as 违法事实: what leads to a third person goes, all else stays.

Taken out: identity numbers, telephones, bank cards and accounts, names after role words or before
personal data (wherever the same name stands again), home addresses, private contacts. Never touched:
unified codes, document numbers 〔2025〕123号, case numbers, dates, amounts, names of organisations, forms
with 某. ``uncertain`` says that there may be a name left: the record is then held, not published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from creditregister.codes.runs import LONG_ENOUGH, OTHER_SPELLINGS
from creditregister.privacy.found import Found, Kind
from creditregister.privacy.names import DOTS
from creditregister.privacy.numbers import find_numbers
from creditregister.privacy.roles import ROLE, bare_names_in, names_after_roles
from creditregister.privacy.traits import home_addresses, names_before_data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: What stands in a public text where something was taken out.
MARK: Final = "〔已隐去〕"
#: Most texts have nothing to take out: four quick passes tell so. Plain words alone make the last one fast.
_SPELLING: Final = re.compile(f"[{OTHER_SPELLINGS}{DOTS}]")
_NUMBER: Final = re.compile(LONG_ENOUGH)
_ROLE: Final = re.compile(ROLE)
_HINT: Final = re.compile(
    "男|女|住|籍|@|微信|QQ|qq|家庭|身份|先生|小姐|师傅|系该|系其|系本|系当|是该|是当",
)
_SHORTEST_KEPT: Final = 2
_CLAIMS: Final = "主张"
_EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,40}+@[A-Za-z0-9-]{1,40}+(?:\.[A-Za-z0-9-]{1,20}+){1,4}+")
_HANDLE: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:微信号?|QQ号?|qq号?)码?[：:为是 ]{0,3}([A-Za-z0-9_-]{5,20})(?![A-Za-z0-9_-])"
)


@dataclass(frozen=True, slots=True)
class Redaction:
    """The text as it may be public, what was found (places in the original), and whether to look."""

    text: str
    found: tuple[Found, ...] = ()
    uncertain: bool = False


def redact(text: str, keep: Sequence[str] = (), *, nobody: bool = False) -> Redaction:
    """Take out what leads to third persons.

    ``keep``: strings that stay wherever they stand, such as the subject's name and its representative;
    an identity number is taken out all the same. ``nobody``: the text should name nobody at all, so that also
    what looks like a name without a role before it makes the redaction uncertain.
    """
    unclear = list(bare_names_in(text)) if nobody else []
    if not unclear and not (
        _HINT.search(text) or _NUMBER.search(text) or _ROLE.search(text) or _SPELLING.search(text)
    ):
        return Redaction(text)
    found = [*find_numbers(text), *_contacts(text)]
    names = [*names_after_roles(text, unclear), *names_before_data(text, unclear), *home_addresses(text)]
    if not found and not names and not unclear:
        return Redaction(text)
    places = list(_places(text, [each.strip() for each in keep]))
    if _CLAIMS in text:
        # 某某药店主张其权利: the shop 店 claims 主张, and names no owner 店主.
        claims = {each.end + 1 for each in places if text.startswith(_CLAIMS, each.end)}
        unclear = [place for place in unclear if place not in claims]
        names = [each for each in names if each.start not in claims]
    if not found and not names:
        return Redaction(text, uncertain=not all(_inside(place, places) for place in unclear))
    kept = _covered(places)
    names = [each for each in names if kept.isdisjoint(each.places)]
    names += [each for each in _again(text, names) if kept.isdisjoint(each.places)]
    found = [each for each in found if each.kind is Kind.IDENTITY or kept.isdisjoint(each.places)]
    merged = _merged([*found, *names])
    redacted = _without(text, merged)
    # Numbers that touch each other can be told apart only now; somebody should look at such a text.
    touching = find_numbers(redacted) if merged else []
    touching = [each for each in touching if redacted[each.start : each.end] not in keep]
    return Redaction(
        _without(redacted, touching),
        tuple(merged),
        uncertain=bool(touching) or not (kept | _covered(merged)).issuperset(unclear),
    )


def _contacts(text: str) -> Iterator[Found]:
    """Yield electronic addresses 电子邮箱 and the like; texts without Latin letters are left at once."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield Found(Kind.CONTACT, *match.span())
    if "微信" in text or "QQ" in text or "qq" in text:
        for match in _HANDLE.finditer(text):
            yield Found(Kind.CONTACT, *match.span(1))


def _places(text: str, strings: Sequence[str]) -> Iterator[Found]:
    """Yield where strings stand in a text; those of one character mean nothing."""
    for string in strings:
        if len(string) < _SHORTEST_KEPT:
            continue
        start = text.find(string)
        while start >= 0:
            yield Found(Kind.NAME, start, start + len(string))
            start = text.find(string, start + len(string))


def _inside(place: int, found: Iterable[Found]) -> bool:
    """Tell whether a character belongs to one of the findings."""
    return any(each.start <= place < each.end for each in found)


def _again(text: str, names: Sequence[Found]) -> Iterator[Found]:
    """Yield the same names where no role word stands before them."""
    return _places(text, list(dict.fromkeys(text[each.start : each.end] for each in names if each.is_name)))


def _covered(found: Iterable[Found]) -> set[int]:
    """Return the places of all characters that findings consist of."""
    return {place for each in found for place in each.places}


def _merged(found: list[Found]) -> list[Found]:
    """Put findings in order and join those that overlap."""
    merged: list[Found] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if merged and each.start < merged[-1].end:
            merged[-1] = merged[-1]._replace(end=max(each.end, merged[-1].end))
        else:
            merged.append(each)
    return merged


def _without(text: str, found: Sequence[Found]) -> str:
    """Write the text with the mark in place of each finding."""
    parts: list[str] = []
    last = 0
    for each in found:
        parts += (text[last : each.start], MARK)
        last = each.end
    return "".join((*parts, text[last:]))
