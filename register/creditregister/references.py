"""Numbers that documents are cited by: case numbers 案号 and document numbers 文书号, in their parts.

A case number is (year)court kind serial: ``(2024)赣0102执1234号`` (Supreme People's Court, 法〔2015〕137号,
art. 2–4, in force since 2016; older ones have a court's own short form: ``(2014)东执字第123号``). A document
number is authority〔year〕serial. People copy both without brackets, with 字 and 第, with leading zeros; the
``canonical`` form is one for all these, so that what was delivered one way is found when it is typed another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from creditregister.courts import HAN, SHORT_FORM
from creditregister.text import fold

#: Kinds of cases 类型代字 by what they say to a reader; the longest beginning of a kind that is known names
#: it.
CASES = {
    "执": ("执行", "enforcement"), "执恢": ("恢复执行", "enforcement resumed"),
    "执异": ("执行异议", "objection to enforcement"), "执复": ("执行复议", "review of enforcement"),
    "执保": ("保全执行", "enforcement of a preservation"), "执监": ("执行监督", "supervision of enforcement"),
    "执协": ("执行协调", "coordination of enforcement"), "执他": ("其他执行", "other enforcement"),
    "民初": ("民事一审", "civil, first instance"), "民终": ("民事二审", "civil, second instance"),
    "民申": ("民事再审申请审查", "civil, application for retrial"), "民再": ("民事再审", "civil, retrial"),
    "民特": ("民事特别程序", "civil, special procedure"), "民督": ("督促程序", "order for payment"),
    "民催": ("公示催告", "public summons"), "民撤": ("第三人撤销之诉", "third-party revocation"),
    "知民初": ("知识产权民事一审", "intellectual property, first instance"),
    "知民终": ("知识产权民事二审", "intellectual property, second instance"),
    "刑初": ("刑事一审", "criminal, first instance"), "刑终": ("刑事二审", "criminal, second instance"),
    "刑再": ("刑事再审", "criminal, retrial"), "刑更": ("刑罚变更", "change of a sentence"),
    "行初": ("行政一审", "administrative, first instance"),
    "行终": ("行政二审", "administrative, second instance"),
    "行申": ("行政再审申请审查", "administrative, application for retrial"),
    "行再": ("行政再审", "administrative, retrial"),
    "行审": ("非诉行政行为申请执行审查", "review before enforcing an administrative decision"),
    "行赔初": ("行政赔偿一审", "administrative compensation, first instance"),
    "行赔终": ("行政赔偿二审", "administrative compensation, second instance"),
    "财保": ("财产保全", "preservation of property"), "司惩": ("司法制裁", "judicial sanction"),
    "破": ("破产", "bankruptcy"), "破申": ("破产申请审查", "application for bankruptcy"),
    "破终": ("破产二审", "bankruptcy, second instance"),
    "清申": ("强制清算申请审查", "application for liquidation"),
    "强清": ("强制清算", "compulsory liquidation"), "赔": ("国家赔偿", "state compensation"),
}  # fmt: skip
_YEAR = r"(?:\((?P<year>(?:19|20)[0-9]{2})\)"
_BARE = r"(?P<bare>(?:19|20)[0-9]{2})年?"
_NUMBER = r"[0-9]{1,18}+(?:-[0-9]{1,4})?"
_SERIAL = rf"第?(?P<serial>{_NUMBER})"
#: Some authorities count in series: A12号.
_LETTERED = rf"第?(?P<series>[a-z]{{0,2}})(?P<serial>{_NUMBER})"
_PART = rf"(?P<part>之[{HAN}0-9]{{1,3}})?"
#: An authority names its place or its office in brackets, 赣市监（药）罚. It holds no other bracket, so that
#: what it took never has to be tried again.
_ISSUER, _BARE_ISSUER = (
    rf"(?P<issuer>(?:[^(){digits}]|\([^()0-9]{{1,12}}+\)){{0,40}}+)" for digits in ("", "0-9")
)
_CASE = re.compile(rf"{_YEAR}|{_BARE})(?P<court>{SHORT_FORM})(?P<kind>[{HAN}]{{1,9}}?){_SERIAL}号?{_PART}")
_OLD_CASE = re.compile(rf"{_YEAR})(?P<kind>[{HAN}]{{1,9}}?){_SERIAL}号{_PART}")
_DOCUMENT = re.compile(rf"{_ISSUER}{_YEAR})字?{_LETTERED}号?")
#: Without brackets only 号 tells where the number ends, and that it is one.
_BARE_DOCUMENT = re.compile(rf"{_BARE_ISSUER}{_BARE}{_LETTERED}号")
_BRACKETS = str.maketrans("", "", "()")


@dataclass(frozen=True, slots=True)
class CaseNumber:
    """A case number in its parts; ``court`` is its short form, empty in numbers from before 2016."""

    year: int
    court: str
    kind: str
    serial: str
    part: str = ""

    @property
    def canonical(self) -> str:
        """The one way to write it, folded."""
        return f"({self.year}){self.court}{self.kind}{self.serial}号{self.part}"

    @property
    def case(self) -> tuple[str, str]:
        """What kind of case it is, in Chinese and English; empty where the kind is not known."""
        beginnings = (self.kind[:end] for end in range(len(self.kind), 0, -1))
        return next((CASES[each] for each in beginnings if each in CASES), ("", ""))


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """The number of an authority's document in its parts; ``issuer`` has no brackets and may be empty."""

    issuer: str
    year: int
    serial: str

    @property
    def canonical(self) -> str:
        """The one way to write it, folded."""
        return f"{self.issuer}({self.year}){self.serial}号"


Reference = CaseNumber | DocumentNumber


def parse(text: str) -> Reference | None:
    """Read a number that stands alone, however its brackets and widths are; none where it is none."""
    folded = fold(text)
    patterns = (_CASE, _OLD_CASE, _DOCUMENT, _BARE_DOCUMENT)
    found = next((match for pattern in patterns if (match := pattern.fullmatch(folded))), None)
    if found is None:
        return None
    parts = found.groupdict("")
    year, serial = int(parts.get("year") or parts["bare"]), parts["serial"].lstrip("0")
    if not serial or serial.startswith("-"):
        return None
    if "kind" not in parts:
        issuer = parts["issuer"].translate(_BRACKETS).removesuffix("字")
        return DocumentNumber(issuer, year, parts["series"] + serial)
    kind = parts["kind"].removesuffix("字")
    return CaseNumber(year, parts.get("court", ""), kind, serial, parts["part"]) if kind else None
