"""A whole list, and the second person: what a delivery may change alone, what waits, what is stopped."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from creditregister import proof, records, release, staff, units, wholeness
from creditregister.delivered import Delivered, Outcome
from creditregister.deliveries import Writer
from creditregister.history import trace
from creditregister.release import ReleaseError, limit, too_many
from creditregister.schema import batch, waiting
from creditregister.staff import StaffError
from support.registers import LAW, NOON, UNIT, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register

A, U, S, H = Outcome.ACCEPTED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.HELD
FIRST, SECOND, AGAIN = "闻人甲", "闻人乙", "闻人甲二"


def shown(register: Register) -> dict[str, str]:
    """Document number → facts of every public record."""
    with register.store.read() as connection:
        found = [each.document["fields"] for each in records.scan(connection, 0, 1000)]
    return {fields["document_number"]: fields["facts"] for fields in found}


def states(register: Register) -> list[str]:
    with register.store.read() as connection:
        return list(connection.scalars(select(batch.c.state).order_by(batch.c.id)))


def queued(register: Register) -> int:
    with register.store.read() as connection:
        return connection.scalar(select(func.count()).select_from(waiting)) or 0


def hire(register: Register) -> None:
    """Two persons, one of them with two accounts."""
    with register.store.write() as connection:
        for name, number in ((FIRST, "P1234567"), (SECOND, "P7654321"), (AGAIN, "p１２３４５６７")):
            staff.add(connection, register.keys, name, number, NOON)


def corrected(numbers: range, facts: str = "更正") -> list[Delivered]:
    return [row(n, facts=facts) for n in numbers]


@pytest.mark.parametrize(
    ("public", "most"), [(0, 5), (100, 5), (500, 5), (1_000, 10), (1_999, 19), (2_000, 20), (900_000, 20)]
)
def test_how_much_a_delivery_may_change_alone(tmp_path: Path, public: int, most: int) -> None:
    """20 rows or 1 %, whichever is less; but a handful is nobody's mass mistake."""
    load = make_register(tmp_path).settings.load
    assert limit(load, public) == most


@pytest.mark.parametrize(
    ("public", "absent", "stops"),
    [(100, 20, False), (100, 21, True), (10, 5, False), (10, 6, True), (3, 2, False), (3, 3, True)],
)
def test_when_a_whole_list_is_stopped(tmp_path: Path, public: int, absent: int, *, stops: bool) -> None:
    load = make_register(tmp_path).settings.load
    assert too_many(load, public, absent) == stops


def test_a_few_corrections_are_carried_out_at_once(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 31)])
    assert deliver(register, corrected(range(1, 6))) == [U] * 5
    assert list(shown(register).values()).count("更正") == 5
    assert (states(register), queued(register)) == (["done", "done"], 0)


