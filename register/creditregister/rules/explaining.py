"""A window in words: plain lines for pages, commands and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from creditregister.kinds.model import Label
from creditregister.rules.counting import day_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from creditregister.rules.model import State, Window

_STATES: dict[State, Label] = {
    "open": Label("可以公示", "may be shown"),
    "over": Label("公示期已届满，不再公示", "its publicity has ended; not shown"),
    "held": Label("暂缓公示，待补充信息", "held until what is missing is supplied; not shown"),
    "never": Label("不予公示", "not to be published"),
    "not-yet": Label("尚未到公示起始日", "not yet to be shown"),
}


def explain(window: Window, language: Literal["zh", "en"]) -> tuple[str, ...]:
    """What holds on the day of the window, then each step with its law and article, then the days."""
    return tuple(
        label.zh if language == "zh" else label.en
        for label in (_headline(window), *_reasons(window), *_days(window))
    )


def _headline(window: Window) -> Label:
    state = _STATES[window.state]
    return Label(f"{window.on}：{state.zh}。", f"On {window.on}: {state.en}.")


def _reasons(window: Window) -> Iterator[Label]:
    for step in window.steps:
        yield Label(f"{step.zh}（{step.source.zh}）", f"{step.en} ({step.source.en})")


def _days(window: Window) -> Iterator[Label]:
    """The days that count, in the order of time; none for what is not shown."""
    if window.state in {"held", "never"} or window.shown_from is None:
        return
    yield Label(f"公示起始日：{window.shown_from}。", f"Shown from {window.shown_from}.")
    if window.earliest_repair is not None:
        day = window.earliest_repair
        yield Label(f"最早可申请修复日：{day}。", f"Repair may be applied for from {day}.")
    if window.held_from is not None:
        yield Label(f"自 {window.held_from} 起暂缓公示。", f"Held from {window.held_from}.")
    if window.max_end is None:
        yield Label("未设定公示届满日。", "No last day is set.")
    else:
        last, gone = window.max_end, day_after(window.max_end)
        if window.held_from is not None and window.held_from <= last:
            zh = f"补充所缺信息后恢复公示的，最迟至 {last} 当日为止。"
            yield Label(zh, f"Once what is missing is supplied it is shown through {last} at the latest.")
            return
        yield Label(
            f"公示至 {last} 当日为止，{gone} 零时起不再显示。",
            f"Shown through {last}; gone at 00:00 on {gone}.",
        )
