"""The page while the server with the statements is down, and after it is back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from milvus_servers import MilvusServer, running
from pages import BOX, CUT_CONNECTIONS, NOTICE, ask, open_address, opened, send, texts
from playwright.sync_api import Browser, Page, expect
from serving import served
from statements import statement_from

from index.building import adding
from index.models.encoder import Encoder
from index.store.milvus.store import MilvusStore
from qa.assistant import Assistant

TEXT = "Record\n\n- They build a harbour at Otaru.\n- They pave the road to Sapporo.\n"
HARBOUR, ROAD = "Where do they build a harbour?", "Which road do they pave?"
DOWN = {
    "en-GB": "does not answer at the moment",
    "ja-JP": "応答していません",
}
# Calls are tried again for 15 seconds before the page is told.
PATIENCE = 60_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MilvusServer]:
    with running(tmp_path / "server") as server:
        yield server


@pytest.fixture
def address(server: MilvusServer, tmp_path: Path, encoder: Encoder) -> Iterator[str]:
    store = MilvusStore(tmp_path, server.address())
    adding.add(store, encoder, [(statement_from(TEXT, "meeting"), "a.txt")], progress=False)
    with contextlib.closing(store), served(Assistant.over(store, encoder)) as address:
        yield address


@pytest.fixture(params=list(DOWN))
def options(request: pytest.FixtureRequest) -> dict[str, object]:
    return {"locale": request.param}


@pytest.fixture
def page(browser: Browser, address: str, options: dict[str, object]) -> Iterator[Page]:
    with opened(browser, address, options, expected=CUT_CONNECTIONS) as page:
        yield page


def test_the_page_says_that_the_server_is_down_and_goes_on_when_it_is_back(
    page: Page, server: MilvusServer, options: dict[str, object]
) -> None:
    ask(page, HARBOUR)
    server.kill()
    send(page, ROAD)
    expect(page.locator(NOTICE)).to_contain_text(DOWN[str(options["locale"])], timeout=PATIENCE)
    # The question is not lost, and what was answered before stays.
    expect(page.locator(BOX)).to_have_value(ROAD)
    assert len(texts(page, ".answer")) == 1
    server.start()
    page.press(BOX, "Enter")
    expect(page.locator(".answer")).to_have_count(2)
    assert "Sapporo" in texts(page, ".answer")[-1]
    expect(page.locator(NOTICE)).to_have_count(0)


def test_a_page_that_is_opened_meanwhile_says_so_too(
    page: Page, address: str, server: MilvusServer, options: dict[str, object]
) -> None:
    ask(page, HARBOUR)
    server.kill()
    page.reload()
    expect(page.locator(NOTICE)).to_contain_text(DOWN[str(options["locale"])], timeout=PATIENCE)
    server.start()
    open_address(page, address)
    expect(page.locator(".answer")).to_have_count(1)
    assert "Otaru" in texts(page, ".answer")[0]
