"""How records leave the public by a delivery: removed from their list, too few, a new round of grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from creditregister import records
from creditregister import settings as setting_files
from creditregister.store import Store
from support import tables
from support.registers import UNIT, make_register
from support.town import identity, unified

if TYPE_CHECKING:
    from pathlib import Path

    from creditregister.records import Published

COMPANY = {"企业名称": "云泽市甲一食品有限公司", "统一社会信用代码": unified(1)}
LISTED = {
    **COMPANY,
    "列入经营异常名录原因": "通过登记的住所或者经营场所无法联系",
    "列入日期": "2026-03-02",
    "列入机关": "云泽市示范监管局",
    "失信严重程度": "一般",
}
RATED = {**COMPANY, "评价等级": "良", "评价日期": "2026-01-10", "评价机构": "云泽省示范委员会"}
COMPLAINTS = {**COMPANY, "统计期间": "2026年第一季度", "投诉件数": "12", "主要投诉问题": "价格、售后服务"}
SEALED = {
    **COMPANY,
    "强制决定书文号": "云市监强〔2026〕1号",
    "强制决定日期": "2026-05-20",
    "强制机关": "云泽市示范监管局",
    "强制内容": "查封经营场所",
}
LICENSED = {
    **COMPANY,
    "行政许可决定文书号": "云市监许〔2026〕1号",
    "许可决定日期": "2026-05-20",
    "许可机关": "云泽市示范监管局",
    "许可内容": "食品经营",
}
HONOUR = {
    "奖励决定书文号": "云市监奖〔2026〕1号",
    "奖励决定日期": "2026-05-20",
    "奖励机关": "云泽市示范监管局",
    "奖励名称": "诚信经营先进",
    "奖励内容": "奖励一万元",
}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_register(tmp_path).store.close()
    monkeypatch.setenv("CREDIT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("CREDIT_TODAY", tables.TODAY.isoformat())
    return tmp_path / "data"


def load(folder: Path, *rows: dict[str, str]) -> dict[str, Any]:
    _, summary = tables.load(tables.write(folder / "rows.csv", rows), "--source", UNIT)
    return summary


def public(data: Path) -> list[Published]:
    store = Store(setting_files.load(data=data))
    with store.read() as connection:
        found = records.scan(connection, 0, 100)
    store.close()
    return found


def ask(data: Path, question: str) -> list[Any]:
    store = Store(setting_files.load(data=data))
    with store.read() as connection:
        found = [tuple(row) for row in connection.exec_driver_sql(question)]
    store.close()
    return found


def standing(data: Path, item: Published) -> str:
    store = Store(setting_files.load(data=data))
    with store.read() as connection:
        state = records.standing(connection, item.id, tables.TODAY).state
    store.close()
    return state


def test_a_listing_that_is_removed_has_ended_and_is_not_annulled(tmp_path: Path, data: Path) -> None:
    assert load(tmp_path, LISTED)["accepted"] == 1
    (listed,) = public(data)
    assert listed.kind == "abnormal-operations"
    removed = load(tmp_path, LISTED | {"移出日期": "2026-05-20", "移出原因": "已重新取得联系"})
    assert (removed["updated"], removed["withdrawn"]) == (1, 1)
    assert public(data) == []
    assert standing(data, listed) == "ended"
    again = load(tmp_path, LISTED)
    assert again["unchanged"] == 1
    assert public(data) == []


def test_a_listing_removed_before_it_came_is_never_shown(tmp_path: Path, data: Path) -> None:
    assert load(tmp_path, LISTED | {"移出日期": "2026-05-20"})["accepted"] == 1
    assert public(data) == []


def test_a_removal_that_is_still_to_come_is_refused(tmp_path: Path, data: Path) -> None:
    assert load(tmp_path, LISTED | {"移出日期": "2026-06-02"})["refused"] == 1
    assert public(data) == []


def test_a_new_round_takes_the_place_of_the_old_grade(tmp_path: Path, data: Path) -> None:
    load(tmp_path, RATED)
    (first,) = public(data)
    assert load(tmp_path, RATED | {"评价等级": "优", "评价日期": "2026-05-10"})["updated"] == 1
    (second,) = public(data)
    assert (second.id, second.version, second.document["fields"]["grade"]) == (first.id, 2, "excellent")
    assert load(tmp_path, RATED)["unchanged"] == 1, "the old file again brings no stale grade back"


def test_ratings_of_like_names_are_no_slips_of_each_other(tmp_path: Path, data: Path) -> None:
    other = RATED | {"企业名称": "云泽市甲二食品有限公司", "统一社会信用代码": unified(2)}
    assert load(tmp_path, RATED, other)["accepted"] == 2
    assert len(public(data)) == 2


def test_few_complaints_are_kept_warned_of_and_not_shown(tmp_path: Path, data: Path) -> None:
    few = COMPLAINTS | {"企业名称": "云泽市甲二食品有限公司", "统一社会信用代码": unified(2), "投诉件数": "4"}
    summary = load(tmp_path, COMPLAINTS, few)
    assert (summary["accepted"], summary["warnings"]) == (2, 1)
    (shown,) = public(data)
    assert shown.document["fields"]["complaints"] == "12"


def test_what_was_kept_back_and_never_shown_may_be_corrected(tmp_path: Path, data: Path) -> None:
    """Nobody withdrew it: too few complaints, or an honour without its bearer's consent, wait for better."""
    assert load(tmp_path, COMPLAINTS | {"投诉件数": "4"})["accepted"] == 1
    assert public(data) == []
    assert load(tmp_path, COMPLAINTS | {"投诉件数": "6"})["updated"] == 1
    (shown,) = public(data)
    assert (shown.document["fields"]["complaints"], shown.version) == ("6", 2)
    person = HONOUR | {"被奖励人": "王小明", "行政相对人类别": "自然人", "证件号码": identity(8)}
    assert load(tmp_path, person)["accepted"] == 1
    assert load(tmp_path, person | {"本人是否同意公示": "是"})["updated"] == 1
    assert ask(data, "SELECT state, published_at > 0 FROM record WHERE kind = 'reward'") == [("public", 1)]
    assert load(tmp_path, person | {"本人是否同意公示": "否"})["withdrawn"] == 1
    again = person | {"本人是否同意公示": "是", "奖励内容": "奖励二万元"}
    assert load(tmp_path, again)["held"] == 1, "what was shown and taken back stays so"


