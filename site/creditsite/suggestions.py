"""Names to complete what is being typed, as a list under the box (DESIGN 4, 5).

The index proposes and the register decides: a subject without a public record at this moment is not proposed.
Names by pinyin are a group of their own with a label, never among the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from creditindex.plan import by_pinyin
from creditindex.query import NameQuery
from creditregister import subjects
from creditregister.kinds import Label
from creditregister.text import fold
from creditsite import excerpt

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from creditindex.engine import Engine
    from creditsite.excerpt import Segments

#: Names that are proposed in one group.
MOST = 6
NAMES = Label("名称", "Names")
PINYIN = Label("按拼音", "By pinyin")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A subject; ``former`` is the former name 曾用名 that fits, where its name now does not bear it."""

    code: str
    name: Segments
    former: Segments


@dataclass(frozen=True, slots=True)
class Group:
    """Proposals under one label."""

    label: Label
    proposals: list[Proposal]


def propose(connection: Connection, engine: Engine, text: str, today: date) -> list[Group]:
    """The groups that propose anything.

    Raises:
        EngineAwayError: there is no index to ask.
    """
    needles = (fold(text),)
    found = [(each.subject_id, each.name) for each in engine.suggest(text, MOST, today)]
    groups = [Group(NAMES, _shown(connection, found, needles, today))]
    if by_pinyin(text) is not None:
        hits = engine.names(NameQuery(text, today, MOST, by="pinyin")).best
        read = [(hit.subject_id, hit.name) for hit in hits]
        groups.append(Group(PINYIN, _shown(connection, read, (), today)))
    return [group for group in groups if group.proposals]


def _shown(
    connection: Connection, found: list[tuple[int, str]], needles: tuple[str, ...], today: date
) -> list[Proposal]:
    """One proposal a subject, of those with a public record."""
    names: dict[int, str] = {}
    for who, name in found:
        names.setdefault(who, name)
    known = subjects.listed(connection, list(names), today.isoformat())
    return [
        Proposal(
            known[who].code,
            excerpt.marked(known[who].name, needles),
            excerpt.marked(name, needles) if name != known[who].name else [],
        )
        for who, name in names.items()
        if who in known
    ]
