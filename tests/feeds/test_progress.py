"""What a person sees while a load runs: a line a second where there is no terminal."""

from __future__ import annotations

import io

from rich.console import Console

from creditindex.feeds.progress import Bar, Plain


def test_a_plain_line_a_second_with_rate_and_time_left() -> None:
    out, now = io.StringIO(), [0.0]
    plain = Plain(out, lambda: now[0])
    plain.begin("a.csv", 1000)
    for now[0], rows in ((0.4, 1), (1.0, 100), (1.9, 150), (2.0, 200)):
        plain.step(rows, rows)
    plain.end()
    assert out.getvalue().splitlines() == [
        "a.csv: 100 rows, 100/s, 10%, 9 s left",
        "a.csv: 200 rows, 100/s, 20%, 8 s left",
    ]


def test_a_workbook_has_no_share_that_could_be_told() -> None:
    out, now = io.StringIO(), [0.0]
    plain = Plain(out, lambda: now[0])
    plain.begin("a.xlsx", 1000)
    now[0] = 2.0
    plain.step(500, 0)
    assert out.getvalue() == "a.xlsx: 500 rows, 250/s\n"


def test_a_bar_on_a_terminal_names_the_file_as_it_is() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=100)
    bar = Bar(console)
    bar.begin("[red]三月.csv", 1000)
    bar.step(500, 500)
    assert bar._progress is not None
    assert "三月.csv" in bar._progress.tasks[0].description
    bar.end()
    bar.end()
