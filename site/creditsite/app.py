"""The application factory.

Nothing is opened here: register, index and counts open at first use, after a fork.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from flask import Flask, g, request

from creditindex import opening
from creditregister.clock import SystemClock
from creditregister.shipping import shipped
from creditsite import errors, headers, logs, metrics, services, views
from creditsite.guard import limiter, policy
from creditsite.pages import (
    about,
    bans,
    body,
    changes,
    coverage,
    download,
    files,
    health,
    home,
    lists,
    log,
    notice,
    people,
    punctuality,
    record,
    rules,
    search,
    sitemap,
    statistics,
    subject,
    suggest,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from creditindex.engine import Engine
    from creditregister.clock import Clock
    from creditregister.settings import Settings

#: Bytes of a request's body: only ``/people`` takes one, with a name and a number.
MOST_BODY = 8 * 1024
#: Methods that ask for something and send nothing.
READING = frozenset({"GET", "HEAD", "OPTIONS"})
PAGES = (
    files,
    home,
    search,
    suggest,
    subject,
    record,
    notice,
    rules,
    people,
    body,
    download,
    sitemap,
    statistics,
    punctuality,
    coverage,
    lists,
    bans,
    about,
    log,
    changes,
    health,
)


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    open_engine: Callable[[Settings], Engine] = opening.reader,
    limits: policy.Policy | None = None,
    seconds: Callable[[], float] = time.time,
) -> Flask:
    """The site over one data folder.

    Args:
        settings: where everything is.
        clock: for tests; by default the machine's, on the day that ``CREDIT_TODAY`` rehearses.
        open_engine: how a worker opens the index, for tests.
        limits: for tests; by default ``config/limits.toml``.
        seconds: the time of the limits' windows, for tests.

    Raises:
        policy.PolicyError: a route has no line in ``limits.toml``, or a line no route.
    """
    app = Flask("creditsite", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MOST_BODY, MAX_FORM_MEMORY_SIZE=MOST_BODY, MAX_FORM_PARTS=10)
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    if settings.site.hosts:
        app.config["TRUSTED_HOSTS"] = list(settings.site.hosts)
    # Redirects that routing makes by itself would carry the Host header into an absolute address.
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    _assemble(app, settings, clock or SystemClock(settings.today), open_engine)
    _guard(app, settings, limits or policy.load(shipped("config") / "limits.toml"), seconds)
    return app


def _assemble(
    app: Flask,
    settings: Settings,
    clock: Clock,
    open_engine: Callable[[Settings], Engine],
) -> None:
    app.extensions["creditsite.services"] = services.make(settings, clock, open_engine)
    static = app.extensions["creditsite.files"] = files.load()
    views.install(app, static)
    app.before_request(_begin)
    headers.install(app)
    logs.install(app)
    metrics.install(app)
    errors.install(app)


def _guard(app: Flask, settings: Settings, limits: policy.Policy, seconds: Callable[[], float]) -> None:
    limiter.install(app, limits, settings.data, settings.site.trusted_proxies, seconds)
    if settings.store.read_only:
        app.before_request(_take_nothing)
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    limits.fit(rule.endpoint for rule in app.url_map.iter_rules())


def _take_nothing() -> None:
    """Whatever is sent is refused, whether or not its page would store anything."""
    if request.method not in READING:
        raise errors.read_only()


def _begin() -> None:
    g.request_id = secrets.token_hex(8)
