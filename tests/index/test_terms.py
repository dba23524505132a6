"""Terms and keys: what both engines are given."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex import terms
from creditregister.text import fold

FOLDED = st.text(max_size=60).map(fold)


@given(FOLDED.filter(lambda text: len(text) > 1))
def test_bigrams_are_all_pairs_of_neighbours(text: str) -> None:
    pairs = [text[at : at + 2] for at in range(len(text) - 1)]
    assert terms.bigrams(text) == " ".join(pairs)


@given(FOLDED.filter(lambda text: len(text) > 1))
def test_a_cover_is_the_text_and_no_longer_than_needed(text: str) -> None:
    cover = terms.cover(text)
    letters = [""] * len(text)
    for place, pair in cover:
        letters[place : place + 2] = pair
    assert "".join(letters) == text
    assert len(cover) == (len(text) + 1) // 2


@given(FOLDED)
def test_no_fold_gives_an_edge_or_white_space(text: str) -> None:
    assert terms.EDGE not in text
    assert text.split() in ([text], [])


NAMES = st.text("甲乙丙丁", min_size=1, max_size=9)
DAYS = st.dates(date(1949, 1, 1), date(2800, 1, 1)).map(date.toordinal)
NUMBERS = st.integers(1, 2**36 - 1)


RANKED = st.tuples(NAMES, DAYS, NUMBERS)


@given(RANKED, RANKED)
def test_rank_is_shorter_then_newer_then_number(
    one: tuple[str, int, int], other: tuple[str, int, int]
) -> None:
    (name, day, n), (longer, later, m) = one, other
    first, second = terms.rank(name, day, n), terms.rank(longer, later, m)
    assert (first < second) == ((len(name), -day, n) < (len(longer), -later, m))
    assert 0 <= first < 2**63


@given(st.integers(0, 63), st.integers(0, 999_999), st.integers(0, 9999), st.integers(0, 15))
def test_the_cube_gives_back_what_went_in(kind: int, area: int, year: int, state: int) -> None:
    value = terms.cube(kind, area, year, state)
    assert terms.uncube(value) == (kind, area, year, state)
    assert value < 2**63


def test_days_beyond_every_calendar_count_as_the_last() -> None:
    assert terms.day_number("9999-12-31") == terms.LAST_DAY
    assert terms.day_number("") == terms.FIRST_DAY < terms.day_number("0001-01-01")
    assert terms.until_number("") == terms.LAST_DAY


def test_states_keep_their_numbers() -> None:
    assert [terms.state_number(state) for state in terms.STATES] == list(range(len(terms.STATES)))
    assert terms.state_number("unheard-of") == terms.state_number("other")
    assert len(terms.STATES) <= 16


@pytest.mark.parametrize("text", ["", "a"])
def test_a_text_without_pairs_is_its_own_term(text: str) -> None:
    assert terms.bigrams(text) == text
