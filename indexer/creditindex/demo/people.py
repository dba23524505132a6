"""Invented natural persons 自然人: name, birthday and identity number.

A given name holds only characters of ``GIVEN``, and no other vocabulary of the demo, no page and no label
holds one of them. So the name of a person cannot turn up by chance in a company's name or in a text, and
"no person's name is found by a search" is a statement that a test can prove.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from creditindex.demo import numbers
from creditindex.demo.places import PLACES

SURNAMES = (
    *"赵钱孙李周吴郑王冯陈褚蒋沈韩杨朱秦许何吕张孔曹严魏陶姜谢邹苏潘范彭鲁马袁柳史唐薛雷贺汤罗毕",
    *("欧阳", "司马", "诸葛", "上官"),
)
GIVEN = "翀珩旻晗玥琰筠铄霁颢婧彧恺旸晞曦栩泓淏湉澍烨熠珂瑄瑾祺翊翎芮苒萱蓁蕙骁骞璟琬琤玮珺瑗璇昀晟炜煜琮瑀珅"

_ADULT_FROM = date(1956, 1, 1)
_ADULT_DAYS = 365 * 44
# Born so late that every decision of the last years falls before the eighteenth birthday.
_MINOR_FROM = date(2011, 1, 1)
_MINOR_DAYS = 365 * 4
# One in forty; by place and not by chance, so that the smallest demo has some.
_MINOR_EVERY, _MINOR_PLACE = 40, 7
# Domains of numbers.mixed: the same index means another person in each.
_PERSON, _OPERATOR, _REPRESENTATIVE, _BYSTANDER = 11, 12, 13, 14


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    name: str
    number: str
    born: date
    woman: bool
    minor: bool


def person(seed: int, index: int) -> Person:
    """The natural person of that index who is the subject of records; one in forty is a minor."""
    return _person(numbers.mixed(seed, _PERSON, index), minor=index % _MINOR_EVERY == _MINOR_PLACE)


def operator(seed: int, index: int) -> Person:
    """The operator 经营者 of the individual business of that index."""
    return _person(numbers.mixed(seed, _OPERATOR, index))


def representative(seed: int, index: int) -> Person:
    """The legal representative 法定代表人 of the subject of that index."""
    return _person(numbers.mixed(seed, _REPRESENTATIVE, index))


def bystander(seed: int, index: int) -> Person:
    """A third person 第三人 who is named in the facts of a record."""
    return _person(numbers.mixed(seed, _BYSTANDER, index))


def _person(bits: int, *, minor: bool = False) -> Person:
    bits, surname = divmod(bits, len(SURNAMES))
    bits, first = divmod(bits, len(GIVEN))
    bits, second = divmod(bits, len(GIVEN) + len(GIVEN) // 4)  # one in five has a single character
    bits, serial = divmod(bits, 1000)
    bits, place = divmod(bits, len(PLACES))
    start, span = (_MINOR_FROM, _MINOR_DAYS) if minor else (_ADULT_FROM, _ADULT_DAYS)
    born = start + timedelta(days=bits % span)
    given = GIVEN[first] + (GIVEN[second] if second < len(GIVEN) else "")
    return Person(
        name=SURNAMES[surname] + given,
        number=numbers.identity(PLACES[place].area, born, serial),
        born=born,
        woman=serial % 2 == 0,  # GB 11643: an even serial number is a woman's
        minor=minor,
    )
