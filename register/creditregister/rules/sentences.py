"""The sentences of the reasoning, in plain Chinese and English; each names law and article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from creditregister.kinds.model import Label
from creditregister.rules.model import Step

if TYPE_CHECKING:
    from datetime import date

    from creditregister.calendar import Deadline
    from creditregister.dates import Civil
    from creditregister.rules.model import Event, Grade, Rule, RuleSet

#: What no law says and this site does for the subject's sake.
OWN: Final = Label(
    "本站规则：取对信用主体更有利的理解", "this site's own rule: the reading kinder to the subject"
)

EVENTS: Final[dict[Event, Label]] = {
    "decision": Label("作出决定（认定）之日", "the day of the decision"),
    "inclusion": Label("纳入（列入）之日", "the day of inclusion"),
    "publication": Label("公示之日", "the day of publication"),
    "conduct-end": Label("失信行为终止之日", "the day on which the conduct ended"),
    "effect": Label("生效之日", "the day of effect"),
    "validity-end": Label("有效期届满之日", "the last day of validity"),
    "lifting": Label("解除、移出或办结之日", "the day of lifting, removal or closing"),
}
GRADES: Final[dict[Grade, Label]] = {
    "minor": Label("轻微", "minor"),
    "general": Label("一般", "general"),
    "serious": Label("严重", "serious"),
}
_PLACE: Final = re.compile(r"第([一二三四五六七八九十百]+)([条章])")
_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")}


def article_in_english(article: str) -> str:
    """``第三十五条`` as ``art. 35``, ``第二章`` as ``chapter 2``; other words stay."""
    names = {"条": "art.", "章": "chapter"}
    return _PLACE.sub(lambda match: f"{names[match[2]]} {_number(match[1])}", article).replace("、", ", ")


def _number(text: str) -> int:
    """A Chinese number below a thousand: 三十五, 一百零三."""
    hundreds, hundred, rest = text.rpartition("百")
    tens, ten, ones = rest.replace("零", "").rpartition("十")
    number = 100 * _DIGITS.get(hundreds or "一", 1) if hundred else 0
    return number + (10 * _DIGITS.get(tens or "一", 1) if ten else 0) + _DIGITS.get(ones or "零", 0)


def _step(
    one: RuleSet, rule: Rule, zh: str, en: str, *, end: date | None = None, repair: date | None = None
) -> Step:
    return Step(zh, en, rule.source, f"{one.id}/{rule.id}", end, repair)


# --- what one rule says -----------------------------------------------------------------------------


def never(one: RuleSet, rule: Rule) -> Step:
    """Not to be published."""
    return _step(one, rule, f"{rule.label.zh}：不公示。", f"{rule.label.en}: not published.")


def no_date(one: RuleSet, rule: Rule) -> Step:
    """The date that starts the clock is not known."""
    event = EVENTS[rule.clock]
    return _step(
        one,
        rule,
        f"{rule.label.zh}：自{event.zh}起算，但来源单位未提供该日期，暂缓公示。",
        f"{rule.label.en}: counted from {event.en}, which the source did not give; held.",
    )


def no_term(one: RuleSet, rule: Rule) -> Step:
    """No term is set, or none runs yet."""
    return _step(one, rule, f"{rule.label.zh}：未设定届满日。", f"{rule.label.en}: no last day is set.")


def clock(one: RuleSet, rule: Rule, event: Event, start: date) -> Step:
    """From which day is counted."""
    return _step(
        one,
        rule,
        f"{rule.label.zh}：自{EVENTS[event].zh} {start} 起算，首日不计入。",
        f"{rule.label.en}: counted from {EVENTS[event].en}, {start}; that day itself is not counted.",
    )


def latest_start(one: RuleSet, rule: Rule, due: Deadline) -> Step:
    """Counted from the day on which publication was due, and how that day was counted."""
    zh = f"起算日不晚于应当公示之日：{due.explanation.zh}"
    en = f"Counted at the latest from the day on which publication was due: {due.explanation.en}"
    return _step(one, rule, zh, en)


def fallback(one: RuleSet, rule: Rule, event: Event) -> Step:
    """Another event stands in for the one that the law names."""
    wanted, given = EVENTS[rule.clock], EVENTS[event]
    return _step(
        one,
        rule,
        f"来源单位未提供{wanted.zh}，以{given.zh}代替。",
        f"The source did not give {wanted.en}; {given.en} stands in.",
    )


def imprecise(civil: Civil, start: date) -> Step:
    """A quarter or a year is taken as one of its days."""
    return Step(
        f"日期只到{'季度' if civil.precision == 'quarter' else '年'}（{civil.text}），"
        f"按对主体更有利的 {start} 计算。",
        f"The date is known by the {civil.precision} only ({civil.text}); {start} is taken, the kinder day.",
        OWN,
    )


def unconfirmed(one: RuleSet, rule: Rule) -> Step:
    """The number is the operator's setting, not read in a law."""
    return _step(
        one,
        rule,
        "该期限未经法律文本核实，是运营单位的配置。",
        "This period was not confirmed by the text of a law; it is the operator's setting.",
    )


