"""What the rules make of a delivered row, and what its unit is told: why it is held, refused or not shown.

The codes of what the rules say: held are ``no-grade``, ``no-date``, ``no-rule``; warned are ``over``,
``never`` (not to be published), ``not-yet``, ``held-later`` (a set to come needs a grade) and
``own-end-later`` (the source's own end lies behind the one by law).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

from creditregister import dates, decisions, stored
from creditregister.clock import civil
from creditregister.delivered import Outcome, Problem, Result
from creditregister.rules.counting import day_after

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from creditregister.delivered import Delivered
    from creditregister.publicity import Moment
    from creditregister.rules import Window
    from creditregister.stored import Stored

#: What a record is in each state of its window; a row whose window is ``held`` becomes none.
_STATES: Final = {"open": "public", "over": "ended", "never": "never", "not-yet": "waiting"}
#: What is said of a row that was taken in and is not public.
_KEPT_ONLY: Final = frozenset({"over", "never", "not-yet"})
#: Why a row is held -> what its unit or the operator is to do.
_REMEDIES: Final = {
    "no-grade": "请补报失信严重程度",
    "no-date": "请补报起算日期",
    "no-rule": "请运营单位核对所在地设置，或者为此类信息补充规则，再重新报送",
}


def window_of(
    connection: Connection, moment: Moment, kind: str, row: Delivered, match: Stored | None, *, undone: bytes
) -> Window:
    """When a row's record may be shown; never longer than before, however it is corrected.

    ``undone``: the row's digest where it brings back what was before a mistake; the window of then counts.
    """
    published = before = None
    if match is not None:
        published = dates.parse(civil(match.published_at)) if match.published_at else None
        term = (stored.term_before(connection, match.n, undone) if undone else None) or match.term
        before = term.window(moment.today, never=match.state == "never") if term.computed else None
    content = orjson.loads(row.content)
    return moment.law.window(kind, content, moment.today, published=published, before=before)


def held(row: Delivered, code: str, why: str, near: int | None = None) -> Result:
    """A row that waits for its unit's word; ``near`` is the record that it looks like or contradicts."""
    message = f"第 {row.row} 行：{why}。请由报送单位说明如何处理（credit-index held）。"
    return Result(row.row, Outcome.HELD, (Problem(row.row, "held", "", code, message),), held=row, near=near)


def withdrawn(row: Delivered, near: int) -> Result:
    """A row whose record was taken from the public."""
    return held(row, "decided", "该信息已撤下，报送不能使其重新公示", near)


def older_round(row: Delivered, decided: str) -> Result | None:
    """The row, left aside, where its record holds a later round 期 already."""
    if not "" < row.decided < decided:
        return None
    why = f"已有 {decided} 的更新一期结果，本行是更早的一期，不改变公示内容"
    message = f"第 {row.row} 行：{why}；如更新一期有误，请先撤回该批次（credit-index undo）。"
    return Result(row.row, Outcome.UNCHANGED, (Problem(row.row, "warned", "", "older-round", message),))


def contradiction(row: Delivered, n: int, fixed: decisions.Fixed) -> Result | None:
    """The row, held, where it says otherwise than a decision did."""
    names = decisions.contradicted(orjson.loads(row.content), fixed) if fixed else []
    why = f"与已作出的决定不一致（{'、'.join(names)}），报送不能改变决定"
    return held(row, "conflict", why, n) if names else None


def stays_decided(row: Delivered, names: Sequence[str]) -> Problem:
    """What is told of a row that takes the place of its record, but for what a decision fixed."""
    why = f"已作出的决定不因答复而改变，所定字段照旧（{'、'.join(names)}）"
    return Problem(row.row, "warned", "", "stays-decided", f"第 {row.row} 行：{why}。")


def refused(row: Delivered, code: str, why: str) -> Result:
    """A row that cannot be taken in beside another one of the same delivery."""
    message = f"第 {row.row} 行：{why}。请保留正确的一行后重新报送。"
    raw = row.raw or {"content": row.content} | row.secrets
    return Result(row.row, Outcome.REFUSED, (Problem(row.row, "refused", "", code, message, raw),))


def shown(row: Delivered) -> bool:
    """Whether the row itself is to be public, as far as its window lets it."""
    return bool(row.public) and not (row.minor or row.revoked or row.ended)


def state(row: Delivered, window: Window) -> str:
    """What a version may be: a minor is kept and never shown, as is a person whom the kind never shows."""
    if row.minor or not row.public:
        return "hidden"
    if row.revoked:
        return "annulled"
    return "ended" if row.ended else _STATES[window.state]


def lacking(row: Delivered, window: Window, near: int | None = None) -> Result:
    """The row waits: no rule in force, nothing to count from, or no grade where its set needs one.

    ``near`` is the record that it would have changed.
    """
    code = next((code for code in _REMEDIES if code in window.flags), "no-date")
    message = f"第 {row.row} 行：{reason(window)}{_REMEDIES[code]}。"
    return Result(row.row, Outcome.HELD, (Problem(row.row, "held", "", code, message),), held=row, near=near)


def told(row: Delivered, window: Window) -> tuple[Problem, ...]:
    """What is to be said of a row that was taken in: why it is not public, or not as long as thought."""
    if not shown(row):
        return ()
    found = []
    if window.state == "over":
        found.append(("over", f"公示期已于 {window.max_end} 届满，只存档，不公示"))
    elif window.state == "never":
        found.append(("never", f"{reason(window).rstrip('。')}，只存档"))
    elif window.state == "not-yet":
        found.append(("not-yet", f"自 {window.shown_from} 起公示"))
    if window.held_from is not None:
        found.append(("held-later", f"没有失信严重程度，自 {window.held_from} 起将暂缓公示；请补报"))
    if "own-end-later" in window.flags and window.max_end is not None:
        gone = day_after(window.max_end)
        found.append(("own-end-later", f"来源单位的公示截止期晚于法定期限，按法定期限自 {gone} 起不再显示"))
    return tuple(
        Problem(row.row, "warned", "", code, f"第 {row.row} 行：{message}。") for code, message in found
    )


def unpublished(result: Result) -> tuple[str, ...]:
    """Why a well-formed row is not public: what holds it, or why it is kept only; codes, for counting."""
    outcome, wanted = ("held", None) if result.outcome is Outcome.HELD else ("warned", _KEPT_ONLY)
    codes = (each.code for each in result.problems if each.outcome == outcome)
    return tuple(dict.fromkeys(code for code in codes if wanted is None or code in wanted))


def reason(window: Window) -> str:
    """The last step of the reasoning, with its law and article."""
    if not window.steps:
        return ""
    step = window.steps[-1]
    return f"{step.zh.rstrip('。')}（{step.source.zh}）。"
