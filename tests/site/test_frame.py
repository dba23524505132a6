"""The frame around every page: languages, large text, notices, headers, refusals."""

from __future__ import annotations

import re
import sqlite3
from datetime import date
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from jinja2 import Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from creditregister import retention
from creditregister.clock import FixedClock
from creditregister.shipping import shipped
from creditsite import services
from creditsite.language import TAGS
from creditsite.views import Bilingual, Templates
from support import site
from support import town as towns
from support.pages import Pages

if TYPE_CHECKING:
    from pathlib import Path

    from support.town import Town

STATIC = ["/", "/about", "/help", "/privacy", "/accessibility", "/people"]


@pytest.mark.parametrize("path", STATIC)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_static_pages_keep_the_rules(town: Town, path: str, prefix: str) -> None:
    page = town.pages().get(prefix + path)
    assert page.tree.get("lang") == ("en" if prefix else "zh-CN")
    assert page.h1


def test_both_languages_say_something_else(town: Town) -> None:
    pages = town.pages()
    for path in STATIC:
        assert pages.get(path).h1 != pages.get(f"/en{path}").h1


def test_language_link_leads_to_the_same_page(town: Town) -> None:
    pages = town.pages()
    chinese = pages.get("/search?q=晨光&kind=penalty&text=large")
    english = pages.get(chinese.links()["English"])
    assert english.tree.get("lang") == "en"
    assert english.tree.get("class") == "large"
    assert english.links()["中文"].startswith("/search?q=")
    assert "kind=penalty" in english.links()["中文"]


def test_large_text_stays_in_every_link(town: Town) -> None:
    pages = town.pages()
    for path in ("/help?text=large", "/search?q=晨光&text=large", f"/s/{towns.DAWN}?text=large"):
        page = pages.get(path)
        assert page.tree.get("class") == "large"
        lost = [
            href
            for text, href in page.links().items()
            # A file that is downloaded has no size of text.
            if href.startswith("/") and text != "标准字号" and "text=large" not in href and ".csv" not in href
        ]
        assert lost == []


def test_search_form_keeps_large_text(town: Town) -> None:
    page = town.pages().get("/?text=large")
    hidden = [element for element in page.all("input") if element.get("type") == "hidden"]
    assert [(each.get("name"), each.get("value")) for each in hidden] == [("text", "large")]


@pytest.mark.parametrize(
    ("path", "method", "status"),
    [
        ("/nowhere", "GET", 404),
        ("/en/nowhere", "GET", 404),
        ("/static/nothing.css", "GET", 404),
        ("/static/..%2fpyproject.toml", "GET", 404),
        ("/r/" + "a" * 26, "GET", 404),
        ("/r/" + "a" * 26 + ".json", "GET", 404),
        ("/search", "POST", 405),
        ("/search", "OPTIONS", 405),
        ("/", "DELETE", 405),
        ("/search?nonsense=1", "GET", 400),
        ("/search/", "GET", 404),
    ],
)
def test_refusals_are_pages_with_every_header(town: Town, path: str, method: str, status: int) -> None:
    page = town.pages().open(path, method, status)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, noarchive"
    if not path.endswith(".json"):
        assert page.tree.get("lang") == ("en" if path.startswith("/en") else "zh-CN")
        assert "首页" in page.text or "search page" in page.text or page.tree.get("lang") == "en"


def test_redirects_carry_no_host(town: Town) -> None:
    pages = town.pages()
    assert pages.get("/en", 308).headers["Location"] == "/en/"
    assert pages.get(f"/s/{towns.DAWN.lower()}", 308).headers["Location"] == f"/s/{towns.DAWN}"


def test_refused_json_is_json(town: Town) -> None:
    answer = town.pages().get("/r/" + "a" * 26 + ".json", 404).response
    assert answer.get_json() == {"error": {"status": 404, "reason": "not-found"}}


def test_a_fault_shows_a_number_and_nothing_of_its_inside(town: Town) -> None:
    app = town.app()
    secret = "秘密的内容"

    @app.get("/fault")
    def fault() -> str:
        raise RuntimeError(secret)

    with_line = app.extensions["creditsite.guard"].policy.routes
    with_line["fault"] = with_line["home.show"]
    page = Pages(app).get("/fault?q=另一个秘密", 500)
    assert secret not in page.html
    assert "另一个秘密" not in page.html
    assert page.texts("code")
    assert "RuntimeError" not in page.html


