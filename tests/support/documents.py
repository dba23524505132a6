"""The shell commands that stand in the documents, as people would type them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from support import project

if TYPE_CHECKING:
    from pathlib import Path


def documents() -> list[Path]:
    """Every document of the project."""
    return sorted(path for path in project.files() if path.suffix == ".md")


def text(name: str) -> str:
    """A document, by its path from the top."""
    return (project.TOP / name).read_text(encoding="utf-8")


def blocks(document: str) -> list[list[str]]:
    """The command lines of each shell block, without comments, continued lines joined."""
    found = []
    for block in re.findall(r"^```(?:sh|bash|shell)\n(.*?)^```", document, re.MULTILINE | re.DOTALL):
        lines = (
            re.sub(r"(^|\s+)#\s.*$", "", line).strip() for line in block.replace("\\\n", " ").splitlines()
        )
        found.append([re.sub(r"\s+", " ", line) for line in lines if line])
    return found


def commands(document: str) -> list[str]:
    """All command lines of a document."""
    return [line for block in blocks(document) for line in block]
