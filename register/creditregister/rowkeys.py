"""A delivered row with the keys by which its record is found again (DESIGN 3, Identity of a record).

All are keyed digests, so that a copy of them betrays no guessable fact.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from creditregister import traders
from creditregister.text import fold

if TYPE_CHECKING:
    from creditregister.delivered import Delivered
    from creditregister.keys import Keys
    from creditregister.matching import Codes


@dataclass(frozen=True, slots=True)
class Item:
    """A row with what is computed of it once: folded name, strongest code, subject, keys, digest.

    ``other`` is the key that a person's record would have if it were a company's: a business whose operator
    becomes known later is found by it, and taken from the public's view under the same id. ``trader`` is the
    key by which the code of a business is known to be a person's.
    """

    row: Delivered
    name: str
    code: str
    subject_id: int | None
    key: bytes
    other: bytes
    trader: bytes
    document: bytes
    digest: bytes

    @property
    def keys(self) -> list[bytes]:
        """Every key that leads to the record."""
        trader = self.trader if self.row.klass == "person" else b""
        return [key for key in (self.key, self.other, self.document, trader) if key]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the keys of a delivery's rows are made with, beside the rows."""

    keys: Keys
    kind: str
    unit_id: int

    def item(self, row: Delivered, codes: Codes, subject_id: int | None) -> Item:
        """The row with the key of its record and, where it names a document, the key of that document."""
        name, code = fold(row.name), codes[0][1] if codes else ""
        person = row.klass == "person"
        who = self.keys.lookup(name, fold(row.number)).hex() if person else code or name
        document = other = b""
        trader = traders.code_key(self.keys, code) if code and row.klass in {"person", "business"} else b""
        if row.key:
            own = self.key(row, who)
            if person:
                other = self.key(row, code or name)
            if row.document:
                document = self.keys.digest("document", f"{self.kind}\0{row.key}".encode())
        else:
            content = hashlib.sha256(row.content.encode()).hexdigest()
            fact = f"{self.kind}\0{self.unit_id}\0{who}\0{row.decided}\0{content}"
            own = self.keys.digest("content", fact.encode())
        return Item(row, name, code, subject_id, own, other, trader, document, self._digest(row))

    def key(self, row: Delivered, who: str) -> bytes:
        """The key of the row's record if its subject is known by ``who``: a code, or a name without one."""
        return self.keys.digest("record", f"{self.kind}\0{row.key}\0{who}".encode())

    def _digest(self, row: Delivered) -> bytes:
        """Of the content and, keyed, of what is sealed: a corrected identity number is a correction too."""
        sealed = orjson.dumps(row.secrets, option=orjson.OPT_SORT_KEYS) if row.secrets else b"{}"
        return self.keys.digest("version", row.content.encode() + b"\0" + sealed)
