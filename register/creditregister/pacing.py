"""How much of a long work one transaction does: what takes a given time, with a rest after it (DESIGN 3).

Everybody who writes passes one gate. A load, a release or a night's work gives it back after some tenths of a
second, however fast the machine is and however dear a row of this kind: whoever sends an objection
meanwhile waits for one such part at most.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from creditregister.settings import LoadSettings

#: Rows of the first part, of which nobody knows yet how long they take, and the fewest of any.
FIRST, FEWEST = 100, 20
#: How many times the rows of one part the next may have: a lucky part must not be followed by a long one.
GROWTH = 2


class Pace:
    """The rows of the next transaction of one work."""

    def __init__(
        self,
        load: LoadSettings,
        timer: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._seconds = load.transaction_ms / 1000
        self._most = load.rows_per_transaction
        self._rest = load.pause_ms / 1000
        self._timer, self._sleep = timer, sleep
        self.rows = min(FIRST, self._most)

    @contextmanager
    def part(self, rows: int) -> Iterator[None]:
        """Do ``rows`` rows in one transaction, learn how long they take, and rest: others get their turn."""
        began = self._timer()
        yield
        took = self._timer() - began
        fitting = int(rows * self._seconds / took) if took > 0 else self._most
        self.rows = max(min(fitting, GROWTH * max(rows, FEWEST), self._most), min(FEWEST, self._most))
        self._sleep(self._rest)
