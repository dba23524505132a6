"""The names that a short or inexact text probably means (DESIGN 4, Search 4).

People write 沪农商行 for 上海农村商业银行股份有限公司: characters of the name in their order, the area as one
character, legal form and stock marks left out or put in. So a name is scored by how much of the text it
covers (rare characters count more), how well in order and together, and how much of the name is left over
(areas and legal forms hardly count). All weights stand in ``Weights``.

An engine is asked twice: how frequent some pieces of the text are in names, and for the names that share the
rarest of them. The rest happens here, on at most ``CANDIDATES`` names, the same for both engines.
"""

from __future__ import annotations

import heapq
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Names that are looked at closely.
CANDIDATES = 28
#: Pieces of the text that names are looked up by, the rarest first.
PROBES = 16
#: Names that may be touched in looking them up; common characters are left out beyond that.
TOUCHED = 30_000
#: Shortest text for which a close name means anything.
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much; tried on labelled pairs (``tests/index/test_closest.py``)."""

    #: Share of the order of the characters, against their mere presence.
    order: float = 0.5
    #: A character that does not follow its neighbour directly, or follows one that is not its neighbour.
    gap: float = 0.75
    jump: float = 0.6
    #: Taken off for each character of the name that is left over; less for an area, or before the match.
    left: float = 0.035
    left_area: float = 0.012
    left_before: float = 0.03
    #: Weight of a character: its rarity within these bounds, or this where it is a legal form or stock mark.
    least: float = 0.7
    most: float = 9.0
    form: float = 0.8
    #: Factor for a text whose first character was read as an area.
    area: float = 0.97
    #: Below this score a name is not close.
    enough: float = 0.4


WEIGHTS = Weights()

#: Provinces, and cities known by one character, as short names write them 简称.
_SHORT_AREAS = {
    "京": "北京", "津": "天津", "沪": "上海", "渝": "重庆", "冀": "河北", "晋": "山西", "蒙": "内蒙古",
    "辽": "辽宁", "吉": "吉林", "黑": "黑龙江", "苏": "江苏", "浙": "浙江", "皖": "安徽", "闽": "福建",
    "赣": "江西", "鲁": "山东", "豫": "河南", "鄂": "湖北", "湘": "湖南", "粤": "广东", "桂": "广西",
    "琼": "海南", "川": "四川", "蜀": "四川", "黔": "贵州", "贵": "贵州", "滇": "云南", "藏": "西藏",
    "陕": "陕西", "秦": "陕西", "甘": "甘肃", "陇": "甘肃", "青": "青海", "宁": "宁夏", "新": "新疆",
    "甬": "宁波", "穗": "广州", "蓉": "成都", "深": "深圳", "杭": "杭州",
}  # fmt: skip
#: Marks that a stock exchange puts before or behind a short name: *ST, N, A, B.
_HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_MARK = re.compile(rf"^(?:\*?s?\*?st|n|xd|xr|dr|u|w)(?={_HAN})|(?<={_HAN})[ab]$")
#: Words at the end of a text that say little about whose name it is.
_FORM_OF_TEXT = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|股份|集团|控股|公司)$")
#: Legal forms at the end of a name, and group words anywhere in it: never left over.
_FORM = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|股份公司|公司|合伙企业|专业合作社|合作社)$")
#: Characters of a name that are never left over: the longest legal form and group word.
_NEVER_LEFT = len("股份有限公司") + len("(集团)") + len("控股")
_GROUP = re.compile(r"\(?集团\)?|控股")
#: A part in brackets that is no group word: mostly the area, which may stand in front or be left out.
_BRACKETED = re.compile(r"(?<=.)\((?!集团\))([^()]{2,12})\)")
_PROVINCES = "|".join(sorted({"中国", *_SHORT_AREAS.values()}, key=len, reverse=True))
_AREA = re.compile(
    rf"(?:(?:{_PROVINCES})(?:省|市|(?:壮族|回族|维吾尔)?自治区)?|.{{2,3}}省)?"
    r"(?:.{2,3}?(?:市|自治州|地区))?(?:.{1,3}?[县区旗])?"
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to read the text: its characters with their weights, and the sum of these."""

    text: str
    weighed: tuple[tuple[str, float], ...]
    total: float
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Close:
    """A name, by its place among the candidates, and how close it is (0 to 1)."""

    place: int
    score: float


def bare(folded: str) -> str:
    """The text without the marks of a stock exchange."""
    return _MARK.sub("", folded) or folded


def is_whole(folded: str) -> bool:
    """Whether a text ends with a legal form: a whole name, where it is one, and no short form of another."""
    return bool(_FORM.search(folded))


def pieces(folded: str) -> list[str]:
    """The characters and bigrams of every spelling of a text, whose frequency among names is to be known."""
    found: dict[str, None] = {}
    for text, _ in _spelt(folded):
        found.update(dict.fromkeys(text))
        found.update(dict.fromkeys(text[at : at + 2] for at in range(len(text) - 1)))
    return list(found)


def probes(folded: str, frequencies: Mapping[str, int], names: int) -> list[tuple[str, float]]:
    """The pieces to look names up by, each with what it adds to a name that has it; the rarest first.

    Empty where all pieces are so common that no look-up would narrow anything.
    """
    known = [piece for piece in pieces(folded) if frequencies.get(piece)]
    known.sort(key=lambda piece: (frequencies[piece], piece))
    chosen: list[tuple[str, float]] = []
    touched = 0
    for piece in known[:PROBES]:
        touched += frequencies[piece]
        if touched > TOUCHED:
            break
        # In 256ths, so that sums are exact in whatever order, and size of float, an engine adds.
        chosen.append((piece, round(rarity(frequencies[piece], names) * 256) / 256))
    return chosen


