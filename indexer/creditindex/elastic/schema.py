"""What an index of ours in Elasticsearch holds, field by field: the same terms as in the embedded one.

Names of subjects and records are two sorts of documents in one index, and what was withdrawn is a third
one, a *tombstone*: it keeps the number of the change that took the document away, so that an older one
which arrives late cannot bring it back. A delete would be forgotten after a minute (``index.gc_deletes``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from creditindex import terms
from creditindex.documents import subject_key
from creditindex.engine import RecordDocument
from creditregister.records import id_text

if TYPE_CHECKING:
    from creditindex.engine import Document, NameDocument

#: Places for names that are written with every change of a subject, so that none of an older one remains.
SLOTS = 4
#: Characters from which on a value is not looked up: Lucene refuses terms of more than 32,766 bytes.
LONGEST = 8_000
#: Numbers of ours fit 63 bits.
BEYOND = 1 << 63
#: A document that was taken away.
TOMBSTONE = orjson.dumps({"sort": "gone"})

_SUBJECT = subject_key("")
_WORD = {"type": "keyword", "doc_values": False, "ignore_above": LONGEST}
_SHOWN = {"type": "keyword", "index": False, "ignore_above": LONGEST}
_PLACED = {"type": "text", "analyzer": "whitespace", "norms": False, "index_options": "positions"}
_GRAMS = {"type": "text", "analyzer": "whitespace", "norms": False, "index_options": "docs"}
_KEY = {"type": "long", "index": False}
_NUMBER = {"type": "long"}
_DAY = {"type": "integer"}
#: Fields by what is done with them: looked up whole, shown or counted, searched with or without places,
#: ordered by.
_FIELDS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("sort", "filter", "identifier", "s_exact"), _WORD),
    **dict.fromkeys(("kind", "area", "year", "state", "body", "id", "label"), _SHOWN),
    **dict.fromkeys(("number", "name", "head", "text", "s_name", "s_initials", "s_pinyin"), _PLACED),
    **dict.fromkeys(("prefix", "gram", "s_gram"), _GRAMS),
    **dict.fromkeys(("newest", "rank", "version", "current"), _KEY),
    **dict.fromkeys(("n", "subject", "slot"), _NUMBER),
    **dict.fromkeys(("from", "until"), _DAY),
}


def mapping(meta: dict[str, Any]) -> dict[str, Any]:
    """The mapping of a new index; a field that is not named here makes a document refused."""
    return {
        "_meta": meta,
        "_source": {"enabled": False},  # nothing is ever read back but numbers and labels
        "dynamic": "strict",
        "properties": _FIELDS,
    }


def id_of(key: str, slot: int) -> str:
    """The id of a document; only subjects have more than one under their key."""
    return f"{key}.{slot}" if slot else key


def slots(key: str) -> int:
    """How many places a change writes under a key, whatever it brings."""
    return SLOTS if key.startswith(_SUBJECT) else 1


def subject_of(key: str) -> int:
    """The subject whose names stand under a key."""
    return int(key.removeprefix(_SUBJECT))


def as_json(document: Document, slot: int) -> bytes:
    """A document as it is sent.

    Raises:
        ValueError: a number is outside what an index can order by.
    """
    values = _record(document) if isinstance(document, RecordDocument) else _name(document, slot)
    for name, value in values.items():
        if isinstance(value, int) and not 0 <= value < BEYOND:
            raise ValueError(f"{name} is {value}")
    return orjson.dumps(values)


def grams(text: str) -> str:
    """All pieces of one to six characters, each once: what a short piece of a name is looked up in."""
    sizes = range(1, terms.GRAM + 1)
    return " ".join({text[at : at + size] for size in sizes for at in range(len(text) - size + 1)})


def prefixes(codes: tuple[str, ...]) -> str:
    """The beginnings of codes, six to twenty characters."""
    ends = range(terms.PREFIX, terms.LONGEST_PREFIX + 1)
    return " ".join({code[:end] for code in codes for end in ends if end <= len(code)})


def _record(document: RecordDocument) -> dict[str, Any]:
    return {
        "sort": "record",
        "filter": document.filters,
        "identifier": document.identifiers,
        "prefix": prefixes(document.codes),
        "number": terms.bigrams(document.number),
        "name": terms.bigrams(document.name),
        "gram": grams(document.name),
        "head": terms.bigrams(document.head),
        "text": terms.bigrams(document.text),
        "n": document.n,
        "id": id_text(document.id),
        "version": document.version,
        "newest": document.newest,
        "kind": str(document.kind),
        "area": str(document.area),
        "year": str(document.year),
        "state": str(document.state),
        "body": document.body or [],
        "from": document.shown_from,
        "until": document.shown_until,
        "rank": document.rank,
    }


def _name(document: NameDocument, slot: int) -> dict[str, Any]:
    return {
        "sort": "name",
        "s_exact": document.folded,
        "s_name": terms.bigrams(terms.edged(document.folded)),
        "s_gram": grams(document.folded),
        "s_initials": terms.bigrams(document.initials),
        "s_pinyin": terms.bigrams(document.pinyin),
        "label": orjson.dumps([document.code, document.name]).decode(),
        "subject": document.subject_id,
        "slot": slot,
        "current": int(document.current),
        "from": document.shown_from,
        "until": document.shown_until,
        "rank": document.rank,
    }
