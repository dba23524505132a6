"""A site over an empty or filled data folder, for page tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from creditregister import settings as settings_module
from creditregister.clock import FixedClock
from creditsite import app as app_module

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

#: 2026-11-24 12:00 in Shanghai.
NOON = 1_795_492_800_000


class Seconds:
    """The time of the limits, moved by hand."""

    def __init__(self, value: float = NOON / 1000) -> None:
        self.value = value

    def __call__(self) -> float:
        return self.value


def make(data: Path, **options: Any) -> Flask:
    """An application whose day is 2026-11-24."""
    above = options.pop("above", {})
    settings = settings_module.load(data=data, **above)
    options.setdefault("clock", FixedClock(NOON))
    options.setdefault("seconds", Seconds())
    return app_module.create_app(settings, **options)
