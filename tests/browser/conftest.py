"""A Chromium, the real server on the demo, and pages that fail on whatever the console reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright

from support import places as places_module
from support import require
from support.world import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

    from support.world import Server, World

#: Background traffic is off: the browser must reach nothing but our server.
FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--disable-extensions",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
DEVICES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}


@dataclass
class Watched:
    """A page, and everything that went wrong in it."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def note(self, message: ConsoleMessage) -> None:
        # A page that is refused on purpose is reported by the browser as a resource that failed to load.
        refused = "Failed to load resource" in message.text and "status of 4" in message.text
        if message.type in {"error", "warning"} and not refused:
            self.problems.append(message.text)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = require.chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def server(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server with two workers on a copy of the world."""
    folder = tmp_path_factory.mktemp("served")
    # Loopback counts as a proxy here, so that each page can come from another client and meets no limit.
    with serving(
        world.copy(folder), folder, "--workers", "2", CREDIT_SITE__TRUSTED_PROXIES='["127.0.0.1"]'
    ) as running:
        yield running


_CLIENTS = count(1)


@pytest.fixture
def open_page(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Opens a page on a device; at the end of the test nothing may stand in any console."""
    opened: list[Watched] = []

    def open_one(device: str = "desktop", **options: Any) -> Page:
        number = next(_CLIENTS)
        headers = {"X-Forwarded-For": f"10.9.{number >> 8 & 255}.{number & 255}"}
        context = browser.new_context(
            **DEVICES[device], base_url=server.url, extra_http_headers=headers, locale="zh-CN", **options
        )
        watched = Watched(context.new_page())
        watched.page.on("console", watched.note)
        watched.page.on("pageerror", lambda error: watched.problems.append(str(error)))
        watched.page.on("dialog", lambda dialog: watched.problems.append(f"dialog: {dialog.message}"))
        opened.append(watched)
        return watched.page

    yield open_one
    problems = [problem for watched in opened for problem in watched.problems]
    for watched in opened:
        watched.page.context.close()
    assert not problems


@pytest.fixture(scope="session")
def places(world: World) -> dict[str, str]:
    """One address of every kind of page."""
    return places_module.places(world)
