"""Patterns behave alike on every Python that is supported, also on 3.11.2 of Debian 12.

Before 3.11.5 a group that is captured inside a possessive repeat or an atomic group is lost (CPython gh-101955): the
same pattern then refuses what it should take. Where such a pattern hides numbers, they would be shown.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from re import _constants as op  # type: ignore[attr-defined]  # no public way to see a parsed pattern
from re import _parser as parser  # type: ignore[attr-defined]  # no public way to see a parsed pattern
from typing import TYPE_CHECKING, Any

from support import project

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Imported for their patterns these would start to work instead.
PROGRAMS = {"creditsite.wsgi", "creditindex.feeds.child"}


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Every compiled pattern that is a constant of a module, also inside of tuples and mappings."""
    for package in project.ROOTS.values():
        home = importlib.import_module(package)
        for found in pkgutil.walk_packages(home.__path__, f"{package}."):
            if found.name in PROGRAMS or ".migrations" in found.name:
                continue
            for name, value in vars(importlib.import_module(found.name)).items():
                for each in flat(value):
                    yield f"{found.name}.{name}", each


def flat(value: object) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from flat(each)
    elif isinstance(value, dict):
        yield from flat(tuple(value.values()))


KEEPING = {op.POSSESSIVE_REPEAT, op.ATOMIC_GROUP}


def inside(value: Any) -> Iterator[Any]:
    """The sequences of items inside one item of a parsed pattern, however it is built."""
    if isinstance(value, parser.SubPattern):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from inside(each)


def captures(items: Any, *, kept: bool = False) -> bool:
    """Whether something is captured inside of what is never tried again."""
    for code, value in items:
        if kept and code is op.SUBPATTERN and value[0] is not None:
            return True
        if any(captures(each, kept=kept or code in KEEPING) for each in inside(value)):
            return True
    return False


def test_nothing_is_captured_inside_a_possessive_repeat() -> None:
    found = dict(patterns())
    assert len(found) > 50
    assert [name for name, pattern in found.items() if captures(parser.parse(pattern.pattern))] == []


def test_such_a_pattern_is_noticed() -> None:
    assert captures(parser.parse(r"(?:(a)b)?+c"))
    assert captures(parser.parse(r"(?>x(?P<name>a))"))
    assert not captures(parser.parse(r"(?:(?:ab)?+|(c))d++"))
