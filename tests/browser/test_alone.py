"""A follow-up that was understood by the questions before it can be asked on its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pages import ask, opened, texts
from playwright.sync_api import Browser, Page, expect
from shelves import Books, served, statement

TEXT = (
    "We will limit missile tests.\n\nRange safety is another matter.\n\nWe also agreed on trade.\n"
)


@pytest.fixture
def books() -> Books:
    return Books(statement("a", TEXT, title="A", language="en"))


@pytest.fixture
def address(books: Books) -> Iterator[str]:
    with served(books) as address:
        yield address


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "en-GB"}


def click_alone(page: Page, number: int) -> None:
    page.locator(".answer").nth(number).locator('button[value="alone"]').click()


def test_the_last_question_is_answered_alone_where_it_stands(
    page: Page, books: Books, browser: Browser, address: str
) -> None:
    ask(page, "missile")
    ask(page, "And trade")
    expect(page.locator(".answer").last).to_contain_text("Understood as: missile And trade")
    assert texts(page, "blockquote") == ["We will limit missile tests."] * 2
    click_alone(page, 1)
    last = page.locator(".answer").last
    expect(last).to_contain_text("Asked on its own")
    expect(last.locator("blockquote")).to_have_text("We also agreed on trade.")
    expect(last.locator('button[value="alone"]')).to_have_count(0)
    assert texts(page, ".asked") == ["missile", "And trade"]
    assert books.calls[-2:] == [("And trade", ["missile"]), ("And trade", [])]
    # The address asks it as it was asked.
    page.wait_for_function("new URLSearchParams(location.search).get('q') === 'And trade'")
    with opened(browser, page.url, {"locale": "en-GB"}, address) as other:
        expect(other.locator(".answer blockquote")).to_have_text("We also agreed on trade.")
    assert books.calls[-1] == ("And trade", [])


def test_after_a_reload_it_is_still_asked_alone(page: Page, books: Books) -> None:
    ask(page, "missile")
    ask(page, "And trade")
    click_alone(page, 1)
    expect(page.locator(".answer").last).to_contain_text("Asked on its own")
    page.wait_for_function("shutten.chat.kept().at(-1).alone")
    before = texts(page, ".answer")
    books.calls.clear()
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)
    assert texts(page, ".answer") == before
    assert sorted(books.calls) == [("And trade", []), ("missile", [])]
    # What follows leans on it, and not on what was asked before it.
    ask(page, "And range")
    assert books.calls[-1] == ("And range", ["And trade"])


def test_an_earlier_question_comes_again_as_the_newest(page: Page, books: Books) -> None:
    for question in ("missile", "And trade", "Range"):
        ask(page, question)
    click_alone(page, 1)
    expect(page.locator(".answer")).to_have_count(4)
    assert texts(page, ".asked") == ["missile", "And trade", "Range", "And trade"]
    expect(page.locator(".answer").last).to_contain_text("Asked on its own")
    expect(page.locator(".answer").nth(1)).to_contain_text("Understood as")
    assert books.calls[-1] == ("And trade", [])
