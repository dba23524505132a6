"""Questions to one index, several in one request, and whether an answer is a whole one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from creditindex.elastic.connection import UnreachableError, refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from creditindex.elastic.connection import Connection
    from creditindex.elastic.translate import Query

    Answer = dict[str, Any]
    Search = dict[str, Any]


class Asking:
    """Asks one index by its own name, whatever the alias points at meanwhile."""

    def __init__(self, connection: Connection, index: str) -> None:
        self._connection = connection
        self.index = index

    def search(self, search: Search) -> Answer:
        """One question."""
        return self.several([search])[0]

    def several(self, searches: Sequence[Search]) -> list[Answer]:
        """Several questions in one request.

        Raises:
            UnreachableError: a part of the index did not answer: half an answer is none.
            EngineError: a question was refused.
        """
        lines: list[dict[str, Any]] = []
        for search in searches:
            lines += ({"index": self.index, "allow_partial_search_results": False}, search)
        return self._connection.ask(lambda es: _whole(es.msearch(searches=lines).body["responses"]))

    def count(self, query: Query) -> int:
        """How many documents match."""
        return total_of(self.search({"query": query, "size": 0, "track_total_hits": True}))


def total_of(answer: Answer) -> int:
    """How many documents matched."""
    return int(answer["hits"]["total"]["value"])


def column(hit: dict[str, Any], name: str) -> Any:  # noqa: ANN401 -- a number or a text, by its field
    """The one value of a field that came back with a hit."""
    return hit["fields"][name][0]


def _whole(answers: list[Answer]) -> list[Answer]:
    for answer in answers:
        if "error" in answer:
            raise refusal(int(answer["status"]), str(answer["error"].get("type", "")))
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise UnreachableError("Only a part of the index answered.")
    return answers
