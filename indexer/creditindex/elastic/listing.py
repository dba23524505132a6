"""What an index holds, whatever may be shown of it: for ``verify``, ``status`` and checks of a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from creditindex.elastic import translate
from creditindex.elastic.asking import column
from creditindex.engine import Version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from creditindex.elastic.asking import Asking


def records(asking: Asking) -> int:
    """How many records there are."""
    return asking.count(translate.term("sort", "record"))


def names(asking: Asking) -> int:
    """How many names of subjects there are."""
    return asking.count(translate.term("sort", "name"))


def versions(asking: Asking, after: int, limit: int) -> list[Version]:
    """Records above the number ``after``, in order."""
    search = {
        "query": translate.every([translate.term("sort", "record"), translate.above("n", after)]),
        "sort": [{"n": "asc"}],
        "size": limit,
        "docvalue_fields": ["n", "id", "version"],
    }
    return [
        Version(column(hit, "n"), column(hit, "id"), column(hit, "version"))
        for hit in asking.search(search)["hits"]["hits"]
    ]


def named(asking: Asking, subjects: Sequence[int]) -> dict[int, int]:
    """How many names of each subject there are."""
    if not subjects:
        return {}
    search = {
        "query": translate.every([{"terms": {"subject": list(subjects)}}]),
        "size": 0,
        "aggs": {"subject": {"terms": {"field": "subject", "size": len(subjects)}}},
    }
    buckets = asking.search(search)["aggregations"]["subject"]["buckets"]
    return {int(each["key"]): int(each["doc_count"]) for each in buckets}
