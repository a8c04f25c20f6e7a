"""Adding files: they are dropped or chosen, read, looked at, corrected, kept, and answered from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from adding_pages import ADD, PREVIEW, choose, drag, field, row_of, wait_for
from clock import wait_until
from hostile import HOSTILE
from libraries import IDS
from pages import (
    BOX,
    FAILED_REQUESTS,
    NAME,
    ask,
    open_measuring,
    open_statement,
    opened,
    row,
    texts,
)
from playwright.sync_api import Browser, Page, expect
from uploading import DOCUMENTS, LETTER, TEXT, readers, slow_pdf

from corpus.library import load_statement
from web.uploads import recognition

LETTER_ID = "english-letter"
BAD = b'[{"a": 1}]'
COUNT = ".library > .count"
TOO_LARGE = """size => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(size)], "large.pdf"));
  document.querySelector(".library").dispatchEvent(
    new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
}"""


@pytest.fixture
def address(adding_address: str) -> str:
    return adding_address


@pytest.fixture
def page(browser: Browser, address: str, options: dict[str, object]) -> Iterator[Page]:
    with opened(browser, address, options, expected=FAILED_REQUESTS) as page:
        yield page


def test_dropped_files_are_looked_at_corrected_kept_and_answered_from(page: Page) -> None:
    files = [(LETTER.name, LETTER.read_bytes()), ("canal.txt", TEXT.encode())]
    assert drag(page, files, ".library", "dragenter", "dragover") == [True, False]
    expect(page.locator(".drop")).to_be_visible()
    expect(page.locator(".drop")).to_have_text("Drop files here to read them")
    drag(page, files)
    expect(page.locator(".drop")).to_be_hidden()
    letter = wait_for(page, LETTER.name, "ready")
    passages = f"{len(load_statement(LETTER).passages)} passages"
    summary = f"PDF, 3 pages · {passages} · 14 October 2026"
    expect(letter.locator(".state")).to_have_text(summary)
    letter.get_by_role("button", name=f"Look first: {LETTER.name}").click()
    expect(page.locator(f"{PREVIEW} h2")).to_have_text(LETTER.name)
    expect(field(page, "Date")).to_have_value("2026-10-14")
    expect(page.locator(f"{PREVIEW} .field", has_text="Date")).to_contain_text("from the title")
    expect(page.locator(f"{PREVIEW} .passage").first).to_contain_text("Port Halden")
    expect(page.locator(f"{PREVIEW} .passage").nth(1)).to_contain_text("coastline.¹ p. 1")
    assert len(texts(page, f"{PREVIEW} details li")) == 6
    field(page, "Date").fill("2026-10-15")
    field(page, "Parties").fill("Japan, Chile")
    page.locator(PREVIEW).get_by_role("button", name="Keep").click()
    expect(page.locator(PREVIEW)).to_be_hidden()
    wait_for(page, LETTER.name, "added")
    expect(letter.locator(".state")).to_have_text("Added: Japan-Chile joint statement, 15 Oct 2026")
    facts = f"15 Oct 2026 · Japan, Chile · {passages}"
    expect(row(page, LETTER_ID).locator(".facts")).to_have_text(facts)
    expect(page.locator(COUNT)).to_contain_text("11 statements")
    ask(page, "How many people do rising seas threaten along the coastline?")
    expect(page.locator(".quote").first).to_contain_text("rising seas threaten 2.4 million people")
    expect(page.locator(".quote .cite").first).to_contain_text("p. 1")
    expect(page.locator(NAME)).to_have_text("Japan-Chile joint statement, 15 Oct 2026")
    page.locator(".back").click()
    expect(wait_for(page, "canal.txt", "ready")).to_be_visible()  # it still waits


def test_everything_can_be_done_with_keys(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "keys.txt"
    path.write_text(TEXT, "utf-8")
    expect(page.locator(BOX)).to_be_focused()  # as it is once the page has come wholly
    page.focus(".finder select")
    page.keyboard.press("Tab")
    expect(page.locator(ADD)).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    assert chooser.value.is_multiple()
    chooser.value.set_files(path)
    line = wait_for(page, "keys.txt", "ready")
    expect(page.locator(ADD)).to_be_focused()
    page.keyboard.press("Tab")  # to the row, and then to its buttons
    while line.get_by_role("button", name="Look first: keys.txt").evaluate(
        "e => e !== document.activeElement"
    ):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(PREVIEW)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(PREVIEW)).to_be_hidden()
    expect(line.get_by_role("button", name="Look first: keys.txt")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    wait_for(page, "keys.txt", "added")
    expect(line).to_be_focused()  # its button is gone
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(NAME)).to_have_text("Japan-Chile joint statement, 14 May 2024")
    expect(page.locator(".document")).to_be_focused()


def test_what_happens_is_said_to_screen_readers(page: Page) -> None:
    page.evaluate(
        """() => { window.said = []; new MutationObserver(() => window.said.push(
        document.querySelector(".spoken").textContent)).observe(
        document.querySelector(".spoken"), { childList: true }); }"""
    )
    drag(page, [("said.txt", TEXT.encode()), ("bad.txt", BAD)])
    wait_for(page, "bad.txt", "refused")
    wait_for(page, "said.txt", "ready").locator(".keep").click()
    wait_for(page, "said.txt", "added")
    said = [text for text in page.evaluate("window.said") if text]
    assert said == [
        "said.txt was read. Keep it, look first, or discard it.",
        "bad.txt cannot be added.",
        "said.txt was added.",
    ]
    expect(page.get_by_role("list", name="Files that are being added")).to_be_visible()


def test_a_file_that_is_being_read_is_cancelled(page: Page) -> None:
    drag(page, [("slow.pdf", slow_pdf()), ("next.txt", TEXT.encode())])
    line = wait_for(page, "slow.pdf", "reading")
    expect(line.get_by_role("progressbar", name="slow.pdf")).to_be_visible()
    wait_until(readers)
    line.get_by_role("button", name="Cancel: slow.pdf").click()
    expect(row_of(page, "slow.pdf")).to_have_count(0)
    expect(row_of(page, "next.txt")).to_be_focused()
    wait_for(page, "next.txt", "ready")
    wait_until(lambda: readers() == [])


def test_a_file_is_discarded_from_its_row_and_from_the_preview(page: Page, address: str) -> None:
    drag(page, [("a.txt", TEXT.encode()), ("b.txt", TEXT.encode())])
    wait_for(page, "b.txt", "ready")
    gone: list[str] = []
    page.on("request", lambda call: call.method == "DELETE" and gone.append(call.url))
    wait_for(page, "a.txt", "ready").get_by_role("button", name="Discard: a.txt").click()
    expect(row_of(page, "b.txt")).to_be_focused()
    row_of(page, "b.txt").locator(".look").click()
    page.locator(PREVIEW).get_by_role("button", name="Discard").click()
    expect(page.locator(PREVIEW)).to_be_hidden()
    expect(page.locator(".upload")).to_have_count(0)
    expect(page.locator(".uploads")).to_be_hidden()
    expect(page.locator(ADD)).to_be_focused()
    wait_until(lambda: len(gone) == 2 and all(httpx.get(url).status_code == 404 for url in gone))
    expect(page.locator(COUNT)).to_contain_text("10 statements")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"locale": "en-GB"}, "Cannot be added:"),
        ({"locale": "ja-JP"}, "追加できません："),
    ],
)
def test_a_file_that_is_refused_shows_its_line(page: Page, words: str) -> None:
    choose(page, DOCUMENTS / "pdf" / "encrypted.pdf")
    line = wait_for(page, "encrypted.pdf", "refused")
    reason = "is a PDF that a password protects; save it without the password"
    expect(line.locator(".state")).to_have_text(words + reason)
    expect(line.locator(".state span")).to_have_attribute("lang", "en")
    line.locator(".discard").click()
    expect(page.locator(".upload")).to_have_count(0)


def test_what_is_too_large_or_empty_is_not_sent(page: Page) -> None:
    sent: list[str] = []
    page.on("request", lambda call: call.method == "POST" and sent.append(call.url))
    page.evaluate(TOO_LARGE, 50_000_001)
    expect(wait_for(page, "large.pdf", "refused")).to_contain_text("Over 50 MB. Split it.")
    drag(page, [("empty.txt", b"")])
    expect(wait_for(page, "empty.txt", "refused")).to_contain_text("The file is empty.")
    assert not [url for url in sent if "uploads" in url]


@pytest.mark.skipif(not recognition.ocr_choices(), reason="no tesseract here")
def test_the_words_of_a_scan_are_recognised(page: Page) -> None:
    choose(page, DOCUMENTS / "pdf" / "scanned.pdf")
    line = wait_for(page, "scanned.pdf", "refused")
    expect(line.locator(".state")).to_contain_text("A scan: its pages are pictures.")
    line.get_by_role("combobox", name="Language of the scan").select_option("jpn")
    line.get_by_role("button", name="Recognise words: scanned.pdf").click()
    wait_for(page, "scanned.pdf", "ready")
    expect(line.locator(".state")).to_contain_text("words recognised (OCR)")
    expect(line.locator(".state")).to_contain_text("1 to note")
    line.locator(".look").click()
    expect(page.locator(f"{PREVIEW} .warnings")).to_contain_text("recognised in pictures")


def test_all_files_that_are_ready_are_kept_at_once(page: Page) -> None:
    second = TEXT.replace("canal", "bridge").encode()
    drag(page, [("a.txt", TEXT.encode()), ("b.txt", second), ("c.txt", BAD)])
    page.get_by_role("button", name="Keep all 2").click()
    for name in ("a.txt", "b.txt"):
        wait_for(page, name, "added")
    expect(page.locator(COUNT)).to_contain_text("12 statements")
    expect(page.locator(".keep-all")).to_be_hidden()


def test_a_copy_and_a_file_of_a_known_name_are_told(page: Page) -> None:
    drag(page, [("canal.txt", TEXT.encode())])
    wait_for(page, "canal.txt", "ready").locator(".keep").click()
    wait_for(page, "canal.txt", "added").locator(".discard").click()
    drag(page, [("copy.txt", TEXT.encode())])
    copy = wait_for(page, "copy.txt", "ready")
    name = "Japan-Chile joint statement, 14 May 2024"
    expect(copy.locator(".state")).to_contain_text(f"the same text is here already: {name}")
    expect(copy.locator(".keep")).to_be_hidden()
    copy.locator(".look").click()
    expect(page.locator(PREVIEW).get_by_role("button", name="Keep")).to_be_hidden()
    page.keyboard.press("Escape")
    copy.locator(".discard").click()
    newer = TEXT.replace("canal", "tunnel").encode()
    drag(page, [("canal.txt", newer)])
    line = wait_for(page, "canal.txt", "ready")
    expect(line.locator(".state")).to_contain_text(f"a file of this name was added before: {name}")
    expect(line.locator(".keep")).to_have_text("Keep both")
    line.locator(".replace").click()
    wait_for(page, "canal.txt", "added")
    expect(page.locator(COUNT)).to_contain_text("11 statements")
    open_statement(page, "canal")
    expect(page.locator(".document")).to_contain_text("agreed on a tunnel")


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_no_sign_of_a_file_acts_as_more_than_text(page: Page, number: int) -> None:
    words = HOSTILE[number].replace("\x7f", "")  # a character of binary files
    prose = "The ministers agreed on a canal, a bridge, a tunnel and a ferry.\n\n" * 100
    text = f"{prose}{words}\n\n- They agreed on this as well: {words}.\n"
    name = words.replace("/", "").replace("\n", " ")[:60] + ".txt"
    drag(page, [(name, text.encode())])
    line = page.locator(".upload")
    expect(line).to_have_attribute("data-state", "ready")
    line.locator(".look").click()
    field(page, "Title").fill(words.replace("\n", " "))
    page.locator(PREVIEW).get_by_role("button", name="Keep").click()
    expect(line).to_have_attribute("data-state", "added")
    line.locator(".visit").click()
    expect(page.locator(".document")).to_contain_text("They agreed on this as well")
    assert page.evaluate("[window.hit, document.querySelectorAll('h1').length]") == [None, 1]


def test_files_beside_the_list_change_nothing(page: Page) -> None:
    handled = drag(page, [("a.txt", TEXT.encode())], "#shutten-chat")
    assert handled == [True, False, False]  # or else the browser would open the file
    expect(page.locator(".upload")).to_have_count(0)
    open_measuring(page)  # its own target takes the files
    drag(page, [("a.txt", TEXT.encode())], "#shutten-trial")
    expect(page.locator(".upload")).to_have_count(0)


def test_files_dropped_on_an_open_statement_lead_to_the_list(page: Page) -> None:
    open_statement(page, IDS[0])
    drag(page, [("canal.txt", TEXT.encode())], ".reader .document")
    expect(page.locator(".library")).to_be_visible()
    expect(wait_for(page, "canal.txt", "ready")).to_be_visible()


def test_another_page_shows_the_change_with_the_next_answer(
    page: Page, browser: Browser, address: str
) -> None:
    with opened(browser, address, {"locale": "en-GB"}) as other:
        drag(page, [("canal.txt", TEXT.encode())])
        wait_for(page, "canal.txt", "ready").locator(".keep").click()
        wait_for(page, "canal.txt", "added")
        expect(other.locator(COUNT)).to_contain_text("10 statements")
        ask(other, "Who agreed on a canal?")
        other.locator("#shutten-statements").click()
        expect(other.locator(COUNT)).to_contain_text("11 statements")


def test_a_page_that_is_left_gives_its_room_back(page: Page, address: str) -> None:
    ids: list[str] = []
    page.on(
        "response",
        lambda reply: (
            reply.request.method == "POST" and ids.append(reply.json()["id"])
            if "/uploads?" in reply.url
            else None
        ),
    )
    drag(page, [("canal.txt", TEXT.encode())])
    wait_for(page, "canal.txt", "ready")
    assert httpx.get(f"{address}uploads/{ids[0]}").status_code == 200
    page.reload()
    wait_until(lambda: httpx.get(f"{address}uploads/{ids[0]}").status_code == 404)
    expect(page.locator(".library .statement").first).to_be_visible()
