"""The unit's word on a row that was held, and what becomes of it (DESIGN 3).

Each reason to hold a row has its answers; to every reason one is needed, or the row is dropped. The answer,
the batch that carries it out and its state are written in one transaction.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import orjson
from sqlalchemy import Connection, select, update

from creditregister import decisions, holding, staff, units, verdicts, waiting
from creditregister import kinds as kind_files
from creditregister.carrying import reopened
from creditregister.delivered import Outcome, Problem, Result
from creditregister.deliveries import begin, keep_problems
from creditregister.errors import CreditError
from creditregister.intake import Chunk
from creditregister.kinds import CLASSES
from creditregister.matching import Matcher
from creditregister.publication import patiently
from creditregister.redrafting import redrafted
from creditregister.release import finish, limit
from creditregister.schema import batch as batch_table
from creditregister.schema import record, record_version
from creditregister.store import Turn
from creditregister.waiting import Order

if TYPE_CHECKING:
    from creditregister.batches import Batch
    from creditregister.delivered import Delivered
    from creditregister.holding import Held
    from creditregister.opening import Register

#: Reason → what its unit may say to it; any row may be dropped.
FITTING: Final = {
    "slip": ("second", "replaces"),
    "possible-person": ("klass",),
    "class-conflict": ("klass",),
    "redaction": ("accept",),
    "conflict": ("accept",),
    "no-grade": ("grade",),
    "overtaken": ("replaces",),
    "other-unit": ("replaces",),
}
#: Answers that change a record against the rules of deliveries: a second person is always needed.
GRAVE: Final = frozenset({"overtaken", "other-unit"})
_GRADE = "severity"


class AnswerError(CreditError):
    """An answer that does not fit the row; the message says which do. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the unit says of a row.

    ``second``: it is another subject's; ``replaces``: it is the record that it looks like, which keeps its
    id; ``accept``: it is right as it stands; either way fields that a decision fixed stay as decided;
    ``klass``: whose it is (organisation, business, person); ``grade``: the 失信严重程度 that it lacks;
    ``drop``: it is not to be taken in.
    """

    second: bool = False
    replaces: bool = False
    accept: bool = False
    klass: str = ""
    grade: str = ""
    drop: bool = False

    def words(self) -> list[str]:
        """What was said, as it is kept."""
        flags = [name for name in ("second", "replaces", "accept", "drop") if getattr(self, name)]
        valued = [f"{name}={value}" for name in ("klass", "grade") if (value := getattr(self, name))]
        return flags + valued


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer, and the batch that did it.

    ``outcome``: accepted, updated, unchanged, held again, waiting for a second person, or dropped.
    """

    outcome: str
    batch: int | None = None
    message: str = ""


def resolve(register: Register, number: int, answer: Answer, by: str) -> Answered:
    """Carry out the unit's word on a row that is held, in the name of this account.

    Raises:
        UnknownHeldError: no such row waits.
        AnswerError: the answer does not fit the reasons for which it is held.
        StaffError: there is no such account.
        LeakError: what would be published holds personal data.
    """
    found = patiently(lambda: _attempt(register, number, answer, by))
    if found.outcome == "updated" and found.batch is not None:
        finish(register, found.batch)
    return found


def _attempt(register: Register, number: int, answer: Answer, by: str) -> Answered:
    """The whole of it in one transaction; what it changes is approved with it, and carried out after it."""
    now = register.clock.now()
    with register.store.write(Turn.WHOLE) as connection:
        account = staff.get(connection, by)
        row = holding.get(connection, number)
        _fit(row, answer)
        holding.answer(connection, number, " ".join(answer.words()), account.id, now)
        if answer.drop:
            return Answered("dropped")
        new = _open(connection, register, row, account.id, now)
        batch = replace(reopened(connection, register.settings, new), apart=answer.second, said_at=row.at)
        return _taken_in(connection, register, batch, row, answer)


def _fit(row: Held, answer: Answer) -> None:
    """Every reason needs an answer of its own, and no answer is idle."""
    said = {word.partition("=")[0] for word in answer.words()}
    wanted = [FITTING.get(code, ()) for code in row.codes]
    fits = all(said.intersection(words) for words in wanted) and said <= {
        w for words in wanted for w in words
    }
    if said == {"drop"} or (fits and not {"second", "replaces"} <= said):
        return
    listed = "; ".join(
        f"{code}: {' or '.join(FITTING[code])}" if code in FITTING else f"{code}: only drop"
        for code in row.codes
    )
    raise AnswerError(
        f"Row {row.id} is held for {', '.join(row.codes)}. Answers that fit: {listed}; or drop."
    )


