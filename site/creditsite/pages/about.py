"""Pages that explain the site, and what it tells robots: no register is needed for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request
from limits import parse_many

from creditregister import retention
from creditregister.kinds import Label
from creditsite import freshness, links, services, views
from creditsite.guard import limiter
from creditsite.language import page

if TYPE_CHECKING:
    from creditsite.language import Language

blueprint = Blueprint("about", __name__)

#: Crawlers may read the explanations. Search pages, persons and single records are not for their indices.
ROBOTS = """User-agent: *
Disallow: /search
Disallow: /en/search
Disallow: /people
Disallow: /en/people
Disallow: /r/
Disallow: /en/r/
Disallow: /b/
Disallow: /en/b/
Content-Signal: search=yes, ai-train=no
"""

#: The pools of ``limits.toml`` that a reader meets, and what they are for.
_POOLS = (
    ("search", Label("查询", "Searching")),
    ("suggest", Label("输入时的名称建议", "Names suggested while typing")),
    ("reading", Label("阅读页面", "Reading pages")),
    ("people", Label("自然人查询（未查到按十次计）", "Looking up persons (a miss counts as ten)")),
)
#: The lines of the table of retention that concern readers, in its order.
_KEPT = (
    (
        "refused_rows",
        Label("报送中被拒收的行、已答复的待核行", "Delivered rows that were refused, or held and answered"),
    ),
    ("person_records", Label("已停止公示的自然人信息", "Records of persons whose publication has ended")),
    ("company_records", Label("已停止公示的企业信息", "Records of companies whose publication has ended")),
    (
        "unpublished_persons",
        Label("收录后从未公示的自然人信息", "Records of persons that were never published"),
    ),
    (
        "unpublished_companies",
        Label("收录后从未公示的企业信息", "Records of companies that were never published"),
    ),
)
_WINDOWS = {"second": "秒", "minute": "分钟", "hour": "小时", "day": "天"}


@page(blueprint, "/about")
def about() -> Response:
    """What the site is, where its information comes from."""
    return _kept("about.html", kinds=services.current().kinds.values())


@page(blueprint, "/help")
def guide() -> Response:
    """How to search, what the words mean, what the limits are."""
    language = views.current_language()
    pools = limiter.current().policy.pools
    shown = [(label, _spoken(language, pools[name].windows)) for name, label in _POOLS if name in pools]
    return _kept("help.html", limits=shown)


@page(blueprint, "/privacy")
def privacy() -> Response:
    """What is kept about readers, and how persons are protected."""
    terms = retention.load(services.current().settings.store.retention)
    kept = [(what, getattr(terms, field)) for field, what in _KEPT]
    return _kept("privacy.html", terms=kept)


@page(blueprint, "/accessibility")
def accessibility() -> Response:
    """How the site can be used, and what is not yet good."""
    return _kept("accessibility.html")


@blueprint.get("/robots.txt")
def robots() -> Response:
    """What robots are asked to leave alone."""
    site = links.absolute(services.current().settings.site.hosts, request.root_path)
    return Response(f"{ROBOTS}\nSitemap: {site}/sitemap.xml\n" if site else ROBOTS, mimetype="text/plain")


def _kept(template: str, **values: Any) -> Response:  # noqa: ANN401 -- values go to the template as they are
    tag = freshness.of_text()
    return freshness.unchanged(tag) or freshness.stamp(views.render(template, **values), tag)


def _spoken(language: Language, windows: str) -> str:
    """Windows of a pool in words: ``每分钟 60 次``."""
    items = parse_many(windows)
    if language == "en":
        return ", ".join(f"{item.amount} per {item.GRANULARITY.name}" for item in items)
    return "，".join(f"每{_WINDOWS.get(item.GRANULARITY.name, '')} {item.amount} 次" for item in items)
