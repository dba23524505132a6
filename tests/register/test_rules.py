"""Windows by the shipped rules: periods, transition, precedence, what is held, what the source adds."""

from __future__ import annotations

from datetime import date

import pytest

from creditregister import dates, rules
from creditregister.rules import Facts, Jurisdiction, Window

BOOK = rules.load()
PORTAL = Jurisdiction()
SHANGHAI = Jurisdiction("310000")


def day(text: str) -> date:
    return date.fromisoformat(text)


def facts(kind: str = "penalty", decided: str = "2026-05-20", **more: object) -> Facts:
    """Facts with dates as text."""
    civil = {"published", "conduct_ended", "effective", "valid_to", "lifted", "extended_to", "own_end"}
    given = {name: dates.parse(str(value)) if name in civil else value for name, value in more.items()}
    return Facts(kind, dates.parse(decided), **given)  # type: ignore[arg-type]  # names are checked by Facts


def window(record: Facts, on: str, where: Jurisdiction = PORTAL) -> Window:
    return rules.evaluate(record, BOOK, where, day(on))


# --- transition -------------------------------------------------------------------------------------


def test_a_general_fine_of_2025_ends_by_the_new_rules() -> None:
    fine = facts(decided="2025-06-01", grade="general")
    assert window(fine, "2026-04-01").max_end == day("2026-06-01")
    assert window(fine, "2026-06-01").state == "open"
    assert window(fine, "2026-06-02").state == "over"
    assert any("新旧规则" in step.zh for step in window(fine, "2026-04-01").steps)


def test_a_food_fine_may_be_repaired_by_the_new_rules() -> None:
    food = facts(decided="2026-02-01", grade="general", conditions=frozenset({"food"}))
    assert window(food, "2026-04-01").earliest_repair == day("2026-05-01")


def test_the_new_rules_are_known_before_they_hold() -> None:
    """A window that is stored today must not be too long on the night of the change."""
    fine = facts(decided="2025-06-01", grade="general")
    before = window(fine, "2025-12-01")
    assert (before.state, before.max_end) == ("open", day("2026-06-01"))
    assert before.rule == "r2026/general"
    old = facts(decided="2024-01-01", grade="general")
    assert window(old, "2026-03-31").state == "open"
    assert window(old, "2026-03-01").max_end == day("2026-03-31")
    assert window(old, "2026-04-01").state == "over"
    food = facts(decided="2025-10-01", grade="general", conditions=frozenset({"food"}))
    assert window(food, "2026-02-01").earliest_repair == day("2026-04-01")


def test_a_record_without_a_grade_is_held_that_night() -> None:
    fine = facts(decided="2026-02-01")
    before = window(fine, "2026-03-31")
    assert (before.state, before.held_from, before.last_shown) == (
        "open",
        day("2026-04-01"),
        day("2026-03-31"),
    )
    assert before.max_end == day("2029-02-01"), "a grade that comes later must not be too late"
    assert window(fine, "2026-04-01").state == "held"


# --- grades -------------------------------------------------------------------------------------------


def test_no_grade_where_one_is_needed_is_held_with_a_suggestion() -> None:
    hint = rules.suggest_grade({"penalty_kind": ["warning"]}, BOOK.reading.grades)
    held = window(facts(suggestion=hint), "2026-06-01")
    assert held.state == "held"
    assert held.flags == frozenset({"no-grade"})
    assert held.suggestion is not None
    assert held.suggestion.grade == "minor"
    assert "建议程度：轻微（仅警告或者通报批评）" in held.steps[-1].zh
    assert "Suggested: minor" in held.steps[-1].en


def test_what_is_over_by_every_grade_is_over() -> None:
    late = window(facts(decided="2026-04-01"), "2029-04-02")
    assert (late.state, late.max_end) == ("over", day("2029-04-01"))
    assert "any-grade" in late.flags
    assert window(facts(decided="2026-04-01"), "2029-04-01").state == "held"


def test_minor_records_are_not_published() -> None:
    assert window(facts(grade="minor"), "2026-06-01").state == "never"
    needed = facts(grade="minor", conditions=frozenset({"necessary"}))
    assert window(needed, "2026-06-01").max_end == day("2026-08-20")


# --- precedence ----------------------------------------------------------------------------------------


