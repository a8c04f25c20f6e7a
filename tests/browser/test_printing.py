"""The page on paper: the conversation, and not the statement."""

from __future__ import annotations

import re

from pages import BOX, JAPANESE, UNANSWERABLE, Shelf, ask, opened, served, texts
from playwright.sync_api import Browser, Page, expect

from corpus.records import Provenance


def sheets(page: Page) -> int:
    """How many pages of A4 it takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


def test_one_answer_is_one_sheet(page: Page) -> None:
    ask(page, JAPANESE)
    page.wait_for_timeout(900)
    assert sheets(page) == 1
    page.emulate_media(media="print")
    for kept in (".asked", "blockquote", ".cite a", ".about .facts"):
        expect(page.locator(kept).first).to_be_visible()
    for left in (BOX, ".document", ".remarks", ".cite button", "#shutten-exports", "[role='tab']"):
        expect(page.locator(left).first).to_be_hidden()


def test_a_conversation_is_printed_whole(page: Page) -> None:
    for question in (JAPANESE, UNANSWERABLE, "輸出管理ではどのような協力をしますか"):
        ask(page, question)
    assert 1 <= sheets(page) <= 4
    page.emulate_media(media="print")
    # No part of it scrolls, so that none is cut off.
    cut = """() => [...document.querySelectorAll(".answer, .asked")].flatMap(e => {
      const found = [];
      for (let up = e.parentElement; up; up = up.parentElement) {
        const clips = getComputedStyle(up).overflowY !== "visible";
        if (clips && up.scrollHeight > up.clientHeight + 1 && up !== document.documentElement
          && up !== document.body) found.push(up.className);
      }
      return found;
    })"""
    assert page.evaluate(cut) == []
    assert len(texts(page, ".asked")) == 3


def test_a_long_statement_is_left_out(browser: Browser) -> None:
    text = "The Ministers met.\n\n" + "".join(f"- They agreed on item {n}.\n" for n in range(1500))
    with (
        served(Shelf(text, Provenance(title="Statement"), 3)) as address,
        opened(browser, address, {"locale": "en-GB"}) as page,
    ):
        ask(page, "What was agreed?")
        assert len(texts(page, "blockquote")) == 3
        assert sheets(page) == 1
