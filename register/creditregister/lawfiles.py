"""Reading the TOML files that state law: ``config/calendar`` and ``config/rules`` (DESIGN 1.4).

A file that is no TOML, or has a key that nobody knows, is an error in a sentence: place, reason, remedy.
All errors are collected, so that whoever edits the law sees them at once.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from creditregister.errors import CreditError
from creditregister.kinds.problems import MANUAL as KINDS_MANUAL
from creditregister.kinds.problems import Wrong, from_pydantic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: Where each key is explained.
MANUAL = "docs/rules.md explains every key"

Shaped = TypeVar("Shaped", bound=BaseModel)


class LawError(CreditError):
    """Files of law that cannot be used: every error of every file at once, a line each."""

    def __init__(self, problems: Sequence[Wrong]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def read(path: Path, wrong: list[Wrong]) -> dict[str, Any] | None:
    """The table of a TOML file; None, and an error in ``wrong``, if it is none."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        wrong.append(Wrong(path.name, "file", f"is no TOML: {error}", "put that line right"))
    except OSError as error:
        wrong.append(Wrong(path.name, "file", f"cannot be read: {error.strerror}", "restore the file"))
    return None


def shaped(shape: type[Shaped], file: str, table: dict[str, Any], wrong: list[Wrong]) -> Shaped | None:
    """The table in its shape; None, and its errors in ``wrong``, if a key is unknown, missing or unfit."""
    try:
        return shape.model_validate(table)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            found = from_pydantic(file, one, shape)
            wrong.append(replace(found, remedy=found.remedy.replace(KINDS_MANUAL, MANUAL)))
        return None
