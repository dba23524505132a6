"""Why a whole file cannot be read, as sentences for the person who has to mend it.

Rows have ``creditregister.delivered.Problem``; this is for what stops a file 报送文件 before or between its
rows. Each sentence says what is wrong, where, and what to do, in the language of the units that deliver.
"""

from __future__ import annotations

#: The columns that a problems file adds; a mended one is delivered again as it is, and read without them.
ADDED = ("行号", "结果", "原因")


class FileRefusedError(Exception):
    """A file that cannot be loaded, or not further.

    ``code`` is for machines, ``message`` a Chinese sentence for people.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def printable(text: str, limit: int = 40) -> str:
    """A delivered value as it may stand inside a sentence: short, on one line, without control characters."""
    clean = "".join(mark if mark.isprintable() else " " for mark in text[: limit + 1])
    return clean if len(text) <= limit else clean[:limit] + "…"
