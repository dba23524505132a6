"""The process beside the site: follows the ledger into the index, signs what is new, does each day's work."""

from __future__ import annotations

import logging
import signal
import threading
from functools import partial
from typing import TYPE_CHECKING

from creditindex import opening
from creditindex.documents import Documents
from creditindex.follow import Follower
from creditregister import calendar, changesfeed, checkpoint, daily, kinds, retention
from creditregister.opening import open_register
from creditsite import logs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from creditregister.opening import Register

log = logging.getLogger(__name__)

#: Seconds between two looks whether the ledger has grown past what was signed, and whether it is another day.
SIGN_EVERY = 10.0
LOOK_EVERY = 20.0


def main() -> None:
    """Work until told to stop."""
    logs.configure()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    register = open_register()
    if register.settings.store.read_only:
        log.warning("store.read_only is set: nothing is followed, signed or ended until it is not.")
        stop.wait()
        return
    others = [
        threading.Thread(target=again, args=(stop, SIGN_EVERY, partial(sign_once, register)), name="signer"),
        threading.Thread(target=again, args=(stop, LOOK_EVERY, Days(register).look), name="days"),
    ]
    for other in others:
        other.start()
    known = kinds.load()
    Follower(register, opening.reader(register.settings, known), Documents(known)).run(stop)
    for other in others:
        other.join()


def again(stop: threading.Event, every: float, work: Callable[[], bool]) -> None:
    """Do ``work`` again and again, at once where it says that there is more; a failure is said once."""
    said, name = "", threading.current_thread().name
    while not stop.is_set():
        try:
            more = work()
            said = ""
        except Exception as error:  # noqa: BLE001 -- the thread outlives a full disk or a lost database
            if str(error) != said:
                log.error("%s: %s: %s", name, type(error).__name__, error)  # noqa: TRY400 -- the message says all
            said, more = str(error), False
        stop.wait(0 if more else every)


class Days:
    """The nightly job of a process that runs for years: at its start, and whenever a new day has begun.

    On a rehearsed day it does nothing, unless the data is the demo's: a rehearsal must not take real records
    from the public for good. Pages show the rehearsed day all the same.
    """

    def __init__(self, register: Register) -> None:
        settings = register.settings
        self._register = register
        self._done: date | None = None
        self._may = settings.today is None or settings.demo
        self._calendar = calendar.load()

    def look(self) -> bool:
        """Do the work of today, once, and say which days off are missing; there is no more to do at once."""
        today = self._register.clock.today()
        if self._may and today != self._done and self._register.store.exists():
            done = daily.run(self._register, today)
            log.info("The work of %s: %s", today, {fate: done.of(fate) for fate in daily.FATES})
            if done.refused:
                log.error("Not published, for they hold personal numbers: %s", ", ".join(done.refused))
            if done.pages.counts:
                log.warning("Entries of lists followed their pages: %s", dict(done.pages.counts))
            terms = retention.load(self._register.settings.store.retention)
            now = self._register.clock.now()
            gone = retention.run(self._register.store, self._register.settings, terms, now)
            log.info("Retention of %s: %s", today, gone)
            for alarm in self._calendar.alarms(today):
                log.warning(alarm.en)
            self._done = today
        return False


def sign_once(register: Register) -> bool:
    """Sign the ledger's head and what re-users are told of it; whether there is more of that to write."""
    with register.store.read() as connection:
        checkpoint.renew(connection, register.settings, register.keys)
        now = register.clock.now()
        written = changesfeed.renew(connection, register.settings, register.keys, now)
    return written == changesfeed.AT_ONCE


if __name__ == "__main__":
    main()
