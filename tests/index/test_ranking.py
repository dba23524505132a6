"""The published ranking list 排序检验表 (docs/ranking.tsv, FEATURES K3): each text puts its subject first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import pytest

from creditindex.plan import by_pinyin
from support import project
from support.indexes import build, embedded, name, names

if TYPE_CHECKING:
    from creditindex.engine import Engine

FILE = project.TOP / "docs" / "ranking.tsv"
LEAST = 200


class Line(NamedTuple):
    """One question of the list."""

    kind: str
    typed: str
    first: str


def lines() -> list[list[str]]:
    text = FILE.read_text("utf-8").splitlines()
    return [line.split("\t") for line in text if line and not line.startswith("#")]


KNOWN = [line[1] for line in lines() if line[0] == "known"]
FORMER = [line[1:] for line in lines() if line[0] == "formerly"]
QUESTIONS = [Line(*line) for line in lines() if line[0] not in {"known", "formerly"}]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine that knows every name of the list."""
    numbers = {text: n for n, text in enumerate(KNOWN, 1)}
    former = [name(numbers[now], before, current=False) for before, now in FORMER]
    return build(
        embedded(tmp_path_factory.mktemp("ranking")),
        [*(name(n, text) for text, n in numbers.items()), *former],
    )


def test_the_list_is_long_and_of_many_kinds() -> None:
    assert len(QUESTIONS) >= LEAST
    assert len(Counter(line.kind for line in QUESTIONS)) >= 15
    assert len({(line.kind, line.typed) for line in QUESTIONS}) == len(QUESTIONS)
    assert {line.first for line in QUESTIONS} <= set(KNOWN)


@pytest.mark.parametrize("line", QUESTIONS, ids=[f"{line.kind}: {line.typed}" for line in QUESTIONS])
def test_the_subject_that_is_meant_stands_first(engine: Engine, line: Line) -> None:
    by_letters = "pinyin" in line.kind
    assert (by_pinyin(line.typed) is not None) >= by_letters
    best = names(engine, line.typed, by="pinyin" if by_letters else "text").best
    assert best, line
    assert KNOWN[best[0].subject_id - 1] == line.first, [hit.name for hit in best]
