"""Chinese at ``/``, English at ``/en/``: the language is part of the address (DESIGN 5).

Every visible sentence stands in both languages at the place where it is used: ``t("查询", "Search")``. There
is no catalogue to keep in step (docs/decisions/0012-texts-in-place.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Blueprint
    from flask.typing import RouteCallable

Language = Literal["zh", "en"]

#: What the ``lang`` attribute of a page says.
TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
#: What stands before every path of a language.
PREFIXES: dict[Language, str] = {"zh": "", "en": "/en"}


def chosen(language: Language, zh: str, en: str) -> str:
    """The text of the language."""
    return en if language == "en" else zh


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
