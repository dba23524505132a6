"""What was asked of ``/search``: from parameters to a question, or a refusal that says why (DESIGN 5).

Nothing is guessed: an unknown or repeated parameter is refused, so that nobody takes an answer for what it is
not. Parameters that sharing programs add are taken off by a redirect.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from creditindex import query
from creditsite import errors, links, privacy
from creditsite.errors import Refused
from creditsite.typed import plain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from werkzeug.datastructures import MultiDict

    from creditindex.query import Query

#: Values of one dimension that may be chosen together.
MOST_VALUES = 10
#: Characters of a filter's value.
LONGEST_VALUE = 100
SINGLE = ("q", "order", "page", "view", links.TEXT)
VIEWS = ("", "names", "pinyin")
ORDERS = ("rank", "newest")
#: What has no meaning for a list of names.
NOT_OF_NAMES = frozenset({*query.DIMENSIONS, "order"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it came: the value for the engine, and which list is wanted."""

    query: Query
    view: str

    @property
    def text(self) -> str:
        """What was typed."""
        return self.query.text

    @property
    def page(self) -> int:
        """The page that is wanted, from 1."""
        return self.query.page

    def pairs(self, **changed: str | int | tuple[str, ...]) -> list[tuple[str, str]]:
        """The parameters that ask this again, with some changed; the page always starts anew."""
        values: dict[str, str | int | tuple[str, ...]] = {"q": self.text}
        values.update(dict(self.query.filters.items()))
        values["order"] = "" if self.query.order == "rank" else self.query.order
        values["view"] = self.view
        values.update(changed)
        if values["view"]:
            # A list of names knows neither filters nor another order.
            values = {name: value for name, value in values.items() if name not in NOT_OF_NAMES}
        return [(name, each) for name, value in values.items() for each in _several(value) if each]


def sharing(args: MultiDict[str, str]) -> list[tuple[str, str]] | None:
    """The parameters without those that sharing programs add; None if there are none of them.

    Raises:
        Refused: an identity number stands among the parameters: it goes into no other address.
    """
    _refuse_private(args)
    if not any(links.is_sharing(name) for name in args):
        return None
    kept = args.to_dict(flat=False)
    return [(name, value) for name, values in kept.items() if not links.is_sharing(name) for value in values]


def read(args: MultiDict[str, str], today: date) -> Asked:
    """Make a question of the parameters.

    Raises:
        Refused: unknown, repeated, malformed or too many; an identity number among them.
    """
    _refuse_private(args)
    given = args.to_dict(flat=False)
    _check_names(given)
    view, order = args.get("view", ""), args.get("order", "") or "rank"
    if view not in VIEWS or order not in ORDERS:
        raise _refused("value", "地址中的显示方式或排序方式不存在。", "There is no such view or order.")
    filters = query.Filters(**{name: _values(name, given.get(name, [])) for name in query.DIMENSIONS})
    try:
        asked = query.ask(plain(args.get("q", "")), today, filters=filters, order=order)
    except query.QueryError as error:
        raise _refused(error.code, error.zh, error.en) from error
    return Asked(replace(asked, page=_page(args.get("page", "1"))), view)


def past_the_end(last: int) -> Refused:
    """The refusal of a page after the last one."""
    zh = f"这次查询的结果只到第 {last} 页。" if last else "这次查询没有结果。"
    en = f"This search ends at page {last}." if last else "This search has no results."
    return Refused(HTTPStatus.NOT_FOUND, "past-the-end", zh, en)


def _refuse_private(args: MultiDict[str, str]) -> None:
    if any(privacy.is_private(value) for _, value in args.items(multi=True)):
        raise errors.identity_number()


def _check_names(given: dict[str, list[str]]) -> None:
    known = {*SINGLE, *query.DIMENSIONS}
    if any(name not in known for name in given):
        raise _refused(
            "unknown-parameter",
            "地址中有本站不认识的查询条件。为避免结果与您的意思不符，没有执行查询。",
            "The address holds a condition that this site does not know. So that you do not get"
            " an answer to another question, nothing was searched.",
        )
    if any(len(given.get(name, [])) > 1 for name in SINGLE):
        raise _refused(
            "repeated-parameter", "地址中有重复的查询条件。", "A condition stands twice in the address."
        )


def _values(name: str, values: list[str]) -> tuple[str, ...]:
    wanted = tuple(dict.fromkeys(plain(value) for value in values if plain(value)))
    if len(wanted) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in wanted):
        raise _refused("value", "筛选条件过多或过长。", "There are too many conditions, or one is too long.")
    digits = {"year": (4,), "area": (2, 4, 6)}.get(name)
    if digits and not all(value.isascii() and value.isdigit() and len(value) in digits for value in wanted):
        raise _refused(
            "value",
            "年份应为四位数字，地区应为二、四或六位数字。",
            "A year has four digits, an area two, four or six.",
        )
    return wanted


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or text.startswith("0"):
        raise _refused("page", "页码应为从 1 开始的数字。", "A page is a number from 1.")
    if len(text) > len(str(query.PAGES)) or int(text) > query.PAGES:
        raise Refused(
            HTTPStatus.NOT_FOUND,
            "page",
            f"每次查询最多翻看 {query.PAGES} 页，每页 {query.SIZE} 条。请用类别、地区、年份缩小范围。",
            f"One search shows at most {query.PAGES} pages of {query.SIZE}. Narrow it by kind, area or year.",
        )
    return int(text)


def _several(value: str | int | tuple[str, ...]) -> Iterable[str]:
    return value if isinstance(value, tuple) else (str(value),)


def _refused(reason: str, zh: str, en: str) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, reason, zh, en)
