"""The dated rules govern what is public: from delivery to the night on which a record leaves."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from creditregister import daily, explanation, publicity, records, rule_change
from creditregister import settings as setting_files
from creditregister.clock import FixedClock
from creditregister.delivered import Outcome
from creditregister.publicity import Law, Term
from creditregister.schema import held, ledger, record, record_version, row_problem
from support.laws import local_law
from support.registers import LAW, NOON, content, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register
    from creditregister.records import Published
    from creditregister.rules import Window

A, U, S, H = Outcome.ACCEPTED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.HELD
TODAY = date(2026, 6, 1)


def penalty(number: int = 1, **fields: str) -> Any:
    """A penalty with these fields in its content; the decision's day is also the row's."""
    given = {"decision_date": "2026-05-20", "severity": "general"} | fields
    return row(number, content=content(number=str(number), **given), decided=given["decision_date"][:10])


def at(register: Register, day: str) -> None:
    """Let it be noon of that day."""
    clock = register.clock
    assert isinstance(clock, FixedClock)
    clock.ms = NOON + (date.fromisoformat(day) - TODAY).days * 86_400_000


def item(register: Register, n: int = 1) -> Published:
    with register.store.read() as connection:
        return records.by_any_number(connection, [n])[0]


def shown(register: Register, day: str) -> int:
    """How many company records may be seen on that day."""
    with register.store.read() as connection:
        query = select(record.c.n).where(record.c.state == "public", records.open_on(day))
        return len(connection.scalars(query).all())


def entries(register: Register) -> list[tuple[str, str]]:
    with register.store.read() as connection:
        return [
            (a, r)
            for a, r in connection.execute(select(ledger.c.action, ledger.c.reason).order_by(ledger.c.seq))
        ]


def why(register: Register, day: str, n: int = 1, law: Law = LAW) -> Window:
    with register.store.read() as connection:
        found = records.by_any_number(connection, [n])[0]
        return explanation.explanation(law, explanation.case_of(connection, found), date.fromisoformat(day))


# --- deliveries --------------------------------------------------------------------------------------------


def test_a_version_keeps_the_window_and_the_rule_it_was_given(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    assert deliver(register, [penalty()]) == [A]
    term = Term("2026-05-20", "2026-08-20", "2027-05-20", "2026-08-20", "", "r2026/general")
    assert item(register).term == term
    with register.store.read() as connection:
        columns = [record_version.c[name] for name in Term._fields]
        assert tuple(connection.execute(select(*columns)).one()) == term


@pytest.mark.parametrize(
    ("fields", "state", "code"),
    [
        ({"decision_date": "2024-05-20"}, "ended", "over"),
        ({"severity": "minor"}, "never", "never"),
        ({"decision_date": "2026-05-20", "publicity_end": "2026-05-31"}, "ended", "over"),
    ],
)
def test_what_may_not_be_shown_is_kept_and_the_unit_is_told(
    tmp_path: Path, fields: dict[str, str], state: str, code: str
) -> None:
    register = make_register(tmp_path)
    assert deliver(register, [penalty(1, **fields)]) == [A]
    found = item(register)
    assert (found.state, found.published_at) == (state, 0)
    assert entries(register) == []
    with register.store.read() as connection:
        (told,) = connection.execute(select(row_problem.c.outcome, row_problem.c.code)).all()
        assert records.standing(connection, found.id, TODAY).state == "unknown"
    assert tuple(told) == ("warned", code)


def test_without_a_grade_a_row_is_held_with_a_suggestion_and_its_reason(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    bare = penalty(severity="", penalty_kind="revocation")
    assert deliver(register, [bare]) == [H]
    with register.store.read() as connection:
        (found,) = connection.execute(select(held.c.code, held.c.message)).all()
    assert found.code == "no-grade"
    assert "建议程度：严重（处罚种类：revocation）" in found.message
    assert "《信用修复管理办法》第二章" in found.message
    assert deliver(register, [penalty(severity="serious", penalty_kind="revocation")]) == [A]


def test_where_no_rule_is_in_force_a_row_is_held(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    at(register, "2018-06-01")
    old = penalty(decision_date="2017-03-20", severity="")
    assert deliver(register, [old]) == [H]
    with register.store.read() as connection:
        assert connection.scalars(select(held.c.code)).all() == ["no-rule"]
    shanghai = publicity.load(
        setting_files.load(rules={"jurisdiction": "310104", "portal": "credit", "added": None})
    )
    assert deliver(register, [old], law=shanghai) == [A]
    assert item(register).term == Term("2017-03-20", "", "2022-03-20", "", "", "shanghai/five-years")
    assert shown(register, "2018-06-01") == 1


def test_a_sources_own_earlier_end_wins_and_a_later_one_is_flagged(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [penalty(1, publicity_end="2026-09-30"), penalty(2, publicity_end="2029-05-20")])
    assert [item(register, n).shown_until for n in (1, 2)] == ["2026-09-30", "2027-05-20"]
    with register.store.read() as connection:
        late = select(row_problem.c.row).where(row_problem.c.code == "own-end-later")
        assert connection.scalars(late).all() == [2]


def test_no_correction_lengthens(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [penalty()])
    at(register, "2026-07-01")
    assert deliver(register, [penalty(severity="serious")]) == [U]
    assert deliver(register, [penalty(decision_date="2026-06-20")]) == [U]
    assert (item(register).shown_until, item(register).version) == ("2027-05-20", 3)
    assert deliver(register, [penalty(decision_date="2026-05-10")]) == [U]
    assert item(register).shown_until == "2027-05-10"


def test_what_was_not_to_be_published_stays_so_and_says_why(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [penalty(severity="minor")])
    assert deliver(register, [penalty()]) == [U]
    assert (item(register).state, item(register).version) == ("never", 2)
    with register.store.read() as connection:
        told = connection.scalars(select(row_problem.c.message).where(row_problem.c.code == "never")).all()
    assert "此前版本依规定不公示" in told[-1]
    steps = why(register, "2026-06-01").steps
    assert steps[-1].en.startswith("An earlier version was not to be published")
    assert not any("no last day" in step.en for step in steps)


def test_a_correction_that_ends_the_term_withdraws(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [penalty()])
    assert deliver(register, [penalty(decision_date="2025-05-20")]) == [U]
    with register.store.read() as connection:
        assert records.standing(connection, item(register).id, TODAY).state == "ended"
    assert entries(register) == [("publish", "delivery"), ("withdraw", "ended")]
    assert deliver(register, [penalty(facts="再次更正")]) == [H]


def test_a_record_for_a_day_to_come_waits_for_it(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    ban = row(
        1,
        content=content(decision_date="2026-05-20", valid_from="2026-07-01", valid_to="2028-06-30"),
    )
    assert deliver(register, [ban], kind="market-ban") == [A]
    found = item(register)
    assert (found.state, found.shown_from) == ("waiting", "2026-07-01")
    with register.store.read() as connection:
        assert records.standing(connection, found.id, date(2026, 7, 1)).state == "unknown"
    assert daily.run(register, date(2026, 6, 30)).total == 0
    at(register, "2026-07-01")
    assert daily.run(register, date(2026, 7, 1)).of("begun") == 1
    assert entries(register) == [("publish", "begun")]
    found = item(register)
    assert found.published_at == register.clock.now()
    with register.store.read() as connection:
        assert records.standing(connection, found.id, date(2026, 7, 1)).state == "public"
        assert connection.scalar(select(record_version.c.salt)) is not None
    assert daily.run(register, date(2026, 7, 1)).total == 0


# --- the night -----------------------------------------------------------------------------------------------


def test_gone_at_midnight_and_withdrawn_by_the_nightly_job_once(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [penalty(1), penalty(2, severity="serious")])
    assert (shown(register, "2027-05-20"), shown(register, "2027-05-21")) == (2, 1)
    with register.store.read() as connection:
        assert records.standing(connection, item(register).id, date(2027, 5, 21)).state == "ended"
    assert daily.run(register, date(2027, 5, 20)).total == 0
    assert daily.preview(register, date(2027, 5, 21)).counts == {("penalty", "ended"): 1}
    assert daily.run(register, date(2027, 5, 21)).counts == {("penalty", "ended"): 1}
    assert daily.run(register, date(2027, 5, 21)).total == 0
    assert entries(register)[2:] == [("withdraw", "expired")]
    assert item(register).state == "ended"


def test_after_days_of_silence_all_is_done_at_once_and_a_clock_set_back_reopens_nothing(
    tmp_path: Path,
) -> None:
    register = make_register(tmp_path)
    deliver(register, [penalty(n, decision_date=f"2026-05-{n:02d}") for n in range(1, 21)])
    done = daily.run(register, date(2027, 5, 11))
    assert done.of("ended") == 10
    assert daily.run(register, date(2026, 6, 1)).total == 0
    assert shown(register, "2026-06-01") == 10
    assert len([each for each in entries(register) if each == ("withdraw", "expired")]) == 10


@pytest.mark.parametrize(
    ("decided", "last"),
    [("2026-12-31", "2027-12-31"), ("2027-02-28", "2028-02-28"), ("2028-02-29", "2029-02-28")],
)
def test_leap_day_and_year_end(tmp_path: Path, decided: str, last: str) -> None:
    register = make_register(tmp_path)
    at(register, decided)
    assert deliver(register, [penalty(decision_date=decided)]) == [A]
    end = date.fromisoformat(last)
    after = date.fromordinal(end.toordinal() + 1)
    assert (shown(register, last), shown(register, after.isoformat())) == (1, 0)
    assert (daily.run(register, end).total, daily.run(register, after).of("ended")) == (0, 1)


def test_records_without_a_grade_are_held_on_the_night_of_the_new_rules(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    at(register, "2026-03-01")
    bare = penalty(decision_date="2026-02-01", severity="")
    assert deliver(register, [bare]) == [A]
    found = item(register)
    assert (found.held_from, found.shown_until) == ("2026-04-01", "2026-03-31")
    assert (shown(register, "2026-03-31"), shown(register, "2026-04-01")) == (1, 0)
    at(register, "2026-04-01")
    assert daily.run(register, date(2026, 4, 1)).counts == {("penalty", "held"): 1}
    assert daily.run(register, date(2026, 4, 2)).total == 0
    assert item(register).state == "held"
    with register.store.read() as connection:
        assert records.standing(connection, found.id, date(2026, 4, 2)).state == "ended"
    # The grade brings it back, with the end that it has by its grade.
    assert deliver(register, [penalty(decision_date="2026-02-01")]) == [U]
    found = item(register)
    assert (found.state, found.shown_until, found.version) == ("public", "2027-02-01", 2)
    assert entries(register) == [("publish", "delivery"), ("withdraw", "no-grade"), ("restore", "delivery")]
    with register.store.read() as connection:
        assert records.standing(connection, found.id, date(2026, 4, 2)).state == "public"


def test_the_night_finds_what_is_due_by_an_index(tmp_path: Path) -> None:
    """In the order of the table each part would look through the whole register: minutes of ten million."""
    register = make_register(tmp_path)
    if not register.store.label.endswith(".sqlite"):
        pytest.skip("only SQLite tells its plan before there is anything to look for")
    with register.store.read() as connection:
        for due in daily.due_on(date(2026, 7, 1)):
            query = daily.next_due(due, date(2026, 7, 1), ("", 0), 100)
            text = query.compile(connection, compile_kwargs={"literal_binds": True})
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
            assert "USING INDEX ix_record_" in plan[0], plan
            assert not [step for step in plan if "TEMP B-TREE" in step]


def test_a_record_that_may_not_be_shown_keeps_no_other_from_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("creditregister.pacing.FIRST", 2)
    monkeypatch.setattr("creditregister.pacing.GROWTH", 0)
    monkeypatch.setattr("creditregister.pacing.FEWEST", 2)
    register = make_register(tmp_path)
    term = {"decision_date": "2026-05-20", "valid_from": "2026-07-01", "valid_to": "2028-06-30"}
    bans = [row(n, content=content(facts=str(n), **term)) for n in range(1, 8)]
    assert deliver(register, bans, kind="market-ban") == [A] * 7
    deliver(register, [penalty(8)])
    leaking = {1, 2, 4}
    clean = item(register).public
    with register.store.write() as connection:
        mine = update(record_version).where(record_version.c.n.in_(leaking))
        connection.execute(mine.values(public='{"facts":"当事人 11010519491231002X"}'.encode()))
        over = update(record).where(record.c.n == 8)
        connection.execute(over.values(shown_until="2026-06-20"))
    at(register, "2026-07-01")
    refused = sorted(item(register, n).id for n in leaking)
    for counts in ({("market-ban", "begun"): 4, ("penalty", "ended"): 1}, {}):
        done = daily.run(register, date(2026, 7, 1))
        assert (done.counts, sorted(done.refused)) == (counts, refused)
    assert [item(register, n).state for n in range(1, 8)] == [
        "waiting" if n in leaking else "public" for n in range(1, 8)
    ]
    # What it holds is put right, and it begins.
    with register.store.write() as connection:
        connection.execute(mine.values(public=clean))
    done = daily.run(register, date(2026, 7, 2))
    assert (done.of("begun"), done.refused) == (3, [])


def test_what_is_held_for_too_long_lapses(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    at(register, "2026-03-01")
    deliver(register, [penalty(n, decision_date="2026-02-01", severity="") for n in range(1, 4)])
    daily.run(register, date(2026, 4, 1))
    until = date.fromisoformat(item(register).max_end)
    assert daily.run(register, until).total == 0
    assert daily.run(register, date.fromordinal(until.toordinal() + 1)).of("lapsed") == 3
    assert [item(register, n).state for n in (1, 2, 3)] == ["ended"] * 3


# --- a change of rules -----------------------------------------------------------------------------------------


def test_a_change_of_rules_shortens_openly_and_never_lengthens(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [penalty(1), penalty(2, decision_date="2026-05-31")])
    register.__dict__["law"] = local_law(tmp_path, "6 months")
    dry = rule_change.apply(register, TODAY, dry_run=True)
    assert (dry.looked_at, dry.counts) == (2, {"shortened": 2})
    assert item(register).version == 1
    assert why(register, "2026-06-01", law=register.law).max_end == date(2027, 5, 20)
    assert rule_change.apply(register, TODAY, dry_run=False).counts == {"shortened": 2}
    assert [item(register, n).shown_until for n in (1, 2)] == ["2026-11-20", "2026-11-30"]
    assert item(register).rule == "local/all"
    assert entries(register)[2:] == [("correct", "rules")] * 2
    register.__dict__["law"] = local_law(tmp_path, "2 years")
    assert rule_change.apply(register, TODAY, dry_run=False).counts == {}
    assert item(register).shown_until == "2026-11-20"


def test_a_change_of_rules_never_puts_off_the_day_from_which_a_record_is_held(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    at(register, "2026-03-01")
    bare = {"decision_date": "2026-02-01", "severity": ""}
    deliver(register, [penalty(1, **bare), penalty(2, **bare)])
    day = date(2026, 3, 1)
    register.__dict__["law"] = local_law(tmp_path, "3 years", "2026-03-15", graded=True)
    assert rule_change.apply(register, day, dry_run=False).counts == {"shortened": 2}
    assert item(register).shown_until == "2026-03-14"
    register.__dict__["law"] = local_law(tmp_path, "3 years", "2026-03-15")
    assert rule_change.apply(register, day, dry_run=False).counts == {}
    assert item(register).shown_until == "2026-03-14"
    register.__dict__["law"] = local_law(tmp_path, "1 year", "2026-03-15")
    assert rule_change.apply(register, day, dry_run=False).counts == {"shortened": 2}
    assert (item(register).max_end, item(register).shown_until) == ("2027-02-01", "2026-03-14")
    # Its grade still brings it back.
    at(register, "2026-03-20")
    assert daily.run(register, date(2026, 3, 20)).counts == {("penalty", "held"): 2}
    deliver(register, [penalty(1, decision_date="2026-02-01")], law=register.law)
    assert [item(register, n).state for n in (1, 2)] == ["public", "held"]


@pytest.mark.parametrize("severity", ["", "general"])
def test_a_correction_without_a_grade_keeps_the_day_of_a_set_that_is_gone(
    tmp_path: Path, severity: str
) -> None:
    """The set is taken away, and nobody applies the change before the units go on delivering."""
    register = make_register(tmp_path)
    at(register, "2026-03-01")
    bare = {"decision_date": "2026-02-01", "severity": ""}
    graded = local_law(tmp_path, "3 years", "2026-03-15", graded=True)
    assert deliver(register, [penalty(n, **bare) for n in (1, 2)], law=graded) == [A, A]
    assert item(register).shown_until == "2026-03-14"
    gone = local_law(tmp_path, "3 years", "2026-03-15")
    again = bare | {"severity": severity, "facts": "更正"}
    assert deliver(register, [penalty(1, **again)], law=gone) == [U]
    found = item(register)
    # By the nation-wide rules it lacks the grade from April on.
    assert (found.held_from, found.shown_until) == (
        ("", "2027-02-01") if severity else ("2026-03-15", "2026-03-14")
    )
    reasons = why(register, "2026-03-01", law=gone).steps
    assert any("未补充失信严重程度的" in step.zh for step in reasons) is not bool(severity)
    # Once the day is there, the same correction waits for its grade, and nothing is shown again.
    at(register, "2026-03-20")
    daily.run(register, date(2026, 3, 20))
    assert deliver(register, [penalty(2, **again)], law=gone) == [U if severity else H]
    assert item(register, 2).state == ("public" if severity else "held")


def test_a_change_of_rules_brings_the_day_of_repair_forward_and_never_puts_it_off(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [penalty()])
    assert item(register).term.repair_from == "2026-08-20"
    register.__dict__["law"] = local_law(tmp_path, "3 years", repair="duty")
    assert rule_change.apply(register, TODAY, dry_run=False).counts == {"repairable sooner": 1}
    assert (item(register).term.repair_from, item(register).shown_until) == ("2026-05-20", "2027-05-20")
    register.__dict__["law"] = LAW
    assert rule_change.apply(register, TODAY, dry_run=False).counts == {}
    assert item(register).term.repair_from == "2026-05-20"


def test_a_change_of_rules_ends_what_is_over(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [penalty(1, decision_date="2026-05-01")])
    register.__dict__["law"] = local_law(tmp_path, "10 days")
    assert rule_change.apply(register, TODAY, dry_run=False).counts == {"ended": 1}
    assert item(register).state == "ended"


# --- explanation -----------------------------------------------------------------------------------------------


def test_the_explanation_says_what_is_shown(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [penalty()])
    now = why(register, "2026-06-01")
    assert (now.state, now.max_end, now.earliest_repair) == ("open", date(2027, 5, 20), date(2026, 8, 20))
    assert any("最长公示 1 年" in step.zh for step in now.steps)
    assert why(register, "2027-05-20").shows(date(2027, 5, 20))
    assert why(register, "2027-05-21").state == "over"