def _open(connection: Connection, register: Register, row: Held, by: int, now: int) -> int:
    """The batch that carries the answer out: a small delivery of the same unit."""
    file, unit = f"held {row.id}", units.get(connection, row.unit_id)
    digest = hashlib.sha256(file.encode()).digest()
    return begin(connection, register.keys, (unit, row.kind), (file, digest), now, by_id=by)


def _taken_in(
    connection: Connection, register: Register, batch: Batch, row: Held, answer: Answer
) -> Answered:
    """Take the row in as the answer says; what changes a record waits in the queue of the batch."""
    keys, now = register.keys, register.clock.now()
    delivered = _reworked(connection, row, holding.opened(keys, row), answer)
    if answer.replaces:
        order, told = _replacing(connection, row, delivered)
        waiting.put(connection, keys, batch.id, [order])
        return _close(connection, register, batch, row, Result(row.row, Outcome.UPDATED, told))
    chunk = Chunk(connection, keys, Matcher(), batch, register.moment())
    (result,) = holding.hold(connection, keys, batch, chunk.take_in([delivered]), row.at)
    for order, _ in chunk.orders.values():
        _refuse_older(connection, row, order.n)
    chunk.queue()
    keep_problems(connection, keys, batch, result.problems, now)
    return _close(connection, register, batch, row, result)


def _reworked(connection: Connection, row: Held, delivered: Delivered, answer: Answer) -> Delivered:
    """The row as its unit now says that it is."""
    kind, content = kind_files.load()[row.kind], orjson.loads(delivered.content)
    if answer.grade:
        field = kind.by_id.get(_GRADE)
        if field is None or field.choice(answer.grade) is None:
            known = ", ".join(entry.code for entry in field.choices) if field else "none"
            raise AnswerError(f"There is no grade {answer.grade!r} in {row.kind}; there are: {known}.")
        content[_GRADE] = answer.grade
    if answer.klass and answer.klass not in CLASSES:
        raise AnswerError(f"There is no class {answer.klass!r}; there are: {', '.join(CLASSES)}.")
    if row.near is not None and "conflict" in row.codes:
        fixed = decisions.of(connection, [row.near]).get(row.near, {})
        content = decisions.laid_over(content, fixed)
    if not (answer.grade or answer.klass or "conflict" in row.codes):
        # Nothing is computed anew that the delivery computed: the answer only lifts the reason to wait.
        kept = tuple(each for each in delivered.warnings if each.outcome != "held")
        return replace(delivered, warnings=kept)
    return redrafted(kind, delivered, content, answer.klass)


def _replacing(connection: Connection, row: Held, delivered: Delivered) -> tuple[Order, tuple[Problem, ...]]:
    """The order to make the row the next version of the record that it looks like; what was decided stays.

    A decision made before the order is carried out makes another version of the record, and so stops it.
    """
    query = select(record.c.version, record.c.state).where(record.c.n == row.near)
    found = connection.execute(query).one_or_none()
    if row.near is None or found is None or found.state != "public":
        raise AnswerError(f"The record that row {row.id} would replace is not public any more: drop the row.")
    _refuse_older(connection, row, row.near)
    action = "replace" if GRAVE.intersection(row.codes) else "correct"
    content, told = orjson.loads(delivered.content), tuple[Problem, ...]()
    fixed = decisions.of(connection, [row.near]).get(row.near, {})
    if names := decisions.contradicted(content, fixed):
        delivered = redrafted(kind_files.load()[row.kind], delivered, decisions.laid_over(content, fixed))
        told = (verdicts.stays_decided(delivered, names),)
    return Order(row.near, found.version, action, delivered), told


def _refuse_older(connection: Connection, row: Held, n: int) -> None:
    """A row that waited while its record went on would bring back what is out of date."""
    later = record_version.c.n == n, record_version.c.batch_id.is_not(None), record_version.c.at > row.at
    if connection.scalar(select(record_version.c.version).where(*later).limit(1)) is not None:
        raise AnswerError(
            f"The record was changed by a delivery after row {row.id} was delivered: "
            "drop the row, or have its unit deliver it again and answer then."
        )


def _close(connection: Connection, register: Register, batch: Batch, row: Held, result: Result) -> Answered:
    """Decide whether the change may be carried out, and note it with the batch."""
    changes = result.outcome is Outcome.UPDATED
    alone = limit(register.settings.load, batch.public) >= 1 and not GRAVE.intersection(row.codes)
    state = ("approved" if alone else "waiting") if changes else "done"
    values = {"state": state, "finished_at": register.clock.now()}
    connection.execute(update(batch_table).where(batch_table.c.id == batch.id).values(**values))
    said = " ".join(problem.message for problem in result.problems)
    return Answered("waiting" if state == "waiting" else str(result.outcome), batch.id, said)
