"""The table of keys that finds a record's second row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from creditindex.feeds.twice import Seen


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from("ab")), max_size=200))
def test_it_answers_as_a_dictionary_would(rows: list[tuple[int, str]]) -> None:
    seen, model = Seen(), dict[int, tuple[int, str]]()
    for number, (key, content) in enumerate(rows, 1):
        expected = (model[key][0], model[key][1] == content) if key in model else (0, False)
        assert seen.meet(("key", key), content, number) == expected
        model.setdefault(key, (number, content))


def test_it_keeps_everything_while_it_grows() -> None:
    seen = Seen()
    for number in range(1, 20_001):
        assert seen.meet(number, str(number), number) == (0, False)
    for number in range(1, 20_001):
        assert seen.meet(number, str(number), 0) == (number, True)
        assert seen.meet(number, "other", 0) == (number, False)
