"""Numbers about the running site for Prometheus, without personal data: routes and counts, never addresses.

Each worker counts for itself into files of a folder of its own (``PROMETHEUS_MULTIPROC_DIR``, made by
``credit-site serve``); ``creditsite.exporter`` adds them up on a port that is not the site's.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import g, request
from prometheus_client import Counter, Histogram

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.wrappers import Response

#: Names the folder of the counts; the library reads it when it is imported.
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
METHODS = frozenset({"GET", "HEAD", "POST"})
#: Seconds; a search takes milliseconds, a request is ended after thirty seconds.
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0)

REQUESTS = Counter("credit_requests", "Requests that were answered.", ["route", "method", "status"])
SECONDS = Histogram("credit_request_seconds", "Time to an answer.", ["route"], buckets=BUCKETS)


def install(app: Flask, seconds: Callable[[], float] = time.perf_counter) -> None:
    """Count each answer by its route, which is one of the site's own and no text of a client's."""

    def begin() -> None:
        g.counted_from = seconds()

    def count(response: Response) -> Response:
        route = request.endpoint or "unmatched"
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(route, method, response.status_code).inc()
        SECONDS.labels(route).observe(seconds() - g.get("counted_from", seconds()))
        return response

    app.before_request(begin)
    app.after_request(count)
