"""Rare characters 生僻字 in names: found by any piece, suggested, marked, whole, whatever plane they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex import highlight, terms
from creditregister.text import fold, fold_spans
from support.indexes import TODAY, build, document, embedded, find, name, names, numbers
from support.rare import HAN, TELLING

if TYPE_CHECKING:
    from creditindex.engine import Engine

#: Characters of one name; the names together hold every Han character.
LONG = 40
ALL = [HAN[start : start + LONG] for start in range(0, len(HAN), LONG)]
RARE = [f"云泽{character}{TELLING[place - 1]}食品有限公司" for place, character in enumerate(TELLING)]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine whose names hold every Han character."""
    return build(embedded(tmp_path_factory.mktemp("all")), [name(n, text) for n, text in enumerate(ALL, 1)])


@pytest.fixture(scope="module")
def rare(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine that knows records and names with rare characters."""
    made = [*(document(n, text, content=text) for n, text in enumerate(RARE, 1))]
    return build(
        embedded(tmp_path_factory.mktemp("rare")), [*made, *(name(n, text) for n, text in enumerate(RARE, 1))]
    )


def test_no_han_character_is_lost_in_the_fold() -> None:
    assert [character for character in HAN if len(fold(character)) != 1] == []
    assert [character for character in TELLING if fold(character) != character] == []


@given(st.text(HAN, min_size=2, max_size=30))
def test_pairs_and_spans_keep_characters_whole(text: str) -> None:
    folded, offsets = fold_spans(text)
    assert list(offsets) == list(range(len(text)))
    assert terms.bigrams(folded).split(" ") == [folded[at : at + 2] for at in range(len(folded) - 1)]
    assert fold(text).encode("utf-8").decode("utf-8") == folded


@pytest.mark.parametrize("place", range(0, len(ALL), 97))
def test_every_piece_of_a_name_finds_it(everything: Engine, place: int) -> None:
    text = ALL[place]
    at = place % (len(text) // 2)
    for length in (1, 2, 3, terms.GRAM, terms.GRAM + 1, 12):
        piece = text[at : at + length]
        found = names(everything, piece, limit=20)
        assert text in [hit.name for hit in (*found.exact, *found.containing)], piece
        expected = sum(fold(piece) in fold(each) for each in ALL)
        assert found.total == expected, piece


@pytest.mark.parametrize("place", range(len(TELLING)))
def test_records_names_and_suggestions_by_a_rare_character(rare: Engine, place: int) -> None:
    known = [document(n, text) for n, text in enumerate(RARE, 1)]
    character, beside = TELLING[place], TELLING[place - 1]
    both = {place + 1, (place + 1) % len(TELLING) + 1}
    assert set(numbers(find(rare, character), known)) == both
    assert numbers(find(rare, character + beside), known) == [place + 1]
    assert numbers(find(rare, f"{character} {beside} 食品"), known)
    assert rare.suggest(f"云泽{character}{beside}", 5, TODAY)[0].name == RARE[place]
    assert names(rare, f"{character}{beside}食品").best[0].name == RARE[place]
    assert names(rare, f"{character}{beside}有限公司").closest[0].name == RARE[place]


@given(st.text(HAN, max_size=10), st.text(TELLING, min_size=1, max_size=3), st.text(HAN, max_size=10))
def test_what_matched_is_marked_whole(before: str, piece: str, after: str) -> None:
    text = before + piece + after
    marked = highlight.segments(text, (fold(piece),))
    assert "".join(each for each, _ in marked) == text
    assert any(hit and piece in each for each, hit in marked)
