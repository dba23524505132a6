"""What a test needs beyond Python packages: found, or skipped with a sentence, or demanded (CREDIT_REQUIRE)."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

#: What CREDIT_REQUIRE may name, with what to do where it is missing.
REMEDIES = {
    "browser": "install Chromium (Debian: apt install chromium) or name it in CREDIT_TEST_CHROMIUM",
    "elasticsearch": "start Elasticsearch 9 and name it in CREDIT_TEST_ELASTICSEARCH_URL",
    "nginx": "install nginx (Debian: apt install nginx)",
    "systemd": "install systemd (Debian: apt install systemd)",
    "postgresql": "start PostgreSQL and name a database in CREDIT_TEST_DATABASE_URL",
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")


def demanded() -> frozenset[str]:
    """The names in CREDIT_REQUIRE.

    Raises:
        pytest.UsageError: a name that is not known; the run would pass without what it was to prove.
    """
    names = frozenset(
        part.strip() for part in os.environ.get("CREDIT_REQUIRE", "").split(",") if part.strip()
    )
    if unknown := names - REMEDIES.keys():
        raise pytest.UsageError(
            f"CREDIT_REQUIRE names {', '.join(sorted(unknown))}; known are {', '.join(REMEDIES)}."
        )
    return names


def missing(what: str) -> NoReturn:
    """End the test because ``what`` is not there: failed where it is demanded, skipped elsewhere."""
    sentence = f"No {what} here: {REMEDIES[what]}."
    if what in demanded():
        pytest.fail(f"{sentence} CREDIT_REQUIRE demands it.", pytrace=False)
    pytest.skip(sentence)


def chromium() -> str:
    """The path of a Chromium; ends the test where there is none."""
    named = os.environ.get("CREDIT_TEST_CHROMIUM")
    if named and Path(named).is_file():
        return named
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    missing("browser")


def url(what: str, variable: str) -> str:
    """The address of a server that a test may use; ends the test where none is named."""
    return os.environ.get(variable) or missing(what)


def command(what: str, name: str) -> str:
    """The path of a program; ends the test where it is not installed."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin") or missing(what)
