"""While a question is answered the page says so, and the next one can wait for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pages import BOX, ask, texts
from playwright.sync_api import Page, expect
from shelves import FAILING, Books, served, statement

WORKING = "#shutten-working p"
SEND = "#shutten-box .submit-button"


@pytest.fixture
def books() -> Books:
    return Books(statement("a", "We will limit missile tests.\n\nWe agreed on trade.\n"))


@pytest.fixture
def address(books: Books) -> Iterator[str]:
    with served(books) as address:
        yield address


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "en-GB"}


def begin(page: Page, books: Books, question: str) -> None:
    """Ask, while no answer comes."""
    ask(page, "trade")
    books.hold()
    page.fill(BOX, question)
    page.press(BOX, "Enter")
    expect(page.locator(".asked")).to_have_count(2)
    expect(page.locator(WORKING)).to_have_text("Looking through the statements …")


def test_a_long_wait_is_said_quietly_and_the_button_says_what_it_does(
    page: Page, books: Books
) -> None:
    assert page.locator(WORKING).get_attribute("role") == "status"  # polite
    begin(page, books, "missile")
    expect(page.locator(SEND)).to_have_attribute(
        "title", "Send after the answer that is being looked for"
    )
    moving = f"getComputedStyle(document.querySelector('{WORKING}'), '::before').animationName"
    assert page.evaluate(moving) == "shutten-breathe"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == "none"
    books.free()
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator(WORKING)).to_have_text("")
    expect(page.locator(SEND)).to_have_attribute("title", "Send the question")


@pytest.mark.parametrize("how", ["Enter", "button"])
def test_the_next_question_waits_and_is_then_sent(page: Page, books: Books, how: str) -> None:
    begin(page, books, "missile")
    page.fill(BOX, "agreed")
    if how == "Enter":
        page.press(BOX, "Enter")
    else:
        page.click(SEND)
    expect(page.locator(WORKING)).to_contain_text("Your next question is sent")
    page.focus(BOX)
    page.keyboard.press("End")
    page.keyboard.type(" on")  # it may still be changed
    assert [question for question, _ in books.calls] == ["trade", "missile"]
    books.free()
    expect(page.locator(".answer")).to_have_count(3)
    assert texts(page, ".asked") == ["trade", "missile", "agreed on"]
    assert books.calls[-1] == ("agreed on", ["trade", "missile"])
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator(WORKING)).to_have_text("")


def test_what_waits_can_be_taken_back(page: Page, books: Books) -> None:
    begin(page, books, "missile")
    page.fill(BOX, "agreed")
    page.press(BOX, "Enter")
    expect(page.locator(WORKING)).to_contain_text("Your next question is sent")
    page.press(BOX, "Escape")
    expect(page.locator(WORKING)).to_have_text("Looking through the statements …")
    books.free()
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator(BOX)).to_have_value("agreed")
    assert [question for question, _ in books.calls] == ["trade", "missile"]


def test_a_question_that_fails_leaves_what_waits_in_the_box(page: Page, books: Books) -> None:
    begin(page, books, FAILING)
    page.fill(BOX, "missile")
    page.press(BOX, "Enter")
    expect(page.locator(WORKING)).to_contain_text("Your next question is sent")
    books.free()
    expect(page.locator("#shutten-notice")).to_contain_text("this one fails")
    expect(page.locator(BOX)).to_have_value("missile")
    expect(page.locator(".asked")).to_have_count(1)
    page.press(BOX, "Enter")
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator("#shutten-notice p")).to_have_count(0)
