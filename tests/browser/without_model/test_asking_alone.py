"""A follow-up can be asked again alone, without the questions before it."""

from __future__ import annotations

import pytest
from assistants import MatchingAssistant
from pages import ask, opened, texts
from playwright.sync_api import Browser, Page, expect
from statements import statement_from

from corpus.records import Statement

TEXT = (
    "We will limit missile tests.\n\nRange safety is another matter.\n\nWe also agreed on trade.\n"
)


@pytest.fixture
def statements() -> list[Statement]:
    return [statement_from(TEXT, "a", title="A", language="en")]


def click_alone(page: Page, number: int) -> None:
    page.locator(".answer").nth(number).locator('button[value="alone"]').click()


def test_the_last_question_is_answered_alone_in_its_place(
    page: Page, assistant: MatchingAssistant, browser: Browser, address: str
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
    assert assistant.calls[-2:] == [("And trade", ["missile"]), ("And trade", [])]
    # The address asks the question alone, too.
    page.wait_for_function("new URLSearchParams(location.search).get('q') === 'And trade'")
    with opened(browser, page.url, {"locale": "en-GB"}, address) as other_page:
        expect(other_page.locator(".answer blockquote")).to_have_text("We also agreed on trade.")
    assert assistant.calls[-1] == ("And trade", [])


def test_a_reload_asks_it_alone_again(page: Page, assistant: MatchingAssistant) -> None:
    ask(page, "missile")
    ask(page, "And trade")
    click_alone(page, 1)
    expect(page.locator(".answer").last).to_contain_text("Asked on its own")
    page.wait_for_function("shutten.chat.kept().at(-1).alone")
    before = texts(page, ".answer")
    assistant.calls.clear()
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)
    assert texts(page, ".answer") == before
    assert sorted(assistant.calls) == [("And trade", []), ("missile", [])]
    # A follow-up is understood with this question, and not with those before it.
    ask(page, "And range")
    assert assistant.calls[-1] == ("And range", ["And trade"])


def test_an_earlier_question_is_asked_alone_as_a_new_turn(
    page: Page, assistant: MatchingAssistant
) -> None:
    for question in ("missile", "And trade", "Range"):
        ask(page, question)
    click_alone(page, 1)
    expect(page.locator(".answer")).to_have_count(4)
    assert texts(page, ".asked") == ["missile", "And trade", "Range", "And trade"]
    expect(page.locator(".answer").last).to_contain_text("Asked on its own")
    expect(page.locator(".answer").nth(1)).to_contain_text("Understood as")
    assert assistant.calls[-1] == ("And trade", [])
