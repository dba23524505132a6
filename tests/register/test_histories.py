"""Random histories of deliveries, decisions, releases and undoings against a model of a few lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from creditregister import proof, publication, records, release, staff
from creditregister.deciding import decide
from creditregister.publication import Author
from creditregister.undo import undo
from support.registers import LAW, NOON, deliver, make_register
from support.town import row, unified

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.delivered import Delivered

FIRST, SECOND = "闻人甲", "闻人乙"
NAMES = "甲乙丙丁戊己庚辛"
#: What the model's rows may say: the facts, and the content that decisions are about.
Said = tuple[str, str]
DECISION, REPAIR = 0, -1


@dataclass
class Known:
    """What the model knows of one record.

    ``versions``: every content it had, with the batch it came by; ``touched``: batches, decisions and repairs
    in their order.
    """

    versions: list[tuple[Said, int]]
    touched: list[int]
    public: bool = True
    decided: str = ""

    @property
    def now(self) -> Said:
        return self.versions[-1][0]


def penalty(number: int, said: Said) -> Delivered:
    name = f"云泽{NAMES[number]}{NAMES[-number]}号食品有限公司"
    return row("penalty", number, name, unified(number), facts=said[0], content=said[1])


FACTS = st.sampled_from(["一", "二", "三"])
CONTENT = st.sampled_from(["警告", "罚款"])
DELIVERY = st.dictionaries(st.integers(1, 7), st.tuples(FACTS, CONTENT), min_size=1, max_size=7)


class Histories(RuleBasedStateMachine):
    """What the register shows is what the model shows, after every step."""

    folder: Path
    number = 0

    @initialize()
    def begin(self) -> None:
        type(self).number += 1
        # A handful is two here, so that a week's history needs second persons too.
        self.register = make_register(self.folder / str(self.number))
        load = self.register.settings.load.model_copy(update={"few_rows": 2, "full_stop_share": 0.6})
        self.register = replace(
            self.register, settings=self.register.settings.model_copy(update={"load": load})
        )
        self.register.__dict__["law"] = LAW
        with self.register.store.write() as connection:
            for name, number in ((FIRST, "P1234567"), (SECOND, "P7654321")):
                staff.add(connection, self.register.keys, name, number, NOON)
        self.known: dict[int, Known] = {}
        self.batch = 0
        self.whole: set[int] = set()
        self.done: set[int] = set()
        # Batch → records with the content they are to have (none: withdrawn) and how many versions they had.
        self.waiting: dict[int, list[tuple[Known, Said | None, int]]] = {}

    # -- what happens ----------------------------------------------------------------------------------

    @rule(rows=DELIVERY)
    def a_delivery(self, rows: dict[int, Said]) -> None:
        self._deliver(rows, full=False)

    @rule(rows=DELIVERY)
    def a_whole_list(self, rows: dict[int, Said]) -> None:
        self._deliver(rows, full=True)

    @precondition(lambda self: any(each.public for each in self.known.values()))
    @rule(data=st.data(), content=CONTENT)
    def a_decision(self, data: Any, content: str) -> None:
        number = data.draw(st.sampled_from(sorted(n for n, each in self.known.items() if each.public)))
        each = self.known[number]
        with self.register.store.write() as connection:
            author = Author("staff 闻人丙", "decision", NOON)
            decide(
                connection,
                self.register.keys,
                self.register.moment(),
                self._id(number),
                {"content": content},
                author=author,
            )
        each.versions.append(((each.now[0], content), DECISION))
        each.decided = content
        each.touched.append(DECISION)

    @precondition(lambda self: any(each.public for each in self.known.values()))
    @rule(data=st.data())
    def a_repair(self, data: Any) -> None:
        number = data.draw(st.sampled_from(sorted(n for n, each in self.known.items() if each.public)))
        with self.register.store.write() as connection:
            (item,) = records.by_any_number(connection, [self._n(number)])
            publication.withdraw(connection, [item], "ended", Author("test", "repaired", NOON))
        self.known[number].public = False
        self.known[number].touched.append(REPAIR)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def a_release(self, data: Any) -> None:
        batch = data.draw(st.sampled_from(sorted(self.waiting)))
        assert release.release(self.register, batch, SECOND) is not None
        for each, said, version in self.waiting.pop(batch):
            if each.public and len(each.versions) == version:
                self._change(each, said, batch)

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def an_undoing(self, data: Any) -> None:
        target = data.draw(st.sampled_from(sorted(self.done)))
        self.batch += 1
        done = undo(self.register, target, FIRST)
        if done.settled.waits:
            assert release.release(self.register, done.batch, SECOND) is not None
        self.done.discard(target)
        self.waiting.pop(target, None)
        for number, each in list(self.known.items()):
            if target in each.touched:
                self._undo(number, each, target)

    # -- the model -------------------------------------------------------------------------------------

    def _deliver(self, rows: dict[int, Said], *, full: bool) -> None:
        self.batch += 1
        changes: list[tuple[Known, Said | None, int]] = []
        self.done.add(self.batch)
        public = [n for n, each in self.known.items() if each.public]
        for number, said in rows.items():
            each = self.known.get(number)
            if each is None:
                self.known[number] = Known([(said, self.batch)], [self.batch])
            elif said in [before for before, _ in each.versions]:
                continue
            elif each.public and (not each.decided or each.decided == said[1]):
                changes.append((each, said, len(each.versions)))
        absent = [n for n in public if n not in rows] if full else []
        if len(absent) > len(public) * 0.6 and (len(absent) > 2 or len(absent) == len(public)):
            absent = []
        changes += [(self.known[number], None, len(self.known[number].versions)) for number in absent]
        if full:
            self.waiting = {n: w for n, w in self.waiting.items() if n not in self.whole}
        made = [penalty(number, said) for number, said in rows.items()]
        deliver(self.register, made, full=full, by=FIRST, file=f"file {self.batch}".encode())
        if len(changes) > 2:
            self.waiting[self.batch] = changes
            if full:
                self.whole.add(self.batch)
            return
        for known, to_say, _ in changes:
            self._change(known, to_say, self.batch)

    def _change(self, each: Known, said: Said | None, batch: int) -> None:
        if said is not None and each.decided and each.decided != said[1]:
            return
        if said is not None and said in [before for before, _ in each.versions]:
            return
        each.public = said is not None
        each.versions.append((said or each.now, batch))
        each.touched.append(batch)

    def _undo(self, number: int, each: Known, target: int) -> None:
        later = each.touched[len(each.touched) - each.touched[::-1].index(target) :]
        if each.touched[0] == target:
            if not later:
                each.public = False
                del self.known[number]  # it may come again, as another record
        elif all(who == DECISION for who in later):
            place = next(place for place, (_, batch) in enumerate(each.versions) if batch == target)
            facts, content = each.versions[place - 1][0]
            each.versions.append(((facts, each.decided or content), self.batch))
            each.touched.append(self.batch)
            each.public = True

    # -- what must hold --------------------------------------------------------------------------------

    @invariant()
    def what_is_shown_is_what_the_model_says(self) -> None:
        with self.register.store.read() as connection:
            found = records.scan(connection, 0, 100)
        shown = {
            int(each.document["number"].rpartition("〕")[2][:-1]): (
                each.document["fields"]["facts"],
                each.document["fields"]["content"],
            )
            for each in found
        }
        assert shown == {number: each.now for number, each in self.known.items() if each.public}
        assert len(found) == len(shown), "one record for each act"

    @invariant()
    def what_waits_is_what_the_model_says(self) -> None:
        with self.register.store.read() as connection:
            batches = release.waiting_batches(connection)
        assert {each.batch: sum(each.orders.values()) for each in batches} == {
            batch: len(changes) for batch, changes in self.waiting.items()
        }

    def teardown(self) -> None:
        if hasattr(self, "register"):
            assert proof.verify(self.register.store).count == 0

    def _id(self, number: int) -> str:
        return self._item(number).id

    def _n(self, number: int) -> int:
        return self._item(number).n

    def _item(self, number: int) -> records.Published:
        with self.register.store.read() as connection:
            found = records.scan(connection, 0, 100)
        return next(each for each in found if each.document["number"].endswith(f"〕{number}号"))


@pytest.mark.slow
def test_random_histories_agree_with_the_model(tmp_path: Path) -> None:
    Histories.folder = tmp_path
    run_state_machine_as_test(
        Histories,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
