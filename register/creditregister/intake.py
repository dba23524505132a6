"""What becomes of the rows of one transaction: new, again, corrected, held (DESIGN 3).

Deliveries do not rule over decisions: only the owning unit changes its record, content equal to an earlier
version changes nothing, and what was withdrawn is never reopened; such rows are held for the unit's word.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import orjson
from sqlalchemy import Connection, func, select

from creditregister import people, publication
from creditregister.delivered import Delivered, Outcome, Problem, Result
from creditregister.matching import CHUNK, Codes, Matcher, looks_like_slip, row_codes
from creditregister.publication import Author, Draft
from creditregister.schema import person_lookup, person_secret, record, record_key, record_version, subject
from creditregister.store import insert_many
from creditregister.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from creditregister.keys import Keys
    from creditregister.units import Unit

#: Numbers of records stay below 2^36, since the index packs them into its sort keys (DESIGN 3).
MOST_RECORDS = 1 << 36
#: Records of one document that a new row is compared with for slips of the pen.
COMPARED = 50


#: What the ledger's private column says of a record that a delivery takes from the public, by its new state.
_REASONS = {"annulled": "revoked", "ended": "ended", "hidden": "withheld"}


@dataclass(slots=True)
class Batch:
    """A delivery that is being taken in; ``id`` 0 is a dry run, which leaves no trace."""

    id: int
    unit: Unit
    kind: str
    who: str
    warned: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def dry(self) -> bool:
        """Whether nothing of it may stay."""
        return self.id == 0


@dataclass(frozen=True, slots=True)
class _Stored:
    """What a row is compared with: the current version of a record that is known already."""

    n: int
    id: bytes
    version: int
    state: str
    unit_id: int
    digest: bytes
    name: str
    subject_id: int | None
    klass: str
    code: str


@dataclass(frozen=True, slots=True)
class _Item:
    """A row with what is computed of it once: folded name, strongest code, subject, keys, digest.

    ``other`` is the key that a person's record would have if it were a company's: a business whose operator
    becomes known later is found by it, and taken from the public's view under the same id.
    """

    row: Delivered
    name: str
    code: str
    subject_id: int | None
    key: bytes
    other: bytes
    document: bytes
    digest: bytes


class Chunk:
    """One transaction's worth of rows."""

    def __init__(self, connection: Connection, keys: Keys, matcher: Matcher, batch: Batch, now: int) -> None:
        self.connection = connection
        self.keys = keys
        self.matcher = matcher
        self.batch = batch
        self.now = now
        self.author = Author(batch.who, "delivery", now)
        self.new: list[Draft] = []
        self.corrections: list[Draft] = []
        self.taken_back: list[Draft] = []
        self.keys_made: list[tuple[bytes, int]] = []
        self.people: list[tuple[int, Delivered]] = []
        self.by_key: dict[bytes, list[_Stored]] = {}
        self.next = 0

    def take_in(self, rows: Sequence[Delivered]) -> list[Result]:
        """Store what the rows bring; one result for each, in their order."""
        coded = [(row, row_codes(row)) for row in rows]
        subjects, warnings = self.matcher.match(self.connection, coded, self.now)
        items = [self._item(row, codes, who) for (row, codes), who in zip(coded, subjects, strict=True)]
        self.by_key = self._known([key for item in items for key in (item.key, item.other) if key])
        # Only a row whose own record is not known yet is compared with others of its document.
        strangers = [item.document for item in items if item.document and item.key not in self.by_key]
        self.by_key |= self._known(strangers)
        self.next = (self.connection.scalar(select(func.max(record.c.n))) or 0) + 1
        results = []
        for item in items:
            result = self._one(item)
            extra = (*item.row.warnings, *warnings.get(item.row.row, ()))
            results.append(replace(result, problems=result.problems + extra) if extra else result)
        self._store()
        return results

    def _store(self) -> None:
        if self.next > MOST_RECORDS:
            raise OverflowError("The register holds 2^36 records: its numbers are used up.")
        publication.publish(self.connection, self.new, self.author)
        publication.correct(self.connection, self.corrections, self.author)
        for state, reason in _REASONS.items():
            drafts = [draft for draft in self.taken_back if draft.state == state]
            publication.take_back(self.connection, drafts, replace(self.author, reason=reason))
        insert_many(self.connection, record_key, ("key", "n"), self.keys_made)
        self._seal()

    # -- one row ---------------------------------------------------------------------------------------

    def _one(self, item: _Item) -> Result:
        match = self._own_record(item)
        if match is None and item.document:
            match, slip = self._same_document(item)
            if slip is not None:
                return _held(item.row, "slip", "与同一文书下已有的另一主体名称或代码极为相近，可能是笔误")
        return self._new(item) if match is None else self._again(item, match)

    def _own_record(self, item: _Item) -> _Stored | None:
        """The record of this key; a person's record may so far have passed for a company's."""
        found = self.by_key.get(item.key, [])
        if item.row.klass == "person":
            taken_for_company = [each for each in self.by_key.get(item.other, ()) if each.klass != "person"]
            return next(iter([*found, *taken_for_company]), None)
        return next(iter(sorted(found, key=lambda each: each.klass == "person")), None)

    def _new(self, item: _Item) -> Result:
        draft = self._draft(item, self.next, secrets.token_bytes(16), 1)
        self.next += 1
        self.new.append(draft)
        self._learn(item, draft, new=True)
        return Result(item.row.row, Outcome.ACCEPTED)

    def _again(self, item: _Item, match: _Stored) -> Result:
        row = item.row
        now_person = row.klass == "person" and match.klass != "person"
        if not now_person and (item.digest == match.digest or self._was_so_before(match, item.digest)):
            return Result(row.row, Outcome.UNCHANGED)
        if match.klass == "person" and row.klass != "person":
            return _held(row, "was-person", "该信息已作为自然人的信息收录，不能由报送改为公开的单位信息")
        if match.unit_id != self.batch.unit.id:
            return _held(row, "other-unit", "该信息由另一数据来源单位报送，只有该单位可以更正")
        if match.state != "public":
            return _held(row, "decided", "该信息已撤下，报送不能使其重新公示")
        if match.version == 0:
            return _refused(row, "twice", "同一批次中该信息已出现过，而内容不同")
        draft = self._draft(item, match.n, match.id, match.version + 1)
        if match.subject_id != draft.subject_id:
            draft = replace(draft, former_subject=match.subject_id)
        if match.klass != draft.klass:
            draft = replace(draft, former_class=match.klass)
        shown = draft.state == "public"
        (self.corrections if shown else self.taken_back).append(draft)
        self._learn(item, draft, new=item.key not in self.by_key)
        return Result(row.row, Outcome.UPDATED, withdrawn=int(not shown))

    def _draft(self, item: _Item, n: int, public_id: bytes, version: int) -> Draft:
        row = item.row
        return Draft(
            n=n,
            id=public_id,
            version=version,
            kind=self.batch.kind,
            klass=row.klass,
            unit_id=self.batch.unit.id,
            subject_id=item.subject_id,
            name="" if row.klass == "person" else item.name,
            decided=row.decided,
            content=row.content,
            digest=item.digest,
            public=row.public,
            batch_id=self.batch.id or None,
            row=row.row,
            state=_state(row),
        )

    def _learn(self, item: _Item, draft: Draft, *, new: bool) -> None:
        """Later rows of the same chunk must find this one; version 0 says that it is of this very chunk."""
        mine = _Stored(
            draft.n, draft.id, 0, draft.state, draft.unit_id, draft.digest, draft.name, draft.subject_id,
            draft.klass, item.code,
        )  # fmt: skip
        self.by_key[item.key] = [mine]
        if new:
            self.keys_made.append((item.key, draft.n))
        if draft.version == 1 and item.other:
            self.keys_made.append((item.other, draft.n))
            self.by_key.setdefault(item.other, []).append(mine)
        if draft.version == 1 and item.document:
            self.keys_made.append((item.document, draft.n))
            self.by_key.setdefault(item.document, []).append(mine)
        if item.row.secrets or item.row.klass == "person":
            self.people.append((draft.n, item.row))

    # -- identity --------------------------------------------------------------------------------------

    def _item(self, row: Delivered, codes: Codes, subject_id: int | None) -> _Item:
        """The row with the key of its record and, where it names a document, the key of that document."""
        kind, name, code = self.batch.kind, fold(row.name), codes[0][1] if codes else ""
        person = row.klass == "person"
        who = self.keys.lookup(name, fold(row.number)).hex() if person else code or name
        document = other = b""
        if row.key:
            own = self.keys.digest("record", f"{kind}\0{row.key}\0{who}".encode())
            if person:
                other = self.keys.digest("record", f"{kind}\0{row.key}\0{code or name}".encode())
            if row.document:
                document = self.keys.digest("document", f"{kind}\0{row.key}".encode())
        else:
            content = hashlib.sha256(row.content.encode()).hexdigest()
            fact = f"{kind}\0{self.batch.unit.id}\0{who}\0{row.decided}\0{content}"
            own = self.keys.digest("content", fact.encode())
        return _Item(row, name, code, subject_id, own, other, document, self._digest(row))

    def _digest(self, row: Delivered) -> bytes:
        """Of the content and, keyed, of what is sealed: a corrected identity number is a correction too."""
        sealed = orjson.dumps(row.secrets, option=orjson.OPT_SORT_KEYS) if row.secrets else b"{}"
        return self.keys.digest("version", row.content.encode() + b"\0" + sealed)

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, list[_Stored]]:
        found: dict[bytes, list[_Stored]] = {}
        wanted = list(dict.fromkeys(keys))
        current = (record_version.c.n == record.c.n) & (record_version.c.version == record.c.version)
        for at in range(0, len(wanted), CHUNK):
            query = (
                select(
                    record_key.c.key, record.c.n, record.c.id, record.c.version, record.c.state,
                    record.c.unit_id, record_version.c.digest, record.c.name, record.c.subject_id,
                    record.c["class"], func.coalesce(subject.c.code, ""),
                )
                .join(record, record.c.n == record_key.c.n)
                .join(record_version, current)
                .outerjoin(subject, subject.c.id == record.c.subject_id)
                .where(record_key.c.key.in_(wanted[at : at + CHUNK]))
            )  # fmt: skip
            for key, *values in self.connection.execute(query).all():
                found.setdefault(key, []).append(_Stored(*values))
        return found

    def _same_document(self, item: _Item) -> tuple[_Stored | None, _Stored | None]:
        """The record of this document that is surely the same one, or one that looks like a slip."""
        if item.row.klass == "person":
            return None, None
        for other in self.by_key.get(item.document, ())[:COMPARED]:
            if other.name == item.name and not (item.code and other.code):
                return other, None
            if other.name and looks_like_slip(item.name, item.code, other.name, other.code):
                return None, other
        return None, None

    def _was_so_before(self, match: _Stored, digest: bytes) -> bool:
        if match.version == 0:
            return False
        before = select(record_version.c.version).where(
            record_version.c.n == match.n, record_version.c.digest == digest
        )
        return self.connection.scalar(before.limit(1)) is not None

    # -- persons ---------------------------------------------------------------------------------------

    def _seal(self) -> None:
        """Seal identity numbers and make the hashes by which ``/people`` finds the records."""
        numbers = [n for n, _ in self.people]
        for table in (person_secret, person_lookup):
            for at in range(0, len(numbers), CHUNK):
                self.connection.execute(table.delete().where(table.c.n.in_(numbers[at : at + CHUNK])))
        sealed, hashes = [], []
        for n, row in dict(self.people).items():
            for name, text in row.secrets.items():
                sealed.append((n, name, *self.keys.seal(text, f"{n}/{name}")))
            if row.klass == "person":
                numbers_of = [row.number, row.case, *row.codes.values()]
                found = people.lookups(self.keys, row.name, numbers_of)
                hashes += [(hashed, n, self.keys.key("lookup").id) for hashed in found]
        insert_many(self.connection, person_secret, ("n", "field", "key_id", "sealed"), sealed)
        insert_many(self.connection, person_lookup, ("hash", "n", "key_id"), hashes)


def _state(row: Delivered) -> str:
    """What a version may be: a minor is kept and never shown, as is a person whom the kind never shows."""
    if row.minor or not row.public:
        return "hidden"
    if row.revoked:
        return "annulled"
    return "ended" if row.ended else "public"


def _held(row: Delivered, code: str, why: str) -> Result:
    message = f"第 {row.row} 行：{why}。请由报送单位说明是另一条信息还是更正原信息。"
    return Result(row.row, Outcome.HELD, (Problem(row.row, "held", "", code, message, _raw(row)),))


def _refused(row: Delivered, code: str, why: str) -> Result:
    message = f"第 {row.row} 行：{why}。请保留正确的一行后重新报送。"
    return Result(row.row, Outcome.REFUSED, (Problem(row.row, "refused", "", code, message, _raw(row)),))


def _raw(row: Delivered) -> dict[str, str]:
    return row.raw or {"content": row.content} | row.secrets
