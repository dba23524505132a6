"""The engines that are measured, and how the commands are told which one (DESIGN 6)."""

from __future__ import annotations

import os

ENGINES = ("embedded", "elasticsearch")
URL = "CREDIT_ELASTICSEARCH_URL"
#: Indexes of the benchmark are named so in a cluster: those of a site are not touched.
PREFIX = ("CREDIT_ELASTICSEARCH__PREFIX", "credit_bench")


def chosen(text: str) -> list[str]:
    """The engines that a list names.

    Raises:
        ValueError: one that is not known, or no address of a cluster; the message says what to do.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or set(names) - set(ENGINES):
        raise ValueError(f"ENGINES= is a list of {' and '.join(ENGINES)}.")
    if "elasticsearch" in names and not os.environ.get(URL):
        raise ValueError(f"ENGINES=elasticsearch needs {URL}, the address of an Elasticsearch 9 server.")
    return names


def is_embedded() -> bool:
    """Whether the embedded engine is in turn."""
    return URL not in os.environ


class Switch:
    """Points every command and every reader at one engine."""

    def __init__(self) -> None:
        self._url = os.environ.pop(URL, "")
        os.environ.setdefault(*PREFIX)

    def to(self, engine: str) -> None:
        """From now on everything uses this engine."""
        os.environ.pop(URL, None)
        if engine == "elasticsearch":
            os.environ[URL] = self._url
