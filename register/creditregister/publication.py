"""The only module that changes what is public (DESIGN 3).

Each function runs inside the caller's write transaction: it stores the version with its public bytes and a
fresh salt, changes the record's state, and appends one ledger entry for each change. What it is given has
been projected and redacted; it scans the bytes once more, because it is the last wall before the public.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, bindparam, select, update

from creditregister import bodies, ledger, subjects
from creditregister.errors import CreditError
from creditregister.ledger import Change, commitment
from creditregister.privacy import leak
from creditregister.records import id_text
from creditregister.schema import record, record_version, subject
from creditregister.store import insert_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from creditregister.publicity import Term
    from creditregister.records import Published
    from creditregister.subjects import Subject

Done = TypeVar("Done")

SALT = 32
#: How often a transaction is tried where others change the same records at the same time.
ATTEMPTS = 5
#: Numbers that one statement looks up.
AT_ONCE = 8_000
RECORD = (
    "n", "id", "kind", "unit_id", "subject_id", "name", "class", "state", "version", "seq", "decided",
    "whole_day", "area", "body", "shown_from", "shown_until", "rule", "marks", "published_at",
    "withdrawn_at", "batch_id", "row",
)  # fmt: skip
VERSION = (
    "n", "version", "content", "digest", "public", "salt", "reason", "who", "at", "batch_id", "row",
    "shown_from", "min_end", "max_end", "repair_from", "held_from", "rule",
)  # fmt: skip
#: What a next version changes of its record.
CHANGED = (
    "version", "seq", "decided", "whole_day", "area", "body", "subject_id", "name", "class", "state",
    "shown_from", "shown_until", "rule",
)  # fmt: skip

#: What re-users learn of a change that makes no version; of a publication nothing.
_TOLD = {"restore": "corrected", "withdraw": "withdrawn"}


class OvertakenError(CreditError):
    """What a change was made from is no longer so; nothing was changed, and the step may be done again."""


class LeakError(CreditError):
    """Bytes that were to be published hold an identity, telephone or bank number; nothing was changed."""


def patiently(step: Callable[[], Done]) -> Done:
    """Do a transaction again where a citizen's or a clerk's change of the same records came first."""
    for _ in range(ATTEMPTS - 1):
        with suppress(OvertakenError):
            return step()
    return step()


@dataclass(frozen=True, slots=True)
class Draft:
    """A version that is to become public, or, with ``state`` other than ``public``, only to be kept.

    ``subject_id`` is none for persons and for names without a code; ``name`` is folded and empty for persons.
    """

    n: int
    id: bytes
    version: int
    kind: str
    klass: str
    unit_id: int
    subject_id: int | None
    name: str
    decided: str
    content: str
    digest: bytes
    public: bytes
    batch_id: int | None
    row: int | None
    term: Term
    state: str = "public"
    former_subject: int | None = None  # whose record it was before, where that changed
    former_class: str = (
        ""  # what it was before, where that changed: a company's may turn out to be a person's
    )

    @property
    def shown_until(self) -> str:
        """The last day it may be shown; of what is held, the last that its rules would allow."""
        return self.term.max_end if self.state == "held" else self.term.shown_until


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a change and why: a delivery, a command, a person of the staff.

    ``reason`` is one plain word, to which the ledger commits; ``why`` says it in a sentence for the register.
    """

    who: str
    reason: str
    at: int
    why: str = ""


def publish(connection: Connection, drafts: Sequence[Draft], author: Author) -> None:
    """Store new records with their first version; those in state ``public`` enter the ledger.

    Raises:
        LeakError: public bytes hold what must never be shown.
    """
    salts = _salts(len(drafts))
    changes = [
        _change("publish", draft, salt, author.reason)
        for draft, salt in zip(drafts, salts, strict=True)
        if draft.state == "public"
    ]
    seq = ledger.append(connection, changes, author.at) if changes else 0
    records = []
    for draft in drafts:
        shown = draft.state == "public"
        records.append(_record(draft, seq if shown else 0, author.at))
        seq += shown
    insert_many(connection, record, RECORD, records)
    _store_versions(connection, drafts, salts, author)


def correct(connection: Connection, drafts: Sequence[Draft], author: Author) -> None:
    """Store the next version of public records; the salt of the version before dies (DESIGN 3).

    Raises:
        LeakError: public bytes hold what must never be shown.
    """
    if drafts:
        _show(connection, "correct", drafts, author)


