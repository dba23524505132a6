"""``credit-index held``: what waits for a word, and the word."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click
import orjson

from creditregister import answers, holding, release, staff, ungraded, units
from creditregister import issued as issuing
from creditregister.answers import Answer
from creditregister.clock import iso
from creditregister.commands.group import end, json_option, say
from creditregister.opening import Register, open_register
from creditregister.rules.sentences import GRADES

_SORTS = {"correct": "更正", "replace": "替换", "restore": "恢复", "withdraw": "撤下"}


@click.group("held", invoke_without_command=True)
@click.option("--unit", metavar="UNIT", help="Rows of this unit only: name, alias or code.")
@click.option("--kind", default="", metavar="KIND", help="Rows of this kind only.")
@click.option("--code", default="", metavar="CODE", help="Rows held for this reason only, such as slip.")
@json_option
@click.pass_context
def held(context: click.Context, *, unit: str | None, kind: str, code: str, as_json: bool) -> None:
    """List rows that wait for their unit's word 待核, and batches that wait for a second person."""
    if context.invoked_subcommand is not None:
        return
    with open_register().store.read() as connection:
        chosen = units.resolve(connection, unit) if unit else None
        number = chosen.id if chosen else None
        rows = holding.listed(connection, unit_id=number, kind=kind, code=code)
        batches = release.waiting_batches(connection)
    if chosen:
        batches = [each for each in batches if each.unit == chosen.name]
    if kind:
        batches = [each for each in batches if each.kind == kind]
    values = {
        "held": [_value(row) for row in rows],
        "waiting": [{**asdict(each), "at": iso(each.at)} for each in batches],
    }
    lines = [
        f"{row.id}　{row.unit}　{row.kind}　{'、'.join(row.codes)}　批次 {row.batch} {row.file}"
        f" 第 {row.row} 行\n    {row.message}" + (f"\n    相关信息：{row.record}" if row.record else "")
        for row in rows
    ]
    lines += [
        f"批次 {each.batch}　{each.unit}　{each.kind}　{each.file}　待第二人复核："
        + "，".join(f"{_SORTS[sort]} {count:,}" for sort, count in sorted(each.orders.items()))
        + (f"；报送人 {each.by}" if each.by else "；报送人未记名，需两人复核")
        for each in batches
    ]
    say(values, "\n".join(lines) or "没有待核的行，也没有待复核的批次。", as_json=as_json)


@held.command()
@click.argument("number", type=int)
@json_option
def show(number: int, *, as_json: bool) -> None:
    """Show the row NUMBER as it would be stored, without what is sealed."""
    register = open_register()
    with register.store.read() as connection:
        row = holding.get(connection, number)
    delivered = holding.opened(register.keys, row)
    content = orjson.loads(delivered.content)
    values = {**_value(row), "class": delivered.klass, "content": content}
    lines = [f"{name}：{value}" for name, value in content.items()]
    fitting = [" / ".join(answers.FITTING.get(code, ())) or "—" for code in row.codes]
    asked = [f"{code}：{words}" for code, words in zip(row.codes, fitting, strict=True)]
    text = "\n".join([row.message, f"主体类别：{delivered.klass}", *lines, "可以答复：", *asked, "或 drop"])
    say(values, text, as_json=as_json)


@held.command()
@click.argument("number", type=int)
@click.option("--second", is_flag=True, help="It is another subject of the same document.")
@click.option("--replaces", is_flag=True, help="It is the record that it looks like, which keeps its id.")
@click.option("--accept", is_flag=True, help="It is right; fields that a decision fixed stay as decided.")
@click.option("--class", "klass", default="", metavar="CLASS", help="organisation, business or person.")
@click.option("--grade", default="", metavar="GRADE", help="The grade 失信严重程度 that it lacks.")
@click.option("--drop", is_flag=True, help="It is not to be taken in.")
@click.option("--by", required=True, metavar="NAME", help="Your account (credit-register staff).")
@json_option
def resolve(number: int, *, by: str, as_json: bool, **said: Any) -> None:  # noqa: ANN401 -- click's own values
    """Say what is to become of the row NUMBER; the answer must fit the reasons why it is held."""
    register = _ready()
    done = answers.resolve(register, number, Answer(**said), by)
    text = f"Row {number}: {done.outcome}" + (f", batch {done.batch}" if done.batch else "")
    if done.outcome == "waiting":
        text += f"; another person must release it: credit-index release {done.batch}"
    say({"held": number, **asdict(done)}, "\n".join(filter(None, [text, done.message])), as_json=as_json)
    end(differs=done.outcome in {"held", "waiting", "refused"})


@held.command("ungraded")
@click.option("--unit", metavar="UNIT", help="Of this unit only: name, alias or code.")
@click.option("--kind", default="", metavar="KIND", help="Of this kind only.")
@json_option
def lacking_grades(*, unit: str | None, kind: str, as_json: bool) -> None:
    """List what lacks a grade 失信严重程度, with the grade that its content suggests and why.

    Rows that wait for it, records that are held for it, and public ones that will be on a day to come. A row
    is answered by `resolve`, a record by delivering it again with its grade.
    """
    register = open_register()
    with register.store.read() as connection:
        number = units.resolve(connection, unit).id if unit else None
    found = list(ungraded.listed(register, unit_id=number, kind=kind))
    text = "\n".join(_line(each) for each in found) or "没有缺失信严重程度的行或者信息。"
    say({"ungraded": [_ungraded_value(each) for each in found]}, text, as_json=as_json)


def _ungraded_value(each: ungraded.Ungraded) -> dict[str, Any]:
    names = ("unit", "kind", "name", "document")
    suggested = each.suggestion and {
        "grade": each.suggestion.grade,
        "reason": {"zh": each.suggestion.reason.zh, "en": each.suggestion.reason.en},
    }
    found = {"held": each.held or None, "record": each.record or None, "since": each.since or None}
    return {**found, **{name: getattr(each, name) for name in names}, "suggested": suggested}


def _line(each: ungraded.Ungraded) -> str:
    about = f"待核 {each.held}" if each.held else f"信息 {each.record}，自 {each.since} 起暂缓公示"
    grade = "无从建议"
    if each.suggestion is not None:
        grade = f"建议 {GRADES[each.suggestion.grade].zh}（{each.suggestion.reason.zh}）"
    return "　".join(filter(None, (about, each.unit, each.kind, each.document, each.name, grade)))


@held.command()
@click.argument("code")
@click.option("--source", required=True, metavar="UNIT", help="Unit that confirms it: name, alias or code.")
@click.option("--certificate", required=True, metavar="TEXT", help="The certificate that was seen, in words.")
@click.option("--by", required=True, metavar="NAME", help="Your account (credit-register staff).")
@json_option
def issued(code: str, *, source: str, certificate: str, by: str, as_json: bool) -> None:
    """Confirm that CODE, which fails its check, was issued so; rows with it are accepted from now on."""
    register = open_register()
    with register.store.write() as connection:
        unit, account = units.resolve(connection, source), staff.get(connection, by)
        value = issuing.confirm(
            connection, code, certificate, unit=unit, by=account, now=register.clock.now()
        )
    say({"code": value, "unit": unit.name}, f"{value} is accepted as issued.", as_json=as_json)


def _ready() -> Register:
    """The register, with everything that was approved carried out."""
    register = open_register()
    release.finish_all(register)
    return register


def _value(row: holding.Held) -> dict[str, Any]:
    names = ("id", "unit", "kind", "codes", "message", "batch", "file", "row")
    return {**{name: getattr(row, name) for name in names}, "record": row.record or None, "at": iso(row.at)}
