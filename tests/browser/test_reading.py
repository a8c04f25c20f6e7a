"""Reading and using the statement in a real browser: search, links, copies, remarks, measuring."""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import httpx
import pytest
from pages import BOX, ENGLISH, IN_VIEW, JAPANESE, UNANSWERABLE, ask, opened, texts
from playwright.sync_api import Browser, Page, expect
from project import ROOT
from serving import WaitingAssistant, free_port

import ui
from corpus.library import bundled_paths, load_statement
from qa.assistant import Assistant
from qa.feedback import Feedback
from qa.proof import verification
from web.gate import MAX_RUNNING, MAX_WAITING

SHOTS = Path(os.environ.get("SHUTTEN_SHOTS", ROOT / "build" / "shots"))
CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
SEARCH = "#shutten-source .tools input"
COUNT = "#shutten-source .tools .count"
FOUND = "() => [...CSS.highlights.get('shutten-found')].map(one => one.toString())"


def copied(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_searching_the_statement_finds_every_place(page: Page) -> None:
    source = bundled_paths()[0].read_text("utf-8")
    page.fill(SEARCH, "半導体")
    count = source.count("半導体")
    expect(page.locator(COUNT)).to_have_text(f"1／{count}件")
    assert page.evaluate(FOUND) == ["半導体"] * count
    page.press(SEARCH, "Enter")
    expect(page.locator(COUNT)).to_have_text(f"2／{count}件")
    page.press(SEARCH, "Shift+Enter")
    page.press(SEARCH, "Shift+Enter")
    expect(page.locator(COUNT)).to_have_text(f"{count}／{count}件")
    page.get_by_role("button", name="次の一致").click()
    expect(page.locator(COUNT)).to_have_text(f"1／{count}件")
    page.fill(SEARCH, "ｊｕｃｉｐ")
    assert set(page.evaluate(FOUND)) == {"JUCIP"}
    page.fill(SEARCH, "どこにもない")
    expect(page.locator(COUNT)).to_have_text("見つかりません")
    page.fill(SEARCH, "")
    expect(page.locator(COUNT)).to_have_text("")


@pytest.mark.parametrize("options", [CLIPBOARD])
def test_a_link_to_a_passage_leads_there(page: Page, browser: Browser, address: str) -> None:
    passage = page.locator(".passage.bullet").nth(4)
    words = passage.locator(".body").text_content()
    passage.hover()
    passage.locator(".anchor").click()
    expect(page.locator(".anchor.done")).to_have_count(1)
    link = copied(page)
    assert re.fullmatch(rf"{address}\?s=jucip-2023-05-26\.ja#passage-\w+-\d+-\d+-.+", link)
    with opened(browser, link, {"locale": "ja-JP"}, address) as other:
        other.wait_for_selector(".near")
        assert "".join(texts(other, ".near")) == words
        other.wait_for_function(IN_VIEW)


def test_the_address_asks_the_question_again(page: Page, browser: Browser, address: str) -> None:
    ask(page, JAPANESE)
    page.wait_for_function("location.search.startsWith('?q=')")
    with opened(browser, page.url, {"locale": "en-GB"}, address) as other:
        expect(other.locator(".answer")).to_have_count(1)
        assert texts(other, ".asked") == [JAPANESE]
        assert texts(other, "blockquote") == texts(page, "blockquote")
        other.reload()
        expect(other.locator(".answer")).to_have_count(1)
        # What was asked there before stays.
        other.goto(f"{address}?q={ENGLISH}")
        expect(other.locator(".answer")).to_have_count(2)
        assert texts(other, ".asked") == [JAPANESE, ENGLISH]


def test_a_link_cut_off_on_its_way_leads_to_the_statement(browser: Browser, address: str) -> None:
    link = f"{address}#passage-ab-1-2-%E5%8"
    with opened(browser, link, {"locale": "ja-JP"}, address) as page:
        expect(page.locator(".near")).to_have_count(0)
        ask(page, JAPANESE)


def test_what_cannot_be_copied_is_shown(page: Page) -> None:
    ask(page, JAPANESE)
    page.evaluate("""() => {  // as over plain HTTP from another machine
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      window.prompt = (_, text) => { window.shown = text; };
    }""")
    page.locator('.quote button[value="copy-text"]').first.click()
    assert texts(page, "blockquote")[0] in page.evaluate("window.shown")


@pytest.mark.parametrize("options", [CLIPBOARD])
@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("text", r"「(?P<quote>[^\n]+)」\n.+仮訳.+文字目"),
        ("markdown", r"> (?P<quote>[^\n]+)\n>\n> — .+仮訳.+文字目"),
        ("bibtex", r"@misc{jucip-2023-05-26-ja-\d+,\n(?s:.+)abstract = {(?P<quote>[^\n]+)}\n}"),
    ],
)
def test_a_quote_is_copied_with_its_source(page: Page, kind: str, shape: str) -> None:
    ask(page, JAPANESE)
    page.locator(f'.quote button[value="copy-{kind}"]').first.click()
    expect(page.locator(".done")).to_have_count(1)
    found = re.fullmatch(shape, copied(page))
    assert found
    assert found["quote"] == texts(page, "blockquote")[0]


