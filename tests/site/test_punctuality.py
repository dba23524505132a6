"""``/punctuality`` and ``/coverage``: who reports how lately, in words, chart, tables and files."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from sqlalchemy import insert

from creditregister.cli import main
from creditregister.schema import schedule
from support import registers
from support import town as towns
from support.registers import UNIT
from support.town import NOBODY, STONE

if TYPE_CHECKING:
    from support.pages import Pages
    from support.town import Town

LATE, PUNCTUAL = "2026-10-09", "2026-11-20"


@pytest.fixture
def reporting(fresh: Town) -> Town:
    """The town, whose unit owes licences monthly and penalties weekly, and delivered some of them."""
    with fresh.register.store.write() as connection:
        for kind, every in (("licence", "month"), ("penalty", "month"), ("levy", "month")):
            connection.execute(insert(schedule).values(unit_id=1, kind=kind, every=every, since="2026-09-01"))
    rows = [
        towns.row("licence", 800 + n, "青石贸易有限公司", STONE, decision_date=day, content=f"第{n}项")
        for n, day in enumerate([LATE, PUNCTUAL, PUNCTUAL])
    ]
    registers.deliver(fresh.register, rows, kind="licence", received=date(2026, 11, 23))
    registers.deliver(fresh.register, [], kind="licence", received=date(2026, 9, 30))
    fresh.follow()
    return fresh


def table(pages: Pages, path: str) -> list[dict[str, str]]:
    body = pages.get(path).response.get_data().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body, newline="")))


def test_punctuality_in_words_chart_and_table(reporting: Town) -> None:
    page = reporting.pages().get("/punctuality")
    assert "计入 3 条，单位按时报送的占 67%" in page.text
    assert "共 3 条，按时 67%，迟报 33%。" in page.text
    assert len(page.all("figure", "chart")) == 1
    cells = [" ".join("".join(cell.itertext()).split()) for cell in page.all("tr")[1]]
    assert cells == [f"{UNIT}行政许可", "3", "2 (67%)", "1", "1", "不足以比较"]


def test_periods_reported_zero_and_missing(reporting: Town) -> None:
    pages = reporting.pages()
    licence, levy, penalty = sorted(
        table(pages, "/punctuality.csv"), key=lambda row: row["信息类别"] != "行政许可"
    )
    # September was a zero report, October is missing (23 November is too late for it).
    assert [licence[name] for name in ("应报期数", "已报期数", "零报送期数", "漏报期数", "漏报率")] == [
        "2",
        "0",
        "1",
        "1",
        "50%",
    ]
    assert {levy["漏报期数"], penalty["漏报期数"]} == {"2"}
    assert "报送周期" in pages.get("/punctuality").texts("h2")


def test_one_unit_alone_and_nobody_else(reporting: Town) -> None:
    pages = reporting.pages()
    page = pages.get(f"/punctuality?unit={quote(UNIT)}")
    assert page.h1 == f"报送时效：{UNIT}"
    pages.get(f"/punctuality?unit={quote('无此单位')}", 404)
    assert NOBODY not in pages.get(f"/punctuality?unit={NOBODY}", 400).html


def test_before_anything_can_be_assessed_it_says_so(town: Town) -> None:
    page = town.pages().get("/punctuality")
    assert "还没有可以评价的决定" in page.text
    assert page.all("figure", "chart") == []


def test_deadlines_without_the_next_notice_are_said_before_and_in_december(reporting: Town) -> None:
    pages = reporting.pages()
    text = pages.get("/punctuality").text
    # Twenty working days from here reach the days that the next notice may move; the alarm is December's.
    assert "最早进入尚未公布放假安排的日期的是" in text
    assert "本日期为暂定" in text
    assert "缺少 2027 年" not in text
    assert "the first to reach days off that are not announced yet" in pages.get("/en/punctuality").text
    assert {row["期数中暂定"] for row in table(pages, "/punctuality.csv")} == {"0"}
    reporting.later(10 * 86_400_000)
    assert "缺少 2027 年的放假安排" in pages.get("/punctuality").text
    reporting.later(30 * 86_400_000)
    assert "、0 条撤下信息、3 期报送的期限" in pages.get("/punctuality").text
    assert "3 periods touch days off" in pages.get("/en/punctuality").text
    assert {row["期数中暂定"] for row in table(pages, "/punctuality.csv")} == {"1"}


def test_a_delivery_or_schedule_ends_a_kept_page(reporting: Town) -> None:
    pages = reporting.pages()
    tags = {path: pages.get(path).headers["ETag"] for path in ("/punctuality", "/coverage")}
    for path, tag in tags.items():
        pages.get(path, 304, headers={"If-None-Match": tag})
    registers.deliver(reporting.register, [], kind="levy", received=date(2026, 10, 30))
    for path, tag in tags.items():
        pages.get(path, 200, headers={"If-None-Match": tag})


def test_the_record_page_tells_both_lags(reporting: Town) -> None:
    pages = reporting.pages()
    late = next(each for each in reporting.records() if each.decided == LATE)
    text = pages.get(f"/r/{late.id}").text.replace(" ", "")
    assert "从决定到报送（单位）32个工作日，期限为2026年10月19日，迟报。" in text
    assert "从报送到公示（本站）1个工作日。" in text
    english = pages.get(f"/en/r/{late.id}").text
    assert "32 working days; due by 19 October 2026 , delivered late." in english
    told = json.loads(pages.get(f"/r/{late.id}.json").response.get_data())["lags"]
    assert (told["unit_workdays"], told["late"], told["due"], told["site_workdays"]) == (
        32,
        True,
        "2026-10-19",
        1,
    )


def test_coverage_shows_what_is_there_and_every_gap(reporting: Town) -> None:
    pages = reporting.pages()
    page = pages.get("/coverage")
    assert "其中 3 项逾期未报" in page.text
    rows = {row["信息类别"]: row for row in table(pages, "/coverage.csv")}
    assert rows["行政许可"]["状态"] == "逾期未报"
    assert rows["行政征收"]["状态"] == "应报未报"
    assert rows["失信被执行人"]["状态"] == "未定周期"
    assert rows["行政奖励"]["状态"] == "无报送"
    assert rows["行政许可"]["目前公示条数"] == "50"
    assert "没有报送：" in page.text
    assert "行政奖励" in page.text


def test_public_now_is_what_a_search_finds(reporting: Town) -> None:
    pages = reporting.pages()
    public = sum(int(row["目前公示条数"] or 0) for row in table(pages, "/coverage.csv"))
    assert f"{public} 条，" in pages.get("/search").text


def test_the_command_tells_what_is_missing(reporting: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_DATA", str(reporting.register.settings.data))
    monkeypatch.setenv("CREDIT_TODAY", "2026-11-24")
    done = CliRunner().invoke(main, ["coverage", "--missing", "--json"])
    assert done.exit_code == 1
    told = json.loads(done.output)
    assert {each["kind"]: len(each["missing"]) for each in told["cells"]} == {
        "licence": 1,
        "penalty": 2,
        "levy": 2,
    }
    assert next(each for each in told["cells"] if each["kind"] == "licence")["missing"][0] == {
        "from": "2026-10-01",
        "to": "2026-10-31",
        "due": "2026-11-10",
        "provisional": False,
    }
    assert "reward" in told["kinds_nowhere"]
    assert CliRunner().invoke(main, ["coverage"]).exit_code == 0
    monkeypatch.setenv("CREDIT_TODAY", "2026-09-20")
    assert CliRunner().invoke(main, ["coverage", "--missing"]).exit_code == 0


@pytest.mark.parametrize("path", ["/en/punctuality", "/en/coverage"])
def test_english_is_complete(reporting: Town, path: str) -> None:
    text = reporting.pages().get(path).text
    assert not re.search("[\u4e00-\u9fff]", text.replace(UNIT, ""))
