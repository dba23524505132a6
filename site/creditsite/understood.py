"""What the search understood of a number, said on the result page (UI, results)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditregister.kinds import Label
from creditregister.references import CaseNumber

if TYPE_CHECKING:
    from creditregister.courts import Courts
    from creditregister.references import DocumentNumber, Reference


def sentence(reference: Reference, courts: Courts) -> Label:
    """The parts of a case number 案号 or document number 文书号, the court by its name."""
    if isinstance(reference, CaseNumber):
        return _case(reference, courts)
    return _document(reference)


def _case(number: CaseNumber, courts: Courts) -> Label:
    name = courts.name(number.court) if number.court else ""
    zh, en = [f"{number.year}年"], [str(number.year)]
    if name:
        zh.append(f"{name}（{number.court}）")
        en.append(f"{name} ({number.court})")
    elif number.court:
        zh.append(f"法院代字“{number.court}”（未收录对应的法院名称）")
        en.append(f"the court with the short form “{number.court}” (its name is not on file)")
    case_zh, case_en = number.case
    zh.append(f"{case_zh}案件（{number.kind}）" if case_zh else f"“{number.kind}”字")
    en.append(f"{case_en} ({number.kind})" if case_en else f"kind “{number.kind}”")
    zh.append(f"第{number.serial}号{number.part}")
    en.append(f"no. {number.serial}{number.part}")
    return Label("案号：" + "，".join(zh), "Case number: " + ", ".join(en))


def _document(number: DocumentNumber) -> Label:
    issuer_zh = f"“{number.issuer}”字" if number.issuer else "不限机关"
    issuer_en = f"“{number.issuer}”" if number.issuer else "any authority"
    return Label(
        f"文书号：{issuer_zh}，{number.year}年，第{number.serial}号",
        f"Document number: {issuer_en}, {number.year}, no. {number.serial}",
    )