def test_the_conversation_can_be_kept(page: Page, tmp_path: Path) -> None:
    for question in (JAPANESE, UNANSWERABLE):
        ask(page, question)
    kept = {}
    for name in ("Markdown", "JSON"):
        with page.expect_download() as download:
            page.locator("#shutten-exports button", has_text=name).click()
        kept[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(kept[name])
    written = kept["Markdown"].read_text("utf-8")
    assert written.startswith(f"## {JAPANESE}\n")
    assert all(f"> {quote}\n" in written for quote in texts(page, "blockquote"))
    claimed = verification.load(kept["JSON"])
    statement = load_statement(bundled_paths()[0])
    assert {verification.verify(one, statement).finding for one in claimed} == {"exact"}
    answers = json.loads(kept["JSON"].read_text("utf-8"))["answers"]
    assert [one["status"] for one in answers] == ["answered", "not_found"]


def test_remarks_are_kept_beside_the_index(browser: Browser, tmp_path: Path) -> None:
    assistant = Assistant.open(tmp_path)
    server = ui.serve(assistant, "127.0.0.1", free_port())
    try:
        with opened(browser, server.local_url, {"locale": "en-GB"}) as page:
            ask(page, ENGLISH)
            page.locator('button[value="good"]').click()
            expect(page.locator(".remarks")).to_contain_text("Kept on this server only")
            ask(page, UNANSWERABLE)
            last = page.locator(".answer").last
            last.locator('button[value="better"]').click()
            expect(page.locator(".hint")).to_contain_text("Choose the sentence")
            page.keyboard.press("Escape")
            expect(page.locator(".hint")).to_have_text("")
            last.locator('button[value="better"]').click()
            better = page.locator("#shutten-source .sentence").nth(6)
            words = better.text_content()
            better.click()
            expect(last.locator(".remarks")).to_contain_text("Kept on this server only")
            quoted = texts(page, "blockquote")
    finally:
        server.close()
    good, moved = Feedback(tmp_path, assistant.statement).questions()
    assert [good["gold"][0], *good["also"]] == quoted
    assert (moved["question"], moved["gold"]) == (UNANSWERABLE, [words])
    assert moved["history"] == [ENGLISH]


def test_the_language_can_be_changed_and_stays(browser: Browser, address: str) -> None:
    cut = ("AbortError", "Unexpected error Connection errored out")
    with opened(browser, address, {"locale": "ja-JP"}, leaving=cut) as page:
        ask(page, JAPANESE)
        page.get_by_role("button", name="English").click()
        english = "Ask the statement, in any language"
        expect(page.locator(BOX)).to_have_attribute("placeholder", english)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator(".answer")).to_have_count(1)
        page.reload()
        expect(page.get_by_role("tab", name="Measure")).to_be_visible()
        page.get_by_role("button", name="日本語").click()
        expect(page.get_by_role("tab", name="評価")).to_be_visible()


def test_a_restarted_server_is_found_again(browser: Browser, tmp_path: Path) -> None:
    assistant, port = Assistant.open(tmp_path), free_port()
    server = ui.serve(assistant, "127.0.0.1", port)
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    try:
        page.goto(server.local_url)
        page.wait_for_selector(".document .sentence")
        ask(page, JAPANESE)
        page.fill(BOX, ENGLISH)
        server.close()
        page.wait_for_timeout(1500)
        server = ui.serve(assistant, "127.0.0.1", port)
        expect(page.locator(BOX)).to_have_value(ENGLISH)
        page.wait_for_timeout(4000)
        expect(page.locator(BOX)).to_have_value(ENGLISH)
        with page.expect_download() as download:
            page.get_by_role("button", name="書き出す（証拠つきJSON）").click()
        (kept,) = json.loads(download.value.path().read_text("utf-8"))["answers"]
        assert kept == assistant.ask(JAPANESE).to_json()
        page.press(BOX, "Enter")
        expect(page.locator(".answer")).to_have_count(2, timeout=20_000)
    finally:
        context.close()
        server.close()


