"""Builds in the cluster: one index each, and an alias that points at the one that is read (DESIGN 4).

A build's index is named ``<prefix>-<format>-<when>-<random>``, the alias ``<prefix>-<format>``: so code of
another format never reads it, and while a release is replaced both find theirs. What an index is stands in
the ``_meta`` of its mapping: its position, whether it is whole, and when somebody last worked on it. One
that is not whole and that nobody has worked on for a minute is the rest of a build that was killed.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from creditindex.elastic import schema
from creditindex.engine import EngineAwayError, Position
from creditindex.terms import format_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from creditindex.elastic.connection import Connection

#: Seconds after which a build says again that it is worked on, and without which it counts as killed.
BEAT = 20
DEAD = 60
#: Only by this alias of its own is an index written: one that was removed is then not made anew by a write.
WRITE = ".write"
_BUILD = r"(?P<format>[0-9]+\.[0-9]+)-(?P<when>[0-9]{14})-[0-9a-f]{6}"


@dataclass(frozen=True, slots=True)
class State:
    """One build: the name of its index, and what stands in its mapping."""

    name: str
    position: Position | None = None
    whole: bool = False
    beat: float = 0.0
    aliases: frozenset[str] = field(default_factory=frozenset)

    def meta(self) -> dict[str, Any]:
        """What stands in the mapping."""
        position = asdict(self.position) if self.position else None
        return {"position": position, "whole": self.whole, "beat": self.beat}


class Indexes:
    """The builds of one deployment; ``wall`` is the time of day in seconds."""

    def __init__(self, connection: Connection, prefix: str, wall: Callable[[], float]) -> None:
        self._connection = connection
        self._named = re.compile(rf"{re.escape(prefix)}-{_BUILD}")
        self.prefix = prefix
        self._wall = wall
        self.alias = f"{prefix}-{format_name()}"

    def current(self) -> State:
        """The build that is read now.

        Raises:
            EngineAwayError: no index was ever built, or the alias points at none of ours.
        """
        found = self._connection.ask(
            lambda es: es.indices.get_mapping(index=self.alias, filter_path="*.mappings._meta").body
        )
        names = [name for name in found if self._named.fullmatch(name)]
        if len(names) != 1:
            raise EngineAwayError(f"The alias {self.alias} points at no index: run `credit-index rebuild`.")
        return _state(names[0], found[names[0]])

    def create(self, when: str, start: Position, settings: dict[str, Any]) -> State:
        """A fresh index for a build; ``when`` is 14 digits, year to second."""
        name = f"{self.alias}-{when}-{secrets.token_hex(3)}"
        state = State(name, start, beat=self._wall())
        self._connection.ask(
            lambda es: es.indices.create(
                index=name,
                settings=settings,
                mappings=schema.mapping(state.meta()),
                aliases={name + WRITE: {}},
            ),
            seconds=BEAT,
        )
        return state

    def note(self, name: str, position: Position, *, whole: bool) -> State:
        """Write down what an index is, after its data."""
        state = State(name, position, whole, self._wall())
        self._connection.ask(lambda es: es.indices.put_mapping(index=name, meta=state.meta()), seconds=BEAT)
        return state

    def due(self, state: State) -> bool:
        """Whether it is time to say again that a build is worked on."""
        return self._wall() - state.beat >= BEAT

    def point(self, name: str) -> None:
        """Let the alias point at an index and no other, in one step."""
        remove = {"index": f"{self.prefix}-*", "alias": self.alias, "must_exist": False}
        actions: list[dict[str, Any]] = [{"remove": remove}, {"add": {"index": name, "alias": self.alias}}]
        self._connection.ask(lambda es: es.indices.update_aliases(actions=actions), seconds=BEAT)

    def builds(self) -> list[State]:
        """All builds, the oldest first, those of other formats and half ones included."""
        found = self._connection.ask(
            lambda es: (
                es.indices.get(
                    index=f"{self.prefix}-*",
                    filter_path=("*.aliases", "*.mappings._meta"),
                ).body
            )
        )
        states = [_state(name, held) for name, held in found.items() if self._named.fullmatch(name)]
        return sorted(states, key=lambda state: (self._when(state), state.beat))

    def tidy(self, keep: int = 1) -> list[str]:
        """Remove old builds, and half ones that nobody works on; ``keep`` whole ones not in use stay."""
        others = [state for state in self.builds() if self.alias not in state.aliases]
        whole = [state.name for state in others if state.whole]
        kept = whole[max(0, len(whole) - keep) :]
        now = self._wall()
        gone = [
            state.name
            for state in others
            if state.name not in kept and (state.whole or now - state.beat > DEAD)
        ]
        for name in gone:
            self.remove(name)
        return gone

    def discard(self, name: str) -> None:
        """Remove a build, unless it is the one that is read."""
        if any(state.name == name and self.alias not in state.aliases for state in self.builds()):
            self.remove(name)

    def remove(self, name: str) -> None:
        """Remove a build, wherever it stands."""
        self._connection.ask(lambda es: es.indices.delete(index=name, ignore_unavailable=True), seconds=BEAT)

    def _when(self, state: State) -> str:
        found = self._named.fullmatch(state.name)
        return found["when"] if found else ""


class OneIndex(Indexes):
    """One build, whatever the alias points at: for looking into it before it is published."""

    def __init__(self, connection: Connection, name: str) -> None:
        super().__init__(connection, name, lambda: 0.0)
        self._named = re.compile(re.escape(name))
        self.alias = name


def _state(name: str, held: dict[str, Any]) -> State:
    meta = held.get("mappings", {}).get("_meta", {})
    position = Position(**meta["position"]) if meta.get("position") else None
    aliases = frozenset(held.get("aliases", ()))
    return State(name, position, bool(meta.get("whole")), float(meta.get("beat", 0)), aliases)
