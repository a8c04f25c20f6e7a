"""A conversation can be cleared, and the last cleared one can be restored."""

from __future__ import annotations

from assistants import MatchingAssistant
from pages import ask, send, texts, wait_for_statement
from playwright.sync_api import Locator, Page, expect


def click_clear(page: Page) -> None:
    page.get_by_role("button", name="Clear").click()


def undo_button(page: Page) -> Locator:
    return page.get_by_role("button", name="Undo")


def test_a_cleared_conversation_can_be_restored(page: Page) -> None:
    for question in ("missile", "whale"):
        ask(page, question)
    before, address = texts(page, "#shutten-turns .answer"), page.url
    undo = undo_button(page)
    expect(undo).to_be_hidden()
    click_clear(page)
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator("#shutten-notice .ui-en")).to_have_text("The conversation was cleared.")
    undo.click()
    expect(page.locator(".answer")).to_have_count(2)
    assert texts(page, "#shutten-turns .answer") == before
    assert texts(page, ".asked") == ["missile", "whale"]
    expect(undo).to_be_hidden()
    expect(page.locator("#shutten-notice p")).to_have_count(0)
    page.wait_for_timeout(300)
    assert page.url == address
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)


def test_a_new_question_ends_the_offer_to_restore(page: Page) -> None:
    ask(page, "missile")
    click_clear(page)
    undo = undo_button(page)
    expect(undo).to_be_visible()
    ask(page, "trade")
    expect(undo).to_be_hidden()
    # The conversation that was cleared last is restored.
    click_clear(page)
    undo.click()
    expect(page.locator(".answer")).to_have_count(1)
    assert texts(page, ".asked") == ["trade"]


def test_a_reload_does_not_restore_a_cleared_conversation(page: Page) -> None:
    ask(page, "missile")
    expect(page.locator(".quoted")).to_have_count(1)
    click_clear(page)
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator(".quoted")).to_have_count(0)
    page.wait_for_timeout(300)
    page.reload()
    wait_for_statement(page)
    page.wait_for_timeout(300)
    expect(page.locator(".answer")).to_have_count(0)


def test_clearing_stops_the_question_that_is_being_answered(
    page: Page, assistant: MatchingAssistant
) -> None:
    ask(page, "missile")
    assistant.hold()
    send(page, "trade")
    expect(page.locator(".asked")).to_have_count(2)
    click_clear(page)
    expect(page.locator(".asked")).to_have_count(0)
    assistant.release_all()
    page.wait_for_timeout(1500)
    expect(page.locator(".asked")).to_have_count(0)
    page.reload()
    wait_for_statement(page)
    page.wait_for_timeout(1000)
    expect(page.locator(".asked")).to_have_count(0)
