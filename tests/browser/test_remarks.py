"""A better sentence is looked for in the statement that the answer is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import ask, opened
from playwright.sync_api import Browser, Page, expect
from shelves import Books, served, statement

from qa.feedback import Feedback

NAME = "#shutten-source select.name"


@pytest.fixture
def books(tmp_path: Path) -> Books:
    books = Books(
        statement("a", "Ada speaks. Ada goes on.", title="Ada"),
        statement("b", "Bede speaks. Bede goes on.", title="Bede"),
    )
    books.home = tmp_path
    return books


@pytest.fixture
def address(books: Books) -> Iterator[str]:
    with served(books) as address:
        yield address


@pytest.fixture
def options() -> dict[str, object]:
    return {"locale": "en-GB"}


def better(page: Page, number: int) -> None:
    page.locator(".answer").nth(number).locator('button[value="better"]').click()


def test_the_statement_of_that_answer_is_shown_first(page: Page, books: Books) -> None:
    ask(page, "Ada speaks")
    ask(page, "Bede speaks")
    expect(page.locator(NAME)).to_have_value("b")
    better(page, 0)
    expect(page.locator(NAME)).to_have_value("a")
    expect(page.locator(".quoted")).to_have_text("Ada speaks.")
    page.locator(".document .sentence", has_text="Ada goes on").click()
    expect(page.locator(".answer").first.locator(".remarks")).to_contain_text("Thank you")
    (kept,) = Feedback(books.home, books.statement).questions()
    assert (kept["question"], kept["gold"]) == ("Ada speaks", ["Ada goes on."])


def test_a_sentence_of_a_statement_that_the_reader_chose_counts(page: Page, books: Books) -> None:
    ask(page, "Ada speaks")
    better(page, 0)
    page.select_option(NAME, "b")
    page.locator(".document .sentence", has_text="Bede goes on").click()
    expect(page.locator(".remarks")).to_contain_text("Thank you")
    (kept,) = Feedback(books.home, books.statement).questions()
    assert kept["gold"] == ["Bede goes on."]


@pytest.mark.parametrize("options", [{"locale": "en-GB", "has_touch": True}])
def test_the_looking_can_be_given_up_without_a_keyboard(page: Page, books: Books) -> None:
    ask(page, "Ada speaks")
    better(page, 0)
    expect(page.locator(".hint")).to_contain_text("Choose the sentence")
    page.get_by_role("button", name="Cancel").tap()
    expect(page.locator(".hint")).to_have_text("")
    expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
    expect(page.locator('button[value="better"]')).to_be_focused()
    page.locator(".document .sentence").last.tap()
    expect(page.locator(".sentence[role]")).to_have_count(0)
    assert Feedback(books.home, books.statement).remarks() == []


def test_the_next_question_ends_the_looking(page: Page, books: Books) -> None:
    ask(page, "Ada speaks")
    better(page, 0)
    expect(page.locator(".hint")).to_contain_text("Choose the sentence")
    ask(page, "Bede speaks")
    expect(page.locator(NAME)).to_have_value("b")
    expect(page.locator(".hint")).to_have_text("")
    expect(page.locator("body.picking")).to_have_count(0)
    page.locator(".document .sentence").last.click()
    expect(page.locator(".remarks").first).to_contain_text("Another sentence")
    assert Feedback(books.home, books.statement).remarks() == []


def test_a_remark_that_failed_can_be_sent_again(
    browser: Browser, address: str, books: Books
) -> None:
    failed = ("Failed to load resource",)
    with opened(browser, address, {"locale": "en-GB"}, leaving=failed) as page:
        ask(page, "Ada speaks")
        page.route("**/feedback", lambda route: route.abort())
        page.locator('button[value="good"]').click()
        line = page.locator(".remarks")
        expect(line).to_contain_text("could not be reached")
        page.unroute("**/feedback")
        line.get_by_role("button", name="Try again").click()
        expect(line).to_contain_text("Thank you")
        expect(line.get_by_role("button")).to_have_count(0)
    (kept,) = Feedback(books.home, books.statement).questions()
    assert kept["gold"] == ["Ada speaks."]


def test_a_question_asked_alone_is_kept_without_those_before_it(page: Page, books: Books) -> None:
    ask(page, "Ada speaks")
    ask(page, "And Bede")
    page.locator('button[value="alone"]').click()
    expect(page.locator(".answer").last).to_contain_text("Asked on its own")
    page.wait_for_function("shutten.chat.kept().at(-1).alone")
    page.locator(".answer").last.locator('button[value="good"]').click()
    expect(page.locator(".answer").last.locator(".remarks")).to_contain_text("Thank you")
    (kept,) = Feedback(books.home, books.statement).questions()
    assert (kept["question"], kept.get("history", [])) == ("And Bede", [])
