"""Limits before every request, by flask-limiter over the shared counts.

One application-wide limit whose budget, scope and cost come from the route's line in ``limits.toml``, so
that there is no place where a route could be forgotten. Three things flask-limiter does not do by itself:

* addresses that match no route are counted (it passes over them; enumeration lives there);
* when the shared counts are away, pages go on with counts of each worker, and a route whose line says
  ``closes`` answers 503: guessing at persons must never be unlimited (DOMAIN 4.2, last row);
* both forms of the headers, ``RateLimit`` (IETF draft) and ``X-RateLimit-*``; ``Retry-After`` on refusals.

flask-limiter takes any exception of its callbacks for a lost store. So nothing here may raise what a client
can cause.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from flask import Flask, current_app, g, request
from flask_limiter import ApplicationLimit, Limiter
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from creditregister.text import fold
from creditsite.guard import address
from creditsite.guard.counters import KEY_SECONDS, SqliteCounters
from creditsite.guard.policy import UNMATCHED, Line, Policy
from creditsite.typed import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask.wrappers import Response

#: The name of the counts' file in the data folder.
FILE = "counters.sqlite"
#: Seconds for which a worker trusts the key it has read, so that a new one is taken up.
KEY_FRESH_SECONDS = 3600.0


class CountsAway(ServiceUnavailable):
    """The shared counts cannot be kept, and this route does not open without them."""


@dataclass
class Clients:
    """Names client networks by keyed hash, so that no address is kept anywhere."""

    counters: SqliteCounters
    trusted: tuple[address.Network, ...]
    now: Callable[[], float]
    _key: bytes = b""
    _read_at: float = -math.inf
    #: While the shared key cannot be read, this one names clients in this worker.
    _own: bytes = field(default_factory=lambda: os.urandom(32))

    def name(self) -> str:
        """The hash of the network that the current request comes from."""
        peer = request.environ.get("REMOTE_ADDR", "")
        forwarded = request.environ.get("HTTP_X_FORWARDED_FOR", "")
        return self.digest(address.network_of(address.client(peer, forwarded, self.trusted)))

    def digest(self, text: str) -> str:
        """The keyed hash of a text, 128 bits in hexadecimal."""
        return hmac.new(self._current_key(), text.encode(), hashlib.sha256).hexdigest()[:32]

    def _current_key(self) -> bytes:
        now = self.now()
        same_period = bool(self._key) and now // KEY_SECONDS == self._read_at // KEY_SECONDS
        if same_period and now - self._read_at < KEY_FRESH_SECONDS:
            return self._key
        try:
            self._key, self._read_at = self.counters.client_key(), now
        except self.counters.base_exceptions:
            return self._key or self._own
        return self._key


@dataclass(frozen=True)
class Left:
    """What the current client has left in the window that is nearest to its end."""

    pool: str
    amount: int
    window: int
    remaining: int
    reset: float
    seconds: int


@dataclass(frozen=True)
class Guard:
    """The policy in force, and the limiter that obeys it."""

    policy: Policy
    limiter: Limiter
    clients: Clients

    @property
    def line(self) -> Line:
        """The line of the current route."""
        return self.policy.line(request.endpoint)

    @property
    def local(self) -> bool:
        """Whether each worker counts by itself because the shared counts are away."""
        return self.limiter.limiter.storage is not self.limiter.storage

    def found(self) -> None:
        """Say that the current request found what it asked for: part of its cost is given back."""
        refund = self.line.refund
        if refund and not self.local:
            for spent in self.limiter.current_limits:
                self.clients.counters.give_back(spent.key, refund)

    def left(self) -> Left | None:
        """What is left after the current request; None where it was not counted."""
        limit = self.limiter.current_limit
        if limit is None:
            return None
        try:
            reset, remaining = self.limiter.limiter.get_window_stats(limit.limit, *limit.request_args)
        except self.clients.counters.base_exceptions:
            return None
        seconds = max(1, math.ceil(reset - self.clients.now()))
        amount, window = limit.limit.amount, limit.limit.get_expiry()
        return Left(self.line.pool, amount, window, remaining, reset, seconds)


def install(
    app: Flask, policy: Policy, data: Path, trusted: tuple[str, ...], now: Callable[[], float] = time.time
) -> Guard:
    """Put the policy before every request of ``app``; call it before any other ``before_request``."""
    limiter = Limiter(
        key_func=_client,
        application_limits=[
            ApplicationLimit(limit_provider=_windows, scope=_scope, cost=_cost),
            ApplicationLimit(
                limit_provider=_asked_windows, scope=_asked_scope, cost=_cost, key_function=_asked
            ),
        ],
        request_identifier=_endpoint,
        storage_uri="sqlite://",
        storage_options={"path": data / FILE, "now": now},  # type: ignore[dict-item] # annotated for URIs
        strategy="fixed-window",
        in_memory_fallback_enabled=True,
        headers_enabled=False,
    )
    limiter.init_app(app)
    clients = Clients(cast("SqliteCounters", limiter.storage), address.networks(trusted), now)
    guard = Guard(policy, limiter, clients)
    app.extensions["creditsite.guard"] = guard
    app.before_request(_close_without_counts)
    app.after_request(_tell)
    return guard


def current() -> Guard:
    """The guard of the application that answers now."""
    return cast("Guard", current_app.extensions["creditsite.guard"])


def _client() -> str:
    return current().clients.name()


def _endpoint() -> str:
    return request.endpoint or UNMATCHED


def _windows() -> str:
    guard = current()
    return guard.policy.pools[guard.line.pool].windows


def _scope(_endpoint: str) -> str:
    return current().line.pool


def _cost() -> int:
    return current().line.cost


def _asked_windows() -> str:
    guard = current()
    return guard.policy.pools[guard.line.asked].windows if guard.line.asked else ""


def _asked_scope(_endpoint: str) -> str:
    return current().line.asked or ""


def _asked() -> str:
    """What is asked for, hashed: the person's name as the look-up folds it, whoever asks."""
    try:
        name = request.form.get("name", "")
    except HTTPException:  # a form that is too large or broken: the view refuses it
        name = ""
    return current().clients.digest("asked:" + fold(plain(name)))


def _close_without_counts() -> None:
    guard = current()
    if guard.line.closes and guard.local:
        raise CountsAway


def _tell(response: Response) -> Response:
    """Write what is left into the headers of every answer that was counted."""
    left: Left | None = g.get("left") or current().left()
    if left is not None:
        response.headers["RateLimit-Policy"] = f'"{left.pool}";q={left.amount};w={left.window}'
        response.headers["RateLimit"] = f'"{left.pool}";r={left.remaining};t={left.seconds}'
        response.headers["X-RateLimit-Limit"] = str(left.amount)
        response.headers["X-RateLimit-Remaining"] = str(left.remaining)
        response.headers["X-RateLimit-Reset"] = str(math.ceil(left.reset))
    return response
