"""A batch undone: back to what was before it, decisions kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from creditregister import (
    daily,
    kinds,
    ledger,
    people,
    proof,
    publication,
    records,
    release,
    rule_change,
    staff,
)
from creditregister.clock import FixedClock, iso
from creditregister.deciding import DecisionError, decide
from creditregister.delivered import Outcome
from creditregister.history import trace
from creditregister.publication import Author
from creditregister.release import ReleaseError
from creditregister.schema import record
from creditregister.undo import undo
from creditregister.versions import histories, row_of
from support.laws import local_law
from support.registers import NOON, content, deliver, make_register
from support.town import BODY, NOBODY, row, unified

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.delivered import Delivered
    from creditregister.opening import Register

A, U, S, H = Outcome.ACCEPTED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.HELD
KINDS = kinds.load()
FIRST, SECOND = "闻人甲", "闻人乙"
TODAY = date(2026, 6, 1)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    made = make_register(tmp_path)
    with made.store.write() as connection:
        for name, number in ((FIRST, "P1234567"), (SECOND, "P7654321")):
            staff.add(connection, made.keys, name, number, NOON)
    return made


def penalty(number: int, facts: str = "原来的事实", **values: str) -> Delivered:
    name = f"云泽{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{number}号食品有限公司"
    return row("penalty", number, name, unified(number), facts=facts, **values)


def facts(register: Register) -> dict[str, str]:
    """Name of the subject → facts of every public record."""
    with register.store.read() as connection:
        documents = [each.document for each in records.scan(connection, 0, 1000)]
    return {each["name"]: each["fields"]["facts"] for each in documents}


def ids(register: Register) -> list[str]:
    with register.store.read() as connection:
        return [each.id for each in records.scan(connection, 0, 1000)]


def settle_on(register: Register, public_id: str, **values: str) -> int:
    """A decision of people elsewhere."""
    with register.store.write() as connection:
        author = Author("staff 闻人丙", "decision", NOON)
        return decide(connection, register.keys, register.moment(), public_id, values, author=author)


def test_what_a_batch_made_new_is_withdrawn_and_may_come_again(register: Register) -> None:
    deliver(register, [penalty(1), penalty(2)])
    before = facts(register)
    deliver(register, [penalty(n) for n in (3, 4)])
    new = ids(register)[2:]
    done = undo(register, 2, FIRST)
    assert done.settled.carried is not None
    assert (done.batch, done.settled.carried.withdrawn, done.left) == (3, 2, 0)
    assert facts(register) == before
    with register.store.read() as connection:
        assert {records.standing(connection, each, TODAY).state for each in new} == {"ended"}
    assert deliver(register, [penalty(n, "更好的事实") for n in (3, 4)]) == [A, A], "nothing is in the way"
    assert not set(new) & set(ids(register)), "an id is given once"
    assert proof.verify(register.store).count == 0


def test_what_came_as_revoked_by_mistake_may_come_again(register: Register) -> None:
    gone = replace(penalty(1, facts="误报", current_status="revoked"), revoked=True)
    assert deliver(register, [gone], by=FIRST) == [A]
    assert deliver(register, [penalty(1)], by=FIRST) == [H], "what was revoked is not reopened"
    done = undo(register, 1, FIRST)
    assert (done.settled.changes, done.left) == (1, 0)
    assert deliver(register, [penalty(1)], by=FIRST, file=b"once more") == [A]
    assert list(facts(register).values()) == ["原来的事实"]
    assert proof.verify(register.store).count == 0


def test_what_a_batch_changed_is_as_before_under_a_new_version(register: Register) -> None:
    deliver(register, [penalty(1), penalty(2)])
    before, known = facts(register), ids(register)
    deliver(register, [penalty(1, "错的事实"), penalty(2)])
    undo(register, 2, FIRST)
    assert (facts(register), ids(register)) == (before, known)
    with register.store.read() as connection:
        told = trace(connection, known[0])
    assert [(each["why"], each["batch"]) for each in told["versions"]] == [
        ("delivery", 1),
        ("delivery", 2),
        ("undo", 3),
    ]
    last = told["versions"][-1]
    assert (last["who"], last["delivered_by"], last["undoes"]) == (f"staff {FIRST}", FIRST, 2)
    assert last["at"] == iso(NOON)
    assert deliver(register, [penalty(1, "对的事实")]) == [U]
    assert proof.verify(register.store).count == 0


def test_what_a_batch_withdrew_is_shown_again(register: Register) -> None:
    deliver(register, [penalty(n) for n in range(1, 8)])
    before, known = facts(register), ids(register)
    deliver(
        register,
        [replace(penalty(1), revoked=True, content=content(x="1")), *map(penalty, range(2, 7))],
        full=True,
    )
    assert len(facts(register)) == 5
    undo(register, 2, FIRST)
    assert (facts(register), ids(register)) == (before, known)
    with register.store.read() as connection:
        actions = [entry.action for entry in ledger.after(connection, 7, 9)]
    assert actions == ["withdraw", "withdraw", "restore", "restore"]
    assert proof.verify(register.store).count == 0


def test_what_waits_to_be_shown_is_not_shown_later(register: Register) -> None:
    """Neither by a batch that was undone, nor by one that a whole list has left out."""
    deliver(register, [penalty(n) for n in (1, 2, 3, 4)])
    with register.store.write() as connection:
        later = update(record).where(record.c.n.in_([2, 3])).values(state="waiting")
        connection.execute(later)
    deliver(register, [penalty(n) for n in (1, 2, 4)], full=True)
    undo(register, 1, FIRST)
    with register.store.read() as connection:
        assert set(connection.scalars(select(record.c.state))) == {"ended"}
        found = histories(connection, [1, 2, 3, 4])
    assert [each.versions[-1].reason for each in found] == ["undone", "undone", "absent", "undone"]


def test_an_undoing_can_be_undone(register: Register) -> None:
    deliver(register, [penalty(n) for n in (1, 2, 3)])
    deliver(register, [penalty(1, "新的事实"), penalty(2), penalty(9)], full=True)
    after, known = facts(register), ids(register)
    undo(register, 2, FIRST)
    assert set(facts(register)) != set(after)
    undo(register, 3, SECOND)
    assert (facts(register), ids(register)) == (after, known)
    with pytest.raises(ReleaseError, match="undone already"):
        undo(register, 3, SECOND)
    assert deliver(register, [penalty(9)]) == [S], "its keys lead to it again"


def test_what_changed_since_is_left_alone(register: Register) -> None:
    deliver(register, [penalty(1), penalty(2), penalty(3)])
    deliver(register, [penalty(1, "二"), penalty(2, "二"), penalty(3, "二"), penalty(4)])
    deliver(register, [penalty(1, "三"), penalty(4, "三")])
    with register.store.write() as connection:
        item = records.scan(connection, 1, 1)[0]
        publication.withdraw(connection, [item], "ended", Author("test", "repaired", NOON))
    done = undo(register, 2, FIRST)
    assert done.left == 3
    assert sorted(facts(register).values()) == ["三", "三", "原来的事实"]


def test_decisions_are_kept(register: Register) -> None:
    deliver(register, [penalty(1, content="罚款一万元")])
    (public_id,) = ids(register)
    deliver(register, [penalty(1, "错的事实", content="罚款一万元")])
    assert settle_on(register, public_id, content="罚款五千元") == 3
    assert undo(register, 2, FIRST).left == 0
    with register.store.read() as connection:
        (item,) = records.scan(connection, 0, 9)
    fields = item.document["fields"]
    assert (fields["facts"], fields["content"], item.version) == ("原来的事实", "罚款五千元", 4)
    deliver(register, [penalty(5)])
    settle_on(register, ids(register)[1], content="责令改正")
    assert undo(register, 4, FIRST).left == 1, "somebody has decided that it is real"


def test_more_than_a_little_needs_a_second_person(register: Register) -> None:
    deliver(register, [penalty(n) for n in range(1, 8)])
    done = undo(register, 1, FIRST)
    assert (done.settled.waits, len(facts(register))) == (True, 7)
    with pytest.raises(ReleaseError, match="same person"):
        release.release(register, done.batch, FIRST)
    carried = release.release(register, done.batch, SECOND)
    assert carried is not None
    assert (carried.withdrawn, facts(register)) == (7, {})
    with pytest.raises(ReleaseError, match="undone already"):
        undo(register, 1, FIRST)
    assert deliver(register, [penalty(n) for n in range(1, 8)]) == [A] * 7


def test_a_waiting_undoing_does_not_reopen_what_was_withdrawn_meanwhile(register: Register) -> None:
    deliver(register, [penalty(n) for n in range(1, 8)])
    deliver(register, [penalty(n, "二") for n in range(1, 8)], by=FIRST)
    release.release(register, 2, SECOND)
    done = undo(register, 2, FIRST)
    with register.store.write() as connection:
        item = records.scan(connection, 0, 1)[0]
        publication.withdraw(connection, [item], "ended", Author("test", "repaired", NOON))
    carried = release.release(register, done.batch, SECOND)
    assert carried is not None
    assert (carried.updated, carried.held) == (6, 1)
    assert list(facts(register).values()) == ["原来的事实"] * 6


def test_a_persons_record_keeps_its_sealed_number_and_is_found(register: Register) -> None:
    def debtor(duty: str) -> Delivered:
        case = "（2026）云9901执7号"
        values = {"case_number": case, "duty": duty}
        return row("dishonest-debtor", 1, "郑无名", "", klass="person", secret=NOBODY, case=case, **values)

    deliver(register, [debtor("支付货款")], kind="dishonest-debtor")
    assert deliver(register, [debtor("支付工资")], kind="dishonest-debtor") == [U]
    undo(register, 2, FIRST)
    with register.store.read() as connection:
        (found,) = people.find(connection, register.keys, "郑无名", NOBODY, TODAY)
        assert (found.version, found.document["fields"]["duty"]) == (3, "支付货款")
        (history,) = histories(connection, [found.n])
    kind = KINDS["dishonest-debtor"]
    assert [row_of(register.keys, kind, history, each).number for each in history.versions] == [NOBODY] * 3


def test_a_decision_is_not_about_who_or_which(register: Register) -> None:
    deliver(register, [penalty(1)])
    (public_id,) = ids(register)
    for field in ("subject_name", "unified_code", "body", "legal_rep_number", "no_such_field"):
        with pytest.raises(DecisionError, match="cannot be decided"):
            settle_on(register, public_id, **{field: BODY})
    with pytest.raises(DecisionError, match="no public record"):
        settle_on(register, "a" * 26, facts="x")
    with pytest.raises(DecisionError, match="at least one"):
        settle_on(register, public_id)


def test_a_delivery_never_overwrites_what_was_decided(register: Register) -> None:
    deliver(register, [penalty(1, content="罚款一万元")])
    (public_id,) = ids(register)
    settle_on(register, public_id, content="罚款五千元")
    assert deliver(register, [penalty(1, content="罚款一万元")]) == [S], "an earlier content"
    assert deliver(register, [penalty(1, "补充的事实", content="罚款一万元")]) == [H]
    assert deliver(register, [penalty(1, "补充的事实", content="罚款五千元")]) == [U]
    assert facts(register) == {penalty(1).name: "补充的事实"}
    assert settle_on(register, public_id, content="免予处罚") == 4, "a later decision may"
    assert deliver(register, [penalty(1, "又补充", content="罚款五千元")]) == [H]


def ends(register: Register) -> dict[str, str]:
    """Facts of every public record → its last day."""
    with register.store.read() as connection:
        found = records.scan(connection, 0, 1000)
    return {each.document["fields"]["facts"]: each.shown_until for each in found}


def test_what_is_as_before_ends_as_before_and_not_later(register: Register) -> None:
    """A wrong date had shortened it; a wrong grade could not lengthen it."""
    deliver(register, [penalty(1)])
    deliver(register, [penalty(1, "错的日期", decision_date="2026-05-10")])
    assert ends(register) == {"错的日期": "2027-05-10"}
    undo(register, 2, FIRST)
    assert ends(register) == {"原来的事实": "2027-05-20"}
    deliver(register, [penalty(1, "错的程度", severity="serious")])
    assert ends(register) == {"错的程度": "2027-05-20"}
    undo(register, 4, FIRST)
    assert ends(register) == {"原来的事实": "2027-05-20"}


def test_rules_that_came_meanwhile_bind_what_is_brought_back(register: Register, tmp_path: Path) -> None:
    deliver(register, [penalty(1), penalty(2)])
    deliver(register, [penalty(1, "错的事实")])
    register.__dict__["law"] = local_law(tmp_path, "6 months")
    assert rule_change.apply(register, TODAY, dry_run=False).counts == {"shortened": 2}
    undo(register, 2, FIRST)
    assert ends(register) == {"原来的事实": "2026-11-20"}
    register.__dict__["law"] = local_law(tmp_path, "2 years")
    deliver(register, [penalty(1, "再错一次")], law=register.law)
    undo(register, 4, FIRST)
    assert ends(register) == {"原来的事实": "2026-11-20"}
    assert proof.verify(register.store).count == 0


def test_what_ended_meanwhile_is_not_shown_again(register: Register) -> None:
    deliver(register, [penalty(1, decision_date="2026-05-20", publicity_end="2026-06-30")])
    deliver(register, [penalty(1, "漏了截止期", decision_date="2026-05-20", publicity_end="2026-06-29")])
    clock = register.clock
    assert isinstance(clock, FixedClock)
    clock.ms += 60 * 86_400_000
    daily.run(register, clock.today())
    undo(register, 2, FIRST)
    assert ends(register) == {}
    with register.store.read() as connection:
        assert connection.scalars(select(record.c.state)).all() == ["ended"]


def test_a_batch_is_undone_after_a_change_of_rules_too(register: Register, tmp_path: Path) -> None:
    deliver(register, [penalty(1)])
    register.__dict__["law"] = local_law(tmp_path, "6 months")
    rule_change.apply(register, TODAY, dry_run=False)
    assert undo(register, 1, FIRST).left == 0
    assert ends(register) == {}
