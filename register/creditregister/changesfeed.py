"""The changes feed 变更通报: what re-users must delete or fetch anew (DESIGN 5, FEATURES X5).

Pages of JSON Lines in ``CREDIT_DATA/changes``, read from the ledger and signed where the checkpoints are
signed. Page 1 is the oldest; a page of 1,000 changes is full and never changes again, the last one grows.

* first line: ``{"feed":"changes","full":…,"origin":…,"page":…,"previous":…,"upto":…,"v":1}``; ``upto`` is the
  ledger entry up to which the page is complete, ``previous`` the SHA-256 of the page before;
* a line for each change: ``{"at":…,"change":"withdrawn","id":…,"seq":…}``: id and time, nothing else;
* last line: ``{"key":…,"signature":…}``, Ed25519 by the log's key over all bytes above it.

Natural persons are never in it. A page is kept until its last change is 400 days old (DESIGN 3). The pages
are derived: a lost folder is written anew, byte for byte, up to the newest page.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from cryptography.exceptions import InvalidSignature
from sqlalchemy import Connection, select

from creditregister import ledger
from creditregister.clock import iso
from creditregister.errors import CreditError
from creditregister.records import id_text
from creditregister.schema import ledger as entries
from creditregister.schema import record
from creditregister.signing import key_name, write_whole
from creditregister.text import canonical

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from creditregister.keys import Keys
    from creditregister.settings import Settings

#: Changes of one page.
SIZE = 1_000
#: Pages that one call of ``renew`` writes at most, so that no read of the register grows long.
AT_ONCE = 50
#: Days for which a change can be read; as long as an address answers 410 (DESIGN 3, After withdrawal).
KEPT_DAYS = 400
DAY = 86_400_000


class ChangesError(CreditError):
    """A page of the feed that cannot be read, trusted or continued; the message says why."""


@dataclass(frozen=True, slots=True)
class Told:
    """One change: the ledger's entry, when, what (withdrawn, corrected), and the record's public id."""

    seq: int
    at: int
    change: str
    id: str

    @property
    def line(self) -> bytes:
        """As it stands in a page."""
        fact = {"at": iso(self.at), "change": self.change, "id": self.id, "seq": self.seq}
        return canonical(fact) + b"\n"


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it was read: its number, up to which entry it is complete, its lines without the frame.

    ``key`` names the public key that is said to have signed it.
    """

    number: int
    origin: str
    upto: int
    full: bool
    previous: str
    lines: tuple[bytes, ...] = ()
    key: str = ""

    @property
    def changes(self) -> list[dict[str, Any]]:
        """Its changes, read."""
        return [orjson.loads(line) for line in self.lines]

    def text(self, keys: Keys) -> bytes:
        """The signed bytes."""
        head = {
            "feed": "changes", "full": self.full, "origin": self.origin, "page": self.number,
            "previous": self.previous, "upto": self.upto, "v": 1,
        }  # fmt: skip
        body = canonical(head) + b"\n" + b"".join(self.lines)
        signer = keys.signer()
        signature = base64.b64encode(signer.sign(body)).decode()
        return (
            body
            + canonical({"key": key_name(self.origin, signer.public_key()), "signature": signature})
            + b"\n"
        )


def folder(settings: Settings) -> Path:
    """Where the pages are written, and where the site reads them."""
    return settings.data / "changes"


def path(settings: Settings, number: int) -> Path:
    """The file of one page."""
    return folder(settings) / f"{number}.jsonl"


def numbers(settings: Settings) -> list[int]:
    """The pages that can be read, oldest first."""
    return sorted(int(file.stem) for file in folder(settings).glob("*.jsonl") if file.stem.isdigit())


def parse(text: bytes) -> Page:
    """What a page says, its signature not looked at.

    Raises:
        ChangesError: it is no page of the feed.
    """
    lines = text.splitlines(keepends=True)
    try:
        head = orjson.loads(lines[0])
        page = Page(head["page"], head["origin"], head["upto"], head["full"], head["previous"])
        last = orjson.loads(lines[-1])
        signed = last["key"], last["signature"]
    except (IndexError, KeyError, TypeError, orjson.JSONDecodeError) as error:
        raise ChangesError(
            "This is no page of the changes feed: its first or last line is malformed."
        ) from error
    return replace(page, lines=tuple(lines[1:-1]), key=str(signed[0]))


