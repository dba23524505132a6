"""``/open-data/changes``: the signed changes feed 变更通报, and its explanation (DESIGN 5, FEATURES X5).

The pages of the feed are files that the process beside the site has signed; here they are only handed out.
"""

from __future__ import annotations

import hashlib
from http import HTTPStatus

from flask import Blueprint, Response, request

from creditregister import changesfeed, ledger
from creditsite import freshness, services, views
from creditsite.errors import Refused
from creditsite.language import page

blueprint = Blueprint("changes", __name__)

#: A full page never changes again; a day, so that caches drop it soon after it is gone here.
FULL = "public, max-age=86400"


@page(blueprint, "/open-data/changes")
def show() -> Response:
    """What the feed is, how far it is, how to use and check it."""
    own = services.current()
    with own.store.read() as connection:
        head = ledger.head(connection)
    numbers = changesfeed.numbers(own.settings)
    last = changesfeed.parse(_read(numbers[-1])) if numbers else None
    tag = freshness.of_collection(head, numbers[0] if numbers else 0, last.upto if last else -1)
    kept = freshness.unchanged(tag)
    if kept is not None:
        return kept
    rendered = views.render(
        "changes.html",
        numbers=numbers,
        last=last,
        size=changesfeed.SIZE,
        days=changesfeed.KEPT_DAYS,
    )
    return freshness.stamp(rendered, tag)


@blueprint.get("/open-data/changes/newest.jsonl")
def newest() -> Response:
    """The way to the page that grows."""
    numbers = changesfeed.numbers(services.current().settings)
    if not numbers:
        raise _not_yet()
    return views.redirect(f"{views.link().root}/open-data/changes/{numbers[-1]}.jsonl")


@blueprint.get("/open-data/changes/<int:number>.jsonl", endpoint="page")
def one(number: int) -> Response:
    """One page, byte for byte: 404 while it has not begun, 410 when it is too old."""
    numbers = changesfeed.numbers(services.current().settings)
    if not numbers or number < 1 or number > numbers[-1]:
        raise _not_yet()
    if number < numbers[0]:
        raise _too_old(numbers[0])
    text = _read(number)
    response = Response(text, content_type="application/jsonl; charset=utf-8")
    response.set_etag(hashlib.sha256(text).hexdigest()[:32])
    response.headers["Cache-Control"] = FULL if number < numbers[-1] else "no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.make_conditional(request)
    return response


def _read(number: int) -> bytes:
    """The file of a page that was there a moment ago."""
    try:
        return changesfeed.path(services.current().settings, number).read_bytes()
    except FileNotFoundError as error:
        raise _too_old(number + 1) from error


def _not_yet() -> Refused:
    return Refused(
        HTTPStatus.NOT_FOUND,
        "no-such-page",
        "变更通报还没有这一页：最新一页写满后才会有下一页。请稍后再取。",
        "There is no such page yet: the next one begins when the newest is full. Ask again later.",
    )


def _too_old(first: int) -> Refused:
    return Refused(
        HTTPStatus.GONE,
        "too-old",
        f"这一页超过{changesfeed.KEPT_DAYS}天，已不再提供，现从第 {first} 页起。"
        "没有取过这一页的，请删除所存信息后重新获取。",
        f"This page is older than {changesfeed.KEPT_DAYS} days; pages begin at {first} now. "
        "Whoever missed it must delete what was stored and fetch it anew.",
    )
