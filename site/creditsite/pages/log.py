"""The public log: its newest signed checkpoint (C2SP tlog-checkpoint), as it was written."""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from flask import Blueprint, Response, request

from creditregister import checkpoint
from creditsite import services
from creditsite.errors import Refused

blueprint = Blueprint("log", __name__)


@blueprint.get("/log/checkpoint")
def newest() -> Response:
    """The signed note, byte for byte."""
    try:
        note = checkpoint.path(services.current().settings).read_bytes()
    except FileNotFoundError as error:
        raise Refused(
            HTTPStatus.NOT_FOUND,
            "no-checkpoint",
            "日志还没有签名的检查点：第一次公示之后才会有。",
            "There is no signed checkpoint yet: the first publication brings it.",
        ) from error
    response = Response(note, content_type="text/plain; charset=utf-8")
    response.set_etag(hashlib.sha256(note).hexdigest()[:32])
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
