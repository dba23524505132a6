"""Both engines over the same register: the same ids in the same order, totals, facets, cursors, names (DESIGN 4).

The questions are those of ``make bench``, in both orders, with filters, and pages and cursors turned to the end.
"""

from __future__ import annotations

import random
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from creditindex.documents import Documents
from creditindex.pinyin import spelt
from creditindex.query import DIMENSIONS, Filters, NameQuery, Query, QueryError, ask
from creditindex.rebuild import Rebuild
from creditregister import kinds, subjects
from creditregister.clock import SystemClock
from creditregister.opening import open_register
from creditregister.text import fold
from support import elastic, project
from support.indexes import KINDS, TODAY, build, embedded, name
from support.short_names import labelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from creditindex.engine import Engine
    from creditregister.store import Store
    from support.world import World

Both = tuple["Engine", "Engine"]
#: Questions of each class, names in the list of closest ones, and texts of each class that are looked up.
EACH, COMPANIES, SHORT = 12, 2_000, 30
#: Share of the texts whose first ten names are the same on both engines.
ALIKE = 0.99


@pytest.fixture(scope="module")
def above() -> Iterator[dict[str, Any]]:
    """Settings for a real cluster, with indexes of one's own."""
    with elastic.own_indexes() as found:
        yield found


@pytest.fixture(scope="module")
def store(world: World) -> Iterator[Store]:
    """The register of the world."""
    register = open_register(world.settings, SystemClock(world.settings.today))
    yield register.store
    register.store.close()


@pytest.fixture(scope="module")
def today(world: World) -> date:
    found = world.settings.today
    assert found
    return found


@pytest.fixture(scope="module")
def engines(world: World, above: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Both engines, each built from the register of the world."""
    known = kinds.load()
    numbers = {kind.number: kind.id for kind in known.values()}
    register = open_register(world.settings, SystemClock(world.settings.today))
    first = embedded(tmp_path_factory.mktemp("index"))
    first._kinds = numbers
    second = elastic.engine(above, numbers)
    for engine in (first, second):
        Rebuild(register, engine, Documents(known)).run()
    register.store.close()
    return first, second


@pytest.fixture(scope="module")
def questions(store: Store, today: date) -> list[Query]:
    """Questions of every class of the benchmark; pieces of texts that are no questions left out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(project.TOP)
        bench = import_module("bench.queries")
    documents = bench.sample(store, 5)
    made = []
    for name_of_class in bench.CLASSES:
        for asked in bench.of_class(name_of_class, documents, 5, EACH):
            try:
                made.append(asked.query(today))
            except QueryError:
                continue
    return made


def same(engines: Both, query: Query) -> None:
    first, second = (engine.find(query) for engine in engines)
    assert first == second, query


def test_every_class_of_questions_is_answered_alike(engines: Both, questions: list[Query]) -> None:
    assert len(questions) > 150
    stages = set()
    for query in questions:
        same(engines, query)
        stages.add(engines[0].find(query).stage)
    assert stages >= {"identifier", "name", "words", "browse"}


def test_both_orders_and_every_filter(engines: Both, questions: list[Query], today: date) -> None:
    chance = random.Random(8)
    facets = engines[0].find(ask("", today)).facets
    assert facets is not None
    values = {name: [each.value for each in getattr(facets, name)] for name in DIMENSIONS}
    for query in chance.sample(questions, 60):
        narrowed = chance.sample(DIMENSIONS, chance.randint(1, 3))
        filters = {name: tuple(chance.sample(values[name], min(2, len(values[name])))) for name in narrowed}
        for order in ("rank", "newest"):
            same(engines, ask(query.text, today, filters=Filters(**filters), order=order))


@pytest.mark.parametrize("order", ["rank", "newest"])
def test_pages_and_cursors_lead_to_the_same_end(
    engines: Both, questions: list[Query], today: date, order: str
) -> None:
    chance = random.Random(9)
    texts = chance.sample(sorted({query.text for query in questions}), 12)
    for text in texts:
        after, page = None, 1
        while page <= 8:
            found = [engine.find(ask(text, today, order=order, size=7, after=after)) for engine in engines]
            assert found[0] == found[1], text
            same(engines, ask(text, today, order=order, size=7, page=page))
            if found[0].cursor is None:
                break
            after, page = str(found[0].cursor), page + 1


def test_names_and_suggestions_are_alike(engines: Both, store: Store, today: date) -> None:
    chance = random.Random(10)
    with store.read() as connection:
        known = [each.name for each in subjects.scan(connection, 0, 200)]
    for text in chance.sample(known, 40):
        start = chance.randint(0, max(0, len(text) - 4))
        piece = text[start : start + chance.randint(2, 9)]
        for asked in (text, piece):
            first, second = (engine.names(NameQuery(asked, today, 10)) for engine in engines)
            assert (first.exact, first.containing, first.total) == (
                second.exact,
                second.containing,
                second.total,
            )
            letters = "".join(spelt(fold(asked)).initials[:1])
            read = [engine.names(NameQuery(letters, today, 10, by="pinyin")) for engine in engines]
            assert read[0] == read[1], letters
            said = [engine.suggest(asked, 8, today) for engine in engines]
            assert said[0] == said[1], asked


def test_the_closest_names_of_a_fixed_list_are_alike(tmp_path: Path) -> None:
    known, pairs = labelled(COMPANIES, SHORT, 31)
    documents = [name(n, text) for n, text in enumerate(known, 1)]
    with elastic.own_indexes() as own:
        first, second = (build(each, documents) for each in (embedded(tmp_path), elastic.engine(own, KINDS)))
        alike = 0
        for pair in pairs:
            query = NameQuery(pair.text, TODAY, 10)
            ten = [[hit.name for hit in engine.names(query).best] for engine in (first, second)]
            alike += ten[0] == ten[1]
    assert alike >= ALIKE * len(pairs)
