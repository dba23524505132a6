"""What every answer carries, errors, 304 and static files included (SECURITY 1, ASVS 3.4).

The policy has no exception: no inline script or style, nothing from elsewhere, no frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask
    from flask.wrappers import Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

#: On every answer, word for word.
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    # Browsers pass over it on plain HTTP, so that it may stand on a demo as well.
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

NOINDEX = "noindex, noarchive"


def install(app: Flask) -> None:
    """Set the headers last, so that no view can weaken them."""
    app.after_request(_harden)


def _harden(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


def no_index(response: Response) -> Response:
    """Keep an answer out of search engines."""
    response.headers["X-Robots-Tag"] = NOINDEX
    return response


def no_store(response: Response) -> Response:
    """Keep an answer out of every cache: it is about a person."""
    response.headers["Cache-Control"] = "no-store"
    return response
