"""The public log: its newest signed checkpoint (C2SP tlog-checkpoint) as it was written, and its key."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from creditregister import checkpoint
from creditsite import services
from creditsite.errors import Refused

if TYPE_CHECKING:
    from pathlib import Path

blueprint = Blueprint("log", __name__)


@blueprint.get("/log/checkpoint")
def newest() -> Response:
    """The signed note, byte for byte."""
    return _file(checkpoint.path(services.current().settings))


@blueprint.get("/log/key")
def key() -> Response:
    """The public key that checks the log's signatures, as C2SP writes it: origin, hash, key.

    It is written beside the checkpoint by whoever signs: a worker of the site never reads the signing key.
    """
    return _file(checkpoint.key_path(services.current().settings))


def _file(path: Path) -> Response:
    try:
        text = path.read_bytes()
    except FileNotFoundError as error:
        raise Refused(
            HTTPStatus.NOT_FOUND,
            "no-checkpoint",
            "日志还没有签名的检查点：第一次公示之后才会有。",
            "There is no signed checkpoint yet: the first publication brings it.",
        ) from error
    response = Response(text, content_type="text/plain; charset=utf-8")
    response.set_etag(hashlib.sha256(text).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
