"""The circuit breaker: an engine that keeps failing is left alone for a while (DESIGN 4, Engine away).

While it is open every question fails at once, so that no page waits for a server that is away; after a time
that grows with every failure, and is spread by chance so that not all workers come back together, one
question is let through to see.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from creditindex.engine import EngineAwayError

if TYPE_CHECKING:
    from collections.abc import Callable

#: Failures in a row that open it.
FAILURES = 3
#: Seconds it stays open at first, and at most; each time anywhere from half of it to one and a half.
FIRST, LONGEST = 1.0, 10.0


class OpenError(EngineAwayError):
    """Nothing was asked: the breaker is open."""


class Breaker:
    """One for each process and cluster; ``chance`` gives numbers from 0 to 1."""

    def __init__(self, clock: Callable[[], float], chance: Callable[[], float]) -> None:
        self._clock = clock
        self._chance = chance
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_at = 0.0

    def admit(self) -> None:
        """Let a question pass, or refuse it.

        Raises:
            OpenError: the engine has failed too often and too lately.
        """
        with self._lock:
            if self._failures < FAILURES:
                return
            now = self._clock()
            if now < self._closed_at:
                raise OpenError("Elasticsearch has failed again and again; it is asked again in a moment.")
            self._closed_at = now + self._wait()  # this one looks; the others wait for what it finds

    def failed(self) -> None:
        """The engine could not be reached, or was too busy."""
        with self._lock:
            self._failures += 1
            self._closed_at = self._clock() + self._wait()

    def answered(self) -> None:
        """The engine answered, whatever it said."""
        self._failures = 0

    def _wait(self) -> float:
        doubled = FIRST * 2.0 ** min(self._failures - FAILURES, 10)
        return min(doubled, LONGEST) * (0.5 + self._chance())
