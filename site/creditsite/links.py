"""Addresses inside the site: without a host, in the language and text size of the page they stand on.

Plain string work: a result page holds sixty links, and ``url_for`` would cost more than the search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from creditsite.language import PREFIXES, Language

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Parameters that programs add when a link is shared. They carry nothing for us and are taken off.
SHARING = frozenset(
    (
        *("from", "share", "share_token", "shareid", "sharer", "timestamp", "isappinstalled", "nsukey"),
        *("spm", "scm", "wxshare", "weibo_id", "fbclid", "gclid", "msclkid", "yclid", "igshid", "mc_cid"),
        *("mc_eid", "ref", "ref_src", "source", "src", "scene", "subscene", "sessionid", "clicktime"),
        *("enterid", "ascene", "devicetype", "version", "nettype", "exportkey", "pass_ticket", "wx_header"),
    )
)
#: The same, by how the name begins.
SHARING_PREFIX = "utm_"
#: The parameter of the large text 适老化, kept in every link.
TEXT = "text"
LARGE = "large"


def is_sharing(name: str) -> bool:
    """Whether a parameter was added by a program that shares links."""
    return name in SHARING or name.startswith(SHARING_PREFIX)


@dataclass(frozen=True, slots=True)
class Links:
    """Builds the links of one page.

    Args:
        root: what stands before every path when the site is mounted below another one, else empty.
        language: of the page.
        large: whether the page is shown in large text.
    """

    root: str
    language: Language
    large: bool

    def __call__(self, path: str, query: Iterable[tuple[str, str]] = (), fragment: str = "") -> str:
        """The address of ``path`` (with its first slash), such as ``/search``."""
        pairs = list(query)
        if self.large:
            pairs.append((TEXT, LARGE))
        address = self.root + PREFIXES[self.language] + quote(path)
        if pairs:
            address += "?" + urlencode(pairs)
        return f"{address}#{fragment}" if fragment else address

    def plain(self, path: str, query: Iterable[tuple[str, str]]) -> str:
        """The address with exactly this query, the text size not added: it may stand in the query itself."""
        return Links(self.root, self.language, large=False)(path, query)

    def asset(self, path: str) -> str:
        """The address of a file that has no language, such as a stylesheet."""
        return self.root + path


def absolute(hosts: Sequence[str], root: str) -> str:
    """Scheme, host and root of this site, as other sites name it; empty where no host is set.

    A host with a dot in front stands for all below it, and is no name of its own.
    """
    named = [host for host in hosts if not host.startswith(".")]
    return f"https://{named[0]}{root.rstrip('/')}" if named else ""


def without(query: Mapping[str, list[str]], *names: str) -> list[tuple[str, str]]:
    """The pairs of a query but for some names."""
    return [(name, value) for name, values in query.items() if name not in names for value in values]
