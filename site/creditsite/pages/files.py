"""The few static files: read once at the start, served from memory, named by their content.

The address carries a digest of the content, so that a browser may keep a file for a year and still sees the
next release at once. Nothing outside the shipped folder can be asked for: there is no path to join.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, abort, current_app, request

import creditsite
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from pathlib import Path

blueprint = Blueprint("files", __name__)

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
#: Lines that are only a comment, and indentation: for those who read the files, not for those who load them.
_FOR_PEOPLE = re.compile(rb"^[ \t]*(?://[^\n]*\n|/\*[^*]*\*/\s*\n)|^[ \t]+", re.MULTILINE)
#: White space around the marks of a stylesheet; none of its texts holds such a mark.
_BETWEEN = re.compile(rb"\s*([{};,])\s*")
YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class File:
    """One file: its bytes, type and digest."""

    content: bytes
    kind: str
    digest: str


class Files:
    """All static files by name."""

    def __init__(self, folder: Path) -> None:
        self._files = {path.name: _read(path) for path in sorted(folder.iterdir()) if path.suffix in TYPES}

    def get(self, name: str) -> File | None:
        """The file of that name."""
        return self._files.get(name)

    def address(self, name: str) -> str:
        """Where a page links to; KeyError for a file that is not there, at the start of the site."""
        return f"/static/{name}?v={self._files[name].digest}"


def load() -> Files:
    """The files as shipped."""
    return Files(shipped("static", creditsite.__file__))


@blueprint.get("/static/<name>")
def show(name: str) -> Response:
    """A stylesheet, picture or script."""
    files = cast("Files", current_app.extensions["creditsite.files"])
    found = files.get(name)
    if found is None:
        abort(404)
    response = Response(found.content, content_type=found.kind)
    named = request.args.get("v") == found.digest
    response.headers["Cache-Control"] = YEAR if named else "no-cache"
    response.set_etag(found.digest)
    response.make_conditional(request)
    return response


def _read(path: Path) -> File:
    content = path.read_bytes()
    if path.suffix in {".css", ".js"}:
        content = _FOR_PEOPLE.sub(b"", content)
    if path.suffix == ".css":
        content = _BETWEEN.sub(rb"\1", content)
    return File(content, TYPES[path.suffix], hashlib.sha256(content).hexdigest()[:16])
