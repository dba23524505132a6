"""The frame around every page: languages, large text, notices, headers, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import site
from support.pages import Pages

if TYPE_CHECKING:
    from pathlib import Path

STATIC = ["/", "/about", "/help", "/privacy", "/accessibility"]


@pytest.mark.parametrize("path", STATIC)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_static_pages_keep_the_rules(tmp_path: Path, path: str, prefix: str) -> None:
    page = Pages(site.make(tmp_path)).get(prefix + path)
    assert page.tree.get("lang") == ("en" if prefix else "zh-CN")
    assert page.h1


def test_large_text_stays_in_every_link(tmp_path: Path) -> None:
    page = Pages(site.make(tmp_path)).get("/help?text=large")
    assert page.tree.get("class") == "large"
    inside = [
        href
        for text, href in page.links().items()
        if href.startswith("/") and text != "标准字号" and "checkpoint" not in href
    ]
    assert inside
    assert all("text=large" in href for href in inside), inside
