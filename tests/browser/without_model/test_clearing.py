"""A conversation can be cleared, and the last cleared one can be restored."""

from __future__ import annotations

import pytest
from assistants import MatchingAssistant
from pages import BOX, ask, send, texts, wait_for_statement
from playwright.sync_api import Locator, Page, Route, expect

from web.page.chat.event_order import EventOrder


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


def hold_next_event(page: Page) -> list[Route]:
    """Hold back the next request of the page, and return the list that will contain it."""
    held: list[Route] = []

    def hold_or_pass(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/gradio_api/queue/join*", hold_or_pass)
    return held


@pytest.mark.parametrize("late", [False, True], ids=["soon", "late"])
def test_clearing_stops_the_question_that_is_being_answered(
    page: Page, assistant: MatchingAssistant, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    if late:  # the server finds the answer outdated only after it was sent
        monkeypatch.setattr(EventOrder, "is_outdated", lambda *_: False)
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


def test_a_question_that_reaches_the_server_after_the_clearing_is_not_shown(page: Page) -> None:
    ask(page, "missile")
    held = hold_next_event(page)
    send(page, "trade")
    page.wait_for_function("shutten.chat.state().event === 2")
    click_clear(page)
    expect(page.locator(".asked")).to_have_count(0)
    held[0].continue_()
    page.wait_for_timeout(1500)
    expect(page.locator(".asked")).to_have_count(0)


def test_a_question_that_reaches_the_server_before_the_clearing_begins_a_conversation(
    page: Page, assistant: MatchingAssistant
) -> None:
    ask(page, "missile")
    held = hold_next_event(page)
    click_clear(page)
    page.wait_for_function("shutten.chat.state().event === 2")
    send(page, "trade")
    expect(page.locator(".asked")).to_have_text(["trade"])
    expect(page.locator(".answer")).to_have_count(1)
    assert assistant.calls[-1] == ("trade", [])
    held[0].continue_()
    page.wait_for_timeout(1500)
    expect(page.locator(".answer")).to_have_count(1)
    assert texts(page, ".asked") == ["trade"]


def test_a_question_after_the_clearing_waits_for_the_one_that_is_being_answered(
    page: Page, assistant: MatchingAssistant
) -> None:
    ask(page, "missile")
    assistant.hold()
    send(page, "trade")
    expect(page.locator(".asked")).to_have_count(2)
    send(page, "whale")  # waits, and is cleared, too
    click_clear(page)
    expect(page.locator(".asked")).to_have_count(0)
    expect(page.locator(BOX)).to_have_value("")
    send(page, "agreed")
    expect(page.locator("#shutten-working p")).to_contain_text("Your next question is sent")
    assistant.release_all()
    expect(page.locator(".answer")).to_have_count(1)
    assert texts(page, ".asked") == ["agreed"]
    assert assistant.calls[-1] == ("agreed", [])
