"""What holds for every test: no network but loopback, no settings from outside, no silent skipping.

The network is closed by pytest-socket (``--allow-hosts`` in pyproject.toml). What a machine lacks is skipped with a
line that says so; ``CREDIT_REQUIRE=browser,elasticsearch,postgresql`` makes its absence a failure (DESIGN 6).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from support import elastic, require
from support.world import World, make

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    return make(tmp_path_factory.mktemp("world"))
