"""What every engine must do, on a small set of documents (DESIGN 4); run against each engine there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from creditindex.engine import Change, EngineAwayError, Position, written
from creditindex.query import Count, Filters, NameQuery
from creditregister.references import CaseNumber, DocumentNumber
from support import elastic
from support.indexes import KINDS, ORIGIN, TODAY, build, document, embedded, find, name, names, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from creditindex.engine import Engine

CODE = "91350100M000100Y43"  # the example of GB 32100-2015 itself
RECORDS = [
    document(
        1, "云泽晨光食品有限公司", number="云市监罚〔2025〕12号", decided="2025-03-01", content="标签不合格"
    ),
    document(2, "云泽晨光食品有限公司", number="云市监罚〔2026〕3号", content="超范围经营", kind=1),
    document(
        3,
        "北岭晨光食品有限公司分公司",
        decided="2024-02-02",
        area="990200",
        state="expired",
        body="北岭市监局",
    ),
    document(4, "赤水物流股份有限公司", title="晨光路运输许可", decided="2026-02-01", kind=1, area="990200"),
    document(5, "赤水物流股份有限公司", content="在晨光路超载运输食品", decided="2026-03-01", kind=3),
    document(6, "青石贸易有限公司", codes=(CODE, CODE[8:17]), content="晨光路"),
    document(7, "已结束有限公司", content="晨光路", shown_until="2026-05-31"),
    document(8, "未开始有限公司", content="晨光路", shown_from="2026-06-02"),
]
NAMES = [
    name(1, "云泽晨光食品有限公司"),
    name(2, "北岭晨光食品有限公司分公司"),
    name(3, "赤水物流股份有限公司"),
    name(3, "晨光运输有限公司", current=False),
    name(4, "青石贸易有限公司"),
    name(5, "已结束有限公司", shown_until="2026-05-31"),
    name(6, "晨光"),
]


@pytest.fixture
def empty(engine_settings: dict[str, Any], tmp_path: Path) -> Engine:
    """Each engine there is, without an index."""
    return elastic.engine(engine_settings, KINDS) if engine_settings else embedded(tmp_path / "index")


@pytest.fixture
def engine(empty: Engine) -> Engine:
    """An engine with the documents above."""
    return build(empty, [*RECORDS, *NAMES])


def asked(
    engine: Engine, text: str, filters: Filters | None = None, **values: object
) -> tuple[str, list[int]]:
    page = find(engine, text, filters=filters, **values)
    return page.stage, numbers(page, RECORDS)


def test_a_code_answers_alone_and_leads_from_the_old_code_inside(engine: Engine) -> None:
    assert asked(engine, CODE) == ("identifier", [6])
    assert asked(engine, CODE[8:16] + "-" + CODE[16]) == ("identifier", [6])
    assert asked(engine, CODE.lower()) == ("identifier", [6])
    assert asked(engine, CODE[:9]) == ("identifier", [6])


def test_a_code_with_one_wrong_character_is_explained(engine: Engine) -> None:
    page = find(engine, CODE[:-1] + "Z")
    assert page.total == 0
    assert page.understood.stage == "identifier"
    assert page.understood.code is not None
    assert not page.understood.code.valid
    assert page.understood.code.problems


def test_an_identity_number_is_never_searched(engine: Engine) -> None:
    page = find(engine, "王某 11010519491231002X")
    assert (page.stage, page.understood.value, page.hits) == ("nothing", "identity", ())
    assert names(engine, "11010519491231002X").total == 0
    assert engine.suggest("11010519491231002X", 5, TODAY) == []


def test_a_document_number_whole_or_its_year_and_number(engine: Engine) -> None:
    assert asked(engine, "云市监罚(2025)12号") == ("identifier", [1])
    assert asked(engine, "〔2026〕3号") == ("identifier", [2])
    assert asked(engine, "〔2025〕2号")[1] == []


@pytest.mark.parametrize("text", ["云市监罚字［2025］第012号", "云市监罚2025 12号", "云市监罚〔2025〕12"])
def test_a_document_number_however_it_is_written(engine: Engine, text: str) -> None:
    assert asked(engine, text) == ("identifier", [1])
    understood = find(engine, text).understood.reference
    assert understood == DocumentNumber("云市监罚", 2025, "12")


def test_a_case_number_however_it_was_delivered(empty: Engine) -> None:
    known = [
        document(1, "云泽晨光食品有限公司", number="（2024）云9901执字第0012号"),
        document(2, "云泽晨光食品有限公司", number="2024云9901执121"),
    ]
    engine = build(empty, known)
    for text in ("(2024)云9901执12号", "2024云9901执第12号", "（２０２４）云９９０１执字第１２号"):
        page = find(engine, text)
        assert (page.stage, numbers(page, known)) == ("identifier", [1])
        assert page.understood.reference == CaseNumber(2024, "云9901", "执", "12")
    assert numbers(find(engine, "(2024)云9901执121号"), known) == [2]
    assert numbers(find(engine, "2024云9901执12"), known) == [1, 2]


def test_a_piece_of_a_name_exact_first_then_shorter_then_newer(engine: Engine) -> None:
    assert asked(engine, "晨光食品") == ("name", [2, 1, 3])
    assert asked(engine, "晨光食品有限公司") == ("name", [2, 1, 3])
    assert asked(engine, "物流") == ("name", [5, 4])


def test_names_answer_before_contents_and_own_the_total(engine: Engine) -> None:
    page = find(engine, "晨光食品")
    assert (page.total, page.exact, page.needles) == (3, True, ("晨光食品",))
    assert page.hits[0].why == ("name",)


def test_words_by_tier_name_title_content_then_newest(engine: Engine) -> None:
    assert asked(engine, "晨光路") == ("words", [4, 5, 6])
    assert [hit.why for hit in find(engine, "晨光路").hits] == [("title",), ("content",), ("content",)]
    assert asked(engine, "食品 晨光") == ("words", [2, 1, 3, 5])
    assert asked(engine, "晨光路", order="newest") == ("words", [5, 4, 6])


def test_nothing_is_found_across_the_edge_of_two_texts(engine: Engine) -> None:
    assert asked(engine, "公司云市") == ("nothing", [])
    assert asked(engine, "公司标签") == ("nothing", [])
    assert asked(engine, "公司晨光路运") == ("nothing", [])


def test_no_text_is_browsing_the_newest_first(engine: Engine) -> None:
    assert asked(engine, "") == ("browse", [5, 4, 2, 6, 1, 3])


def test_what_may_not_be_shown_today_is_in_no_list_total_facet_or_suggestion(engine: Engine) -> None:
    page = find(engine, "")
    assert page.total == 6
    assert page.facets is not None
    assert sum(each.count for each in page.facets.kind) == 6
    assert asked(engine, "已结束")[1] == asked(engine, "未开始")[1] == []
    assert engine.suggest("已结束", 5, TODAY) == []
    assert asked(engine, "已结束", today=date(2026, 5, 31)) == ("name", [7])
    assert asked(engine, "未开始", today=date(2026, 6, 2)) == ("name", [8])
    assert [each.name for each in engine.suggest("已", 5, date(2026, 5, 31))] == ["已结束有限公司"]


def test_facets_count_their_own_dimension_without_its_filter(engine: Engine) -> None:
    page = find(engine, "晨光食品", filters=Filters(kind=("penalty",)))
    assert numbers(page, RECORDS) == [1, 3]
    assert page.total == 2
    assert page.facets is not None
    assert page.facets.kind == (Count("penalty", 2), Count("licence", 1))
    assert page.facets.year == (Count("2025", 1), Count("2024", 1))
    assert set(page.facets.area) == {Count("9901", 1), Count("9902", 1)}
    assert set(page.facets.state) == {Count("normal", 1), Count("expired", 1)}
    assert set(page.facets.body) == {Count("云泽市监局", 1), Count("北岭市监局", 1)}


def test_a_body_is_one_however_its_name_is_written(empty: Engine) -> None:
    spellings = ["云泽市监局（赤水分局）", "云泽市监局(赤水分局)", "云泽市监局（赤水分局）", "云泽市监局"]
    records = [document(n, "云泽晨光食品有限公司", body=body) for n, body in enumerate(spellings, 1)]
    build(empty, records)
    for text in spellings[:2]:
        page = find(empty, "", filters=Filters(body=(text,)))
        assert numbers(page, records) == [1, 2, 3]
        assert page.facets is not None
        assert page.facets.body == (Count("云泽市监局（赤水分局）", 3), Count("云泽市监局", 1))


def test_values_of_one_dimension_widen_dimensions_narrow(engine: Engine) -> None:
    both = Filters(kind=("penalty", "licence"), area=("9901",))
    assert asked(engine, "", both) == ("browse", [2, 6, 1])
    assert asked(engine, "", Filters(body=("北岭市监局",), year=("2024",))) == ("browse", [3])
    assert asked(engine, "", Filters(area=("99",))) == asked(engine, "")
    assert asked(engine, "", Filters(area=("990200",))) == ("browse", [4, 3])


def test_a_filter_that_leaves_nothing_does_not_change_what_was_understood(engine: Engine) -> None:
    page = find(engine, "晨光食品", filters=Filters(year=("2001",)))
    assert (page.stage, page.total, page.hits) == ("name", 0, ())
    assert page.facets is not None
    assert [each.value for each in page.facets.year] == ["2026", "2025", "2024"]


@pytest.mark.parametrize("text", ["", "晨光", "晨光路", "食品 晨光", "晨光食品"])
@pytest.mark.parametrize("order", ["rank", "newest"])
def test_pages_and_cursors_walk_the_same_list(engine: Engine, text: str, order: str) -> None:
    whole = numbers(find(engine, text, order=order), RECORDS)
    paged, turned, after = [], [], None
    for page in range(1, len(whole) + 1):
        paged += numbers(find(engine, text, order=order, page=page, size=1), RECORDS)
        step = find(engine, text, order=order, size=1, after=after)
        turned += numbers(step, RECORDS)
        assert step.total == len(whole)
        after = str(step.cursor)
    assert paged == turned == whole
    assert find(engine, text, order=order, size=1, page=len(whole) + 1).hits == ()
    assert find(engine, text, order=order, size=1, after=after).hits == ()


def test_a_cursor_survives_a_rebuild(engine: Engine) -> None:
    first = find(engine, "晨光食品", size=1)
    build(engine, [*reversed(RECORDS), *NAMES], seq=2)
    assert numbers(find(engine, "晨光食品", after=str(first.cursor)), RECORDS) == [1, 3]


def test_names_equal_then_containing_one_line_a_name(engine: Engine) -> None:
    found = names(engine, "晨光")
    assert [hit.name for hit in found.exact] == ["晨光"]
    assert [hit.name for hit in found.containing] == [
        "晨光运输有限公司",
        "云泽晨光食品有限公司",
        "北岭晨光食品有限公司分公司",
    ]
    assert [hit.current for hit in found.containing] == [False, True, True]
    assert found.total == 4


def spelt(engine: Engine, text: str, **values: Any) -> list[str]:
    return [hit.name for hit in names(engine, text, by="pinyin", **values).containing]


def test_pinyin_finds_names_by_initials_and_by_whole_syllables_only_when_asked(engine: Engine) -> None:
    dawn = ["晨光", "晨光运输有限公司", "云泽晨光食品有限公司", "北岭晨光食品有限公司分公司"]
    assert spelt(engine, "cg", limit=9) == spelt(engine, "chenguang", limit=9) == dawn
    assert spelt(engine, "cgsp") == spelt(engine, "CHENguang sh") == dawn[2:]
    assert spelt(engine, "yzcgspyxgs") == dawn[2:3]
    assert spelt(engine, "henguang") == spelt(engine, "晨光") == []
    assert [names(engine, "cgsp").best, engine.suggest("cgsp", 5, TODAY), find(engine, "cgsp").hits] == [
        (),
        [],
        (),
    ]


def test_names_by_pinyin_are_a_list_of_their_own_and_honour_the_day(engine: Engine) -> None:
    found = names(engine, "cg", by="pinyin", limit=2)
    assert (found.total, found.exact, found.closest) == (4, (), ())
    assert found.best == found.containing
    assert {hit.how for hit in found.best} == {"pinyin"}
    second = engine.names(NameQuery("cg", TODAY, 2, 2, by="pinyin"))
    assert [hit.name for hit in second.containing] == ["云泽晨光食品有限公司", "北岭晨光食品有限公司分公司"]
    assert spelt(engine, "yjs") == []
    assert spelt(engine, "yjs", today=date(2026, 5, 31)) == ["已结束有限公司"]


def test_suggestions_begin_with_the_text_then_contain_it(engine: Engine) -> None:
    said = [each.name for each in engine.suggest("晨光", 10, TODAY)]
    assert said == ["晨光", "晨光运输有限公司", "云泽晨光食品有限公司", "北岭晨光食品有限公司分公司"]
    assert [each.name for each in engine.suggest("晨", 1, TODAY)] == ["晨光"]
    assert engine.suggest("", 5, TODAY) == []
    assert [each.subject_id for each in engine.suggest("晨光", 2, TODAY)] == [6, 3]


def test_a_change_leaves_one_copy_and_a_delete_really_deletes(engine: Engine) -> None:
    changed = replace(RECORDS[0], version=2)
    upto = Position(ORIGIN, 2, "cd" * 32)
    engine.apply([Change("r1", (changed,), 2), Change("r3", seq=2), Change("s1", seq=2)], upto)
    assert [(each.n, each.version) for each in engine.versions(0, 100)] == [
        (1, 2), (2, 1), (4, 1), (5, 1), (6, 1), (7, 1), (8, 1),
    ]  # fmt: skip
    assert asked(engine, "晨光食品") == ("name", [2, 1])
    assert [hit.version for hit in find(engine, "晨光食品").hits] == [1, 2]
    assert engine.position() == upto
    assert names(engine, "云泽晨光食品有限公司").exact == ()
    assert engine.named_subjects([1, 2, 3]) == {2: 1, 3: 2}


def test_a_change_that_may_not_be_committed_changes_nothing(engine: Engine) -> None:
    class TakenOverError(Exception):
        pass

    def refuse() -> None:
        raise TakenOverError

    before = engine.position()
    with pytest.raises(TakenOverError):
        engine.apply([Change("r1")], Position(ORIGIN, 2, "cd" * 32), refuse)
    assert engine.position() == before
    engine.apply([], Position(ORIGIN, 2, "cd" * 32))
    assert asked(engine, "晨光食品") == ("name", [2, 1, 3])


def test_a_document_that_cannot_be_held_is_returned_and_nothing_stands_for_it(engine: Engine) -> None:
    bad, upto = replace(RECORDS[1], rank=-1, version=7), Position(ORIGIN, 2, "cd" * 32)
    worse = (NAMES[2], replace(NAMES[3], rank=-1))
    found = engine.apply([Change("r3", seq=2), Change("r2", (bad,), 2), Change("s3", worse, 2)], upto)
    assert [(each.key, each.version) for each in found] == [("r2", 7), ("s3", 0)]
    assert "r2 cannot be held" in found[0].reason
    assert engine.position() == upto
    assert asked(engine, "晨光食品") == ("name", [1])
    assert engine.named_subjects([1, 3]) == {1: 1}


def test_a_build_returns_what_it_cannot_hold(engine: Engine) -> None:
    made = engine.build(Position(ORIGIN, 9, "ef" * 32))
    done, failed = written([RECORDS[0], replace(RECORDS[1], rank=-1, version=7), *NAMES], made.write)
    (refused,) = (*failed, *made.add(done))
    assert (refused.key, refused.version) == ("r2", 7)
    made.commit()
    assert made.reader().health().records == 1
    made.abandon()


def test_a_build_serves_nobody_before_it_is_published(engine: Engine) -> None:
    made = engine.build(Position(ORIGIN, 9, "ef" * 32))
    made.add(written(RECORDS[:1], made.write)[0])
    made.commit()
    assert find(made.reader(), "").total == 1
    assert find(engine, "").total == 6
    made.abandon()
    assert engine.tidy() == []
    assert find(engine, "").total == 6


def test_no_index_is_said_so(empty: Engine) -> None:
    with pytest.raises(EngineAwayError, match="rebuild"):
        find(empty, "晨光")
    health = empty.health()
    assert (health.ready, health.position) == (False, None)
    assert "rebuild" in health.reason


def test_health_tells_what_is_held(engine: Engine) -> None:
    health = engine.health()
    assert (health.ready, health.records, health.names) == (True, len(RECORDS), len(NAMES))
    assert health.position == Position(ORIGIN, 1, "ab" * 32)
    assert health.size > 0
