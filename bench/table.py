"""What was measured, beside the goal that DESIGN 7 sets for a million records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.loading import Built, Loaded
    from bench.night import Night
    from bench.searching import Times

    Line = tuple[str, str, str]

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything about one engine: its index, each class of questions, the mixed load by processes."""

    built: Built
    classes: dict[str, Times]
    mixed: dict[int, Times]


def loading(loaded: Loaded) -> list[Line]:
    """Lines about making, loading and building."""
    rows = loaded.records
    return [
        ("demo rows made", _rate(rows, loaded.made), "≥ 20,000/s"),
        ("load, first time", _rate(rows, loaded.first), "≥ 7,000/s"),
        ("starts of the load commands", f"{loaded.starts:.1f} s beside that", ""),
        ("load, the same again", _rate(rows, loaded.again), "≥ 15,000/s"),
        ("a small write during a load", _waits(loaded.writes), "p99 ≤ 250 ms"),
        ("peak memory of a loading process", f"{loaded.load_memory / _MB:,.0f} MB", "flat"),
        ("register", f"{loaded.register_size / _MB:,.0f} MB", ""),
        ("outcomes", ", ".join(f"{count:,} {name}" for name, count in loaded.counts.items()), ""),
    ]


def engines(measured: dict[str, Measured]) -> list[tuple[str, ...]]:
    """Lines about what an engine does, one column for each of them."""
    each = list(measured.values())
    per_million = [f"{one.built.size / max(1, one.built.documents) / 1000:.2f} GB" for one in each]
    lines: list[tuple[str, ...]] = [
        (
            "index build, with its start",
            *(_rate(one.built.documents, one.built.seconds) for one in each),
            "≥ 7,000 docs/s",
        ),
        ("index size", *(f"{one.built.size / _MB:,.0f} MB" for one in each), ""),
        ("index size per million", *per_million, "≤ 1.3 GB"),
        ("segments", *(str(one.built.segments) for one in each), ""),
    ]
    for name in each[0].classes:
        times = [one.classes[name] for one in each]
        lines.append((name, *(f"{_times(found)}, {found.hits:,.0f} hits" for found in times), _goal(name)))
    for processes in each[0].mixed:
        times = [one.mixed[processes] for one in each]
        goal = "≥ 1,300/s; p50 ≤ 0.8, p99 ≤ 20 ms" if processes > 1 else "≥ 700/s"
        rates = (f"{found.rate:,.0f}/s; {_times(found)}" for found in times)
        lines.append((f"mixed load, {processes} process(es)", *rates, goal))
        sizes = (f"{found.memory / _MB:,.0f} MB" for found in times)
        lines.append(("peak memory of such a process", *sizes, ""))
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


def night(found: Night) -> list[Line]:
    """Lines about the night on which many records ended."""
    return [
        ("records withdrawn, with the start of `daily`", _rate(found.records, found.seconds), "< 10 min"),
        ("processor time of it", f"{found.cpu:.1f} s", ""),
        ("a small write meanwhile", _waits(found.writes), "p99 ≤ 250 ms"),
        ("peak memory of it", f"{found.memory / _MB:,.0f} MB", "flat"),
        ("index in line after its end", f"{found.behind:.1f} s", ""),
    ]


def show(title: str, lines: Sequence[tuple[str, ...]], measured: Sequence[str] = ("measured",)) -> None:
    """Print one table, with a column for everything that was measured."""
    table = Table(title=title, title_justify="left")
    for heading in ("what", *measured, "goal at 1M"):
        table.add_column(heading)
    for line in lines:
        table.add_row(*line)
    Console(width=100 + 40 * len(measured)).print(table)


def _rate(count: int, seconds: float) -> str:
    return f"{count / seconds:,.0f}/s ({seconds:.1f} s)"


def _waits(waits: Sequence[float]) -> str:
    ordered = sorted(waits)
    p99 = ordered[int(len(ordered) * 0.99)] if ordered else 0.0
    return f"p99 {p99:.0f} ms of {len(ordered)}"


def _times(times: Times) -> str:
    return f"{times.p50:.2f} / {times.p95:.2f} / {times.p99:.2f} ms"
