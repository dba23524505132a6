"""Unsound rule files are refused at start: place, reason and remedy, all errors at once."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from creditregister import calendar, daysoff, kinds, rules
from creditregister.errors import CreditError
from creditregister.rules import files
from creditregister.shipping import shipped
from support import project

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel

KINDS = kinds.load()
CALENDAR = calendar.load()
SHIPPED = shipped("config") / "rules"

HEAD = """
zh = "某省信用条例"
en = "Regulations of a province"
law = "某省社会信用条例"
source = "公报"
jurisdiction = "98"
from = 2020-01-01
"""
PERIOD = """
[[period]]
id = "all"
zh = "失信信息"
en = "Dishonesty"
article = "第五条"
kinds = ["penalty"]
minimum = "3 months"
maximum = "2 years"
"""
EXAMPLE = """
[[example]]
zh = "两年"
facts = { kind = "penalty", decided = 2020-03-01 }
on = 2020-06-01
state = "open"
max_end = 2022-03-01
"""
CLOCK = """
[[clock]]
id = "withdraw"
zh = "撤回"
en = "Withdraw"
article = "第六条"
action = "withdraw"
binds = "platform"
after = "revocation"
within = "3 wd"
[[clock_example]]
clock = "withdraw"
event = 2026-03-02
due = 2026-03-05
"""
GOOD = HEAD + PERIOD + EXAMPLE


def load(folder: Path, **texts: str) -> rules.RuleBook:
    """A book of these files and the shipped way to read facts."""
    shutil.copy(SHIPPED / "_facts.toml", folder)
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return rules.load(folder, kinds=KINDS, calendar=CALENDAR)


def problems(folder: Path, **texts: str) -> list[str]:
    with pytest.raises(rules.LawError) as raised:
        load(folder, **texts)
    assert isinstance(raised.value, CreditError)
    assert str(raised.value) == "\n".join(map(str, raised.value.problems))
    return str(raised.value).splitlines()


def graded(*grades: str, begins: str = "", until: str = "", name: str = "") -> str:
    """A period for some grades."""
    quoted = ", ".join(f'"{grade}"' for grade in grades)
    more = f"grades = [{quoted}]\n" + (f"from = {begins}\n" if begins else "")
    more += f"until = {until}\n" if until else ""
    return PERIOD.replace('id = "all"', f'id = "{name or grades[0]}"') + more


def test_a_sound_file_is_taken(tmp_path: Path) -> None:
    book = load(tmp_path, own=GOOD + CLOCK)
    assert [one.id for one in book.sets] == ["own"]
    assert len(book.digest) == 64


def test_an_article_that_is_more_than_a_number_is_said_in_english(tmp_path: Path) -> None:
    text = GOOD.replace('article = "第五条"', 'article = "第五条（附则）"\narticle_en = "art. 5 (final)"')
    source = load(tmp_path, own=text).sets[0].rules[0].source
    assert (source.zh, source.en) == (
        "《某省社会信用条例》第五条（附则）",
        "Regulations of a province, art. 5 (final)",
    )


def test_what_is_shipped_is_sound() -> None:
    book = rules.load()
    assert {"r2023", "r2026", "court-2013", "court-2017", "market-2021", "shanghai", "shandong"} <= {
        one.id for one in book.sets
    }
    assert {"zhejiang", "henan", "shenzhen"} <= {one.id for one in book.sets if one.clocks}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zh =", "own.toml: file: is no TOML"),
        (GOOD.replace('source = "公报"\n', ""), "own.toml: source: is missing; add it; docs/rules.md"),
        (GOOD.replace('article = "第五条"\n', ""), "own.toml: period.0.article: is missing"),
        (
            GOOD.replace("第五条", "第五条（附则）"),
            "period.all.article: '第五条（附则）' is more than the number of an article; say it in English in `article_en`",
        ),
        (
            GOOD + CLOCK.replace("第六条", "附则"),
            "clock.withdraw.article: '附则' is more than the number of an article",
        ),
        (
            GOOD.replace("maximum", "maximun"),
            "own.toml: period.0.maximun: is no key here; did you mean 'maximum'?",
        ),
        (GOOD.replace('"penalty"]', '"penality"]'), "'penality' is no kind; did you mean 'penalty'?"),
        (GOOD.replace('["penalty"]', '["penalty:foot"]'), "'foot' is no condition; did you mean 'food'?"),
        (
            GOOD.replace("from = 2020-01-01", "from = 2020-01-01\nuntil = 2019-12-31"),
            "2019-12-31 is before 2020-01-01",
        ),
        (GOOD.replace('"3 months"', '"3 years"'), "period.all.minimum: is longer than the maximum"),
        (GOOD.replace('"3 months"', '"3 wd"'), "counts working days; publicity has days, months or years"),
        (
            GOOD.replace('"3 months"', '"three months"'),
            "is no period; write 7 wd, 30 days, 3 months or 1 year",
        ),
        (GOOD.replace('minimum = "3 months"\n', ""), "repair begins at a minimum that is not given"),
        (GOOD + "yields_to = []\n", "example.0.yields_to: is no key here"),
        (
            GOOD.replace('jurisdiction = "98"', 'jurisdiction = "98"\nyields_to = ["own"]'),
            "'own' is no other set",
        ),
        (
            GOOD.replace("max_end = 2022-03-01", "max_end = 2022-03-02"),
            "max_end is 2022-03-01, not 2022-03-02",
        ),
        (GOOD.replace('state = "open"', 'state = "held"'), "state is open, not held"),
        (GOOD.replace("max_end = 2022-03-01", "no_end = true"), "and there should be none"),
        (
            GOOD.replace("max_end = 2022-03-01", "no_repair = true"),
            "earliest_repair is 2020-06-01, and there should",
        ),
        (
            GOOD.replace("decided = 2020-03-01", 'decided = "01/03/2020"'),
            "example.0.facts: “01/03/2020” can be read",
        ),
        (GOOD.replace("on = 2020-06-01", 'on = 2020-06-01\nwith = ["r2099"]'), "there is no set 'r2099'"),
        (HEAD + PERIOD, "own.toml: period.all: has no example; add an example with its result"),
        (GOOD + CLOCK.replace("2026-03-05", "2026-03-06"), "(withdraw): due is 2026-03-05, not 2026-03-06"),
        (GOOD + CLOCK.partition("[[clock_ex")[0], "clock.withdraw: has no example"),
        (GOOD + CLOCK.replace('clock = "withdraw"', 'clock = "other"'), "there is no clock 'other'"),
        (
            GOOD + CLOCK.replace('within = "3 wd"', 'within = "3 wd"\nextend = "2 wd"'),
            "somebody who grants it",
        ),
        (GOOD + CLOCK.replace('within = "3 wd"', 'within = "3 wd"\nkinds = ["fine"]'), "'fine' is no kind"),
        (GOOD + PERIOD, "own.toml: id: 'all' stands there twice; give each its own id"),
        (GOOD + PERIOD.replace('"all"', '"two"'), "period.two: overlaps 'all' for penalty (minor)"),
        (GOOD.replace("maximum =", 'publish = "no"\nmaximum ='), "nothing is shown, so there is no period"),
        (
            GOOD.replace("maximum =", 'latest_start = "1 month"\nmaximum ='),
            "is not in working days; write it like 20 wd",
        ),
        (
            GOOD + PERIOD.replace("[[period]]", "[[exception]]").replace('"all"', '"x"'),
            "an exception stands on a law",
        ),
        (
            GOOD.replace("article =", "until = 2019-01-01\narticle ="),
            "a gap for penalty (minor) from 2019-01-02 on",
        ),
        (GOOD.replace("article =", "from = 2019-01-01\narticle ="), "holds longer than its set"),
        (
            GOOD.replace("article =", "from = 2020-05-01\narticle ="),
            "a gap for penalty (minor) from 2020-01-01 to",
        ),
        (GOOD.replace('jurisdiction = "98"', 'jurisdiction = "jiangxi"'), "own.toml: jurisdiction: "),
    ],
)
def test_an_unsound_file_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert any(said in line for line in problems(tmp_path, own=text)), problems(tmp_path, own=text)


def test_editions_follow_each_other_without_gap_or_overlap(tmp_path: Path) -> None:
    first = PERIOD.replace("article =", "until = 2021-12-31\narticle =")
    second = PERIOD.replace('"all"', '"later"').replace("2 years", "1 year")
    good = second.replace("article =", "from = 2022-01-01\narticle =")
    more = EXAMPLE.replace("2020-03-01", "2022-03-01").replace("2020-06-01", "2022-06-01")
    text = HEAD + first + good + EXAMPLE + more.replace("max_end = 2022-03-01", "max_end = 2023-03-01")
    text = text.replace("max_end = 2022-03-01", "max_end = 2021-12-31", 1)
    assert load(tmp_path, own=text).sets[0].rules[1].id == "later"
    gap = text.replace("from = 2022-01-01", "from = 2022-02-01")
    assert any(
        "from 2022-01-01 to 2022-02-01; let a rule begin on 2022-01-01" in line
        for line in problems(tmp_path, own=gap)
    )
    overlap = text.replace("from = 2022-01-01", "from = 2021-12-31")
    assert any("overlaps 'all' for penalty" in line for line in problems(tmp_path, own=overlap))


def test_grades_are_complete_and_said_to_be_needed(tmp_path: Path) -> None:
    text = HEAD + 'needs_grade = ["penalty"]\n' + graded("minor") + graded("general", "serious") + EXAMPLE
    (line,) = [
        one for one in problems(tmp_path, own=text) if "has no example" not in one and "state" not in one
    ]
    assert "max_end is None" in line, "without a grade it is held, so the example fails and nothing else"
    text = HEAD + graded("minor") + graded("general", "serious") + EXAMPLE
    assert any(
        "'penalty' has rules by grade only; list it there" in one for one in problems(tmp_path, own=text)
    )
    text = HEAD + 'needs_grade = ["penalty"]\n' + graded("minor") + graded("general") + EXAMPLE
    assert any("penalty (serious) has no rule; add one" in one for one in problems(tmp_path, own=text))
    text = HEAD + 'needs_grade = ["penalty"]\n' + PERIOD + EXAMPLE
    assert any(
        "'penalty' has a rule without a grade; take it out" in one for one in problems(tmp_path, own=text)
    )
    text = HEAD + graded("minor") + graded("general", "serious", "none") + EXAMPLE
    assert all("needs_grade" not in one for one in problems(tmp_path, own=text)), "no grade is a grade there"


def test_two_sets_do_not_yield_to_each_other(tmp_path: Path) -> None:
    one = GOOD.replace('jurisdiction = "98"', 'jurisdiction = "98"\nyields_to = ["b"]')
    said = problems(tmp_path, a=one, b=one.replace('["b"]', '["a"]'))
    assert any("a.toml: yields_to: 'b' yields to this set too" in line for line in said)


def test_all_errors_of_all_files_come_at_once(tmp_path: Path) -> None:
    said = problems(
        tmp_path, a=GOOD.replace('source = "公报"\n', ""), b="zh =", c=GOOD.replace("law", "lav", 1)
    )
    assert {line.partition(":")[0] for line in said} == {"a.toml", "b.toml", "c.toml"}


def test_a_deployment_adds_sets_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(GOOD, "utf-8")
    book = rules.load(added=tmp_path)
    assert {"own", "r2026"} <= {one.id for one in book.sets}
    assert book.digest != rules.load().digest
    (tmp_path / "r2026.toml").write_text(GOOD, "utf-8")
    with pytest.raises(
        rules.LawError, match=r"r2026.toml: file: is a set that is shipped; give it another name"
    ):
        rules.load(added=tmp_path)


def test_an_empty_or_unreadable_folder_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(rules.LawError, match=r"_facts.toml: file: cannot be read"):
        rules.load(tmp_path)
    with pytest.raises(rules.LawError, match="there is no set of rules"):
        load(tmp_path)


def test_a_slip_in_the_reading_of_facts_is_refused(tmp_path: Path) -> None:
    text = (SHIPPED / "_facts.toml").read_text("utf-8")
    (tmp_path / "own.toml").write_text(GOOD, "utf-8")
    (tmp_path / "_facts.toml").write_text(text.replace('huge_fine = "100"', 'huge_fine = "many"'), "utf-8")
    with pytest.raises(rules.LawError, match=r"_facts.toml: grades.huge_fine: "):
        rules.load(tmp_path, kinds=KINDS, calendar=CALENDAR)


# --- the manual -----------------------------------------------------------------------------------------


def keys(shape: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in shape.model_fields.items()}


@pytest.mark.parametrize(
    "shape",
    [
        files.SetShape,
        files.PeriodShape,
        files.ClockShape,
        files.ExampleShape,
        files.FactsShape,
        files.ClockExampleShape,
        files.ReadingShape,
        files.ConditionShape,
        files.GradesShape,
        daysoff.YearShape,
        daysoff.HolidayShape,
        daysoff.RegionShape,
    ],
)
def test_the_manual_explains_every_key(shape: type[BaseModel]) -> None:
    text = (project.TOP / "docs" / "rules.md").read_text("utf-8")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    said = {word for quoted in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", quoted)}
    assert keys(shape) - said == set()


def test_the_manual_lists_every_set_and_its_example_is_sound(tmp_path: Path) -> None:
    text = (project.TOP / "docs" / "rules.md").read_text("utf-8")
    table = text.partition("## Shipped sets")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([a-z0-9-]+)`", table)) == {path.stem for path in SHIPPED.glob("[!_]*.toml")}
    example = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0]
    assert load(tmp_path, own=example).sets[0].jurisdiction == "98"