def test_a_lost_register_is_503_and_says_how_long(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "register.sqlite").write_bytes(b"not a database at all" * 100)
    pages = Pages(site.make(data))
    for path in ("/", "/search?q=x", f"/s/{towns.DAWN}", "/r/" + "a" * 26):
        page = pages.get(path, 503)
        assert page.headers["Retry-After"] == "30"
    assert pages.get("/readyz", 503).response.get_json()["register"] == "away"
    assert pages.get("/help").h1
    with pytest.raises(sqlite3.DatabaseError), sqlite3.connect(data / "register.sqlite") as broken:
        broken.execute("SELECT * FROM sqlite_master")
    broken.close()


def test_demo_says_so_on_every_page(tmp_path: Path) -> None:
    (tmp_path / "DEMO").touch()
    pages = Pages(site.make(tmp_path))
    for path, status in (("/", 200), ("/help", 200), ("/nowhere", 404), ("/people", 200)):
        assert "演示数据" in pages.get(path, status).html
    assert "Demonstration data" in pages.get("/en/about").html


def test_another_day_is_marked_on_every_page(tmp_path: Path) -> None:
    pages = Pages(site.make(tmp_path, above={"today": date(2027, 1, 15)}))
    for path, status in (("/", 200), ("/nowhere", 404)):
        assert "2027年1月15日" in pages.get(path, status).html
    assert "15 January 2027" in pages.get("/en/").html


def test_ordinary_pages_carry_no_notice(town: Town) -> None:
    assert not town.pages().get("/").all("section", "notices")


