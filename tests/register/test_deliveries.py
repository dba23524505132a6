"""Deliveries over the register: new, again, corrected, held; nothing doubled, nothing overruled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, func, select, text

from creditregister import ledger, people, proof, publication, records, subjects
from creditregister.clock import FixedClock
from creditregister.delivered import Outcome
from creditregister.publication import Author, LeakError
from creditregister.schema import held, person_lookup, person_secret, record_version, row_problem
from creditregister.schema import ledger as ledger_table
from creditregister.schema import record as record_table
from support.registers import NOON, content, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.delivered import Delivered
    from creditregister.opening import Register

TODAY = date(2026, 6, 1)
A, U, S, R, H = Outcome.ACCEPTED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.REFUSED, Outcome.HELD


def count(register: Register, table: Table) -> int:
    with register.store.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def all_public(register: Register) -> list[records.Published]:
    with register.store.read() as connection:
        return records.scan(connection, 0, 1000)


def test_the_same_delivery_again_changes_nothing(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    rows = [row(n) for n in range(1, 30)]
    assert deliver(register, rows) == [A] * 29
    before = {item.id: item for item in all_public(register)}
    assert deliver(register, rows) == [S] * 29
    after = {item.id: item for item in all_public(register)}
    assert after == before
    assert count(register, ledger_table) == 29


def test_ids_are_random_and_kept_by_a_correction(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    (first,) = all_public(register)
    assert deliver(register, [row(1, facts="更正后的事实")]) == [U]
    (second,) = all_public(register)
    assert (second.id, second.n, second.version) == (first.id, first.n, 2)
    assert second.document["fields"]["facts"] == "更正后的事实"
    other = make_register(tmp_path / "other")
    deliver(other, [row(1)])
    assert all_public(other)[0].id != first.id


def test_a_salt_dies_with_its_version(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    deliver(register, [row(1, facts="更正后的事实")])
    with register.store.read() as connection:
        salts = connection.execute(select(record_version.c.version, record_version.c.salt)).all()
    assert [(version, salt is None) for version, salt in sorted(salts)] == [(1, True), (2, False)]
    assert proof.verify(register.store).count == 0


def test_an_earlier_content_delivered_late_changes_nothing(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    deliver(register, [row(1, facts="更正后的事实")])
    assert deliver(register, [row(1)]) == [S]
    assert all_public(register)[0].version == 2


def test_another_unit_may_not_change_the_record(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    assert deliver(register, [row(1, facts="别人的说法")], unit="云泽省另一单位") == [H]
    assert deliver(register, [row(1)], unit="云泽省另一单位") == [S]
    assert all_public(register)[0].version == 1


def test_a_delivered_revocation_withdraws_once(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    (item,) = all_public(register)
    gone = row(1, facts="已撤销", revoked=True)
    assert deliver(register, [gone]) == [U]
    assert all_public(register) == []
    assert deliver(register, [gone]) == [S]
    with register.store.read() as connection:
        standing = records.standing(connection, item.id, TODAY)
        assert [entry.action for entry in ledger.after(connection, 0, 9)] == ["publish", "withdraw"]
    assert standing.state == "annulled"


def test_what_was_withdrawn_is_not_reopened_by_a_delivery(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    with register.store.write() as connection:
        publication.withdraw(
            connection, records.scan(connection, 0, 9), "ended", Author("test", "repaired", NOON)
        )
    assert deliver(register, [row(1)]) == [S]
    assert deliver(register, [row(1, facts="又来了")]) == [H]
    assert all_public(register) == []


def test_one_document_may_have_several_subjects(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    one = row(1, name="云泽明湖食品有限公司", code="91990000MA0000001X")
    two = row(2, name="临湖光远建材集团公司", code="91990000MB7654321Y", key=one.key)
    assert deliver(register, [one, two]) == [A, A]
    assert len(all_public(register)) == 2


@pytest.mark.parametrize("together", [True, False])
def test_a_slip_in_the_code_is_held(tmp_path: Path, *, together: bool) -> None:
    register = make_register(tmp_path)
    one = row(1, name="云泽明湖食品有限公司", code="91990000MA0000001X")
    slip = row(2, name="云泽明湖食品有限公司", code="91990000MA0000007X", key=one.key)
    if together:
        assert deliver(register, [one, slip]) == [A, H]
    else:
        assert [deliver(register, [one]), deliver(register, [slip])] == [[A], [H]]
    assert count(register, held) == 1
    deliver(register, [slip])
    assert count(register, held) == 1, "the same row waits once"


def test_a_code_that_arrives_later_keeps_the_record(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    bare = row(1, name="云泽明湖食品有限公司", code="")
    deliver(register, [bare])
    (first,) = all_public(register)
    assert first.subject_id is None
    assert deliver(register, [row(1, name="云泽明湖食品有限公司", code="91990000MA0000001X")]) == [U]
    (second,) = all_public(register)
    assert (second.id, second.subject_id) == (first.id, 1)


def test_a_name_without_a_code_never_merges_into_a_subject(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1, name="云泽明湖食品有限公司"), row(2, name="云泽明湖食品有限公司", code="")])
    with register.store.read() as connection:
        assert len(subjects.scan(connection, 0, 9)) == 1
    assert [item.subject_id for item in all_public(register)] == [1, None]


def test_the_organisation_code_inside_finds_the_subject(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1, name="云泽明湖食品有限公司", code="91990000MA0000001X")])
    old = row(2, name="云泽明湖食品有限公司", code="", codes={"organisation": "MA0000001"})
    deliver(register, [old])
    assert [item.subject_id for item in all_public(register)] == [1, 1]
    with register.store.read() as connection:
        found = subjects.by_code(connection, "MA0000001")
    assert found is not None
    assert found.code == "91990000MA0000001X"


def test_another_name_under_a_known_code_is_a_warning_not_a_name(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1, name="云泽明湖食品有限公司", code="91990000MA0000001X")])
    deliver(register, [row(2, name="云泽大湖食品有限公司", code="91990000MA0000001X")])
    with register.store.read() as connection:
        (subject,) = subjects.scan(connection, 0, 9)
        warned = connection.execute(select(row_problem.c.code)).scalars().all()
    assert [name.name for name in subject.names] == ["云泽明湖食品有限公司"]
    assert warned == ["name-differs"], "nobody but a name source says what a subject is called"


def test_rows_without_a_document_are_kept_apart_by_their_content(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    quarters = [
        row(n, name="云泽污水厂", code="", key="", decided=f"2017-0{n}-01", facts="警告") for n in (1, 4, 7)
    ]
    assert deliver(register, quarters) == [A, A, A]
    assert deliver(register, quarters) == [S, S, S]


def test_the_same_record_twice_in_one_delivery(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    assert deliver(register, [row(1), row(1), row(1, facts="另一说法", row=3)]) == [A, S, R]


def test_a_dry_run_tells_the_same_and_leaves_no_trace(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    tables = ("record", "record_version", "subject", "ledger", "batch", "row_problem", "held")
    with register.store.read() as connection:
        before = [connection.execute(text(f"SELECT * FROM {name}")).all() for name in tables]
    assert deliver(register, [row(1), row(2), row(1, facts="更正", row=5)], dry=True) == [S, A, U]
    with register.store.read() as connection:
        assert [connection.execute(text(f"SELECT * FROM {name}")).all() for name in tables] == before
    assert deliver(register, [row(2)]) == [A]


def person(number: int, **values: Any) -> Delivered:
    identity = "99010119900307123X"
    made = row(number, name="闻人听雪", code="")
    return replace(
        made,
        klass="person",
        codes={},
        secrets={"document_number": identity},
        number=identity,
        case="（2026）云01执1号",
        **values,
    )


def test_persons_are_found_by_name_and_number_only(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    assert deliver(register, [person(1)], kind="dishonest-debtor") == [A]
    assert all_public(register) == []
    with register.store.read() as connection:

        def find(name: str, number: str) -> int:
            return len(people.find(connection, register.keys, name, number, TODAY))

        assert find("闻人听雪", "99010119900307123X") == 1
        assert find("闻人听雪", "９９０１０１１９９００３０７１２３x") == 1, "width and case do not matter"
        assert find("闻人听雪", "(2026)云01执1号") == 1
        assert find("闻人听雪", "") == 0
        assert find("闻人听", "99010119900307123X") == 0
        assert find("", "99010119900307123X") == 0
        assert subjects.scan(connection, 0, 9) == []
        assert connection.scalar(select(record_table.c.name)) == ""


def test_identity_numbers_stand_nowhere_in_the_database(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(
        register,
        [person(1), person(2, raw={"证件号码": "99010119900307123X"}, row=2)],
        kind="dishonest-debtor",
    )
    register.store.close()
    for file in (tmp_path / "data").rglob("*"):
        if file.is_file():
            assert b"99010119900307123X" not in file.read_bytes(), file
    with register.store.read() as connection:
        secret = connection.execute(select(person_secret).where(person_secret.c.n == 1)).one()
    opened = register.keys.unseal(secret.key_id, secret.sealed, f"{secret.n}/{secret.field}")
    assert opened == "99010119900307123X"


def test_a_corrected_identity_number_moves_the_look_up(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [person(1)], kind="dishonest-debtor")
    assert count(register, person_lookup) == 2


def test_minors_are_kept_and_never_shown(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    assert deliver(register, [person(1, minor=True)], kind="dishonest-debtor") == [A]
    with register.store.read() as connection:
        assert people.find(connection, register.keys, "闻人听雪", "99010119900307123X", TODAY) == []
        assert connection.scalar(select(record_version.c.public)) is None
    assert count(register, ledger_table) == 0


def test_what_a_kind_never_shows_of_persons_is_kept_and_never_shown(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    assert deliver(register, [person(1, public=b"")], kind="enforcement") == [A]
    assert count(register, ledger_table) == 0
    with register.store.read() as connection:
        assert connection.scalar(select(record_table.c.state)) == "hidden"


def test_leaking_bytes_stop_the_whole_chunk(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    leaking = replace(row(2), public=b'{"facts":"\xe5\xbd\x93\xe4\xba\x8b\xe4\xba\xba 11010519491231002X"}')
    with pytest.raises(LeakError, match="identity"):
        deliver(register, [row(1), leaking])
    assert all_public(register) == []


def test_an_ended_record_is_410_for_400_days_then_unknown(tmp_path: Path) -> None:
    clock = FixedClock(NOON)
    register = make_register(tmp_path, clock)
    deliver(register, [row(1)])
    (item,) = all_public(register)
    with register.store.write() as connection:
        publication.withdraw(connection, [item], "ended", Author("test", "expired", NOON))
    with register.store.read() as connection:
        assert records.standing(connection, item.id, date(2027, 7, 6)).state == "ended"
        assert records.standing(connection, item.id, date(2027, 7, 7)).state == "unknown"
        assert records.standing(connection, item.id.upper(), TODAY).state == "unknown"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(1, 6), st.sampled_from(["甲", "乙", "丙"]), st.booleans()),
            max_size=6,
            unique_by=lambda item: item[0],
        ),
        max_size=8,
    )
)
def test_random_histories_agree_with_a_simple_model(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[tuple[int, str, bool]]]
) -> None:
    """The model: the last content never seen before wins, a revocation ends it for good."""
    register = make_register(tmp_path_factory.mktemp("model"))
    seen: dict[int, list[tuple[str, bool]]] = {}
    for delivery in history:
        expected = []
        for number, facts, revoked in delivery:
            versions = seen.setdefault(number, [])
            ended = any(gone for _, gone in versions)
            if (facts, revoked) in versions:
                expected.append(S)
            elif ended:
                expected.append(H)
            else:
                expected.append(U if versions else A)
                versions.append((facts, revoked))
        rows = [
            row(n, name=f"云泽{'子丑寅卯辰巳午'[n]}号主体公司", facts=f"{facts}{revoked}", revoked=revoked)
            for n, facts, revoked in delivery
        ]
        assert deliver(register, rows) == expected
    shown = {item.document["fields"]["facts"] for item in all_public(register)}
    assert len(all_public(register)) == sum(not versions[-1][1] for versions in seen.values() if versions)
    assert shown == {f"{v[-1][0]}{v[-1][1]}" for v in seen.values() if v and not v[-1][1]}
    assert proof.verify(register.store).count == 0


def test_a_correction_that_shows_a_minor_takes_the_record_back(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [person(1)], kind="dishonest-debtor")
    corrected = person(1, minor=True, content=content(birth="2012"))
    assert deliver(register, [corrected], kind="dishonest-debtor") == [U]
    with register.store.read() as connection:
        assert people.find(connection, register.keys, "闻人听雪", "99010119900307123X", TODAY) == []
        assert [entry.action for entry in ledger.after(connection, 0, 9)] == ["publish", "withdraw"]
    assert deliver(register, [corrected], kind="dishonest-debtor") == [S]


def test_a_correction_without_public_bytes_takes_the_record_back(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [row(1)])
    (item,) = all_public(register)
    assert deliver(register, [row(1, facts="另一", public=b"")]) == [U]
    assert all_public(register) == []
    with register.store.read() as connection:
        assert records.standing(connection, item.id, TODAY).state == "unknown"
    assert proof.verify(register.store).count == 0


def sole_trader(number: int, **values: Any) -> Delivered:
    """An individual business whose name turns out to be its operator's."""
    return row(number, name="闻人听雪早餐店", code="92990000MA0000001X", key='["云泽局","1号"]', **values)


