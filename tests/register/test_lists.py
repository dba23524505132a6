"""Lists as data: complete, sound, and each kind of list held to its page."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from creditregister import bans, kinds, lists, projection
from creditregister.lawfiles import LawError
from creditregister.shipping import shipped

if TYPE_CHECKING:
    from pathlib import Path

KINDS = kinds.load()
LISTS = lists.load(kinds=KINDS)


def test_every_list_says_all_that_its_page_must_say() -> None:
    for each in LISTS.values():
        assert tuple(each.parts) == lists.PARTS
        for passages in each.parts.values():
            assert passages
            assert all(passage.zh.endswith("。") and passage.en.endswith(".") for passage in passages), (
                each.id
            )


def test_every_kind_of_lists_that_is_one_list_has_its_page() -> None:
    whole = [kind for kind in KINDS.values() if kind.listed and not kind.listed_by]
    assert {kind.id for kind in whole} == {
        "dishonest-debtor", "false-litigation", "abnormal-operations", "market-ban",
    }  # fmt: skip
    assert [kind.id for kind in whole if LISTS.without_page(kind, {})] == []


def test_an_entry_may_stand_on_several_lists_and_each_needs_its_page() -> None:
    kind = KINDS["serious-list"]
    assert [each.id for each in LISTS.of(kind, {"dishonesty_field": ["tax", "wages", "tax"]})] == [
        "tax",
        "wages",
    ]
    assert LISTS.without_page(kind, {"dishonesty_field": ["tax", "自创名单"]}) == ["自创名单"]
    assert LISTS.without_page(kind, {}) == [""], "an entry that does not say on which list it stands"
    assert LISTS.without_page(KINDS["penalty"], {}) == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text.replace("exit = [", "leave = ["), "exit"),
        (
            lambda text: text.replace('kind = "serious-list"', 'kind = "penalty"'),
            "penalty is no kind of lists",
        ),
        (lambda text: text.replace('values = ["tax"]', 'values = ["wages"]'), "wages stands in"),
        (lambda text: text.replace(', values = ["tax"]', ""), "give the words"),
        (lambda text: text + "[", "no TOML"),
    ],
)
def test_an_unsound_file_is_refused_with_its_place(tmp_path: Path, change: Any, why: str) -> None:
    folder = tmp_path / "lists"
    shutil.copytree(shipped("config") / "lists", folder)
    path = folder / "tax.toml"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(LawError, match=why) as error:
        lists.load(folder, KINDS)
    assert "toml" in str(error.value)


def test_what_is_shown_later_is_pending_and_what_was_shown_has_ended() -> None:
    kind = KINDS["serious-list"]
    states = {code: kind.state_of({"current_status": code}) for code in ("pending", "normal", "ended")}
    assert states == {"pending": "pending", "normal": "normal", "ended": "ended"}


def ban(**fields: Any) -> bans.Ban:
    given = {"valid_from": "2026-03-01", "ban_field": ["work-safety"]} | fields
    document = {"decided": "2026-02-20", "fields": given}
    return bans.Ban(
        None,  # type: ignore[arg-type] # not looked at here
        tuple(given["ban_field"]),
        projection.first_day(given["valid_from"]) or str(document["decided"]),
        projection.last_day(given.get("valid_to", "")),
        permanent=given.get("duration") == "permanent",
    )


def test_a_ban_holds_from_its_first_to_its_last_day() -> None:
    of = ban(valid_to="2027-02-28")
    held = [
        of.holds(date.fromisoformat(day)) for day in ("2026-02-28", "2026-03-01", "2027-02-28", "2027-03-01")
    ]
    assert held == [False, True, True, False]
    assert ban(duration="permanent").holds(date(2099, 1, 1))
    on = date(2026, 6, 1)
    assert [len(bans.barring([of], field, on)) for field in ("work-safety", "care")] == [1, 0]
    assert bans.barring([ban(ban_field=[])], "care", on), "a ban that names no field may mean any"
