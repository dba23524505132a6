"""Answers that are no answer: each says what happened, for how long, and what to do instead (UI.md).

Never a blank page, never a fake error. JSON addresses get the same in JSON. The page of a fault shows a
number under which the log has it, and nothing of its inside.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import orjson
import structlog
from flask import Response, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

from creditregister.errors import CreditError
from creditsite import headers, logs, views
from creditsite.guard import limiter

if TYPE_CHECKING:
    from flask import Flask

log = structlog.get_logger(__name__)

#: Statuses with a page of their own; every other one is shown as the nearest of them.
PAGES = frozenset({400, 403, 404, 405, 410, 413, 429, 500, 503})
#: Seconds after which a client may try again when a part of the site is away.
RETRY_SECONDS = 30
#: Seconds after which something may be sent again while the register is read-only, which takes minutes.
READ_ONLY_SECONDS = 600
#: Seconds that are named when the window's end cannot be read.
WINDOW_SECONDS = 60


class Refused(HTTPException):
    """A request that is understood and not served; both sentences are shown to the reader.

    ``reason`` is the same in one word, for programs; ``way`` a page that helps, named in both
    languages; ``title`` heads the page in the place of what heads its status; ``seconds`` is when to try
    again.
    """

    def __init__(
        self,
        code: int,
        reason: str,
        zh: str,
        en: str,
        *,
        way: tuple[str, str, str] | None = None,
        title: tuple[str, str] | None = None,
        seconds: int = 0,
    ) -> None:
        super().__init__(en)
        self.seconds = seconds
        self.way = way
        self.title = title
        self.code = code
        self.reason = reason
        self.zh = zh
        self.en = en


def identity_number() -> Refused:
    """The refusal of a text that looks like an identity number; the text is in no answer and no log."""
    return Refused(
        HTTPStatus.BAD_REQUEST,
        "identity-number",
        "输入的内容像居民身份证号码。为保护个人信息，本站不搜索、不显示、不记录证件号码。",
        "What was typed looks like an identity number. Such numbers are not searched, shown or logged here.",
        way=("/people", "到“自然人查询”按姓名和证件号码查询", "Look up a person by name and number"),
        title=("没有执行查询", "Nothing was searched"),
    )


def read_only() -> Refused:
    """The refusal of whatever is sent while nothing is stored (``store.read_only``)."""
    return Refused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "read-only",
        "网站正在维护，暂不接受提交。您填写的内容没有保存；查询和浏览照常可用。",
        "The site is being looked after and takes nothing in. What you sent was not stored; "
        "search and pages work.",
        title=("暂不接受提交", "Nothing is taken in for now"),
        seconds=READ_ONLY_SECONDS,
    )


def install(app: Flask) -> None:
    """Answer every kind of failure."""
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(SQLAlchemyError, _register_away)
    app.register_error_handler(CreditError, _register_away)
    app.register_error_handler(Exception, _fault)


def answer(error: HTTPException) -> Response:
    """The answer to a refused request, as a page or as JSON."""
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    seconds = error.seconds if isinstance(error, Refused) and error.seconds else _seconds(code)
    response = (
        _json(error, code, seconds)
        if request.path.endswith((".json", ".jsonl"))
        else _page(error, code, seconds)
    )
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    allowed = dict(error.get_headers()).get("Allow")
    if allowed:
        response.headers["Allow"] = allowed
    return headers.no_store(response)


def _page(error: HTTPException, code: int, seconds: int) -> Response:
    nearest = (
        HTTPStatus.BAD_REQUEST
        if code < HTTPStatus.INTERNAL_SERVER_ERROR
        else HTTPStatus.INTERNAL_SERVER_ERROR
    )
    return views.render(
        "error.html",
        code,
        indexed=False,
        shown=code if code in PAGES else nearest,
        said=(error.zh, error.en) if isinstance(error, Refused) else None,
        way=error.way if isinstance(error, Refused) else None,
        title=error.title if isinstance(error, Refused) else None,
        seconds=seconds,
        left=g.get("left"),
        counts_away=isinstance(error, limiter.CountsAway),
        reference=g.get("request_id", ""),
    )


def _json(error: HTTPException, code: int, seconds: int) -> Response:
    reason = error.reason if isinstance(error, Refused) else error.name.lower().replace(" ", "-")
    body: dict[str, object] = {"status": code, "reason": reason}
    if seconds:
        body["retry_after"] = seconds
    content = orjson.dumps({"error": body}) + b"\n"
    return headers.no_index(Response(content, code, mimetype="application/json"))


def _seconds(code: int) -> int:
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        g.left = limiter.current().left()
        return g.left.seconds if g.left else WINDOW_SECONDS
    return RETRY_SECONDS if code == HTTPStatus.SERVICE_UNAVAILABLE else 0


def _register_away(error: Exception) -> Response:
    """Register, keys or index cannot be read: nothing can be shown truthfully, so nothing is."""
    log.error("away", error=type(error).__name__, request=g.get("request_id", ""))
    return answer(ServiceUnavailable())


def _fault(error: Exception) -> Response:
    """A fault of ours. The log gets its place, not its message: that may quote what somebody typed."""
    places = logs.places(error)
    log.error("fault", error=type(error).__name__, places=places, request=g.get("request_id", ""))
    return answer(InternalServerError())
