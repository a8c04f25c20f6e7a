"""Correcting the facts of a statement in the page, and removing it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from adding_pages import ADD, drag, field, wait_for
from libraries import IDS
from pages import FAILED_REQUESTS, NAME, ask, open_statement, opened, row
from playwright.sync_api import Browser, Page, expect
from serving import served
from uploading import TEXT

from qa.assistant import Assistant

FORM = "dialog.correction"
COUNT = ".library > .count"
CANAL = "Japan-Chile joint statement, 14 May 2024"


@pytest.fixture
def address(adding_address: str) -> str:
    return adding_address


@pytest.fixture
def page(browser: Browser, address: str, options: dict[str, object]) -> Iterator[Page]:
    with opened(browser, address, options, expected=FAILED_REQUESTS) as page:
        yield page


@pytest.fixture
def canal(page: Page) -> Page:
    """The page with a statement that was added, which is open."""
    drag(page, [("canal.txt", TEXT.encode())])
    wait_for(page, "canal.txt", "ready").locator(".keep").click()
    wait_for(page, "canal.txt", "added").locator(".visit").click()
    expect(page.locator(NAME)).to_have_text(CANAL)
    return page


def test_facts_are_corrected_and_what_is_wrong_is_said_at_its_field(
    canal: Page, address: str
) -> None:
    canal.get_by_role("button", name="Correct facts").click()
    expect(canal.locator(f"{FORM} h2")).to_have_text(CANAL)
    expect(field(canal, "Title", FORM)).to_be_focused()
    expect(field(canal, "Parties", FORM)).to_have_value("Japan, Chile")
    field(canal, "Parties", FORM).fill("Japan, Atlantis")
    canal.locator(FORM).get_by_role("button", name="Save").click()
    parties = field(canal, "Parties", FORM)
    expect(parties).to_be_focused()
    expect(parties).to_have_attribute("aria-invalid", "true")
    expect(parties).to_have_accessible_description(
        "from the title · names or codes, with commas between them A name is not known. Write the "
        "names or codes of countries, or acronyms such as ASEAN."
    )
    parties.fill("日本, Peru")
    expect(parties).not_to_have_attribute("aria-invalid", "true")
    field(canal, "Address of the issuer’s page", FORM).fill("https://canal.example/")
    parties.press("Enter")
    expect(canal.locator(FORM)).to_be_hidden()
    expect(canal.locator(NAME)).to_have_text("Japan-Peru joint statement, 14 May 2024")
    expect(canal.locator(".about .url a")).to_have_attribute("href", "https://canal.example/")
    expect(canal.locator(".edit .correct")).to_be_focused()
    about = httpx.get(f"{address}statement", params={"id": "canal"}).json()["about"]
    assert about["parties"] == ["JP", "PE"]
    assert about["origins"]["parties"] == "hand"
    canal.locator(".back").click()
    expect(row(canal, "canal").locator(".facts")).to_contain_text("Japan, Peru")


def test_a_correction_that_is_given_up_changes_nothing(canal: Page) -> None:
    sent: list[str] = []
    canal.on("request", lambda call: call.method == "PATCH" and sent.append(call.url))
    for end in ("Escape", "Cancel", "Save"):
        canal.locator(".edit .correct").click()
        expect(canal.locator(FORM)).to_be_visible()
        if end == "Escape":
            field(canal, "Status", FORM).fill("draft")
            canal.keyboard.press("Escape")
        else:  # to save what was not changed changes nothing, either
            canal.locator(FORM).get_by_role("button", name=end).click()
        expect(canal.locator(FORM)).to_be_hidden()
        expect(canal.locator(".edit .correct")).to_be_focused()
    assert sent == []


def test_a_statement_is_removed_after_one_more_question(canal: Page, address: str) -> None:
    canal.get_by_role("button", name="Remove", exact=True).click()
    dialog = canal.get_by_role("dialog", name=f"Remove “{CANAL}”?")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert "canal" in canal.evaluate("shutten.statement.shown()")
    canal.get_by_role("button", name="Remove", exact=True).click()
    dialog.get_by_role("button", name="Remove").click()
    expect(canal.locator(".library")).to_be_visible()
    expect(canal.locator(COUNT)).to_contain_text("10 statements")
    expect(row(canal, "canal")).to_have_count(0)
    expect(canal.locator(".spoken")).to_have_text(f"Removed: {CANAL}")
    assert httpx.get(f"{address}statement", params={"id": "canal"}).status_code == 404
    assert canal.evaluate("document.activeElement.closest('.library') !== null")
    ask(canal, "Where will icebreakers be built?")
    expect(canal.locator(NAME)).to_have_text("U.S.-Finland joint statement, 4 May 2023")


def test_a_statement_that_another_page_removed_is_told(
    canal: Page, browser: Browser, address: str
) -> None:
    with opened(
        browser, f"{address}?s=canal", {"locale": "en-GB"}, address, FAILED_REQUESTS
    ) as old:
        expect(old.locator(NAME)).to_have_text(CANAL)
        httpx.delete(f"{address}statements/canal", timeout=60)
        old.locator(".edit .correct").click()
        expect(old.locator(".spoken")).to_have_text("there is no such statement here")
        old.locator(".edit .remove").click()
        old.locator("dialog.removal .main").click()
        expect(old.locator(".library")).to_be_visible()
        expect(old.locator(COUNT)).to_contain_text("10 statements")


def test_without_permission_there_is_no_button(browser: Browser, library_address: str) -> None:
    with opened(browser, library_address, {"locale": "en-GB"}) as page:
        expect(page.locator(".library .statement")).to_have_count(10)
        expect(page.locator(ADD)).to_have_count(0)
        open_statement(page, IDS[0])
        expect(page.locator(".about")).to_be_visible()
        expect(page.locator(".edit")).to_have_count(0)
        # The browser does with a file what it always does.
        assert drag(page, [("a.txt", TEXT.encode())], ".reader") == [True, True, True]


def test_a_library_of_one_statement_grows_and_shrinks(browser: Browser, tmp_path: Path) -> None:
    options = {"locale": "en-GB"}
    assistant = Assistant.open(tmp_path / "home")
    with (
        served(assistant, uploads=True) as address,
        opened(browser, address, options, expected=FAILED_REQUESTS) as page,
    ):
        expect(page.locator(NAME)).to_have_text("Japan-U.S. joint statement, 26 May 2023")
        expect(page.locator(".ask-this")).to_be_hidden()
        page.locator("#shutten-statements").click()
        expect(page.locator(COUNT)).to_have_text("1 statement. Click its title to read it.")
        expect(page.locator(".library .tick")).to_be_hidden()
        drag(page, [("canal.txt", TEXT.encode())])
        wait_for(page, "canal.txt", "ready").locator(".keep").click()
        wait_for(page, "canal.txt", "added")
        expect(page.locator(COUNT)).to_contain_text("2 statements")
        expect(page.locator(".library .tick").first).to_be_visible()
        for name in ("canal", "jucip-2023-05-26.ja"):
            open_statement(page, name)
            page.locator(".edit .remove").click()
            page.locator("dialog.removal .main").click()
            expect(row(page, name)).to_have_count(0)
        expect(page.locator(COUNT)).to_have_text("There is no statement here yet.")
        page.locator(".upload .discard").click()
        drag(page, [("canal.txt", TEXT.encode())])
        wait_for(page, "canal.txt", "ready").locator(".keep").click()
        wait_for(page, "canal.txt", "added")
        ask(page, "Who agreed on a canal?")
        expect(page.locator(".answer")).to_contain_text("agreed on a canal")
