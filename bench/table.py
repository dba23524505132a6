"""What was measured, beside the goal that DESIGN 7 sets for a million records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from bench.loading import Loaded
    from bench.searching import Times

    Line = tuple[str, str, str]

_MB = 1_000_000


def loading(loaded: Loaded) -> list[Line]:
    """Lines about making, loading and building."""
    rows = loaded.records
    writes = sorted(loaded.writes)
    p99 = writes[int(len(writes) * 0.99)] if writes else 0.0
    per_million = loaded.size / max(1, loaded.documents)
    return [
        ("demo rows made", _rate(rows, loaded.made), "≥ 20,000/s"),
        ("load, first time", _rate(rows, loaded.first), "≥ 7,000/s"),
        ("starts of the load commands", f"{loaded.starts:.1f} s beside that", ""),
        ("load, the same again", _rate(rows, loaded.again), "≥ 15,000/s"),
        ("a small write during a load", f"p99 {p99:.0f} ms of {len(writes)}", "p99 ≤ 250 ms"),
        ("peak memory of a loading process", f"{loaded.load_memory / _MB:,.0f} MB", "flat"),
        ("register", f"{loaded.register_size / _MB:,.0f} MB", ""),
        ("index build", _rate(loaded.documents, loaded.build), "≥ 7,000 docs/s"),
        (
            "index size",
            f"{loaded.size / _MB:,.0f} MB",
            f"≤ 1.3 GB per million; here {per_million / 1000:.2f}",
        ),
        ("outcomes", ", ".join(f"{count:,} {name}" for name, count in loaded.counts.items()), ""),
    ]


def searching(classes: dict[str, Times], mixed: dict[int, Times]) -> list[Line]:
    """Lines about the engine's calls."""
    lines = [
        (name, f"{_times(times)}, {times.hits:,.0f} hits", _goal(name)) for name, times in classes.items()
    ]
    for processes, times in mixed.items():
        goal = "≥ 1,300/s; p50 ≤ 0.8, p99 ≤ 20 ms" if processes > 1 else "≥ 700/s"
        lines.append((f"mixed load, {processes} process(es)", f"{times.rate:,.0f}/s; {_times(times)}", goal))
    return lines


def _goal(name: str) -> str:
    return "p99 ≤ 2 ms" if name == "exact code" else ""


def pages(
    times: dict[str, Times],
    statuses: dict[str, dict[int, int]],
    ready: float,
    memory: int,
    visible: Times,
) -> list[Line]:
    """Lines about the site."""
    lines = []
    for name, found in times.items():
        answers = ", ".join(f"{count:,} × {status}" for status, count in sorted(statuses[name].items()))
        goal = "≥ 800/s" if name == "search" else ""
        lines.append((f"pages: {name}, 2 workers", f"{found.rate:,.0f}/s; {_times(found)} ({answers})", goal))
    lines.append(("site ready after", f"{ready:.1f} s", "< 5 s"))
    lines.append(("memory of a worker, without shared pages", f"{memory / _MB:,.0f} MB", "≤ 120 MB"))
    lines.append(("change visible after its load", _times(visible), "p99 ≤ 1,000 ms"))
    return lines


def show(title: str, lines: list[Line]) -> None:
    """Print one table."""
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("measured")
    table.add_column("goal at 1M")
    for line in lines:
        table.add_row(*line)
    Console(width=130).print(table)


def _rate(count: int, seconds: float) -> str:
    return f"{count / seconds:,.0f}/s ({seconds:.1f} s)"


def _times(times: Times) -> str:
    return f"{times.p50:.2f} / {times.p95:.2f} / {times.p99:.2f} ms"
