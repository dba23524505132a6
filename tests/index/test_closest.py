"""What people type finds the name that is meant: better than the plain trial of DESIGN 4, on invented pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditindex import closest
from support.closeness import Plain, measure
from support.indexes import build, embedded, name, names
from support.short_names import CLASSES, labelled

if TYPE_CHECKING:
    from creditindex.engine import Engine
    from support.closeness import Figures

#: ``python -m support.closeness`` prints the table of docs/search.md from the same set.
COMPANIES, EACH, SEED = 30_000, 60, 20
#: What both must reach over all pairs: the right name first, and among ten.
FIRST, TEN = 0.88, 0.98
#: What no class of pairs may fall below.
WORST_FIRST, WORST_TEN = 0.82, 0.94


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Figures]:
    """How an engine that knows the names does, beside the plain trial."""
    known, pairs = labelled(COMPANIES, EACH, SEED)
    subjects = [name(n, text) for n, text in enumerate(known, 1)]
    engine = build(embedded(tmp_path_factory.mktemp("index")), subjects)
    return measure(engine, Plain(known), pairs)


def test_the_name_that_is_meant_is_first_or_among_ten(figures: dict[str, Figures]) -> None:
    told = figures["all"]
    assert told.pairs == EACH * len(CLASSES)
    assert (told.first >= FIRST, told.ten >= TEN) == (True, True), figures


def test_the_plain_trial_is_beaten(figures: dict[str, Figures]) -> None:
    told = figures["all"]
    assert told.first > told.plain_first + 0.05, figures
    assert told.ten > told.plain_ten + 0.03, figures


@pytest.mark.parametrize("kind", CLASSES)
def test_no_class_of_pairs_is_left_behind(figures: dict[str, Figures], kind: str) -> None:
    told = figures[kind]
    assert told.first >= max(WORST_FIRST, told.plain_first - 0.03), told
    assert told.ten >= max(WORST_TEN, told.plain_ten - 0.03), told


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The examples of DESIGN 4 in invented names, with what could hide them."""
    texts = (
        "上海云雾农村商业银行股份有限公司",
        "上海云商服饰商行",
        "宁海农家商行",
        "青石璟泽生物制药股份有限公司",
        "璟泽制药",
        "北岭璟泽制药经营部",
        "云泽环保(集团)股份有限公司",
        "云泽环境保护科技有限公司",
        "晨光航运控股集团股份有限公司",
        "望禾(河口市)软件有限公司",
        "河口市望海软件有限公司",
    )
    return build(
        embedded(tmp_path_factory.mktemp("few")),
        [
            *(name(n, text) for n, text in enumerate(texts, 1)),
            name(4, "青石璟泽药物研究所", current=False),
        ],
    )


@pytest.mark.parametrize(
    ("text", "first", "how"),
    [
        ("沪云农商行", "上海云雾农村商业银行股份有限公司", "closest"),
        ("璟泽药研所", "青石璟泽药物研究所", "closest"),
        ("*ST晨航", "晨光航运控股集团股份有限公司", "closest"),
        ("云泽环保集团", "云泽环保(集团)股份有限公司", "closest"),
        ("雲澤環保", "云泽环保(集团)股份有限公司", "containing"),
        ("璟泽制药", "璟泽制药", "exact"),
        ("河口市望禾软件", "望禾(河口市)软件有限公司", "closest"),
        ("望禾软件", "望禾(河口市)软件有限公司", "closest"),
        ("望禾【河口市】软件", "望禾(河口市)软件有限公司", "containing"),
    ],
)
def test_what_people_write(few: Engine, text: str, first: str, how: str) -> None:
    found = names(few, text)
    assert (found.best[0].name, found.best[0].how) == (first, how)


def test_a_name_that_contains_the_text_does_not_hide_the_one_that_is_meant(few: Engine) -> None:
    found = names(few, "璟泽制药")
    assert [hit.name for hit in found.exact] == ["璟泽制药"]
    assert [hit.name for hit in found.containing] == ["北岭璟泽制药经营部"]
    assert found.closest[0].name == "青石璟泽生物制药股份有限公司"
    assert "青石璟泽生物制药股份有限公司" in [hit.name for hit in found.best]


def test_best_has_one_line_a_subject(few: Engine) -> None:
    best = names(few, "青石璟泽制药", limit=5).best
    assert len({hit.subject_id for hit in best}) == len(best)


def test_nothing_close_is_nothing(few: Engine) -> None:
    found = names(few, "龘靐齉爩")
    assert (found.best, found.closest, found.total) == ((), (), 0)


def test_a_code_or_number_has_no_close_names(few: Engine) -> None:
    assert names(few, "91350100M000100Y43").best == ()
    assert names(few, "云市监罚〔2025〕12号").closest == ()


@given(
    st.text("甲乙丙丁沪上海公司st*", min_size=1, max_size=8),
    st.lists(st.text("甲乙丙丁上海公司()", min_size=1)),
)
def test_pruning_changes_nothing(text: str, candidates: list[str]) -> None:
    frequencies = dict.fromkeys(closest.pieces(text), 3)
    whole = closest.rank(text, candidates, frequencies, 100, max(1, len(candidates)))
    assert closest.rank(text, candidates, frequencies, 100, 2) == whole[:2]
    assert all(0 <= each.score <= 1 for each in whole)
