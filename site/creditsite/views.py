"""From a template and values to an answer: what every page has in common.

There is one Jinja environment a language. So ``t("查询", "Search")`` costs one call and no look-up of the
request, macros need no context, and a sentence that lacks one language fails at its first use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from flask import Response, current_app, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator
from markupsafe import Markup, escape

from creditregister.shipping import shipped
from creditsite import display, labels, language, links, privacy, services

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from flask import Flask
    from jinja2.compiler import Frame

    from creditregister.kinds import Label
    from creditsite.language import Language
    from creditsite.pages.files import Files

#: Both languages of a text side by side, without anything that would have to be worked out.
BOTH = re.compile(r'\bt\(\s*"([^"\\]*)"\s*,\s*"([^"\\]*)"\s*\)')
#: Names in templates that always stand for values of ours, never for mappings, and are looked at most.
VALUES = frozenset({"page", "asked", "found", "row", "facet", "choice", "reason", "section"})
#: Finds a character that means something in HTML.
SPECIAL = re.compile("[&<>\"']").search
#: Both languages of a label.
LABEL = re.compile(r"\bt\(\s*([\w.]+)\.zh\s*,\s*\1\.en\s*\)")


@dataclass(frozen=True)
class Page:
    """What the frame around every page needs to know.

    ``base`` and ``tail`` stand before and behind a path that needs no encoding: a call for each link of a
    list would cost more than the rest of its row.
    """

    language: Language
    link: links.Links
    other: str
    size: str
    large: bool
    demo: bool
    rehearsed: date | None
    read_only: bool
    indexed: bool
    search_action: str
    base: str
    tail: str


class Bilingual(FileSystemLoader):
    """Reads templates with each ``t("中文", "English")`` of two plain texts replaced by its own language's.

    Such a text is then a constant of the compiled template: a page holds eighty, and none costs a call.
    The two languages of a label, ``t(label.zh, label.en)``, become the attribute.
    """

    def __init__(self, folder: Path, tag: Language) -> None:
        super().__init__(folder)
        self._place, self._tag = (2, "en") if tag == "en" else (1, "zh")

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The template in one language."""
        source, path, current = super().get_source(environment, template)
        source = LABEL.sub(lambda found: f"{found[1]}.{self._tag}", source)
        return BOTH.sub(lambda found: f'"{found[self._place]}"', source), path, current


class Direct(CodeGenerator):
    """Compiles templates to the plain Python of attributes and to our own escape.

    A result page looks up 800 attributes and escapes 400 values; each costs Jinja a call of a function that
    would also take keys of a mapping, or a value that is safe already.
    """

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 -- Jinja's own name
        """An attribute of one of our values as it stands; of anything else as Jinja does it."""
        root = node.node
        while isinstance(root, nodes.Getattr):
            root = root.node
        if isinstance(root, nodes.Name) and root.name in VALUES:
            self.visit(node.node, frame)
            self.write(f".{node.attr}")
        else:
            super().visit_Getattr(node, frame)

    def _output_child_pre(self, *_: object) -> None:
        self.write("environment.escaped(")


class Templates(Environment):
    """The environment of one language; everything that is put out is escaped."""

    code_generator_class = Direct

    @staticmethod
    def escaped(value: object) -> str:
        """A value as it stands on the page; most texts hold nothing to be escaped and stay as they are."""
        kind = type(value)
        if kind is Markup or (kind is str and not SPECIAL(cast("str", value))):
            return cast("str", value)
        return escape(value)


def install(app: Flask, files: Files) -> None:
    """Make both environments."""
    app.extensions["creditsite.templates"] = {
        "zh": environment(app, "zh", files),
        "en": environment(app, "en", files),
    }


def environment(app: Flask, tag: Language, files: Files) -> Environment:
    """The templates in one language."""
    made = Templates(
        loader=Bilingual(shipped("templates", __file__), tag),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=app.debug,
        cache_size=-1,
    )
    site = cast("services.Services", app.extensions["creditsite.services"]).settings.site
    made.globals.update(
        t=partial(language.chosen, tag),
        tag=language.TAGS[tag],
        site_name=site.name_en if tag == "en" else site.name_zh,
        operator=site.operator,
        contact=site.contact,
        state_label=partial(_label, tag, labels.STATES),
        style=files.address("site.css"),
        icon=files.address("icon.svg"),
        suggest=files.address("suggest.js"),
    )
    made.filters.update(
        day=partial(display.day, tag),
        whole_day=partial(display.whole_day, tag),
        dated=partial(display.dated, tag),
        distance=partial(display.distance, tag),
        count=display.number,
        groups=display.code_groups,
    )
    made.filters["mixed"] = language.chinese_marked if tag == "en" else str
    return made


def _label(tag: Language, known: dict[str, Label], value: str) -> str:
    return labels.label_of(known, value).text(tag)


def render(template: str, status: int = 200, *, indexed: bool = True, **values: Any) -> Response:  # noqa: ANN401 -- values go to the template as they are
    """The answer that shows ``template``; ``indexed`` is whether search engines may list it.

    None may keep a copy: it would show what is withdrawn here.
    """
    page = frame(indexed=indexed)
    environments: dict[Language, Environment] = current_app.extensions["creditsite.templates"]
    html = environments[page.language].get_template(template).render(page=page, link=page.link, **values)
    response = Response(html, status, mimetype="text/html")
    response.headers["X-Robots-Tag"] = "noarchive" if indexed else "noindex, noarchive"
    return response


def redirect(address: str, code: int = HTTPStatus.FOUND) -> Response:
    """Send the reader to another address of this site, which is given without a host."""
    response = Response(f"{address}\n", code, mimetype="text/plain")
    response.headers["Location"] = address
    return response


def current_language() -> Language:
    """The language of the page that was asked for."""
    return language.of_path(request.path)


def large_text() -> bool:
    """Whether the reader has chosen large text 适老化."""
    return request.args.get(links.TEXT) == links.LARGE


def link() -> links.Links:
    """The links of the current page."""
    return links.Links(request.root_path.rstrip("/"), current_language(), large_text())


def frame(*, indexed: bool) -> Page:
    """The frame of the current page."""
    here = link()
    settings = services.current().settings
    path, query = _repeatable(here.language)
    turned = links.Links(here.root, "zh" if here.language == "en" else "en", here.large)
    resized = links.Links(here.root, here.language, not here.large)
    return Page(
        language=here.language,
        link=here,
        other=turned(path, query),
        size=resized(path, query),
        large=here.large,
        demo=settings.demo,
        rehearsed=settings.today,
        read_only=settings.store.read_only,
        indexed=indexed,
        search_action=here.plain("/search", ()),
        base=here.plain("", ()),
        tail=f"?{links.TEXT}={links.LARGE}" if here.large else "",
    )


def _repeatable(own: Language) -> tuple[str, list[tuple[str, str]]]:
    """Path and query of this page for links to its other forms, as far as they may be repeated.

    What was sent by POST is in no link, nor anything that looks like an identity number.
    """
    path = request.path.removeprefix(language.PREFIXES[own]) or "/"
    query = links.without(request.args.to_dict(flat=False), links.TEXT)
    if privacy.is_private(path):
        return "/", []
    if request.method == "POST" or any(privacy.is_private(value) for pair in query for value in pair):
        return path, []
    return path, query
