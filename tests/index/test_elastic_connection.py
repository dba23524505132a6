"""How the cluster is reached: nodes, TLS, keys from the secrets; what would be unsafe is refused at once."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from creditindex import opening
from creditindex.elastic.connection import connect, hosts_of
from creditindex.elastic.service import index_settings
from creditindex.engine import EngineAwayError, EngineError
from creditregister import settings as setting_files
from creditregister.clock import FixedClock
from support import certificates, elastic
from support.faulty import Answer, Proxy, error
from support.indexes import find, follower, names, penalty, rebuild
from support.registers import NOON, deliver, make_register

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.faulty import Request

KEY = "dGVzdDprZXk="


@pytest.fixture
def above() -> Iterator[dict[str, Any]]:
    """Settings for a real cluster, with indexes of one's own."""
    with elastic.own_indexes() as found:
        yield found


def demanding(header: str) -> Any:
    """Lets nobody through who does not say this."""

    def fault(request: Request) -> Answer | None:
        said = {name.lower(): value for name, value in request.headers.items()}.get("authorization", "")
        return None if said == header else error(401, "security_exception")

    return fault


def test_a_cluster_behind_tls_that_demands_a_key(
    tmp_path: Path, above: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything that a deployment does, by settings and a secret alone."""
    tls, authority = certificates.loopback(tmp_path)
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "credit_elasticsearch_api_key").write_text(KEY)
    register = make_register(tmp_path, FixedClock(NOON))
    deliver(register, [penalty(1), penalty(2)])
    monkeypatch.setenv("CREDIT_SECRETS", str(secrets))
    with Proxy(above["elasticsearch_url"], tls) as proxy:
        proxy.fault = demanding(f"ApiKey {KEY}")
        own = above["elasticsearch"] | {"ca_file": str(authority)}
        settings = setting_files.load(
            data=register.settings.data, elasticsearch_url=proxy.url, elasticsearch=own
        )
        assert KEY not in repr(settings)
        engine = opening.reader(settings)
        assert rebuild(register, engine).run().records == 2
        deliver(register, [penalty(3)])
        assert follower(register, engine).step().applied == 1
        fresh = opening.reader(settings)
        assert find(fresh, "晨光").total == names(fresh, "晨光").total == 3
        assert fresh.health().ready
        (secrets / "credit_elasticsearch_api_key").write_text("d3Jvbmc6a2V5")
        wrong = setting_files.load(elasticsearch_url=proxy.url, elasticsearch=own)
        with pytest.raises(EngineAwayError, match="refuses our key"):
            find(opening.reader(wrong), "晨光")
        strange = own | {"ca_file": ""}
        unknown = setting_files.load(elasticsearch_url=proxy.url, elasticsearch=strange)
        with pytest.raises(EngineAwayError, match="TlsError"):
            find(opening.reader(unknown), "晨光")


def test_a_user_with_a_password_from_the_secrets(
    above: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_ELASTICSEARCH_PASSWORD", "geheim")
    with Proxy(above["elasticsearch_url"]) as proxy:
        proxy.fault = demanding("Basic aW5kZXg6Z2VoZWlt")
        own = above["elasticsearch"] | {"user": "index"}
        engine = opening.reader(setting_files.load(elasticsearch_url=proxy.url, elasticsearch=own))
        with pytest.raises(EngineAwayError, match="no index yet"):
            find(engine, "晨光")  # and not: refused


def test_of_several_nodes_one_that_is_away_does_not_matter(above: dict[str, Any]) -> None:
    with Proxy(above["elasticsearch_url"]) as gone, Proxy(above["elasticsearch_url"]) as proxy:
        gone.close()
        both = setting_files.load(
            elasticsearch_url=f"{gone.url}, {proxy.url}", elasticsearch=above["elasticsearch"]
        )
        engine = opening.reader(both)
        for _ in range(6):
            with pytest.raises(EngineAwayError, match="no index yet"):
                find(engine, "晨光")
        assert len(proxy.seen) == 6


def test_addresses_are_read_and_completed() -> None:
    assert hosts_of("http://a.example") == ["http://a.example:9200"]
    assert hosts_of("https://a.example:443/es/, https://[::1]:9201") == [
        "https://a.example:443/es",
        "https://[::1]:9201",
    ]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("a.example:9200", "https://host:port"),
        ("ftp://a.example", "https://host:port"),
        ("http://", "https://host:port"),
        ("http://a.example:port", "none"),
        ("https://me:geheim@a.example", "secrets"),
        ("http://a.example,", "https://host:port"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_being_repeated(url: str, why: str) -> None:
    with pytest.raises(EngineError, match=why) as caught:
        hosts_of(url)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("secret", ["CREDIT_ELASTICSEARCH_API_KEY", "CREDIT_ELASTICSEARCH_PASSWORD"])
def test_a_key_is_never_sent_in_the_clear(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(secret, "geheim")
    for url in ("http://a.example:9200", "https://a.example,http://b.example"):
        settings = setting_files.load(elasticsearch_url=url, elasticsearch={"user": "index"})
        with pytest.raises(EngineError, match="only sent by https"):
            connect(settings)
    connect(
        setting_files.load(elasticsearch_url="https://a.example", elasticsearch={"user": "index"})
    ).close()


def test_a_password_needs_its_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDIT_ELASTICSEARCH_PASSWORD", "geheim")
    with pytest.raises(EngineError, match=r"elasticsearch\.user"):
        connect(setting_files.load(elasticsearch_url="https://a.example"))


@pytest.mark.parametrize("text", ["[1]", "{", None])
def test_settings_of_an_index_that_cannot_be_read_are_refused(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "index.json"
    if text is not None:
        path.write_text(text)
    settings = setting_files.load(
        elasticsearch_url="http://a.example", elasticsearch={"index_file": str(path)}
    )
    with pytest.raises(EngineError, match=r"index\.json"):
        opening.reader(settings)


def test_the_shipped_settings_hold_shards_replicas_and_refresh() -> None:
    found = index_settings(setting_files.load())
    assert set(found) == {"number_of_shards", "auto_expand_replicas", "refresh_interval"}


def test_who_uses_the_embedded_engine_never_loads_the_client() -> None:
    code = (
        "import sys; from creditindex import opening; from creditregister import settings;"
        "opening.reader(settings.load()); sys.exit('elasticsearch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
