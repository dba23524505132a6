"""A client that lints every page it fetches, so that each page test proves a dozen rules (STYLE, habit 6).

HTML5 without a parse error, one ``h1``, a title, ``lang``, a label for every input, a caption for every table
and a head for each of its rows, unique ids, no inline
script, style or handler, no link with a host, every security header, no cookie, no Chinese
on an English page that is not marked as such. ``Pages.get`` and ``Pages.post``
return a ``Fetched``; what breaks a rule fails the test with the rule's name.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, tostring

import html5lib

from creditsite.headers import HEADERS
from support.languages import foreign

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from werkzeug.test import TestResponse

NEEDS_LABEL = {"input", "select", "textarea"}
#: Elements that may stand in a page; a script or a style element with content never may.
FORBIDDEN = {"style", "iframe", "object", "embed", "base", "font", "center"}


@dataclass(frozen=True)
class Fetched:
    """An answer that kept the rules."""

    response: TestResponse
    tree: Element = field(repr=False, default_factory=lambda: Element("html"))

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def headers(self) -> Any:
        return self.response.headers

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def text(self) -> str:
        """What a reader sees, white space collapsed."""
        return " ".join(" ".join(self._main().itertext()).split())

    @property
    def h1(self) -> str:
        return _text(next(self.tree.iter("h1")))

    @property
    def title(self) -> str:
        return _text(next(self.tree.iter("title")))

    def all(self, tag: str, css_class: str = "") -> list[Element]:
        """Elements of the page by tag and class."""
        return [
            element
            for element in self.tree.iter(tag)
            if not css_class or css_class in (element.get("class") or "").split()
        ]

    def texts(self, tag: str, css_class: str = "") -> list[str]:
        return [_text(element) for element in self.all(tag, css_class)]

    def links(self) -> dict[str, str]:
        """Text of a link → its address."""
        return {_text(element): element.get("href") or "" for element in self.tree.iter("a")}

    def source(self, element: Element) -> str:
        return tostring(element, encoding="unicode")

    def _main(self) -> Element:
        return next(self.tree.iter("main"), self.tree)


def listed(page: Fetched, css_class: str) -> list[tuple[str, str]]:
    """Text and address of the first link of each row of a list."""
    rows = [row for box in page.all("ol", css_class) for row in box.findall("li")]
    first = [next(row.iter("a")) for row in rows]
    return [("".join(link.itertext()), link.get("href") or "") for link in first]


class Pages:
    """Fetches pages of an application and lints them.

    Each one is a client of its own for the limits, unless it is given an address.
    """

    def __init__(self, app: Flask, address: str = "") -> None:
        self._client = app.test_client(use_cookies=False)
        self._environ = {"REMOTE_ADDR": address or str(IPv4Address(0x0A000000 + secrets.randbelow(2**24)))}

    def get(self, path: str, status: int = 200, **options: Any) -> Fetched:
        """Fetch a page; any other status fails."""
        return self._checked(self._client.get(path, environ_base=self._environ, **options), status)

    def post(self, path: str, data: dict[str, str], status: int = 200, **options: Any) -> Fetched:
        """Send a form; any other status fails."""
        answer = self._client.post(path, data=data, environ_base=self._environ, **options)
        return self._checked(answer, status)

    def open(self, path: str, method: str, status: int, **options: Any) -> Fetched:
        """Any other method."""
        answer = self._client.open(path, method=method, environ_base=self._environ, **options)
        return self._checked(answer, status)

    def _checked(self, response: TestResponse, status: int) -> Fetched:
        where = f"{response.request.method} {response.request.path}"
        assert response.status_code == status, f"{where}: {response.status_code}, expected {status}"
        problems = list(check_headers(response))
        fetched = Fetched(response)
        if response.mimetype == "text/html" and response.data:
            tree = parse(response.get_data(as_text=True))
            fetched = Fetched(response, tree)
            problems += check_page(tree)
        assert not problems, f"{where}: " + "; ".join(problems)
        return fetched


def parse(html: str) -> Element:
    """The page as a tree; the first parse error fails."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(html)
    return tree


