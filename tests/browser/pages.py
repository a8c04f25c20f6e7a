"""For tests of the page: opening it, asking, and reading what it shows and where."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, expect
from statements import quotes_from

from corpus.library import bundled_paths, load_statement

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
CLIPBOARD = ["clipboard-read", "clipboard-write"]
JAPANESE = "半導体について何を確認しましたか"
ENGLISH = "What did they decide about quantum computing?"
UNANSWERABLE = "牛肉の関税は何パーセントですか"
LIST = "List every mission and meeting that is planned."

BOX = "#shutten-box textarea"
NOTICE = "#shutten-notice p"
SEARCH = "#shutten-source .tools input"
NAME = "#shutten-source .naming .name"
# Whether a quoted or nearest sentence is in view in the panel of the statement.
IN_VIEW = """() => {
  const panel = document.querySelector(".document").getBoundingClientRect();
  const lit = [...document.querySelectorAll(".quoted, .near")].map(e => e.getBoundingClientRect());
  return lit.some(e => e.height > 0 && e.top >= panel.top && e.top < panel.bottom - 40);
}"""

# Beginnings of messages in the console. Gradio always writes the first two: one by its component
# for files, and one when the page is left while a stream of events is open. The others come in some
# tests, when the page is left while a request is open, or when a request fails.
USUAL_MESSAGES = ("Method not implemented.", "AbortError: BodyStreamBuffer was aborted")
CUT_CONNECTIONS = ("AbortError", "Unexpected error Connection errored out")
FAILED_REQUESTS = ("Failed to load resource",)

RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
    ]
}


@contextmanager
def opened(
    browser: Browser,
    address: str,
    options: dict[str, object],
    home: str = "",
    expected: Sequence[str] = (),
) -> Iterator[Page]:
    """Open the page, and check that it contacts no other server and writes no error.

    Args:
        browser: The browser.
        address: The address that is opened.
        options: Options of the browser's context.
        home: The address of the server, if `address` is longer.
        expected: Beginnings of messages in the console that are no fault in this test.
    """
    size = {"viewport": {"width": 1280, "height": 800}}
    context = browser.new_context(**{**size, **options})
    complaints: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def note_request(request: Request) -> None:
        if not request.url.startswith((home or address, "data:", "blob:")):
            complaints.append(f"request: {request.url}")

    page = context.new_page()
    # The browser must know before the page is used that it has to report file choosers. A busy one
    # that is told at the moment when one opens may report nothing.
    page.on("filechooser", lambda _: None)
    page.on("console", note_message)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
    page.on("request", note_request)
    try:
        open_address(page, address)
        yield page
    finally:
        context.close()
    usual = (*USUAL_MESSAGES, *expected)
    assert [text for text in complaints if not text.startswith(usual)] == []


def open_address(page: Page, address: str) -> None:
    """Go to an address of the page, and wait until the statement is shown."""
    page.goto(address)
    wait_for_statement(page)


def wait_for_statement(page: Page) -> None:
    """Wait until the statement, or the list of statements, is shown."""
    page.wait_for_selector(".document .sentence:visible, .library .statement:visible")


def row(page: Page, statement: str) -> Locator:
    """Return the row of a statement in the list."""
    return page.locator(f'.library .statement[data-id="{statement}"]')


def open_statement(page: Page, statement: str) -> None:
    """Open a statement from the list, to which the reader goes back if another one is open."""
    if not page.locator(".library").is_visible():
        page.locator(".back").click()
    row(page, statement).locator(".open").click()
    expect(page.locator(".library")).to_be_hidden()


def send(page: Page, question: str) -> None:
    """Write a question into the box and press Enter, without waiting for the answer."""
    page.fill(BOX, question)
    page.press(BOX, "Enter")


def ask(page: Page, question: str) -> None:
    """Ask a question, and wait for the answer."""
    before = page.locator(".answer").count()
    send(page, question)
    expect(page.locator(".answer")).to_have_count(before + 1)


def texts(page: Page, selector: str) -> list[str]:
    """Return the text of every element, in the order of the page."""
    return list(page.eval_on_selector_all(selector, "all => all.map(e => e.textContent)"))


def bundled_sentences() -> set[str]:
    """Return the sentences of the bundled statement."""
    return {quote.text for quote in quotes_from(load_statement(bundled_paths()[0]))}


def open_measuring(page: Page) -> None:
    """Open the tab that measures question sets."""
    page.get_by_role("tab").nth(1).click()
    expect(page.locator("#shutten-trial")).to_be_visible()


def choose_file(page: Page, path: Path) -> None:
    """Choose the file of a question set, without waiting until it is uploaded."""
    page.locator("#shutten-trial input[type=file]").set_input_files(path)


def question_set(folder: Path) -> Path:
    """Write a question set whose second question is not answered with its gold sentence."""
    rows = [
        {"id": "a", "question": JAPANESE, "language": "ja", "gold": ["強力に連携していく"]},
        {
            "id": "b",
            "question": "量子について何を決めましたか",
            "language": "ja",
            "gold": ["2023年5月26日、西村"],
        },
        {"id": "c", "question": UNANSWERABLE, "kind": "unanswerable", "gold": []},
    ]
    path = folder / "own.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    return path


def measure(page: Page, path: Path, button: str) -> None:
    """Measure a question set in the open tab, and wait for the figures."""
    choose_file(page, path)
    expect(page.locator("#shutten-trial")).to_contain_text(path.stem)
    page.get_by_role("button", name=button).click()
    expect(page.locator("#shutten-figures")).to_contain_text("success@1", timeout=60_000)


def boxes(page: Page, *selectors: str) -> list[tuple[str, dict[str, float]]]:
    """Return the selector and the place on the page of every visible element, in pixels."""
    return list(
        page.evaluate(
            """all => all.flatMap(s => [...document.querySelectorAll(s)].map(e => {
          const { left, top, right, bottom, width, height } = e.getBoundingClientRect();
          return [s, { left, top: top + scrollY, right, bottom: bottom + scrollY, width, height }];
        })).filter(([, box]) => box.width && box.height)""",
            list(selectors),
        )
    )


def overlaps(elements: list[tuple[str, dict[str, float]]]) -> list[tuple[str, str]]:
    """Return the pairs of elements from `boxes` that overlap by more than a pixel."""
    return [
        (first, second)
        for number, (first, a) in enumerate(elements)
        for second, b in elements[number + 1 :]
        if min(a["right"], b["right"]) - max(a["left"], b["left"]) > 1
        and min(a["bottom"], b["bottom"]) - max(a["top"], b["top"]) > 1
    ]


def broken_rules(page: Page) -> list[tuple[str, list[object]]]:
    """Return the rules of WCAG 2.2 AA and of good practice that axe finds broken, and where."""
    page.wait_for_timeout(700)
    violations = Axe().run(page, options=RULES).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in violations]
