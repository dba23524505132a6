"""The engine that the settings name, and whether its index belongs to this register (DESIGN 4, Follow)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from creditindex.aside import AsideFile
from creditindex.embedded.service import EmbeddedEngine
from creditindex.engine import EngineAwayError
from creditindex.terms import format_name
from creditregister import kinds as kind_files
from creditregister import ledger

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from creditindex.engine import Engine, Position
    from creditregister.kinds import Kinds
    from creditregister.settings import Settings


class Standing(StrEnum):
    """How an index stands to the ledger; only ``CURRENT`` and ``BEHIND`` may answer."""

    CURRENT = "current"
    BEHIND = "behind"
    FOREIGN = "foreign"
    MISSING = "missing"


def folder(settings: Settings) -> Path:
    """Where the embedded index of a deployment lies, and what is written beside any index."""
    return settings.data / "index"


def aside_file(settings: Settings) -> AsideFile:
    """The list of what is public and in no index."""
    return AsideFile(folder(settings) / "aside.json")


def reader(settings: Settings, kinds: Kinds | None = None) -> Engine:
    """The engine to ask; to be opened after any fork. No index yet is no error before the first question.

    Raises:
        EngineError: the settings name an engine in a way that cannot be used.
    """
    known = {kind.number: kind.id for kind in (kinds or kind_files.load()).values()}
    if settings.elasticsearch_url:
        # Only where it is used: the client takes 25 MB of every worker and a third of a second at its start.
        from creditindex.elastic.service import opened  # noqa: PLC0415 -- see above

        return opened(settings, known)
    own = settings.index
    return EmbeddedEngine(
        folder(settings),
        known,
        heap_mb=own.heap_mb,
        build_heap_mb=own.build_heap_mb,
        build_threads=own.build_threads,
    )


def standing(connection: Connection, position: Position | None) -> Standing:
    """Whether an index at this position may be shown beside this ledger.

    An index of another origin, beyond the ledger's end, or at an entry with another hash followed
    something else: a register that was restored, or another database.
    """
    if position is None:
        return Standing.MISSING
    head = ledger.head(connection)
    if position.format != format_name() or position.origin != head.origin or position.seq > head.seq:
        return Standing.FOREIGN
    if position.hash != _hash_at(connection, position.seq):
        return Standing.FOREIGN
    return Standing.CURRENT if position.seq == head.seq else Standing.BEHIND


def position_of(engine: Engine) -> Position | None:
    """The engine's position; none where there is no index to ask."""
    try:
        return engine.position()
    except EngineAwayError:
        return None


def _hash_at(connection: Connection, seq: int) -> str:
    entry = ledger.at(connection, seq) if seq else None
    return entry.hash.hex() if entry else ""
