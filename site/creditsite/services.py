"""What the pages draw on: settings, clock, kinds, and, once a worker asks, register and index.

Store and engine are opened at first use, never at import and never before a fork: a connection or an index
reader that two processes share is damaged (DOMAIN 5, complaint 3).
"""

from __future__ import annotations

import hashlib
import os
import threading
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, cast

from flask import current_app, has_request_context, request

from creditregister import areas as areas_module
from creditregister import courts as courts_module
from creditregister import keys as keys_module
from creditregister import kinds as kinds_module
from creditregister import listing, publicity, statistics
from creditregister import lists as lists_module
from creditregister.punctuality import Measure
from creditregister.shipping import shipped
from creditregister.store import Store
from creditregister.tally import Tally
from creditsite import pagecache

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from creditindex.caching import Cache
    from creditindex.engine import Engine
    from creditregister.areas import Areas
    from creditregister.clock import Clock
    from creditregister.courts import Courts
    from creditregister.keys import Keys
    from creditregister.kinds import Kinds
    from creditregister.lists import Lists
    from creditregister.publicity import Law
    from creditregister.settings import Settings
    from creditregister.standing import Timed, Withdrawn
    from creditregister.statistics import Cell

#: Where a request keeps its day.
_DAY = "creditsite.day"


@dataclass(frozen=True, slots=True)
class RequestClock:
    """The clock as one request sees it: it reads the day once, so that a page across midnight is of one day.

    Rows of yesterday under today's tag would be given again all day.
    """

    clock: Clock

    def now(self) -> int:
        """The moment, in milliseconds."""
        return self.clock.now()

    def today(self) -> date:
        """The day on which the request first asked for it."""
        if not has_request_context():
            return self.clock.today()
        day: date | None = request.environ.get(_DAY)
        if day is None:
            day = request.environ[_DAY] = self.clock.today()
        return day


@dataclass
class Services:
    """Everything one application needs; ``open_engine`` is called once a process."""

    settings: Settings
    clock: Clock
    kinds: Kinds
    areas: Areas
    courts: Courts
    law: Law
    lists: Lists
    release: str
    open_engine: Callable[[Settings], Engine]
    pages: Cache[pagecache.Kept] = field(default_factory=pagecache.pages)
    tally: Tally[Cell] = field(default_factory=statistics.tally)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _opened: dict[str, object] = field(default_factory=dict)
    _process: int = 0

    @property
    def store(self) -> Store:
        """The register's database."""
        return cast("Store", self._once("store", lambda: Store(self.settings)))

    @property
    def engine(self) -> Engine:
        """The index, as readers see it."""
        return cast("Engine", self._once("engine", lambda: self.open_engine(self.settings)))

    @property
    def measure(self) -> Measure:
        """How punctuality is measured: the dated rules and the calendar."""
        return Measure(self.law.book, self.law.jurisdiction)

    @property
    def listed(self) -> Tally[listing.Entry]:
        """How many entries each list has in public, as this process keeps it."""
        made = self._once("listed", lambda: listing.tally(self.lists, self.kinds))
        return cast("Tally[listing.Entry]", made)

    @property
    def times(self) -> tuple[Tally[Timed], Tally[Withdrawn]]:
        """How long decisions and withdrawals took, as this process keeps it."""
        measure = self.measure
        made = self._once("times", lambda: (Tally(measure.count), Tally(measure.withdrawals)))
        return cast("tuple[Tally[Timed], Tally[Withdrawn]]", made)

    @property
    def keys(self) -> Keys:
        """The register's keys; only ``/people`` asks for them."""
        return cast("Keys", self._once("keys", lambda: keys_module.load(self.settings)))

    def _once(self, name: str, make: Callable[[], object]) -> object:
        found = self._opened.get(name) if self._process == os.getpid() else None
        if found is not None:
            return found
        with self._lock:
            if self._process != os.getpid():
                self._opened, self._process = {}, os.getpid()
            if name not in self._opened:
                self._opened[name] = make()
            return self._opened[name]


def current() -> Services:
    """The services of the application that answers now."""
    return cast("Services", current_app.extensions["creditsite.services"])


def make(settings: Settings, clock: Clock, open_engine: Callable[[Settings], Engine]) -> Services:
    """Read the kinds, the rules and the names of areas and courts; open nothing.

    Raises:
        LawError: a file of the rules is unsound; the site does not start.
    """
    kinds, areas = kinds_module.load(), areas_module.load(settings)
    courts, law = courts_module.load(settings, areas), publicity.load(settings, kinds)
    lists, release = lists_module.load(kinds=kinds), release_of(kinds, law.book.digest, settings)
    return Services(settings, RequestClock(clock), kinds, areas, courts, law, lists, release, open_engine)


def release_of(kinds: Kinds, rules: str, settings: Settings) -> str:
    """What pages are made of, in short: the package, templates, styles, kinds, lists, rules, settings."""
    shown = f"{settings.site.model_dump_json()}\n{settings.store.read_only}"
    digest = hashlib.sha256(f"{package_version()}\n{kinds.digest}\n{rules}\n{shown}\n".encode())
    folders = (shipped("templates", __file__), shipped("static", __file__), shipped("config") / "lists")
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def package_version() -> str:
    """The version of the installed package."""
    try:
        return version("credit-disclosure")
    except PackageNotFoundError:
        return "0"
