"""Individual businesses 个体工商户 that turn out to be natural persons (DESIGN 3, Natural persons).

Once one record shows that a business trades under its operator's name, all its records are a person's: they
leave index, pages and lists, are found at ``/people`` only, and no subject of the register bears its name or
code any more. The code is remembered as a keyed digest, so that no later row makes it public again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import Connection, select, update

from creditregister import identities, kinds, people, publication, subjects
from creditregister.identities import SubjectError
from creditregister.kinds import CODE_FIELDS, SUBJECT_NAME
from creditregister.nextversion import current, following
from creditregister.projection import project
from creditregister.schema import (
    person_lookup,
    record,
    record_key,
    subject,
    subject_code,
    subject_event,
    subject_name,
)
from creditregister.store import insert_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from creditregister.keys import Keys
    from creditregister.kinds import Kinds
    from creditregister.nextversion import Current
    from creditregister.publication import Author, Draft
    from creditregister.subjects import Subject


#: States of records that are not public and may become so.
_TO_COME: Final = ("waiting", "held")


def code_key(keys: Keys, code: str) -> bytes:
    """The keyed digest by which the code of a person's business is known, among the keys of records."""
    return keys.digest("person-code", code.encode())


def become_persons(
    connection: Connection, keys: Keys, found: Mapping[int, Sequence[str]], author: Author
) -> list[int]:
    """Take these businesses from the public's view; ``found``: subject → its operator's identity numbers.

    Returns the numbers of the records that were public until now. Runs inside the caller's write transaction.
    """
    if not found:
        return []
    shipped, flipped = kinds.load(), []
    for who, numbers in found.items():
        rows = current(connection, record.c.subject_id == who)
        shown = _drafts(rows, "public", shipped)
        publication.correct(connection, [draft for draft in shown if draft.public], author)
        publication.take_back(connection, [draft for draft in shown if not draft.public], author)
        for state in _TO_COME:
            publication.keep(connection, _drafts(rows, state, shipped), author)
        over = [row["n"] for row in rows if row["state"] not in {"public", *_TO_COME}]
        publication.hide_withdrawn(connection, over)
        _open_to_look_ups(connection, keys, rows, numbers)
        _remember_codes(connection, keys, who, rows)
        _forget_subject(connection, who)
        identities.note(connection, who, "person", author)
        flipped += [draft.n for draft in shown]
    publication.change_subjects(connection, found, author)
    return flipped


def become_person(connection: Connection, keys: Keys, of: Subject, author: Author) -> list[int]:
    """The same by a decision of the staff, who need not know the operator's number.

    Raises:
        SubjectError: an organisation is no person.
    """
    if of.type != "business":
        raise SubjectError(f"{of.name} is no individual business 个体工商户; an organisation is no person.")
    return become_persons(connection, keys, {of.id: []}, author)


def _drafts(rows: Iterable[Current], state: str, shipped: Kinds) -> list[Draft]:
    """The next versions of those in that state: what a person's record shows, under no subject."""
    found = []
    for row in rows:
        if row["state"] == state:
            public = project(shipped[row["kind"]], orjson.loads(row["content"]), "person")
            person: dict[str, Any] = {"klass": "person", "subject_id": None, "name": "", "public": public}
            person |= {"former_subject": row["subject_id"], "former_class": row["class"]}
            found.append(following(row, state if public else "hidden", **person))
    return found


def _open_to_look_ups(
    connection: Connection, keys: Keys, rows: Iterable[Current], numbers: Sequence[str]
) -> None:
    """Let the records be found by exact name and number, as a person's are."""
    hashes: dict[tuple[bytes, int], None] = {}
    for row in rows:
        content = orjson.loads(row["content"])
        if SUBJECT_NAME not in content:
            continue  # it was erased
        codes = [str(content[name]) for name in (*CODE_FIELDS, "case_number") if content.get(name)]
        for hashed in people.lookups(keys, str(content[SUBJECT_NAME]), [*numbers, *codes]):
            hashes[hashed, row["n"]] = None
    there = select(person_lookup.c.hash, person_lookup.c.n).where(
        person_lookup.c.n.in_(list({n for _, n in hashes}))
    )
    known = {(row.hash, row.n) for row in connection.execute(there)}
    key_id = keys.key("lookup").id
    new = [(hashed, n, key_id) for hashed, n in hashes if (hashed, n) not in known]
    insert_many(connection, person_lookup, ("hash", "n", "key_id"), new)


def _remember_codes(connection: Connection, keys: Keys, who: int, rows: Sequence[Current]) -> None:
    """Any later row under one of the codes is a person's, too."""
    of = subjects.by_ids(connection, [who])[who]
    wanted = {code_key(keys, value) for _, value in (*of.codes.items(), *of.further)}
    known = set(connection.scalars(select(record_key.c.key).where(record_key.c.key.in_(wanted))))
    if rows:
        insert_many(connection, record_key, ("key", "n"), [(key, rows[0]["n"]) for key in wanted - known])


def _forget_subject(connection: Connection, who: int) -> None:
    """Nothing is left of the subject but its number, to which entries of the ledger refer."""
    for table in (subject_name, subject_code):
        connection.execute(table.delete().where(table.c.subject_id == who))
    connection.execute(
        update(subject).where(subject.c.id == who).values(name="", folded="", code="", type="person", area="")
    )
    named = (subject_event.c.subject_id == who) | (subject_event.c.other_id == who)
    connection.execute(update(subject_event).where(named).values(detail="{}"))
