"""What holds for every test: no network but loopback, no settings from outside, no silent skipping.

The network is closed by pytest-socket (``--allow-hosts`` in pyproject.toml). What a machine lacks is skipped with a
line that says so; ``CREDIT_REQUIRE=browser,elasticsearch,postgresql`` makes its absence a failure (DESIGN 6).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from creditregister.opening import upgrade
from creditregister.settings import load
from creditregister.store import Store
from support import databases, elastic, registers, require
from support.world import World, for_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from creditregister.settings import Settings

#: Variables that steer the tests themselves; every other CREDIT_… belongs to somebody's site.
KEPT = ("CREDIT_REQUIRE", "CREDIT_TEST_")


def pytest_configure() -> None:
    """Forget the settings of the surrounding shell, and refuse a name in CREDIT_REQUIRE that means nothing."""
    for name in [name for name in os.environ if name.startswith("CREDIT_")]:
        if not name.startswith(KEPT):
            del os.environ[name]
    require.demanded()


@pytest.fixture(params=["embedded", "elasticsearch"])
def engine_settings(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """Settings for each engine in turn: none for the embedded one, indexes of its own in a real cluster."""
    if request.param == "embedded":
        yield {}
        return
    with elastic.own_indexes() as above:
        yield above


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small demo, loaded and indexed by the real commands; to be read, never changed."""
    return for_session(tmp_path_factory.getbasetemp())


#: Suites whose tests of a register run on both stores: a folder, or a module. A module that knows better
#: says so itself by ``ON_STORES``.
ON_BOTH = ("tests/register/", "tests/index/test_follow.py")
BOTH = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what makes a register once on each store."""
    usual = BOTH if metafunc.definition.nodeid.startswith(ON_BOTH) else ()
    stores = getattr(metafunc.module, "ON_STORES", usual)
    folders = {"tmp_path", "tmp_path_factory"} & set(metafunc.fixturenames)
    if stores and folders and hasattr(metafunc.module, "make_register"):
        metafunc.parametrize("on_store", stores, indirect=True)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[databases.Server]:
    """The PostgreSQL server for tests, with a template that has all the tables."""
    server = databases.server()
    address = server.address()
    store = Store(load(), address)
    upgrade(store)
    store.close()
    template = server.made.pop()
    yield databases.Server(server.url, template)
    server.made.append(template)
    server.drop()


@pytest.fixture(autouse=True)
def stores(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Store]]:
    """The stores that this test opens; they are closed after it."""
    opened: list[Store] = []
    make_store = Store.__init__

    def open_store(store: Store, settings: Settings, address: str = "") -> None:
        make_store(store, settings, address)
        opened.append(store)

    monkeypatch.setattr(Store, "__init__", open_store)
    yield opened
    for store in opened:
        store.close()


@pytest.fixture(autouse=True)
def on_store(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, stores: list[Store]
) -> Iterator[str]:
    """Which store this test's registers are kept in; each register has a database of its own."""
    kind: str = getattr(request, "param", "sqlite")
    if "postgresql" not in (kind, *request.fixturenames):
        yield kind
        return
    server = request.getfixturevalue("postgresql")

    def new_address(*, empty: bool = False) -> str:
        address: str = server.address(empty=empty)
        if (
            "CREDIT_DATABASE_URL" not in os.environ
        ):  # the commands that a test calls work on its first register
            monkeypatch.setenv("CREDIT_DATABASE_URL", address)
        return address

    if kind == "postgresql":
        monkeypatch.setattr(registers, "new_address", new_address)
    yield kind
    for store in stores:
        store.close()
    server.drop()
