"""Links lead to a passage, or ask a question again."""

from __future__ import annotations

import re

import pytest
from pages import CLIPBOARD, ENGLISH, IN_VIEW, JAPANESE, ask, opened, texts
from playwright.sync_api import Browser, Page, expect


@pytest.mark.parametrize("options", [{"permissions": CLIPBOARD}])
def test_a_link_to_a_passage_leads_there(page: Page, browser: Browser, address: str) -> None:
    passage = page.locator(".passage.bullet").nth(4)
    text = passage.locator(".body").text_content()
    passage.hover()
    passage.locator(".anchor").click()
    expect(page.locator(".anchor.done")).to_have_count(1)
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(rf"{address}\?s=jucip-2023-05-26\.ja#passage-\w+-\d+-\d+-.+", link)
    with opened(browser, link, {"locale": "ja-JP"}, address) as other_page:
        other_page.wait_for_selector(".near")
        assert "".join(texts(other_page, ".near")) == text
        other_page.wait_for_function(IN_VIEW)


def test_the_address_asks_the_question_again(page: Page, browser: Browser, address: str) -> None:
    ask(page, JAPANESE)
    page.wait_for_function("location.search.startsWith('?q=')")
    with opened(browser, page.url, {"locale": "en-GB"}, address) as other_page:
        answers = other_page.locator(".answer")
        expect(answers).to_have_count(1)
        assert texts(other_page, ".asked") == [JAPANESE]
        assert texts(other_page, "blockquote") == texts(page, "blockquote")
        other_page.reload()
        expect(answers).to_have_count(1)
        # Earlier questions stay.
        other_page.goto(f"{address}?q={ENGLISH}")
        expect(answers).to_have_count(2)
        assert texts(other_page, ".asked") == [JAPANESE, ENGLISH]


def test_a_link_that_was_cut_off_leads_to_the_statement(browser: Browser, address: str) -> None:
    link = f"{address}#passage-ab-1-2-%E5%8"
    with opened(browser, link, {"locale": "ja-JP"}, address) as page:
        expect(page.locator(".near")).to_have_count(0)
        ask(page, JAPANESE)
