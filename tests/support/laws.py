"""Arbitrary sound rule sets and dates, for what must hold whatever the law says; and a law that changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from creditregister import dates, publicity, rules
from creditregister import settings as setting_files
from creditregister.kinds.model import Label
from creditregister.rules import Period, Rule, RuleBook, RuleSet, model
from creditregister.rules.model import Selector

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.dates import Civil
    from creditregister.publicity import Law
    from creditregister.rules.model import Grade, Publish

SHIPPED = rules.load()
#: Made rules and records lie close together, so that they meet; the shipped ones spread over two decades.
FIRST, LAST = date(2020, 1, 1), date(2024, 12, 31)
DAYS = st.dates(FIRST, LAST)
GRADES: st.SearchStrategy[Grade | None] = st.sampled_from((None, *model.GRADES))
LENGTHS = st.one_of(
    st.none(),
    st.builds(Period, st.integers(0, 500), st.just("day")),
    st.builds(Period, st.integers(0, 36), st.just("month")),
    st.builds(Period, st.integers(1, 3), st.just("year")),
)


def civil(day: date, precision: str) -> Civil:
    """A day, or the quarter or year it lies in."""
    if precision == "day":
        return dates.parse(day)
    return dates.parse(str(day.year) if precision == "year" else f"{day.year}-Q{(day.month + 2) // 3}")


def civils(days: st.SearchStrategy[date]) -> st.SearchStrategy[Civil]:
    """Dates, most of them exact."""
    return st.builds(civil, days, st.sampled_from(["day", "day", "quarter", "year"]))


@st.composite
def editions(draw: st.DrawFn, name: str, selectors: tuple[Selector, ...]) -> list[Rule]:
    """Rules of one set that follow each other over time, without gap or overlap."""
    begins = draw(st.sampled_from([FIRST - timedelta(days=900), FIRST, FIRST + timedelta(days=500)]))
    edges = sorted({begins, *draw(st.sets(DAYS, max_size=2))})
    last = draw(st.sampled_from([date.max, LAST + timedelta(days=400)]))
    ends = [edge - timedelta(days=1) for edge in edges[1:]] + [last]
    named = [(f"{name}-{place}", edge, ends[place]) for place, edge in enumerate(edges)]
    return [replace(draw(one_rule(*each)), selectors=selectors) for each in named]


@st.composite
def one_rule(draw: st.DrawFn, name: str, first: date, last: date) -> Rule:
    """A rule for penalties, whatever their grade."""
    publish: tuple[Publish, ...] = (*(("yes",) * 18), "no", "if-necessary")
    return Rule(
        id=name,
        label=Label("规则", "Rule"),
        source=Label(f"《{name}》第一条", f"{name}, art. 1"),
        selectors=(Selector("penalty"),),
        grades=frozenset(),
        start=first,
        until=last,
        publish=draw(st.sampled_from(publish)),
        clock=draw(
            st.sampled_from(("decision", "decision", "conduct-end", "effect", "validity-end", "lifting"))
        ),
        fallback=("decision",),
        starts=draw(st.sampled_from(["decision", "effect"])),
        missing="held",
        latest_start=None,
        minimum=draw(LENGTHS),
        maximum=draw(LENGTHS),
        extendable=draw(LENGTHS),
        or_until=draw(st.booleans()),
        stops=draw(st.booleans()),
        marked=False,
        repair=draw(st.sampled_from(["minimum", "duty", "never", "body", "none"])),
        exception=False,
        unconfirmed=False,
    )


@st.composite
def books(draw: st.DrawFn, kinds: tuple[str, ...] = ("penalty",)) -> RuleBook:
    """One to four sets with rules that are sound in themselves, each about some of the kinds or a sign."""
    signs = {kind: SHIPPED.signs[kind] for kind in kinds}
    names = [kinds] if len(kinds) == 1 else [kinds, *((kind,) for kind in kinds), ("negative", "positive")]
    sets = []
    for place in range(draw(st.integers(1, 4))):
        chosen = tuple(map(Selector, draw(st.sampled_from(names))))
        found = draw(editions(f"s{place}", chosen))
        grade = draw(st.sampled_from([False, False, True]))
        if grade:  # by grade: each edition three times, with other maxima
            found = [
                replace(rule, id=f"{rule.id}-{one}", grades=frozenset({one}), maximum=draw(LENGTHS))
                for rule in found
                for one in ("minor", "general", "serious")
            ]
        sets.append(
            RuleSet(
                id=f"s{place}",
                label=Label("条例", "Regulation"),
                law="条例",
                source="test",
                jurisdiction=draw(st.sampled_from(["national", "credit", "31", "37"])),
                start=min(rule.start for rule in found),
                until=max(rule.until for rule in found),
                yields_to=(),
                needs_grade=frozenset(map(str, chosen) if grade else ()),
                leaves=frozenset(),
                rules=tuple(found),
                clocks=(),
            )
        )
    return RuleBook(tuple(sets), signs, SHIPPED.calendar, SHIPPED.reading)


def local_law(
    place: Path, maximum: str, begins: str = "2026-05-01", *, graded: bool = False, repair: str = "none"
) -> Law:
    """The shipped rules and a set of this place with a maximum of its own; its file goes below ``place``.

    ``graded``: it needs a grade.
    """
    folder = place / "rules"
    folder.mkdir(exist_ok=True)
    (folder / "local.toml").write_text(
        f"""
zh = "某地规定"
en = "Local rules"
law = "某地规定"
source = "test"
jurisdiction = "99"
from = {begins}
{'needs_grade = ["negative"]' if graded else ""}
[[period]]
id = "all"
zh = "最长"
en = "At most"
article = "第一条"
kinds = ["negative"]
{'grades = ["minor", "general", "serious"]' if graded else ""}
maximum = "{maximum}"
repair = "{repair}"
[[example]]
zh = "例"
facts = {{ kind = "penalty", grade = "general", decided = 2026-06-01 }}
on = 2026-06-02
state = "open"
""",
        encoding="utf-8",
    )
    return publicity.load(
        setting_files.load(rules={"jurisdiction": "99", "portal": "credit", "added": folder})
    )
