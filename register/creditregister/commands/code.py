"""``credit-register code CODE…``: what kind of code it is, whether it is right, and what was meant.

An identity number is recognised and never repeated: it comes back masked, in the text and in the JSON.
"""

from __future__ import annotations

from typing import Any, Final

import click

from creditregister.codes import CodeCheck, CodeKind, check, find_identities
from creditregister.commands.group import end, json_option, say
from creditregister.privacy import mask

_KINDS: Final = {
    CodeKind.UNIFIED: "统一社会信用代码",
    CodeKind.ORGANISATION: "组织机构代码",
    CodeKind.REGISTRATION: "工商注册号",
    CodeKind.TAX: "税务登记号",
    CodeKind.INSTITUTION: "事业单位证书号",
    CodeKind.SOCIAL: "社会组织登记证号",
    CodeKind.IDENTITY: "居民身份证号码",
}


@click.command()
@click.argument("codes", metavar="CODE…", nargs=-1, required=True)
@json_option
def code(codes: tuple[str, ...], *, as_json: bool) -> None:
    """Check codes 代码: which check failed, what was found and expected, what was probably meant.

    Ends with 1 if one of them is not valid. Quote a code that has spaces inside.
    """
    checks = [check(each) for each in codes]
    valid = all(each.valid for each in checks)
    say(
        {"valid": valid, "codes": [as_value(each) for each in checks]},
        "\n".join(as_text(each) for each in checks),
        as_json=as_json,
    )
    end(differs=not valid)


def as_value(checked: CodeCheck) -> dict[str, Any]:
    """Write one answer for machines; an identity number is masked."""
    return {
        "given": _shown(checked, checked.given),
        "value": _shown(checked, checked.value),
        "kind": checked.kind,
        "valid": checked.valid,
        "problems": [{"code": each.code, "zh": each.zh, "en": each.en} for each in checked.problems],
        "warnings": [{"code": each.code, "zh": each.zh, "en": each.en} for each in checked.warnings],
        "meant": list(checked.meant),
        "organisation": checked.organisation,
    }


def as_text(checked: CodeCheck) -> str:
    """Write one answer for people: the verdict, then a line for each thing to know."""
    kind = _KINDS[checked.kind] if checked.kind else "未识别的代码"
    lines = [
        f"{_shown(checked, checked.value or checked.given)}　{kind}　{'有效' if checked.valid else '无效'}"
    ]
    if checked.kind is CodeKind.IDENTITY:
        lines.append("　　这是个人身份证件号码，只作识别，不予显示，也不会公开。")
    lines += [f"　　{each.zh}" for each in checked.problems]
    lines += [f"　　注意：{each.zh}" for each in checked.warnings]
    if checked.meant:
        lines.append(f"　　可能是：{'、'.join(checked.meant)}")
    return "\n".join(lines)


def _shown(checked: CodeCheck, text: str) -> str:
    """Return a code as it may be shown, also if an identity number stands somewhere inside of it."""
    if checked.kind is CodeKind.IDENTITY:
        return mask.identity(checked.value)
    for first, last in reversed(find_identities(text)):
        text = text[:first] + mask.identity(text[first:last]) + text[last:]
    return text
