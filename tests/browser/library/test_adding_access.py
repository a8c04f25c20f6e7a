"""Adding files by the rules of WCAG 2.2 AA, on a phone, and with nothing that moves by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from adding_pages import PREVIEW, choose, drag, field, wait_for
from pages import (
    FAILED_REQUESTS,
    boxes,
    broken_rules,
    open_statement,
    opened,
    overlaps,
    texts,
)
from playwright.sync_api import Browser, Page, expect
from uploading import DOCUMENTS, LETTER, TEXT, slow_pdf

# The layout shifts that no input of the reader explains.
WATCH = """() => {
  window.shifts = [];
  new PerformanceObserver(list => window.shifts.push(...list.getEntries()
    .filter(entry => !entry.hadRecentInput)
    .map(({ value, sources }) => [value, sources.map(({ node }) => node?.className)])))
    .observe({ type: "layout-shift" });
}"""
SCANNED = DOCUMENTS / "pdf" / "scanned-and-text.pdf"


@pytest.fixture
def address(adding_address: str) -> str:
    return adding_address


@pytest.fixture(params=[("light", "ja-JP"), ("dark", "en-GB")], ids=["light", "dark"])
def coloured_page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    scheme, locale = request.param
    options: dict[str, object] = {"color_scheme": scheme, "locale": locale}
    with opened(browser, address, options, expected=FAILED_REQUESTS) as page:
        yield page


def sending(page: Page) -> None:
    drag(page, [("slow.pdf", slow_pdf()), ("next.txt", TEXT.encode())])
    wait_for(page, "slow.pdf", "reading")


def decisions(page: Page) -> None:
    choose(page, LETTER, SCANNED, DOCUMENTS / "pdf" / "scanned.pdf", DOCUMENTS / "pdf" / "cid.pdf")
    wait_for(page, LETTER.name, "ready")
    wait_for(page, "scanned.pdf", "refused")
    wait_for(page, "cid.pdf", "refused")


def dragged_over(page: Page) -> None:
    drag(page, [("a.txt", b"a")], ".library", "dragenter", "dragover")
    expect(page.locator(".drop")).to_be_visible()


def preview(page: Page) -> None:
    choose(page, SCANNED)
    wait_for(page, SCANNED.name, "ready").locator(".look").click()
    expect(page.locator(f"{PREVIEW} .warnings")).to_be_visible()


def wrong_fact(page: Page) -> None:
    preview(page)
    page.locator(f"{PREVIEW} input").nth(2).fill("Atlantis")
    page.locator(f"{PREVIEW} .main").click()
    expect(page.locator(f"{PREVIEW} .field .wrong:not(:empty)")).to_be_visible()


def correction(page: Page) -> None:
    open_statement(page, "g7-2023-05-20")
    page.locator(".edit .correct").click()
    expect(page.locator("dialog.correction")).to_be_visible()


def removal(page: Page) -> None:
    open_statement(page, "g7-2023-05-20")
    page.locator(".edit .remove").click()
    expect(page.locator("dialog.removal")).to_be_visible()


STATES = [sending, decisions, dragged_over, preview, wrong_fact, correction, removal]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_no_rule_is_broken_while_files_are_added(
    coloured_page: Page, state: Callable[[Page], None]
) -> None:
    state(coloured_page)
    assert broken_rules(coloured_page) == []


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
@pytest.mark.parametrize("locale", ["ja-JP", "en-GB"])
def test_on_a_phone_nothing_is_wider_than_the_screen(
    browser: Browser, address: str, state: Callable[[Page], None], locale: str
) -> None:
    options: dict[str, object] = {"locale": locale, "viewport": {"width": 390, "height": 844}}
    with opened(browser, address, options, expected=FAILED_REQUESTS) as page:
        page.locator("#shutten-statements").click()
        state(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        visible = boxes(page, ".upload button", ".adder button", "dialog[open] :is(button, input)")
        assert all(box["left"] >= 0 and box["right"] <= 390 for _, box in visible)
        assert all(box["height"] >= 24 for _, box in visible)
        rows = boxes(page, ".upload .file", ".upload .state", ".upload button", ".upload select")
        assert overlaps(rows) == []


def test_nothing_moves_by_itself(browser: Browser, address: str) -> None:
    with opened(browser, address, {"locale": "en-GB"}, expected=FAILED_REQUESTS) as page:
        page.wait_for_selector(".offer")
        drag(page, [("a.txt", TEXT.encode()), ("b.pdf", LETTER.read_bytes()), ("c.txt", b"***")])
        page.evaluate(WATCH)
        heights = boxes(page, ".upload")
        wait_for(page, "a.txt", "ready")
        wait_for(page, "b.pdf", "ready")
        wait_for(page, "c.txt", "refused")
        assert boxes(page, ".upload") == heights
        page.locator(".keep-all").click()
        wait_for(page, "a.txt", "added")
        wait_for(page, "b.pdf", "added")
        assert boxes(page, ".upload") == heights
        shifts = page.evaluate("window.shifts")
        assert sum(value for value, _ in shifts) < 0.1, shifts


def test_the_dialog_keeps_the_focus_and_gives_it_back(browser: Browser, address: str) -> None:
    with opened(browser, address, {"locale": "en-GB"}, expected=FAILED_REQUESTS) as page:
        choose(page, LETTER)
        look = wait_for(page, LETTER.name, "ready").locator(".look")
        look.click()
        field(page, "Title").focus()
        for _ in range(40):
            page.keyboard.press("Tab")
            inside = "document.activeElement === document.body || " + (
                "document.activeElement.closest('dialog[open]') !== null"
            )
            assert page.evaluate(inside)
        page.locator(PREVIEW).get_by_role("button", name="Close").click()
        expect(look).to_be_focused()
        look.click()
        page.mouse.click(5, 5)  # beside the dialog
        expect(page.locator(PREVIEW)).to_be_hidden()
        expect(look).to_be_focused()
        assert texts(page, f"{PREVIEW} .body") == [""]
