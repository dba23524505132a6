"""A client that is somebody else at every request, so that tests of thousands of requests meet no limit."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.test import TestResponse


class Visitors:
    """Fetches pages of an application, each time from another address."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._client = app.test_client(use_cookies=False)
        self._numbers = count()

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._client.get(path, environ_base={"REMOTE_ADDR": self._address()}, **options)

    def post(self, path: str, data: dict[str, str], **options: Any) -> TestResponse:
        return self._client.post(path, data=data, environ_base={"REMOTE_ADDR": self._address()}, **options)

    def text(self, path: str, status: int = 200, **options: Any) -> str:
        """The body of a page that must have this status."""
        answer = self.get(path, **options)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        return answer.get_data(as_text=True)

    def _address(self) -> str:
        number = next(self._numbers)
        return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def get_rules(app: Flask) -> Iterator[Any]:
    """Every route that answers GET."""
    return (rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
