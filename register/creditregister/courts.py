"""Courts 法院 by the short form 法院代字 that stands in a case number: 赣0102 is a court of 南昌市东湖区.

The short form of a court is its province's character and the last digits of its area's code 行政区划代码, so
areas name courts, by the present name where boundaries have changed. Courts of no area (maritime, railway,
forest, military, of development zones) have numbers of their own, which nothing tells: a deployment lists
them, or renamed ones, in ``CREDIT_DATA/courts.csv`` under the headings code and name, or 法院 and 法院名称. A
court that nobody knows is shown by its short form.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from creditregister.areas import Areas
from creditregister.errors import CreditError

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.settings import Settings

FILE = "courts.csv"
SUPREME = "最高法"
#: Provinces by the character that courts write; 内 is 内蒙古自治区, and 黔 is written for 贵州省 as well as
#: 贵.
PROVINCES = {
    "京": "11", "津": "12", "冀": "13", "晋": "14", "内": "15", "蒙": "15", "辽": "21", "吉": "22",
    "黑": "23", "沪": "31", "苏": "32", "浙": "33", "皖": "34", "闽": "35", "赣": "36", "鲁": "37",
    "豫": "41", "鄂": "42", "湘": "43", "粤": "44", "桂": "45", "琼": "46", "渝": "50", "川": "51",
    "黔": "52", "贵": "52", "云": "53", "藏": "54", "陕": "61", "甘": "62", "青": "63", "宁": "64",
    "新": "65",
}  # fmt: skip
#: Their intermediate courts are numbered: 北京市第一中级人民法院.
MUNICIPALITIES = frozenset("京津沪渝")
#: Han characters, in a pattern.
HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
#: A short form: of the Supreme Court, of a high court, else any character with two or four digits.
SHORT_FORM = rf"{SUPREME}|[{HAN}](?:[0-9]{{4}}|[0-9]{{2}})|[{''.join(PROVINCES)}兵军]"
_PARTS = re.compile(r"(.)([0-9]{2})?([0-9]{2})?")
_ORDINALS = "零一二三四五六七八九"
_HEADINGS = (("code", "name"), ("法院", "法院名称"))


class CourtsFileError(CreditError):
    """``courts.csv`` cannot be read; the message says where."""


@dataclass(frozen=True)
class Courts:
    """Names of courts; ``own`` are those of the deployment, by short form."""

    areas: Areas = field(default_factory=Areas)
    own: dict[str, str] = field(default_factory=dict)

    def name(self, short: str) -> str:
        """The name of a court; empty where nobody knows it."""
        return self.own.get(short) or self._by_area(short)

    def _by_area(self, short: str) -> str:
        if short == SUPREME:
            return "最高人民法院"
        found = _PARTS.fullmatch(short)
        province = PROVINCES.get(found[1]) if found else None
        if not found or province is None:
            return ""
        city, county = found[2], found[3]
        if city is None:
            return f"{self.areas.name(province)}高级人民法院"
        if county is None:
            return self._intermediate(found[1], province, city)
        name = self._known(province + city + county).replace(self.areas.name(province), "")
        # The court of a district bears its city's name as well: there are many 东湖区.
        above = self._known(province + city) or self.areas.name(province) if name.endswith("区") else ""
        return f"{above}{name}人民法院" if name else ""

    def _intermediate(self, character: str, province: str, city: str) -> str:
        if character in MUNICIPALITIES:
            ordinal = int(city)
            numbered = 0 < ordinal < len(_ORDINALS)
            return f"{self.areas.name(province)}第{_ORDINALS[ordinal]}中级人民法院" if numbered else ""
        name = self._known(province + city)
        return f"{self.areas.name(province)}{name}中级人民法院" if name else ""

    def _known(self, code: str) -> str:
        name = self.areas.name(code)
        return "" if name == code else name


def load(settings: Settings, areas: Areas) -> Courts:
    """The courts of this deployment.

    Raises:
        CourtsFileError: its own file is there and has a row without short form or name.
    """
    path = settings.data / FILE
    return Courts(areas, _own(path) if path.is_file() else {})


def _own(path: Path) -> dict[str, str]:
    names = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        keys = next((pair for pair in _HEADINGS if set(pair) <= set(rows.fieldnames or ())), None)
        if keys is None:
            raise CourtsFileError(
                f"{path} row 1: the headings code and name (or 法院 and 法院名称) are needed."
            )
        for number, row in enumerate(rows, 2):
            short, name = ((row[key] or "").strip() for key in keys)
            if not re.fullmatch(SHORT_FORM, short) or not name:
                raise CourtsFileError(
                    f"{path} row {number}: a short form such as 赣0102 and a name are needed."
                )
            names[short] = name
    return names
