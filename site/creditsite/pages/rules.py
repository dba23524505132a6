"""``/rules``: the dated rules 规则 that hold here; ``/rules/simulate``: what they make of a record.

The simulator is for units before they deliver: kind, grade and date in, the window with its reasons out. It
asks the same rules as a delivery does and stores nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request

from creditregister import dates
from creditregister.kinds import Label
from creditregister.rules import Facts, evaluate
from creditregister.rules.model import GRADES, SIGNS
from creditregister.rules.sentences import GRADES as GRADE_WORDS
from creditsite import errors, freshness, links, privacy, services, timeline, views
from creditsite.language import page
from creditsite.typed import Wrong, plain

if TYPE_CHECKING:
    from datetime import date

    from creditregister.dates import Civil
    from creditregister.publicity import Law
    from creditregister.rules import Rule, Window

blueprint = Blueprint("rules", __name__)

#: Dates of the form that change the window of some kinds only -> what they are.
FURTHER = {
    "valid_from": Label("生效日期", "Day of effect"),
    "valid_to": Label("有效期（限制期限）至", "Valid or restricted until"),
    "conduct_ended": Label("失信行为终止日期", "Day on which the conduct ended"),
    "lifted": Label("解除、移出、清偿或办结日期", "Day of lifting, removal, payment or closing"),
    "own_end": Label("来源单位的公示截止期", "The source's own end of publicity"),
}
_SIGNS = {
    "negative": Label("其他失信信息", "any other negative record"),
    "neutral": Label("其他中性信息", "any other neutral record"),
    "positive": Label("其他守信信息", "any other positive record"),
}
_LONGEST = 30


@dataclass(slots=True)
class Case:
    """What was filled in: texts to be shown again, and what they mean."""

    kind: str = ""
    grade: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    days: dict[str, Civil] = field(default_factory=dict)
    conditions: frozenset[str] = frozenset()
    wrong: list[Wrong] = field(default_factory=list)


@page(blueprint, "/rules")
def show() -> Response:
    """Every set that holds here, once held, or is known to come."""
    tag = freshness.of_text()
    own = services.current()
    law, today = own.law, own.clock.today()
    sets = [one for one in law.book.sets if one.binds(law.jurisdiction)]
    return freshness.unchanged(tag) or freshness.stamp(
        views.render(
            "rules.html",
            now=[one for one in sets if one.start <= today <= one.until],
            later=[one for one in sets if one.start > today],
            before=[one for one in sets if one.until < today],
            elsewhere=[one for one in law.book.sets if one not in sets],
            jurisdiction=law.jurisdiction,
            place=own.areas.name(law.jurisdiction.area) if law.jurisdiction.area else "",
            bound=_bound,
            grades=_grades,
            today=today,
        ),
        tag,
    )


@page(blueprint, "/rules/simulate")
def simulate() -> Response:
    """The form, and once it is filled in what the rules make of it."""
    own = services.current()
    case = _read(own.law)
    asked = bool(request.args.get("kind"))
    window = _window(case, own.law, own.clock.today()) if asked and not case.wrong else None
    response = views.render(
        "simulate.html",
        HTTPStatus.BAD_REQUEST if asked and case.wrong else HTTPStatus.OK,
        indexed=not asked,
        case=case,
        wrong=case.wrong if asked else [],
        window=window,
        timeline=timeline.simulated(case.days["decided"].first, window, _on(case, own)) if window else None,
        kinds=own.kinds.values(),
        grades=GRADE_WORDS,
        further=FURTHER,
        conditions=own.law.book.reading.conditions,
        notice=_filled_in("/rules/simulate/notice") if window and _noticed(case, window) else "",
        today=_on(case, own),
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


@page(blueprint, "/rules/simulate/notice")
def notice() -> Response:
    """The repair notice 信用修复告知书 of what was worked out, to be served before the decision is delivered.

    Subject and document are left to the body; nothing is stored.
    """
    own, language = services.current(), views.current_language()
    case = _read(own.law)
    window = None if case.wrong else _window(case, own.law, own.clock.today())
    if window is None or not _noticed(case, window):
        abort(HTTPStatus.NOT_FOUND)
    response = views.render(
        "notice.html",
        indexed=False,
        back=_filled_in("/rules/simulate"),
        name="",
        number="",
        decided=case.days["decided"].text,
        title=own.kinds[case.kind].name.text(language),
        subject=None,
        why=window,
        grade=next((label.text(language) for grade, label in GRADE_WORDS.items() if grade == case.grade), ""),
        code=None,
        today=own.clock.today(),
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


def _noticed(case: Case, window: Window) -> bool:
    """Whether a notice can be printed: a negative record that will be shown, with an end."""
    negative = services.current().kinds[case.kind].sign == "negative"
    return negative and window.state in {"open", "not-yet"} and window.last_shown is not None


def _filled_in(path: str) -> str:
    """A path with what this page was asked."""
    return views.link()(path, links.without(request.args.to_dict(flat=False), links.TEXT))


def _on(case: Case, own: services.Services) -> date:
    """The day as of which is asked."""
    return case.days["on"].first if "on" in case.days else own.clock.today()


def _window(case: Case, law: Law, today: date) -> Window:
    days = case.days
    facts = Facts(
        kind=case.kind,
        decided=days["decided"],
        grade=next((grade for grade in GRADES if grade == case.grade), None),
        conditions=case.conditions,
        effective=days.get("valid_from"),
        valid_to=days.get("valid_to"),
        conduct_ended=days.get("conduct_ended"),
        lifted=days.get("lifted"),
        own_end=days.get("own_end"),
        permanent="valid_to" in days and days["valid_to"].open,
    )
    return evaluate(facts, law.book, law.jurisdiction, days["on"].first if "on" in days else today)


def _read(law: Law) -> Case:
    """The parameters as facts, with everything that is wrong with them.

    Raises:
        an identity number is among them: it is neither read nor repeated.
    """
    if any(privacy.is_private(value) for value in request.args.values()):
        raise errors.identity_number()
    given = {
        name: plain(request.args.get(name, "")).strip()
        for name in ("kind", "grade", "decided", "on", *FURTHER)
    }
    case = Case(given["kind"], given["grade"])
    case.conditions = frozenset(request.args.getlist("condition")) & {
        one.id for one in law.book.reading.conditions
    }
    if case.kind not in law.kinds:
        case.kind = ""
        case.wrong.append(Wrong("kind", Label("请选择信息类别。", "Choose a kind of record.")))
    if case.grade not in {"", *GRADES}:
        case.grade = ""
    for name in ("decided", "on", *FURTHER):
        text = given[name]
        if text and len(text) <= _LONGEST:
            case.texts[name] = text
        if text or name == "decided":
            _day(case, name, text)
    return case


def _day(case: Case, name: str, text: str) -> None:
    """Read one date, or note what is wrong with it."""
    if not text:
        case.wrong.append(Wrong(name, Label("请填写决定（认定）日期。", "Give the day of the decision.")))
        return
    try:
        found = dates.parse(text[: _LONGEST + 1])
    except dates.DateError as error:
        case.wrong.append(Wrong(name, Label(error.zh, error.en)))
        return
    if found.open and name != "valid_to":
        case.wrong.append(Wrong(name, Label("请填写具体日期。", "Give a day.")))
        return
    case.days[name] = found


def _bound(rule: Rule) -> list[Label]:
    """The kinds that a rule binds, with their conditions."""
    own = services.current()
    conditions = {one.id: one.label for one in own.law.book.reading.conditions}
    found = []
    for selector in rule.selectors:
        if selector.kind in SIGNS:
            label = _SIGNS[selector.kind]
        elif selector.kind in own.kinds:
            label = own.kinds[selector.kind].name
        else:
            continue
        condition = conditions.get(selector.condition)
        if condition is not None:
            label = Label(f"{label.zh}（{condition.zh}）", f"{label.en} ({condition.en})")
        found.append(label)
    return found


def _grades(rule: Rule) -> list[Label]:
    """The grades of a rule, in order; none: it does not go by grade."""
    return [GRADE_WORDS[grade] for grade in GRADES if grade in rule.grades]
