"""``credit-register code CODE…``: is it valid, which check failed, what was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from creditregister.codes import CodeKind, check
from creditregister.commands.group import end, json_option, say
from creditregister.privacy.mask import identity

if TYPE_CHECKING:
    from creditregister.codes import CodeCheck


@click.command()
@click.argument("codes", nargs=-1, required=True)
@json_option
def code(codes: tuple[str, ...], *, as_json: bool) -> None:
    """Check each CODE: unified, organisation, registration or tax code, whatever it looks like."""
    checks = [check(given) for given in codes]
    say({"codes": [_values(found) for found in checks]}, "\n".join(map(_told, checks)), as_json=as_json)
    end(differs=not all(found.valid for found in checks))


def _shown(found: CodeCheck) -> str:
    """An identity number is recognised, and never repeated."""
    return identity(found.value) if found.kind is CodeKind.IDENTITY else found.value


def _values(found: CodeCheck) -> dict[str, Any]:
    return {
        "value": _shown(found),
        "kind": found.kind.value if found.kind else None,
        "valid": found.valid,
        "organisation": found.organisation,
        "problems": [{"code": item.code, "zh": item.zh, "en": item.en} for item in found.problems],
        "warnings": [{"code": item.code, "zh": item.zh, "en": item.en} for item in found.warnings],
        "meant": list(found.meant),
    }


def _told(found: CodeCheck) -> str:
    kind = found.kind.value if found.kind else "unknown"
    lines = [f"{_shown(found)}  {kind}  {'有效' if found.valid else '无效'}"]
    lines += [f"  {item.zh}" for item in (*found.problems, *found.warnings)]
    if found.meant:
        lines.append(f"  可能是：{'、'.join(found.meant)}")
    return "\n".join(lines)
