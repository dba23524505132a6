"""Who the client is, how often it may ask, and what happens when the counts are away."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditregister.shipping import shipped
from creditsite.guard import address, counters, policy
from creditsite.guard.counters import SqliteCounters
from support.pages import Pages
from support.site import Seconds

if TYPE_CHECKING:
    from pathlib import Path

    from support.town import Town

TRUSTED = address.networks(["10.0.0.0/8", "2001:db8:1::/48"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),  # no proxy of ours: its word counts for nothing
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),  # the forged first value is hearsay
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6,10.0.0.3, 198.51.100.7 ,10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, nonsense", "10.0.0.1"),
        ("10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("2001:db8:1::5", "2001:db8:2::7", "2001:db8:2::7"),
        ("", "198.51.100.7", "198.51.100.7"),  # a Unix socket: only a proxy of this machine opens it
        ("10.0.0.1", ",".join(["198.51.100.7"] + ["10.0.0.2"] * 100), "10.0.0.2"),
    ],
)
def test_the_client_is_the_first_stranger_from_the_right(peer: str, forwarded: str, client: str) -> None:
    assert str(address.client(peer, forwarded, TRUSTED)) == client


def test_nobody_is_trusted_unasked() -> None:
    assert str(address.client("127.0.0.1", "198.51.100.7", ())) == "127.0.0.1"
    assert address.client("", "198.51.100.7", ()) is None


@given(st.text(), st.text())
def test_no_header_breaks_it(peer: str, forwarded: str) -> None:
    address.network_of(address.client(peer, forwarded, TRUSTED))


def test_networks_that_count_as_one() -> None:
    names = {
        text: address.network_of(address.parse(text))
        for text in ("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")
    }
    assert names["192.0.2.1"] != names["192.0.2.2"]
    assert names["2001:db8::1"] == names["2001:db8::2"] == "2001:db8::/64"
    assert names["2001:db8:0:1::1"] == "2001:db8:0:1::/64"


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def counts(tmp_path: Path, seconds: Seconds) -> SqliteCounters:
    return SqliteCounters(path=tmp_path / "counters.sqlite", now=seconds)


def test_a_window_begins_with_its_first_hit_and_ends(counts: SqliteCounters, seconds: Seconds) -> None:
    assert [counts.incr("a", 60) for _ in range(3)] == [1, 2, 3]
    ends = counts.get_expiry("a")
    assert ends == seconds.value + 60
    seconds.value += 59.9
    assert counts.incr("a", 60, 5) == 8
    assert counts.get_expiry("a") == ends
    seconds.value += 0.1
    assert counts.get("a") == 0
    assert counts.incr("a", 60) == 1


def test_giving_back_never_goes_below_nothing(counts: SqliteCounters, seconds: Seconds) -> None:
    counts.incr("a", 60, 10)
    counts.give_back("a", 9)
    assert counts.get("a") == 1
    counts.give_back("a", 9)
    assert counts.get("a") == 0
    seconds.value += 61
    counts.give_back("a", 9)
    assert counts.incr("a", 60) == 1


def test_many_threads_lose_no_hit(counts: SqliteCounters) -> None:
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(lambda _: counts.incr("a", 60), range(400)))
    assert sorted(seen) == list(range(1, 401))


def test_old_counts_are_cleared_away(counts: SqliteCounters, seconds: Seconds) -> None:
    for number in range(50):
        counts.incr(f"k{number}", 10)
    seconds.value += 11
    for _ in range(counters.PRUNE_EVERY):
        counts.incr("a", 60)
    assert counts.reset() == 1


def test_check_writes(counts: SqliteCounters, tmp_path: Path) -> None:
    assert counts.check()
    lock = sqlite3.connect(tmp_path / "counters.sqlite", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    assert counts.get("a") == 0
    assert not counts.check()
    lock.execute("ROLLBACK")
    lock.close()
    assert counts.check()


def test_the_clients_key_is_shared_and_changes(
    tmp_path: Path, counts: SqliteCounters, seconds: Seconds
) -> None:
    other = SqliteCounters(path=tmp_path / "counters.sqlite", now=seconds)
    first = counts.client_key()
    assert len(first) == 32
    assert other.client_key() == first
    seconds.value += counters.KEY_SECONDS
    second = other.client_key()
    assert second != first
    assert counts.client_key() == second
    with sqlite3.connect(tmp_path / "counters.sqlite") as plain:
        assert plain.execute("SELECT count(*) FROM client_key").fetchone() == (1,)
    plain.close()


def test_a_damaged_file_is_thrown_away_at_the_start(tmp_path: Path, counts: SqliteCounters) -> None:
    path = tmp_path / "counters.sqlite"
    counters.prepare(path)
    path.write_bytes(b"damaged" * 1000)
    with pytest.raises(sqlite3.DatabaseError):
        counts.incr("a", 60)
    counters.prepare(path)
    assert counts.incr("a", 60) == 1


def test_the_shipped_policy_fits_the_site(town: Town) -> None:
    app = town.app()
    read = policy.load(shipped("config") / "limits.toml")
    assert set(read.routes) == {rule.endpoint for rule in app.url_map.iter_rules()} | {policy.UNMATCHED}


def test_a_route_without_a_line_stops_the_start(town: Town) -> None:
    read = policy.load(shipped("config") / "limits.toml")
    without = read.model_copy(update={"routes": {k: v for k, v in read.routes.items() if k != "search.show"}})
    with pytest.raises(policy.PolicyError, match=r"search\.show"):
        town.app(limits=without)
    with_more = read.model_copy(update={"routes": {**read.routes, "old.page": read.routes["home.show"]}})
    with pytest.raises(policy.PolicyError, match=r"old\.page"):
        town.app(limits=with_more)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[pools]\n[routes]\n",
        "[pools]\na = { windows = 'often' }\n[routes]\nunmatched = { pool = 'a' }\n",
        "[pools]\na = { windows = '1 per minute' }\n[routes]\nunmatched = { pool = 'b' }\n",
        "[pools]\na = { windows = '1 per minute', burst = 3 }\n[routes]\nunmatched = { pool = 'a' }\n",
        "[pools]\na = { windows = '1 per minute' }\n[routes]\nunmatched = { pool = 'a', cost = 0 }\n",
        "not toml",
    ],
)
def test_a_wrong_policy_is_an_error_that_names_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "limits.toml"
    path.write_text(text)
    with pytest.raises(policy.PolicyError, match=r"limits\.toml"):
        policy.load(path)


def test_the_first_request_over_the_limit_is_refused_with_reason_and_time(
    fresh: Town, seconds: Seconds
) -> None:
    pages = Pages(fresh.app(seconds=seconds))
    for number in range(60):
        page = pages.get("/search?q=赤水")
        assert page.headers["X-RateLimit-Remaining"] == str(59 - number)
    refused = pages.get("/search?q=赤水", 429)
    assert refused.h1 == "查询过于频繁"
    assert refused.headers["Retry-After"] == "60"
    assert refused.headers["RateLimit"] == '"search";r=0;t=60'
    assert refused.headers["RateLimit-Policy"] == '"search";q=60;w=60'
    assert "60 秒 60 次" in refused.text
    assert pages.get("/en/search?q=赤水", 429).h1 == "Too many requests"
    assert pages.get("/help").h1
    assert Pages(fresh.app(seconds=seconds)).get("/search?q=赤水").h1
    seconds.value += 60
    assert pages.get("/search?q=赤水").headers["X-RateLimit-Remaining"] == "59"


def test_page_and_json_share_a_budget(fresh: Town, seconds: Seconds) -> None:
    record = fresh.record("云市监2〔2026〕1号")
    pages = Pages(fresh.app(seconds=seconds))
    left = [
        int(pages.get(path).headers["X-RateLimit-Remaining"])
        for path in (f"/r/{record.id}", f"/r/{record.id}.json", f"/en/r/{record.id}", "/about")
    ]
    assert left == [119, 118, 117, 116]


def test_addresses_that_lead_nowhere_are_counted_too(fresh: Town, seconds: Seconds) -> None:
    pages = Pages(fresh.app(seconds=seconds))
    for number in range(60):
        pages.get(f"/nowhere/{number}", 404)
    assert "过于频繁" in pages.get("/nowhere/61", 429).h1
    assert pages.get("/nothing.json", 429).response.get_json()["error"]["retry_after"] == 60
    assert pages.get("/").h1


def test_a_prober_never_meets_the_limit(fresh: Town, seconds: Seconds) -> None:
    pages = Pages(fresh.app(seconds=seconds))
    for _ in range(120):
        pages.get("/healthz")
        seconds.value += 0.5


def test_a_forged_address_does_not_move_the_count(fresh: Town, seconds: Seconds) -> None:
    pages = Pages(fresh.app(seconds=seconds))
    for number in range(3):
        page = pages.get("/help", headers={"X-Forwarded-For": f"6.6.6.{number}"})
    assert page.headers["X-RateLimit-Remaining"] == "117"


def test_no_address_is_kept(fresh: Town, seconds: Seconds) -> None:
    Pages(fresh.app(seconds=seconds), "198.51.100.77").get("/help")
    data = fresh.register.settings.data
    assert all(b"198.51.100" not in path.read_bytes() for path in data.glob("counters.sqlite*"))


def test_without_the_counts_pages_go_on_and_are_still_limited(fresh: Town) -> None:
    (fresh.register.settings.data / "counters.sqlite").mkdir()
    pages = Pages(fresh.app())
    for _ in range(60):
        pages.get("/search?q=赤水")
    assert "过于频繁" in pages.get("/search?q=赤水", 429).h1
    assert pages.get("/readyz").response.get_json()["limits"] == "local"


def test_when_the_counts_come_back_they_are_used_again(fresh: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Pages(fresh.app())
    lock = sqlite3.connect(fresh.register.settings.data / "counters.sqlite", isolation_level=None)
    pages.get("/help")
    lock.execute("BEGIN IMMEDIATE")
    assert pages.get("/readyz").response.get_json()["limits"] == "local"
    lock.execute("ROLLBACK")
    lock.close()
    monkeypatch.setattr("flask_limiter._extension.time.time", lambda: 4e9)
    assert pages.get("/readyz").response.get_json()["limits"] == "shared"


def test_a_broken_form_is_not_taken_for_a_lost_store(fresh: Town) -> None:
    pages = Pages(fresh.app())
    pages.post("/people", {"name": "x" * 20_000, "number": "y"}, 413)
    assert pages.get("/readyz").response.get_json()["limits"] == "shared"
