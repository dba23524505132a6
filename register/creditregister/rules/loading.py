"""The rule book 规则库: all files of ``config/rules`` read, checked, tried on their own examples.

A set is one file ``<id>.toml``; ``_facts.toml`` says how facts are read from a content. A deployment may add
a folder of sets of its own. Whatever is unsound is refused at start, every error of every file at once.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from creditregister import calendar as calendars
from creditregister import kinds as all_kinds
from creditregister.kinds.problems import Wrong
from creditregister.lawfiles import MANUAL, LawError, read, shaped
from creditregister.rules.book import RuleBook
from creditregister.rules.checks import check, check_names
from creditregister.rules.examples import failures
from creditregister.rules.files import ReadingShape, SetShape
from creditregister.rules.making import make_reading, make_set
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from creditregister.calendar import Calendar
    from creditregister.kinds import Kind

READING = "_facts.toml"


def load(
    folder: Path | None = None,
    *,
    added: Path | None = None,
    kinds: Mapping[str, Kind] | None = None,
    calendar: Calendar | None = None,
) -> RuleBook:
    """The rules of ``folder``, by default those that are shipped, and of the folder ``added`` beside them.

    ``kinds`` and ``calendar`` are the shipped ones where they are not given.

    Raises:
        LawError: with every error of every file, failing examples included.
    """
    folder = folder or shipped("config") / "rules"
    calendar = calendar or calendars.load()
    kinds = all_kinds.load() if kinds is None else kinds
    wrong: list[Wrong] = []
    reading = _reading(folder / READING, wrong)
    shapes, digest = _shapes([folder, *([added] if added else [])], wrong)
    if reading is None or wrong:
        raise LawError(wrong)
    signs: dict[str, str] = {**reading.kinds, **{name: kind.sign for name, kind in kinds.items()}}
    for name, shape in shapes.items():
        wrong += check(f"{name}.toml", shape, signs, reading.conditions)
    wrong += check_names(shapes)
    if not shapes:
        wrong.append(Wrong(str(folder), "file", "there is no set of rules", f"add <id>.toml; {MANUAL}"))
    if wrong:
        raise LawError(wrong)
    sets = tuple(make_set(name, shape) for name, shape in sorted(shapes.items()))
    book = RuleBook(sets, signs, calendar, make_reading(reading), digest)
    wrong += failures(book, shapes)
    if wrong:
        raise LawError(wrong)
    return book


def _reading(path: Path, wrong: list[Wrong]) -> ReadingShape | None:
    table = read(path, wrong)
    return None if table is None else shaped(ReadingShape, path.name, table, wrong)


def _shapes(folders: Sequence[Path], wrong: list[Wrong]) -> tuple[dict[str, SetShape], str]:
    """All sets by id, and a digest over their files."""
    digest = hashlib.sha256()
    found: dict[str, SetShape] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
            if path.name.startswith("_"):
                continue
            if path.stem in found:
                wrong.append(Wrong(path.name, "file", "is a set that is shipped", "give it another name"))
            table = read(path, wrong)
            shape = None if table is None else shaped(SetShape, path.name, table, wrong)
            if shape is not None:
                found[path.stem] = shape
    return found, digest.hexdigest()
