"""What must hold between the values of one row (DESIGN 3, Problems; DOMAIN 1.10)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from creditindex.feeds.cells import Said
from creditindex.feeds.headings import labels
from creditindex.feeds.problems import printable
from creditregister import codes, dates, projection
from creditregister.projection import first_day, last_day

if TYPE_CHECKING:
    from datetime import date

    from creditindex.feeds.draft import Draft
    from creditindex.feeds.headings import Table
    from creditregister.kinds import Value
    from creditregister.lists import Lists

#: Fields that say when something ends; none may lie before the row's beginning, or before its own.
ENDS = (
    "valid_to", "due_on", "publicity_end", "removal_date", "released_on", "extended_to", "closed_on",
    "period_to", "suspended_to",
)  # fmt: skip
_STARTS = {"valid_to": "valid_from", "period_to": "period_from", "suspended_to": "suspended_from"}
#: The day of effect of a kind whose clock starts with it may lie behind the day of its decision, and to come.
_EFFECT, _DECIDED = "valid_from", "decision_date"
#: A body's code begins so: organs of state 机关. Public institutions (12) and others decide by delegation
#: only.
_GOVERNMENT = "11"
#: The source unit is always known: it is the one that delivers.
_DELIVERER: dict[str, Value] = {"source_unit": "known"}
_REMEMBERED = 4096


class Checks:
    """The checks of one table's rows; what depends on the table alone is worked out once."""

    def __init__(self, table: Table, today: date, lists: Lists) -> None:
        """Prepare for rows of this table, read on this civil day; ``lists`` are those that have a page."""
        kind = self._kind = table.kind
        self._lists = lists
        self._today = today
        self._whole = frozenset(table.missing)
        self._must = frozenset(field.id for field in kind.fields if field.must)
        self._required_groups = [group for group in kind.required if _DELIVERER.keys().isdisjoint(group)]
        self._conditional = any(field.needed_when for field in kind.fields)
        names = {kind.body_code, "source_code"} & kind.by_id.keys()
        self._bodies = tuple((name, kind.by_id[name].label.zh) for name in sorted(names))

    def check(self, draft: Draft) -> None:
        """Note everything that is wrong between the values of a row."""
        content = draft.content
        self._required(draft)
        if not self._must.isdisjoint(content):
            self._scope(draft)
        self._dates(draft)
        if self._kind.listed:
            self._listing(draft)
        for name, label in self._bodies:
            value = content.get(name)
            said = _body_code(value) if isinstance(value, str) else None
            if said is not None:
                draft.tell(said, name, label)

    def _required(self, draft: Draft) -> None:
        kind, content = self._kind, draft.content
        lacking = [group for group in self._required_groups if not any(map(content.get, group))]
        if self._conditional:
            lacking = list(kind.lacking(content | _DELIVERER))
        for group in lacking:
            if group in self._whole:
                draft.lacking = True
            elif draft.bad.isdisjoint(group):
                message = f"缺少必填的{labels(kind, group)}；请补填"
                draft.tell(Said("refused", "required", message), group[0], "")

    def _listing(self, draft: Draft) -> None:
        """An entry of a list is published by known rules only, after notice, and not before its time."""
        kind, content = self._kind, draft.content
        by = kind.by_id.get(kind.listed_by)
        for word in self._lists.without_page(kind, content):
            entry = by.choice(word) if by else None
            message = "没有写明是哪一份名单，无从公开其依据和程序，不得公示；请补填"
            if word:
                named = f"“{entry.label.zh if entry else word}”没有公开页（依据、标准、程序、异议、退出）"
                message = f"{named}，名单不得公示；请先为该名单登记公开页（config/lists）"
            draft.tell(Said("held", "list-page", message), kind.listed_by, by.label.zh if by else "")
        if kind.state_of(content) == "pending":
            said = Said("held", "pending", "是“待公示”，尚不公示；开始公示后请以“公示中”重新报送")
            draft.tell(said, kind.state.field, kind.by_id[kind.state.field].label.zh)
        notice, decided = content.get("notice_date"), kind.dated(content)[1]
        if isinstance(notice, str) and first_day(notice) > (last_day(decided) or "9"):
            said = Said("warned", "notice-late", f"{notice} 晚于认定日期 {decided}；认定前应当先告知，请核对")
            draft.tell(said, "notice_date", kind.by_id["notice_date"].label.zh)

    def _scope(self, draft: Draft) -> None:
        for field in self._kind.forbidding(draft.content):
            word = str(draft.content[field.id])
            entry = field.choice(word)
            said = Said(
                "refused", "unknown-value", f"“{printable(word)}”不在代码表中，无从知道能否公示；请改正"
            )
            if entry is not None:
                said = Said("refused", "scope", f"是“{entry.label.zh}”，不得公示；请勿报送到本平台")
            # What is refused for its word is not kept as it is written, as was said of the cell.
            draft.problems = [
                each for each in draft.problems if (each.field, each.code) != (field.id, "unknown-value")
            ]
            draft.tell(said, field.id, field.label.zh)

    def _dates(self, draft: Draft) -> None:
        kind = self._kind
        name, text = kind.dated(draft.content)
        if not name:
            return
        label = kind.by_id[name].label.zh
        span = _span(text)
        if span is None:
            said = Said("refused", "date-open", f"“{text}”不能作为起算日期；请填写具体日期")
            draft.tell(said, name, label)
            return
        if span[0] > self._today and not self._waits(name, draft):
            self._tell_future(draft, name, text, "请核对年份")
        if name != kind.date:
            message = f"没有“{kind.by_id[kind.date].label.zh}”，暂以“{label}”起算公示期；请补报"
            draft.tell(Said("warned", "date-fallback", message), kind.date, "")
        self._decided(draft, name)
        self._over(draft)
        self._ends(draft, span[0])

    def _waits(self, name: str, draft: Draft) -> bool:
        """Whether what was decided by now takes effect later: such a record waits for its first day."""
        decided = draft.content.get(_DECIDED)
        span = _span(decided) if isinstance(decided, str) else None
        return name == _EFFECT and span is not None and span[0] <= self._today

    def _decided(self, draft: Draft, name: str) -> None:
        """What takes effect on a day that is named was decided on another, and by now."""
        value = draft.content.get(_DECIDED)
        span = _span(value) if isinstance(value, str) and name != _DECIDED else None
        if span is not None and span[0] > self._today:
            self._tell_future(draft, _DECIDED, value, "请核对年份")

    def _over(self, draft: Draft) -> None:
        """The day on which a record ended is a fact: one that is still to come ends nothing."""
        name = self._kind.state.ends
        value = draft.content.get(name) if name else None
        ended = _span(value) if isinstance(value, str) else None
        if ended is not None and ended[0] > self._today:
            self._tell_future(draft, name, value, "请在实际移出、解除或清偿之后再填写")

    def _tell_future(self, draft: Draft, name: str, day: object, remedy: str) -> None:
        message = f"{day} 晚于今天（{self._today.isoformat()}）；{remedy}"
        draft.tell(Said("refused", "future", message), name, self._kind.by_id[name].label.zh)

    def _ends(self, draft: Draft, decided: date) -> None:
        """No end may lie before its beginning where that is given, else before the decision."""
        content = draft.content
        for end in ENDS:
            value = content.get(end)
            ended = _span(value) if isinstance(value, str) else None
            if ended is None:
                continue
            begin = content.get(_STARTS.get(end, ""))
            own = _span(begin) if isinstance(begin, str) else None
            start = own[0] if own else decided
            if ended[1] < start:
                message = f"{value} 早于开始日期 {start.isoformat()}；请核对"
                said = Said("refused", "end-before-start", message)
                draft.tell(said, end, self._kind.by_id[end].label.zh)


def day(text: str) -> date | None:
    """The first day of a stored date; none if there is none."""
    span = _span(text)
    return span[0] if span else None


@lru_cache(_REMEMBERED)
def _span(text: str) -> tuple[date, date] | None:
    """First and last day of a stored date; none for 长期 and for nothing."""
    if not projection.first_day(text):
        return None
    civil = dates.parse(text)
    return civil.first, civil.last


@lru_cache(_REMEMBERED)
def _body_code(value: str) -> Said | None:
    checked = codes.check_unified(value)
    if not checked.valid:
        why = "".join(problem.zh for problem in checked.problems).rstrip("。")
        return Said("warned", "body-code", f"不是有效的统一社会信用代码：{why}；请核对")
    if not checked.value.startswith(_GOVERNMENT):
        return Said("warned", "body-code", f"{checked.value} 不是机关的代码（应以 11 开头）；请核对")
    return None
