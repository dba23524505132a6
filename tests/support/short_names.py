"""Invented company names, and the short forms that people would use for them: labelled pairs by the hundred.

Every brand is drawn from characters, every city is invented; provinces are real, because their one-character
names are part of how short forms are made. A pair whose name exists as a company would be chance.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

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
#: Characters of brands; few enough that brands meet in parts, as they do in life.
BRAND = "华金安泰康恒瑞盛兴隆达通宏远海天山川东方南北大同德信和平明星云龙凤鹏飞腾佳美福润泽兰科创联合力正邦维诺亚普欧博雅思源诚立智慧汇悦璟昊钧霖沐尧舜禹珞珈澜"


@dataclass(frozen=True)
class Company:
    """A name in its parts."""

    area: str
    brand: str
    industry: str
    form: str

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.area}{self.brand}{self.industry}{self.form}"


def company(chance: random.Random) -> Company:
    """One invented company."""
    province, city = chance.choice(list(PROVINCES)), chance.choice(CITIES)
    area = chance.choice([province, city, f"{province}省{city}市", f"{city}市", "", province, city])
    brand = "".join(chance.sample(BRAND, chance.choice([2, 2, 2, 2, 3, 3, 4])))
    forms, shares = zip(*FORMS, strict=True)
    return Company(area, brand, chance.choice(list(INDUSTRIES)), chance.choices(forms, shares)[0])


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


def labelled(companies: int, pairs: int, seed: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Names, and pairs of a short form and the name it means."""
    chance = random.Random(seed)
    made: dict[str, Company] = {}
    while len(made) < companies:
        each = company(chance)
        made[each.name] = each
    chosen = chance.sample(list(made.values()), pairs)
    return list(made), [(short_form(each, chance), each.name) for each in chosen]
