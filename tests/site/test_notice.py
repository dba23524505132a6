"""The repair notice 信用修复告知书 that is served with a decision: what it says, for what it can be printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import segno

from creditregister import explanation
from creditsite import qr

if TYPE_CHECKING:
    from support.town import Town

PENALTY, LICENCE, DEBTOR = "云市监2〔2026〕1号", "云市监1〔2026〕1号", "（2026）云9901执7号"


def test_it_says_what_until_when_and_how(town: Town) -> None:
    record = town.record(PENALTY)
    page = town.pages().get(f"/r/{record.id}/notice")
    assert page.h1 == "信用修复告知书"
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert record.document["name"] in facts["当事人"]
    assert PENALTY in facts["决定"]
    assert facts["失信严重程度"] in {"轻微", "一般", "严重"}
    with town.register.store.read() as connection:
        case = explanation.case_of(connection, record)
    why = explanation.explanation(town.register.law, case, town.register.clock.today())
    assert why.last_shown is not None
    assert f"{why.last_shown.year}年{why.last_shown.month}月{why.last_shown.day}日" in facts["公示至"]
    assert why.earliest_repair is not None
    assert f"{why.earliest_repair.month}月{why.earliest_repair.day}日" in facts["最早可申请修复"]
    assert all(step.source.zh in page.text for step in why.steps)
    assert page.headers["X-Robots-Tag"] == "noindex, noarchive"


def test_the_record_leads_to_it_and_back(town: Town) -> None:
    record = town.record(PENALTY)
    pages = town.pages()
    there = pages.get(f"/r/{record.id}").links()["打印信用修复告知书"]
    assert pages.get(there).links()["返回信息页面"] == f"/r/{record.id}"
    english = pages.get(f"/en/r/{record.id}/notice")
    assert english.h1 == "Notice of credit repair"
    assert not {"轻微", "一般", "严重"} & set(english.texts("dd"))


@pytest.mark.parametrize("number", [LICENCE])
def test_what_needs_no_repair_has_none(town: Town, number: str) -> None:
    record = town.record(number)
    pages = town.pages()
    pages.get(f"/r/{record.id}/notice", 404)
    assert "打印信用修复告知书" not in pages.get(f"/r/{record.id}").links()
    pages.get(f"/r/{'a' * 26}/notice", 404)


@pytest.mark.parametrize("state", ["ended", "annulled", "held"])
def test_it_is_gone_with_its_record(fresh: Town, state: str) -> None:
    record = fresh.record(PENALTY)
    fresh.withdraw(record, state)
    pages = fresh.pages()
    assert pages.get(f"/r/{record.id}/notice", 410).h1 == pages.get(f"/r/{record.id}", 410).h1
    assert record.document["name"] not in pages.get(f"/en/r/{record.id}/notice", 410).text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_body_prints_it_before_the_record_is_delivered(town: Town, prefix: str) -> None:
    pages = town.pages()
    asked = f"{prefix}/rules/simulate?kind=penalty&grade=general&decided=2026-11-20"
    there = pages.get(asked).links()["Print the notice of repair" if prefix else "打印信用修复告知书"]
    page = pages.get(there)
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    if prefix:
        assert "to be filled in" in facts["Subject"]
        assert (facts["Grade of misconduct"], facts["Repair from"]) == ("general", "20 February 2027")
        assert facts["Shown through"].startswith("20 November 2027")
    else:
        assert "由送达机关填写" in facts["当事人"]
        assert facts["决定"].startswith("行政处罚")
        assert (facts["失信严重程度"], facts["最早可申请修复"]) == ("一般", "2027年2月20日")
        assert facts["公示至"].startswith("2027年11月20日")
    assert page.links()["Back to the calculation" if prefix else "返回试算"] == asked
    assert page.headers["X-Robots-Tag"] == "noindex, noarchive"


def test_it_leaves_to_the_court_what_the_court_decides_and_names_no_minimum_where_there_is_none(
    town: Town,
) -> None:
    """A court deletes on performance (法释〔2017〕7号 art. 10), whatever a credit portal lets one apply for."""
    pages = town.pages()
    page = pages.get("/rules/simulate/notice?kind=dishonest-debtor&grade=general&decided=2026-11-20")
    facts = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert "由作出决定的机关依照下列依据处理" in facts["最早可申请修复"]
    assert "由认定机关移出或删除" in page.text
    minor = "kind=penalty&grade=minor&condition=necessary&decided=2026-11-20"
    assert "没有最短公示期限" in pages.get(f"/rules/simulate/notice?{minor}").text
    general = "kind=penalty&grade=general&decided=2026-11-20"
    assert "达到最短公示期限" in pages.get(f"/rules/simulate/notice?{general}").text


@pytest.mark.parametrize(
    "query",
    [
        "kind=penalty&decided=2026-11-20",  # held
        "kind=penalty&grade=minor&decided=2026-11-20",  # never
        "kind=penalty&grade=general&decided=2024-11-20",  # over
        "kind=licence&decided=2026-11-20",
        "kind=penalty&grade=general&decided=soon",
        "",
    ],
)
def test_what_is_not_shown_or_not_negative_has_none_before_its_delivery_either(
    town: Town, query: str
) -> None:
    pages = town.pages()
    pages.get(f"/rules/simulate/notice?{query}", 404)
    assert (
        "打印信用修复告知书"
        not in pages.get(f"/rules/simulate?{query}", 400 if "soon" in query else 200).links()
    )


def test_without_a_public_address_there_is_no_code(town: Town) -> None:
    record = town.record(PENALTY)
    assert town.pages().get(f"/r/{record.id}/notice").all("svg", "qr") == []


@pytest.mark.parametrize("text", ["https://credit.example/r/" + "a" * 26, "云泽", "1"])
def test_the_drawing_is_the_code(text: str) -> None:
    made = qr.code(text)
    wanted = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    drawn = [[0] * made.size for _ in range(made.size)]
    for run in made.path.split("M")[1:]:
        place, width = run.split("h")[0], int(run.split("h")[1].split("v")[0])
        x, y = map(int, place.split())
        for at in range(x, x + width):
            drawn[y][at] = 1
    inner = [row[qr.QUIET : -qr.QUIET] for row in drawn[qr.QUIET : -qr.QUIET]]
    assert inner == wanted
    assert not any(any(row) for row in drawn[: qr.QUIET])
