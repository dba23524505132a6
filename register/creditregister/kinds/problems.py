"""What can be wrong with kind files, in sentences: file, key, what is wrong, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from creditregister.errors import CreditError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

#: Where each key is explained.
MANUAL = "docs/kinds.md explains every key"


#: What the library says in terms of Python, in terms of TOML.
_SENTENCES = {
    "bool_type": "should be true or false",
    "dict_type": "should be a table",
    "int_type": "should be a whole number",
    "model_type": "should be a table",
    "string_pattern_mismatch": "should be an id: lower case letters, digits, _ (codes: also -)",
    "string_too_short": "should not be empty",
    "string_type": "should be text in quotes",
    "tuple_type": "should be a list",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """One error: the key with its path in the file, what is wrong with it, and the remedy."""

    file: str
    key: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        """``file: key: what is wrong; what to do``."""
        return f"{self.file}: {self.key}: {self.wrong}; {self.remedy}"


class KindError(CreditError):
    """Kind files that cannot be used: every error of every file at once, a line each."""

    def __init__(self, problems: Sequence[Wrong]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


def nearest(name: str, known: Sequence[str], what: str) -> str:
    """A remedy for a name that is not known: the nearest one, else all of them."""
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"{what}: {', '.join(known)}" if known else f"there are no {what} here"


def from_pydantic(file: str, error: ErrorDetails, shape: type[BaseModel]) -> Wrong:
    """A sentence for one error of the shape of a file."""
    path = [str(part) for part in error["loc"] if part != "[key]"]
    key = ".".join(path) or "file"
    if error["type"] == "extra_forbidden":
        return Wrong(file, key, "is no key here", nearest(path[-1], _keys(shape, path[:-1]), "keys"))
    if error["type"] == "missing":
        return Wrong(file, key, "is missing", f"add it; {MANUAL}")
    given = "" if isinstance(error["input"], dict) else f" (here: {error['input']!r})"
    plain = error["msg"][0].lower() + error["msg"][1:]
    return Wrong(file, key, _SENTENCES.get(error["type"], plain) + given, f"change it; {MANUAL}")


def _keys(shape: type[BaseModel], path: Sequence[str]) -> list[str]:
    """The keys that are allowed where ``path`` leads, found by walking the shape's own tables."""
    fields = shape.model_fields
    for part in path:
        inner = fields.get(part)
        if inner is None:  # a name that the file chose, such as a field's id: one level on
            continue
        table = _table(inner.annotation)
        if table is None:
            return []
        fields = table.model_fields
    return list(fields)


def _table(annotation: object) -> type[BaseModel] | None:
    """The table type inside an annotation such as ``dict[str, FieldShape]`` or ``LabelShape | None``."""
    if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
        return annotation
    inner = (_table(part) for part in getattr(annotation, "__args__", ()))
    return next((table for table in inner if table is not None), None)
