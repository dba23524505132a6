"""The rules as pages: the sets that hold, the simulator, and a record's days for a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from creditregister import nextversion, publication
from creditregister.publication import Author
from creditregister.schema import record as record_table
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


def test_a_corrected_day_replaces_the_one_in_a_calendar(fresh: Town) -> None:
    record = fresh.record("云市监2〔2026〕1号")

    def told() -> dict[str, list[str]]:
        text = fresh.pages().get(f"/r/{record.id}.ics").response.get_data(as_text=True)
        names = ("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE")
        lines = [line.split(":", 1) for line in text.splitlines() if ":" in line]
        return {name: sorted({value for key, value in lines if key == name}) for name in names}

    before = told()
    assert before["SEQUENCE"] == ["0"]
    fresh.later(3_600_000)
    with fresh.register.store.read() as connection:
        (row,) = nextversion.current(connection, record_table.c.n == record.n)
    with fresh.register.store.write() as connection:
        author = Author("test", "corrected", fresh.register.clock.now())
        term = nextversion.term_of(row)._replace(max_end="2026-12-20")
        publication.correct(connection, [nextversion.following(row, "public", term=term)], author)
    after = told()
    assert after["SEQUENCE"] == ["1"]
    assert after["DTSTAMP"] == after["LAST-MODIFIED"] > before["DTSTAMP"]
    assert after["DTSTAMP"][0].endswith(f"T{(fresh.register.clock.now() // 3_600_000) % 24:02d}0000Z")
    assert set(after["UID"]) <= set(before["UID"])