def test_more_wait_until_another_person_releases_them(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    hire(register)
    deliver(register, [row(n) for n in range(1, 31)])
    new = row(99)
    assert deliver(register, [*corrected(range(1, 7)), new], by=FIRST) == [H] * 6 + [A]
    assert set(shown(register).values()) == {"未按规定公示信息"}, "nothing of it is public"
    assert len(shown(register)) == 31, "what is new does not wait"
    assert (states(register)[-1], queued(register)) == ("waiting", 6)
    with pytest.raises(ReleaseError, match="same person"):
        release.release(register, 2, AGAIN)
    with pytest.raises(StaffError, match="no account"):
        release.release(register, 2, "无名氏")
    done = release.release(register, 2, SECOND)
    assert done is not None
    assert (done.updated, done.withdrawn, done.held) == (6, 0, 0)
    assert list(shown(register).values()).count("更正") == 6
    assert (states(register)[-1], queued(register)) == ("done", 0)
    with pytest.raises(ReleaseError, match="nothing of it waits"):
        release.release(register, 2, SECOND)
    assert proof.verify(register.store).count == 0


def test_a_batch_that_nobody_put_a_name_to_needs_two_persons(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    hire(register)
    deliver(register, [row(n) for n in range(1, 31)])
    deliver(register, corrected(range(1, 20)))
    assert release.release(register, 2, FIRST) is None
    with pytest.raises(ReleaseError, match="same person"):
        release.release(register, 2, AGAIN)
    assert queued(register) == 19
    assert release.release(register, 2, SECOND) is not None


def test_a_disabled_account_may_do_nothing(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    hire(register)
    deliver(register, [row(n) for n in range(1, 31)])
    deliver(register, corrected(range(1, 20)), by=FIRST)
    with register.store.write() as connection:
        staff.disable(connection, SECOND, NOON)
    with pytest.raises(StaffError, match="disabled"):
        release.release(register, 2, SECOND)


def test_the_trace_names_both_persons(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    hire(register)
    deliver(register, [row(n) for n in range(1, 31)])
    deliver(register, corrected(range(1, 20)), by=FIRST)
    release.release(register, 2, SECOND)
    with register.store.read() as connection:
        item = records.scan(connection, 0, 1)[0]
        last = trace(connection, item.id)["versions"][-1]
    assert (last["delivered_by"], last["released_by"], last["batch"]) == (FIRST, SECOND, 2)


def test_what_moved_on_while_it_waited_is_left_alone(tmp_path: Path) -> None:
    """The older delivery, released late, does not overwrite the newer one; its row waits for a word."""
    register = make_register(tmp_path)
    hire(register)
    deliver(register, [row(n) for n in range(1, 31)])
    deliver(register, corrected(range(1, 20), "旧的更正"), by=FIRST)
    deliver(register, corrected(range(1, 3), "新的更正"))
    done = release.release(register, 2, SECOND)
    assert done is not None
    assert (done.updated, done.held) == (17, 2)
    assert [shown(register)[f"{n}号"] for n in (1, 2, 3)] == ["新的更正", "新的更正", "旧的更正"]


def test_the_same_file_again_takes_the_place_of_what_waits(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 31)])
    for _ in range(2):
        deliver(register, corrected(range(1, 20)))
    assert states(register) == ["done", "superseded", "waiting"]
    assert queued(register) == 19


def test_a_whole_list_withdraws_what_it_does_not_name(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 31)])
    deliver(register, [row(77)], unit="云泽省另一单位")
    deliver(register, [row(78)], kind="licence")
    with register.store.read() as connection:
        gone = records.scan(connection, 0, 1)[0]
    whole = [row(n) for n in range(2, 31)]
    assert deliver(register, whole, full=True) == [S] * 29
    assert "1号" not in shown(register)
    assert len(shown(register)) == 31, "of this unit and kind only"
    with register.store.read() as connection:
        assert records.standing(connection, gone.id, date(2026, 6, 2)).state == "ended"
        versions = trace(connection, gone.id)["versions"]
    assert [(each["why"], each["batch"]) for each in versions] == [("delivery", 1), ("absent", 4)]
    assert deliver(register, [row(1)]) == [S], "what was withdrawn is not reopened"
    assert proof.verify(register.store).count == 0


def test_a_whole_list_names_what_it_holds_back_or_contradicts(tmp_path: Path) -> None:
    """A row that is held still says that its record is on the list."""
    register = make_register(tmp_path)
    deliver(register, [row(1, name="云泽明湖食品有限公司", code="91990000MA0000001X"), row(2)])
    slip = row(9, name="云泽明湖食品有限公司", code="91990000MA0000007X", key=row(1).key)
    assert deliver(register, [slip, row(2)], full=True) == [H, S]
    assert len(shown(register)) == 2


def test_a_whole_list_that_lacks_too_much_withdraws_nothing(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 31)])
    settled = whole(register, [row(n) for n in range(1, 24)])
    assert (settled.stopped, settled.absent, settled.changes) == (True, 7, 0)
    assert len(shown(register)) == 30
    assert queued(register) == 0


