"""Punctuality against days counted by hand: the unit's time and the site's apart, nobody blamed for the past."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import insert, update

from creditregister import publication, punctuality, rules
from creditregister.clock import FixedClock, midnight
from creditregister.publication import Author
from creditregister.punctuality import Measure
from creditregister.records import by_any_number
from creditregister.schema import record, schedule
from creditregister.standing import Standing, Timed, median
from creditregister.tally import Tally
from creditregister.text import canonical
from support.laws import local_law
from support.registers import content, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.delivered import Delivered
    from creditregister.opening import Register

MEASURE = Measure(rules.load())
TODAY = date(2026, 6, 1)
#: Friday; the seventh working day after it is 2026-05-08, over the days off of 1 to 5 May.
DECIDED = "2026-04-24"


def licence(place: int, decided: str = DECIDED, **values: Any) -> Delivered:
    public = {
        "v": 1,
        "name": f"云泽甲{place}有限公司",
        "area": "990100",
        "date": values.pop("date", decided),
    }
    own = {"content": content(decision_date=decided, facts=str(place)), "decided": decided}
    return replace(row(place, public=canonical(public)), **own | values)


def begin(register: Register, since: str, kind: str = "licence") -> None:
    with register.store.write() as connection:
        connection.execute(insert(schedule).values(unit_id=1, kind=kind, every="month", since=since))


def at(register: Register, day: date) -> None:
    assert isinstance(register.clock, FixedClock)
    register.clock.ms = midnight(day)


def standings(register: Register, today: date = TODAY) -> list[Standing]:
    timed = Tally(MEASURE.count).at(register.store, today)
    withdrawn = Tally(MEASURE.withdrawals).at(register.store, today)
    with register.store.read() as connection:
        return punctuality.standings(connection, MEASURE, timed.counts, withdrawn.counts, today)


def test_the_days_of_the_worked_examples() -> None:
    for decided, due in ((date(2026, 2, 13), date(2026, 3, 2)), (date(2026, 9, 30), date(2026, 10, 15))):
        punctual = MEASURE.lags("penalty", decided, due, due)
        assert (punctual.due, punctual.unit, punctual.late) == (due, 7, False)
    late = MEASURE.lags("penalty", date(2026, 2, 13), date(2026, 3, 3), date(2026, 3, 3))
    assert (late.unit, late.late, late.site, late.site_late) == (8, True, 0, False)


def test_the_sites_own_lateness_is_not_the_units() -> None:
    lags = MEASURE.lags("licence", date(2026, 4, 24), date(2026, 4, 27), date(2026, 5, 9))
    assert (lags.unit, lags.late, lags.site, lags.site_late) == (1, False, 7, True)


def test_a_kind_without_a_time_limit_has_no_last_day() -> None:
    lags = MEASURE.lags("commitment", date(2026, 4, 24), date(2026, 5, 29), date(2026, 5, 29))
    assert (lags.due, lags.late, lags.unit) == (None, False, 23)


@pytest.mark.parametrize(
    ("decided", "doubt"), [("2026-12-01", False), ("2026-12-15", True), ("2027-02-01", True)]
)
def test_a_deadline_that_crosses_into_days_nobody_announced_says_so(decided: str, *, doubt: bool) -> None:
    day = date.fromisoformat(decided)
    assert MEASURE.lags("penalty", day, day, day).provisional is doubt


def test_in_time_late_and_the_median(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    begin(register, "2026-04-01")
    at(register, date(2026, 5, 12))
    deliver(register, [licence(1), licence(2)], kind="licence", received=date(2026, 4, 28))
    deliver(register, [licence(3)], kind="licence", received=date(2026, 5, 7))
    deliver(register, [licence(4), licence(5)], kind="licence", received=date(2026, 5, 9))
    (one,) = standings(register)
    assert (one.assessed, one.on_time, one.late) == (5, 3, 2)
    # 2, 2, 6, 8, 8 working days from the decision, of which 9 May was a make-up day; then 8, 8, 4, 2, 2.
    assert (one.median, one.site_median) == (6, 4)
    assert one.site_late == 3
    assert one.months() == {"2026-04": (3, 2)}


def test_only_what_was_public_and_has_a_day_is_looked_at(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    begin(register, "2025-01-01")
    rows = [
        licence(1),
        licence(2, date="2026-Q2"),
        licence(3, decided="2025-06-30"),
        licence(4, klass="person", name="郑无名", number="990100198502031004"),
        licence(5),
    ]
    deliver(register, rows, kind="licence")
    deliver(register, [licence(6)], kind="commitment")
    with register.store.write() as connection:
        publication.withdraw(
            connection, by_any_number(connection, [5]), "ended", Author("t", "t", register.clock.now())
        )
    found = {each.kind: each.assessed for each in standings(register)}
    # What was withdrawn since is counted all the same.
    assert found == {"licence": 2}


def test_what_became_of_a_record_takes_no_lateness_away(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    begin(register, "2026-04-01")
    at(register, date(2026, 5, 12))
    came: dict[str, Any] = {"kind": "licence", "received": date(2026, 5, 11)}
    deliver(register, [licence(n) for n in range(1, 5)], **came)

    def seen(today: date = TODAY) -> tuple[int, int, int | None]:
        (one,) = standings(register, today)
        return one.assessed, one.late, one.median

    before = seen()
    assert before == (4, 4, 9)
    author = Author("t", "t", register.clock.now())
    with register.store.write() as connection:
        for number, state in ((1, "ended"), (2, "annulled"), (3, "held")):
            publication.withdraw(connection, by_any_number(connection, [number]), state, author)
        connection.execute(update(record).where(record.c.n == 4).values(shown_until="2026-05-13"))
    assert seen() == before
    with register.store.read() as connection:
        of_bodies = punctuality.of_bodies(connection, MEASURE, [0], TODAY)
    assert (of_bodies.assessed, of_bodies.late) == (4, 4)


def test_what_was_over_on_delivery_counts_as_late_from_the_day_after(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    begin(register, "2025-01-01", "penalty")
    day = date(2026, 6, 1)
    at(register, day)

    def penalty(place: int, decided: str, **values: Any) -> Delivered:
        own = {"content": content(decision_date=decided, facts=str(place), severity="general")}
        return licence(place, decided, **own | values)

    # Of three months the first has most left, the second none; the third was over, and in time, by its source.
    rows = [penalty(1, "2026-05-25"), penalty(2, "2026-01-15"), penalty(3, "2026-05-26", ended=True)]
    law = local_law(tmp_path, "3 months", "2025-01-01")
    deliver(register, rows, received=date(2026, 5, 29), law=law)
    measure = Measure(law.book, law.jurisdiction)
    tally = Tally(measure.count)
    assert sum(tally.at(register.store, day).counts.values()) == 1
    after = tally.at(register.store, date(2026, 6, 2)).counts
    assert sorted((one.month, one.late, one.site_lag, one.site_late) for one in after) == [
        ("2026-01", True, -1, False),
        ("2026-05", False, 1, False),
    ]
    (standing,) = standings(register, date(2026, 6, 2))
    assert (standing.assessed, standing.late, standing.site_median) == (2, 1, 1)


@pytest.mark.parametrize(("since", "assessed"), [("2026-04-01", 1), ("2026-04-02", 0), ("", 0)])
def test_what_was_decided_before_reporting_began_is_nobodys_lateness(
    tmp_path: Path, since: str, assessed: int
) -> None:
    register = make_register(tmp_path)
    if since:
        begin(register, since)
    deliver(register, [licence(1)], kind="licence", received=date(2026, 5, 20))
    assert sum(each.assessed for each in standings(register)) == assessed


def test_without_a_schedule_reporting_begins_with_the_first_delivery(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [licence(1, decided="2026-01-09")], kind="licence", received=date(2026, 3, 30))
    deliver(register, [licence(2)], kind="licence", received=date(2026, 4, 27))
    (one,) = standings(register)
    assert (one.assessed, one.late, one.reports) == (1, 0, ())


def test_withdrawals_run_from_the_units_word_and_from_the_end_of_a_term(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [licence(n) for n in range(1, 5)], kind="licence")
    author = Author("t", "t", midnight(date(2026, 5, 29)))
    at(register, date(2026, 5, 29))
    deliver(
        register,
        [licence(1, revoked=True, content=content(x="1"))],
        kind="licence",
        received=date(2026, 5, 25),
    )
    deliver(
        register,
        [licence(2, revoked=True, content=content(x="2"))],
        kind="licence",
        received=date(2026, 5, 26),
    )
    with register.store.write() as connection:
        connection.execute(update(record).where(record.c.n == 3).values(shown_until="2026-05-28"))
        publication.withdraw(connection, by_any_number(connection, [3]), "ended", author)
        # Taken back by hand: neither the unit's word nor the end of a term, so nobody was late.
        publication.withdraw(connection, by_any_number(connection, [4]), "ended", author)
    (one,) = standings(register)
    # Four working days, three, none.
    assert one.withdrawals == (3, 1, 3)
    assert one.provisional == (0, 0, 0)


def test_what_crosses_into_days_nobody_announced_is_counted_as_provisional(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    begin(register, "2026-12-01")
    at(register, date(2026, 12, 21))
    deliver(register, [licence(1, "2026-12-03"), licence(2, "2026-12-18")], kind="licence")
    at(register, date(2026, 12, 28))
    gone = [licence(1, "2026-12-03", revoked=True, content=content(x="1"))]
    deliver(register, gone, kind="licence", received=date(2026, 12, 23))
    today = date(2027, 1, 4)
    (one,) = standings(register, today)
    # The second licence was due on 29 December, the withdrawal took days after the 22nd, December's delivery
    # is due in January.
    assert one.provisional == (1, 1, 1)


@pytest.mark.parametrize(
    ("today", "last"), [("2026-06-01", ""), ("2026-11-20", ""), ("2026-11-24", "2026-12-22")]
)
def test_the_first_time_limit_that_runs_into_days_nobody_announced(today: str, last: str) -> None:
    found = MEASURE.ahead(date.fromisoformat(today))
    assert str(found.day if found else "") == last


def test_the_trend_compares_whole_months() -> None:
    def timed(month: str, *, late: bool, count: int) -> dict[Timed, int]:
        return {Timed(1, "licence", month, 1, late, 0, False, False): count}

    counts = timed("2025-12", late=True, count=1) | timed("2026-02", late=False, count=1)
    counts |= timed("2026-03", late=False, count=3) | timed("2026-05", late=True, count=1)
    counts |= timed("2026-06", late=True, count=50)
    assert Standing(1, "licence", "", counts, {}, ()).trend(TODAY) == 25
    assert Standing(1, "licence", "", timed("2026-05", late=True, count=1), {}, ()).trend(TODAY) is None


def test_the_median_is_a_number_that_occurred() -> None:
    assert [median(Counter(numbers)) for numbers in ([], [3], [1, 9], [1, 2, 9], [0] * 5 + [7] * 4)] == [
        None,
        3,
        1,
        2,
        0,
    ]


def test_several_standings_are_one(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    begin(register, "2026-04-01")
    begin(register, "2026-04-01", "penalty")
    for kind in ("licence", "penalty"):
        deliver(register, [licence(1)], kind=kind, received=date(2026, 4, 28))
    both = punctuality.together(standings(register))
    assert (both.assessed, both.periods("reported"), both.periods("open")) == (2, 2, 2)
