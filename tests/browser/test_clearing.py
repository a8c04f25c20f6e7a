"""Clearing the conversation, and having it again."""

from __future__ import annotations

import re

from pages import ENGLISH, JAPANESE, UNANSWERABLE, ask, texts
from playwright.sync_api import Page, expect

CLEAR = re.compile("Clear|消去")


def test_what_was_cleared_can_be_had_again(page: Page) -> None:
    for question in (JAPANESE, UNANSWERABLE):
        ask(page, question)
    before, address = texts(page, "#shutten-turns .answer"), page.url
    undo = page.get_by_role("button", name="元に戻す")
    expect(undo).to_be_hidden()
    page.get_by_role("button", name=CLEAR).click()
    expect(page.locator(".answer")).to_have_count(0)
    expect(page.locator("#shutten-notice .ui-ja")).to_have_text("会話を消去しました。")
    undo.click()
    expect(page.locator(".answer")).to_have_count(2)
    assert texts(page, "#shutten-turns .answer") == before
    assert texts(page, ".asked") == [JAPANESE, UNANSWERABLE]
    expect(undo).to_be_hidden()
    expect(page.locator("#shutten-notice p")).to_have_count(0)
    page.wait_for_timeout(300)
    assert page.url == address
    page.reload()
    expect(page.locator(".answer")).to_have_count(2)


def test_a_new_question_ends_the_offer(page: Page) -> None:
    ask(page, JAPANESE)
    page.get_by_role("button", name=CLEAR).click()
    undo = page.get_by_role("button", name="元に戻す")
    expect(undo).to_be_visible()
    ask(page, ENGLISH)
    expect(undo).to_be_hidden()
    # Cleared again, it is the last conversation that comes back.
    page.get_by_role("button", name=CLEAR).click()
    undo.click()
    expect(page.locator(".answer")).to_have_count(1)
    assert texts(page, ".asked") == [ENGLISH]
