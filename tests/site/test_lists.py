"""Pages of lists, and the question whether a subject is barred from a field."""

from __future__ import annotations

import json
import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from creditregister import bans
from creditregister.shipping import shipped
from creditsite import services
from creditsite.pages import bans as bans_page
from support import town as towns
from support.registers import deliver

if TYPE_CHECKING:
    from pathlib import Path

    from support.town import Town

NUMBER = "云应急禁〔2026〕7号"


def barred(town: Town, number: int = 7, code: str = towns.RIVER, **fields: Any) -> None:
    values = {
        "document_number": NUMBER,
        "ban_field": ["work-safety", "city"],
        "basis": "《安全生产法》第九十四条",
        "valid_from": "2026-05-01",
        "valid_to": "2027-04-30",
    } | fields
    made = towns.row("market-ban", number, "赤水物流股份有限公司", code, **values)
    deliver(town.register, [made], kind="market-ban")


def ask(town: Town, **question: str) -> dict[str, Any]:
    asked = {"code": towns.RIVER, "field": "work-safety"} | question
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer: dict[str, Any] = json.loads(town.pages().get(f"/bans.json?{query}").html)
    return answer


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_all_lists_and_each_of_them(town: Town, prefix: str) -> None:
    pages = town.pages()
    links = [link.get("href") or "" for link in pages.get(f"{prefix}/lists").all("a")]
    each = [link for link in links if link.startswith(f"{prefix}/lists/")]
    assert len(each) >= 11
    heads = [
        "Basis",
        "Who is put on it",
        "How it is decided",
        "Objection and remedies",
        "How one gets off it",
    ]
    for link in each:
        said = pages.get(link).texts("h2")
        assert said[:5] == (heads if prefix else ["依据", "认定标准", "认定程序", "异议和救济", "退出"])
    pages.get(f"{prefix}/lists/nothing", 404)


def test_entries_are_counted_by_list_and_year_persons_not_among_them(fresh: Town) -> None:
    entries = [
        towns.row("serious-list", n, f"云泽{n}号公司", towns.unified(50 + n), dishonesty_field=words)
        for n, words in ((1, ["tax"]), (2, ["tax", "wages"]))
    ]
    person = towns.row("false-litigation", 3, "郑无名", "", klass="person", secret=towns.NOBODY)
    deliver(fresh.register, [person], kind="false-litigation")
    deliver(fresh.register, entries, kind="serious-list")
    pages = fresh.pages()
    assert "2 条" in pages.get("/lists/tax").texts("td")
    assert "1 条" in pages.get("/lists/wages").texts("td")
    assert "目前没有单位或者个体工商户的公示信息。" in pages.get("/lists/false-litigation").text
    fresh.withdraw(fresh.records()[-1])
    assert "1 条" in pages.get("/lists/tax").texts("td")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_entry_leads_to_the_pages_of_its_lists(fresh: Town, prefix: str) -> None:
    entry = towns.row("serious-list", 1, "云泽1号公司", towns.unified(51), dishonesty_field=["tax", "wages"])
    deliver(fresh.register, [entry], kind="serious-list")
    pages = fresh.pages()
    addresses = {
        record.kind: pages.get(f"{prefix}/r/{record.id}").links().values() for record in fresh.records()
    }
    for kind, lists in (
        ("serious-list", ["tax", "wages"]),
        ("dishonest-debtor", ["debtors"]),
        ("penalty", []),
    ):
        found = [each for each in addresses[kind] if each.startswith(f"{prefix}/lists/")]
        assert found == [f"{prefix}/lists/{name}" for name in lists]
        assert all(pages.get(each) for each in found)


