"""Free texts of 50 to 500 characters: what was found, what was granted, what was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from creditindex.demo import numbers, people, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

T = TypeVar("T")
# Through the list of clauses in steps of a prime, so that neighbours differ from text to text.
_STRIDE = 7
#: Share of the facts that name a third person, with phone or identity number in some.
_WITH_PERSON = 0.03


def pick(rng: Random, of: Sequence[T]) -> T:
    """One of them; quicker than ``Random.choice``, which counts at this rate."""
    return of[int(rng.random() * len(of))]


class _Chance:
    """The words for the slots of a clause, drawn when a clause asks for one."""

    __slots__ = ("rng",)

    def __init__(self, rng: Random) -> None:
        self.rng = rng

    def __getitem__(self, slot: str) -> str:
        if slot == "goods":
            return pick(self.rng, words.GOODS)
        if slot == "count":
            return str(1 + int(self.rng.random() * 400))
        return money(self.rng) if slot == "sum" else pick(self.rng, words.THINGS)


def clauses(rng: Random, sort: str) -> Iterator[str]:
    """Clauses of one sort with goods, papers, counts and sums; none comes again before all have come."""
    known, chance = words.CLAUSES[sort], _Chance(rng)
    place = int(rng.random() * len(known))
    while True:
        place = (place + _STRIDE) % len(known)
        yield known[place].format_map(chance)


def money(rng: Random) -> str:
    """A sum in yuan, small ones more often, half of them round."""
    sum_ = 10 ** (2 + rng.random() * 4)
    return f"{sum_:.2f}" if rng.random() < 0.5 else f"{int(sum_ / 100) * 100 or 100}"


def padded(rng: Random, sort: str, parts: list[str], closing: str) -> str:
    """The parts, then clauses up to a length drawn by chance, then the closing sentence."""
    wanted = 50 + int(rng.random() * 420)
    size = sum(map(len, parts))
    for part in clauses(rng, sort):
        if size >= wanted:
            break
        parts.append(part)
        size += len(part) + 1
    return "，".join(parts) + "。" + closing + "。"


def facts(rng: Random, name: str, day: str, found: str) -> str:
    """Facts of a violation 违法事实; the subject is named, as decisions do."""
    parts = [f"经查，{day}执法人员对{name}进行检查时发现", found]
    return padded(rng, "facts", parts, pick(rng, words.CLOSINGS))


def names_third_person(rng: Random) -> bool:
    """Whether this record's facts name somebody else."""
    return rng.random() < _WITH_PERSON


def third_person(rng: Random, somebody: people.Person) -> str:
    """A sentence that must not become public as it is: role and name, in part with numbers."""
    role = pick(rng, words.ROLES)
    style = rng.random()
    if style < 0.4:
        return f"{role}{somebody.name}在笔录上签字确认。"
    if style < 0.7:
        phone = numbers.phone(int(rng.random() * 10**8))
        return f"{role}{somebody.name}（联系电话{phone}）对上述情况予以确认。"
    if style < 0.9:
        return f"{role}{somebody.name}（身份证号码：{somebody.number}）在场并签字。"
    return f"另有联系电话{numbers.phone(int(rng.random() * 10**8))}的举报一件，已另案处理。"
