"""``config/limits.toml`` as values: one policy for every route (DESIGN 1.5, DOMAIN 4.2).

A *pool* is what one client may spend in its windows; a *line* says which pool a route draws from and what a
request costs. Routes that share a pool share its budget: an HTML page and its JSON twin, Chinese and
English. A route without a line stops the start, and so does a line without a route.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from limits import parse_many
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: The line for requests that match no route at all: they are counted too.
UNMATCHED = "unmatched"


class PolicyError(Exception):
    """``limits.toml`` is wrong or does not fit the routes; the message says what to change."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Pool(_Frozen):
    """What one client may spend, in the notation of ``limits`` (``60 per minute; 500 per day``)."""

    windows: str

    @field_validator("windows")
    @classmethod
    def _readable(cls, windows: str) -> str:
        parse_many(windows)
        return windows


class Line(_Frozen):
    """What a request to one route costs."""

    pool: str
    cost: int = Field(default=1, ge=1)
    #: What it costs in the end when the answer was found; the rest is given back.
    found: int | None = Field(default=None, ge=0)
    #: A further pool that counts what is asked for, not who asks (a person's name).
    asked: str | None = None
    #: Whether the route closes while the shared counts are away; others count in each worker.
    closes: bool = False

    @property
    def refund(self) -> int:
        """What is given back when the answer was found."""
        return 0 if self.found is None else max(0, self.cost - self.found)


class Policy(_Frozen):
    """Pools by name, lines by endpoint."""

    pools: dict[str, Pool]
    routes: dict[str, Line]

    @model_validator(mode="after")
    def _pools_exist(self) -> Policy:
        for endpoint, line in self.routes.items():
            for pool in (line.pool, line.asked):
                if pool is not None and pool not in self.pools:
                    raise ValueError(f"routes.{endpoint} names the pool {pool!r}, which does not exist")
        if UNMATCHED not in self.routes:
            raise ValueError(f"routes.{UNMATCHED} is missing: addresses without a route are counted too")
        return self

    def line(self, endpoint: str | None) -> Line:
        """The line of a route; requests without a route have their own."""
        return self.routes[endpoint or UNMATCHED]

    def fit(self, endpoints: Iterable[str]) -> None:
        """Compare with the routes of the site.

        Raises:
            PolicyError: a route without a line, or a line without a route.
        """
        wanted = {*endpoints, UNMATCHED}
        missing = sorted(wanted - self.routes.keys())
        stale = sorted(self.routes.keys() - wanted)
        if missing or stale:
            raise PolicyError(
                f"config/limits.toml: routes without a line: {', '.join(missing) or 'none'};"
                f" lines without a route: {', '.join(stale) or 'none'}."
            )


def load(path: Path) -> Policy:
    """Read a policy.

    Raises:
        PolicyError: the file cannot be read, or names what does not exist.
    """
    try:
        return Policy.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        dotted = ".".join(str(part) for part in first["loc"])
        raise PolicyError(f"{path}: {dotted}: {first['msg']}") from error