def test_static_files_are_named_by_their_content(town: Town) -> None:
    pages = town.pages()
    style = next(
        element.get("href") for element in pages.get("/").all("link") if element.get("rel") == "stylesheet"
    )
    assert style is not None
    answer = pages.get(style)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert pages.get(style.partition("?")[0]).headers["Cache-Control"] == "no-cache"
    again = pages.get(style, 304, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.response.data == b""


@pytest.mark.parametrize("name", ["site.css", "suggest.js"])
def test_a_file_is_served_without_comments_and_indentation_and_otherwise_whole(town: Town, name: str) -> None:
    written = (shipped("static", services.__file__) / name).read_text("utf-8")
    served = town.pages().get(f"/static/{name}").html
    lines = [line.strip() for line in written.splitlines()]
    kept = [line for line in lines if line and not line.startswith(("//", "/*"))]
    whole = "\n".join(kept)
    if name.endswith(".css"):
        assert not any(set("{};,") & set(text) for text in re.findall(r'"[^"]*"', whole))
        whole = re.sub(r"\s*([{};,])\s*", r"\1", whole)
    assert "\n".join(line for line in served.splitlines() if line) == whole


def test_pages_are_light(town: Town) -> None:
    pages = town.pages()
    static = sum(path.stat().st_size for path in shipped("static", services.__file__).iterdir())
    style = shipped("static", services.__file__) / "site.css"
    assert style.stat().st_size < 20_000
    assert len(pages.get("/").response.data) + static < 30_000
    assert len(pages.get("/search?q=云泽").response.data) + static < 60_000
    assert len(pages.get("/search?q=青石").response.data) + static < 60_000


def test_health(town: Town) -> None:
    pages = town.pages()
    assert pages.get("/healthz").response.data == b"ok\n"
    ready = pages.get("/readyz").response.get_json()
    assert ready == {"ready": True, "register": "ok", "index": "current", "limits": "shared"}


def test_an_index_that_is_missing_makes_readiness_red(fresh: Town, tmp_path: Path) -> None:
    empty = fresh.app(open_engine=lambda settings: towns.index_elsewhere(settings, tmp_path / "none"))
    assert Pages(empty).get("/readyz", 503).response.get_json()["index"] == "away"


def test_robots(town: Town) -> None:
    text = town.pages().get("/robots.txt").response.get_data(as_text=True)
    assert "Disallow: /search" in text
    assert "Disallow: /people" in text


def test_checkpoint_is_served_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    pages = Pages(site.make(tmp_path))
    assert "检查点" in pages.get("/log/checkpoint", 404).text
    note = "log.invalid/x\n7\nAAAA\n\n— log.invalid/x BBBB\n"
    (tmp_path / "log" / "checkpoint").write_text(note, encoding="utf-8")
    answer = pages.get("/log/checkpoint")
    assert answer.html == note
    assert answer.headers["Cache-Control"] == "no-cache"
    pages.get("/log/checkpoint", 304, headers={"If-None-Match": answer.headers["ETag"]})


def test_hosts_that_are_not_ours_are_refused(tmp_path: Path) -> None:
    app = site.make(tmp_path, above={"site": {"hosts": ("credit.example",)}})
    pages = Pages(app)
    assert pages.get("/help", headers={"Host": "credit.example"}).h1
    page = pages.get("/help", 400, headers={"Host": "evil.example"})
    assert "evil.example" not in page.html


def test_the_site_can_be_mounted_below_another(town: Town) -> None:
    page = Pages(town.app()).get("/help", environ_overrides={"SCRIPT_NAME": "/credit"})
    assert page.links()["关于本站"] == "/credit/about"


def test_sharing_below_english_keeps_the_language(town: Town) -> None:
    answer = town.pages().get("/en/search?q=晨光&utm_source=x&from=timeline", 302)
    assert answer.headers["Location"].startswith("/en/search?q=%E6%99%A8")
    assert "utm" not in answer.headers["Location"]


def test_every_page_has_another_title(town: Town) -> None:
    pages = town.pages()
    titles = [pages.get(path).title for path in STATIC]
    assert len(set(titles)) == len(titles)


def test_pages_of_a_day_end_with_it(fresh: Town) -> None:
    tag = fresh.pages().get(f"/s/{towns.DAWN}").headers["ETag"]
    ask = {"If-None-Match": tag}
    fresh.pages().get(f"/s/{towns.DAWN}", 304, headers=ask)
    tomorrow = FixedClock(fresh.register.clock.now() + 24 * 3600 * 1000)
    assert fresh.pages(clock=tomorrow).get(f"/s/{towns.DAWN}", headers=ask).status == 200
    assert isinstance(fresh.app(), Flask)


def test_the_first_page_counts_kinds_and_names_the_empty_ones(town: Town) -> None:
    page = town.pages().get("/")
    tiles = page.texts("ul", "tiles")[0]
    assert "行政许可 47 条" in tiles
    assert "信用承诺" not in tiles
    assert "信用承诺" in page.text
    assert "2026年11月24日" in page.text


def test_examples_are_shown_in_a_demo_only(fresh: Town) -> None:
    assert not fresh.pages().get("/").all("p", "examples")
    (fresh.register.settings.data / "DEMO").touch()
    pages = fresh.pages()
    for address in [
        link.get("href") or "" for box in pages.get("/").all("p", "examples") for link in box.iter("a")
    ]:
        assert pages.get(address).all("ol", "hits"), address


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_privacy_says_how_long_what_is_kept(town: Town, prefix: str) -> None:
    terms = retention.load()
    page = town.pages().get(f"{prefix}/privacy")
    records = (terms.person_records, terms.company_records)
    unpublished = (terms.unpublished_persons, terms.unpublished_companies)
    days = [f"{term.days:,}" for term in (terms.refused_rows, *records, *unpublished)]
    cells = [cell for cell in page.texts("td") if "天" in cell or "days" in cell]
    assert all(wanted in cell for wanted, cell in zip(days, cells, strict=True))
    assert (terms.person_records.source.zh if not prefix else terms.person_records.source.en) in page.text


def test_templates_escape_what_they_put_out_and_fail_for_what_is_not_there() -> None:
    made = Templates(autoescape=True, undefined=StrictUndefined)
    values = "{{ text }} {{ safe }} {{ row.real }} {{ document.name }} "
    macro = "{% macro own(it) %}<i>{{ it }}</i>{% endmacro %}{{ own(text) }}"
    kept = "{% set kept %}{{ text }}{% endset %}{{ kept }}"
    shown = made.from_string(values + macro + kept).render(
        text="<&\"'>", safe=Markup("<b>"), row=7, document={"name": "<名>"}
    )
    escaped = "&lt;&amp;&#34;&#39;&gt;"
    assert shown == f"{escaped} <b> 7 &lt;名&gt; <i>{escaped}</i>{escaped}"
    for missing in ("{{ row.nothing }}", "{{ nothing }}", "{{ document.nothing }}"):
        with pytest.raises((AttributeError, UndefinedError)):
            made.from_string(missing).render(row=7, document={})


def test_both_languages_of_a_label_become_one_attribute(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        '{{ t(a.b.zh, a.b.en) }}|{{ t("中", "E") }}|{{ t(a.zh, b.en) }}', encoding="utf-8"
    )
    read = {
        tag: Bilingual(tmp_path, tag).get_source(Environment(autoescape=True), "page.html")[0] for tag in TAGS
    }
    assert read == {
        "zh": '{{ a.b.zh }}|{{ "中" }}|{{ t(a.zh, b.en) }}',
        "en": '{{ a.b.en }}|{{ "E" }}|{{ t(a.zh, b.en) }}',
    }