def test_other_texts_of_lists_are_another_release_and_end_every_kept_page(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law, settings = town.register.law, town.register.settings
    before = services.release_of(law.kinds, law.book.digest, settings)
    assert services.release_of(law.kinds, law.book.digest, settings) == before
    shutil.copytree(shipped("config") / "lists", tmp_path / "lists")
    text = (tmp_path / "lists" / "tax.toml").read_text(encoding="utf-8")
    (tmp_path / "lists" / "tax.toml").write_text(f"{text}# another word\n", encoding="utf-8")
    monkeypatch.setattr(
        services, "shipped", lambda name, *of: tmp_path if name == "config" else shipped(name, *of)
    )
    assert services.release_of(law.kinds, law.book.digest, settings) != before


def test_a_ban_is_proven_by_its_record(fresh: Town) -> None:
    barred(fresh)
    (record,) = (each for each in fresh.records() if each.kind == "market-ban")
    page = fresh.pages().get(f"/bans?code={towns.RIVER}&field=work-safety")
    assert "有生效的禁入信息" in page.texts("h2")
    assert page.links()[NUMBER] == f"/r/{record.id}"
    assert "《安全生产法》第九十四条" in page.text
    found = ask(fresh)
    assert (found["answer"], found["on"], found["as_of"]) == ("barred", "2026-11-24", "2026-11-24")
    assert found["subject"] == {"code": towns.RIVER, "name": "赤水物流股份有限公司"}
    (proof,) = found["records"]
    assert (proof["id"], proof["document"], proof["until"], proof["permanent"]) == (
        record.id, NUMBER, "2027-04-30", False,
    )  # fmt: skip
    assert proof["basis"] == "《安全生产法》第九十四条"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ({"field": "city"}, "barred"),
        ({"code": towns.RIVER[8:17]}, "barred"),
        ({"on": "2026-05-01"}, "barred"),
        ({"on": "2027-04-30"}, "barred"),
        ({"on": "2026-04-30"}, "no-valid-record"),
        ({"on": "2027-05-01"}, "no-valid-record"),
        ({"field": "care"}, "no-valid-record"),
        ({"code": towns.STONE}, "no-valid-record"),
        ({"code": towns.unified(98)}, "no-valid-record"),
    ],
)
def test_field_and_day_decide(fresh: Town, question: dict[str, str], answer: str) -> None:
    barred(fresh)
    found = ask(fresh, **question)
    assert (found["answer"], bool(found["records"]), bool(found["subject"])) == (
        answer, answer == "barred", answer == "barred",
    )  # fmt: skip


def test_an_end_known_by_its_year_only_is_the_day_on_which_the_record_leaves(fresh: Town) -> None:
    barred(fresh, valid_to="2027")
    (record,) = (each for each in fresh.records() if each.kind == "market-ban")
    (proof,) = ask(fresh, on="2027-01-01")["records"]
    assert proof["until"] == record.shown_until == "2027-01-01"
    assert ask(fresh, on="2027-01-02")["answer"] == "no-valid-record"


def test_a_permanent_ban_has_no_end(fresh: Town) -> None:
    barred(fresh, duration="permanent", valid_to="长期")
    (proof,) = ask(fresh, on="2099-01-01")["records"]
    assert (proof["until"], proof["permanent"]) == (None, True)
    assert "永久" in fresh.pages().get(f"/bans?code={towns.RIVER}&field=work-safety").text


def test_no_record_is_not_no_and_says_what_is_covered(fresh: Town) -> None:
    barred(fresh)
    page = fresh.pages().get(f"/bans?code={towns.DAWN}&field=care")
    assert "没有有效的禁入信息" in page.texts("h2")
    assert "这不等于该主体没有被禁入" in page.text
    (source,) = ask(fresh, code=towns.DAWN)["coverage"]
    assert (source["public"], source["last_delivery"]) == (1, "2026-11-24")
    assert source["unit"] in page.text


