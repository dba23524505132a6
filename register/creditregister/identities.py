"""Subjects over time 主体变更: renamed, merged by a decision, parted again (DESIGN 3, Subjects).

A name is borne from a day on because a name source (the registration body, say) or the staff said so; the one
with the latest day is the current name, whatever the order in which the days were told. A merge makes the
records, names and codes of one subject another's; what it moved is kept, so that it can be undone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection, and_, insert, select, update

from creditregister import publication, subjects
from creditregister.clock import iso
from creditregister.codes import check
from creditregister.errors import CreditError
from creditregister.kinds import CODE_FIELDS
from creditregister.privacy import leak, person
from creditregister.schema import record, record_version, subject, subject_code, subject_event, subject_name
from creditregister.subjects import STRENGTH, Subject, SubjectName
from creditregister.text import canonical, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from creditregister.publication import Author

#: Characters of a subject's name at most; the longest in the national register has 90.
LONGEST_NAME = 200


class SubjectError(CreditError):
    """A decision about subjects that cannot be carried out; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a decision: its number (0: nothing had to be changed), and the subject as it is now."""

    event: int
    subject: Subject


def known(connection: Connection, code: str) -> Subject:
    """The subject that has this code.

    Raises:
        SubjectError: nobody has it.
    """
    found = subjects.by_code(connection, check(code).value or code)
    if found is None:
        raise SubjectError(
            f"No subject has the code {code}; `credit-register code {code}` says whether it is a valid one."
        )
    return found


def rename(
    connection: Connection, code: str, name: str, *, since: date, author: Author, today: date
) -> Decided:
    """Let a subject bear ``name`` from the day ``since`` on, by a decision of the staff.

    A day before that of its current name makes it a former name 曾用名.

    Raises:
        SubjectError: an unknown code, a day to come, or a name that no organisation can bear in public.
    """
    of = known(connection, code)
    wanted = _fit_name(name)
    if since > today:
        raise SubjectError(f"{since} is still to come: record the name on the day from which it is borne.")
    if _attest(connection, of, wanted, since.isoformat()).public() == of.public():
        return Decided(0, of)
    publication.change_subjects(connection, [of.id], author)
    detail = {"name": wanted, "since": since.isoformat()}
    return Decided(note(connection, of.id, "rename", author, detail), _now(connection, of.id))


def attest(connection: Connection, named: Sequence[tuple[int, str, str]], author: Author) -> None:
    """Take in the names that rows of a name source gave to known subjects: (subject, name, day)."""
    known_now = subjects.by_ids(connection, [who for who, _, _ in named])
    changed: dict[int, dict[str, str]] = {}
    for who, name, day in named:
        before = known_now[who]
        known_now[who] = _attest(connection, before, name, day)
        if known_now[who].public() != before.public():
            changed[who] = {"name": name, "since": day}
    publication.change_subjects(connection, changed, author)
    for who, detail in changed.items():
        note(connection, who, "rename", author, detail)


def merge(connection: Connection, code: str, into: str, author: Author) -> Decided:
    """Make the subject with ``code`` one with the subject with ``into``, whose page remains.

    Raises:
        SubjectError: an unknown code, one and the same subject, or two of different kinds.
    """
    gone, kept = known(connection, code), known(connection, into)
    if gone.id == kept.id:
        raise SubjectError(f"{code} and {into} are codes of one subject already, {kept.name}.")
    if gone.type != kept.type:
        raise SubjectError(
            f"{gone.name} is an {gone.type}, {kept.name} an {kept.type}: in law they are two subjects. "
            "If one of them was classed wrongly, let its source unit correct the type first."
        )
    detail = {
        "codes": [
            *([kind, value, 1] for kind, value in gone.codes.items()),
            *([*c, 0] for c in gone.further),
        ],
        "names": _move_names(connection, gone, kept),
    }
    _move_codes(connection, gone, kept)
    numbers = list(connection.scalars(select(record.c.n).where(record.c.subject_id == gone.id)))
    publication.move_records(connection, numbers, kept.id)
    connection.execute(update(subject).where(subject.c.id == gone.id).values(merged_into=kept.id))
    _settle_page(connection, kept.id)
    publication.change_subjects(connection, [kept.id, gone.id], author)
    event = note(connection, gone.id, "merge", author, detail, other=kept.id)
    return Decided(event, _now(connection, kept.id))


def undo(connection: Connection, event: int, author: Author) -> Decided:
    """Part two subjects again that the decision ``event`` merged.

    Names and codes go back to the subject that had them, and so do the records that were delivered under
    those codes, also since the merge. A name that was attested to the merged subject since stays there too.

    Raises:
        SubjectError: no such decision, or what came after it must be undone first.
    """
    row = _undoable(connection, event)
    detail: dict[str, Any] = orjson.loads(row.detail)
    codes = [(kind, value) for kind, value, _ in detail["codes"]]
    for kind, value, current in detail["codes"]:
        back = update(subject_code).where(subject_code.c.kind == kind, subject_code.c.value == value)
        connection.execute(back.values(subject_id=row.subject_id, current=current))
    _return_names(connection, detail["names"], row.other_id, row.subject_id)
    publication.move_records(connection, _under(connection, row.other_id, set(codes)), row.subject_id)
    again = update(subject).where(subject.c.id == row.subject_id)
    connection.execute(again.values(merged_into=None))
    for who in (row.other_id, row.subject_id):
        _settle_page(connection, who)
    publication.change_subjects(connection, [row.other_id, row.subject_id], author)
    made = note(connection, row.subject_id, "undo", author, {"of": event}, other=row.other_id)
    connection.execute(update(subject_event).where(subject_event.c.id == event).values(undone_by=made))
    return Decided(made, _now(connection, row.subject_id))


def history(connection: Connection, who: int) -> list[dict[str, Any]]:
    """What was decided about a subject and those merged into it, the oldest first, as plain values."""
    query = select(subject_event).where(
        (subject_event.c.subject_id == who) | (subject_event.c.other_id == who)
    )
    return [
        {
            "id": row.id,
            "action": row.action,
            "at": iso(row.at),
            "who": row.who,
            "reason": row.reason,
            "undone_by": row.undone_by,
            "detail": orjson.loads(row.detail),
        }
        for row in connection.execute(query.order_by(subject_event.c.id))
    ]


def note(
    connection: Connection,
    who: int,
    action: str,
    author: Author,
    detail: dict[str, Any] | None = None,
    *,
    other: int | None = None,
) -> int:
    """Write a decision down; returns its number."""
    values = {
        "subject_id": who,
        "other_id": other,
        "action": action,
        "at": author.at,
        "who": author.who,
        "reason": author.why or author.reason,
        "detail": canonical(detail or {}).decode(),
    }
    made = connection.execute(insert(subject_event).values(**values).returning(subject_event.c.id))
    return int(made.scalar_one())


def _now(connection: Connection, who: int) -> Subject:
    return subjects.by_ids(connection, [who])[who]


# -- names ---------------------------------------------------------------------------------------------------


def _fit_name(name: str) -> str:
    """The name without white space around it, if an organisation may bear it in public."""
    wanted = " ".join(name.split())
    if not fold(wanted) or len(wanted) > LONGEST_NAME:
        raise SubjectError(f"A name has 1 to {LONGEST_NAME} characters.")
    if leak.scan(wanted):
        raise SubjectError("An identity, telephone or bank number stands in the name; leave it out.")
    if person.looks_like_person(wanted):
        raise SubjectError(
            "The name looks like a natural person's, who has no page. If the business trades under its "
            "operator's name, say so by `credit-register subjects person`."
        )
    return wanted


def _attested(names: Iterable[SubjectName], name: str, day: str) -> tuple[SubjectName, ...]:
    """The names of a subject once somebody has said that it bore ``name`` on ``day``."""
    by_fold = {each.folded: each for each in names}
    current = next(each for each in by_fold.values() if each.current)
    takes_over = day >= current.attested
    same = by_fold.get(fold(name), SubjectName(name, fold(name), current=False))
    if takes_over:
        by_fold[current.folded] = replace(current, current=False)
    by_fold[same.folded] = replace(
        same,
        name=name if takes_over else same.name,
        current=takes_over or same.current,
        since=min(filter(None, (same.since, day))),
        attested=max(same.attested, day),
    )
    return subjects.in_time(by_fold.values())


def _attest(connection: Connection, of: Subject, name: str, day: str) -> Subject:
    """Note that the subject bore the name on that day; returns it as it is then."""
    names = _attested(of.names, name, day)
    rows = {each.folded: each for each in of.names}
    for each in names:
        values = {name: getattr(each, name) for name in ("name", "since", "attested")}
        values["current"] = int(each.current)
        if each.folded not in rows:
            new = insert(subject_name).values(subject_id=of.id, folded=each.folded, **values)
            connection.execute(new)
        elif each != rows[each.folded]:
            own = and_(subject_name.c.subject_id == of.id, subject_name.c.folded == each.folded)
            connection.execute(update(subject_name).where(own).values(**values))
    bears = names[0].name
    if bears != of.name:
        moved = update(subject).where(subject.c.id == of.id)
        connection.execute(moved.values(name=bears, folded=names[0].folded))
    return replace(of, names=names, name=bears)


def _move_names(connection: Connection, gone: Subject, kept: Subject) -> list[list[Any]]:
    """The names of a merged subject are former names of the one that remains, unless it has them itself.

    Returns each name as it was, and whether it moved.
    """
    own = {name.folded for name in kept.names}
    for name in gone.names:
        row = and_(subject_name.c.subject_id == gone.id, subject_name.c.folded == name.folded)
        if name.folded in own:
            connection.execute(subject_name.delete().where(row))
        else:
            connection.execute(update(subject_name).where(row).values(subject_id=kept.id, current=0))
    return [[n.folded, n.name, int(n.current), n.since, n.attested, n.folded not in own] for n in gone.names]


def _return_names(connection: Connection, names: Iterable[Sequence[Any]], kept: int, back: int) -> None:
    """Give names back as they were; what was attested to the other one since is its own now."""
    for folded, name, current, since, attested, moved in names:
        came = and_(
            subject_name.c.subject_id == kept,
            subject_name.c.folded == folded,
            subject_name.c.current == 0,
            subject_name.c.attested == attested,
        )
        if moved:
            connection.execute(subject_name.delete().where(came))
        values = {"folded": folded, "name": name, "current": current, "since": since, "attested": attested}
        connection.execute(insert(subject_name).values(subject_id=back, **values))


# -- codes and records ---------------------------------------------------------------------------------------


def _move_codes(connection: Connection, gone: Subject, kept: Subject) -> None:
    """Every code of the one leads to the other; beside one of its own kind it is a further code."""
    own = set(kept.codes)
    for kind, value in gone.codes.items():
        row = and_(subject_code.c.kind == kind, subject_code.c.value == value)
        connection.execute(
            update(subject_code).where(row).values(subject_id=kept.id, current=int(kind not in own))
        )
    for kind, value in gone.further:
        row = and_(subject_code.c.kind == kind, subject_code.c.value == value)
        connection.execute(update(subject_code).where(row).values(subject_id=kept.id))


def _settle_page(connection: Connection, who: int) -> None:
    """The page of a subject stands under its strongest code."""
    of = _now(connection, who)
    best = next((of.codes[kind] for kind in STRENGTH if kind in of.codes), of.code)
    connection.execute(update(subject).where(subject.c.id == who).values(code=best))


def _undoable(connection: Connection, event: int) -> Any:  # noqa: ANN401 -- a row of the table
    """The merge with that number, if nothing that came later stands on it."""
    row = connection.execute(select(subject_event).where(subject_event.c.id == event)).one_or_none()
    if row is None or row.action != "merge":
        raise SubjectError(
            f"There is no merge {event}; `credit-register subjects show CODE` lists decisions."
        )
    if row.undone_by is not None:
        raise SubjectError(f"Merge {event} was undone already, by decision {row.undone_by}.")
    kept = _now(connection, row.other_id)
    if kept.merged_into is not None:
        later = select(subject_event.c.id).where(
            subject_event.c.subject_id == kept.id,
            subject_event.c.action == "merge",
            subject_event.c.undone_by.is_(None),
        )
        raise SubjectError(
            f"{kept.name} was itself merged since; undo that first, decision {connection.scalar(later)}."
        )
    if not kept.names:
        raise SubjectError("The subject has turned out to be a natural person since; there is no way back.")
    return row


def _under(connection: Connection, who: int, codes: set[tuple[str, str]]) -> list[int]:
    """The records of a subject that were delivered under one of these codes, the strongest deciding."""
    current = and_(record_version.c.n == record.c.n, record_version.c.version == record.c.version)
    query = select(record.c.n, record_version.c.content).join(record_version, current)
    found = []
    for n, content in connection.execute(query.where(record.c.subject_id == who)):
        given = orjson.loads(content)
        own = subjects.in_order({kind: given.get(name, "") for name, kind in CODE_FIELDS.items()})
        if own and own[0] in codes:
            found.append(n)
    return found
