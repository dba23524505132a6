"""Everything a command needs of the register, opened together."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from creditregister import keys as key_files
from creditregister import publicity
from creditregister import settings as setting_files
from creditregister.clock import SystemClock
from creditregister.publicity import Moment
from creditregister.schema import meta
from creditregister.store import Store, Turn

if TYPE_CHECKING:
    from creditregister.clock import Clock
    from creditregister.keys import Keys
    from creditregister.publicity import Law
    from creditregister.settings import Settings


@dataclass(frozen=True)
class Register:
    """A register: its settings, store, keys and clock."""

    settings: Settings
    store: Store
    keys: Keys
    clock: Clock

    @cached_property
    def law(self) -> Law:
        """The rules that hold here, read at first use.

        Raises:
            LawError: a file of theirs is unsound.
        """
        return publicity.load(self.settings)

    def moment(self) -> Moment:
        """Now, today, and the law that holds."""
        return Moment(self.clock.now(), self.clock.today(), self.law)


def open_register(settings: Settings | None = None, clock: Clock | None = None) -> Register:
    """Open the register that the settings name; the database itself is opened when first used."""
    chosen = settings or setting_files.load()
    return Register(chosen, Store(chosen), key_files.load(chosen), clock or SystemClock(chosen.today))


def initialise(register: Register, demo_seed: str | None = None) -> list[str]:
    """Make database and keys, or bring them up to date; returns what was made, in words.

    Everything that is there stays: a second call changes nothing. With ``demo_seed`` the keys are the demo's.
    """
    settings, store = register.settings, register.store
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = [f"key {name}" for name in key_files.make(settings, demo_seed)]
    if store.database.make():
        made.append(f"database {store.label}")
    upgrade(store)
    with store.write() as connection:
        if connection.scalar(select(meta.c.value).where(meta.c.key == "origin")) is None:
            origin = _origin(settings, demo_seed)
            connection.execute(insert(meta).values(key="origin", value=origin))
            made.append(f"log {origin}")
    return made


def upgrade(store: Store) -> None:
    """Run the migrations that this database has not seen yet."""
    from alembic import command  # noqa: PLC0415 -- half a second that no other command should wait for
    from alembic.config import Config  # noqa: PLC0415 -- the same

    with store.write(Turn.WHOLE) as connection:
        config = Config()
        config.set_main_option("script_location", "creditregister:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _origin(settings: Settings, demo_seed: str | None) -> str:
    """The name of this log: set by the operator, or random, so that two logs never share one."""
    if demo_seed is not None:
        # A demo's log is new each time it is made; its name must never pass for a real one.
        return f"demo.invalid/{demo_seed}/{os.urandom(4).hex()}"
    return settings.log.origin or f"log.invalid/{os.urandom(8).hex()}"
