"""Traps of the library that the engine relies upon not to fall into (ENGINES 3); a new release must keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import tantivy
from hypothesis import given
from hypothesis import strategies as st

from creditindex.embedded import schema
from creditindex.embedded.translate import Translator, guarded
from creditindex.embedded.writing import Writer
from creditindex.engine import EngineError, Position
from creditindex.query import QueryError
from support.indexes import TODAY, build, document, embedded, find, names

if TYPE_CHECKING:
    from pathlib import Path


def test_a_panic_is_no_exception_and_is_caught_all_the_same() -> None:
    made = schema.schema()
    panic: type[BaseException] = BaseException
    try:
        tantivy.Index(made).searcher().search(tantivy.Query.phrase_query(made, "name", ["晨光"]))
    except BaseException as error:  # noqa: BLE001 -- that it is none of Exception is the point
        panic = type(error)
    assert not issubclass(panic, Exception)
    with pytest.raises(EngineError), guarded():
        tantivy.Index(made).searcher().search(tantivy.Query.phrase_query(made, "name", ["晨光"]))


def test_other_exceptions_pass_through_the_guard() -> None:
    with pytest.raises(KeyboardInterrupt), guarded():
        raise KeyboardInterrupt


def test_a_delete_by_an_unsigned_number_deletes_nothing() -> None:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("n", indexed=True, fast=True)
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    index = tantivy.Index(builder.build())
    writer: Any = index.writer(15_000_000, 1)
    writer.add_json('{"n": 5, "key": "r5"}')
    writer.commit()
    writer.delete_documents_by_term("n", 5)
    writer.commit()
    index.reload()
    assert index.searcher().num_docs == 1  # should this fail, the trap is gone, and nothing else changes
    writer.delete_documents_by_term("key", "r5")
    writer.commit()
    index.reload()
    assert index.searcher().num_docs == 0


def test_a_phrase_of_one_pair_becomes_a_term() -> None:
    translator = Translator(schema.schema())
    assert "TermQuery" in repr(translator.phrase("name", "晨光"))
    assert "PhraseQuery" in repr(translator.phrase("name", "晨光路"))


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    first = Writer(tmp_path, heap_mb=32, create=True)
    with pytest.raises(EngineError, match="Another process"):
        Writer(tmp_path, heap_mb=32)
    first.close()
    Writer(tmp_path, heap_mb=32).close()


def test_keys_beyond_what_a_float_holds_stay_exact(tmp_path: Path) -> None:
    records = [document(2**36 - 1 - n, "云泽有限公司") for n in range(3)]
    engine = build(embedded(tmp_path), records)
    cursors = [find(engine, "云泽", size=1, page=page).cursor for page in (1, 2, 3)]
    assert [cursor.key if cursor else 0 for cursor in cursors] == sorted(each.rank for each in records)


def test_the_position_stands_in_the_same_commit(tmp_path: Path) -> None:
    position = Position('quoted "origin"\n', 2**52, "ab" * 32)
    engine = build(embedded(tmp_path), [])
    engine.apply([], position)
    assert engine.position() == position


ODD = st.text(alphabet='"*():^~/\\{}[]<>+-!&|?= ANDORNOTTOkindname晨光', max_size=40)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return build(embedded(tmp_path_factory.mktemp("index")), [document(1, "云泽晨光食品有限公司")])


@given(text=ODD)
def test_no_text_is_ever_syntax(engine: Any, text: str) -> None:
    page = find(engine, text[:40])
    assert page.total in {0, 1}
    wild = find(engine, "*")
    assert wild.total == 0


@given(text=st.text(max_size=50))
def test_no_text_breaks_anything(engine: Any, text: str) -> None:
    try:
        page = find(engine, text)
    except QueryError:
        return
    assert page.total <= 1
    assert names(engine, text).total == 0
    assert engine.suggest(text, 5, TODAY) == []
