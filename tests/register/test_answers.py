"""The unit's word on held rows: each reason with its answers, each answer once, nothing without a name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from creditregister import holding, kinds, people, proof, records, release, staff, units
from creditregister.answers import FITTING, Answer, AnswerError, resolve
from creditregister.clock import FixedClock, iso
from creditregister.deciding import decide
from creditregister.delivered import Outcome, Problem
from creditregister.history import trace
from creditregister.holding import UnknownHeldError
from creditregister.publication import Author
from creditregister.staff import StaffError
from creditregister.undo import undo
from support.registers import NOON, UNIT, deliver, make_register
from support.town import NOBODY, row, unified

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.delivered import Delivered
    from creditregister.holding import Held
    from creditregister.opening import Register

A, U, S, H = Outcome.ACCEPTED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.HELD
KINDS = kinds.load()
FIRST, SECOND = "闻人甲", "闻人乙"
NAME, SLIP = "云泽明湖食品有限公司", "云泽明胡食品有限公司"
TODAY = date(2026, 6, 1)


@pytest.fixture
def register(tmp_path: Path) -> Register:
    made = make_register(tmp_path)
    with made.store.write() as connection:
        for name, number in ((FIRST, "P1234567"), (SECOND, "P7654321")):
            staff.add(connection, made.keys, name, number, NOON)
    return made


def penalty(name: str = NAME, facts: str = "原来的事实", number: int = 1, **values: str) -> Delivered:
    return row("penalty", number, name, values.pop("code", ""), facts=facts, **values)


def doubtful(delivered: Delivered, *codes: str) -> Delivered:
    """The row as the reading process hands it over when it cannot be sure."""
    found = tuple(
        Problem(delivered.row, "held", "", code, f"第 {delivered.row} 行：存疑。") for code in codes
    )
    return replace(delivered, warnings=found)


def waiting(register: Register) -> list[Held]:
    with register.store.read() as connection:
        return holding.listed(connection)


def only(register: Register) -> int:
    (row_,) = waiting(register)
    return row_.id


def public(register: Register) -> dict[str, str]:
    with register.store.read() as connection:
        return {each.document["name"]: each.id for each in records.scan(connection, 0, 99)}


def slip(register: Register) -> int:
    deliver(register, [penalty()])
    assert deliver(register, [penalty(SLIP)]) == [H]
    return only(register)


def test_a_slip_may_be_a_second_subject(register: Register) -> None:
    done = resolve(register, slip(register), Answer(second=True), FIRST)
    assert (done.outcome, done.batch) == ("accepted", 3)
    assert set(public(register)) == {NAME, SLIP}
    assert deliver(register, [penalty(SLIP)]) == [S], "and is known from now on"
    assert waiting(register) == []
    assert proof.verify(register.store).count == 0


def test_a_slip_may_replace_the_record_which_keeps_its_id(register: Register) -> None:
    number, before = slip(register), public(register)[NAME]
    assert resolve(register, number, Answer(replaces=True), FIRST).outcome == "updated"
    assert public(register) == {SLIP: before}
    assert deliver(register, [penalty(SLIP)]) == [S]
    with register.store.read() as connection:
        last = trace(connection, before)["versions"][-1]
    assert (last["version"], last["delivered_by"], last["file"]) == (2, FIRST, f"held {number}")
    assert proof.verify(register.store).count == 0


def test_what_was_dropped_does_not_come_back(register: Register) -> None:
    assert resolve(register, slip(register), Answer(drop=True), FIRST).outcome == "dropped"
    assert set(public(register)) == {NAME}
    assert deliver(register, [penalty(SLIP)]) == [S]
    assert waiting(register) == []


def test_a_slip_cannot_replace_what_is_no_longer_public(register: Register) -> None:
    number = slip(register)
    deliver(register, [replace(penalty(facts="撤销了"), revoked=True)])
    assert public(register) == {}
    with pytest.raises(AnswerError, match="not public any more"):
        resolve(register, number, Answer(replaces=True), FIRST)
    assert only(register) == number, "the row still waits"


@pytest.mark.parametrize("klass", ["organisation", "business"])
def test_a_possible_person_may_be_a_body(register: Register, klass: str) -> None:
    row_ = doubtful(replace(penalty("闻人听雪"), klass="person"), "possible-person")
    assert deliver(register, [row_]) == [H]
    assert resolve(register, only(register), Answer(klass=klass), FIRST).outcome == "accepted"
    assert set(public(register)) == {"闻人听雪"}
    assert deliver(register, [row_]) == [S], "the unit is not asked twice"


def test_a_possible_person_may_be_a_person(register: Register) -> None:
    row_ = doubtful(penalty("闻人听雪", code=unified(7)), "possible-person", "class-conflict")
    sealed = replace(row_, secrets={"identity_number": NOBODY}, number=NOBODY)
    assert deliver(register, [sealed], kind="dishonest-debtor") == [H]
    assert resolve(register, only(register), Answer(klass="person"), FIRST).outcome == "accepted"
    assert public(register) == {}
    with register.store.read() as connection:
        assert len(people.find(connection, register.keys, "闻人听雪", NOBODY, TODAY)) == 1


@pytest.mark.parametrize("values", [{"secret": "990100201203040017"}, {"age": "14"}])
def test_a_minor_whom_an_answer_shows_to_be_a_person_is_kept_and_never_shown(
    register: Register, values: dict[str, str]
) -> None:
    made = row("dishonest-debtor", 1, "闻人听雪", unified(7), case="(2026)云01执1号", **values)
    assert deliver(register, [doubtful(made, "possible-person")], kind="dishonest-debtor") == [H]
    assert resolve(register, only(register), Answer(klass="person"), FIRST).outcome == "accepted"
    assert public(register) == {}
    with register.store.read() as connection:
        for said in ("(2026)云01执1号", values.get("secret", "-"), unified(7)):
            assert people.find(connection, register.keys, "闻人听雪", said, TODAY) == []


def test_every_reason_needs_its_answer(register: Register) -> None:
    deliver(register, [doubtful(penalty(), "possible-person", "redaction")])
    number = only(register)
    for answer in (Answer(klass="organisation"), Answer(accept=True), Answer(), Answer(second=True)):
        with pytest.raises(AnswerError, match="possible-person: klass; redaction: accept"):
            resolve(register, number, answer, FIRST)
    assert resolve(register, number, Answer(klass="organisation", accept=True), FIRST).outcome == "accepted"
    with pytest.raises(UnknownHeldError):
        resolve(register, number, Answer(drop=True), FIRST)


def test_an_answer_needs_a_name_and_must_be_possible(register: Register) -> None:
    number = slip(register)
    with pytest.raises(StaffError):
        resolve(register, number, Answer(drop=True), "无名氏")
    for answer in (Answer(second=True, replaces=True), Answer(second=True, drop=True), Answer(grade="minor")):
        with pytest.raises(AnswerError):
            resolve(register, number, answer, FIRST)
    deliver(register, [doubtful(penalty(number=5), "possible-person")])
    with pytest.raises(AnswerError, match="no class"):
        resolve(register, waiting(register)[-1].id, Answer(klass="animal"), FIRST)
    assert len(waiting(register)) == 2


def test_a_grade_that_is_given_is_stored_and_shown(register: Register) -> None:
    row_ = doubtful(penalty(), "no-grade")
    deliver(register, [row_])
    with pytest.raises(AnswerError, match="there are: "):
        resolve(register, only(register), Answer(grade="terrible"), FIRST)
    assert resolve(register, only(register), Answer(grade="general"), FIRST).outcome == "accepted"
    with register.store.read() as connection:
        (item,) = records.scan(connection, 0, 9)
    assert item.document["fields"]["severity"] == "general"
    assert deliver(register, [row_]) == [S]


def test_a_conflict_may_be_taken_beside_the_decision(register: Register) -> None:
    deliver(register, [penalty(content="罚款一万元")])
    decided(register)
    assert deliver(register, [penalty(facts="补充的事实", content="罚款一万元")]) == [H]
    assert waiting(register)[0].record == public(register)[NAME]
    assert resolve(register, only(register), Answer(accept=True), FIRST).outcome == "updated"
    with register.store.read() as connection:
        (item,) = records.scan(connection, 0, 9)
    fields = item.document["fields"]
    assert (fields["facts"], fields["content"]) == ("补充的事实", "罚款五千元")
    with register.store.read() as connection:
        told = trace(connection, item.id)
    assert told["decided"] == [{"field": "content", "version": 2}]
    (answered,) = told["held"]
    assert (answered["codes"], answered["answer"], answered["by"]) == (["conflict"], "accept", FIRST)
    assert (answered["batch"], answered["row"], answered["at"]) == (2, 1, iso(NOON))
    assert [(each["who"], each["why"]) for each in told["versions"]][1] == ("staff 闻人丙", "decision")


def test_another_units_row_replaces_only_with_two_persons(register: Register) -> None:
    deliver(register, [penalty()])
    assert deliver(register, [penalty(facts="别人的说法")], unit="云泽省另一单位") == [H]
    done = resolve(register, only(register), Answer(replaces=True), FIRST)
    assert done.outcome == "waiting"
    with register.store.read() as connection:
        assert records.scan(connection, 0, 9)[0].version == 1
    assert release.release(register, done.batch or 0, SECOND) is not None
    with register.store.read() as connection:
        (item,) = records.scan(connection, 0, 9)
    assert (item.document["fields"]["facts"], item.unit) == ("别人的说法", UNIT)


def decided(register: Register) -> None:
    with register.store.write() as connection:
        author = Author("staff 闻人丙", "decision", NOON)
        fixed = {"content": "罚款五千元"}
        decide(connection, register.keys, register.moment(), public(register)[NAME], fixed, author=author)


def replaced(register: Register) -> dict[str, str]:
    """Say that the row that waits replaces its record, with two persons; what the record says then."""
    done = resolve(register, only(register), Answer(replaces=True), FIRST)
    assert done.outcome == "waiting"
    assert "content" in done.message, "it is told that a decision stands"
    assert release.release(register, done.batch or 0, SECOND) is not None
    with register.store.read() as connection:
        (item,) = records.scan(connection, 0, 9)
    fields: dict[str, str] = item.document["fields"]
    return fields


def test_another_units_row_leaves_what_was_decided(register: Register) -> None:
    deliver(register, [penalty(content="罚款一万元")])
    decided(register)
    other = penalty(facts="别人的说法", content="罚款一万元")
    assert deliver(register, [other], unit="云泽省另一单位") == [H]
    fields = replaced(register)
    assert (fields["facts"], fields["content"]) == ("别人的说法", "罚款五千元")


def test_a_correction_that_a_decision_overtook_leaves_what_was_decided(register: Register) -> None:
    deliver(register, [penalty(content="罚款一万元")], by=FIRST)
    settings = register.settings
    strict = settings.model_copy(update={"load": settings.load.model_copy(update={"alone_rows": 0})})
    batch = 2
    corrected = [penalty(facts="补充的事实", content="罚款一万元")]
    assert deliver(replace(register, settings=strict), corrected, by=FIRST) == [H], "it waits"
    decided(register)
    found = release.release(register, batch, SECOND)
    assert found is not None
    assert (found.updated, found.held) == (0, 1), "overtaken"
    fields = replaced(register)
    assert (fields["facts"], fields["content"]) == ("补充的事实", "罚款五千元")


def later(register: Register, *, hours: int = 1) -> None:
    clock = register.clock
    assert isinstance(clock, FixedClock)
    clock.ms += hours * 3_600_000


def facts(register: Register) -> list[str]:
    with register.store.read() as connection:
        return [each.document["fields"]["facts"] for each in records.scan(connection, 0, 9)]


def test_a_row_waits_no_longer_once_its_unit_delivered_the_record(register: Register) -> None:
    deliver(register, [doubtful(penalty(), "no-grade"), doubtful(penalty(number=2), "no-grade")])
    first, other = (row_.id for row_ in waiting(register))
    later(register)
    assert deliver(register, [penalty(facts="更正后的事实")], unit="云泽省另一单位") == [A]
    assert [row_.id for row_ in waiting(register)] == [first, other], "another unit's word is not its own"
    later(register)
    assert deliver(register, [penalty(facts="更正后的事实", number=2)]) == [A]
    assert [row_.id for row_ in waiting(register)] == [first]
    with pytest.raises(UnknownHeldError):
        resolve(register, other, Answer(grade="minor"), FIRST)


def test_a_possible_person_waits_no_longer_once_it_was_delivered_as_a_body(register: Register) -> None:
    deliver(register, [doubtful(replace(penalty("闻人听雪"), klass="person"), "possible-person")])
    later(register)
    assert deliver(register, [penalty("闻人听雪")]) == [A]
    assert waiting(register) == []


def test_only_the_last_word_on_a_record_waits(register: Register) -> None:
    old, new = (doubtful(penalty(facts=said), "no-grade") for said in ("旧的事实", "新的事实"))
    deliver(register, [old])
    number = only(register)
    later(register)
    deliver(register, [new])
    (row_,) = waiting(register)
    assert row_.id != number
    later(register)
    deliver(register, [old])
    assert only(register) == number, "said again, it waits again"
    assert resolve(register, number, Answer(grade="general"), FIRST).outcome == "accepted"
    assert facts(register) == ["旧的事实"]


def test_an_answer_older_than_its_record_is_refused(register: Register) -> None:
    number = slip(register)
    later(register)
    assert deliver(register, [penalty(facts="更正后的事实")]) == [U]
    with pytest.raises(AnswerError, match="deliver it again"):
        resolve(register, number, Answer(replaces=True), FIRST)
    assert facts(register) == ["更正后的事实"]
    later(register)
    assert deliver(register, [penalty(SLIP)]) == [H], "its unit insists"
    assert only(register) == number
    assert resolve(register, number, Answer(replaces=True), FIRST).outcome == "updated"
    assert facts(register) == ["原来的事实"]


def test_a_row_that_waited_long_is_as_old_at_its_next_doubt(register: Register) -> None:
    deliver(register, [penalty()])
    deliver(register, [doubtful(replace(penalty(SLIP), klass="person"), "possible-person")])
    later(register)
    assert deliver(register, [penalty(facts="更正后的事实")]) == [U]
    later(register)
    assert resolve(register, only(register), Answer(klass="organisation"), FIRST).outcome == "held"
    with pytest.raises(AnswerError, match="deliver it again"):
        resolve(register, only(register), Answer(replaces=True), FIRST)


def test_an_undoing_is_no_word_of_the_unit(register: Register) -> None:
    deliver(register, [penalty()])
    later(register)
    deliver(register, [penalty(facts="第二次的事实")])
    later(register)
    deliver(register, [doubtful(penalty(facts="第三次的事实"), "redaction")])
    number = only(register)
    later(register)
    undo(register, 2, FIRST)
    assert only(register) == number


def test_an_answer_may_meet_the_next_doubt(register: Register) -> None:
    """Now that it is a body, its name looks like a slip."""
    deliver(register, [penalty()])
    deliver(register, [doubtful(replace(penalty(SLIP), klass="person"), "possible-person")])
    done = resolve(register, only(register), Answer(klass="organisation"), FIRST)
    assert done.outcome == "held"
    assert waiting(register)[0].codes == ("slip",)


def test_the_list_can_be_narrowed(register: Register) -> None:
    slip(register)
    deliver(register, [doubtful(penalty(number=5), "possible-person")])
    deliver(
        register, [doubtful(row("licence", 1, NAME, ""), "redaction")], kind="licence", unit="云泽省另一单位"
    )
    with register.store.read() as connection:
        mine = units.resolve(connection, UNIT).id
        assert len(holding.listed(connection)) == 3
        assert len(holding.listed(connection, unit_id=mine)) == 2
        assert [each.codes for each in holding.listed(connection, kind="licence")] == [("redaction",)]
        assert [each.row for each in holding.listed(connection, code="possible-person")] == [5]


def test_every_answer_is_about_a_known_reason() -> None:
    words = {word.partition("=")[0] for word in Answer(True, True, True, "x", "x").words()}
    assert {word for fitting in FITTING.values() for word in fitting} == words
