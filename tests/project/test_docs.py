"""Documents that cannot drift away from the code: versions, links, commands, lists of files."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

from support import documents, project
from support.documents import text

if TYPE_CHECKING:
    from pathlib import Path

READMES = ("README.md", "README.zh.md")
DOCUMENTS = documents.documents()


def settings() -> dict[str, object]:
    found: dict[str, object] = tomllib.loads(text("pyproject.toml"))["project"]
    return found


def test_the_changelog_agrees_with_the_version() -> None:
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", text("CHANGELOG.md"), re.MULTILINE)
    assert newest is not None
    assert newest[1] == settings()["version"] == metadata.version("credit-disclosure")


@pytest.mark.parametrize("path", DOCUMENTS, ids=project.relative)
def test_links_lead_somewhere(path: Path) -> None:
    found = re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8"))
    targets = [target.partition("#")[0] for target in found if "://" not in target]
    assert [target for target in targets if target and not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=project.relative)
def test_files_that_a_document_names_exist(path: Path) -> None:
    """Whatever looks like a path of this tree in back quotes is one."""
    tops = "register|indexer|site|config|docs|tests|templates|static|deploy"
    named = re.findall(rf"`((?:{tops})/[\w./-]+)`", path.read_text(encoding="utf-8"))
    real = [name for name in named if "NAME" not in name]
    assert [name for name in real if not (project.TOP / name).exists()] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=project.relative)
def test_make_is_only_called_with_targets_that_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    document = path.read_text(encoding="utf-8")
    called = re.findall(r"^make ([a-z]+)|`make ([a-z]+)", document, re.MULTILINE)
    assert {first or second for first, second in called} - targets == set()


@pytest.mark.parametrize("name", READMES)
def test_a_readme_gives_the_two_commands(name: str) -> None:
    commands = documents.commands(text(name))
    assert {"make run", "make test"} <= set(commands)


def test_both_readmes_give_the_same_commands() -> None:
    one, other = (documents.commands(text(name)) for name in READMES)
    assert one == other


@pytest.mark.parametrize("name", READMES)
def test_a_readme_shows_the_site_itself(name: str) -> None:
    """PNG files of the running site, small enough for a slow line."""
    pictures = [project.TOP / link for link in re.findall(r"!\[[^]]+\]\(([^)]+)\)", text(name))]
    assert pictures
    for picture in pictures:
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size < 300_000


def test_every_dependency_has_its_line() -> None:
    """Why it is there, instead of what, under which licence (docs/decisions)."""
    record = text("docs/decisions/0011-dependencies.md").lower()
    extras = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = [
        *extras["dependencies"],
        *(line for lines in extras["optional-dependencies"].values() for line in lines),
    ]
    named = set(
        re.findall(r"[a-z0-9][a-z0-9_-]*", "\n".join(re.findall(r"^\| ([^|]+) \|", record, re.MULTILINE)))
    )
    assert {Requirement(line).name.lower() for line in wanted} - named == set()


def test_decisions_are_listed() -> None:
    folder = project.TOP / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == sorted(path.name for path in folder.glob("0*.md"))


# docs/architecture.md

#: Which engine answers is chosen at run time; a reader passes through what does nothing but choose.
CHOOSING = ("creditsite.index", "creditindex.opening", "creditindex.embedded", "creditindex.embedded.service")


def chains() -> dict[str, list[str]]:
    """Heading -> the files of the numbered list under it."""
    found: dict[str, list[str]] = {}
    for part in re.split(r"^## ", text("docs/architecture.md"), flags=re.MULTILINE)[1:]:
        files = re.findall(r"^\d+\. `([\w/.-]+\.py)`", part, re.MULTILINE)
        if files:
            found[part.splitlines()[0]] = files
    return found


def reached(paths: list[Path]) -> set[str]:
    """What a reader of these files meets: what they import, also through what only chooses an engine."""
    met: set[str] = set()
    for path in paths:
        met |= {project.dotted(path), *project.imports(path)}
    for name in CHOOSING:
        if name in met:
            met |= project.imports(project.by_name()[name])
    return met


def test_the_paths_through_the_code_are_named() -> None:
    lengths = {heading: len(files) for heading, files in chains().items()}
    assert list(lengths) == ["A search", "A load", "A change becoming visible"]
    assert lengths["A search"] == 5


@pytest.mark.parametrize("heading", ["A search", "A load", "A change becoming visible"])
def test_a_path_through_the_code_is_true(heading: str) -> None:
    """Each file exists, and imports one above it, is imported or started by one: a reader can follow."""
    paths = [project.TOP / name for name in chains()[heading]]
    assert [project.relative(path) for path in paths if not path.is_file()] == []
    for place, path in enumerate(paths[1:], 1):
        above = {project.dotted(earlier) for earlier in paths[:place]}
        started = any(f'"{project.dotted(path)}"' in earlier.read_text() for earlier in paths[:place])
        linked = started or project.dotted(path) in reached(paths[:place]) or above & project.imports(path)
        assert linked, f"{project.relative(path)} is linked to nothing above it"


@pytest.mark.parametrize("name", READMES)
def test_a_readme_names_every_folder(name: str) -> None:
    tops = {project.relative(path).split("/")[0] for path in project.files() if path.parent != project.TOP}
    named = set(re.findall(r"^\|(?: `[\w.]+/`)+ \|", text(name), re.MULTILINE))
    assert tops - {".ci"} == set(re.findall(r"`(\w+)/`", " ".join(named)))
