"""A site that takes nothing in (``store.read_only``): pages go on and say so, whatever is sent is 503 (SECURITY 2)."""

from __future__ import annotations

import re
import signal
import threading
from typing import TYPE_CHECKING, Any

import pytest

from creditregister import settings as setting_files
from creditregister.opening import open_register
from creditsite import companion, logs
from support import town as towns

if TYPE_CHECKING:
    from support.pages import Pages
    from support.town import Town

CLOSED: dict[str, Any] = {"above": {"store": {"read_only": True}}}
WHO = {"name": "郑无名", "number": towns.NOBODY}
READ = (
    "/", "/search", "/search?q=晨光", "/suggest.json?q=晨光", f"/s/{towns.DAWN}", "/people", "/statistics", "/punctuality",
    "/coverage", "/lists", "/bans", "/rules", "/help", "/search.csv?q=晨光", "/open-data/changes",
)  # fmt: skip


@pytest.fixture
def closed(town: Town) -> Pages:
    return town.pages(**CLOSED)


@pytest.mark.parametrize(("prefix", "said"), [("", "暂不接受提交"), ("/en", "nothing can be sent")])
def test_every_page_is_shown_with_a_notice(town: Town, closed: Pages, prefix: str, said: str) -> None:
    record = town.records()[0].id
    for path in (*READ, f"/r/{record}", f"/r/{record}.json"):
        if prefix and re.search(r"\.(json|csv)", path):
            continue
        page = closed.get(prefix + path)
        assert (said in page.html) == (page.response.mimetype == "text/html"), path
        assert said not in town.pages().get(prefix + path).html


def test_whatever_is_sent_is_503_and_says_when_to_try_again(town: Town) -> None:
    app = town.app(**CLOSED)
    paths = sorted({re.sub(r"<[^>]*>", "x", rule.rule) for rule in app.url_map.iter_rules()})
    assert {"/people", "/en/people"} <= set(paths)
    client = app.test_client()
    asked = [("POST", path) for path in (*paths, "/nowhere")]
    asked += [
        (method, path) for method in ("PUT", "DELETE", "PATCH") for path in ("/", "/people", "/nowhere")
    ]
    for place, (method, path) in enumerate(asked):
        who = {"REMOTE_ADDR": f"10.0.{place}.1"}  # another each time: the limits count these requests too
        answer = client.open(path, method=method, data={"name": "云"}, environ_base=who)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "600"), path
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "title", "sentence"),
    [
        ("/people", "暂不接受提交", "您填写的内容没有保存；查询和浏览照常可用。"),
        ("/en/people", "Nothing is taken in for now", "What you sent was not stored; search and pages work."),
    ],
)
def test_the_refusal_is_a_page_in_both_languages(closed: Pages, path: str, title: str, sentence: str) -> None:
    page = closed.post(path, WHO, 503)
    assert page.h1 == title
    assert sentence in page.text
    assert "600" in page.text
    assert towns.NOBODY not in page.html


def test_a_page_of_before_is_not_taken_for_one_of_now(town: Town, closed: Pages) -> None:
    """The notice must appear, and go again, on a page that a reader has kept."""
    open_ = town.pages()
    path = f"/r/{town.records()[0].id}"
    for before, after in ((open_, closed), (closed, open_)):
        tag = {"If-None-Match": before.get(path).headers["ETag"]}
        before.get(path, 304, headers=tag)
        after.get(path, headers=tag)


def test_it_is_ready_and_says_that_it_takes_nothing(town: Town, closed: Pages) -> None:
    found = closed.get("/readyz").response.get_json()
    assert (found["ready"], found["register"]) == (True, "read-only")
    assert town.pages().get("/readyz").response.get_json()["register"] == "ok"


def test_the_companion_waits_and_writes_nothing(
    fresh: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings = setting_files.load(data=fresh.register.settings.data, **CLOSED["above"])
    monkeypatch.setattr(companion, "open_register", lambda: open_register(settings))
    monkeypatch.setattr(logs, "configure", lambda: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    ended = threading.Event()
    ended.set()
    monkeypatch.setattr(threading, "Event", lambda: ended)
    for name in ("Follower", "sign_once", "again"):
        monkeypatch.delattr(companion, name)
    companion.main()
    assert "store.read_only is set" in caplog.text
