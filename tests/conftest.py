"""What holds for every test: no network but loopback, no settings from outside, no silent skipping.

The network is closed by pytest-socket (``--allow-hosts`` in pyproject.toml). What a machine lacks is skipped with a
line that says so; ``CREDIT_REQUIRE=browser,elasticsearch,postgresql`` makes its absence a failure (DESIGN 6).
"""

from __future__ import annotations

import os

import pytest

from support import require
from support.world import World, make

#: Variables that steer the tests themselves; every other CREDIT_… belongs to somebody's site.
KEPT = ("CREDIT_REQUIRE", "CREDIT_TEST_")


def pytest_configure() -> None:
    """Forget the settings of the surrounding shell, and refuse a name in CREDIT_REQUIRE that means nothing."""
    for name in [name for name in os.environ if name.startswith("CREDIT_")]:
        if not name.startswith(KEPT):
            del os.environ[name]
    require.demanded()


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A small demo, loaded and indexed by the real commands; to be read, never changed."""
    return make(tmp_path_factory.mktemp("world"))
