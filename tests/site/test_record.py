"""A record's page, its JSON twin, and what is answered when it is not public."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from creditregister.schema import record as table
from creditregister.schema import record_version as versions
from support import registers
from support import town as towns

if TYPE_CHECKING:
    from support.town import Town


def test_whose_what_and_how_sure(town: Town) -> None:
    record = town.record("云市监2〔2026〕1号")
    page = town.pages().get(f"/r/{record.id}")
    assert page.h1 == f"{towns.BODY}对云泽晨光食品有限公司作出行政处罚"
    assert page.links()["云泽晨光食品有限公司"] == f"/s/{towns.DAWN}"
    fields = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert fields["罚款金额"] == "1.50 万元"
    assert fields["处罚决定日期"] == "2026年5月20日"
    assert fields["数据来源单位"] == "云泽省示范单位"
    assert fields["报送批次和行号"] == "第 2 批，第 1 行"
    assert fields["公示时间"] == "2026年11月24日"
    assert "公示至 2027年5月20日 ，还有 177 天" in page.text


def test_the_days_on_a_line_with_a_table_and_reasons(town: Town) -> None:
    record = town.record("云市监2〔2026〕1号")
    page = town.pages().get(f"/r/{record.id}")
    days = dict(zip(page.texts("th"), page.texts("td"), strict=True))
    assert {name: day.partition("日")[0] + "日" for name, day in days.items()} == {
        "决定（认定）": "2026年5月20日",
        "最早可申请修复": "2026年8月20日",
        "今天": "2026年11月24日",
        "本站公示": "2026年11月24日",
        "最后公示日": "2027年5月20日",
    }
    assert page.texts("summary") == ["为什么是这些日期？"]
    (reasons,) = [each for each in page.texts("ol") if "首日不计入" in each]
    assert "最长公示 1 年，至 2027年5月20日。" in reasons
    assert "《信用修复管理办法》第二章" in reasons


def test_a_licence_stays_without_a_last_day(town: Town) -> None:
    page = town.pages().get(f"/r/{town.record('云市监1〔2026〕1号').id}")
    assert "没有固定的截止日期" in page.text
    assert "《中华人民共和国行政许可法》第四十条" in page.text


def test_what_the_source_did_not_give_is_said(town: Town) -> None:
    record = town.record("云市监2〔2026〕1号")
    page = town.pages().get(f"/r/{record.id}")
    missing = page.texts("dd", "missing")
    assert missing
    assert set(missing) == {"来源单位未提供"}


def test_names_without_a_code_are_not_identified(town: Town) -> None:
    record = town.record("云市监2〔2026〕3号")
    page = town.pages().get(f"/r/{record.id}")
    assert "未以代码识别" in page.texts("h2")
    assert not any(address.startswith("/s/") for address in page.links().values())


def test_negative_records_stay_out_of_search_engines(town: Town) -> None:
    pages = town.pages()
    penalty, licence = town.record("云市监2〔2026〕1号"), town.record("云市监1〔2026〕1号")
    page = pages.get(f"/r/{penalty.id}")
    assert page.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert [each.get("content") for each in page.all("meta") if each.get("name") == "robots"]
    assert pages.get(f"/r/{licence.id}").headers["X-Robots-Tag"] == "noarchive"
    assert pages.get(f"/r/{licence.id}.json").headers["X-Robots-Tag"] == "noindex, noarchive"


@pytest.mark.parametrize(("result", "said"), [("passed", "noarchive"), ("failed", "noindex, noarchive")])
def test_an_inspection_is_negative_by_its_result(fresh: Town, result: str, said: str) -> None:
    row = towns.row("inspection", 1, "赤水物流股份有限公司", towns.RIVER, result=result, severity="general")
    registers.deliver(fresh.register, [row], kind="inspection")
    record = next(each for each in fresh.records() if each.kind == "inspection")
    assert fresh.pages().get(f"/r/{record.id}").headers["X-Robots-Tag"] == said


def test_json_twin_is_what_was_published(town: Town) -> None:
    record = town.record("云市监2〔2026〕1号")
    answer = town.pages().get(f"/r/{record.id}.json")
    body = answer.response.get_json()
    assert body["record"] == record.document
    assert record.public in answer.response.data
    assert body["subject"] == towns.DAWN
    assert body["period"] == {
        "rule": "r2026/general",
        "from": "2026-05-20",
        "minimum_end": "2026-08-20",
        "repair_from": "2026-08-20",
        "until": "2027-05-20",
        "held_from": None,
        "provisional": False,
    }
    assert body["source_unit"] == "云泽省示范单位"
    assert (body["version"], body["batch"], body["row"]) == (1, 2, 1)
    assert body["published_at"] == "2026-11-24T12:00:00+08:00"


def test_text_cannot_become_markup(town: Town) -> None:
    record = town.record("云市监2〔2026〕4号")
    page = town.pages().get(f"/r/{record.id}")
    assert page.all("script") == []
    assert page.all("b") == []
    assert "<b>加粗</b>&amp;" in page.text


@pytest.mark.parametrize("path", ["/r/{}", "/r/{}.json", "/en/r/{}"])
def test_unchanged_records_are_304(town: Town, path: str) -> None:
    address = path.format(town.record("云市监2〔2026〕1号").id)
    first = town.pages().get(address)
    assert first.headers["Cache-Control"] == "no-cache"
    ask = {"If-None-Match": first.headers["ETag"]}
    assert town.pages().get(address, 304, headers=ask).response.data == b""


@pytest.mark.parametrize("path", ["/r/{}", "/r/{}.json"])
def test_a_withdrawn_record_is_410_before_any_304(fresh: Town, path: str) -> None:
    record = fresh.record("云市监2〔2026〕1号")
    address = path.format(record.id)
    ask = {"If-None-Match": fresh.pages().get(address).headers["ETag"]}
    fresh.withdraw(record)
    page = fresh.pages().get(address, 410, headers=ask)
    for word in ("处罚", "penalty", "晨光", "2026-05-20", "5月20日", "云市监"):
        assert word not in page.html
    assert page.headers["Cache-Control"] == "no-store"


def test_an_annulled_decision_is_named_with_its_date(fresh: Town) -> None:
    record = fresh.record("云市监2〔2026〕1号")
    fresh.withdraw(record, "annulled")
    page = fresh.pages().get(f"/r/{record.id}", 410)
    assert "云市监2〔2026〕1号" in page.text
    assert "2026年5月20日" in page.text
    assert "2026年11月24日" in page.text
    assert "晨光" not in page.html
    twin = fresh.pages().get(f"/r/{record.id}.json", 410).response.get_json()["error"]
    assert twin == {
        "status": 410,
        "reason": "annulled",
        "document": "云市监2〔2026〕1号",
        "decided": "2026-05-20",
    }


def test_a_tombstone_does_not_last_for_ever(fresh: Town) -> None:
    record = fresh.record("云市监2〔2026〕1号")
    fresh.withdraw(record)
    fresh.later(401 * 24 * 3600 * 1000)
    assert fresh.pages().get(f"/r/{record.id}", 404).h1 == fresh.pages().get("/r/" + "a" * 26, 404).h1


def test_a_term_that_ends_at_midnight(fresh: Town) -> None:
    record = fresh.record("云市监2〔2026〕1号")
    with fresh.register.store.write() as connection:
        for each, last in ((table, "shown_until"), (versions, "max_end")):
            connection.execute(update(each).where(each.c.n == record.n).values({last: "2026-11-24"}))
    page = fresh.pages().get(f"/r/{record.id}")
    assert "公示至 2026年11月24日" in page.text
    assert "今天" in page.text
    ask = {"If-None-Match": page.headers["ETag"]}
    fresh.later(12 * 3600 * 1000)
    gone = fresh.pages().get(f"/r/{record.id}", 410, headers=ask)
    assert "已停止公示" in gone.h1
    assert not any(record.id in link for link in fresh.pages().get("/search?q=晨光").links().values())


def test_persons_have_no_page(town: Town) -> None:
    with town.register.store.read() as connection:
        row = connection.execute(table.select().where(table.c["class"] == "person")).one()
    from creditregister.records import id_text  # noqa: PLC0415 -- only here

    person, nobody = town.pages().get(f"/r/{id_text(row.id)}", 404), town.pages().get("/r/" + "a" * 26, 404)
    assert person.text == nobody.text
    assert (
        town.pages().get(f"/r/{id_text(row.id)}.json", 404).html
        == town.pages().get(f"/r/{'a' * 26}.json", 404).html
    )


def test_other_spellings_of_an_id_are_no_addresses(town: Town) -> None:
    record = town.record("云市监2〔2026〕1号")
    for text in (record.id.upper(), record.id + "a", record.id[:-1], record.id[:-1] + "b", "x", "é" * 26):
        if text != record.id:
            town.pages().get(f"/r/{text}", 404)


def test_english_labels_and_chinese_content(town: Town) -> None:
    record = town.record("云市监2〔2026〕1号")
    page = town.pages().get(f"/en/r/{record.id}")
    assert page.h1 == f"Administrative penalty by {towns.BODY} against 云泽晨光食品有限公司"
    assert "Not given by the source unit" in page.texts("dd", "missing")
    assert "Shown through 20 May 2027 , 177 days left" in page.text
    assert "Why these dates?" in page.texts("summary")
    assert "counted from the day of the decision" in page.text


def test_a_promise_of_missing_papers_past_its_day_says_just_that(fresh: Town) -> None:
    promise = towns.row(
        "commitment",
        1,
        "云泽晨光食品有限公司",
        towns.DAWN,
        content="按期补齐所缺材料",
        commitment_kind="deferred",
        missing_papers="1．设备检定证书",
        made_on="2026-09-21",
        due_on="2026-11-20",
        fulfilment="performing",
    )
    registers.deliver(fresh.register, [promise], kind="commitment")
    fresh.rebuild()
    number = next(each for each in fresh.records() if each.kind == "commitment").id
    page = fresh.pages().get(f"/r/{number}")
    assert "1．设备检定证书" in page.texts("dd")
    assert "补齐期限已过，受理单位尚未确认" in page.texts("dd")
    assert "期限已过" in page.texts("span", "tag")
    found = fresh.pages().get("/search?q=晨光&kind=commitment")
    assert "期限已过" in found.texts("span", "tag")
