"""What is sent to the cluster: trees of a few known sorts, in which a text is only ever a value (SECURITY 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex import plan
from creditindex.elastic import schema, translate
from creditindex.elastic.finding import Finding
from creditindex.query import Cursor, Filters, QueryError, ask
from creditindex.terms import GRAM
from support.indexes import KINDS, TODAY
from support.naughty import ALL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from creditindex.elastic.asking import Asking, Search

#: All that is ever sent: nothing that parses a text, runs a script or walks through all terms.
ALLOWED = {"bool", "term", "terms", "range", "match_phrase", "dis_max", "constant_score"}


def sorts(query: dict[str, Any]) -> Iterator[str]:
    """The sorts of query in a tree; fails at a form that is not known."""
    ((name, inner),) = query.items()
    yield name
    if name == "bool":
        assert set(inner) <= {"filter", "should", "minimum_should_match"}
        for part in (*inner.get("filter", ()), *inner.get("should", ())):
            yield from sorts(part)
    elif name == "dis_max":
        for part in inner["queries"]:
            yield from sorts(part)
    elif name == "constant_score":
        yield from sorts(inner["filter"])
    else:
        ((field, _),) = inner.items()
        assert field in schema.mapping({})["properties"]


def searches(text: str, **values: Any) -> list[Search]:
    """What would be asked for a text, stage by stage."""
    try:
        query = ask(text, TODAY, **values)
    except QueryError:
        return []
    narrowed = [name for name, _ in query.filters.items()]
    finding = Finding(cast("Asking", None), KINDS, query)  # nothing is sent
    stages = plan.read(query.text).stages
    return [
        search
        for stage in stages
        for search in (
            finding._main(stage, narrowed),
            *(finding._counting(stage, name) for name in narrowed),
        )
    ]


def check(text: str) -> None:
    for values in ({}, {"order": "newest"}, {"filters": Filters(kind=(text,), body=(text, "x"))}):
        for search in searches(text, **values):
            assert set(sorts(search["query"])) <= ALLOWED


@given(st.text('甲乙a1 "*():^~/\\{}[]<>&|!?+-=NEARDO公司〔〕', max_size=60))
def test_whatever_is_typed_only_known_queries_are_sent(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", ALL)
def test_naughty_strings_are_values(text: str) -> None:
    check(text)


def test_a_cursor_becomes_the_place_in_the_order() -> None:
    (search,) = searches("食品 晨光", after=str(Cursor("words", 1, 77)))[-1:]
    assert search["sort"] == [{"_score": "desc"}, {"newest": "asc"}]
    assert search["search_after"] == [1, 77]
    assert "from" not in search


def test_a_short_piece_is_one_term_and_a_long_one_a_phrase_of_pairs() -> None:
    assert translate.condition(plan.contains_name("晨光")) == {"term": {"gram": "晨光"}}
    long = "晨光食品有限公司"
    assert translate.condition(plan.contains_name(long)) == {
        "match_phrase": {"name": "晨光 光食 食品 品有 有限 限公 公司"}
    }


@given(st.text("甲乙丙", min_size=1, max_size=9))
def test_grams_are_all_pieces_of_one_to_six_characters(text: str) -> None:
    pieces = {text[at:end] for at in range(len(text)) for end in range(at + 1, min(at + GRAM, len(text)) + 1)}
    assert set(schema.grams(text).split()) == pieces
