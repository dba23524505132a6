"""For arbitrary laws, kinds, deliveries, changes of the law and days: what is shown, said and counted agrees."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from creditregister import daily, dates, explanation, kinds, records, rule_change, statistics
from creditregister.clock import FixedClock, civil
from creditregister.publicity import Law
from creditregister.rules import Jurisdiction
from creditregister.schema import record
from support.laws import SHIPPED, books
from support.registers import NOON, content, deliver, make_register, row

if TYPE_CHECKING:
    import pytest

    from creditregister.delivered import Delivered
    from creditregister.opening import Register
    from creditregister.records import Published
    from creditregister.rules import RuleBook

#: Made laws and their records lie around this day; the shipped law changes on 2026-04-01.
MADE, SHIPPED_FIRST = date(2021, 1, 1), date(2026, 1, 15)
ALL_KINDS = kinds.load()
#: Kind -> the field of the date that it names; a licence is positive, a ban may begin on a day to come.
KINDS = {
    name: ALL_KINDS[name].date for name in ("penalty", "serious-list", "market-ban", "licence", "arrears")
}
PORTAL = Jurisdiction("310000")
GRADES = ("", "general", "general", "minor", "serious")
#: Days from the record's own date to each further one of its dates; -1: it is not given.
AWAY = st.sampled_from((-1, -1, -1, -1, 0, 40, 200, 700))
ROWS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(sorted(KINDS)),
        "number": st.integers(1, 2),
        "age": st.sampled_from((0, 1, 30, 90, 400, 1200)),
        "severity": st.sampled_from(GRADES),
        "away": st.fixed_dictionaries(
            dict.fromkeys(("publicity_end", "valid_from", "valid_to", "conduct_ended", "closed_on"), AWAY)
        ),
        "taken": st.sampled_from(("", "", "", "", "", "revoked", "ended")),
    }
)
#: What happens: a delivery, an earlier one again, another law that is applied or not yet, a night.
STEPS = st.lists(
    st.tuples(
        st.one_of(
            st.tuples(st.just("deliver"), ROWS),
            st.tuples(st.just("deliver"), ROWS),
            st.tuples(st.just("again"), st.integers(0, 9)),
            st.tuples(st.sampled_from(("law", "law-to-come")), st.integers(0, 2)),
            st.tuples(st.just("night"), st.none()),
        ),
        st.sampled_from((0, 1, 20, 100, 300)),
    ),
    min_size=2,
    max_size=9,
)


@dataclass
class Story:
    """A register to which things happen, and the ends that its records had so far."""

    register: Register
    day: date
    laws: list[Law]
    applied: bool = True
    night: date | None = None
    rows: list[tuple[str, Delivered]] = field(default_factory=list)
    ends: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.register.__dict__["law"] = self.laws[0]

    @property
    def law(self) -> Law:
        return self.register.law

    def step(self, what: str, given: Any, gap: int) -> None:
        self.day += timedelta(days=gap)
        clock = self.register.clock
        assert isinstance(clock, FixedClock)
        clock.ms = NOON + (self.day - date(2026, 6, 1)).days * 86_400_000
        if what == "night":
            daily.run(self.register, self.day)
            self.night = self.day
            assert daily.run(self.register, self.day).total == 0
        elif what.startswith("law"):
            self.register.__dict__["law"] = self.laws[given]
            self.applied = what == "law"
            if self.applied:
                rule_change.apply(self.register, self.day, dry_run=False)
                assert rule_change.apply(self.register, self.day, dry_run=False).counts.total() == 0
        elif what == "deliver":
            self.rows.append(self.made(**given))
            self.deliver(*self.rows[-1])
        elif self.rows:
            self.deliver(*self.rows[given % len(self.rows)])

    def made(
        self, *, kind: str, number: int, age: int, severity: str, away: dict[str, int], taken: str
    ) -> tuple[str, Delivered]:
        decided = self.day - timedelta(days=age)
        more = {name: str(decided + timedelta(days=days)) for name, days in away.items() if days >= 0}
        values: dict[str, Any] = {"severity": severity, KINDS[kind]: str(decided), "number": str(number)}
        values |= more | {"dishonesty_field": ["market"]}  # a list that has its page
        flags = {taken: True} if taken else {}
        return kind, row(number, content=content(**values), decided=str(decided), **flags)

    def deliver(self, kind: str, one: Delivered) -> None:
        deliver(self.register, [one], kind=kind, law=self.law)

    def check(self, later: int = 0) -> None:
        """What is shown agrees with explanation, page and counts, and lasts no longer than it did before."""
        day = self.day + timedelta(days=later)
        query = select(record.c.n).where(record.c.state == "public", records.open_on(day.isoformat()))
        with self.register.store.read() as connection:
            shown = set(connection.scalars(query))
            numbers = connection.scalars(select(record.c.n)).all()
            found = records.by_any_number(connection, list(numbers))
            for item in found:
                case = explanation.case_of(connection, item)
                window = explanation.explanation(self.law, case, day)
                # What waits for its day is brought by the night, and there may have been none yet.
                begins = item.state == "waiting" and self.night != day
                assert window.shows(day) == (item.n in shown) or begins, (item, window)
                standing = records.standing(connection, item.id, day)
                assert (standing.state == "public") == (item.n in shown), (item, standing)
                if item.n in shown:
                    self.inside(item, case, day)
                self.no_longer(item)
            subjects = {item.subject_id for item in found if item.subject_id}
            of_subjects = [records.counts_of_subject(connection, one, day) for one in sorted(subjects)]
        assert sum(sum(each.values()) for each in of_subjects) == len(shown)
        event(f"shown: {bool(shown)}")
        counted = statistics.figures(statistics.tally().at(self.register.store, day))
        assert counted.total({}).companies == len(shown)
        for kind in KINDS:
            count = counted.total({"kind": kind}).companies
            assert count == sum(item.kind == kind and item.n in shown for item in found)

    def inside(self, item: Published, case: explanation.Case, day: date) -> None:
        """Shown is only what its own window allows, and what the law allows by itself once it is applied."""
        assert item.shown_from <= day.isoformat() <= (item.shown_until or "9")
        if self.applied:
            published = dates.parse(civil(item.published_at)) if item.published_at else None
            fresh = self.law.window(item.kind, case.content, day, published=published)
            assert fresh.shows(day), (item, fresh)

    def no_longer(self, item: Published) -> None:
        """The end of what may be shown now or again is never later than it was."""
        if item.state in {"public", "waiting", "held"}:
            end = item.max_end or "9"
            assert end <= self.ends.get(item.n, "9"), item
            self.ends[item.n] = end


def tell(folder: Any, books_: list[RuleBook], first: date, story: list[Any]) -> None:
    register = make_register(folder)
    told = Story(register, first, [Law(book, PORTAL, ALL_KINDS) for book in books_])
    for (what, given_), gap in story:
        told.step(what, given_, gap)
        told.check()
    for later in (1, 99, 300, 800):
        told.check(later)
        told.step("night", None, later)
        told.check()
    register.store.close()


SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))


@settings(SLOW, max_examples=40)
@given(books_=st.lists(books(tuple(KINDS)), min_size=3, max_size=3), story=STEPS)
def test_whatever_the_law_says(
    tmp_path_factory: pytest.TempPathFactory, books_: list[RuleBook], story: list[Any]
) -> None:
    tell(tmp_path_factory.mktemp("story"), books_, MADE, story)


@settings(SLOW, max_examples=15)
@given(story=STEPS)
def test_as_the_shipped_law_says(tmp_path_factory: pytest.TempPathFactory, story: list[Any]) -> None:
    tell(tmp_path_factory.mktemp("story"), [SHIPPED] * 3, SHIPPED_FIRST, story)
