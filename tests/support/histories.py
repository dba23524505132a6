"""Random histories of deliveries, answers, decisions, releases and undoings against a model of two pages.

The model says beforehand what becomes of every row, what is shown, what is held for which reason and what
waits for a second person. It knows DESIGN's rules and shares nothing with the register but the ways to call it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import orjson
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from sqlalchemy import func, select

from creditregister import holding, proof, publication, records, release, schema, staff
from creditregister.answers import Answer, AnswerError, resolve
from creditregister.clock import FixedClock
from creditregister.deciding import decide
from creditregister.publication import Author
from creditregister.undo import undo
from support.registers import LAW, UNIT, deliver
from support.town import row, unified

if TYPE_CHECKING:
    from collections.abc import Callable

    from creditregister.delivered import Delivered
    from creditregister.opening import Register

FIRST, SECOND = "闻人甲", "闻人乙"
OTHER = "云泽省另一单位"
NAMES = "甲乙丙丁戊己庚辛"
DECISION, REPAIR = 0, -1
DROP, REPLACES, ACCEPT = Answer(drop=True), Answer(replaces=True), Answer(accept=True)
#: What may be said to a held row beside dropping it; nothing brings back what was taken down.
ANSWERS = {"other-unit": REPLACES, "overtaken": REPLACES, "conflict": ACCEPT}
#: Small bounds, so that a week's history needs second persons too: at most 3, at least 1, between them a half.
MOST_ALONE, FEW, SHARE, STOP = 3, 1, 0.5, 0.6


class Said(NamedTuple):
    """What a row says: the facts, the content that decisions are about, and whether it is a 撤销."""

    facts: str
    content: str
    revoked: bool = False


@dataclass(eq=False)
class Known:
    """What the model knows of one record.

    ``versions``: every content it had, with the batch it came by; ``touched``: batches, decisions and repairs
    in their order; ``changed``: when a batch last changed it.
    """

    unit: str
    versions: list[tuple[Said, int]]
    touched: list[int]
    changed: int
    public: bool
    decided: str = ""

    @property
    def now(self) -> Said:
        return self.versions[-1][0]

    def was(self, said: Said) -> bool:
        return said in [before for before, _ in self.versions]

    def as_decided(self, said: Said) -> Said:
        return said._replace(content=self.decided or said.content)


class Change(NamedTuple):
    """What a batch is to make of a record, withdrawing it where nothing is said; how many versions it had."""

    number: int
    about: Known
    said: Said | None
    version: int


class Doubt(NamedTuple):
    """A row that waits for its unit's word since a moment."""

    unit: str
    number: int
    code: str
    said: Said
    about: Known
    at: int

    @property
    def row(self) -> tuple[str, int, str, Said]:
        return self[:4]


def penalty(place: int, number: int, said: Said) -> Delivered:
    name = f"云泽{NAMES[number]}{NAMES[-number]}号食品有限公司"
    state = {"current_status": "revoked"} if said.revoked else {}
    made = row("penalty", number, name, unified(number), facts=said.facts, content=said.content, **state)
    return dataclasses.replace(made, row=place, revoked=said.revoked)


PICK, NUMBERS, CONTENT = st.integers(0, 19), st.integers(1, 6), st.sampled_from(["警告", "罚款"])
SAID = st.builds(Said, st.sampled_from(["一", "二", "三"]), CONTENT, st.just(value=False))
REVOKED = st.builds(Said, st.sampled_from(["一", "撤"]), CONTENT, st.just(value=True))
DELIVERY = st.dictionaries(NUMBERS, SAID, min_size=1, max_size=6)