def restore(connection: Connection, drafts: Sequence[Draft], author: Author) -> None:
    """Show records that are not public by a next version: what they lacked came, or all was undone 撤回.

    One that never was public is published by it.

    Raises:
        LeakError: public bytes hold what must never be shown.
    """
    if not drafts:
        return
    before = _published(connection, [draft.n for draft in drafts])
    if again := [draft for draft in drafts if draft.n in before]:
        _show(connection, "restore", again, author, withdrawn_at=None)
    if new := [draft for draft in drafts if draft.n not in before]:
        _show(connection, "publish", new, author, withdrawn_at=None, published_at=author.at)


def _show(
    connection: Connection, action: str, drafts: Sequence[Draft], author: Author, **fixed: int | None
) -> None:
    salts = _salts(len(drafts))
    changes = [_change(action, draft, salt, author.reason) for draft, salt in zip(drafts, salts, strict=True)]
    seq = ledger.append(connection, changes, author.at)
    _refuse_overtaken(connection, {draft.n: draft.version - 1 for draft in drafts}, shown=action == "correct")
    _forget_salts(connection, [draft.n for draft in drafts])
    _change_records(connection, drafts, seq, **fixed)
    _store_versions(connection, drafts, salts, author)


def keep(connection: Connection, drafts: Sequence[Draft], author: Author) -> None:
    """Store the next version of records that are not public and stay so: no entry, nothing to be seen."""
    if not drafts:
        return
    _refuse_overtaken(connection, {draft.n: draft.version - 1 for draft in drafts}, shown=False)
    _change_records(connection, drafts, None)
    _store_versions(connection, drafts, [b""] * len(drafts), author)


def begin(connection: Connection, items: Sequence[Published], author: Author) -> None:
    """Publish records that waited for their day, as they were delivered.

    Raises:
        LeakError: public bytes hold what must never be shown.
    """
    if not items:
        return
    salts = _salts(len(items))
    changes = [
        _entry("restore" if item.published_at else "publish", item, salt, author.reason)
        for item, salt in zip(items, salts, strict=True)
    ]
    seq = ledger.append(connection, changes, author.at)
    _refuse_overtaken(connection, {item.n: item.version for item in items}, shown=False)
    change = update(record).where(record.c.n == bindparam("of"))
    change = change.values(state="public", seq=bindparam("to_seq"), withdrawn_at=None)
    connection.execute(change, [{"of": item.n, "to_seq": seq + place} for place, item in enumerate(items)])
    _stamp(connection, [item.n for item in items if not item.published_at], author.at)
    give = update(record_version).where(
        record_version.c.n == bindparam("of"), record_version.c.version == bindparam("in_version")
    )
    rows = [{"of": i.n, "in_version": i.version, "to": s} for i, s in zip(items, salts, strict=True)]
    connection.execute(give.values(salt=bindparam("to")), rows)


def take_back(connection: Connection, drafts: Sequence[Draft], author: Author) -> None:
    """Withdraw records by a new version that says why; it is kept and never public.

    The state of a draft is ``annulled`` (a delivered 撤销), ``ended`` (removed from its list, lifted,
    paid, absent from a whole list, undone, or over), ``waiting`` (its day is to come), ``held`` (it lacks
    its grade, or its list a page) or ``hidden`` (now known to be of a minor, or of a person whom its kind
    never shows).
    """
    if not drafts:
        return
    salt = secrets.token_bytes(SALT)  # kept nowhere: nothing of a withdrawn record is ever proven in public
    seq = ledger.append(connection, [_change("withdraw", d, salt, author.reason) for d in drafts], author.at)
    _refuse_overtaken(connection, {draft.n: draft.version - 1 for draft in drafts})
    _change_records(connection, drafts, seq, withdrawn_at=author.at)
    _forget_salts(connection, [draft.n for draft in drafts])
    _store_versions(connection, drafts, [salt] * len(drafts), author)


def withdraw(connection: Connection, items: Sequence[Published], state: str, author: Author) -> None:
    """Take records from the public: ``ended`` (no reason is shown), ``annulled`` (revoked, void) or ``held``.

    What is held may come back with what it lacks, until the last day that its rules allow.
    """
    if not items:
        return
    # The entry commits to the fact of withdrawal only; its salt is kept nowhere, for nothing is shown.
    changes = [_entry("withdraw", item, secrets.token_bytes(SALT), author.reason) for item in items]
    seq = ledger.append(connection, changes, author.at)
    _refuse_overtaken(connection, {item.n: item.version for item in items})
    change = update(record).where(record.c.n == bindparam("of"))
    change = change.values(
        state=state, seq=bindparam("to_seq"), withdrawn_at=author.at, shown_until=bindparam("to_until")
    )
    rows = [
        {
            "of": item.n,
            "to_seq": seq + place,
            "to_until": item.max_end if state == "held" else item.shown_until,
        }
        for place, item in enumerate(items)
    ]
    connection.execute(change, rows)
    _forget_salts(connection, [item.n for item in items])


