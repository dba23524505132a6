"""Invented company names, and what people type for them: labelled pairs of seven classes, made from a seed.

Every brand is drawn from characters, every city is invented; provinces are real, because their one-character
names are part of how short forms are made. A pair whose name exists as a company would be chance.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from creditindex import pinyin
from creditregister.text import FOLDS, fold

if TYPE_CHECKING:
    from collections.abc import Callable

PROVINCES = {
    "江西": "赣", "浙江": "浙", "四川": "川", "湖北": "鄂", "湖南": "湘", "安徽": "皖", "福建": "闽",
    "云南": "滇", "陕西": "陕", "广东": "粤", "重庆": "渝", "上海": "沪",
}  # fmt: skip
CITIES = ("云泽", "北岭", "赤水湾", "青石", "临江口", "沙洲", "安平里", "河口", "岚州", "雁门岗")
#: An industry as it stands in a name, and what short forms make of it.
INDUSTRIES = {
    "生物制药": ("制药", "生物", "药业"), "医药": ("医药",), "生物医疗电子": ("医疗",),
    "农村商业银行": ("农商行", "银行", "农商"), "村镇银行": ("村镇",), "石油化工": ("石化", "化工"),
    "汽车制造": ("汽车", "汽制"), "国际港务": ("港务", "港"), "高速公路": ("高速", "高路"),
    "数字技术": ("数字", "数技"), "新能源科技": ("新能源", "新能"), "信息技术": ("信息", "信技"),
    "食品": ("食品",), "调味食品": ("味业", "食品"), "物流": ("物流",), "供应链管理": ("供应链",),
    "建筑工程": ("建工", "建筑"), "交通建设": ("交建", "交通"), "钢铁": ("钢", "钢铁"),
    "电力建设": ("电建", "电力"), "半导体": ("半导体",), "软件": ("软件",), "环保水务": ("环保", "水务"),
    "旅游酒店": ("旅游", "酒店"), "文化传媒": ("传媒", "文化"), "医疗器械": ("医疗", "器械"),
    "大药房连锁": ("大药房", "药房"), "园林绿化": ("园林",), "房地产开发": ("地产",), "农业发展": ("农业",),
}  # fmt: skip
FORMS = (
    ("有限公司", 60), ("有限责任公司", 12), ("股份有限公司", 14), ("集团有限公司", 5),
    ("集团股份有限公司", 4), ("(集团)股份有限公司", 3), ("科技有限公司", 6), ("商贸有限公司", 6),
)  # fmt: skip
#: Characters that brands are fond of; the others come from all common ones.
FOND = (
    "华金安泰康恒瑞盛兴隆达通宏远海天山川东方南北大同德信和平明星云龙凤鹏飞腾佳美福润泽兰科创联合力正邦维诺亚普"
    "欧博雅思源诚立智慧汇悦璟昊钧霖沐尧舜禹珞珈澜"
)
#: Characters that are taken for each other by their shape 形近.
ALIKE = (
    "未末", "土士", "己已", "人入", "日曰", "晴睛", "睛晴", "宏弘", "淅浙", "泰秦", "鹏鵬", "冶治", "汨汩", "亨享",
    "候侯", "刺剌", "戊戌", "治冶", "昊吴", "璟景", "景影", "钧钩", "霖森", "沐沭", "珞路", "澜谰", "福副", "瑞端",
    "康庚", "恒垣", "盛威", "兴兵", "隆降", "达迏", "通逋", "远运", "海悔", "天夭", "川州", "东车", "方万", "南甫",
    "北比", "大太", "同冋", "德得", "信位", "和利", "平乎", "明朋", "星皇", "云去", "龙尤", "凤风", "飞气", "腾滕",
    "佳住", "美姜", "润闰", "泽择", "兰三", "科料", "创抢", "联职", "合含", "力刀", "正止", "邦那", "维准", "诺若",
    "亚业", "普晋", "欧殴", "博搏", "雅稚", "思恩", "源原", "诚城", "立位", "智知", "慧彗", "汇江", "悦说", "尧晓",
    "舜瞬", "禹离", "金全", "安按", "华毕", "品晶", "物牧", "流硫", "旅族", "游淤", "传伎", "园圆", "林材", "钢纲",
    "铁轶", "软歌", "件仵", "农衣", "业亚", "药约", "房旁", "港巷", "务夯", "环坏", "保堡", "水永", "医区", "疗辽",
)  # fmt: skip
#: The classes of pairs.
CLASSES = (
    "short form",
    "missing area",
    "slip of shape",
    "slip of sound",
    "traditional",
    "full width",
    "brackets",
)


@dataclass(frozen=True)
class Company:
    """A name in its parts; ``bracketed`` puts the area in brackets behind the brand."""

    area: str
    brand: str
    industry: str
    form: str
    bracketed: bool = False

    @property
    def name(self) -> str:
        """The whole name."""
        if self.bracketed:
            return f"{self.brand}({self.area}){self.industry}{self.form}"
        return f"{self.area}{self.brand}{self.industry}{self.form}"


@dataclass(frozen=True)
class Pair:
    """What is typed, and the name that is meant."""

    kind: str
    text: str
    meant: str


@lru_cache(maxsize=1)
def common() -> str:
    """The characters of level 1 of GB 2312-80, by sound."""
    rows = range(0xB0, 0xD8)
    cells = (bytes((row, cell)) for row in rows for cell in range(0xA1, 0xFF))
    return "".join(each.decode("gb2312", "ignore") for each in cells)


@lru_cache(maxsize=1)
def homophones() -> dict[str, str]:
    """Common characters by how they are read."""
    found: dict[str, str] = defaultdict(str)
    for character in common():
        found[pinyin.spelt(character).whole[0]] += character
    return dict(found)


@lru_cache(maxsize=1)
def traditional() -> dict[int, str]:
    """A traditional form for each simplified character that has one."""
    found: dict[int, str] = {}
    for code, folded in FOLDS.items():
        if len(folded) == 1 and 0x4E00 <= code <= 0x9FFF and 0x4E00 <= ord(folded) <= 0x9FFF:
            found.setdefault(ord(folded), chr(code))
    return found


def company(chance: random.Random) -> Company:
    """One invented company."""
    province, city = chance.choice(list(PROVINCES)), chance.choice(CITIES)
    area = chance.choice([province, city, f"{province}省{city}市", f"{city}市", "", province, city])
    known = FOND if chance.random() < 0.5 else FOND + common()
    brand = "".join(chance.sample(known, chance.choice([2, 2, 2, 2, 3, 3, 4])))
    if chance.random() < 0.05:
        brand = "".join(chance.choices("ABCDEGHKLMNRSTX0123456789", k=3)) + brand[:1]
    forms, shares = zip(*FORMS, strict=True)
    bracketed = bool(area) and chance.random() < 0.1
    return Company(area, brand, chance.choice(list(INDUSTRIES)), chance.choices(forms, shares)[0], bracketed)


def short_form(of: Company, chance: random.Random) -> str:
    """A short form of a name, as newspapers, exchanges and clerks make them."""
    industry = chance.choice(INDUSTRIES[of.industry])
    province = PROVINCES.get(of.area[:2], "")
    ways = [
        of.brand + industry,
        of.brand + industry,
        of.brand + of.industry,
        of.brand + of.form.replace("有限公司", "") if "股份" in of.form else of.brand + industry,
        f"{of.area}{of.brand}",
        f"{of.area[:2]}{of.brand}{industry}",
        (province + of.brand + industry) if province else of.brand + industry,
        of.brand[0] + of.brand[-1] + industry if len(of.brand) > 2 else of.brand + industry,
        "*ST" + of.brand + industry[:1] if "股份" in of.form else of.brand + industry,
        f"{of.brand}{industry}公司",
    ]
    return chance.choice(ways)


def missing_area(of: Company, chance: random.Random) -> str:
    """The name without its area, whole or without its legal form."""
    return of.brand + of.industry + chance.choice([of.form, ""])


def _typed(of: Company, chance: random.Random) -> str:
    """The part of a name that somebody types: the whole one, or without the area, or without the form."""
    return chance.choice([of.name, of.brand + of.industry, of.brand + of.industry + of.form])


def _slip(text: str, other: Callable[[str], str], chance: random.Random) -> str:
    """The text with one character written as another one; as it is where none has another."""
    places = [place for place, character in enumerate(text) if other(character)]
    if not places:
        return text
    place = chance.choice(places)
    return text[:place] + chance.choice(other(text[place])) + text[place + 1 :]


def slip_of_shape(of: Company, chance: random.Random) -> str:
    """One character taken for another one that looks alike."""
    alike = {pair[:1]: pair[1:] for pair in ALIKE} | {pair[1:]: pair[:1] for pair in ALIKE}
    return _slip(_typed(of, chance), lambda character: alike.get(character, ""), chance)


def slip_of_sound(of: Company, chance: random.Random) -> str:
    """One character taken for another one that sounds alike, as an input method offers them."""

    def other(character: str) -> str:
        return homophones().get(pinyin.spelt(character).whole[0], "").replace(character, "")

    return _slip(_typed(of, chance), other, chance)


def in_traditional(of: Company, chance: random.Random) -> str:
    """In traditional characters 繁体, as far as there are any."""
    return _typed(of, chance).translate(traditional())


def in_full_width(of: Company, chance: random.Random) -> str:
    """Latin letters, digits and brackets in full width, white space between."""
    text = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in _typed(of, chance))
    place = chance.randrange(1, len(text))
    return text[:place] + chance.choice(["\u3000", " "]) + text[place:]


def otherwise_bracketed(of: Company, chance: random.Random) -> str:
    """Brackets of another sort, none, or the area at another place."""
    left, right = chance.choice([("〔", "〕"), ("【", "】"), ("（", "）"), ("[", "]")])
    if of.bracketed:
        inside = chance.choice([f"{left}{of.area}{right}", of.area])
        return (
            chance.choice([of.brand + inside, of.area + of.brand])
            + of.industry
            + chance.choice([of.form, ""])
        )
    bare = of.form.replace("(", "").replace(")", "")
    return chance.choice([f"{of.brand}{left}{of.area}{right}", of.area + of.brand]) + of.industry + bare


WAYS: dict[str, Callable[[Company, random.Random], str]] = dict(
    zip(
        CLASSES,
        (
            short_form,
            missing_area,
            slip_of_shape,
            slip_of_sound,
            in_traditional,
            in_full_width,
            otherwise_bracketed,
        ),
        strict=True,
    )
)
#: What a name must have so that a pair of the class can be made of it.
FITS: dict[str, Callable[[Company], bool]] = {
    "missing area": lambda of: bool(of.area),
    "full width": lambda of: of.name != fold(of.name) or "(" in of.name,
    "brackets": lambda of: bool(of.area) and (of.bracketed or "(" in of.form),
}


def labelled(companies: int, each: int, seed: int) -> tuple[list[str], list[Pair]]:
    """Names, and ``each`` pairs of every class: what is typed with the name it means.

    A text that is the whole of a shorter name, or stands in more than one, still means its own: chance is part of
    the set, as it is of life.
    """
    chance = random.Random(seed)
    made: dict[str, Company] = {}
    while len(made) < companies:
        one = company(chance)
        made[one.name] = one
    known = list(made.values())
    pairs = []
    for kind in CLASSES:
        fits = FITS.get(kind)
        fitting = [of for of in known if fits is None or fits(of)]
        pairs += [Pair(kind, WAYS[kind](of, chance), of.name) for of in chance.sample(fitting, each)]
    return list(made), pairs
