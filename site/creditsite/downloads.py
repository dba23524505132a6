"""Tables to take away: CSV files as an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response

from creditregister import spreadsheets
from creditsite import headers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def spreadsheet(name: str, rows: Iterable[Sequence[str | int]]) -> Response:
    """The rows as a CSV file of that name, in plain ASCII; search engines need not list it."""
    response = Response(spreadsheets.table(rows), content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return headers.no_index(response)
