"""What holds for arbitrary dates, kinds and rule sets: never shown outside the window, and no window grows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from creditregister import dates, rules
from creditregister.rules import Facts, Jurisdiction, Period, RuleBook, Window
from support.laws import DAYS, FIRST, GRADES, SHIPPED, books, civils

if TYPE_CHECKING:
    from creditregister.dates import Civil

PORTAL = Jurisdiction("310000")
KINDS = tuple(sorted(SHIPPED.signs))
#: Enough to find what was wrong while this was written; the machine may be slow.
FEW = settings(max_examples=100, deadline=None)
DECADES = st.dates(date(2012, 1, 1), date(2034, 12, 31))
SOON = st.integers(-5, 150)
CONDITIONS = st.frozensets(
    st.sampled_from(["necessary", "food", "reprimand", "simplified", "breach", "refuses-only"])
)


@st.composite
def records(
    draw: st.DrawFn, kinds: tuple[str, ...] = ("penalty",), days: st.SearchStrategy[date] = DAYS
) -> Facts:
    some = civils(days)
    rare = st.sampled_from((False,) * 7 + (True,)).flatmap(lambda given: some if given else st.none())
    return Facts(
        kind=draw(st.sampled_from(kinds)),
        decided=draw(some),
        grade=draw(GRADES),
        conditions=draw(CONDITIONS),
        published=draw(some),
        conduct_ended=draw(rare),
        effective=draw(rare),
        valid_to=draw(rare),
        lifted=draw(rare),
        extended_to=draw(rare),
        own_end=draw(rare),
        promised=None if (end := draw(rare)) is None else end.first,
    )


def after_decision(record: Facts, days: int) -> date:
    """A day soon after the decision, when most records are shown."""
    assert record.decided is not None
    return record.decided.first + timedelta(days=days)


def latest(window: Window) -> date:
    """The last day shown, for comparison."""
    return window.last_shown or date.max


# --- never outside ------------------------------------------------------------------------------------------


def turning_days(book: RuleBook, window: Window) -> list[date]:
    """The days from that of the window on, at which anything may change: of its own and of every rule."""
    days = {day for day in (window.shown_from, window.max_end, window.held_from) if day}
    days |= {day for one in book.sets for rule in one.rules for day in (rule.start, rule.until)}
    near = {day + timedelta(days=step) for day in days if day < date.max for step in (-1, 0, 1)}
    return sorted(day for day in near if day >= window.on)


def same_on_every_day(record: Facts, book: RuleBook, on: date) -> None:
    """What was computed once stays right while rules come and go: none of its days is lost, none is gained."""
    before = rules.evaluate(record, book, PORTAL, on)
    for later in turning_days(book, before):
        after = rules.evaluate(record, book, PORTAL, later)
        assert not before.shows(later) or after.state == "open"
        if before.state == "open" and after.state == "open" and before.held_from is None:
            assert before.shows(later)
            assert latest(after) <= latest(before)


@given(records(), books(), SOON)
@settings(max_examples=250, deadline=None)
def test_a_window_says_the_same_on_every_day(record: Facts, book: RuleBook, soon: int) -> None:
    same_on_every_day(record, book, after_decision(record, soon))


@given(records(KINDS, DECADES), SOON)
@FEW
def test_the_shipped_rules_say_the_same_on_every_day(record: Facts, soon: int) -> None:
    same_on_every_day(record, SHIPPED, after_decision(record, soon))


@given(records(), books(), SOON)
@FEW
def test_open_means_inside(record: Facts, book: RuleBook, soon: int) -> None:
    on = after_decision(record, soon)
    window = rules.evaluate(record, book, PORTAL, on)
    assert (window.state == "open") == window.shows(on)
    if window.state == "open":
        assert window.shown_from is not None
        assert window.shown_from <= on <= latest(window)
        assert window.earliest_repair is None or window.earliest_repair <= latest(window) or window.held_from
    if window.state == "over":
        assert window.max_end is not None
        assert window.max_end < on or (window.shown_from is not None and window.max_end < window.shown_from)
    if window.state in {"held", "never"}:
        assert not any(window.shows(on + timedelta(days=step)) for step in (0, 1, 400))


@given(records(), books(), SOON)
@FEW
def test_no_rule_in_force_is_exceeded(record: Facts, book: RuleBook, soon: int) -> None:
    """Against each rule counted by itself: whatever holds on that day, its own end has not passed."""
    on = after_decision(record, soon)
    if rules.evaluate(record, book, PORTAL, on).state != "open":
        return
    for one in book.sets:
        holding = [rule for rule in one.rules if one.binds(PORTAL) and rule.in_force(on)]
        for rule in holding:
            plain = replace(rule, grades=frozenset())
            alone = RuleBook((replace(one, rules=(plain,)),), book.signs, book.calendar, book.reading)
            if rule.grades and record.grade not in rule.grades:
                continue
            assert rules.evaluate(record, alone, PORTAL, on).state == "open"


# --- never longer ---------------------------------------------------------------------------------------------


@given(st.tuples(records(), records()), st.tuples(books(), books()), st.tuples(SOON, SOON))
@FEW
def test_tighten_never_lengthens(
    deliveries: tuple[Facts, Facts], books_: tuple[RuleBook, RuleBook], soon: tuple[int, int]
) -> None:
    """Re-delivery with other facts, a change of all rules, or both."""
    (one, other), (book, changed) = deliveries, books_
    first, second = after_decision(one, soon[0]), after_decision(other, soon[1])
    old = rules.evaluate(one, book, PORTAL, first)
    new = rules.evaluate(other, changed, PORTAL, second)
    kept = rules.tighten(old, new)
    if old.state == "never":
        assert kept.state == "never"
    if old.state not in {"held", "never"} and kept.state not in {"held", "never"}:
        assert (kept.max_end or date.max) <= (old.max_end or date.max)
        assert kept.shown_from is not None
        assert kept.shown_from >= (old.shown_from or date.max)
    if old.state in {"held", "never"}:
        return
    for step in range(0, 3000, 97):
        day = FIRST + timedelta(days=step)
        if kept.shows(day):
            assert new.shows(day)
            assert (old.shown_from or date.max) <= day <= (old.max_end or date.max)
    assert rules.tighten(old, kept).max_end == kept.max_end


@given(st.tuples(records(), records()), st.tuples(books(), books()), st.tuples(SOON, SOON))
@FEW
def test_without_a_grade_no_day_of_holding_is_put_off(
    deliveries: tuple[Facts, Facts], books_: tuple[RuleBook, RuleBook], soon: tuple[int, int]
) -> None:
    (one, other), (book, changed) = deliveries, books_
    old = rules.evaluate(one, book, PORTAL, after_decision(one, soon[0]))
    new = rules.evaluate(other, changed, PORTAL, after_decision(other, soon[1]))
    old = replace(old, held_from=old.held_from or old.on + timedelta(days=soon[1]))
    if old.state in {"held", "never"}:
        return
    kept = rules.tighten(old, new, ungraded=True)
    for step in range(0, 3000, 97):
        day = FIRST + timedelta(days=step)
        if kept.shows(day):
            assert old.held_from is not None
            assert day < old.held_from
            assert rules.tighten(old, new).shows(day)


@given(records(), books(), SOON)
@FEW
def test_a_promised_end_is_never_exceeded(record: Facts, book: RuleBook, soon: int) -> None:
    on = after_decision(record, soon)
    old = rules.evaluate(record, book, PORTAL, on)
    again = replace(record, grade="serious", own_end=None, promised=old.max_end)
    new = rules.evaluate(again, book, PORTAL, on)
    assert old.max_end is None or new.max_end is None or new.max_end <= old.max_end


@given(records(), books(), SOON)
@FEW
def test_more_rules_never_lengthen(record: Facts, book: RuleBook, soon: int) -> None:
    """A further set can only shorten, unless it is the first that speaks at all."""
    on = after_decision(record, soon)
    fewer = RuleBook(book.sets[:-1], book.signs, book.calendar, book.reading)
    with_all = rules.evaluate(record, book, PORTAL, on)
    without = rules.evaluate(record, fewer, PORTAL, on)
    if without.state == "open" and with_all.state == "open" and without.held_from is None:
        assert latest(with_all) <= latest(without)


@given(civils(DECADES), DECADES, DECADES)
@FEW
def test_late_publication_never_lengthens_where_it_starts_the_clock(
    decided: Civil, one: date, other: date
) -> None:
    """On the publicity system the clock starts at publication, at the latest when that was due."""
    gsxt = Jurisdiction(portal="gsxt")
    due = SHIPPED.calendar.add_workdays(decided.first, 20).day
    for published in (one, other):
        record = Facts("penalty", decided, published=dates.parse(published))
        window = rules.evaluate(record, SHIPPED, gsxt, date(2022, 1, 1))
        if window.max_end is not None:
            assert window.max_end <= rules.end_of(due, Period(3, "year"))


# --- words agree ----------------------------------------------------------------------------------------------


@given(records(KINDS, DECADES), DECADES)
@FEW
def test_explanations_agree_with_the_window(record: Facts, on: date) -> None:
    window = rules.evaluate(record, SHIPPED, PORTAL, on)
    zh, en = rules.explain(window, "zh"), rules.explain(window, "en")
    assert len(zh) == len(en)
    assert zh[0].startswith(f"{on}：")
    assert ("可以公示" in zh[0]) == ("may be shown" in en[0]) == window.shows(on)
    ends = [step.end for step in window.steps if step.end is not None]
    if window.state in {"open", "over", "not-yet"}:
        assert window.max_end in {None, *ends}
        coming = [step for step in window.steps if "起适用的规则使公示至" in step.zh]
        assert coming or window.max_end == min(ends, default=None)
        # What is held from a day on may come back until the same end: both are said with the same words.
        said = "未设定公示届满日" if window.max_end is None else f"至 {window.max_end} 当日为止"
        assert said in zh[-1]
        repair = [line for line in zh if line.startswith("最早可申请修复日")]
        assert repair == ([f"最早可申请修复日：{window.earliest_repair}。"] if window.earliest_repair else [])
    else:
        assert not any(line.startswith(("公示至", "公示起始日")) for line in zh[-1:])
    assert all(step.source.zh and step.source.en for step in window.steps)
    assert window.steps
    assert len(window.rule) <= 80


# --- counting -------------------------------------------------------------------------------------------------


@given(st.dates(), st.dates(), st.integers(0, 2400))
def test_adding_months_is_monotone(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert rules.add_months(first, months) <= rules.add_months(second, months)


@given(st.dates(), st.integers(0, 1200), st.integers(0, 1200))
def test_more_months_end_later(day: date, one: int, other: int) -> None:
    fewer, more = sorted((one, other))
    assert rules.add_months(day, fewer) <= rules.add_months(day, more)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 600))
def test_the_corresponding_day_or_the_last_of_the_month(day: date, months: int) -> None:
    end = rules.add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


def test_the_vectors_of_counting() -> None:
    assert rules.end_of(date(2026, 11, 30), Period.parse("3 months")) == date(2027, 2, 28)
    assert rules.end_of(date(2026, 4, 1), Period.parse("1 year")) == date(2027, 4, 1)
    assert rules.end_of(date(2024, 2, 29), Period.parse("1 year")) == date(2025, 2, 28)
    assert rules.end_of(date(2024, 2, 29), Period.parse("4 years")) == date(2028, 2, 29)
    assert rules.end_of(date(2026, 3, 2), Period.parse("30 days")) == date(2026, 4, 1)
    assert rules.end_of(date.max, Period.parse("1 day")) == date.max