def rarity(frequency: int, names: int) -> float:
    """How much it says that a name has a piece: nothing where all have it."""
    return math.log((names + 1) / (frequency + 1))


def rank(
    folded: str, candidates: Sequence[str], frequencies: Mapping[str, int], names: int, limit: int
) -> list[Close]:
    """The ``limit`` closest of the candidates (folded names), the closest first, then the shorter.

    A name cannot score more than the share of the text that it covers, less what is surely left over: that
    is worked out for all, and the dearer order of the characters only while it may still matter.
    """
    spellings = [_weighed(text, factor, frequencies, names) for text, factor in _spelt(folded)]
    bounds = sorted(
        (-max(_bound(each, name) for each in spellings), place) for place, name in enumerate(candidates)
    )
    found: list[Close] = []
    best: list[float] = []  # the ``limit`` best scores so far, a heap
    for bound, place in bounds:
        if len(best) == limit and -bound < best[0]:
            break
        score = max(_score(each, name) for each in spellings for name in _written(candidates[place]))
        if score >= WEIGHTS.enough:
            found.append(Close(place, score))
            heapq.heappush(best, score)
            if len(best) > limit:
                heapq.heappop(best)
    found.sort(key=lambda each: (-each.score, len(candidates[each.place]), candidates[each.place]))
    return found[:limit]


def _spelt(folded: str) -> Iterable[tuple[str, float]]:
    """The text, and the text with its first character read as an area, each with a factor for its score."""
    text = bare(folded)
    yield text, 1.0
    area = _SHORT_AREAS.get(text[0])
    if area and len(text) > 1:
        yield area + text[1:], WEIGHTS.area


def _weighed(text: str, factor: float, frequencies: Mapping[str, int], names: int) -> Spelling:
    form = _FORM_OF_TEXT.search(text)
    end = form.start() if form and form.start() else len(text)
    weights = [
        min(max(rarity(frequencies.get(character, 0), names), WEIGHTS.least), WEIGHTS.most)
        for character in text[:end]
    ]
    weights += [WEIGHTS.form] * (len(text) - end)
    return Spelling(text, tuple(zip(text, weights, strict=True)), sum(weights), factor)


def _bound(spelling: Spelling, name: str) -> float:
    """No score of this name is above it."""
    surely = len(_written(name)[-1]) - len(spelling.text) - _NEVER_LEFT
    return _covered(spelling, name) - WEIGHTS.left_area * max(0, surely)


def _covered(spelling: Spelling, name: str) -> float:
    """The share of the text whose characters stand in the name. Written out: it runs for every candidate."""
    total = 0.0
    for character, weight in spelling.weighed:
        if character in name:
            total += weight
    return total / spelling.total


def _written(name: str) -> tuple[str, ...]:
    """A name as it may be written: as it is, and with the part in its brackets in front, or without it."""
    found = _BRACKETED.search(name)
    if not found:
        return (name,)
    rest = name[: found.start()] + name[found.end() :]
    return name, found[1] + rest, rest


def _score(spelling: Spelling, name: str) -> float:
    run = _in_order(spelling, name)
    if run is None:
        return 0.0
    share = WEIGHTS.order * run.value / spelling.total + (1 - WEIGHTS.order) * _covered(spelling, name)
    return max(0.0, spelling.factor * share - _left_over(name, run))


class Run(NamedTuple):
    """Characters found in a name in their order: what they count, the first place, the last, and how many."""

    value: float
    first: int
    last: int
    used: int


def _in_order(spelling: Spelling, name: str) -> Run | None:
    """The best way to find the characters in the name in their order; none where no character is there.

    ``front`` holds, for all characters before, the runs that end earlier or count more than others: the best
    run to go on from is the last one that ends before a place.
    """
    front: list[Run] = []
    before: list[Run] = []
    best: Run | None = None
    for character, weight in spelling.weighed:
        reached = []
        place = name.find(character)
        while place >= 0:
            run = _longer(place, weight, before, front)
            reached.append(run)
            if best is None or run.value > best.value:
                best = run
            place = name.find(character, place + 1)
        if reached:
            front = _front([*front, *reached])
        before = reached
    return best


def _longer(place: int, weight: float, before: Sequence[Run], front: Sequence[Run]) -> Run:
    """The best run that ends with a character at this place."""
    best = Run(weight, place, place, 1)
    for run in before:  # that end with the character before this one in the text
        if run.last < place:
            value = run.value + weight * (1.0 if run.last == place - 1 else WEIGHTS.gap)
            if value > best.value:
                best = Run(value, run.first, place, run.used + 1)
    for run in reversed(front):
        if run.last < place:
            value = run.value + weight * WEIGHTS.jump
            if value > best.value:
                best = Run(value, run.first, place, run.used + 1)
            break
    return best


def _front(runs: list[Run]) -> list[Run]:
    """Runs by where they end, each counting more than all that end before it."""
    runs.sort(key=lambda run: (run.last, -run.value))
    kept: list[Run] = []
    for run in runs:
        if not kept or run.value > kept[-1].value:
            kept.append(run)
    return kept


def _left_over(name: str, run: Run) -> float:
    """What is taken off for characters of the name that the text does not have."""
    form = _FORM.search(name)
    end = form.start() if form else len(name)
    group = _GROUP.search(name, run.first, end)
    area = _area_end(name, run.first)
    inner = end - run.first - run.used - (len(group[0]) if group else 0)
    off = area * WEIGHTS.left_area + (run.first - area) * WEIGHTS.left_before
    return off + max(0, inner) * WEIGHTS.left


def _area_end(name: str, first: int) -> int:
    """Where the area at the beginning of a name ends; never beyond the first character that was meant."""
    found = _AREA.match(name)
    return min(found.end(), first) if found else 0
