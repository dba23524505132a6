"""Questions are measured before anything looks at them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex.query import Cursor, Filters, QueryError, ask, cursor_of
from support.indexes import TODAY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("字" * 201, "long"),
        ("一 " * 9, "words"),
        ("字" * 51, "word"),
        ("\u3000".join("一二三四五六七八九"), "words"),
    ],
)
def test_too_much_is_refused_in_both_languages(text: str, code: str) -> None:
    with pytest.raises(QueryError) as refusal:
        ask(text, TODAY)
    assert refusal.value.code == code
    assert refusal.value.zh.endswith("。")
    assert refusal.value.en.endswith(".")


def test_as_much_as_is_allowed_is_asked() -> None:
    text = " ".join(["字" * 24] * 8)
    assert len(text) == 199
    assert ask(f"  {text} ", TODAY).text == text


@pytest.mark.parametrize(
    "values",
    [
        {"page": 0},
        {"page": 51},
        {"size": 0},
        {"size": 21},
        {"order": "relevance"},
        {"after": "name.0.x"},
        {"after": "name.0.1\n"},
        {"after": "nothing.0.1"},
        {"after": "words.10.1"},
    ],
)
def test_what_does_not_exist_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        ask("云泽", TODAY, **values)


@given(
    st.builds(
        Cursor,
        st.sampled_from(["identifier", "name", "words", "browse"]),
        st.integers(0, 9),
        st.integers(0, 2**63 - 1),
    )
)
def test_a_cursor_is_read_back(cursor: Cursor) -> None:
    assert cursor_of(str(cursor)) == cursor


def test_filters_say_what_is_narrowed() -> None:
    assert not Filters()
    assert list(Filters(year=("2025",), kind=("penalty",)).items()) == [
        ("kind", ("penalty",)),
        ("year", ("2025",)),
    ]
