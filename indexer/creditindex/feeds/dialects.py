"""Heading dialects 表头方言: how the tables of one source name the fields, where it differs from everybody.

A dialect is a TOML file of its own, shipped in ``config/dialects/NAME.toml`` or given by path::

    kind = "penalty"              # optional: the kind these tables hold

    [headings]                    # heading as delivered = field id; "" = known, carries nothing
    "处理意见" = "content"
    "经办人" = ""

    [with]                        # values for what the rows lack; --with stands above them
    body = "示范市生态环境局"

    [values.severity]             # word as delivered = code of the field's list
    "2" = "serious"
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from creditregister.errors import CreditError
from creditregister.kinds import normal_heading
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from creditregister.kinds import Kind, Kinds


class DialectError(CreditError):
    """A dialect that is not there or cannot be used; the message names file, key and remedy."""


class Dialect(BaseModel):
    """What a dialect file says; an unknown key is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = ""
    headings: dict[str, str] = {}
    given: dict[str, str] = Field(default={}, alias="with")
    values: dict[str, dict[str, str]] = {}

    def index(self) -> dict[str, str]:
        """Normalised heading → field id."""
        return {normal_heading(heading): name for heading, name in self.headings.items()}


def load(name: str, kinds: Kinds) -> Dialect:
    """The shipped dialect of that name, or the one in that file.

    Raises:
        DialectError: there is none, or it says something that no kind knows.
    """
    path = _path(name)
    try:
        dialect = Dialect.model_validate(tomllib.loads(path.read_text("utf-8-sig")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DialectError(f"Dialect {path} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        dotted = ".".join(str(part) for part in first["loc"])
        raise DialectError(f"Dialect {path}: {dotted}: {first['msg']}.") from error
    _check(dialect, kinds, path)
    return dialect


def _path(name: str) -> Path:
    given = Path(name)
    if given.suffix == ".toml" or given.is_file():
        return given
    folder = shipped("config") / "dialects"
    known = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    if name not in known:
        listed = ", ".join(known) or "none"
        raise DialectError(
            f"There is no dialect {name!r}. Shipped: {listed}. A file of your own ends in .toml."
        )
    return known[name]


def _check(dialect: Dialect, kinds: Kinds, path: Path) -> None:
    if dialect.kind and dialect.kind not in kinds:
        raise DialectError(
            f"Dialect {path}: kind: there is no kind {dialect.kind!r}; there are {', '.join(kinds)}."
        )
    chosen = [kinds[dialect.kind]] if dialect.kind else list(kinds.values())
    known = {field.id for kind in chosen for field in kind.fields}
    _check_values(dialect, chosen, path)
    sections = (("headings", dialect.headings.values()), ("with", dialect.given), ("values", dialect.values))
    for section, names in sections:
        for name in names:
            if name and name not in known:
                near = ", ".join(difflib.get_close_matches(name, known, 3)) or "see docs/kinds.md"
                raise DialectError(f"Dialect {path}: {section}: no kind has a field {name!r} ({near}).")


def _check_values(dialect: Dialect, chosen: list[Kind], path: Path) -> None:
    """A word may only mean what the field's list has."""
    for name, words in dialect.values.items():
        fields = [field for kind in chosen for field in kind.fields if field.id == name]
        codes = {choice.code for field in fields for choice in field.choices}
        for word, code in words.items():
            if fields and code not in codes:
                listed = ", ".join(sorted(codes)) or "it has no list"
                raise DialectError(
                    f"Dialect {path}: values.{name}: {word!r}: no code {code!r}; codes: {listed}."
                )
