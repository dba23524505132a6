"""The sentences of what several rules, the source and earlier versions come to together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditregister.kinds.model import Label
from creditregister.rules.model import Step
from creditregister.rules.sentences import GRADES, OWN

if TYPE_CHECKING:
    from datetime import date

    from creditregister.rules.model import Rule, RuleSet, Suggestion


def no_decision_date() -> Step:
    """Nothing to count from."""
    return Step("缺少基准日期，无法计算公示期，暂缓公示。", "There is no date to count from; held.", OWN)


def stand_in() -> Step:
    """The record's own date is a stand-in."""
    return Step(
        "未提供该类信息的基准日期，以其他日期代替。",
        "The date that this kind counts from is not given; another stands in.",
        OWN,
    )


def no_rule(kind: str, day: date) -> Step:
    """No set in force binds such a record here."""
    return Step(
        f"{day} 没有适用于本站此类信息（{kind}）的现行规则，暂缓公示。",
        f"No rule in force: on {day} no set binds records of kind {kind} here; held.",
        Label("本站规则：无依据不公示", "this site's own rule: nothing is published without a basis"),
    )


def elsewhere(one: RuleSet) -> Step:
    """A set that holds on other platforms only."""
    source = Label(f"《{one.law}》", one.label.en)
    return Step(
        f"{one.label.zh}适用于其他平台，不适用于本站。",
        f"{one.label.en} holds on other platforms, not here.",
        source,
        rule=one.id,
    )


def needs_grade(one: RuleSet, rule: Rule, suggestion: Suggestion | None) -> Step:
    """The set needs a grade that the source did not give."""
    zh = f"{one.label.zh}按失信严重程度定期限，而来源单位未提供程度，暂缓公示。"
    en = f"{one.label.en} sets the period by grade, and the source gave none; held."
    if suggestion is not None:
        grade = GRADES[suggestion.grade]
        zh += f"建议程度：{grade.zh}（{suggestion.reason.zh}）；以行业主管部门公布的标准为准。"
        en += f" Suggested: {grade.en} ({suggestion.reason.en}); the authority's published standard decides."
    return Step(zh, en, rule.source, f"{one.id}/{rule.id}")


def any_grade(last: date) -> Step:
    """The grade is not known, and does not matter any more."""
    return Step(
        f"未提供程度；即使按最长的程度计算，公示期也已于 {last} 届满。",
        f"No grade is given; even by the longest the period ended on {last}.",
        OWN,
        end=last,
    )


def yields(one: RuleSet, other: RuleSet) -> Step:
    """A set stands back behind another."""
    source = Label(f"《{other.law}》", other.label.en)
    return Step(
        f"{one.label.zh}让位于{other.label.zh}。", f"{one.label.en} yields to {other.label.en}.", source
    )


def earliest(source: Label, end: date, *, changed: bool) -> Step:
    """Several rules: the earliest end."""
    zh = f"规则已变更，新旧规则中取较早届满者：{end}。" if changed else f"数项规则中取最早届满者：{end}。"
    en = "The rules have changed; of the old and the new" if changed else "Of several rules"
    return Step(zh, f"{en} the earliest end counts: {end}.", source, end=end)


def from_then_on(source: Label, day: date, end: date) -> Step:
    """A set that comes into force later shortens the window."""
    return Step(
        f"自 {day} 起适用的规则使公示至 {end} 为止。",
        f"A rule that holds from {day} on ends publicity on {end}.",
        source,
        end=end,
    )


def repair_from_then_on(source: Label, day: date) -> Step:
    """A set that comes into force later allows repair earlier."""
    return Step(
        f"按届时生效的规则，{day} 起可申请修复。",
        f"By a rule that will hold then, repair may be applied for from {day}.",
        source,
        repair=day,
    )


def held_then(source: Label, day: date) -> Step:
    """A set that comes into force later needs what is missing, or none will hold."""
    return Step(
        f"{day} 起适用的规则缺少所需信息（或届时没有现行规则），当日起暂缓公示。",
        f"From {day} on the rules need what the record lacks, or none holds; it is held from that day.",
        source,
    )


def still_ungraded(day: date) -> Step:
    """An earlier version was to be held without a grade, and none was given since."""
    return Step(
        f"此前版本已确定自 {day} 起暂缓公示，未补充失信严重程度的，再次报送或者规则变更不推迟。",
        f"An earlier version was to be held from {day}; without a grade no new delivery or change of rules "
        "puts that off.",
        OWN,
    )


def own_end_earlier(day: date) -> Step:
    """The source's own end is earlier."""
    return Step(
        f"来源单位给出的公示截止期 {day} 更早，以其为准。",
        f"The source's own end of publicity, {day}, is earlier and counts.",
        OWN,
        end=day,
    )


def own_end_later(text: str) -> Step:
    """The source's own end is later."""
    return Step(
        f"来源单位给出的公示截止期 {text} 晚于规则，不采用，已标记。",
        f"The source's own end of publicity, {text}, is later than the rules allow; not taken, flagged.",
        OWN,
    )


def promised(day: date) -> Step:
    """An earlier version's end stays."""
    return Step(
        f"此前版本已确定公示至 {day}，再次报送不延长。",
        f"An earlier version was shown until {day}; a new delivery does not lengthen it.",
        OWN,
        end=day,
    )


def stays_shut() -> Step:
    """An earlier version was not to be published."""
    return Step(
        "此前版本依规定不公示，再次报送或者规则变更不使其公示。",
        "An earlier version was not to be published; no new delivery or change of rules alters that.",
        OWN,
    )


def kept(end: date | None) -> Step:
    """The rules of today come to other days than those that the record was given."""
    return Step(
        f"本信息已确定的期限为{f'至 {end}' if end else '不设届满日'}；"
        "规则其后的变更经运营单位适用后才缩短它，从不延长。",
        f"The record was given {f'an end on {end}' if end else 'no last day'}; a later change of rules "
        "shortens that once the operator applies it, and never lengthens it.",
        OWN,
        end=end,
    )


def unlisted() -> Step:
    """The page of its list was taken away."""
    return Step(
        "所在名单的公开页（依据、标准、程序、异议、退出）已撤下，公开页恢复前暂缓公示。",
        "The public page of its list (basis, criteria, procedure, objection, exit) was taken away; "
        "held until it is back.",
        Label("本站规则：名单无公开页不公示", "this site's own rule: no list without its page"),
    )


def taken() -> Step:
    """Withdrawn for another reason than its term."""
    return Step(
        "该信息已撤下（撤销、移出、修复或者依规定不公示），不再显示。",
        "The record was withdrawn (revoked, removed, repaired, or not to be shown); it is not shown.",
        OWN,
    )
