"""The numbers of publicity and punctuality that were read in the texts, each in its set, each with its example.

A number that is no law's (*unconfirmed* in its file) is the operator's to change and does not stand here, but for
the minimum terms of order 58, which were confirmed while its maximum was not.
"""

from __future__ import annotations

import tomllib

import pytest

from creditregister import rules
from creditregister.rules import Period
from creditregister.shipping import shipped

BOOK = rules.load()
SETS = {one.id: one for one in BOOK.sets}
#: (set/rule, at least, at most, extendable by).
PERIODS = [
    ("r2026/minor", "", "3 months", ""),
    ("r2026/general", "3 months", "1 year", ""),
    ("r2026/serious", "1 year", "3 years", ""),
    ("r2026/serious-list", "1 year", "3 years", ""),
    ("r2026/debtor-minor", "", "3 months", ""),
    ("r2026/debtor-general", "", "1 year", ""),
    ("r2026/debtor-serious", "", "3 years", ""),
    ("r2023/penalty", "3 months", None, ""),
    ("r2023/safety", "1 year", None, ""),
    ("r2023/lists", "", "", ""),
    ("court-2013/debtor", "", "", ""),
    ("court-2017/able", "", "", ""),
    ("court-2017/cases", "", "2 years", "3 years"),
    ("fuding/five-years", "", "5 years", ""),
    ("market-2021/slight", "", "3 months", ""),
    ("market-2021/penalty", "", "3 years", ""),
    ("market-2021/restricted", "", "3 years", ""),
    ("company-2014/abnormal", "", "", ""),
    ("company-2014/serious", "", "5 years", ""),
    ("shanghai/five-years", "", "5 years", ""),
    ("shandong/five-years", "", "5 years", ""),
    ("records/ban", "", "0 days", ""),
    ("records/arrears", "", "", ""),
    ("records/rating", "", "", ""),
    ("licensing-law/licence", "", "0 days", ""),
]
#: (set/clock, within, extendable by).
CLOCKS = [
    ("seven-days/double", "7 wd", ""),
    ("seven-days/eight", "7 wd", ""),
    ("penalty-law/withdraw", "3 wd", ""),
    ("enforcement-law/sealing", "30 days", "30 days"),
    ("enforcement-law/freezing", "30 days", "30 days"),
    ("licensing-law/decide", "20 wd", "10 wd"),
    ("licensing-law/decide-jointly", "45 wd", "15 wd"),
    ("government-information/publish", "20 wd", ""),
    ("market-2021/publish", "20 wd", ""),
    ("market-2021/push", "10 wd", ""),
    ("market-2021/publish-pushed", "10 wd", ""),
    ("market-2021/withdraw", "3 wd", ""),
    ("market-2021/correct", "0 wd", ""),
    ("company-2014/registration", "20 wd", ""),
    ("company-2014/company", "20 wd", ""),
    ("company-2014/report", "20 wd", ""),
    ("shanghai/revoked", "3 wd", ""),
    ("shanghai/repaired", "3 wd", ""),
    ("shandong/revoked", "3 wd", ""),
    ("zhejiang/check", "5 wd", "15 wd"),
    ("henan/delivery", "5 wd", ""),
    ("henan/own", "3 wd", ""),
    ("henan/with-provider", "7 wd", ""),
    ("henan/provider", "3 wd", ""),
    ("henan/revoked", "1 wd", ""),
    ("henan/repaired", "1 wd", ""),
    ("shenzhen/mark", "0 wd", ""),
    ("shenzhen/own", "1 wd", ""),
    ("shenzhen/provider", "2 wd", "3 wd"),
    ("shenzhen/repair", "3 wd", "3 wd"),
]


def period(text: str) -> Period | None:
    return Period.parse(text) if text else None


@pytest.mark.parametrize(("name", "least", "most", "more"), PERIODS, ids=[each[0] for each in PERIODS])
def test_a_period_is_as_long_as_its_text_says(name: str, least: str, most: str | None, more: str) -> None:
    one, _, rule_id = name.partition("/")
    rule = next(each for each in SETS[one].rules if each.id == rule_id)
    assert (rule.minimum, rule.extendable) == (period(least), period(more))
    assert most is None or rule.maximum == period(most)


@pytest.mark.parametrize(("name", "within", "more"), CLOCKS, ids=[each[0] for each in CLOCKS])
def test_a_time_limit_is_as_long_as_its_text_says_and_has_its_example(
    name: str, within: str, more: str
) -> None:
    one, _, clock_id = name.partition("/")
    clock = next(each for each in SETS[one].clocks if each.id == clock_id)
    assert (clock.within, clock.extend) == (period(within), period(more))
    written = tomllib.loads((shipped("config") / "rules" / f"{one}.toml").read_text("utf-8"))["clock_example"]
    examples = [each.get("extended", False) for each in written if each["clock"] == clock_id]
    assert False in examples
    assert not more or True in examples


def test_no_confirmed_number_is_missing_here() -> None:
    """A period or time limit that a file confirms is in the tables above, so that a new one is looked up too."""
    periods = {f"{one.id}/{rule.id}" for one in BOOK.sets for rule in one.rules if not rule.unconfirmed}
    clocks = {f"{one.id}/{clock.id}" for one in BOOK.sets for clock in one.clocks if not clock.unconfirmed}
    not_published = {"market-2021/warning"}
    assert periods - not_published <= {each[0] for each in PERIODS}
    assert clocks == {each[0] for each in CLOCKS}