def verify(text: bytes, public: Ed25519PublicKey) -> Page:
    """What a page says, if this key signed it.

    Raises:
        ChangesError: it is no page, or not signed by this key.
    """
    page = parse(text)
    last = text.splitlines(keepends=True)[-1]
    try:
        signature = base64.b64decode(orjson.loads(last)["signature"], validate=True)
        public.verify(signature, text[: -len(last)])
    except (InvalidSignature, ValueError, TypeError) as error:
        raise ChangesError("The page's signature does not fit its text, or another key made it.") from error
    return page


def renew(connection: Connection, settings: Settings, keys: Keys, now: int) -> int:
    """Bring the pages towards the ledger's head and drop those that are too old; how many were written.

    At most ``AT_ONCE`` pages are written; the caller goes on while that many were.

    It may be killed at any moment: a page appears whole or not at all, and the next call goes on from there.

    Raises:
        ChangesError: the ledger ends before what was told already, so entries were lost.
    """
    head = ledger.head(connection)
    page = _newest(settings, head)
    written = 0
    while written < AT_ONCE and (page.upto < head.seq or not path(settings, page.number).exists()):
        page = _grown(connection, page, head.seq)
        text = page.text(keys)
        folder(settings).mkdir(parents=True, exist_ok=True)
        write_whole(path(settings, page.number), text)
        written += 1
        if page.full:
            page = Page(page.number + 1, page.origin, page.upto, full=False, previous=_digest(text))
            write_whole(path(settings, page.number), page.text(keys))
    _drop_old(settings, now)
    return written


def told(connection: Connection, after: int, upto: int, limit: int) -> list[Told]:
    """What re-users are told of the entries after ``after``, in order, at most ``limit`` changes."""
    query = (
        select(entries.c.seq, entries.c.time, entries.c.told, record.c.id)
        .join(record, record.c.n == entries.c.n)
        .where(entries.c.told != "", entries.c.seq > after, entries.c.seq <= upto)
        .order_by(entries.c.seq)
        .limit(limit)
    )
    return [Told(seq, at, change, id_text(raw)) for seq, at, change, raw in connection.execute(query)]


def _newest(settings: Settings, head: ledger.Head) -> Page:
    """The page that grows; of another log's pages nothing is left."""
    found = numbers(settings)
    page = parse(path(settings, found[-1]).read_bytes()) if found else None
    if page is not None and page.origin != head.origin:
        for number in found:
            path(settings, number).unlink()
        page = None
    if page is None:
        return Page(1, head.origin, 0, full=False, previous="")
    if page.upto > head.seq:
        raise ChangesError(f"Changes up to entry {page.upto} were told, but the ledger ends at {head.seq}.")
    if page.full:  # killed between a full page and the next one
        previous = _digest(path(settings, page.number).read_bytes())
        return Page(page.number + 1, page.origin, page.upto, full=False, previous=previous)
    return page


def _grown(connection: Connection, page: Page, head: int) -> Page:
    room = SIZE - len(page.lines)
    found = told(connection, page.upto, head, room)
    full = len(found) == room
    # A full page ends with its last change, wherever the ledger was when it was written.
    return replace(
        page,
        lines=(*page.lines, *(each.line for each in found)),
        full=full,
        upto=found[-1].seq if full else head,
    )


def _drop_old(settings: Settings, now: int) -> None:
    """Remove the full pages whose last change is older than what has to be kept; the last page stays."""
    oldest = iso(now - KEPT_DAYS * DAY)
    for number in numbers(settings)[:-1]:
        page = parse(path(settings, number).read_bytes())
        if _last(page.changes) >= oldest:
            return
        path(settings, number).unlink()


def _last(changes: Sequence[dict[str, Any]]) -> str:
    """Times are text of one length and one offset, so that their order is that of time."""
    return str(changes[-1]["at"]) if changes else ""


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
