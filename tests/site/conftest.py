"""The town, made once: read by many tests, copied for those that change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import town as towns

if TYPE_CHECKING:
    from pathlib import Path

    from support.town import Town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The town; nobody changes it."""
    return towns.make(tmp_path_factory.mktemp("town"))


@pytest.fixture
def fresh(town: Town, tmp_path: Path) -> Town:
    """A copy of the town, to be changed."""
    return town.copy(tmp_path / "fresh")
