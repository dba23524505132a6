"""Looking up persons: exact, by POST, costly to guess at, closed without the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import town as towns
from support.pages import Pages

if TYPE_CHECKING:
    from support.town import Town

WHO = {"name": "郑无名", "number": towns.NOBODY}
CASE = {"name": "郑无名", "number": "(2026)云9901执7号"}
MISS = {"name": "郑无名", "number": towns.identity(9)}


@pytest.mark.parametrize(
    "form",
    [
        WHO,
        {**WHO, "name": " 郑 无名 "},
        {**WHO, "number": " ".join(towns.NOBODY)},
        CASE,
        *(
            {**CASE, "number": number}
            for number in (
                "（2026）云9901执7号",
                "〔2026〕云9901执7号",
                "［2026］云９９０１执字第００７号",
                "[2026] 云9901 执 7 号",
                "2026云9901执7号",
                "2026云9901执7",
            )
        ),
    ],
)
def test_whole_name_and_number_find(town: Town, form: dict[str, str]) -> None:
    page = town.pages().post("/people", form)
    assert "查到 1 条公示信息" in page.text
    assert "支付货款" in page.text
    assert towns.NOBODY not in page.html
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex, noarchive"


@pytest.mark.parametrize(
    "form",
    [
        MISS,
        {"name": "郑无", "number": towns.NOBODY},
        {"name": "郑无名", "number": towns.NOBODY[:-1]},
        {"name": "无此人", "number": "(2026)云9901执7号"},
        {"name": "郑无名", "number": "(2025)云9901执7号"},
        {"name": "郑无名", "number": "2026云9901执"},
    ],
)
def test_anything_less_finds_nothing(town: Town, form: dict[str, str]) -> None:
    page = town.pages().post("/people", form)
    assert "没有查到" in page.texts("h2")
    assert "支付货款" not in page.html


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"name": "郑*", "number": towns.NOBODY}, "name"),
        ({"name": "郑＊", "number": towns.NOBODY}, "name"),
        ({"name": "%", "number": towns.NOBODY}, "name"),
        ({"name": "郑无名", "number": "9901001985????????"}, "number"),
        ({"name": "郑无名", "number": "990100*"}, "number"),
        ({"name": "郑无名", "number": "12"}, "number"),
        ({"name": "郑无名", "number": ""}, "number"),
        ({"name": "", "number": towns.NOBODY}, "name"),
        ({"name": " ", "number": towns.NOBODY}, "name"),
        ({"name": "长" * 51, "number": towns.NOBODY}, "name"),
        ({"number": towns.NOBODY}, "name"),
    ],
)
def test_wildcards_and_gaps_are_refused_at_the_field(town: Town, form: dict[str, str], field: str) -> None:
    page = town.pages().post("/people", form, 400)
    assert page.links()[page.texts("p", "why")[0]] == f"#{field}"
    assert page.title.startswith("有误")
    assert towns.NOBODY not in page.html


def test_a_number_in_the_field_of_the_name_is_not_repeated(town: Town) -> None:
    for status, form in (
        (400, {"name": towns.NOBODY, "number": ""}),
        (200, {"name": towns.NOBODY, "number": "x" * 9}),
    ):
        assert towns.NOBODY not in town.pages().post("/people", form, status).html


def test_the_form_is_empty_and_sends_by_post(town: Town) -> None:
    page = town.pages().get("/people?name=郑无名")
    form = page.all("form", "people")[0]
    assert (form.get("method"), form.get("action")) == ("post", "/people")
    assert [each.get("value") for each in form.iter("input")] == ["", ""]
    assert page.headers["Cache-Control"] == "no-store"


def test_a_look_up_from_another_site_is_refused(town: Town) -> None:
    page = town.pages().post("/people", WHO, 403, headers={"Sec-Fetch-Site": "cross-site"})
    assert "支付货款" not in page.html
    town.pages().post("/people", WHO, headers={"Sec-Fetch-Site": "same-origin"})


def test_what_is_too_long_is_413(town: Town) -> None:
    assert town.pages().post("/people", {"name": "x" * 20_000, "number": "y"}, 413).h1


def test_ten_misses_a_day(fresh: Town) -> None:
    seconds = towns.Seconds()
    pages = Pages(fresh.app(seconds=seconds))
    for _ in range(10):
        pages.post("/people", MISS)
        seconds.value += 61
    page = pages.post("/people", MISS, 429)
    assert int(page.headers["Retry-After"]) > 23 * 3600
    seconds.value += int(page.headers["Retry-After"])
    pages.post("/people", MISS)


def test_a_miss_costs_ten_times_a_hit(fresh: Town) -> None:
    seconds = towns.Seconds()
    pages = Pages(fresh.app(seconds=seconds))
    left = []
    for form in (WHO, WHO, MISS, WHO):
        page = pages.post("/people", form)
        left.append(int(page.headers["X-RateLimit-Remaining"]))
        seconds.value += 0.1
    assert left == [59, 58, 48, 47]


def test_one_name_cannot_be_tried_by_many(fresh: Town) -> None:
    app = fresh.app()
    for _ in range(60):
        Pages(app).post("/people", MISS)
    # The look-up folds width, script and invisible characters, and so does the count.
    for spelling in ("郑 无名", "鄭無名", "郑\u200b无名", "郑无\ufeff名\u00ad"):
        Pages(app).post("/people", {**MISS, "name": spelling}, 429)
    Pages(app).post("/people", {**MISS, "name": "郑另一人"})


def test_without_the_counts_the_look_up_is_closed(fresh: Town) -> None:
    (fresh.register.settings.data / "counters.sqlite").mkdir()
    pages = fresh.pages()
    page = pages.post("/people", WHO, 503)
    assert "自然人查询在此期间关闭" in page.text
    assert "支付货款" not in page.html
    assert int(page.headers["Retry-After"]) > 0
    assert pages.get("/search?q=晨光").h1
    assert pages.get("/readyz").response.get_json()["limits"] == "local"


def test_without_the_keys_it_is_503(fresh: Town) -> None:
    (fresh.register.settings.data / "keys" / "lookup.json").unlink()
    assert "支付货款" not in fresh.pages().post("/people", WHO, 503).html


def test_english(town: Town) -> None:
    page = town.pages().post("/en/people", WHO)
    assert "Found 1 record." in page.text
    assert page.all("form", "people")[0].get("action") == "/en/people"
