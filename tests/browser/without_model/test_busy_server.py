"""The page says that the model is not loaded yet or the server is busy, and survives a restart."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor, as_completed

from assistants import MatchingAssistant, served
from pages import BOX, NOTICE, ask, open_address, opened
from playwright.sync_api import Browser, expect
from serving import free_port, post

import ui
from web.gate import MAX_RUNNING, MAX_WAITING

PLACES = MAX_RUNNING + MAX_WAITING


def test_the_page_says_that_the_model_warms_up_and_that_the_server_is_busy(
    browser: Browser, assistant: MatchingAssistant
) -> None:
    assistant.hold()
    with (
        served(assistant) as address,
        opened(browser, address, {"locale": "en-GB"}) as page,
        ThreadPoolExecutor(PLACES + 1) as threads,
    ):
        notice = page.locator(NOTICE)
        expect(notice).to_contain_text("warming up", use_inner_text=True)
        page.fill(BOX, "trade")
        assistant.release_all()
        expect(notice).to_have_count(0)
        assistant.hold()
        calls = [
            threads.submit(post, address, "ask", {"question": "trade"}) for _ in range(PLACES + 1)
        ]
        # One is refused as soon as all places are taken.
        assert next(as_completed(calls)).result().status_code == 503
        page.press(BOX, "Enter")
        expect(notice).to_contain_text("Too many questions", use_inner_text=True)
        expect(page.locator(BOX)).to_have_value("trade")
        assistant.release_all()


def test_the_page_goes_on_after_a_restart_of_the_server(
    browser: Browser, assistant: MatchingAssistant
) -> None:
    port = free_port()
    server = ui.serve(assistant, port=port)  # type: ignore[arg-type]
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    try:
        open_address(page, server.local_url)
        ask(page, "missile")
        page.fill(BOX, "trade")
        server.close()
        page.wait_for_timeout(1500)
        server = ui.serve(assistant, port=port)  # type: ignore[arg-type]
        page.wait_for_timeout(4000)
        expect(page.locator(BOX)).to_have_value("trade")
        with page.expect_download() as download:
            page.get_by_role("button", name="Export (JSON with proofs)").click()
        (exported,) = json.loads(download.value.path().read_text("utf-8"))["answers"]
        assert exported == assistant.ask("missile").to_json()
        page.press(BOX, "Enter")
        expect(page.locator(".answer")).to_have_count(2)
    finally:
        context.close()
        server.close()