def as_person(**values: Any) -> Delivered:
    known = {"klass": "person", "number": "99010119900307123X", "content": content(legal_rep="闻人听雪")}
    return replace(sole_trader(2), **(known | values))


def test_a_business_that_turns_out_to_be_a_person_leaves_the_public_under_its_id(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [sole_trader(1, klass="business")])
    (item,) = all_public(register)
    assert deliver(register, [as_person()]) == [U]
    assert all_public(register) == []
    with register.store.read() as connection:
        assert records.standing(connection, item.id, TODAY).state == "unknown"
        (found,) = people.find(connection, register.keys, "闻人听雪早餐店", "99010119900307123X", TODAY)
        _, corrected, of_subject = ledger.after(connection, 0, 9)
    assert (found.id, found.version, found.klass) == (item.id, 2, "person")
    for entry, action in ((corrected, "correct"), (of_subject, "subject")):
        assert (entry.action, entry.subject_id) == (action, item.subject_id), "the index drops its name"
    assert deliver(register, [as_person()]) == [S]
    assert deliver(register, [as_person(revoked=True, content=content(state="撤销"))]) == [U]
    with register.store.read() as connection:
        assert people.find(connection, register.keys, "闻人听雪早餐店", "99010119900307123X", TODAY) == []
        assert records.standing(connection, item.id, TODAY).state == "unknown"
    assert proof.verify(register.store).count == 0


def test_the_same_content_with_a_stricter_class_leaves_the_public_too(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    business = sole_trader(1, klass="business")
    deliver(register, [business])
    assert deliver(register, [replace(business, klass="person")]) == [U]
    assert all_public(register) == []


def test_a_persons_record_never_becomes_a_public_one_by_delivery(tmp_path: Path) -> None:
    register = make_register(tmp_path)
    deliver(register, [as_person()])
    assert deliver(register, [sole_trader(1, klass="business")]) == [H]
    assert all_public(register) == []