def test_the_earliest_end_counts_between_sets() -> None:
    fine = facts(grade="serious", conduct_ended="2023-01-10")
    seen = window(fine, "2026-06-01", SHANGHAI)
    assert (seen.max_end, seen.sets) == (day("2028-01-10"), ("shanghai/five-years",))
    assert window(facts(grade="general"), "2026-06-01", SHANGHAI).sets == ("r2026/general",)


def test_the_new_rules_cap_kinds_that_an_operator_adds() -> None:
    """A kind of negative sign that no set names falls under the national measures."""
    signs = {**BOOK.signs, "own-kind": "negative"}
    book = rules.RuleBook(BOOK.sets, signs, BOOK.calendar, BOOK.reading)
    seen = rules.evaluate(facts("own-kind", grade="general"), book, SHANGHAI, day("2026-06-01"))
    assert seen.max_end == day("2027-05-20")


def test_a_restriction_longer_than_the_cap_stands_on_a_cited_exception() -> None:
    ban = window(facts("market-ban", valid_to="2036-05-20"), "2031-06-01")
    assert (ban.state, ban.max_end) == ("open", day("2036-05-20"))
    assert any("食品安全法" in step.source.zh for step in ban.steps)
    assert window(facts("market-ban", valid_to="永久"), "2099-06-01").max_end is None


def test_rules_of_other_platforms_are_named_as_not_applying() -> None:
    held = window(facts(decided="2022-06-01"), "2023-03-01")
    assert held.state == "held"
    assert any("不适用于本站" in step.zh and "市场监督管理" in step.zh for step in held.steps)
    shown = window(
        facts(decided="2022-06-01", published="2022-06-10"), "2023-03-01", Jurisdiction(portal="gsxt")
    )
    assert shown.max_end == day("2025-06-10")


@pytest.mark.parametrize(
    ("decided", "published", "area", "end", "doubt"),
    [
        ("2026-06-01", "2026-09-01", "", "2029-06-30", False),
        ("2026-12-01", "2027-02-01", "", "2029-12-29", True),
        # It was published before: no day to come moves the start.
        ("2026-12-01", "2026-12-05", "", "2029-12-05", False),
        # Guangxi has a festival of its own in spring.
        ("2026-04-01", "2026-09-01", "", "2029-04-30", False),
        ("2026-04-01", "2026-09-01", "45", "2029-05-07", True),
    ],
)
def test_a_clock_that_starts_when_publication_was_due_counts_the_places_days_off_and_says_doubt(
    decided: str, published: str, area: str, end: str, *, doubt: bool
) -> None:
    where = Jurisdiction(area, "gsxt")
    found = window(facts(decided=decided, published=published), published, where)
    assert (found.max_end, "provisional" in found.flags) == (day(end), doubt)
    assert any("暂定" in line for line in rules.explain(found, "zh")) is doubt
    assert any("the date is provisional" in line for line in rules.explain(found, "en")) is doubt


# --- no rule, and real files without codes or grades -------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "where", "state"),
    [
        ("2018-06-01", SHANGHAI, "open"),
        ("2018-06-01", PORTAL, "held"),
        ("2026-11-24", SHANGHAI, "over"),
        ("2026-11-24", PORTAL, "over"),
        ("2022-01-01", SHANGHAI, "open"),
        ("2022-01-02", SHANGHAI, "over"),
    ],
)
def test_a_penalty_known_by_its_quarter(on: str, where: Jurisdiction, state: str) -> None:
    seen = window(facts(decided="2017-Q1"), on, where)
    assert seen.state == state
    if state == "held":
        assert "no-rule" in seen.flags
        assert "没有适用于本站此类信息" in seen.steps[0].zh
    elif on.startswith("2018"):
        assert seen.max_end == day("2022-01-01"), "five years from the first day that is possible"
        assert {"imprecise", "clock-fallback"} <= seen.flags
        assert any("2017-Q1" in step.zh for step in seen.steps)


def test_without_a_date_nothing_is_counted() -> None:
    held = rules.evaluate(Facts("penalty", None), BOOK, PORTAL, day("2026-06-01"))
    assert held.state == "held"
    assert held.flags == frozenset({"no-date"})


def test_a_court_list_of_2019_is_over_although_it_was_delivered_today() -> None:
    debtor = facts("dishonest-debtor", "2019-03-01")
    assert window(debtor, "2026-11-24").state == "over"


