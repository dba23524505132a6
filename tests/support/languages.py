"""Each text of a page stands in the language that its ``lang`` says (UI, Typography; WCAG 3.1.1 and 3.1.2).

On an English page Chinese stands only where ``lang="zh-CN"`` marks it: names, and what a record says. On a Chinese
page an English sentence stands only where ``lang="en"`` marks it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

#: Chinese characters, and the marks that only Chinese texts use.
CHINESE = re.compile(
    r"[\u3400-\u9fff\U00020000-\U000323af\u3001\u3002\u300a-\u300f\uff01\uff0c\uff1a\uff1b\uff1f]"
)
#: Four words in a row: a sentence, not the name of a format or of a law.
ENGLISH = re.compile(r"(?:\b[A-Za-z][a-z’']+[ ,]+){3}[A-Za-z’']{2,}")
#: Attributes that are read to people.
READ = ("aria-label", "alt", "title", "placeholder", "data-label", "data-former", "data-count")
#: Texts for programs, in no language; and elements that can hold no other ones, so that no part of them can be marked.
UNMARKED = {"code", "pre", "title", "desc"}


def foreign(tree: Element) -> Iterator[str]:
    """What stands on the page in another language than it is said to be."""
    yield from _inside(tree, tree.get("lang") or "", "")


def _inside(element: Element, lang: str, within: str) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag.rpartition("}")[2] in UNMARKED:
        return
    lang = element.get("lang") or lang
    within = f"{within}/{element.tag}"
    texts = [element.text or "", *(element.get(name) or "" for name in READ)]
    for child in element:
        yield from _inside(child, lang, within)
        texts.append(child.tail or "")
    sought = CHINESE if lang == "en" else ENGLISH
    for text in texts:
        if sought.search(text):
            yield f"{within} is {lang!r} and says {' '.join(text.split())[:60]!r}"
