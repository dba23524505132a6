"""One variable switches commands and site to Elasticsearch; nothing else changes, not even a page (DESIGN 4)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support import elastic
from support.faulty import Proxy
from support.world import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from support.world import World

PAGES = (
    "/",
    "/search",
    "/search?q=有限公司",
    "/search?q=食品&kind=penalty&order=newest",
    "/search?q=有限公司&page=3",
    "/search?q=云泽&view=names",
    "/en/search?q=科技+处罚",
)


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """A proxy before a real cluster, named in the environment as an operator would."""
    with elastic.own_indexes() as above, Proxy(above["elasticsearch_url"]) as opened:
        monkeypatch.setenv("CREDIT_ELASTICSEARCH_URL", opened.url)
        monkeypatch.setenv("CREDIT_ELASTICSEARCH__PREFIX", above["elasticsearch"]["prefix"])
        yield opened


def bodies(client: FlaskClient) -> dict[str, str]:
    answers = {path: client.get(path) for path in PAGES}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: answer.get_data(as_text=True) for path, answer in answers.items()}


def ready(client: FlaskClient) -> tuple[int, str]:
    answer = client.get("/readyz")
    return answer.status_code, answer.get_json()["index"]


def said(world: World, *command: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(world.call("credit-index", *command, "--json"))
    return found


def test_one_variable_switches_everything_and_search_survives_the_cluster(
    world: World, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    own = world.copy(tmp_path)
    before = bodies(own.app().test_client())
    proxy: Proxy = request.getfixturevalue("proxy")
    app = own.app()
    client = app.test_client()
    assert ready(client) == (503, "away")
    report = said(own, "rebuild")
    assert report["records"] > 300
    assert said(own, "verify")["differences"] == 0
    assert said(own, "status")["standing"] == "current"
    assert said(own, "follow", "--once")["applied"] == 0
    wait_until(lambda: ready(client) == (200, "current"), "the index that was built")
    assert bodies(client) == before

    proxy.close()
    limited = client.get("/search?q=云泽")
    assert limited.status_code == 200
    assert "查询功能受限" in limited.get_data(as_text=True)
    assert limited.headers["Cache-Control"] == "no-store"
    assert ready(client) == (503, "away")
    assert client.get("/healthz").status_code == 200
    proxy.open()
    wait_until(lambda: ready(client) == (200, "current"), "the cluster that came back")
    assert bodies(client) == before
