"""One JSON line for each request and event, without personal data (SECURITY 1, PII and log injection).

A line holds the route, the path without its query, status and time. Never an address, a query, a form, a
header. What looks like an identity number in a path is masked; a JSON string cannot be broken out of.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog
from flask import g, request

from creditsite import privacy

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.wrappers import Response

log = structlog.get_logger("creditsite.request")

#: Characters of a path that are logged.
MOST_PATH = 200


def configure(level: int = logging.INFO) -> None:
    """Send the lines of this process to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def install(app: Flask, seconds: Callable[[], float]) -> None:
    """Write a line after each request."""

    def begin() -> None:
        g.began = seconds()

    def write(response: Response) -> Response:
        spent = round((seconds() - g.get("began", seconds())) * 1000, 1)
        log.info(
            "request",
            method=request.method,
            route=request.endpoint or "",
            path=clean_path(request.path),
            status=response.status_code,
            ms=spent,
            request=g.get("request_id", ""),
        )
        return response

    app.before_request(begin)
    app.after_request(write)


def clean_path(path: str) -> str:
    """A path as it may be logged: cut, identity numbers masked."""
    return privacy.masked(path)[:MOST_PATH]
