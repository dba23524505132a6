"""The changes feed as re-users fetch it, and the page that explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from creditregister import changesfeed
from creditsite.companion import sign_once

if TYPE_CHECKING:
    from pathlib import Path

    from support.town import Town

NUMBER = "云市监2〔2026〕1号"


@pytest.fixture
def own(town: Town, tmp_path: Path) -> Town:
    """A town of one's own: its records are withdrawn here."""
    return town.copy(tmp_path / "own")


def test_a_withdrawal_reaches_re_users(own: Town) -> None:
    sign_once(own.register)
    pages = own.pages()
    first = pages.get("/open-data/changes/1.jsonl")
    assert first.response.mimetype == "application/jsonl"
    record = own.record(NUMBER)
    own.withdraw(record)
    sign_once(own.register)
    tag = first.headers["ETag"]
    second = pages.get("/open-data/changes/1.jsonl", headers={"If-None-Match": tag})
    page = changesfeed.verify(second.response.data, own.register.keys.signer().public_key())
    assert [(each["change"], each["id"]) for each in page.changes] == [("withdrawn", record.id)]
    assert record.document["name"] not in second.response.get_data(as_text=True)
    pages.get("/open-data/changes/1.jsonl", 304, headers={"If-None-Match": second.headers["ETag"]})


def test_the_newest_page_is_found(own: Town) -> None:
    pages = own.pages()
    pages.get("/open-data/changes/newest.jsonl", 404)
    sign_once(own.register)
    assert (
        pages.get("/open-data/changes/newest.jsonl", 302).headers["Location"] == "/open-data/changes/1.jsonl"
    )


def test_full_pages_may_be_kept_and_old_ones_are_gone(own: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changesfeed, "SIZE", 1)
    for record in own.records()[:2]:
        own.withdraw(record)
    sign_once(own.register)
    pages = own.pages()
    assert "max-age" in pages.get("/open-data/changes/2.jsonl").headers["Cache-Control"]
    assert pages.get("/open-data/changes/3.jsonl").headers["Cache-Control"] == "no-cache"
    own.later((changesfeed.KEPT_DAYS + 1) * 86_400_000)
    sign_once(own.register)
    gone = pages.get("/open-data/changes/1.jsonl", 410)
    assert gone.response.get_json()["error"]["reason"] == "too-old"
    pages.get("/open-data/changes/4.jsonl", 404)
    pages.get("/open-data/changes/0.jsonl", 404)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_explains_and_tells_how_far_it_is(own: Town, prefix: str) -> None:
    pages = own.pages()
    empty = pages.get(f"{prefix}/open-data/changes")
    assert ("没有可取的页" if not prefix else "no pages yet") in empty.text
    sign_once(own.register)
    page = pages.get(f"{prefix}/open-data/changes", headers={"If-None-Match": empty.headers["ETag"]})
    key = pages.get("/log/key").response.get_data(as_text=True).strip()
    assert key in page.text
    assert "/open-data/changes/newest.jsonl" in page.links().values()
    pages.get(f"{prefix}/open-data/changes", 304, headers={"If-None-Match": page.headers["ETag"]})


def test_the_key_is_that_of_the_checkpoint(own: Town) -> None:
    pages = own.pages()
    pages.get("/log/key", 404)
    sign_once(own.register)
    origin, hashed, _ = pages.get("/log/key").response.get_data(as_text=True).split("+", 2)
    note = pages.get("/log/checkpoint").response.get_data(as_text=True)
    assert note.startswith(f"{origin}\n")
    assert len(hashed) == 8