def check_headers(response: TestResponse) -> Iterator[str]:
    """What is wrong with the headers."""
    for name, value in HEADERS.items():
        if response.headers.get(name) != value:
            yield f"header {name} is {response.headers.get(name)!r}"
    if "Set-Cookie" in response.headers:
        yield "a cookie is set"
    if "Server" in response.headers and "Python" in response.headers["Server"]:
        yield "the Server header names the software"


def check_page(tree: Element) -> Iterator[str]:
    """What is wrong with a page."""
    if tree.get("lang") not in {"zh-CN", "en"}:
        yield f"lang is {tree.get('lang')!r}"
    for tag in ("h1", "title", "main"):
        found = list(tree.iter(tag))
        if len(found) != 1 or not _text(found[0]):
            yield f"{len(found)} {tag} elements, or an empty one"
    yield from _check_ids(tree)
    yield from _check_labels(tree)
    yield from _check_headings(tree)
    yield from _check_tables(tree)
    for element in tree.iter("*"):
        yield from _check_element(element)
    # Whose Chinese page holds an English sentence may be showing a record or what was typed: see test_languages.
    if tree.get("lang") == "en":
        yield from foreign(tree)


def _check_ids(tree: Element) -> Iterator[str]:
    ids = [element.get("id") for element in tree.iter() if element.get("id") is not None]
    yield from (f"id {name!r} stands twice" for name in {name for name in ids if ids.count(name) > 1})
    for element in tree.iter():
        for attribute in ("aria-describedby", "aria-labelledby"):
            for name in (element.get(attribute) or "").split():
                if name not in ids:
                    yield f"{attribute} names {name!r}, which is not there"
        href = element.get("href") or ""
        if element.tag == "a" and href.startswith("#") and href[1:] not in ids:
            yield f"link to {href}, which is not there"


def _check_labels(tree: Element) -> Iterator[str]:
    labelled = {element.get("for") for element in tree.iter("label") if _text(element)}
    for element in tree.iter():
        if element.tag not in NEEDS_LABEL or element.get("type") in {"hidden", "submit", "button"}:
            continue
        if element.get("id") not in labelled and not element.get("aria-label"):
            yield f"{element.tag} {element.get('name')!r} has no label"
    for element in tree.iter():
        if element.tag in {"a", "button"} and not (_text(element) or element.get("aria-label")):
            yield f"an empty {element.tag}"


def _check_headings(tree: Element) -> Iterator[str]:
    level = 0
    for element in tree.iter("*"):
        if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            here = int(element.tag[1])
            if here > level + 1:
                yield f"heading {_text(element)!r} jumps from level {level} to {here}"
            level = here


def _check_tables(tree: Element) -> Iterator[str]:
    for table in tree.iter("table"):
        caption = table.find("caption")
        named = "" if caption is None else _text(caption)
        if not named:
            yield "a table has no caption"
        for row in table.findall("tbody/tr"):
            if row.find("th[@scope]") is None and row.find("td[@colspan]") is None:
                yield f"a row of the table {named!r} has no head"
        for cell in table.findall("tbody/tr/td") if table.get("class") == "list" else ():
            if not cell.get("data-label"):
                yield f"a cell of the table {named!r} has no label for a phone"


def _check_element(element: Element) -> Iterator[str]:
    if element.tag in FORBIDDEN:
        yield f"a {element.tag} element"
    if element.tag == "script" and (not element.get("src") or _text(element)):
        yield "a script without src"
    if element.tag == "img" and element.get("alt") is None:
        yield "a picture without alt"
    for name, value in element.attrib.items():
        if name == "style" or name.startswith("on"):
            yield f"{element.tag} carries {name}"
        if name in {"href", "src", "action"} and ("://" in value or value.startswith("//")):
            yield f"{element.tag} leads to {value!r}"
        if name in {"href", "src", "action"} and value.lower().startswith(("javascript:", "data:")):
            yield f"{element.tag} runs {value!r}"
        if name == "target":
            yield f"{element.tag} opens a new window"


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
