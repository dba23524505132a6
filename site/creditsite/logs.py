"""One JSON line for each request and event, without personal data (SECURITY 1, PII and log injection).

A line holds the route, the path without its query, status and time. Never an address, a query, a form, a
header. What looks like an identity number in a path is masked; a JSON string cannot be broken out of.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from flask import g, request
from gunicorn.glogging import Logger

from creditregister.clock import iso
from creditsite import privacy

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.wrappers import Response

log = structlog.get_logger("creditsite.request")

NOT_PLAIN = re.compile(r"[^ -~]+")
#: Characters of a path that are logged.
MOST_PATH = 200
#: Loggers whose messages keep the rules of this module; of others the pattern is written without values.
OWN = ("creditsite", "creditindex", "creditregister")


def configure(level: int = logging.INFO) -> None:
    """Send the lines of this process to standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=_text),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


class Lines(logging.Formatter):
    """Records of other libraries as JSON lines.

    gunicorn, for one, quotes the request line and the address of a broken request in its messages, so the
    values of foreign messages are left out, and of an exception all but its type and places.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        own = record.name.startswith(OWN)
        line: dict[str, Any] = {
            "level": record.levelname.lower(),
            "timestamp": iso(int(record.created * 1000)),
            "logger": record.name,
            "event": record.getMessage() if own else _pattern(record.msg),
        }
        if not own and isinstance(record.args, tuple):
            line["numbers"] = [value for value in record.args if isinstance(value, int)]
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["places"] = places(record.exc_info[1])
        return _text(line)


class GunicornLogger(Logger):  # type: ignore[misc] # the same
    """gunicorn's own messages in our form; it keeps no access log."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 -- gunicorn's configuration
        """Replace its handlers."""
        super().setup(cfg)
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(Lines())
        self.error_log.handlers = [handler]
        self.error_log.propagate = False


def _pattern(message: object) -> str:
    """The part of a foreign message that is always the same; gunicorn quotes address and request after it."""
    return str(message).partition("\n")[0].partition(" from ip")[0].partition(": ")[0]


def places(error: BaseException | None) -> list[str]:
    """Where an exception came from, without its message: that may quote what somebody typed."""
    trace = traceback.extract_tb(error.__traceback__) if error is not None else []
    return [f"{place.filename}:{place.lineno} {place.name}" for place in trace][-12:]


def install(app: Flask, seconds: Callable[[], float] = time.perf_counter) -> None:
    """Write a line after each request."""

    def begin() -> None:
        g.began = seconds()

    def write(response: Response) -> Response:
        spent = round((seconds() - g.get("began", seconds())) * 1000, 1)
        log.info(
            "request",
            method=request.method,
            route=request.endpoint or "",
            path=_path(request.path),
            status=response.status_code,
            ms=spent,
            request=g.get("request_id", ""),
        )
        return response

    app.before_request(begin)
    app.after_request(write)


def _path(path: str) -> str:
    """A path for the log: no identity number, and no Chinese: somebody may type a name as an address."""
    return NOT_PLAIN.sub("*", privacy.masked(path))[:MOST_PATH]


def _text(value: Any, **_options: Any) -> str:  # noqa: ANN401 -- whatever stands in a line
    return orjson.dumps(value, default=str).decode()
