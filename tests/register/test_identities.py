"""Subjects over time: names, codes that come later, merges and their undoing, businesses that are persons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from creditregister import identities, ledger, people, proof, records, subjects, traders
from creditregister import kinds as kind_files
from creditregister.delivered import Outcome
from creditregister.identities import SubjectError
from creditregister.publication import Author
from creditregister.schema import row_problem, subject_name
from support import town
from support.registers import NOON, UNIT, content, deliver, make_register, row

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.opening import Register
    from creditregister.subjects import Subject

TODAY = date(2026, 6, 1)
KINDS = kind_files.load()
A, U, S, H = Outcome.ACCEPTED, Outcome.UPDATED, Outcome.UNCHANGED, Outcome.HELD
OLD, NEW, OLDEST = "云泽明湖食品有限公司", "云泽清河食品有限公司", "云泽镜湖食品有限公司"
LAKE, HILL, REGISTERED = "91990000MA0000001X", "91990000MB7654321Y", "990000000000016"
REGISTRY = "云泽省登记机关"


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return make_register(tmp_path, subjects={"name_sources": [REGISTRY]})


def author(action: str = "rename") -> Author:
    return Author("工作人员甲", action, NOON, "云登记字1号")


def rename(register: Register, name: str, since: str, code: str = LAKE) -> identities.Decided:
    with register.store.write() as connection:
        return identities.rename(
            connection, code, name, since=date.fromisoformat(since), author=author(), today=TODAY
        )


def merge(register: Register, code: str, into: str) -> identities.Decided:
    with register.store.write() as connection:
        return identities.merge(connection, code, into, author("merge"))


def undo(register: Register, event: int) -> identities.Decided:
    with register.store.write() as connection:
        return identities.undo(connection, event, author("undo"))


def of(register: Register, code: str) -> Subject:
    with register.store.read() as connection:
        found = subjects.by_code(connection, code)
    assert found is not None
    return found


def owners(register: Register) -> list[int | None]:
    with register.store.read() as connection:
        return [each.subject_id for each in records.scan(connection, 0, 99)]


def warned(register: Register) -> list[str]:
    with register.store.read() as connection:
        return list(connection.scalars(select(row_problem.c.code).order_by(row_problem.c.id)))


def actions(register: Register) -> list[str]:
    with register.store.read() as connection:
        return [entry.action for entry in ledger.after(connection, 0, 99)]


def names(register: Register, code: str = LAKE) -> tuple[str, list[tuple[str, str]]]:
    found = of(register, code)
    return found.name, [(each.name, each.until) for each in found.former]


# -- names ---------------------------------------------------------------------------------------------------


def test_a_rename_keeps_the_old_name_as_a_former_one_and_is_logged(register: Register) -> None:
    deliver(register, [row(1, name=OLD, code=LAKE)])
    done = rename(register, NEW, "2026-03-01")
    assert names(register) == (NEW, [(OLD, "2026-03-01")])
    assert actions(register) == ["publish", "subject"]
    assert proof.verify(register.store).count == 0
    with register.store.read() as connection:
        (told,) = identities.history(connection, done.subject.id)
    assert (told["action"], told["who"], told["reason"]) == ("rename", "工作人员甲", "云登记字1号")
    assert told["detail"] == {"name": NEW, "since": "2026-03-01"}


def test_the_same_rename_again_changes_nothing(register: Register) -> None:
    deliver(register, [row(1, name=OLD, code=LAKE)])
    rename(register, NEW, "2026-03-01")
    assert rename(register, f" {NEW} ", "2026-03-01").event == 0
    assert actions(register) == ["publish", "subject"]


def test_a_name_from_before_is_a_former_name(register: Register) -> None:
    deliver(register, [row(1, name=OLD, code=LAKE)])
    rename(register, NEW, "2026-03-01")
    rename(register, OLDEST, "2019-03-01")
    assert names(register) == (NEW, [(OLDEST, "2026-03-01"), (OLD, "2019-03-01")])


@pytest.mark.parametrize(
    ("name", "since", "why"),
    [
        ("", "2026-03-01", "characters"),
        ("云" * 201, "2026-03-01", "characters"),
        ("闻人听雪", "2026-03-01", "natural person"),
        ("云泽11010519491231002X公司", "2026-03-01", "number"),
        (NEW, "2026-06-02", "still to come"),
    ],
)
def test_a_name_that_nobody_can_bear_in_public_is_refused(
    register: Register, name: str, since: str, why: str
) -> None:
    deliver(register, [row(1, name=OLD, code=LAKE)])
    with pytest.raises(SubjectError, match=why):
        rename(register, name, since)
    assert names(register) == (OLD, [])


def test_an_unknown_code_is_a_sentence(register: Register) -> None:
    with pytest.raises(SubjectError, match="No subject has the code"):
        rename(register, NEW, "2026-03-01")


def test_a_correction_by_a_name_source_renames_when_it_is_carried_out(register: Register) -> None:
    first = replace(row(1, name=OLD, code=LAKE), decided="2025-01-01")
    assert deliver(register, [first], unit=REGISTRY) == [A]
    corrected = replace(first, name=NEW, decided="2025-02-01", content=content(facts="更正"))
    assert deliver(register, [corrected], unit=REGISTRY) == [U]
    assert names(register) == (NEW, [(OLD, "2025-02-01")])


@pytest.mark.parametrize("late", [False, True])
def test_a_name_source_renames_by_its_days_in_whatever_order_they_come(
    register: Register, *, late: bool
) -> None:
    deliver(register, [row(1, name=OLD, code=LAKE)])
    told = [
        replace(row(2, name=OLDEST, code=LAKE), decided="2020-05-01"),
        replace(row(3, name=OLD, code=LAKE), decided="2022-05-01"),
        replace(row(4, name=NEW, code=LAKE), decided="2025-05-01"),
    ]
    for each in reversed(told) if late else told:
        deliver(register, [each], unit=REGISTRY)
    assert names(register) == (NEW, [(OLD, "2025-05-01"), (OLDEST, "2022-05-01")])
    assert warned(register) == []
    assert proof.verify(register.store).count == 0


def test_a_former_name_in_a_later_row_is_no_surprise(register: Register) -> None:
    deliver(register, [row(1, name=OLD, code=LAKE)])
    rename(register, NEW, "2026-03-01")
    deliver(register, [row(2, name=OLD, code=LAKE), row(3, name=NEW, code=LAKE)])
    assert warned(register) == []
    assert owners(register) == [1, 1, 1]


def test_a_name_that_is_borne_again_is_current_again(register: Register) -> None:
    deliver(register, [row(1, name=OLD, code=LAKE)])
    rename(register, NEW, "2024-03-01")
    rename(register, OLD, "2026-03-01")
    assert names(register) == (OLD, [(NEW, "2026-03-01")])


def test_a_changed_name_in_the_database_is_found_by_the_ledger(register: Register) -> None:
    deliver(register, [row(1, name=OLD, code=LAKE)])
    rename(register, NEW, "2026-03-01")
    with register.store.write() as connection:
        connection.execute(update(subject_name).where(subject_name.c.current == 0).values(name="别的公司"))
    assert proof.verify(register.store).differences == [
        f"Subject {LAKE}: its names and codes are not those of the ledger."
    ]


# -- codes that come later -----------------------------------------------------------------------------------


def test_a_unified_code_that_comes_later_moves_the_page(register: Register) -> None:
    first = row(1, name=OLD, code="", codes={"registration": REGISTERED})
    later = row(2, name=OLD, codes={"registration": REGISTERED, "unified": LAKE})
    deliver(register, [first])
    assert of(register, REGISTERED).code == REGISTERED
    assert deliver(register, [later]) == [A]
    assert owners(register) == [1, 1]
    assert of(register, REGISTERED).code == of(register, LAKE).code == LAKE
    assert actions(register) == ["publish", "publish", "subject"]
    assert proof.verify(register.store).count == 0


@pytest.mark.parametrize("document", [True, False])
def test_the_same_record_under_a_later_code_is_the_same_record(register: Register, *, document: bool) -> None:
    """With a document its number leads there; without one (a listing by day) the other codes do."""
    first = row(1, name=OLD, code="", codes={"registration": REGISTERED}, document=document)
    later = row(1, name=OLD, codes={"registration": REGISTERED, "unified": LAKE}, document=document)
    later = replace(later, content=content(facts="同一文书"))
    deliver(register, [first])
    assert deliver(register, [later]) == [U]
    assert deliver(register, [later]) == [S]
    assert len(owners(register)) == 1


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("abnormal-operations", {"severity": "general"}),
        ("rating", {"grade": "good"}),
        ("consumer-complaints", {"complaints": "12"}),
        ("measure", {"measure_name": "增加检查频次", "valid_to": "2027-05-20"}),
    ],
)
def test_a_record_without_a_document_keeps_its_id_when_its_first_code_comes(
    register: Register, kind: str, about: dict[str, str]
) -> None:
    bare, coded, other = (
        replace(town.row(kind, 1, OLD, code, **about), document=KINDS[kind].documented)
        for code in ("", LAKE, HILL)
    )
    assert bare.key
    assert deliver(register, [bare], kind=kind) == [A]
    assert deliver(register, [coded], kind=kind) == [U]
    assert owners(register) == [1]
    assert deliver(register, [coded], kind=kind) == [S]
    assert deliver(register, [other], kind=kind) == [A], "another subject of the same name"


def test_two_subjects_of_one_name_are_not_both_the_record_without_a_code(register: Register) -> None:
    """The first that has a code is taken for it; the other one is a record of its own."""
    for document in (True, False):
        number = 1 + document
        first, second = (row(number, name=OLD, code=code, document=document) for code in (LAKE, HILL))
        deliver(register, [row(number, name=OLD, code="", document=document)])
        assert deliver(register, [first, second]) == [U, A]


def test_all_subjects_of_one_document_are_found_again_when_their_codes_come(register: Register) -> None:
    """However many they are; only for slips are few compared."""
    key = '["云泽局","1号"]'
    several = [row(n, name="临湖" + f"{n:02d}" * 3 + "号建材公司", code="", key=key) for n in range(1, 61)]
    deliver(register, several)
    coded = [
        replace(each, codes={"unified": town.unified(each.row)}, content=each.content[:-1] + ',"x":"y"}')
        for each in several
    ]
    assert deliver(register, coded) == [H] * 60, "so many corrections wait"
    assert len(owners(register)) == 60


def test_a_registration_number_alone_lends_no_code_to_another_name(register: Register) -> None:
    """Registration numbers were reused and mistyped: two names under one stay two subjects, and are warned of."""
    deliver(register, [row(1, name=OLD, code="", codes={"registration": REGISTERED})])
    other = row(2, name="临湖光远建材集团公司", codes={"registration": REGISTERED, "unified": HILL})
    deliver(register, [other])
    assert owners(register) == [1, 2]
    assert warned(register) == ["code-of-another"]
    assert of(register, REGISTERED).id == 1


def test_two_subjects_that_hold_each_others_codes_stay_two(register: Register) -> None:
    deliver(register, [row(1, name=OLD, code=LAKE), row(2, name=OLD, codes={"registration": REGISTERED})])
    deliver(register, [row(3, name=OLD, codes={"unified": LAKE, "registration": REGISTERED})])
    assert owners(register) == [1, 2, 1]
    assert warned(register) == ["code-of-another"]


def test_a_record_known_by_name_only_gets_its_subject_with_its_code(register: Register) -> None:
    deliver(register, [row(1, name=OLD, code=""), row(2, name=OLD, code="")])
    assert deliver(register, [row(1, name=OLD, code=LAKE)]) == [U]
    assert owners(register) == [1, None]
    with register.store.read() as connection:
        assert subjects.without_code(connection, OLD, TODAY.isoformat()) == 1
        assert records.counts_of_subject(connection, 1, TODAY) == {"penalty": 1}


# -- merges --------------------------------------------------------------------------------------------------


def two(register: Register) -> None:
    deliver(register, [row(1, name=OLD, code=LAKE), row(2, name=NEW, code=HILL), row(3, name=NEW, code=HILL)])


def test_a_merge_leaves_one_subject_with_the_codes_and_records_of_both(register: Register) -> None:
    two(register)
    done = merge(register, HILL, LAKE)
    assert of(register, HILL).id == of(register, LAKE).id == 1
    assert of(register, HILL[8:17]).code == LAKE
    assert (done.subject.name, [each.name for each in done.subject.former]) == (OLD, [NEW])
    assert done.subject.further == (("unified", HILL), ("organisation", HILL[8:17]))
    assert owners(register) == [1, 1, 1]
    assert actions(register)[3:] == ["subject", "subject"]
    assert proof.verify(register.store).count == 0


def test_what_is_delivered_after_a_merge_belongs_to_the_one_that_remains(register: Register) -> None:
    two(register)
    merge(register, HILL, LAKE)
    assert deliver(register, [row(2, name=NEW, code=HILL), row(4, name=NEW, code=HILL)]) == [S, A]
    assert owners(register) == [1, 1, 1, 1]
    assert warned(register) == []


def test_a_merge_undone_gives_everything_back_also_what_came_since(register: Register) -> None:
    two(register)
    before = [of(register, code).public() for code in (LAKE, HILL)]
    event = merge(register, HILL, LAKE).event
    deliver(register, [row(4, name=NEW, code=HILL), row(5, name=OLD, code=LAKE)])
    undo(register, event)
    assert [of(register, code).public() for code in (LAKE, HILL)] == before
    assert owners(register) == [1, 2, 2, 2, 1]
    assert proof.verify(register.store).count == 0
    with pytest.raises(SubjectError, match="undone already"):
        undo(register, event)


def test_a_name_that_both_bore_stays_with_both(register: Register) -> None:
    deliver(register, [row(1, name=OLD, code=LAKE), row(2, name=NEW, code=HILL)])
    rename(register, NEW, "2026-03-01")
    event = merge(register, HILL, LAKE).event
    assert names(register) == (NEW, [(OLD, "2026-03-01")])
    undo(register, event)
    assert names(register) == (NEW, [(OLD, "2026-03-01")])
    assert names(register, HILL) == (NEW, [])


def test_merges_are_undone_in_the_order_that_they_stand_on_each_other(register: Register) -> None:
    two(register)
    third = "91990000MC1111111A"
    deliver(register, [row(6, name="临湖光远建材集团公司", code=third)])
    first = merge(register, HILL, LAKE).event
    second = merge(register, LAKE, third).event
    with pytest.raises(SubjectError, match=f"undo that first, decision {second}"):
        undo(register, first)
    assert of(register, HILL).code == third
    undo(register, second)
    undo(register, first)
    assert [of(register, code).code for code in (LAKE, HILL, third)] == [LAKE, HILL, third]
    assert owners(register) == [1, 2, 2, 3]


def test_what_cannot_be_merged_is_refused_with_a_reason(register: Register) -> None:
    two(register)
    shop = "92990000MA0000009X"
    deliver(register, [row(7, name="云泽甲餐饮店", code=shop, klass="business")])
    for code, into, why in (
        (LAKE, LAKE, "one subject already"),
        (shop, LAKE, "two subjects"),
        ("x", LAKE, "No"),
    ):
        with pytest.raises(SubjectError, match=why):
            merge(register, code, into)
    with pytest.raises(SubjectError, match="no merge 99"):
        undo(register, 99)


# -- individual businesses that are persons ------------------------------------------------------------------

SHOP, SHOP_NAME, NUMBER = "92990000MA0000005X", "闻人听雪早餐店", "99010119900307123X"


def shop(n: int, **values: Any) -> Any:
    content = f'{{"decision_date":"2026-05-20","severity":"general","subject_name":"{SHOP_NAME}","unified_code":"{SHOP}","n":"{n}"}}'
    return row(n, name=SHOP_NAME, code=SHOP, **({"klass": "business", "content": content} | values))


def operator(n: int) -> Any:
    """A row of the same business that names its operator."""
    return replace(shop(n), klass="person", number=NUMBER)


def test_one_record_that_shows_the_operator_takes_all_of_the_business_from_the_public(
    register: Register,
) -> None:
    deliver(register, [shop(1), shop(2), row(3, name=OLD, code=LAKE)])
    assert deliver(register, [operator(4)]) == [A]
    with register.store.read() as connection:
        assert [each.document["name"] for each in records.scan(connection, 0, 99)] == [OLD]
        assert subjects.by_code(connection, SHOP) is None
        assert subjects.by_name_prefix(connection, SHOP_NAME, TODAY.isoformat(), 9) == []
        assert len(people.find(connection, register.keys, SHOP_NAME, NUMBER, TODAY)) == 3
        assert len(people.find(connection, register.keys, SHOP_NAME, SHOP, TODAY)) == 3
        assert people.find(connection, register.keys, "", SHOP, TODAY) == []
        assert connection.scalar(select(subject_name.c.name).where(subject_name.c.subject_id == 1)) is None
    assert proof.verify(register.store).count == 0


def test_no_later_row_makes_a_persons_business_public_again(register: Register) -> None:
    deliver(register, [operator(1)])
    assert deliver(register, [shop(2)]) == [H]
    assert owners(register) == []
    with register.store.read() as connection:
        held = connection.scalar(select(row_problem.c.code))
    assert held == "was-person"


def test_a_strangers_row_under_the_code_of_a_business_leaves_it_public(register: Register) -> None:
    deliver(register, [shop(1), shop(2)])
    stranger = replace(operator(3), name="王小明", content=content(subject_name="王小明", unified_code=SHOP))
    assert deliver(register, [stranger]) == [A]
    assert owners(register) == [1, 1]
    with register.store.read() as connection:
        assert "code-of-another" in connection.scalars(select(row_problem.c.code)).all()
        assert len(people.find(connection, register.keys, "王小明", NUMBER, TODAY)) == 1
    assert deliver(register, [shop(4)]) == [A], "the business goes on"
    assert deliver(register, [stranger]) == [S]


@pytest.mark.parametrize("values", [{"name": "闻人听雪"}, {"name": "听雪小店", "operator": "闻人听雪"}])
def test_its_operators_name_is_enough(register: Register, values: dict[str, str]) -> None:
    deliver(register, [shop(1), shop(2)])
    said = content(subject_name=values["name"], legal_rep=values.get("operator", ""))
    assert deliver(register, [replace(operator(3), name=values["name"], content=said)]) == [A]
    assert owners(register) == []


def test_one_delivery_may_hold_both(register: Register) -> None:
    assert deliver(register, [shop(1), shop(2, klass="person"), shop(3)]) == [A, A, H]
    assert owners(register) == []


def test_a_withdrawn_record_of_such_a_business_is_404_as_if_never(register: Register) -> None:
    deliver(register, [shop(1)])
    with register.store.read() as connection:
        (item,) = records.scan(connection, 0, 9)
    deliver(register, [shop(1, revoked=True, content=content(subject_name="x"))])
    deliver(register, [shop(2, klass="person")])
    with register.store.read() as connection:
        assert records.standing(connection, item.id, TODAY).state == "unknown"


def test_the_staff_may_say_that_a_business_is_a_person(register: Register) -> None:
    deliver(register, [shop(1), row(3, name=OLD, code=LAKE)])
    with register.store.write() as connection:
        known = identities.known(connection, SHOP)
        assert traders.become_person(connection, register.keys, known, author("person")) == [1]
        with pytest.raises(SubjectError, match="no individual business"):
            traders.become_person(connection, register.keys, identities.known(connection, LAKE), author())
    assert owners(register) == [2]
    assert deliver(register, [shop(2)], unit=UNIT) == [H]
    assert proof.verify(register.store).count == 0
