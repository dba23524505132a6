"""Administrative divisions 行政区划: what an area code is called.

Codes of abolished divisions stay in use for ever (a unified code keeps the one it was born with), so the
table of python-stdnum, which keeps them with their years, is the base. A deployment adds or renames areas in
``CREDIT_DATA/areas.csv`` (code,name). No row is ever refused for an area that nobody knows.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from stdnum import numdb

from creditregister.errors import CreditError

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.settings import Settings

FILE = "areas.csv"
#: One name in the table, with the years in which it held: ``[1986-2000]房山区``.
DATED = re.compile(r"\[(?P<from>\d*)-(?P<until>\d*)\](?P<name>[^,\[]+)")
#: Names of divisions that only group others; their province says more.
GROUPS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖县级行政单位"})

#: Down to the county, or to the village 统计用区划代码.
_CODE = re.compile("[0-9]{6}(?:[0-9]{6})?")


class AreasFileError(CreditError):
    """``areas.csv`` cannot be read; the message says where."""


@dataclass(frozen=True)
class Areas:
    """Names of areas; ``own`` are those of the deployment, by code of two, four or six digits."""

    own: dict[str, str] = field(default_factory=dict)

    def name(self, code: str) -> str:
        """The name of an area of two, four or six digits; the code itself where it has none."""
        return self.own.get(code) or _official(code) or code


def county(code: str) -> str:
    """The six digits of an area code; of the twelve that statisticians write, the first six; else nothing."""
    return code[:6] if _CODE.fullmatch(code) else ""


def load(settings: Settings) -> Areas:
    """The areas of this deployment.

    Raises:
        AreasFileError: its own file is there and has a row without code or name.
    """
    path = settings.data / FILE
    return Areas(_own(path) if path.is_file() else {})


def _own(path: Path) -> dict[str, str]:
    names = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            code, name = (row.get("code") or "").strip(), (row.get("name") or "").strip()
            if not re.fullmatch(r"\d{2}|\d{4}|\d{6}", code) or not name:
                raise AreasFileError(f"{path} row {number}: a code (2, 4, 6 digits) and a name are needed.")
            names[code] = name
    return names


@lru_cache(maxsize=4096)
def _official(code: str) -> str:
    """The official name, or none; kept, since the same few areas stand on every page."""
    if not re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}", code):
        return ""
    province, place = "", ""
    for _, properties in numdb.get("cn/loc").info(code.ljust(6, "0")):
        province = properties.get("province", province)
        place = properties.get("county", place)
    if len(code) == len("36") or code.endswith("0000"):
        return province
    name = _newest(place)
    return province if name in GROUPS else name


def _newest(text: str) -> str:
    """Of several dated names the one that holds still, else the one that held last."""
    dated = [(found["until"] or "9999", found["name"]) for found in DATED.finditer(text)]
    return max(dated)[1] if dated else text