# --- the source's own words ----------------------------------------------------------------------------------


def test_an_earlier_end_of_the_source_wins() -> None:
    seen = window(facts(grade="general", own_end="2026-12-31"), "2026-06-01")
    assert seen.max_end == day("2026-12-31")
    assert "own-end-earlier" in seen.flags


@pytest.mark.parametrize("own", ["2027-05-21", "2030-01-01"])
def test_a_later_end_of_the_source_is_flagged(own: str) -> None:
    seen = window(facts(grade="general", own_end=own), "2026-06-01")
    assert seen.max_end == day("2027-05-20")
    assert "own-end-later" in seen.flags
    assert own in " ".join(rules.explain(seen, "en"))


def test_repair_after_the_end_is_no_repair() -> None:
    seen = window(facts(grade="general", own_end="2026-06-30"), "2026-06-01")
    assert seen.earliest_repair is None


def test_late_delivery_does_not_lengthen() -> None:
    fine = facts(grade="general")
    assert window(fine, "2027-03-01").max_end == window(fine, "2026-05-21").max_end == day("2027-05-20")
    assert window(fine, "2028-03-01").state == "over"


def test_a_lifted_record_leaves_that_day() -> None:
    measure = facts("enforcement", lifted="2026-06-10")
    assert window(measure, "2026-06-09").state == "open"
    assert window(measure, "2026-06-10").state == "over"


def test_a_licence_stays_and_says_that_it_expired() -> None:
    licence = facts("licence", "2020-03-01", valid_to="2023")
    seen = window(licence, "2026-06-01")
    assert (seen.state, seen.max_end) == ("open", None)
    assert "expired" in seen.flags
    assert "expired" not in window(licence, "2023-12-31").flags, (
        "the kinder reading is the last day of the year"
    )


def test_the_day_before_the_decision_nothing_is_shown() -> None:
    assert window(facts(grade="general"), "2026-05-19").state == "not-yet"
    assert window(facts(grade="general"), "2026-05-20").state == "open"


def test_a_promised_end_stays() -> None:
    seen = window(facts(grade="serious", promised=day("2027-05-20")), "2026-06-01")
    assert seen.max_end == day("2027-05-20")
    assert "promised" in seen.flags


# --- tighten -----------------------------------------------------------------------------------------------------


def test_a_new_window_is_never_longer() -> None:
    old, new = (window(facts(grade=grade), "2026-06-01") for grade in ("general", "serious"))
    kept = rules.tighten(old, new)
    assert (kept.max_end, kept.earliest_repair) == (old.max_end, old.earliest_repair)
    assert kept.sets == old.sets
    assert any("再次报送不延长" in step.zh for step in kept.steps)
    assert rules.tighten(new, old).max_end == old.max_end


def test_what_was_not_to_be_shown_stays_so_and_what_was_held_may_be_shown() -> None:
    never = window(facts(grade="minor"), "2026-06-01")
    held = window(facts(), "2026-06-01")
    shown = window(facts(grade="general"), "2026-06-02")
    assert rules.tighten(never, shown).state == "never"
    assert rules.tighten(held, shown) == shown
    assert rules.tighten(shown, held) == held


# --- words ---------------------------------------------------------------------------------------------------------


def test_every_step_names_law_and_article() -> None:
    fine = window(facts(decided="2025-06-01", grade="general"), "2026-04-01")
    for line in rules.explain(fine, "zh")[1:-3]:
        assert "（《信用修复管理办法》第二章）" in line or "（试行）》" in line
    assert (
        "Shown for at most 1 year, until 2026-06-01. (Measures for Credit Repair (order 36, 2026), chapter 2)"
        in (rules.explain(fine, "en"))
    )
    assert rules.explain(fine, "zh")[-1] == "公示至 2026-06-01 当日为止，2026-06-02 零时起不再显示。"
    assert rules.explain(fine, "en")[0] == "On 2026-04-01: may be shown."


def test_articles_are_read_in_english() -> None:
    shanghai = window(facts(decided="2018-03-01"), "2018-06-01", SHANGHAI)
    assert "(Shanghai Regulations on Social Credit, art. 35)" in "\n".join(rules.explain(shanghai, "en"))
    ban = window(facts("market-ban", valid_to="2036-05-20"), "2031-06-01")
    assert "art. 135" in "\n".join(rules.explain(ban, "en"))
