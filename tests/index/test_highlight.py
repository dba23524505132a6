"""Marking: the original comes back whole, and what is marked is what was looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex.highlight import excerpt, segments
from creditregister.text import fold

MIXED = st.text("甲乙國国ＡaAﬁ(（〔<&>'\" \u3000é", max_size=30)


@given(MIXED, st.lists(MIXED.map(fold), max_size=3))
def test_the_pieces_are_the_text(text: str, needles: list[str]) -> None:
    pieces = segments(text, needles)
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)


@given(MIXED, MIXED, MIXED)
def test_what_was_looked_for_is_marked(before: str, needle: str, after: str) -> None:
    folded = fold(needle)
    pieces = segments(before + needle + after, [folded] if folded else [])
    marked = "".join(fold(piece) for piece, mark in pieces if mark)
    assert not folded or folded in marked


@pytest.mark.parametrize(
    ("text", "needles", "expected"),
    [
        ("贛州晨光", ["赣州"], [("贛州", True), ("晨光", False)]),
        ("晨 光 路", ["晨光"], [("晨 光", True), (" 路", False)]),
        ("晨光晨光路", ["晨光", "光路"], [("晨光晨光路", True)]),
        ("ＡＢ（甲）", ["b(甲"], [("Ａ", False), ("Ｂ（甲", True), ("）", False)]),
        ("<b>甲</b>", ["甲"], [("<b>", False), ("甲", True), ("</b>", False)]),
        ("甲", [], [("甲", False)]),
        ("", ["甲"], []),
    ],
)
def test_marks_in_the_original(text: str, needles: list[str], expected: list[tuple[str, bool]]) -> None:
    assert segments(text, needles) == expected


def test_an_excerpt_shows_the_first_match() -> None:
    text = "一" * 300 + "晨光路" + "二" * 300
    shown = excerpt(text, ["晨光路"], 80)
    assert "晨光路" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert excerpt("晨光路", ["晨光路"], 80) == "晨光路"
    assert excerpt(text, ["没有"], 80) == "一" * 80 + "…"