def minimum(one: RuleSet, rule: Rule, end: date | None, repair: date | None) -> list[Step]:
    """The minimum, and any other way to repair."""
    found = []
    if rule.minimum is not None and end is not None:
        zh, en = f"最短公示 {rule.minimum.zh}，至 {end}", f"Shown for at least {rule.minimum.en}, until {end}"
        found.append((f"{zh}。", f"{en}."))
    words = {
        "duty": ("履行法定责任后即可申请修复。", "Repair may be applied for once the duty is met."),
        "never": ("依规定不予修复。", "It cannot be repaired."),
        "body": ("由认定机关移出或删除。", "Removal is up to the body that listed it."),
    }
    if rule.repair in words:
        found.append(words[rule.repair])
    return [_step(one, rule, zh, en, repair=repair) for zh, en in found]


def maximum(one: RuleSet, rule: Rule, end: date) -> Step:
    """The last day by the maximum."""
    length = rule.maximum
    if length is None or length.count == 0:
        return _step(one, rule, f"公示至 {end}。", f"Shown until {end}.", end=end)
    return _step(
        one,
        rule,
        f"最长公示 {length.zh}，至 {end}。",
        f"Shown for at most {length.en}, until {end}.",
        end=end,
    )


def extended(one: RuleSet, rule: Rule, end: date) -> Step:
    """The body extended the term."""
    return _step(one, rule, f"期限经决定延长至 {end}。", f"The term was extended until {end}.", end=end)


def as_long_as(one: RuleSet, rule: Rule, end: date | None) -> Step:
    """A restriction that lasts longer than the maximum."""
    if end is None:
        return _step(
            one, rule, "限制永久有效，公示不设届满日。", "The restriction is permanent: no last day."
        )
    return _step(
        one,
        rule,
        f"限制期限更长，公示至限制届满之日 {end}。",
        f"The restriction lasts longer: shown until it ends on {end}.",
        end=end,
    )


def lifted(one: RuleSet, rule: Rule, day: date, last: date) -> Step:
    """Lifted, removed or cleared before the end."""
    return _step(
        one,
        rule,
        f"已于 {day} 解除、移出或办结，自当日起不再显示（最后显示日 {last}）。",
        f"Lifted, removed or closed on {day}: not shown from that day on (last shown on {last}).",
        end=last,
    )


def marked(one: RuleSet, rule: Rule, end: date) -> Step:
    """Not taken away at its end, but marked."""
    return _step(
        one,
        rule,
        f"有效期至 {end}，届满后仍可查询并标注“已过期”。",
        f"Valid until {end}; afterwards it stays, marked as expired.",
    )
