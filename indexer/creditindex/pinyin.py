"""How names are read aloud 读音: the pinyin that an index holds of each name (DEPENDENCIES 1.4).

The readings are those of pypinyin: of a character the first, of a word its own. What it reads wrongly in
names stands in ``WORDS``; characters that live with several readings stand in ``SEVERAL``, and a name with
one of them is written in each way. Dictionaries know more readings (宁 zhu, 波 bi), all of them dead: with
them a name would have seven ways on average, and most hits would be wrong.

Only what makes documents reads names: the tables take 60 MB, which no web worker needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product
from typing import TYPE_CHECKING

from creditindex.spelling import marked

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Ways to read one name that an index holds, and characters of it that are read in several ways.
MOST_WAYS = 8
MOST_CHARACTERS = 4
#: Syllables of each further way: nobody types more of a name.
LONGEST_WAY = 12

#: Places, and words in names of businesses, that pypinyin reads otherwise than the people who live there.
WORDS = {
    "浚县": "xun xian", "涡阳": "guo yang", "洪洞": "hong tong", "繁峙": "fan shi", "什邡": "shi fang",
    "筠连": "jun lian", "郫都": "pi du", "会稽": "kuai ji", "单县": "shan xian", "穆棱": "mu ling",
    "珲春": "hun chun", "六合区": "lu he qu", "朝阳": "chao yang", "都匀": "du yun", "长治": "chang zhi",
    "宕昌": "tan chang", "于都": "yu du", "漯河": "luo he", "解州": "xie zhou", "佛坪": "fo ping",
    "尼勒克": "ni le ke", "长岛": "chang dao", "长清": "chang qing", "民乐县": "min le xian",
    "大城县": "dai cheng xian", "西藏": "xi zang", "药行": "yao hang", "琴行": "qin hang",
    "商行": "shang hang", "珠宝行": "zhu bao hang", "车行": "che hang", "重百": "chong bai",
    "大夫": "dai fu", "重楼": "chong lou", "长隆": "chang long", "台州": "tai zhou", "丽水": "li shui",
    "乐清": "yue qing", "番禺": "pan yu",
}  # fmt: skip
#: Characters with more than one living reading in names, above all surnames at the head of a trade name.
SEVERAL = {
    "曾": "zeng ceng", "仇": "qiu chou", "单": "dan shan", "解": "jie xie", "查": "cha zha",
    "区": "qu ou", "盖": "gai ge", "翟": "zhai di", "覃": "qin tan", "缪": "miao mou", "秘": "mi bi",
    "员": "yuan yun", "卜": "bu bo", "召": "zhao shao", "洗": "xi xian", "折": "zhe she",
    "种": "zhong chong", "黑": "hei he", "适": "shi kuo", "佴": "er nai", "都": "du dou",
    "朴": "pu piao", "牟": "mou mu", "谌": "chen shen", "隗": "kui wei", "郇": "xun huan",
    "祭": "ji zhai", "尉": "wei yu", "长": "chang zhang", "行": "xing hang", "乐": "le yue",
    "重": "zhong chong", "厦": "xia sha", "朝": "chao zhao", "宿": "su xiu", "盛": "sheng cheng",
    "藏": "cang zang", "传": "chuan zhuan", "调": "tiao diao", "弹": "dan tan", "率": "lv shuai",
    "会": "hui kuai", "度": "du duo", "薄": "bo bao", "柏": "bai bo", "阿": "a e", "六": "liu lu",
    "车": "che ju", "茄": "qie jia", "校": "xiao jiao", "粘": "zhan nian", "露": "lu lou",
    "莘": "xin shen", "绿": "lv lu", "繁": "fan po", "尺": "chi che", "堡": "bao pu", "模": "mo mu",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spelt:
    """A name in letters: the first of each syllable 拼音首字母, and all; in every way in which it is read."""

    initials: tuple[str, ...]
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """Readings of characters, the likeliest first, and of words; ``lengths`` of words by their beginning."""

    characters: dict[str, tuple[str, ...]]
    words: dict[str, tuple[str, ...]]
    lengths: dict[str, tuple[int, ...]]


def spelt(folded: str) -> Spelt:
    """The letters of a folded name."""
    ways = list(_ways(folded))
    whole = [marked(way if place == 0 else way[:LONGEST_WAY]) for place, way in enumerate(ways)]
    initials = ["".join([each[0] for each in way]) for way in ways]
    return Spelt(tuple(dict.fromkeys(initials)), tuple(dict.fromkeys(whole)))


def _ways(folded: str) -> Iterator[tuple[str, ...]]:
    """Every way to read a name, the likeliest first; at most ``MOST_WAYS``."""
    choices = _read(folded)
    open_ones = [place for place, each in enumerate(choices) if len(each) > 1]
    for place in open_ones[MOST_CHARACTERS:]:
        choices[place] = choices[place][:1]
    return islice(product(*choices), MOST_WAYS)


def _read(folded: str) -> list[tuple[str, ...]]:
    """The readings of each character, one where a word settles it; one without any stands for itself."""
    book = _book()
    read: list[tuple[str, ...]] = []
    while len(read) < len(folded):
        place = len(read)
        character = folded[place]
        for length in book.lengths.get(character, ()):
            if word := book.words.get(folded[place : place + length]):
                read += [(each,) for each in word]
                break
        else:
            read.append(book.characters.get(character) or (character,))
    return read


@lru_cache(maxsize=1)
def _book() -> Book:
    """The readings of pypinyin with ours above them; of its words those that its characters do not settle."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT  # noqa: PLC0415 -- 60 MB, half a second

    characters: dict[str, tuple[str, ...]] = {}
    characters |= {chr(code): (_plain(readings.partition(",")[0]),) for code, readings in PINYIN_DICT.items()}
    characters |= {character: tuple(readings.split()) for character, readings in SEVERAL.items()}
    words: dict[str, tuple[str, ...]] = {}
    for word, readings in PHRASES_DICT.items():
        plain = tuple(_plain(each[0]) for each in readings)
        alone = [characters.get(one, ()) for one in word]
        if len(plain) == len(word) and alone != [(each,) for each in plain]:
            words[word] = plain
    words |= {word: tuple(reading.split()) for word, reading in WORDS.items()}
    lengths: dict[str, set[int]] = {}
    for word in words:
        lengths.setdefault(word[0], set()).add(len(word))
    return Book(
        characters, words, {first: tuple(sorted(each, reverse=True)) for first, each in lengths.items()}
    )


@lru_cache(maxsize=2048)
def _plain(reading: str) -> str:
    """A reading without its tone."""
    from pypinyin.contrib.tone_convert import to_normal  # noqa: PLC0415 -- as above

    return str(to_normal(reading)).replace("ü", "v").replace("ê", "e")
