"""``/search.csv``: the first thousand records of a search for a spreadsheet, as they are at this moment.

Conditions, order and bound are those of the result page: no file leads deeper than a reader can turn. Every
row is read from the register, so what was withdrawn a moment ago is not in it; persons are in no search.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from creditindex.engine import EngineError
from creditindex.query import PAGES, SIZE
from creditregister import ledger, projection, records, units
from creditregister.kinds import Label
from creditsite import asked, downloads, freshness, index, labels, links, services, views
from creditsite.errors import Refused
from creditsite.language import page

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from creditregister.kinds import Kind
    from creditregister.records import Published
    from creditsite.asked import Asked
    from creditsite.language import Language

blueprint = Blueprint("download", __name__)

#: Records in a file at most: as many as the result page can be turned through.
MOST = PAGES * SIZE
_HEADS = (
    Label("名称", "Name"),
    Label("统一社会信用代码或其他代码", "Unified social credit code or other code"),
    Label("信息类别", "Kind"),
    Label("标题", "Title"),
    Label("文号", "Document number"),
    Label("决定机关", "Deciding body"),
    Label("日期", "Date"),
    Label("状态", "State"),
    Label("公示截止日期", "Published until"),
    Label("数据来源单位", "Source unit"),
    Label("页面地址", "Page"),
)


@page(blueprint, "/search.csv")
def search() -> Response:
    """Answer one question as a file."""
    own = services.current()
    question = asked.read(request.args, own.clock.today())
    if question.view or question.page > 1:
        raise Refused(
            HTTPStatus.BAD_REQUEST,
            "value",
            f"表格文件没有分页：它包含结果的前 {MOST:,} 条信息。",
            f"The file has no pages: it holds the first {MOST:,} records of the result.",
        )
    with own.store.read() as connection:
        try:
            return _answer(connection, question)
        except EngineError as error:
            raise Refused(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "index-away",
                "全文检索暂时不可用，请稍后再下载。各信息页面不受影响。",
                "Full-text search is away for the moment: fetch the file later. Pages of records work.",
            ) from error


def _answer(connection: Connection, question: Asked) -> Response:
    own, language = services.current(), views.current_language()
    head = ledger.head(connection)
    state = index.usable(connection, own.engine, head, own.clock.now())
    # A unit is renamed without an entry of the ledger.
    named = sorted(units.names(connection).items())
    tag = freshness.of_collection(head, "csv", state.position.seq, state.position.hash, named)
    kept = freshness.unchanged(tag)
    if kept is not None:
        return kept
    hits = own.engine.find(replace(question.query, size=MOST)).hits
    shown = records.by_ids(connection, [hit.id for hit in hits], question.query.today)
    rows: list[tuple[str | int, ...]] = [tuple(head.text(language) for head in _HEADS)]
    for hit in hits:
        record = shown.get(hit.id)
        if record and record.version == hit.version and record.kind in own.kinds:
            rows.append(_row(own.kinds[record.kind], record, language, question.query.today))
    return freshness.stamp(downloads.spreadsheet(f"search-{question.query.today}.csv", rows), tag)


def _row(kind: Kind, record: Published, language: Language, today: date) -> tuple[str, ...]:
    document = record.document
    state = projection.state_on(kind, document, today, services.current().law.book.calendar)
    # A file is read elsewhere: its addresses name the site, where the settings say how it is called.
    site = links.absolute(services.current().settings.site.hosts, "")
    return (
        document["name"],
        document["code"],
        kind.name.text(language),
        document["title"][language],
        document["number"],
        document["body"],
        document["date"],
        labels.label_of(labels.STATES, state).text(language),
        record.shown_until,
        record.unit,
        site + views.link().plain(f"/r/{record.id}", ()),
    )
