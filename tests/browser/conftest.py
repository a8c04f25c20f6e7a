"""A browser, and the server of the bundled statement that it opens."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "bench"))  # process.py

from pages import CHROMIUM, FLAGS, opened
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import served

from qa.assistant import Assistant

# A busy machine may need long; no test here is about speed.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def address(home: Path) -> Iterator[str]:
    with served(Assistant.open(home), mcp=True) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def options() -> dict[str, object]:
    """Options of the browser's context."""
    return {"locale": "ja-JP"}


@pytest.fixture
def page(browser: Browser, address: str, options: dict[str, object]) -> Iterator[Page]:
    with opened(browser, address, options) as page:
        yield page


@pytest.fixture(params=[("light", "ja-JP"), ("dark", "en-GB")], ids=["light", "dark"])
def coloured_page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page in light colours and in dark ones, each in another language."""
    scheme, locale = request.param
    with opened(browser, address, {"color_scheme": scheme, "locale": locale}) as page:
        yield page