def test_a_lifted_measure_leaves_the_page_with_or_without_its_day(tmp_path: Path, data: Path) -> None:
    """DOMAIN 1.6."""
    other = SEALED | {"强制决定书文号": "云市监强〔2026〕2号"}
    assert load(tmp_path, SEALED, other)["accepted"] == 2
    sealed = public(data)
    assert (
        load(tmp_path, SEALED | {"强制状态": "已解除"}, other | {"强制解除日期": "2026-05-28"})["withdrawn"]
        == 2
    )
    assert [standing(data, item) for item in sealed] == ["ended", "ended"]
    refused = load(tmp_path, SEALED | {"强制决定书文号": "云市监强〔2026〕3号", "强制解除日期": "2026-06-02"})
    assert refused["refused"] == 1, "it is not lifted yet"


def test_a_deregistered_licence_stays_and_says_so(tmp_path: Path, data: Path) -> None:
    """Licensing Law article 70: it was not revoked, and nobody may be told so."""
    assert load(tmp_path, LICENSED)["accepted"] == 1
    assert load(tmp_path, LICENSED | {"当前状态": "注销"})["updated"] == 1
    (shown,) = public(data)
    assert (shown.document["state"], shown.document["fields"]["current_status"]) == (
        "expired",
        "deregistered",
    )


def test_what_was_deregistered_otherwise_has_ended_and_is_not_annulled(tmp_path: Path, data: Path) -> None:
    honour = HONOUR | {"被奖励人": COMPANY["企业名称"], "统一社会信用代码": unified(1)}
    assert load(tmp_path, honour)["accepted"] == 1
    (shown,) = public(data)
    assert load(tmp_path, honour | {"当前状态": "已注销"})["withdrawn"] == 1
    assert standing(data, shown) == "ended"


def test_single_complaints_are_no_counts(tmp_path: Path, data: Path) -> None:
    single = {
        **COMPANY,
        "投诉人": "王小明",
        "投诉人电话": "13800000000",
        "投诉内容": "不退款",
        "统计期间": "2026年",
    }
    assert load(tmp_path, single)["refused"] == 1
    assert public(data) == []
