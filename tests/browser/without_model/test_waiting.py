"""While a question is being answered the page says so, and the next question can wait."""

from __future__ import annotations

import pytest
from assistants import FAILING, MatchingAssistant
from pages import BOX, NOTICE, ask, send, texts
from playwright.sync_api import Page, expect

WORKING = "#shutten-working p"
SEND = "#shutten-box .submit-button"


def ask_without_answer(page: Page, assistant: MatchingAssistant, question: str) -> None:
    """Ask a second question whose answer does not come until it is released."""
    ask(page, "trade")
    assistant.hold()
    send(page, question)
    expect(page.locator(".asked")).to_have_count(2)
    expect(page.locator(WORKING)).to_have_text("Looking through the statements …")


def queue(page: Page, question: str) -> None:
    """Send a question that has to wait for the answer to another one."""
    send(page, question)
    expect(page.locator(WORKING)).to_contain_text("Your next question is sent")


def questions_to(assistant: MatchingAssistant) -> list[str]:
    return [question for question, _ in assistant.calls]


def test_a_wait_is_announced_politely_and_the_button_says_what_it_does(
    page: Page, assistant: MatchingAssistant
) -> None:
    assert page.locator(WORKING).get_attribute("role") == "status"
    ask_without_answer(page, assistant, "missile")
    expect(page.locator(SEND)).to_have_attribute(
        "title", "Send after the answer that is being looked for"
    )
    animation = f"getComputedStyle(document.querySelector('{WORKING}'), '::before').animationName"
    assert page.evaluate(animation) == "shutten-breathe"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(animation) == "none"
    assistant.release_all()
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator(WORKING)).to_have_text("")
    expect(page.locator(SEND)).to_have_attribute("title", "Send the question")


@pytest.mark.parametrize("by", ["Enter", "button"])
def test_the_next_question_waits_and_may_be_changed_until_it_is_sent(
    page: Page, assistant: MatchingAssistant, by: str
) -> None:
    ask_without_answer(page, assistant, "missile")
    page.fill(BOX, "agreed")
    if by == "Enter":
        page.press(BOX, "Enter")
    else:
        page.click(SEND)
    expect(page.locator(WORKING)).to_contain_text("Your next question is sent")
    page.focus(BOX)
    page.keyboard.press("End")
    page.keyboard.type(" on")
    assert questions_to(assistant) == ["trade", "missile"]
    assistant.release_all()
    expect(page.locator(".answer")).to_have_count(3)
    assert texts(page, ".asked") == ["trade", "missile", "agreed on"]
    assert assistant.calls[-1] == ("agreed on", ["trade", "missile"])
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator(WORKING)).to_have_text("")


def test_escape_takes_a_waiting_question_back(page: Page, assistant: MatchingAssistant) -> None:
    ask_without_answer(page, assistant, "missile")
    queue(page, "agreed")
    page.press(BOX, "Escape")
    expect(page.locator(WORKING)).to_have_text("Looking through the statements …")
    assistant.release_all()
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator(BOX)).to_have_value("agreed")
    assert questions_to(assistant) == ["trade", "missile"]


def test_a_question_that_fails_leaves_the_waiting_one_in_the_box(
    page: Page, assistant: MatchingAssistant
) -> None:
    ask_without_answer(page, assistant, FAILING)
    queue(page, "missile")
    assistant.release_all()
    expect(page.locator("#shutten-notice")).to_contain_text("this one fails")
    expect(page.locator(BOX)).to_have_value("missile")
    expect(page.locator(".asked")).to_have_count(1)
    page.press(BOX, "Enter")
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator(NOTICE)).to_have_count(0)
