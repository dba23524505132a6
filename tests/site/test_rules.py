"""The rules as pages: the sets that hold, the simulator, and a record's days for a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support import town as towns

if TYPE_CHECKING:
    from support.town import Town

ASKED = "/rules/simulate?kind=penalty&decided=2026-05-20"


def test_every_set_in_force_stands_there_with_its_source(town: Town) -> None:
    page = town.pages().get("/rules")
    sets = page.texts("h3")
    assert "信用修复管理办法（2026年）" in sets
    assert "上海市社会信用条例" not in sets
    assert "市场监督管理行政处罚信息公示规定" in page.text.partition("不适用于本站")[2]
    assert "国家发展改革委令第36号" in page.text
    assert "3 个月至 1 年" in page.texts("td")
    assert town.pages().get("/en/rules").texts("h3")


def test_a_unit_sees_the_window_and_the_reasons_before_it_delivers(town: Town) -> None:
    page = town.pages().get(f"{ASKED}&grade=general")
    assert page.texts("h2")[0] == "公示至 2027年5月20日"
    days = dict(zip(page.texts("th"), page.texts("td"), strict=True))
    assert days["最早可申请修复"] == "2026年8月20日"
    assert "最长公示 1 年，至 2027年5月20日。" in page.texts("ol")[0]
    assert "《信用修复管理办法》第二章" in page.texts("ol")[0]


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ("", "暂缓公示，待补充信息"),
        ("&grade=minor", "不公示"),
        ("&grade=minor&condition=necessary&on=2026-06-01", "公示至 2026年8月20日"),
        ("&grade=general&on=2027-05-21", "公示期已过，不公示"),
        ("&grade=general&own_end=2026-12-31", "公示至 2026年12月31日"),
    ],
)
def test_what_else_the_rules_can_say(town: Town, more: str, answer: str) -> None:
    assert town.pages().get(ASKED + more).texts("h2")[0] == answer


def test_a_permanent_ban_has_no_last_day(town: Town) -> None:
    page = town.pages().get("/rules/simulate?kind=market-ban&decided=2026-05-20&valid_to=永久")
    assert page.texts("h2")[0] == "公示，没有固定的截止日期"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=nonsense&decided=2026-05-20", "kind"),
        ("kind=penalty", "decided"),
        ("kind=penalty&decided=01/02/2026", "decided"),
        ("kind=penalty&decided=2026-05-20&on=长期", "on"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(town: Town, query: str, field: str) -> None:
    page = town.pages().get(f"/rules/simulate?{query}", 400)
    assert f"#{field}" in page.links().values()
    assert page.texts("p", "why")


def test_an_identity_number_is_not_shown_again(town: Town) -> None:
    page = town.pages().get(f"/rules/simulate?kind=penalty&decided={towns.NOBODY}", 400)
    assert towns.NOBODY not in page.html


def test_the_days_to_come_for_a_calendar(town: Town) -> None:
    record = town.record("云市监2〔2026〕1号")
    answer = town.pages().get(f"/r/{record.id}.ics").response
    assert answer.mimetype == "text/calendar"
    text = answer.get_data(as_text=True)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    assert "DTSTART;VALUE=DATE:20270520\r\nDTEND;VALUE=DATE:20270521\r\n" in whole
    assert "SUMMARY:最后公示日：" in whole
    assert whole.count("BEGIN:VEVENT") == 1  # repair is possible already


def test_a_withdrawn_record_has_no_calendar(fresh: Town) -> None:
    record = fresh.record("云市监2〔2026〕1号")
    fresh.withdraw(record)
    fresh.pages().get(f"/r/{record.id}.ics", 410)
