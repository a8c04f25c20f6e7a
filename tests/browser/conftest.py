"""Servers and a browser for the tests of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import CHROMIUM, FLAGS, Shelf, opened
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import free_port

import ui
from qa.assistant import Assistant
from web.server import Options

# A busy machine may take long over what is waited for; nothing here is a matter of time.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def address(home: Path) -> Iterator[str]:
    page = ui.start(Assistant.open(home), Options(port=free_port(), mcp=True))
    yield str(page.local_url)
    page.close()


@pytest.fixture(scope="session")
def hostile_address() -> Iterator[str]:
    page = ui.serve(Shelf(), "127.0.0.1", free_port())
    yield str(page.local_url)
    page.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "ja-JP"}


@pytest.fixture
def page(browser: Browser, address: str, options: dict[str, object]) -> Iterator[Page]:
    with opened(browser, address, options) as page:
        yield page


@pytest.fixture
def hostile_page(browser: Browser, hostile_address: str) -> Iterator[Page]:
    with opened(browser, hostile_address, {"locale": "ja-JP"}) as page:
        yield page