def empty(connection: Connection, numbers: Sequence[int]) -> None:
    """Destroy what withdrawn records say, in every version; that they were there stays (``erasure``)."""
    versions = update(record_version).where(record_version.c.n.in_(numbers))
    connection.execute(versions.values(content="", digest=b"", public=None, salt=None))
    # Of an annulled record its document would be shown; there is none any more.
    texts = dict.fromkeys(("name", "decided", "area", "marks"), "")
    nothing = texts | {"body": 0, "subject_id": None, "state": "ended"}
    connection.execute(update(record).where(record.c.n.in_(numbers)).values(nothing))


def _refuse_overtaken(connection: Connection, expected: Mapping[int, int], *, shown: bool = True) -> None:
    """Look once more, now that nobody else can append: each record is shown or not as it was, in its version.

    SQLite's writers wait for each other before they read; on PostgreSQL a withdrawal may have been committed
    while a delivery was being compared, and must not be undone by it.

    Raises:
        OvertakenError: a record was changed or withdrawn in the meantime.
    """
    numbers = list(expected)
    for start in range(0, len(numbers), AT_ONCE):
        part = numbers[start : start + AT_ONCE]
        public = record.c.state == "public"
        query = select(record.c.n, record.c.version).where(record.c.n.in_(part), public if shown else ~public)
        found = dict(connection.execute(query).all())
        if any(found.get(n) != expected[n] for n in part):
            raise OvertakenError("A record was changed by somebody else in the same moment; do it again.")


def change_subjects(connection: Connection, ids: Iterable[int], author: Author) -> None:
    """Log that names or codes of these subjects, or whose their records are, have just changed.

    One entry ``subject`` each, which commits to what is said of it now; the index follows it with all records
    of the subject. The salt of the version before dies.
    """
    found = subjects.by_ids(connection, list(ids))
    if not found:
        return
    salts = _salts(len(found))
    changes = [
        Change(
            "subject",
            subject_commitment(salt, each, each.version + 1, author.reason),
            subject_id=each.id,
            version=each.version + 1,
            reason=author.reason,
        )
        for salt, each in zip(salts, found.values(), strict=True)
    ]
    seq = ledger.append(connection, changes, author.at)
    change = update(subject).where(subject.c.id == bindparam("of"))
    change = change.values({name: bindparam(f"to_{name}") for name in ("version", "seq", "salt")})
    rows = [
        {"of": each.id, "to_version": each.version + 1, "to_seq": seq + place, "to_salt": salts[place]}
        for place, each in enumerate(found.values())
    ]
    connection.execute(change, rows)


def subject_commitment(salt: bytes, of: Subject, version: int, reason: str) -> bytes:
    """What an entry ``subject`` commits to: as of a record, under the code of the subject's page."""
    return commitment(
        salt, record=of.code, version=version, kind="subject", reason=reason, public=of.public()
    )


def move_records(connection: Connection, numbers: Sequence[int], to_subject: int) -> None:
    """Make these records another subject's; what they say stays as it is.

    The caller logs it for both subjects (``change_subjects``).
    """
    moved = update(record).where(record.c.n == bindparam("of")).values(subject_id=to_subject)
    if numbers:
        connection.execute(moved, [{"of": n} for n in numbers])


def hide_withdrawn(connection: Connection, numbers: Sequence[int]) -> None:
    """Records that are public no more turn out to be of a natural person: 404 as if they had never been."""
    hidden = update(record).where(record.c.n == bindparam("of"))
    hidden = hidden.values({"class": "person", "subject_id": None, "name": ""})
    if numbers:
        connection.execute(hidden, [{"of": n} for n in numbers])


def lapse(connection: Connection, items: Sequence[Published]) -> None:
    """End records that are held or wait, and whose time is over: nothing was public, so nothing is logged."""
    _refuse_overtaken(connection, {item.n: item.version for item in items}, shown=False)
    change = update(record).where(record.c.n.in_([item.n for item in items]))
    connection.execute(change.values(state="ended"))


def _published(connection: Connection, numbers: Sequence[int]) -> set[int]:
    """Those of the records that were public at some time."""
    query = select(record.c.n).where(record.c.n.in_(list(numbers)), record.c.published_at > 0)
    return set(connection.scalars(query))


