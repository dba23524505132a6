"""What a tantivy index of ours holds, field by field (DESIGN 4, ENGINES 4).

Names of subjects and records are two sorts of documents in one index. They share nothing but the key, the
window of publicity and the rank, so a look-up in the fields of one sort never meets the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import tantivy

from creditindex import terms
from creditindex.engine import Document, Position, RecordDocument

if TYPE_CHECKING:
    from creditindex.engine import NameDocument

#: The key of the one document that says up to which ledger entry the index is.
POSITION = "#position"
#: Text fields with their tokenizer and whether places are kept.
TEXTS = (
    ("key", "raw", "basic"),
    ("sort", "raw", "basic"),  # record or name
    ("filter", "raw", "basic"),  # kind=penalty, area=36, year=2025: a new kind needs no new field
    ("identifier", "raw", "basic"),
    ("prefix", "prefix", "basic"),
    ("number", "pairs", "position"),
    ("name", "pairs", "position"),
    ("gram", "grams", "basic"),
    ("head", "pairs", "position"),
    ("text", "pairs", "position"),
    ("s_exact", "raw", "basic"),
    ("s_name", "pairs", "position"),
    ("s_gram", "grams", "basic"),
    ("s_initials", "pairs", "position"),
    ("s_pinyin", "pairs", "position"),
)
#: Numbers: the first group of records, the second of names, the third of both.
NUMBERS = (
    *("n", "id_high", "id_low", "version", "newest", "cube", "kind", "area", "year", "state"),
    *("subject", "current"),
    *("from", "until", "rank"),
)
#: Every document has every number: a column without gaps is read four times as fast. A document that is no
#: record and no name has an open window: where a window excludes nobody, looking at it costs nothing.
_NONE = dict.fromkeys(NUMBERS, 0) | {"until": terms.LAST_DAY}
_HALF = 64


def schema() -> tantivy.Schema:
    """The schema of a new index."""
    builder = tantivy.SchemaBuilder()
    for name, tokenizer, option in TEXTS:
        builder.add_text_field(name, tokenizer_name=tokenizer, index_option=option)
    builder.add_text_field("body", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("label", tokenizer_name="raw", index_option="basic", stored=True)
    for name in NUMBERS:
        builder.add_unsigned_field(name, fast=True)
    return builder.build()


def register_tokenizers(index: tantivy.Index) -> None:
    """Tokenizers are not stored with an index: every writer brings them again."""
    tokenizers = {
        "pairs": tantivy.Tokenizer.whitespace(),
        "grams": tantivy.Tokenizer.ngram(1, terms.GRAM),
        "prefix": tantivy.Tokenizer.ngram(terms.PREFIX, terms.LONGEST_PREFIX, prefix_only=True),
    }
    for name, tokenizer in tokenizers.items():
        index.register_tokenizer(name, tantivy.TextAnalyzerBuilder(tokenizer).build())


def as_json(document: Document, _slot: int = 0) -> bytes:
    """A document as tantivy's own JSON reader takes it: faster than a dictionary through the binding."""
    values = _record(document) if isinstance(document, RecordDocument) else _name(document)
    return orjson.dumps(_NONE | values)


def position_json(position: Position) -> str:
    """The document that holds the position."""
    label = orjson.dumps(position).decode()
    return orjson.dumps(_NONE | {"key": POSITION, "label": label}).decode()


def position_of(label: str) -> Position:
    """The position that a document of ours holds."""
    return Position(**orjson.loads(label))


def id_of(high: int, low: int) -> bytes:
    """The 16 bytes of a public id from its two halves."""
    return (high << _HALF | low).to_bytes(16, "big")


def _record(document: RecordDocument) -> dict[str, Any]:
    raw = int.from_bytes(document.id, "big")
    return {
        "key": document.key,
        "sort": "record",
        "filter": document.filters,
        "identifier": document.identifiers,
        "prefix": document.codes,
        "number": terms.bigrams(document.number),
        "name": terms.bigrams(document.name),
        "gram": document.name,
        "head": terms.bigrams(document.head),
        "text": terms.bigrams(document.text),
        "n": document.n,
        "id_high": raw >> _HALF,
        "id_low": raw & (1 << _HALF) - 1,
        "version": document.version,
        "newest": document.newest,
        "cube": terms.cube(document.kind, document.area, document.year, document.state),
        "kind": document.kind,
        "area": document.area,
        "year": document.year,
        "state": document.state,
        "body": document.body or [],
        "from": document.shown_from,
        "until": document.shown_until,
        "rank": document.rank,
    }


def _name(document: NameDocument) -> dict[str, Any]:
    return {
        "key": document.key,
        "sort": "name",
        "s_exact": document.folded,
        "s_name": terms.bigrams(terms.edged(document.folded)),
        "s_gram": document.folded,
        "s_initials": terms.bigrams(document.initials),
        "s_pinyin": terms.bigrams(document.pinyin),
        "label": orjson.dumps([document.code, document.name]).decode(),
        "subject": document.subject_id,
        "current": int(document.current),
        "from": document.shown_from,
        "until": document.shown_until,
        "rank": document.rank,
    }