class Histories(RuleBasedStateMachine):
    """What the register does and shows is what the model says, at every step."""

    #: Makes the register of a history, named by its number.
    make: ClassVar[Callable[[str], Register]]
    number = 0

    @initialize(rows=DELIVERY)
    def begin(self, rows: dict[int, Said]) -> None:
        type(self).number += 1
        self.register = type(self).make(str(self.number))
        bounds = {
            "alone_rows": MOST_ALONE, "few_rows": FEW, "alone_share": SHARE, "full_stop_share": STOP,
        }  # fmt: skip
        load = self.register.settings.load.model_copy(update=bounds)
        self.register = dataclasses.replace(
            self.register, settings=self.register.settings.model_copy(update={"load": load})
        )
        self.register.__dict__["law"] = LAW
        with self.register.store.write() as connection:
            for name, number in ((FIRST, "P1234567"), (SECOND, "P7654321")):
                staff.add(connection, self.register.keys, name, number, self.now)
        self.known: dict[int, Known] = {}
        #: Batches that may be undone, with their unit and when it spoke; those of whole lists; what waits.
        self.done: dict[int, tuple[str, int]] = {}
        self.whole: set[int] = set()
        self.waiting: dict[int, list[Change]] = {}
        self.held: list[Doubt] = []
        self.answered: set[tuple[str, int, str, Said]] = set()
        self._deliver(UNIT, list(rows.items()))

    # -- what happens ----------------------------------------------------------------------------------

    @rule(rows=DELIVERY, again=st.none() | SAID)
    def a_delivery(self, rows: dict[int, Said], again: Said | None = None) -> None:
        self._deliver(UNIT, [*rows.items(), *([(min(rows), again)] if again else [])])

    @rule(rows=DELIVERY)
    def a_whole_list(self, rows: dict[int, Said]) -> None:
        self._deliver(UNIT, list(rows.items()), full=True)

    @rule(number=NUMBERS, said=REVOKED)
    def a_revocation(self, number: int, said: Said) -> None:
        self._deliver(UNIT, [(number, said)])

    @rule(rows=st.dictionaries(NUMBERS, SAID | REVOKED, min_size=1, max_size=2))
    def another_units_delivery(self, rows: dict[int, Said]) -> None:
        self._deliver(OTHER, list(rows.items()))

    @precondition(lambda self: self.held)
    @rule(pick=PICK, drop=st.booleans())
    def an_answer(self, pick: int, *, drop: bool = False) -> None:
        doubt = self.held[pick % len(self.held)]
        answer = DROP if drop else ANSWERS.get(doubt.code, DROP)
        self._tick()
        number = self._listed()[doubt.row]
        said = doubt.about.as_decided(doubt.said)  # no answer overwrites what a decision fixed
        judged = self._answered(doubt, answer, said)
        if judged == "refused":
            with pytest.raises(AnswerError):
                resolve(self.register, number, answer, FIRST)
            return
        answered = resolve(self.register, number, answer, FIRST)
        self.held.remove(doubt)
        self.answered.add(doubt.row)
        if judged == "decided":
            judged = self._hold(doubt._replace(code=judged, said=said), doubt.at)
        assert answered.outcome == judged
        if answered.batch is not None:
            self.done[answered.batch] = doubt.unit, self.now
            change = Change(doubt.number, doubt.about, said, len(doubt.about.versions))
            if judged == "waiting":
                self.waiting[answered.batch] = [change]
            elif judged == "updated":
                self._carry_out(change, answered.batch)

    @precondition(lambda self: self._public())
    @rule(pick=PICK, content=CONTENT)
    def a_decision(self, pick: int, content: str) -> None:
        number = self._public()[pick % len(self._public())]
        each = self.known[number]
        self._tick()
        with self.register.store.write() as connection:
            author = Author("staff 闻人丙", "decision", self.now)
            decide(
                connection,
                self.register.keys,
                self.register.moment(),
                self._item(number).id,
                {"content": content},
                author=author,
            )
        each.versions.append((each.now._replace(content=content), DECISION))
        each.decided = content
        each.touched.append(DECISION)

    @precondition(lambda self: self._public())
    @rule(pick=PICK)
    def a_repair(self, pick: int) -> None:
        number = self._public()[pick % len(self._public())]
        self._tick()
        with self.register.store.write() as connection:
            (item,) = records.by_any_number(connection, [self._item(number).n])
            publication.withdraw(connection, [item], "ended", Author("test", "repaired", self.now))
        self.known[number].public = False
        self.known[number].touched.append(REPAIR)

    @precondition(lambda self: self.waiting)
    @rule(pick=PICK)
    def a_release(self, pick: int) -> None:
        batch = sorted(self.waiting)[pick % len(self.waiting)]
        self._tick()
        assert release.release(self.register, batch, SECOND) is not None
        for change in self.waiting.pop(batch):
            self._carry_out(change, batch)

    @precondition(lambda self: self.done)
    @rule(pick=PICK)
    def an_undoing(self, pick: int) -> None:
        target = sorted(self.done)[pick % len(self.done)]
        self._tick()
        unit, _ = self.done.pop(target)
        allowed = self._alone(unit)
        done = undo(self.register, target, FIRST)
        self.waiting.pop(target, None)
        touched = [number for number, each in self.known.items() if target in each.touched]
        changes = sum(self._undo(number, target, done.batch) for number in touched)
        assert done.settled.waits == (changes > allowed)
        if done.settled.waits:
            assert release.release(self.register, done.batch, SECOND) is not None

    # -- the model -------------------------------------------------------------------------------------

    def _deliver(self, unit: str, rows: list[tuple[int, Said]], *, full: bool = False) -> None:
        self._tick()
        public, allowed = self._public(unit), self._alone(unit)
        made = [penalty(place, *each) for place, each in enumerate(rows, 1)]
        outcomes = deliver(
            self.register, made, unit=unit, full=full, by=FIRST, file=f"file {self.now}".encode()
        )
        with self.register.store.read() as connection:
            batch = connection.scalar(select(func.max(schema.batch.c.id)))
        assert isinstance(batch, int)
        self.done[batch] = unit, self.now
        expected, changes = self._taken_in(unit, rows, batch)
        if full:
            changes += self._absent(public, dict(rows))
            self.waiting = {n: w for n, w in self.waiting.items() if n not in self.whole}
            self.whole.add(batch)
        if len(changes) > allowed:
            self.waiting[batch] = changes
            expected = ["held" if each == "updated" else each for each in expected]
        else:
            for change in changes:
                self._carry_out(change, batch)
        assert [str(each) for each in outcomes] == expected

    def _taken_in(
        self, unit: str, rows: list[tuple[int, Said]], batch: int
    ) -> tuple[list[str], list[Change]]:
        """What becomes of each row, and what the delivery is to change."""
        expected, changes, own = list[str](), list[Change](), dict[int, Said]()
        for number, said in rows:
            if number in own:
                # The same record again, which this delivery made or is to change already.
                expected.append("unchanged" if said == own[number] else "refused")
                continue
            judged = self._judged(unit, number, said)
            if judged in {"accepted", "updated", "conflict"}:
                own[number] = said
            if judged == "accepted":
                self.known[number] = Known(unit, [(said, batch)], [batch], self.now, not said.revoked)
                self._settle(unit, number, self.now)
            elif judged == "updated":
                changes.append(self._asked(number, said))
            elif judged != "unchanged":
                judged = self._hold(Doubt(unit, number, judged, said, self.known[number], self.now))
            expected.append(judged)
        return expected, changes

    def _absent(self, public: list[int], rows: dict[int, Said]) -> list[Change]:
        """What a whole list withdraws: nothing where it lacks so much that it is more likely wrong."""
        absent = [number for number in public if number not in rows]
        too_many = len(absent) > len(public) * STOP and (len(absent) > FEW or len(absent) == len(public))
        return [] if too_many else [self._asked(number, None) for number in absent]

    def _judged(self, unit: str, number: int, said: Said) -> str:
        """What becomes of a row (DESIGN 3): its outcome, or the reason for which it is held."""
        each = self.known.get(number)
        if each is None:
            return "accepted"
        if each.was(said):
            return "unchanged"
        if each.unit != unit:
            return "other-unit"
        if not each.public:
            return "decided"
        return "updated" if each.as_decided(said) == said else "conflict"

    def _alone(self, unit: str) -> int:
        """How many records a batch of this unit may change without a second person."""
        return min(MOST_ALONE, max(FEW, int(len(self._public(unit)) * SHARE)))

    def _asked(self, number: int, said: Said | None) -> Change:
        return Change(number, self.known[number], said, len(self.known[number].versions))

    def _carry_out(self, change: Change, batch: int) -> None:
        """Change a record, unless it has moved on since that was asked; an absent one is then left alone."""
        each, said, (unit, began) = change.about, change.said, self.done[batch]
        moved = len(each.versions) != change.version
        if (moved or not each.public) and said is not None:
            code = "overtaken" if moved else "decided"
            self._hold(Doubt(unit, change.number, code, said, each, self.now), began)
        elif not moved and each.public:
            each.public = said is not None and not said.revoked
            self._touch(each, said or each.now, batch)
            if said is not None:
                self._settle(unit, change.number, began)

    def _touch(self, each: Known, said: Said, batch: int) -> None:
        each.versions.append((said, batch))
        each.touched.append(batch)
        each.changed = self.now

    def _hold(self, doubt: Doubt, said_at: int | None = None) -> str:
        """A row waits, once, and in the place of what its unit said before; what was answered is settled."""
        if doubt.row in self.answered:
            return "unchanged"
        self._settle(doubt.unit, doubt.number, doubt.at if said_at is None else said_at)
        self.held = [*(each for each in self.held if each.row != doubt.row), doubt]
        return "held"

    def _settle(self, unit: str, number: int, at: int) -> None:
        """The last word of a unit on a record counts: what waited from before that moment waits no more."""
        self.held = [
            each for each in self.held if (each.unit, each.number) != (unit, number) or each.at >= at
        ]

    def _answered(self, doubt: Doubt, answer: Answer, said: Said) -> str:
        """What comes of an answer; one that is out of date, or about what is shown no more, is refused."""
        if answer is DROP:
            return "dropped"
        # To change a record against the rules of deliveries a second person is always needed.
        judged = "waiting" if answer is REPLACES else self._judged(doubt.unit, doubt.number, said)
        stale = doubt.about.changed > doubt.at or not doubt.about.public
        return "refused" if stale and judged in {"waiting", "updated"} else judged

    def _undo(self, number: int, target: int, batch: int) -> bool:
        """Bring a record back to before a batch, where nothing but decisions came after; whether it changed."""
        each = self.known[number]
        later = each.touched[len(each.touched) - each.touched[::-1].index(target) :]
        if each.touched[0] == target:
            if not later:
                del self.known[number]  # it may come again, as another record
                # Who still thinks of it must see that it is gone.
                each.public = False
                each.versions.append((each.now, batch))
                return True
        elif all(who == DECISION for who in later):
            place = next(place for place, (_, by) in enumerate(each.versions) if by == target)
            self._touch(each, each.as_decided(each.versions[place - 1][0]), batch)
            each.public = True
            return True
        return False

    # -- what must hold --------------------------------------------------------------------------------

    @invariant()
    def what_is_shown_is_what_the_model_says(self) -> None:
        with self.register.store.read() as connection:
            found = records.scan(connection, 0, 100)
        shown = {
            int(each.document["number"].rpartition("〕")[2][:-1]): Said(
                each.document["fields"]["facts"], each.document["fields"]["content"]
            )
            for each in found
        }
        assert shown == {number: self.known[number].now for number in self._public()}
        assert len(found) == len(shown), "one record for each act"
        decided = {number: self.known[number].decided for number in shown if self.known[number].decided}
        assert decided.items() <= {number: said.content for number, said in shown.items()}.items()

    @invariant()
    def what_waits_is_what_the_model_says(self) -> None:
        with self.register.store.read() as connection:
            batches = release.waiting_batches(connection)
        assert {each.batch: sum(each.orders.values()) for each in batches} == {
            batch: len(changes) for batch, changes in self.waiting.items()
        }

    @invariant()
    def what_is_held_is_what_the_model_says(self) -> None:
        assert set(self._listed()) == {each.row for each in self.held}

    def teardown(self) -> None:
        if hasattr(self, "register"):
            assert proof.verify(self.register.store).count == 0

    # -- ways to ask -----------------------------------------------------------------------------------

    @property
    def now(self) -> int:
        return self.register.clock.now()

    def _tick(self) -> None:
        clock = self.register.clock
        assert isinstance(clock, FixedClock)
        clock.ms += 1000

    def _public(self, unit: str = "") -> list[int]:
        return sorted(n for n, each in self.known.items() if each.public and unit in {"", each.unit})

    def _item(self, number: int) -> records.Published:
        with self.register.store.read() as connection:
            found = records.scan(connection, 0, 100)
        return next(each for each in found if each.document["number"].endswith(f"〕{number}号"))

    def _listed(self) -> dict[tuple[str, int, str, Said], int]:
        """The rows that wait in the register, with their numbers there."""
        found = {}
        with self.register.store.read() as connection:
            listed = holding.listed(connection)
        for each in listed:
            told = orjson.loads(holding.opened(self.register.keys, each).content)
            number = int(told["document_number"].rpartition("〕")[2][:-1])
            said = Said(told["facts"], told["content"], told.get("current_status") == "revoked")
            found[each.unit, number, " ".join(each.codes), said] = each.id
        assert len(found) == len(listed), "each row waits once"
        return found
