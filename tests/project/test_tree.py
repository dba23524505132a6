"""The rules for files: sizes, names, docstrings, and the traps of a folder called ``site``."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from itertools import takewhile

import pytest

from support import project

LINES = 400
#: A file of tests is a list; a list may be longer before it is hard to read.
TEST_LINES = 500
FUNCTION_LINES = 60
#: What is longer, and why it is better so: "path" or "path:function" -> reason.
LONGER: dict[str, str] = {
    "register/creditregister/publication.py": "one module alone changes what is public; two halves would be two",
    "register/creditregister/schema.py": "all tables in one place, so that each can be seen beside the others",
}
#: A migration is the picture of the tables at one time, written by a tool and never changed again.
FROZEN = "register/creditregister/migrations/versions/"


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code: the docstring explains, it is not to be kept short."""
    first = node.body[0]
    doc = first if ast.get_docstring(node, clean=False) is not None else None
    explained = 0 if doc is None else (doc.end_lineno or 0) - doc.lineno + 1
    return (node.end_lineno or 0) - node.lineno + 1 - explained


def test_no_file_is_long_without_a_reason() -> None:
    long = {project.relative(path): len(path.read_text().splitlines()) for path in project.python()}
    most = {name: TEST_LINES if name.startswith("tests/") else LINES for name in long}
    assert {name: lines for name, lines in long.items() if lines > most[name] and name not in LONGER} == {}


def test_no_function_is_long_without_a_reason() -> None:
    long = {
        f"{project.relative(path)}:{node.name}": length(node)
        for path in project.python()
        for node in functions(project.tree(path))
        if length(node) > FUNCTION_LINES and not project.relative(path).startswith(FROZEN)
    }
    assert {name: lines for name, lines in long.items() if name not in LONGER} == {}


def test_functions_are_short_as_a_rule() -> None:
    sizes = sorted(length(node) for path in project.modules() for node in functions(project.tree(path)))
    assert sizes[len(sizes) // 2] <= 10
    assert sum(size > 40 for size in sizes) <= len(sizes) // 50


def test_reasons_are_not_kept_for_what_is_gone() -> None:
    names = {project.relative(path) for path in project.python()}
    assert {name for name in LONGER if name.partition(":")[0] not in names} == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        project.relative(path) for path in project.python() if not ast.get_docstring(project.tree(path))
    ]
    assert silent == []


def test_no_module_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "common", "misc", "tools"}
    assert [project.relative(path) for path in project.files() if path.stem in drawers] == []


def test_no_code_knows_that_it_is_tested() -> None:
    pattern = re.compile(r"PYTEST_CURRENT_TEST|\bif testing\b|in sys\.argv|sys\.modules\b.*pytest")
    assert [project.relative(path) for path in project.modules() if pattern.search(path.read_text())] == []


@pytest.mark.parametrize("root", project.ROOTS)
def test_a_source_root_is_no_package(root: str) -> None:
    """With ``site/__init__.py`` Python would take the folder for its own module ``site`` (STYLE of this project)."""
    assert not (project.TOP / root / "__init__.py").exists()
    package = project.TOP / root / project.ROOTS[root] / "__init__.py"
    assert package.is_file()


def test_git_does_not_ignore_a_source_root() -> None:
    """The usual ignore list for Python hides /site, and the wheel would be built without it, silently."""
    shipped = [*project.ROOTS, "templates", "static", "config", "docs", "tests", "deploy"]
    probes = [f"{folder}/probe.py" for folder in shipped]
    done = subprocess.run(
        ["git", "check-ignore", *probes], cwd=project.TOP, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""


def test_the_three_roots_are_the_same_everywhere() -> None:
    """A root that one tool does not know is one that it does not check."""
    settings = tomllib.loads((project.TOP / "pyproject.toml").read_text())
    tools, roots = settings["tool"], list(project.ROOTS)
    assert tools["hatch"]["build"]["dev-mode-dirs"] == roots
    assert tools["mypy"]["mypy_path"] == [*roots, "tests"]
    assert set(roots) <= set(tools["ruff"]["src"])
    assert (
        list(takewhile(lambda name: name != "tests", tools["pytest"]["ini_options"]["pythonpath"])) == roots
    )
    assert set(tools["importlinter"]["root_packages"]) == set(project.ROOTS.values())


def test_a_lint_refusal_in_the_code_has_a_reason() -> None:
    """``# noqa`` and ``# type: ignore`` name the rule and, behind a dash or #, why it does not hold there."""
    marker = r"#\s*(noqa|type: ignore)"
    codes = r"(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|\[[a-z-]+(,\s*[a-z-]+)*\])"
    bare = re.compile(rf"{marker}(?!{codes}\s+(-+|#)\s*\w)")
    found = [
        f"{project.relative(path)}:{number}"
        for path in project.python()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if bare.search(line) and path.name != "test_tree.py"
    ]
    assert found == []


@pytest.mark.parametrize("package", project.ROOTS.values())
def test_the_docstring_of_a_package_is_its_map(package: str) -> None:
    """It names every module, in the order that the import contract of pyproject.toml proves."""
    doc = ast.get_docstring(project.tree(project.by_name()[package])) or ""
    lines = re.findall(r"^\* ((?:``\w+`` ?)+)", doc, re.MULTILINE)
    named = [word for line in lines for word in re.findall(r"``(\w+)``", line)]
    contracts = tomllib.loads((project.TOP / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = (contract["layers"] for contract in contracts if contract.get("containers") == [package])
    assert named == layers[::-1]
