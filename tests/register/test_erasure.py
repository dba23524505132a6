"""Erasing: nothing can be told of a record afterwards, the log stays whole, a later file brings nothing back."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from creditregister import erasure, holding, people, proof, records, retention, staff
from creditregister import settings as setting_files
from creditregister.cli import main
from creditregister.clock import civil
from creditregister.delivered import Outcome
from creditregister.erasure import Act, ErasureError
from creditregister.lawfiles import LawError
from creditregister.publication import Author, withdraw
from creditregister.schema import erasure as erasure_table
from creditregister.schema import (
    held,
    ledger,
    person_lookup,
    person_secret,
    record,
    record_version,
    row_problem,
)
from creditregister.shipping import shipped
from support.registers import NOON, content, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.delivered import Delivered
    from creditregister.opening import Register

DAY = 86_400_000
ACT = Act("个人信息保护法第四十七条", "陆听澜", NOON)
NAME, FACTS, NUMBER = "闻人听雪", "当事人将货物存放于北岭仓库三号库房", "99010119900307123X"


def person(number: int = 1) -> Delivered:
    made = row(number, name=NAME, facts=FACTS, code="")
    secrets = {"identity_number": NUMBER}
    return replace(made, klass="person", codes={}, secrets=secrets, number=NUMBER, case="（2026）云01执1号")


def all_records(register: Register) -> list[Any]:
    with register.store.read() as connection:
        return list(connection.execute(select(record).order_by(record.c.n)).all())


def erase(register: Register, *numbers: int) -> int:
    with register.store.write() as connection:
        count = erasure.erase(connection, numbers, ACT)
    register.store.scrub()
    return count


def withdraw_all(register: Register, at: int = NOON) -> None:
    with register.store.write() as connection:
        numbers = list(connection.scalars(select(record.c.n).where(record.c.state == "public")))
        withdraw(connection, records.by_any_number(connection, numbers), "ended", Author("daily", "over", at))


def whole(register: Register) -> None:
    found = proof.verify(register.store)
    assert found.differences == []


def test_nothing_of_it_is_left_and_the_tree_is_whole(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [person(), row(2), row(3)])
    before = [bytes(each.hash) for each in _entries(register)]
    assert erase(register, 1, 2) == 2
    assert [bytes(each.hash) for each in _entries(register)][: len(before)] == before
    whole(register)
    with register.store.read() as connection:
        for table in (person_secret, person_lookup):
            assert connection.execute(select(table)).all() == []
        assert people.find(connection, register.keys, NAME, NUMBER, civil(NOON)) == []
        versions = connection.execute(select(record_version).where(record_version.c.n < 3)).all()
    assert {(each.content, each.digest, each.public, each.salt) for each in versions} == {
        ("", b"", None, None)
    }
    assert [(each.state, each.name, each.subject_id) for each in all_records(register)[:2]] == [
        ("ended", "", None)
    ] * 2


def test_an_erased_record_is_not_there_for_anybody(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    (item,) = all_records(register)
    name = records.id_text(item.id)
    erase(register, 1)
    with register.store.read() as connection:
        assert records.standing(connection, name, civil(NOON)).state == "ended"
        assert records.by_ids(connection, [name], civil(NOON)) == {}
        assert records.count_public(connection) == 0


def test_a_later_file_brings_nothing_back(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    erase(register, 1)
    assert [str(each) for each in deliver(register, [row(1)])] == ["held"]
    assert [each.state for each in all_records(register)] == ["ended"]


def test_rows_that_waited_beside_it_go_too(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    withdraw_all(register)
    deliver(register, [row(1, facts="另一事实")])
    with register.store.write() as connection:
        connection.execute(update(held).values(record_n=1))
    erase(register, 1)
    with register.store.read() as connection:
        assert connection.execute(select(held)).all() == []


def test_erasing_needs_a_basis_and_is_done_once(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    with pytest.raises(ErasureError, match="basis"), register.store.write() as connection:
        erasure.erase(connection, [1], replace(ACT, basis=" "))
    assert [each.state for each in all_records(register)] == ["public"]
    assert (erase(register, 1), erase(register, 1)) == (1, 0)


def test_what_is_over_is_destroyed_once(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [person(), row(2), row(3)])
    withdraw_all(register)
    deliver(register, [row(4)])
    terms = retention.load()

    def run(days: int) -> tuple[int, int]:
        done = retention.run(register.store, register.settings, terms, NOON + days * DAY)
        return done.persons, done.companies

    assert run(terms.person_records.days) == (0, 0)
    assert run(terms.person_records.days + 1) == (1, 0)
    assert run(terms.company_records.days) == (0, 0)
    assert run(terms.company_records.days + 1) == (0, 2)
    assert run(terms.company_records.days + 2) == (0, 0)
    assert [each.state for each in all_records(register)] == ["ended", "ended", "ended", "public"]
    with register.store.read() as connection:
        bases = list(connection.scalars(select(erasure_table.c.basis).order_by(erasure_table.c.n)))
    assert all("days after withdrawal" in basis for basis in bases)
    whole(register)


def test_what_was_never_public_goes_after_its_own_term(tmp_path: Path) -> None:
    """Over on delivery, not to be published, delivered as removed, of a minor: all count from their delivery."""
    register = make_register(tmp_path)
    over = row(1, content=content(decision_date="2024-05-20"))
    never = row(2, content=content(severity="minor"))
    removed = replace(row(3), ended=True)
    deliver(register, [over, never, removed, replace(person(4), minor=True), row(5)])
    assert [each.state for each in all_records(register)] == ["ended", "never", "ended", "hidden", "public"]
    terms = retention.load()

    def run(days: int) -> tuple[int, int]:
        done = retention.run(register.store, register.settings, terms, NOON + days * DAY)
        return done.persons, done.companies

    assert run(terms.unpublished_persons.days) == (0, 0)
    assert run(terms.unpublished_persons.days + 1) == (1, 0)
    assert run(terms.unpublished_companies.days) == (0, 0)
    with register.store.read() as connection:
        after = NOON + (terms.unpublished_companies.days + 1) * DAY
        assert retention.due(connection, terms, after) == (0, 3)
    assert run(terms.unpublished_companies.days + 1) == (0, 3)
    assert run(terms.unpublished_companies.days + 2) == (0, 0)
    with register.store.read() as connection:
        bases = set(connection.scalars(select(erasure_table.c.basis)))
    assert all("days after delivery" in basis for basis in bases)
    assert deliver(register, [row(1, content=content(decision_date="2024-05-21"))]) == [Outcome.HELD]
    assert all_records(register)[4].state == "public"
    whole(register)


def test_raw_values_and_problems_files_go_after_their_term(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1), row(1, facts="另一说法", row=3)])
    folder = register.settings.data / retention.PROBLEMS
    folder.mkdir()
    for name, at in (("1-old.csv", NOON), ("2-new.csv", NOON + 60 * DAY)):
        (folder / name).write_text("名称,原因\n", encoding="utf-8")
        os.utime(folder / name, (at / 1000, at / 1000))

    def run(days: int) -> tuple[int, int]:
        done = retention.run(register.store, register.settings, retention.load(), NOON + days * DAY)
        return done.rows, done.files

    assert (run(90), run(91), run(91)) == ((0, 0), (1, 1), (0, 0))
    with register.store.read() as connection:
        (problem,) = connection.execute(select(row_problem).where(row_problem.c.outcome == "refused")).all()
    assert (problem.sealed, problem.key_id) == (None, None)
    assert problem.message  # what was wrong with it stays
    assert [path.name for path in folder.iterdir()] == ["2-new.csv"]


def test_what_was_held_goes_once_it_was_answered_and_is_known_again(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    bare = [row(n, content=content(severity="", number=str(n))) for n in (1, 2)]
    assert deliver(register, bare) == [Outcome.HELD] * 2
    with register.store.write() as connection:
        staff.add(connection, register.keys, "anna", "E12345678", NOON)
        holding.answer(connection, 1, "discard", staff.get(connection, "anna").id, NOON)

    def run(days: int) -> int:
        return retention.run(register.store, register.settings, retention.load(), NOON + days * DAY).rows

    assert (run(90), run(91), run(91)) == (0, 1, 0)
    with register.store.read() as connection:
        answered, waits = connection.execute(select(held).order_by(held.c.id)).all()
    assert (answered.sealed, answered.key_id) == (b"", "")
    assert waits.sealed
    assert deliver(register, bare) == [Outcome.UNCHANGED, Outcome.HELD]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[person-records]", "[persons]", "person-records"),
        ("days = 400", "days = -1", "days"),
        ('after = "delivery"', 'after = "never"', "after"),
        ("days = 90", "tage = 90", "tage"),
        ("days = 90", "days = ", "no TOML"),
    ],
)
def test_an_unsound_table_is_refused_with_its_place(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (shipped("config") / retention.FILE).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "retention.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LawError, match=message):
        retention.load(path)


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "data"))
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    name = records.id_text(all_records(register)[0].id)
    run = CliRunner().invoke
    with register.store.write() as connection:
        for account, number in (("陆听澜", "E12345678"), ("陆听澜二", "E12345678"), ("季望舒", "E87654321")):
            staff.add(connection, register.keys, account, number, NOON)
    two = ["--by", "陆听澜", "--second", "季望舒"]
    missing = run(main, ["erase", "a" * 26, "--basis", "x", *two])
    assert missing.exit_code == 2
    assert "No record has the id" in missing.output
    alone = run(main, ["erase", name, "--basis", "x", "--by", "陆听澜", "--second", "陆听澜二"])
    assert alone.exit_code == 2
    assert "the same person" in alone.output
    done = run(main, ["erase", name, "--basis", "个人信息保护法第四十七条", *two, "--json"])
    assert '"erased": 1' in done.output
    assert "erased" in run(main, ["trace", name]).output
    assert "陆听澜, 季望舒" in run(main, ["trace", name]).output
    assert "0 records of persons" in run(main, ["retention", "--dry-run"]).output
    assert run(main, ["retention"]).exit_code == 0
    assert "0 differences" in run(main, ["ledger", "verify"]).output


def _entries(register: Register) -> list[Any]:
    with register.store.read() as connection:
        return list(connection.execute(select(ledger).order_by(ledger.c.seq)).all())


def test_the_work_of_a_day_destroys_what_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "data"))
    register = make_register(tmp_path)
    deliver(register, [row(1), person()])
    withdraw_all(register, NOON - 2000 * DAY)
    run = CliRunner().invoke
    assert (
        json.loads(run(main, ["daily", "--preview", "2026-06-01", "--json"]).output)["destroyed"]["companies"]
        == 0
    )
    done = json.loads(run(main, ["daily", "--json"]).output)["destroyed"]
    assert (done["persons"], done["companies"]) == (1, 1)
    again = json.loads(run(main, ["daily", "--json"]).output)["destroyed"]
    assert (again["persons"], again["companies"]) == (0, 0)


def test_an_operators_own_table_stands_in_the_place_of_the_shipped_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    text = (shipped("config") / retention.FILE).read_text(encoding="utf-8")
    own.write_text(text.replace("days = 400", "days = 30"), encoding="utf-8")
    monkeypatch.setenv("CREDIT_STORE__RETENTION", str(own))
    settings = setting_files.load()
    assert retention.load(settings.store.retention).person_records.days == 30
    monkeypatch.setenv("CREDIT_STORE__RETENTION", str(tmp_path / "nowhere.toml"))
    with pytest.raises(setting_files.SettingsError, match="no file"):
        setting_files.load()