def test_a_whole_list_that_lacks_many_waits_and_is_released(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    hire(register)
    deliver(register, [row(n) for n in range(1, 51)])
    rows = [row(1, facts="更正"), *(row(n) for n in range(2, 44))]
    assert deliver(register, rows, full=True, by=FIRST)[0] == H
    assert len(shown(register)) == 50
    done = release.release(register, 2, SECOND)
    assert done is not None
    assert (done.updated, done.withdrawn) == (1, 7)
    assert len(shown(register)) == 43


def test_rows_that_cannot_be_read_make_a_whole_list_doubtful(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 31)])
    settled = whole(register, [row(n) for n in range(2, 31)], doubtful=1)
    assert (settled.waits, settled.absent) == (True, 1)
    assert len(shown(register)) == 30


def test_a_later_whole_list_takes_the_place_of_one_that_waits(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 51)])
    deliver(register, [row(n) for n in range(1, 43)], full=True, file=b"1")
    assert states(register)[-1] == "waiting"
    assert deliver(register, [row(n) for n in range(1, 51)], full=True, file=b"2") == [S] * 50
    assert states(register) == ["done", "superseded", "done"]
    assert queued(register) == 0


def test_a_rehearsed_whole_list_tells_and_does_nothing(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(n) for n in range(1, 31)])
    settled = whole(register, [row(n) for n in range(2, 31)], dry=True)
    assert (settled.absent, settled.waits, settled.carried) == (1, False, None)
    assert len(shown(register)) == 30


def whole(register: Register, rows: list[Delivered], doubtful: int = 0, **options: Any) -> release.Settled:
    writer = Writer(register.store, register.keys, register.clock, register.settings, LAW)
    with register.store.read() as connection:
        owner = units.resolve(connection, UNIT)
    opened = writer.open(owner, "penalty", "whole.csv", b"\1" * 32, "", full=True, **options)
    writer.write(opened, rows)
    return release.settle(register, opened, doubtful)


def test_a_superior_may_correct_and_the_record_stays_its_owners(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    file = tmp_path / "units.csv"
    file.write_text(
        "name,code,area,superior,aliases\n云泽省上级厅,,,,\n云泽市局,,,云泽省上级厅,\n"
        f"{UNIT},,,云泽市局,示范\n",
        encoding="utf-8",
    )
    with register.store.write() as connection:
        units.import_file(connection, file, NOON)
    assert deliver(register, [row(1, facts="上级更正")], unit="云泽省上级厅") == [U]
    assert deliver(register, [row(1, facts="平级更正")], unit="云泽省别的厅") == [H]
    assert deliver(register, [row(1, facts="自己更正")], unit="示范") == [U], "by its alias"
    assert shown(register) == {"1号": "自己更正"}


def test_a_superior_above_and_below_itself_ends_the_search(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    with register.store.write() as connection:
        for name in ("甲局", "乙局"):
            units.register(connection, name, NOON, confirmed=True)
        file = tmp_path / "units.csv"
        file.write_text("name,code,area,superior,aliases\n甲局,,,乙局,\n乙局,,,甲局,\n", encoding="utf-8")
        units.import_file(connection, file, NOON)
        one, two = units.resolve(connection, "甲局"), units.resolve(connection, "乙局")
        assert units.below(connection, one.id) == {two.id}


def test_seen_is_a_set_of_numbers() -> None:
    seen = wholeness.Seen()
    numbers = [1, 7, 8, 64, 9_999]
    seen.add(numbers)
    assert [n for n in range(12_000) if n in seen] == numbers


@pytest.mark.parametrize("number", ["", "12345", "99010119900307123A"])
def test_an_account_needs_a_number_that_can_be_right(tmp_path: Path, number: str) -> None:
    register = make_register(tmp_path)
    with register.store.write() as connection, pytest.raises(StaffError, match="number"):
        staff.add(connection, register.keys, "某人", number, NOON)


def test_an_account_is_made_once_and_its_number_is_kept_nowhere(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    hire(register)
    with register.store.write() as connection, pytest.raises(StaffError, match="already"):
        staff.add(connection, register.keys, FIRST, "Q0000001", NOON)
    register.store.close()
    for file in (tmp_path / "data").rglob("*"):
        assert not file.is_file() or b"P1234567" not in file.read_bytes(), file
