"""What is installed: pinned by hash, free of host names, under licences that allow it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from support import project

LOCKS = ("requirements.lock", "requirements-dev.lock")
#: Under the GPL, but only ever started as a program of its own by ``make lint``: nothing imports or ships it.
PROGRAMS = {"djlint": "the template linter"}

#: They say it in a file only.
BY_FILE = {"axe-playwright-python": "MIT; the axe.min.js in it MPL-2.0"}


def pins(lock: str) -> dict[str, str]:
    """Name -> version, of every requirement of a lock; several versions of one name are joined."""
    found: dict[str, str] = {}
    for line in (project.TOP / lock).read_text().splitlines():
        if match := re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", line):
            name = canonicalize_name(match[1])
            found[name] = f"{found[name]} {match[2]}" if name in found else match[2]
    return found


def declared(*extras: str) -> set[str]:
    """The names that pyproject.toml asks for."""
    wanted = tomllib.loads((project.TOP / "pyproject.toml").read_text())["project"]
    lines = list(wanted["dependencies"])
    for extra in extras:
        lines += wanted["optional-dependencies"][extra]
    return {canonicalize_name(Requirement(line).name) for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_host(lock: str) -> None:
    assert "://" not in (project.TOP / lock).read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_hashes(lock: str) -> None:
    text = (project.TOP / lock).read_text().replace("\\\n", " ")
    bare = [line.split()[0] for line in text.splitlines() if line.strip() and "--hash=sha256:" not in line]
    assert bare == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    extras = tomllib.loads((project.TOP / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert declared("build", "postgres") <= pins(LOCKS[0]).keys()
    assert declared(*extras) <= pins(LOCKS[1]).keys()


def test_a_machine_that_only_serves_installs_no_test_tools() -> None:
    only_for_work = declared("test", "check", "maintain") - declared("build", "postgres")
    assert only_for_work & pins(LOCKS[0]).keys() == set()


def test_tests_run_on_the_versions_that_are_served() -> None:
    served, tested = pins(LOCKS[0]), pins(LOCKS[1])
    assert {name: version for name, version in served.items() if tested.get(name) != version} == {}


def test_the_build_back_end_is_locked() -> None:
    """Installed with --no-build-isolation: else pip would fetch it without a hash."""
    needed = tomllib.loads((project.TOP / "pyproject.toml").read_text())["build-system"]["requires"]
    assert {canonicalize_name(Requirement(line).name) for line in needed} <= pins(LOCKS[0]).keys()


def test_the_tree_names_no_registry() -> None:
    """Where packages come from is the machine's own setting, not the project's."""
    pattern = re.compile(
        r"pypi\.org|pythonhosted\.|npmjs\.|registry\.[a-z]+\.[a-z]{2,}|/simple/?$|--index-url", re.MULTILINE
    )
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in project.files()}
    named = [project.relative(path) for path, text in texts.items() if pattern.search(text)]
    assert set(named) - {"Makefile", project.relative(Path(__file__))} == set()


def licence(distribution: metadata.Distribution) -> str:
    """All that a distribution says of its licence, in one line."""
    said = distribution.metadata
    parts = [text[:200] for name in ("License-Expression", "License") for text in said.get_all(name) or []]
    parts += [line for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
    return " | ".join(part for part in parts if part)


def test_no_installed_package_forces_its_licence_on_us() -> None:
    """GPL and AGPL are refused; LGPL is fine as an unmodified import (docs/decisions)."""
    strong = re.compile(r"\bA?GPL|(?<!Lesser )General Public License", re.IGNORECASE)
    found = {
        canonicalize_name(distribution.name): licence(distribution)
        for distribution in metadata.distributions()
        if strong.search(licence(distribution).replace("LGPL", ""))
    }
    locked = {name: said for name, said in found.items() if name in pins(LOCKS[1])}
    assert locked.keys() <= PROGRAMS.keys(), locked
    assert PROGRAMS.keys() & pins(LOCKS[0]).keys() == set()


def test_every_locked_package_states_a_licence() -> None:
    silent = {d.name for d in metadata.distributions() if not licence(d) and d.name in pins(LOCKS[1])}
    assert silent - BY_FILE.keys() == set()


def test_the_licence_is_the_whole_apache_licence() -> None:
    text = (project.TOP / "LICENSE").read_text()
    assert text.lstrip().startswith("Apache License\n")
    assert "END OF TERMS AND CONDITIONS" in text
    assert len(text.split()) == 1581


#: Dependencies that no module imports by name, and why they are there.
NOT_IMPORTED = {
    "defusedxml": "openpyxl uses it by itself where it is installed",
    "gunicorn": "a program that credit-site starts",
    "psycopg": "SQLAlchemy imports it for a PostgreSQL address",
}
#: What may be imported without being declared.
COME_WITH = {"pydantic_core": "pydantic pins it to one version", "_typeshed": "exists for mypy only"}
#: Import names that differ from the names of their distributions.
IMPORTED_AS = {"python-stdnum": "stdnum"}


def imported() -> set[str]:
    """The top names of everything that the three packages import."""
    names: set[str] = set()
    for path in project.modules():
        for node in ast.walk(project.tree(path)):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.partition(".")[0])
    return names


def test_every_dependency_is_used() -> None:
    """What nobody imports is downloaded by everyone for nothing."""
    used = imported()
    wanted = declared("postgres") - NOT_IMPORTED.keys()
    unused = {name for name in wanted if IMPORTED_AS.get(name, name).replace("-", "_") not in used}
    assert unused == set()


def test_every_import_is_declared() -> None:
    """A library that only another library brings may be gone with its next release."""
    names = {IMPORTED_AS.get(name, name).replace("-", "_") for name in declared("postgres")}
    own = set(project.ROOTS.values())
    assert imported() - names - own - COME_WITH.keys() - set(sys.stdlib_module_names) == set()