@pytest.mark.parametrize(
    ("name", "options", "size", "questions"),
    [
        (
            "chat-ja",
            {"locale": "ja-JP"},
            (1280, 800),
            ["輸出管理ではどのような協力をしますか", JAPANESE],
        ),
        ("chat-en-phone", {"locale": "en-GB"}, (390, 844), [ENGLISH]),
        ("chat-ja-dark", {"locale": "ja-JP", "color_scheme": "dark"}, (1280, 800), [JAPANESE]),
        ("refusal-en", {"locale": "en-GB"}, (1280, 800), ["What tariff applies to beef?"]),
    ],
)
def test_screenshots(page: Page, name: str, size: tuple[int, int], questions: list[str]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for question in questions:
        ask(page, question)
    page.wait_for_timeout(900)
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")
    assert (SHOTS / f"{name}.png").stat().st_size > 10_000


def post(address: str) -> httpx.Response:
    return httpx.post(f"{address}ask", json={"question": ENGLISH}, timeout=60)


def test_the_page_says_that_it_warms_up_and_that_it_is_busy(
    browser: Browser, tmp_path: Path
) -> None:
    slow = WaitingAssistant(Assistant.open(tmp_path))
    server = ui.serve(slow, "127.0.0.1", free_port())
    try:
        with opened(browser, server.local_url, {"locale": "en-GB"}) as page:
            notice = page.locator("#shutten-notice p")
            expect(notice).to_contain_text("warming up", use_inner_text=True)
            page.fill(BOX, ENGLISH)
            slow.go.set()
            expect(notice).to_have_count(0)
            slow.go.clear()
            places = MAX_RUNNING + MAX_WAITING
            with ThreadPoolExecutor(places + 1) as others:
                asked = [others.submit(post, server.local_url) for _ in range(places + 1)]
                first = next(as_completed(asked)).result()
                assert first.status_code == 503  # so all places are taken
                page.press(BOX, "Enter")
                expect(notice).to_contain_text("Too many questions", use_inner_text=True)
                expect(page.locator(BOX)).to_have_value(ENGLISH)
                slow.go.set()
    finally:
        slow.go.set()
        server.close()


def test_all_can_be_done_with_keys_alone(page: Page) -> None:
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.type(JAPANESE)
    page.keyboard.press("Enter")
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(BOX)).to_be_focused()
    wanted = {"#passage-", "copy-text", "better", "search", "#shutten-language"}
    met: set[str] = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        met.add(
            page.evaluate(
                """() => {
                  const e = document.activeElement;
                  return e.getAttribute("href")?.replace(/(#passage-).*/, "$1")
                    ?? (e.id ? "#" + e.id : e.value || e.type) ?? "";
                }"""
            )
        )
    assert wanted <= met
    page.locator('button[value="better"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".sentence.first")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".remarks .status")).to_contain_text("記録しました")
    expect(page.locator(".remarks .status")).to_be_focused()
    expect(page.locator(".sentence[tabindex]")).to_have_count(0)


def test_clearing_stops_what_is_being_answered(browser: Browser, tmp_path: Path) -> None:
    slow = WaitingAssistant(Assistant.open(tmp_path))
    slow.go.set()
    server = ui.serve(slow, "127.0.0.1", free_port())
    try:
        with opened(browser, server.local_url, {"locale": "ja-JP"}) as page:
            ask(page, JAPANESE)
            slow.go.clear()
            page.fill(BOX, ENGLISH)
            page.press(BOX, "Enter")
            expect(page.locator(".asked")).to_have_count(2)
            page.get_by_role("button", name=re.compile("Clear|クリア|消去")).click()
            expect(page.locator(".asked")).to_have_count(0)
            slow.go.set()
            page.wait_for_timeout(1500)
            expect(page.locator(".asked")).to_have_count(0)
            page.reload()
            page.wait_for_selector(".document .sentence")
            page.wait_for_timeout(1000)
            expect(page.locator(".asked")).to_have_count(0)
    finally:
        slow.go.set()
        server.close()
