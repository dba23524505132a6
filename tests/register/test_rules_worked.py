"""The ten cases of docs/rules-worked-examples.md, read from the document."""

from __future__ import annotations

from datetime import date

import pytest

from creditregister import dates, rules
from creditregister.rules import Facts, Jurisdiction
from support import project

BOOK = rules.load()
PAGE = project.TOP / "docs" / "rules-worked-examples.md"


def table() -> list[dict[str, str]]:
    """The rows of the page's only table, by their headings."""
    lines = [
        line.strip("|").split("|") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")
    ]
    head, _, *rows = ([cell.strip() for cell in line] for line in lines)
    return [dict(zip(head, row, strict=True)) for row in rows]


def more(text: str) -> dict[str, object]:
    """``food`` is a condition, ``conduct_ended=2023-01-10`` a date."""
    given = [part.strip() for part in text.split(",") if part.strip()]
    found: dict[str, object] = {"conditions": frozenset(part for part in given if "=" not in part)}
    for name, _, value in (part.partition("=") for part in given if "=" in part):
        found[name] = dates.parse(value)
    return found


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def test_there_are_ten_cases_each_with_its_working() -> None:
    numbers = [row["case"] for row in table()]
    assert numbers == [str(number) for number in range(1, 11)]
    text = PAGE.read_text("utf-8")
    assert all(f"\n**{number}. " in text for number in numbers)


@pytest.mark.parametrize("row", table(), ids=lambda row: row["case"])
def test_the_program_agrees_with_the_hand(row: dict[str, str]) -> None:
    record = Facts(row["kind"], dates.parse(row["decided"]), row["grade"] or None, **more(row["more"]))  # type: ignore[arg-type]  # text of a page
    on = day(row["on"])
    assert on is not None
    window = rules.evaluate(record, BOOK, Jurisdiction(row["area"]), on)
    assert window.state == row["state"]
    assert window.shown_from == day(row["shown from"])
    assert window.earliest_repair == day(row["repair from"])
    assert window.max_end == day(row["last day"])
