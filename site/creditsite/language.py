"""Chinese at ``/``, English at ``/en/``: the language is part of the address (DESIGN 5).

Every visible sentence stands in both languages at the place where it is used: ``t("查询", "Search")``. There
is no catalogue to keep in step (docs/decisions/0012-texts-in-place.md).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint
    from flask.typing import RouteCallable

Language = Literal["zh", "en"]

#: What the ``lang`` attribute of a page says.
TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
#: What stands before every path of a language.
PREFIXES: dict[Language, str] = {"zh": "", "en": "/en"}

#: A run of Chinese: from its first character to the last one that no word of another language parts it from.
_HAN = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af]"
_CHINESE: Final = re.compile(rf"{_HAN}(?:[^\sA-Za-z]*{_HAN})*")


def chosen(language: Language, zh: str, en: str) -> str:
    """The text of the language."""
    return en if language == "en" else zh


def chinese_marked(text: str) -> Markup:
    """A text of an English page, with the Chinese in it marked as such: a screen reader changes its voice.

    Names of subjects and bodies stand inside English sentences; nobody has their names in English.
    """
    found, end = Markup(), 0
    for run in _CHINESE.finditer(text):
        found += escape(text[end : run.start()]) + Markup('<span lang="zh-CN">{}</span>').format(run[0])
        end = run.end()
    return found + escape(text[end:])


def of_path(path: str) -> Language:
    """The language of an address, also of one that leads nowhere."""
    return "en" if path == "/en" or path.startswith("/en/") else "zh"


def page(
    blueprint: Blueprint, rule: str, *, methods: tuple[str, ...] = ("GET",)
) -> Callable[[RouteCallable], RouteCallable]:
    """Register a view under both languages as one endpoint: ``/search`` and ``/en/search``.

    The view is not told the language: ``views.render`` knows it.
    """

    def register(view: RouteCallable) -> RouteCallable:
        blueprint.add_url_rule(rule, view_func=view, methods=methods)
        blueprint.add_url_rule(PREFIXES["en"] + rule, view_func=view, methods=methods)
        return view

    return register
