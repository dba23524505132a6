"""What was measured, beside the goal that DESIGN 7 sets for a million records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.loading import Built, Loaded
    from bench.memory import Server
    from bench.night import Night
    from bench.searching import Times

    Line = tuple[str, str, str]

_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything about one engine: its index, each class of questions, the mixed load by processes.

    ``warm`` is how many seconds of mixed load went before; ``serving`` what a cluster took under load.
    """

    built: Built
    warm: float
    classes: dict[str, Times]
    mixed: dict[int, Times]
    serving: Server


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


def engines(measured: dict[str, Measured], answers: Sequence[str]) -> list[tuple[str, ...]]:
    """Lines about what an engine does: a column for each, and one that divides the second by the first.

    ``answers`` says of each how many of the answers are those of the first.
    """
    each = list(measured.values())
    built = [one.built for one in each]

    def line(name: str, cells: Sequence[str], goal: str = "", *values: Sequence[float]) -> tuple[str, ...]:
        ratios = [f"{found[1] / found[0]:.2f}" for found in values if len(each) > 1 and found[0]]
        return (name, *cells, *([" / ".join(ratios)] if len(each) > 1 else []), goal)

    rates = [one.documents / one.seconds if one.seconds else 0.0 for one in built]
    sizes = [float(one.size) for one in built]
    per_million = [f"{one.size / max(1, one.documents) / 1000:.2f} GB" for one in built]
    lines = [
        line(
            "index build, with its start",
            [_rate(one.documents, one.seconds) for one in built],
            "≥ 7,000 docs/s",
            rates,
        ),
        line("index size", [_size(one.size) for one in built], "", sizes),
        line("index size per million", per_million, "≤ 1.3 GB"),
        line("segments", [_segments(name, one.built.segments) for name, one in measured.items()]),
        line("peak memory of the building command", [_size(one.memory) for one in built]),
        line("peak memory of the server meanwhile", [_server(one.server) for one in built]),
        line("mixed load before the figures below", [f"{one.warm:.0f} s" for one in each]),
        line("answers equal to the first engine's", answers),
    ]
    for name in each[0].classes:
        found = [one.classes[name] for one in each]
        cells = [f"{_times(times)}, {times.hits:,.0f} hits" for times in found]
        p50, p99 = [times.p50 for times in found], [times.p99 for times in found]
        lines.append(line(name, cells, _goal(name), p50, p99))
    for processes in each[0].mixed:
        found = [one.mixed[processes] for one in each]
        goal = "≥ 1,300/s; p50 ≤ 0.8, p99 ≤ 20 ms" if processes > 1 else "≥ 700/s"
        cells = [f"{times.rate:,.0f}/s; {_times(times)}" for times in found]
        lines.append(
            line(f"mixed load, {processes} process(es)", cells, goal, [times.rate for times in found])
        )
        lines.append(line("memory of such a process of its own", [_size(times.memory) for times in found]))
    lines.append(line("peak memory of the server meanwhile", [_server(one.serving) for one in each]))
    return lines


def _segments(engine: str, count: int) -> str:
    """Segments as they were searched; what the rebuild did to their number."""
    from creditindex.elastic.building import SEGMENTS  # noqa: PLC0415 -- 25 MB in every process that measures

    merged = f"merged to ≤ {SEGMENTS} a shard" if engine == "elasticsearch" else "as built"
    return f"{count}, {merged}"


def _server(server: Server) -> str:
    if not server.limit:
        return "–"
    resident = f"{_size(server.resident)} resident, " if server.resident else ""
    return f"{resident}heap {_size(server.heap)} of {_size(server.limit)}"


def _size(size: float) -> str:
    return f"{size / _MB:,.0f} MB"


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
    return f"{count / seconds:,.0f}/s ({seconds:.1f} s)" if seconds else "–"


def _waits(waits: Sequence[float]) -> str:
    ordered = sorted(waits)
    p99 = ordered[int(len(ordered) * 0.99)] if ordered else 0.0
    return f"p99 {p99:.0f} ms of {len(ordered)}"


def _times(times: Times) -> str:
    return f"{times.p50:.2f} / {times.p95:.2f} / {times.p99:.2f} ms"
