"""The result page: what is found, how it is said, what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from creditindex.query import PAGES, SIZE
from support import registers
from support import town as towns
from support.pages import Pages, listed

if TYPE_CHECKING:
    from creditindex.engine import Engine
    from creditindex.query import NameQuery, Names
    from support.pages import Fetched
    from support.town import Town


def test_a_code_leads_to_its_subject_and_its_records(town: Town) -> None:
    page = town.pages().get(f"/search?q={towns.RIVER}")
    assert listed(page, "names") == [("赤水物流股份有限公司", f"/s/{towns.RIVER}")]
    assert [name for name, _ in listed(page, "hits")] == ["赤水物流股份有限公司"]


def test_a_wrong_code_is_explained_and_the_right_one_offered(town: Town) -> None:
    wrong = towns.RIVER[:-1] + ("3" if towns.RIVER[-1] != "3" else "4")
    page = town.pages().get(f"/search?q={wrong}")
    assert "这个代码没有通过校验" in page.texts("h2")
    assert any(towns.RIVER in address for address in page.links().values())


def test_names_come_first_then_records(town: Town) -> None:
    page = town.pages().get("/search?q=晨光")
    assert {address for _, address in listed(page, "names")} == {f"/s/{towns.DAWN}", f"/s/{towns.DAWN_TWIN}"}
    assert len(listed(page, "hits")) == 3
    assert "名称中含有“晨光”" in page.text


def test_what_matched_is_marked(town: Town) -> None:
    page = town.pages().get("/search?q=标签不合格")
    assert page.texts("mark") == ["标签不合格"]


def test_same_names_are_warned_of(town: Town) -> None:
    assert "有 2 个主体同名" in town.pages().get("/search?q=晨光").text
    assert "同名" not in town.pages().get("/search?q=赤水").text


def test_names_without_a_code_say_so(town: Town) -> None:
    page = town.pages().get("/search?q=北岭无代码")
    assert page.texts("span", "unidentified") == ["未以代码识别"]
    assert listed(page, "names") == []


def test_words_of_the_content_find(town: Town) -> None:
    page = town.pages().get("/search?q=年度报告 公示")
    assert len(listed(page, "hits")) == 1
    assert "同时含有" in page.text


def test_filters_are_chips_that_come_off(town: Town) -> None:
    pages = town.pages()
    page = pages.get("/search?q=晨光&kind=penalty&year=2026")
    assert len(listed(page, "hits")) == 2
    chips = {
        "".join(link.itertext()): link.get("href") or ""
        for box in page.all("ul", "chips")
        for link in box.iter("a")
    }
    assert len(chips) == 2
    without = next(address for text, address in chips.items() if "行政处罚" in text)
    assert "kind=" not in without
    assert "year=2026" in without
    assert len(listed(pages.get(without), "hits")) == 3


def test_facets_narrow_and_their_counts_are_true(town: Town) -> None:
    pages = town.pages()
    page = pages.get("/search?q=晨光")
    choices = [link for box in page.all("details", "facets") for link in box.iter("a")]
    assert choices
    for link in choices:
        count = int("".join(list(link)[-1].itertext()))
        assert len(listed(pages.get(link.get("href") or ""), "hits")) == count


def test_facets_list_every_year_and_say_where_they_are_cut(fresh: Town) -> None:
    bodies = [f"白桥第{n:02}局" for n in range(12)]
    rows = [
        towns.row(
            "licence",
            500 + n,
            "白桥建材公司",
            towns.unified(70),
            body=body,
            decision_date=f"{2015 + n}-05-20",
        )
        for n, body in enumerate(bodies)
    ]
    registers.deliver(fresh.register, rows, kind="licence")
    fresh.rebuild()
    pages = fresh.pages()

    def choices(address: str) -> list[str]:
        return [
            "".join(next(iter(link)).itertext()) for link in pages.get(address).all("details")[0].iter("a")
        ]

    listed = choices("/search?q=白桥建材")
    assert [each for each in listed if each.endswith("年")] == [f"{2026 - n}年" for n in range(12)]
    assert [each for each in listed if each in bodies] == bodies[:8]
    cut = "只列出信息最多的 8 项和已选项"
    assert pages.get("/search?q=白桥建材").text.count(cut) == 1
    assert pages.get("/en/search?q=白桥建材").text.count("Only the 8 with the most records") == 1
    assert [each for each in choices(f"/search?q=白桥建材&body={bodies[-1]}") if each in bodies] == [
        *bodies[:8],
        bodies[-1],
    ]
    assert cut not in pages.get("/search?q=青石").text


def test_orders(town: Town) -> None:
    pages = town.pages()
    page = pages.get("/search?q=晨光")
    newest = page.links()["日期最新"]
    assert "order=newest" in newest
    assert "符合程度" in pages.get(newest).links()


def test_pages_are_turned_and_end(town: Town) -> None:
    pages = town.pages()
    first = pages.get("/search?q=青石贸易有限公司")
    second = pages.get(first.links()["下一页"])
    third = pages.get(second.links()["下一页"])
    ids = [address for page in (first, second, third) for _, address in listed(page, "hits")]
    assert len(ids) == len(set(ids)) == 45
    assert "下一页" not in third.links()
    assert third.links()["上一页"] == first.links()["下一页"]
    past = pages.get("/search?q=青石贸易有限公司&page=4", 404)
    assert "只到第 3 页" in past.text


def test_pages_past_the_limit_name_it(town: Town) -> None:
    for page in (PAGES + 1, 10**9, 10**30):
        assert "50 页" in town.pages().get(f"/search?q=青石&page={page}", 404).text


@pytest.mark.parametrize(
    "query",
    [
        "q=a&colour=red",
        "q=a&q=b",
        "page=0",
        "page=-1",
        "page=1.5",
        "page=１",
        "page=x",
        "order=price",
        "view=map",
        "year=20267",
        "year=abcd",
        "area=1",
        "body=" + "长" * 101,
        "&".join(f"kind=k{n}" for n in range(11)),
        "q=" + "长" * 201,
        "q=" + "+".join("字词" for _ in range(9)),
        "q=" + "长" * 51,
        "text=large&text=large",
        "Q=a",
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason(town: Town, query: str) -> None:
    page = town.pages().get(f"/search?{query}", 400)
    assert page.all("p", "lead")


def test_sharing_parameters_are_taken_off(town: Town) -> None:
    answer = town.pages().get("/search?q=晨光&utm_medium=x&spm=1&from=y&share=1&kind=penalty&text=large", 302)
    assert answer.headers["Location"] == "/search?q=%E6%99%A8%E5%85%89&kind=penalty&text=large"


@pytest.mark.parametrize(
    "written",
    [
        towns.NOBODY,
        " ".join(towns.NOBODY),
        f"郑无名{towns.NOBODY}",
        "".join(chr(ord(digit) + 0xFEE0) for digit in towns.NOBODY),
        towns.NOBODY.lower(),
    ],
)
@pytest.mark.parametrize("name", ["q", "body", "kind", "utm_source", "nonsense"])
def test_identity_numbers_are_not_repeated_anywhere(
    town: Town, capsys: pytest.CaptureFixture[str], written: str, name: str
) -> None:
    page = town.pages().get("/search", 400, query_string={name: written})
    assert written not in page.html
    assert towns.NOBODY not in page.html
    assert "Location" not in page.headers
    assert any(address.endswith("/people") for address in page.links().values())
    printed = capsys.readouterr()
    assert towns.NOBODY not in printed.out + printed.err


def test_persons_are_not_found(town: Town) -> None:
    pages = town.pages()
    for text in ("郑无名", "郑无有", "（2026）云9901执7号"):
        page = pages.get("/search", query_string={"q": text})
        assert listed(page, "hits") == []
        assert listed(page, "names") == []


def test_an_empty_result_helps(town: Town) -> None:
    page = town.pages().get("/search?q=哪里都没有的词&kind=penalty")
    assert "没有查到公示信息" in page.text
    assert "2026年11月24日" in page.text
    assert "去掉全部筛选条件再查" in page.links()


def test_text_cannot_become_markup(town: Town) -> None:
    page = town.pages().get("/search", query_string={"q": towns.ROGUE})
    assert [(each.get("src") or "").partition("?")[0] for each in page.all("script")] == [
        "/static/suggest.js"
    ]
    assert "alert(1)" in page.text
    assert page.texts("b") == []


@pytest.mark.parametrize("more", ["", "&view=names", "&kind=penalty"])
def test_characters_that_nobody_sees_are_no_text(town: Town, more: str) -> None:
    page = town.pages().get(f"/search?q=%E2%80%8B{more}")
    assert "没有可查的文字" in page.text
    assert page.h1 == "公示信息"
    assert "holds no text to search for" in town.pages().get(f"/en/search?q=%E2%80%8B{more}").text
    assert "没有可查的文字" not in town.pages().get("/search").text


def test_an_empty_question_lists_everything(town: Town) -> None:
    page = town.pages().get("/search")
    assert len(listed(page, "hits")) == 20
    assert "全部公示信息" in page.text


def test_result_pages_stay_out_of_search_engines(town: Town) -> None:
    page = town.pages().get("/search?q=晨光")
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert [each.get("content") for each in page.all("meta") if each.get("name") == "robots"]


def test_unchanged_pages_are_304_until_anything_public_changes(fresh: Town) -> None:
    pages = fresh.pages()
    for address in ("/search?q=晨光", "/", f"/s/{towns.DAWN}", "/help"):
        first = pages.get(address)
        assert first.headers["Cache-Control"] == "no-cache"
        ask = {"If-None-Match": first.headers["ETag"]}
        again = pages.get(address, 304, headers=ask)
        assert again.response.data == b""
        assert again.headers["ETag"] == first.headers["ETag"]
        assert pages.get(address + ("&" if "?" in address else "?") + "text=large", headers=ask).status == 200
    asks = {
        address: {"If-None-Match": pages.get(address).headers["ETag"]} for address in ("/search?q=晨光", "/")
    }
    fresh.withdraw(fresh.record("云市监1〔2026〕2号"))
    for address, ask in asks.items():
        assert pages.get(address, headers=ask).status == 200


def test_a_withdrawn_record_is_gone_before_the_index_knows(fresh: Town) -> None:
    record = fresh.record("云市监2〔2026〕1号")
    assert any(record.id in address for _, address in listed(fresh.pages().get("/search?q=晨光"), "hits"))
    fresh.withdraw(record)
    page = fresh.pages().get("/search?q=晨光")
    assert not any(record.id in address for _, address in listed(page, "hits"))
    fresh.follow()
    assert len(listed(fresh.pages().get("/search?q=晨光"), "hits")) == 2


def test_an_index_far_behind_gives_no_exact_counts(fresh: Town) -> None:
    rows = [towns.row("licence", 700 + n, f"白桥{n}公司", towns.unified(70 + n)) for n in range(6)]
    registers.deliver(fresh.register, rows, kind="licence")
    fresh.follow()
    fresh.withdraw(fresh.record("云市监2〔2026〕1号"))
    fresh.later(6_000)
    page = fresh.pages().get("/search?q=晨光")
    assert "约 3 条" in page.text
    assert page.all("details", "facets") == []
    assert "按拼音查找名称" in fresh.pages().get("/search?q=yzcg").links()
    assert "find names by pinyin" in fresh.pages().get("/en/search?q=yzcg").links()
    assert "全部名称" in fresh.pages().get("/search?q=白桥").links()
    home = fresh.pages().get("/")
    assert home.all("ul", "tiles")
    assert home.all("span", "count") == []


def test_all_names_are_a_list_of_their_own(town: Town) -> None:
    page = town.pages().get("/search?q=有限公司&view=names")
    assert len(listed(page, "names")) == 5
    assert page.all("ol", "hits") == []
    assert town.pages().get("/search?q=有限公司&view=names&page=2", 404).all("p", "lead")


def test_a_list_of_equal_names_is_whole_and_has_no_filters(fresh: Town) -> None:
    codes = [towns.unified(100 + n) for n in range(45)]
    names = ["白桥建材有限公司"] * 25 + ["南白桥建材有限公司"] * 20
    rows = [towns.row("licence", 900 + n, name, codes[n]) for n, name in enumerate(names)]
    registers.deliver(fresh.register, rows, kind="licence")
    fresh.rebuild()
    pages = fresh.pages()
    page = pages.get("/search?q=白桥建材有限公司&view=names&kind=penalty&order=newest")
    assert page.all("ul", "chips") == []
    seen = listed(page, "names")
    while "下一页" in page.links():
        assert "kind=" not in page.links()["下一页"]
        assert "order=" not in page.links()["下一页"]
        page = pages.get(page.links()["下一页"])
        seen += listed(page, "names")
    assert {address for _, address in seen} == {f"/s/{code}" for code in codes}
    assert len(seen) == len(codes)
    beside = pages.get("/search?q=白桥建材有限公司&kind=licence")
    assert "kind=" not in beside.links()["全部 45 个名称"]
    one = pages.get(f"/s/{codes[0]}")
    assert "同名的主体共有 25 个" in one.text
    assert pages.get(one.links()["按名称列出"]).all("ol", "names")


@pytest.mark.parametrize("view", ["names", "pinyin"])
def test_a_list_of_names_states_its_limit(town: Town, view: str) -> None:
    class Many:
        """The index, with more names than pages can hold."""

        def __init__(self, inner: Engine) -> None:
            self._inner = inner

        def __getattr__(self, name: str) -> Any:
            return getattr(self._inner, name)

        def names(self, query: NameQuery) -> Names:
            return replace(self._inner.names(query), total=PAGES * SIZE + 1)

    app = town.app(open_engine=lambda _settings: Many(towns.index_of(town)))
    page = Pages(app).get(f"/search?q={'cg' if view == 'pinyin' else '有限'}&view={view}")
    assert "1,000 个名称" in page.text
    assert "1,000 names" in Pages(app).get(f"/en/search?q=cg&view={view}").text


def test_a_list_without_names_says_so(town: Town) -> None:
    page = town.pages().get("/search?q=无此名称&view=names")
    assert "没有名称含有“无此名称”的" in page.text
    assert page.links()["改按文字查询“无此名称”"] == "/search?q=%E6%97%A0%E6%AD%A4%E5%90%8D%E7%A7%B0"
    english = town.pages().get("/en/search?q=无此名称&view=names")
    assert "none has “无此名称” in its name" in english.text.replace("“ ", "“").replace(" ”", "”")


def test_english_results(town: Town) -> None:
    page = town.pages().get("/en/search?q=晨光")
    assert any("with “晨光” in the name" in said for said in page.texts("p"))
    assert listed(page, "hits")[0][1].startswith("/en/r/")


def because(page: Fetched) -> list[list[str]]:
    """The reasons on each row of records."""
    rows = [row for box in page.all("ol", "hits") for row in box.findall("li")]
    return [
        [
            " ".join("".join(each.itertext()).split())
            for each in row.iter("span")
            if each.get("class") == "because"
        ]
        for row in rows
    ]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        (towns.STONE, ["代码：统一社会信用代码"]),
        (towns.STONE[8:17], ["旧代码：组织机构代码"]),
        ("云市监2〔2026〕3号", ["行政处罚决定书文号"]),
        ("青石贸易", ["名称"]),
        ("超范围经营", ["违法事实"]),
        ("北岭 超范围", ["名称", "违法事实"]),
        ("道路运输许可 云泽市", ["行政许可决定文书名称", "许可机关"]),
        ("（2026）赣0102执12号", ["案号"]),
        ("(2025)赣0102民初345号", ["相关案件或文书：执行依据文号 （2025）赣0102民初345号"]),
    ],
)
def test_each_row_says_why_it_is_there(town: Town, text: str, reasons: list[str]) -> None:
    found = because(town.pages().get("/search", query_string={"q": text}))
    assert found
    assert all(each == reasons for each in found)


def test_a_number_written_otherwise_is_marked_whole(town: Town) -> None:
    page = town.pages().get("/search?q=2026赣0102执12号")
    assert page.texts("mark") == ["（2026）赣0102执字第0012号"]


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            "（2026）赣0102执12号",
            "案号：2026年，南昌市东湖区人民法院（赣0102），执行案件（执），第12号",
            "Case number: 2026, 南昌市东湖区人民法院 (赣0102), enforcement (执), no. 12",
        ),
        (
            "（2026）云9901执7号",
            "案号：2026年，法院代字“云9901”（未收录对应的法院名称），执行案件（执），第7号",
            "Case number: 2026, the court with the short form “云9901” (its name is not on file), enforcement (执), no. 7",
        ),
        (
            "(2014)东执字第123号",
            "案号：2014年，“东执”字，第123号",
            "Case number: 2014, kind “东执”, no. 123",
        ),
        (
            "云市监2〔2026〕3号",
            "文书号：“云市监2”字，2026年，第3号",
            "Document number: “云市监2”, 2026, no. 3",
        ),
        ("〔2026〕3号", "文书号：不限机关，2026年，第3号", "Document number: any authority, 2026, no. 3"),
    ],
)
def test_what_was_understood_of_a_number_is_said(town: Town, text: str, zh: str, en: str) -> None:
    pages = town.pages()
    assert zh in pages.get("/search", query_string={"q": text}).text
    assert any(en in said for said in pages.get("/en/search", query_string={"q": text}).texts("p"))


def test_names_by_pinyin_are_offered_and_never_mixed_in(town: Town) -> None:
    pages = town.pages()
    page = pages.get("/search?q=yzcg")
    assert listed(page, "names") == listed(page, "hits") == []
    offer = page.links()["按拼音查找名称（2 个）"]
    spelt = pages.get(offer)
    assert "按拼音“yzcg”找到的主体" in spelt.texts("h2")
    assert {address for _, address in listed(spelt, "names")} == {f"/s/{towns.DAWN}", f"/s/{towns.DAWN_TWIN}"}
    assert "拼音相符" in spelt.text
    assert spelt.all("ol", "hits") == []
    assert spelt.links()["改按文字查询“yzcg”"] == "/search?q=yzcg"
    assert "拼音" not in pages.get("/search?q=晨光").text
    assert "没有主体的名称" in pages.get("/search?q=qqqq&view=pinyin").text
    assert "find names by pinyin (2)" in pages.get("/en/search?q=yunzechenguang").text
