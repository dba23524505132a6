"""A long work gives the gate back after about the time that was set, whatever a row costs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from creditregister import settings
from creditregister.pacing import FEWEST, FIRST, GROWTH, Pace

LOAD = settings.load().load


def parts(costs: list[float], most: int = LOAD.rows_per_transaction) -> list[int]:
    """The rows of one part after the other, where a row of each part takes so many seconds."""
    now = [0.0]
    slept: list[float] = []
    load = LOAD.model_copy(update={"rows_per_transaction": most, "transaction_ms": 125, "pause_ms": 20})
    pace = Pace(load, timer=lambda: now[0], sleep=slept.append)
    sizes = []
    for cost in costs:
        sizes.append(pace.rows)
        with pace.part(pace.rows):
            now[0] += pace.rows * cost
    assert slept == [0.02] * len(costs)
    return sizes


def test_a_part_takes_about_the_time_that_was_set() -> None:
    cheap, dear = 1 / 2048, 1 / 512  # seconds, 256 and 64 in an eighth of one
    assert parts([cheap] * 4) == [FIRST, 200, 256, 256]
    assert parts([cheap, cheap, dear, dear, cheap]) == [FIRST, 200, 256, 64, 64]


def test_it_grows_step_by_step_up_to_the_most() -> None:
    assert parts([0.00001] * 6) == [100, 200, 400, 800, 1000, 1000]
    assert parts([0.0] * 3, most=250) == [100, 200, 250]


def test_dear_rows_still_go_on() -> None:
    assert parts([1.0] * 3) == [FIRST, FEWEST, FEWEST]
    assert parts([1.0] * 3, most=7) == [7, 7, 7]


@given(st.lists(st.floats(0, 10, allow_subnormal=False), min_size=2, max_size=20), st.integers(1, 10_000))
def test_no_part_is_empty_or_too_large(costs: list[float], most: int) -> None:
    sizes = parts(costs, most)
    assert all(1 <= size <= most for size in sizes)
    for before, cost, after in zip(sizes, costs, sizes[1:], strict=False):
        assert after <= max(GROWTH * max(before, FEWEST), 1)
        assert after * cost <= 0.125 or after <= min(FEWEST, most)