def test_a_ban_is_lifted_by_itself_after_its_last_day(fresh: Town) -> None:
    barred(fresh, valid_to="2026-11-24")
    (record,) = (each for each in fresh.records() if each.kind == "market-ban")
    assert ask(fresh)["answer"] == "barred"
    fresh.pages().get(f"/r/{record.id}")
    fresh.later(86_400_000)
    assert ask(fresh)["answer"] == "no-valid-record"
    past = ask(fresh, on="2026-11-24")
    # What is over proves nothing any more, and that it was not looked for is said.
    assert (past["answer"], past["limits"]) == ("no-valid-record", ["ended-not-searched"])
    question = f"bans?code={towns.RIVER}&field=work-safety&on="
    text = fresh.pages().get(f"/{question}2026-11-24").text.replace(" ", "")
    assert "截至2026年11月25日已经停止公示的禁入信息不在查询范围内" in text
    english = fresh.pages().get(f"/en/{question}2026-11-24").text
    assert "bans whose publicity has ended, as of 25 November 2026 , are not searched" in english
    for day in ("2026-11-25", "2026-11-26"):
        assert ask(fresh, on=day)["limits"] == []
        assert "不在查询范围内" not in fresh.pages().get(f"/{question}{day}").text
    fresh.pages().get(f"/r/{record.id}", 410)


def test_a_list_that_was_cut_off_is_said(fresh: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bans, "MOST", 1)
    barred(fresh, 7)
    assert ask(fresh)["limits"] == []
    barred(fresh, 8, document_number="云泽禁〔2026〕8号", ban_field=["city"])
    found = [ask(fresh, field=field) for field in ("city", "work-safety", "care")]
    assert [each["limits"] for each in found] == [["list-cut"]] * 3
    assert sum(each["answer"] == "barred" for each in found) == 1
    page = f"bans?code={towns.RIVER}&field=care"
    assert "禁入信息超过 1 条，只查了最近的 1 条" in fresh.pages().get(f"/{page}").text
    assert "more than 1 bans under this code" in fresh.pages().get(f"/en/{page}").text


def test_a_withdrawn_ban_bars_nobody(fresh: Town) -> None:
    barred(fresh)
    (record,) = (each for each in fresh.records() if each.kind == "market-ban")
    fresh.withdraw(record)
    assert ask(fresh)["answer"] == "no-valid-record"


def test_a_ban_follows_a_merge_and_names_without_codes_bar_nobody(fresh: Town) -> None:
    barred(fresh, 8, "")
    assert ask(fresh)["answer"] == "no-valid-record"


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("code=1&field=care", "code"),
        ("field=care", "code"),
        (f"code={towns.RIVER}&field=gold", "field"),
        (f"code={towns.RIVER}", "field"),
        (f"code={towns.RIVER}&field=care&on=soon", "on"),
        (f"code={towns.RIVER}&field=care&on=20260401", "on"),
        (f"code={towns.RIVER}&field=care&more=1", "unknown-parameter"),
        (f"code={towns.NOBODY}&field=care", "identity-number"),
    ],
)
def test_a_wrong_question_is_refused_with_its_reason(town: Town, query: str, reason: str) -> None:
    refused = json.loads(town.pages().get(f"/bans.json?{query}", 400).html)
    assert refused["error"]["reason"] == reason


def test_an_answer_is_made_anew_when_what_it_covers_changes(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A delivery without rows changes the coverage and makes no entry of the ledger."""
    url = f"/bans.json?code={towns.RIVER}&field=care"
    before = town.pages().get(url).headers["ETag"]
    assert town.pages().get(url).headers["ETag"] == before
    delivered = [bans_page.Source("云泽市示范监管局", date(2026, 11, 24), 0)]
    monkeypatch.setattr(bans_page, "_sources", lambda _today: delivered)
    assert town.pages().get(url).headers["ETag"] != before


def test_what_is_wrong_is_said_above_the_form_and_at_the_field(town: Town) -> None:
    page = town.pages().get("/bans?code=123&field=x", 400)
    assert {"#code", "#field"} <= set(page.links().values())
    assert page.texts("p", "why") == [text for text, href in page.links().items() if href[0] == "#"][1:]
    marked = [each for tag in ("input", "select") for each in page.all(tag) if each.get("aria-invalid")]
    assert [each.get("aria-describedby") for each in marked] == ["code-hint code-why", "field-why"]
    page = town.pages().get(f"/bans?code={towns.NOBODY}&field=care", 400)
    assert towns.NOBODY not in page.html
