"""The project's own files, for the tests that check its rules."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
ROOTS = {"register": "creditregister", "indexer": "creditindex", "site": "creditsite"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project, as git sees it; new ones too, ignored ones not."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=TOP, check=True, capture_output=True, text=True).stdout
    paths = (TOP / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file()))


def relative(path: Path) -> str:
    """The path as people write it."""
    return path.relative_to(TOP).as_posix()


@cache
def python() -> tuple[Path, ...]:
    """Every Python file of the project."""
    return tuple(path for path in files() if path.suffix == ".py")


@cache
def modules() -> tuple[Path, ...]:
    """Every module of the three packages."""
    return tuple(path for path in python() if relative(path).split("/")[0] in ROOTS)


@cache
def tree(path: Path) -> ast.Module:
    """The parsed source."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=relative(path))


def dotted(path: Path) -> str:
    """The import name of a module of the three packages."""
    parts = list(path.relative_to(TOP).with_suffix("").parts[1:])
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def by_name() -> dict[str, Path]:
    """Import name -> file, of the three packages."""
    return {dotted(path): path for path in modules()}


def imports(path: Path) -> set[str]:
    """The modules of the three packages that a file imports, wherever in the file it does so."""
    known = by_name()
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        found.update(name for name in names if name in known)
    return found