def _stamp(connection: Connection, numbers: Sequence[int], at: int) -> None:
    """Note the moment of first publication."""
    if numbers:
        change = update(record).where(record.c.n == bindparam("of")).values(published_at=at)
        connection.execute(change, [{"of": n} for n in numbers])


def _change_records(
    connection: Connection, drafts: Sequence[Draft], seq: int | None, **fixed: int | None
) -> None:
    """Bring the records in line with their next versions; ``seq`` is the first's entry, if any."""
    names = [name for name in CHANGED if seq is not None or name != "seq"]
    change = update(record).where(record.c.n == bindparam("of"))
    change = change.values({**{name: bindparam(f"to_{name}") for name in names}, **fixed})
    rows: list[dict[str, object]] = []
    for place, draft in enumerate(drafts):
        to = (
            draft.version, (seq or 0) + place, draft.decided, *bodies.counted_by(draft.public),
            draft.subject_id, draft.name, draft.klass, draft.state, draft.term.shown_from, draft.shown_until,
            draft.term.rule,
        )  # fmt: skip
        values = {f"to_{name}": value for name, value in zip(CHANGED, to, strict=True) if name in names}
        rows.append({"of": draft.n, **values})
    connection.execute(change, rows)


def _forget_salts(connection: Connection, numbers: Sequence[int]) -> None:
    """A salt dies with its version: without it an entry of the ledger tells nothing (DESIGN 3)."""
    forget = update(record_version).where(record_version.c.n == bindparam("of")).values(salt=None)
    connection.execute(forget, [{"of": n} for n in numbers])


def refuse_leaks(public: bytes) -> None:
    """The last look at bytes before anybody sees them.

    Raises:
        LeakError: an identity, telephone or bank number stands in them.
    """
    if found := leak.scan(public.decode()):
        kinds = ", ".join(sorted({str(item.kind) for item in found}))
        raise LeakError(f"The public bytes hold {kinds}; redact the text before it is published.")


def leaks(public: bytes) -> bool:
    """Whether bytes hold what must never be shown, for whoever goes on with other records then."""
    return bool(leak.scan(public.decode()))


def _change(action: str, draft: Draft, salt: bytes, reason: str) -> Change:
    refuse_leaks(draft.public)
    commit = commitment(
        salt,
        record=id_text(draft.id),
        version=draft.version,
        kind=draft.kind,
        reason=reason,
        public=draft.public,
    )
    # The index follows both: the subject that lost the record stands in the entry, its new one in the record.
    lost = draft.former_subject or draft.subject_id
    return Change(action, commit, draft.n, draft.version, lost, reason, _told(action, draft))


def _told(action: str, draft: Draft) -> str:
    """What re-users learn: they never had a person's record, and must drop a company's that became one."""
    if action == "publish" or (draft.former_class or draft.klass) == "person":
        return ""
    return "corrected" if draft.state == "public" and draft.klass != "person" else "withdrawn"


def _salts(count: int) -> list[bytes]:
    """A salt for each of some entries, asked of the system at once: a call for each is dear."""
    drawn = secrets.token_bytes(SALT * count)
    return [drawn[start : start + SALT] for start in range(0, len(drawn), SALT)]


def _entry(action: str, item: Published, salt: bytes, reason: str) -> Change:
    """The entry for a change that makes no version."""
    if action != "withdraw":
        refuse_leaks(item.public)
    commit = commitment(
        salt, record=item.id, version=item.version, kind=item.kind, reason=reason, public=item.public
    )
    told = "" if action == "publish" or item.klass == "person" else _TOLD[action]
    return Change(action, commit, item.n, item.version, item.subject_id, reason, told)


def _record(draft: Draft, seq: int, now: int) -> tuple[object, ...]:
    return (
        draft.n, draft.id, draft.kind, draft.unit_id, draft.subject_id, draft.name, draft.klass, draft.state,
        draft.version, seq, draft.decided, *bodies.counted_by(draft.public), draft.term.shown_from,
        draft.shown_until, draft.term.rule, "", now if draft.state == "public" else 0, None, draft.batch_id,
        draft.row,
    )  # fmt: skip


def _store_versions(
    connection: Connection, drafts: Sequence[Draft], salts: Sequence[bytes], author: Author
) -> None:
    rows = []
    for draft, salt in zip(drafts, salts, strict=True):
        shown = draft.state == "public"
        public = None if draft.state == "hidden" else draft.public
        content = (draft.content, draft.digest, public, salt if shown else None)
        made = (author.reason, author.who, author.at, draft.batch_id, draft.row)
        rows.append((draft.n, draft.version, *content, *made, *draft.term))
    insert_many(connection, record_version, VERSION, rows)
