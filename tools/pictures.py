"""Take the pictures of the README from a running demo: ``make run``, then this, with the Python of .venv.

The pages are found by searching as a visitor would; nothing is set up for the picture.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
WINDOW = ViewportSize(width=1280, height=900)
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def shoot(page: Page, name: str) -> None:
    """The first screen of the page, as a PNG."""
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


def take(page: Page, site: str, question: str) -> None:
    """A search, and the first penalty that it finds."""
    page.goto(f"{site}/")
    page.get_by_role("combobox").fill(question)
    page.get_by_role("combobox").press("Enter")
    page.wait_for_load_state()
    shoot(page, "search")
    page.get_by_role("link", name="行政处罚").first.click()
    page.wait_for_load_state()
    page.locator('main a[href^="/r/"]').first.click()
    page.wait_for_load_state()
    shoot(page, "record")


def main() -> None:
    """Drive the system's Chromium over the running site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--question", default="食品")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as tools:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        browser = tools.chromium.launch(executable_path=path, args=FLAGS)
        page = browser.new_page(viewport=WINDOW, color_scheme="light", locale="zh-CN")
        take(page, options.site, options.question)
        browser.close()


if __name__ == "__main__":
    main()
