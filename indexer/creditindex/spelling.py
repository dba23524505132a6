"""Pinyin as people type it 拼音: letters without tones, and where one syllable may end (DEPENDENCIES 1.4).

A name's whole pinyin is indexed with a mark before each syllable: ``'chen'guang'shi'pin``. Whoever types
``chenguang`` sets no marks, so a text is cut in every way into syllables, and each way is looked for as it is
written in the index. The last syllable may be typed half: what is typed is then a beginning of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Before each syllable of a name's whole pinyin.
MARK = "'"
#: Shortest and longest text that is read as pinyin.
SHORTEST, LONGEST = 2, 50
#: Ways to cut a text that are tried, those with the fewest syllables.
WAYS = 8
#: Every syllable without its tone, by its first sound; ü is v, as on a keyboard. A test compares.
_FINALS = {
    "": "a ai an ang ao e ei en eng er hm hng m n ng o ou",
    "b": "a ai an ang ao ei en eng i ian iang iao ie in ing o ong u",
    "c": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "d": "a ai an ang ao e ei en eng i ia ian iao ie in ing iu ong ou u uan ui un uo",
    "f": "a an ang ei en eng iao o ou u",
    "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "k": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "l": "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu o ong ou u uan un uo v ve",
    "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
    "n": "a ai an ang ao e ei en eng i ia ian iang iao ie in ing iu ong ou u uan un uo v ve",
    "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "r": "an ang ao e en eng i ong ou u ua uan ui un uo",
    "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
    "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "t": "a ai an ang ao e ei eng i ian iao ie ing ong ou u uan ui un uo",
    "w": "a ai an ang ei en eng o ong u",
    "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
    "y": "a an ang ao e i in ing o ong ou u uan ue un",
    "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
    "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
}  # fmt: skip
SYLLABLES = frozenset(first + final for first, finals in _FINALS.items() for final in finals.split())
#: Syllables without a vowel, such as 嗯 n: they stand in no name, and would cut every text to pieces.
_SILENT = frozenset({"m", "n", "ng", "hm", "hng"})
_BEGINNINGS = frozenset(each[:end] for each in SYLLABLES - _SILENT for end in range(1, len(each) + 1))
_LONGEST_SYLLABLE = max(map(len, SYLLABLES))
_LETTERS = re.compile(r"[a-z0-9]+")


def letters(folded: str) -> str:
    """The folded text where it may be pinyin or initials: letters, maybe digits, two or more; else empty."""
    typed = folded.replace(MARK, "")  # xi'an
    fits = SHORTEST <= len(typed) <= LONGEST and _LETTERS.fullmatch(typed) and not typed.isdigit()
    return typed if fits else ""


def marked(syllables: Iterable[str]) -> str:
    """Syllables as the index writes them."""
    return "".join(MARK + each for each in syllables)


def ways(typed: str) -> list[str]:
    """The text as the index may have written it: each way to cut it into syllables, the fewest first."""
    found = sorted(_cut(typed), key=lambda way: (len(way), way))
    return [marked(way) for way in found[:WAYS]]


def _cut(typed: str) -> Iterator[tuple[str, ...]]:
    """Every way to cut the text; worked out from its end, so that no part is cut twice."""
    after: dict[int, list[tuple[str, ...]]] = {}
    for start in range(len(typed) - 1, -1, -1):
        rest = typed[start:]
        here: list[tuple[str, ...]] = [(rest,)] if rest in _BEGINNINGS else []
        for end in range(1, min(_LONGEST_SYLLABLE, len(rest) - 1) + 1):
            if rest[:end] in SYLLABLES and rest[:end] not in _SILENT:
                here += [(rest[:end], *way) for way in after[start + end]]
        after[start] = sorted(here, key=len)[:WAYS]
    yield from after.get(0, ())
